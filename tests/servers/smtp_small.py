#!/usr/bin/python3
"""What stands in for Postfix where we are not root: Postfix's master refuses to
run as an ordinary user. Debian's aiosmtpd (a real SMTP server) with STARTTLS,
AUTH and an smtps port, that hands each mail to Dovecot by LMTP before it says
250.

Run as a program it serves until it is stopped:
  smtp_small.py LMTP_PORT CERT KEY SUBMISSION SMTPS PASSWORD DOMAIN BOX_DOMAIN
"""

import asyncio
import os
import smtplib
import ssl
import sys

if __name__ != "__main__":
    from .process import Program, await_port, free_port


class Small:
    """submission, smtps: ports, as Postfix's."""

    name = "aiosmtpd (a small SMTP server: Postfix needs root)"

    def __init__(self, folder, dovecot, certificate, key, domain="numeo.test",
                 box_domain="box.test"):
        self.submission = free_port()
        self.smtps = free_port()
        os.makedirs(folder, mode=0o755, exist_ok=True)
        self.log = os.path.join(folder, "smtp.log")
        self._argv = ["/usr/bin/python3", os.path.abspath(__file__),
                      str(dovecot.lmtp), certificate, key,
                      str(self.submission), str(self.smtps),
                      dovecot.password, domain, box_domain]
        self.program = None

    def start(self):
        self.program = Program(self._argv, self.log)
        for port in (self.submission, self.smtps):
            await_port(self.program, port, "the SMTP server")
        return self

    def stop(self):
        if self.program:
            self.program.stop()
            self.program = None

    def log_text(self):
        return self.program.text() if self.program else ""


def serve(lmtp, certificate, key, submission, smtps, password, domain, box):
    from aiosmtpd.smtp import SMTP, AuthResult

    class Handler:
        async def handle_DATA(self, server, session, envelope):
            loop = asyncio.get_running_loop()
            try:
                await loop.run_in_executor(None, deliver, envelope)
            except (OSError, smtplib.SMTPException) as e:
                return f"451 4.3.0 not delivered: {type(e).__name__}"
            return "250 2.0.0 Ok: delivered"

    def where(address):
        local, _, host = address.rpartition("@")
        if host.lower() == domain:
            return f"{local}@{box}"
        return f"customers@{box}"

    def deliver(envelope):
        content = envelope.original_content or envelope.content
        with smtplib.LMTP("127.0.0.1", lmtp, timeout=20) as client:
            for rcpt in envelope.rcpt_tos:
                head = (f"X-Original-To: {rcpt}\r\n"
                        f"Return-Path: <{envelope.mail_from}>\r\n").encode()
                client.sendmail(envelope.mail_from, [where(rcpt)],
                                head + content)

    def authenticate(server, session, envelope, mechanism, data):
        good = getattr(data, "password", b"") == password.encode()
        return AuthResult(success=good, handled=True if good else False)

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    common = dict(hostname="mail." + domain, auth_required=True,
                  authenticator=authenticate, enable_SMTPUTF8=True,
                  data_size_limit=20971520)

    async def main():
        loop = asyncio.get_running_loop()
        await loop.create_server(
            lambda: SMTP(Handler(), tls_context=context, require_starttls=True,
                         **common), "127.0.0.1", submission)
        await loop.create_server(
            lambda: SMTP(Handler(), auth_require_tls=False, **common),
            "127.0.0.1", smtps, ssl=context)
        await asyncio.Event().wait()

    asyncio.run(main())


if __name__ == "__main__":
    a = sys.argv
    serve(int(a[1]), a[2], a[3], int(a[4]), int(a[5]), a[6], a[7], a[8])
