"""A throw-away Postfix instance on loopback: submission with STARTTLS and AUTH
(passwords are Dovecot's), and smtps. Nothing leaves this machine: every mail is
handed to Dovecot by LMTP, the support address's to its own mailbox, all others
to the mailbox `customers`, with X-Original-To saying whom it was for."""

import os
import pwd

from .process import Failed, Program, await_port, end_session, free_port

MAIN = """\
compatibility_level = 3.6
queue_directory = {base}/queue
data_directory = {base}/data
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
meta_directory = /etc/postfix
shlib_directory = /usr/lib/postfix
maillog_file = {base}/postfix.log
maillog_file_prefixes = {base}
mail_owner = postfix
setgid_group = postdrop
multi_instance_enable = no
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = mail.{domain}
mydomain = {domain}
myorigin = {domain}
mydestination =
local_recipient_maps =
alias_maps =
alias_database =
mynetworks =
default_transport = lmtp:inet:127.0.0.1:{lmtp}
virtual_alias_domains =
virtual_alias_maps = regexp:{base}/aliases
smtp_dns_support_level = disabled
smtpd_peername_lookup = no
smtpd_tls_cert_file = {cert}
smtpd_tls_key_file = {key}
smtpd_tls_security_level = may
smtpd_tls_auth_only = yes
smtpd_tls_session_cache_database =
smtpd_sasl_auth_enable = yes
smtpd_sasl_type = dovecot
smtpd_sasl_path = inet:127.0.0.1:{sasl}
smtpd_sasl_authenticated_header = yes
smtpd_relay_restrictions = permit_sasl_authenticated, reject
smtpd_recipient_restrictions =
smtpd_client_connection_rate_limit = 0
smtpd_client_connection_count_limit = 0
smtpd_error_sleep_time = 0
default_destination_concurrency_limit = 10
message_size_limit = 20971520
notify_classes =
bounce_queue_lifetime = 0
maximal_queue_lifetime = 0
biff = no
"""

MASTER = """\
{submission} inet n - n - - smtpd
{smtps} inet n - n - - smtpd
  -o smtpd_tls_wrappermode=yes
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
proxywrite unix - - n - 1 proxymap
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
lmtp unix - - n - - lmtp flags=DOR
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
"""


class Postfix:
    """submission, smtps: ports. Needs root, as Postfix itself does."""

    name = "Postfix"

    def __init__(self, folder, dovecot, certificate, key, domain="numeo.test",
                 box_domain="box.test"):
        self.base = folder
        self.submission = free_port()
        self.smtps = free_port()
        self.config = os.path.join(folder, "conf")
        self.log = os.path.join(folder, "postfix.log")
        for name, owner in (("", None), ("conf", None), ("queue", None),
                            ("data", "postfix")):
            path = os.path.join(folder, name)
            os.makedirs(path, mode=0o755, exist_ok=True)
            if owner:
                try:
                    os.chown(path, pwd.getpwnam(owner).pw_uid, 0)
                except KeyError:
                    raise Failed("Postfix is not installed") from None
        values = dict(base=folder, domain=domain, lmtp=dovecot.lmtp,
                      sasl=dovecot.sasl, cert=certificate, key=key,
                      submission=self.submission, smtps=self.smtps)
        self._put("main.cf", MAIN.format(**values))
        self._put("master.cf", MASTER.format(**values))
        with open(os.path.join(folder, "aliases"), "w") as f:
            escaped = domain.replace(".", "\\.")
            f.write(f"/^(.+)@{box_domain}$/ $1@{box_domain}\n"
                    f"/^([^@]+)@{escaped}$/ $1@{box_domain}\n"
                    f"/^.*$/ customers@{box_domain}\n")
        self.program = None

    def _put(self, name, text):
        with open(os.path.join(self.config, name), "w") as f:
            f.write(text)

    def start(self):
        # It makes the queue's folders, checks them and becomes the master.
        self.program = Program(
            ["/usr/sbin/postfix", "-c", self.config, "start-fg"],
            os.path.join(self.base, "postfix.out"))
        try:
            for port in (self.submission, self.smtps):
                await_port(self.program, port, "Postfix", 30)
        except Failed as e:
            self.stop()
            raise Failed(f"{e}\n{self.log_text()[-2000:]}") from None
        return self

    def stop(self):
        if not self.program:
            return
        # The master made a session of its own; its pid file is in our folder.
        try:
            with open(os.path.join(self.base, "queue/pid/master.pid")) as f:
                end_session(int(f.read().split()[0]))
        except (OSError, ValueError, IndexError):
            pass
        self.program.stop()
        self.program = None

    def log_text(self):
        try:
            with open(self.log, encoding="utf-8", errors="replace") as f:
                return f.read()
        except OSError:
            return ""
