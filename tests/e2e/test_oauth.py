"""Mailboxes whose login is an OAuth 2.0 access token. The clock is compressed: a
token lives seconds instead of an hour."""

import os
import time
import unittest

from servers import letters
from servers.dovecot import Dovecot
from servers.expiring import Expiring
from servers.postfix import Postfix
from servers.tokens import GOOGLE_SCOPE

from . import base
from .oauth_case import OauthCase
from .test_answers import FIRST_CONTACT


class Oauth(OauthCase):
    # ---- each way to get a token ---------------------------------------------

    def answers_by_token(self, settings):
        desk = self.oauth_desk(settings)
        self.answer(desk, self.ask(desk))
        status = desk.json("status")
        self.assertGreater(status["token_age"], -1)
        self.assertTrue(status["token_expires"])
        self.assertEqual(desk.cli("check", "--online").returncode, 0,
                         desk.cli("check", "--online").stdout.decode())
        return desk

    def test_client_secret(self):
        desk = self.answers_by_token(self.secret_app)
        self.assertNotIn("s3cret", desk.log_text())

    def test_certificate(self):
        self.answers_by_token(self.certificate_app)

    def test_service_account(self):
        self.answers_by_token(self.service_app)

    def test_a_certificate_that_is_not_registered(self):
        def other(desk):
            settings = self.certificate_app(desk)
            name = settings["client_id"]
            self.tokens.apps[name]["public_key"] = \
                self.key_pair(desk, "other")[1]
            return settings
        desk = self.oauth_desk(other, start=False)
        self.check_says(desk, "AADSTS700027", "upload the certificate")

    def test_oauthbearer(self):
        """Servers that know no XOAUTH2 take RFC 7628's OAUTHBEARER."""
        pair = self.world.authority.issue("bearer")
        box = Dovecot(self.world.inside("dovecot-bearer"),
                      *pair, introspection=(
                          self.world.microsoft.url + "/introspect",
                          self.world.ca), mechanisms="oauthbearer").start()
        self.addCleanup(box.stop)
        smtp = Postfix(self.world.inside("smtp-bearer"), box, *pair).start()
        self.addCleanup(smtp.stop)
        desk = self.oauth_desk(self.secret_app, start=False)
        desk.change({"mailbox.port": box.imap, "smtp.port": smtp.submission})
        desk.start()
        who = "jo@" + self.domain()
        letters.deliver(box.lmtp, desk.user, letters.letter(
            who, desk.address, "Outlook", FIRST_CONTACT))
        self.await_event(desk, "reply.sent")
        self.assertIn("method=OAUTHBEARER", box.log_text())
        self.assertIn("sasl_method=OAUTHBEARER", smtp.log_text())

    # ---- what check --online says --------------------------------------------

    def check_says(self, desk, *words):
        run = desk.cli("check", "--online")
        self.assertNotEqual(run.returncode, 0)
        for word in words:
            self.assertIn(word, run.stdout.decode())

    def test_check_on_a_wrong_secret(self):
        desk = self.oauth_desk(self.secret_app, start=False)
        desk.secret("app.secret", "the Secret ID instead of the Value")
        self.check_says(desk, "AADSTS7000215", "Secret ID",
                        "client_secret_file")

    def test_check_on_a_mailbox_that_the_app_may_not_open(self):
        desk = self.oauth_desk(self.secret_app, start=False)
        self.tokens.apps[self.client_id]["mailbox"] = "somebody-else"
        self.check_says(
            desk, "New-ServicePrincipal -AppId " + self.client_id,
            f"Add-MailboxPermission -Identity {desk.user}",
            f"Set-CASMailbox -Identity {desk.user} "
            "-SmtpClientAuthenticationDisabled $false", "SMTP.SendAsApp")

    def test_check_without_domain_wide_delegation(self):
        desk = self.oauth_desk(self.service_app, start=False)
        self.tokens.apps.clear()
        self.check_says(desk, "domain-wide delegation", GOOGLE_SCOPE)

    def test_refresh_token_rotates(self):
        self.tokens.life = 4
        desk = self.oauth_desk(self.refresh_app)
        self.answer(desk, self.ask(desk))
        base.wait_until("five grants", 40, lambda:
                        self.tokens.granted(desk.user) >= 5)
        self.answer(desk, self.ask(desk))
        with open(desk.path("refresh.secret"), encoding="ascii") as f:
            kept = f.read().strip()
        self.assertNotEqual(kept, "0.first-refresh-token")
        self.assertEqual(
            os.stat(desk.path("refresh.secret")).st_mode & 0o777, 0o600)
        self.assertEqual(self.events(desk, "token.alarm"), [])

    # ---- an hour in seconds --------------------------------------------------

    def test_sessions_end_with_their_tokens(self):
        """Expiry again and again: routine, and each mail has one answer."""
        self.tokens.life = 6
        door = Expiring(self.world.dovecot.imap, 6).start()
        self.addCleanup(door.stop)
        desk = self.oauth_desk(self.secret_app, start=False)
        desk.change({"mailbox.host": "127.0.0.1", "mailbox.port": door.port,
                     "mailbox.tls": "none", "mailbox.ca_file": None})
        desk.start()
        askers = []
        end = time.monotonic() + 20
        while time.monotonic() < end:
            askers.append(self.ask(desk))
            time.sleep(2)
        for who in askers:
            self.answer(desk, who, seconds=20)
        self.assertEqual(len(self.all_answers(desk)), len(askers))
        self.assertGreaterEqual(door.byes, 2)
        self.assertGreaterEqual(self.tokens.granted(desk.user), 6)
        self.assertGreaterEqual(len(self.events(desk, "imap.token_ended")), 2)
        for bad in ("imap.down", "token.alarm", "smtp.later", "smtp.refused"):
            self.assertEqual(self.events(desk, bad), [])

    def test_weather_is_no_refusal(self):
        self.tokens.life = 3
        desk = self.oauth_desk(self.secret_app)
        self.answer(desk, self.ask(desk))
        self.tokens.weather = True
        time.sleep(self.tokens.life)
        self.world.dovecot.kick(desk.user)
        who = self.ask(desk)
        self.await_event(desk, "imap.down", 3)
        self.assertEqual(self.events(desk, "token.alarm"), [])
        self.tokens.weather = False
        self.answer(desk, who, seconds=40)
        desk.await_cases(2, state="waiting")

    def test_no_first_token_after_a_while(self):
        """A session that ends without any token has not ended with one."""
        self.tokens.weather, self.tokens.delay = True, 3.2
        desk = self.oauth_desk(self.secret_app, start=False)
        desk.start(ready=False)
        self.await_event(desk, "imap.down", 1)
        self.assertEqual(self.events(desk, "imap.token_ended"), [])
        self.assertIn("503", desk.cli("status").stdout.decode())
        self.tokens.weather, self.tokens.delay = False, 0
        desk.await_ready(60)

    def test_refused_alarmed_recovered(self):
        """The secret is void: one alarm with Microsoft's words, no mail lost;
        a new secret needs no restart."""
        self.tokens.life = 3
        desk = self.oauth_desk(self.secret_app)
        self.answer(desk, self.ask(desk))
        app = self.tokens.apps[self.client_id]
        app["secret"] = "another one"
        self.tokens.revoke(desk.user)
        self.world.dovecot.kick(desk.user)
        askers = [self.ask(desk) for _ in range(3)]
        self.await_event(desk, "token.alarm", 2)
        for line in self.events(desk, "token.alarm"):
            self.assertIn("AADSTS7000215", line)
        time.sleep(3)
        self.assertEqual(len(self.events(desk, "token.alarm")), 2,
                         "one alarm a role")
        status = desk.cli("status")
        self.assertNotEqual(status.returncode, 0)
        self.assertIn("token alarm", status.stdout.decode())
        self.assertIn("AADSTS7000215", status.stdout.decode())
        desk.secret("app.secret", "another one")
        self.await_event(desk, "token.recovered", 2)
        for who in askers:
            self.answer(desk, who, seconds=30)
        self.assertEqual(len(self.all_answers(desk)), 4)
        base.wait_until("health", 30, lambda:
                        desk.cli("status").returncode == 0)

    def test_a_revoked_token_is_replaced(self):
        """The server refuses a token before its time: the next one serves."""
        desk = self.oauth_desk(self.secret_app)
        self.answer(desk, self.ask(desk))
        self.tokens.revoke(desk.user)
        self.world.dovecot.kick(desk.user)
        self.answer(desk, self.ask(desk), seconds=30)
        self.assertEqual(self.events(desk, "token.alarm"), [])

    def test_a_folder_that_is_not_there(self):
        """The name is wrong, not the token, which is kept."""
        desk = self.oauth_desk(self.secret_app, start=False)
        desk.change({"mailbox.folder": "Supprot"})
        desk.start(ready=False)
        self.await_event(desk, "imap.down", 4)
        for line in self.events(desk, "imap.down"):
            self.assertIn("Supprot", line)
        self.assertEqual(self.events(desk, "token.alarm"), [])
        self.assertLessEqual(self.tokens.granted(desk.user), 2)

    def test_the_mail_server_refuses_every_token(self):
        """As Exchange does without New-ServicePrincipal: tokens are given, and
        no login works."""
        desk = self.oauth_desk(self.secret_app)
        app = self.tokens.apps[self.client_id]
        app["mailbox"] = "somebody-else"
        self.tokens.revoke(desk.user)
        self.world.dovecot.kick(desk.user)
        who = self.ask(desk)
        self.await_event(desk, "token.alarm")
        self.assertIn("refused", self.events(desk, "token.alarm")[0])
        app["mailbox"] = desk.user
        self.await_event(desk, "token.recovered")
        self.answer(desk, who, seconds=30)


if __name__ == "__main__":
    unittest.main()
