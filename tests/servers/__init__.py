"""Real mail servers in a temporary folder, for the tests and for quickstart.

Everything listens on 127.0.0.1 on free ports, keeps its files in one temporary
folder, and is gone when that folder's World is closed. Only Debian packages
and Python's standard library are used:

  process       programs in process groups of their own, waiting with deadlines
  certificates  a test CA by openssl, good, wrong-named and expired certificates
  dovecot       IMAP, IMAPS, LMTP and SASL
  postfix       submission, smtps; hands every mail to Dovecot
  smtp_small    what stands in for Postfix where we are not root
  smtp_script   an SMTP server that fails as it is told
  microsoft     tenant discovery and the consent page
  letters       writing test mails, delivering and reading them
  desk          the program under test: configuration, run, command line
  world         all of it together
"""
