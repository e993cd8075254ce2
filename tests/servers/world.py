"""All servers together in one temporary folder."""

import os
import shutil
import ssl
import tempfile

from . import certificates, dovecot, letters, microsoft, postfix, smtp_small
from .desk import CLIENT_ID, SCOPE, Desk
from .process import Failed, is_root


class World:
    """with World() as world: world.dovecot, world.smtp, world.microsoft,
    world.sink; world.desk("support-1") makes a desk, world.mail() delivers."""

    def __init__(self, say=None, keep=bool(os.environ.get("CD_KEEP")),
                 redirect_uri="https://desk.numeo.test/consent"):
        self.say = say or (lambda text: None)
        self.keep = keep
        self.folder = None
        self.servers, self.desks = [], []
        # The address registered with Microsoft. The default one is nobody's:
        # a test hands the redirect on as the reverse proxy would.
        self.redirect_uri = redirect_uri

    def __enter__(self):
        try:
            return self.start()
        except BaseException:
            self.stop()
            raise

    def __exit__(self, *_):
        self.stop()

    def start(self):
        self.folder = tempfile.mkdtemp(prefix="consentdesk-")
        # The servers' own users must get through, others need not list it.
        os.chmod(self.folder, 0o711)
        self.authority = certificates.Authority(self.inside("ca"))
        self.ca = self.authority.ca
        cert, key = self.authority.good()
        self.say("a stand-in for login.microsoftonline.com")
        self.microsoft = self.add(microsoft.Microsoft(
            cert, key, CLIENT_ID, self.redirect_uri, SCOPE))
        self.say("Dovecot (IMAP, LMTP)")
        self.dovecot = self.add(dovecot.Dovecot(
            self.inside("dovecot"), cert, key, introspection=(
                self.microsoft.url + "/introspect", self.ca)))
        self.smtp = self.start_smtp(cert, key)
        self.sink = letters.Sink(self.dovecot)
        return self

    def start_smtp(self, cert, key):
        kind = postfix.Postfix if is_root() else smtp_small.Small
        self.say(kind.name + " (SMTP)")
        return self.add(kind(self.inside("smtp"), self.dovecot, cert, key))

    def inside(self, name):
        return os.path.join(self.folder, name)

    def trust(self):
        """A client's TLS context that believes our own authority."""
        return ssl.create_default_context(cafile=self.ca)

    def add(self, server):
        self.servers.append(server)
        return server.start()

    def desk(self, user, changes=None, binary=None):
        desk = Desk(self, user, changes, binary)
        self.desks.append(desk)
        return desk

    def mail(self, desk, mails, **how):
        """Deliver into a desk's mailbox."""
        letters.deliver(self.dovecot.lmtp, desk.user, mails, **how)

    def stop(self):
        """Ends what this world started, and nothing else."""
        for desk in reversed(self.desks):
            try:
                desk.stop()
            except Exception as e:  # the rest must still be ended
                self.say(f"stopping {desk.user}: {e}")
        self.desks.clear()
        while self.servers:
            self.servers.pop().stop()
        if self.folder and self.keep:
            print(f"kept: {self.folder}", flush=True)
        elif self.folder:
            shutil.rmtree(self.folder, ignore_errors=True)


__all__ = ["World", "Failed"]
