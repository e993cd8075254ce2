"""A desk whose mailbox takes access tokens: the stand-in authority gives them,
Dovecot's own oauth2 passdb and, through it, Postfix ask there whether they are
good."""

import base64
import hashlib
import json
import os
import re
import subprocess

from servers.process import is_root
from servers.tokens import (GOOGLE_SCOPE, SCOPE, login_by_tokens,
                            secret_app)

from . import base
from .test_answers import FIRST_CONTACT


def openssl(*args):
    return subprocess.run(["openssl", *args], check=True, timeout=60,
                          capture_output=True).stdout


class OauthCase(base.Case):
    def setUp(self):
        super().setUp()
        if not is_root():
            self.skipTest("the SMTP server of ordinary users takes no tokens")
        self.tokens = self.world.microsoft.tokens
        self.tokens.life, self.tokens.refused = 3600, None
        self.tokens.weather, self.tokens.delay = False, 0
        for name, value in (("refused", None), ("life", 3600), ("delay", 0)):
            self.addCleanup(setattr, self.tokens, name, value)

    def oauth_desk(self, settings, start=True):
        """A desk that logs in by tokens at both servers and has no password."""
        desk = self.desk(start=False)
        login_by_tokens(desk, settings(desk))
        if start:
            desk.start()
        return desk

    def secret_app(self, desk):
        settings = secret_app(self.tokens, desk)
        self.client_id = settings["client_id"]
        return settings

    def key_pair(self, desk, name="app"):
        key, public = desk.secret(name + ".key", ""), desk.path(name + ".pub")
        openssl("genrsa", "-out", key, "2048")
        os.chmod(key, 0o600)
        openssl("rsa", "-in", key, "-pubout", "-out", public)
        return key, public

    def certificate_app(self, desk):
        key, public = self.key_pair(desk)
        cert = desk.path("app.pem")
        openssl("req", "-x509", "-key", key, "-subj", "/CN=desk", "-days", "2",
                "-out", cert)
        der = openssl("x509", "-in", cert, "-outform", "DER")
        thumb = base64.urlsafe_b64encode(hashlib.sha256(der).digest())
        name = self.tokens.register(desk.user, public_key=public,
                                    thumbprint=thumb.decode().rstrip("="))
        return {"flow": "certificate", "tenant": "contoso.test",
                "client_id": name, "scope": SCOPE, "certificate_file": cert,
                "key_file": key}

    def refresh_app(self, desk):
        first = "0.first-refresh-token"
        name = self.tokens.register(desk.user, refresh=first)
        return {"flow": "refresh_token", "tenant": "contoso.test",
                "client_id": name, "scope": "offline_access",
                "refresh_token_file": desk.secret("refresh.secret", first)}

    def service_app(self, desk):
        key, public = self.key_pair(desk)
        account = f"desk-{desk.user}@robots.test"
        self.tokens.register(desk.user, account=account, kid="k1",
                             public_key=public)
        with open(key, encoding="ascii") as f:
            pem = f.read()
        return {"flow": "service_account", "scope": GOOGLE_SCOPE,
                "token_url": self.world.microsoft.url + "/token",
                "service_account_file": desk.secret("account.json", json.dumps(
                    {"type": "service_account", "client_email": account,
                     "private_key": pem, "private_key_id": "k1"}))}

    def ask(self, desk):
        who = "jo@" + self.domain()
        self.send(desk, who, "Outlook", FIRST_CONTACT)
        return who

    def events(self, desk, name):
        return re.findall(rf"^.*\b{re.escape(name)}\b.*$", desk.log_text(),
                          re.M)

    def await_event(self, desk, name, count=1, seconds=60):
        try:
            base.wait_until(f"{count} x {name}", seconds, lambda: len(
                self.events(desk, name)) >= count)
        except base.Failed as e:
            raise AssertionError(f"{e}\n{desk.log_text()[-4000:]}") from None
