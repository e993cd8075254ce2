"""An hour, and a day, of a mailbox that takes access tokens, in a compressed
clock: see servers/life.py. `tests/bench day` plays the day in its length."""

import time
import unittest

from servers.life import Life
from servers.process import Failed

from . import base
from .oauth_case import OauthCase


class Hour(OauthCase):
    def live(self, settings, hour):
        desk = self.oauth_desk(settings, start=False)
        life = Life(self.world, desk, hour)
        self.addCleanup(life.stop)
        desk.start()
        return desk, life

    def all_answered_once(self, desk, life):
        for who in life.asked:
            self.answer(desk, who, seconds=30)
        self.assertEqual(len(self.all_answers(desk)), len(life.asked))

    def test_expiry_rotation_and_a_revoked_token(self):
        """Refresh tokens that are good once, shared by two roles; then consent
        is revoked, and at last a person signs in anew."""
        self.tokens.delay = 0.2
        desk, life = self.live(self.refresh_app, 4)
        app = self.tokens.apps[desk.settings["oauth2"]["client_id"]]
        refusals = len(self.tokens.refusals)
        life.pass_hours(3, 3)
        self.assertGreaterEqual(life.door.byes, 2)
        self.assertGreaterEqual(len(self.events(desk, "imap.token_ended")), 2)
        self.assertGreaterEqual(self.tokens.granted(desk.user), 6)
        self.assertEqual(self.tokens.refusals[refusals:], [])
        for bad in ("imap.down", "token.", "smtp.later", "smtp.refused"):
            self.assertEqual(self.events(desk, bad), [])

        app["refresh"] = "0.of a new sign-in"
        self.tokens.revoke(desk.user)
        self.world.dovecot.kick(desk.user)
        life.ask()
        self.await_event(desk, "token.alarm", 2)
        for line in self.events(desk, "token.alarm"):
            self.assertIn("AADSTS70000", line)
        life.ask()
        status = desk.cli("status")
        self.assertNotEqual(status.returncode, 0)
        self.assertIn("token alarm", status.stdout.decode())

        desk.secret("refresh.secret", app["refresh"])
        self.await_event(desk, "token.recovered", 2)
        life.ask()
        self.all_answered_once(desk, life)
        self.assertEqual(len(self.events(desk, "token.alarm")), 2)
        base.wait_until("health", 20, lambda:
                        desk.cli("status").returncode == 0)

    def test_a_day_leaks_nothing(self):
        """The short form: some hours of some seconds."""
        desk, life = self.live(self.secret_app, 3)
        life.pass_hours(1, 3)
        before = self.calm(life)
        life.pass_hours(5, 3)
        self.all_answered_once(desk, life)
        self.assertGreaterEqual(life.door.byes, 4)
        after = self.calm(life)
        self.assertEqual(set(before), {"main", "watch", "send", "web"})
        for role, (rss, _, descriptors) in before.items():
            with self.subTest(role):
                self.assertLess(after[role][0] - rss, 2048, "kB of RSS")
                # A connection that waits for the next answer is three, and
                # goes after some seconds.
                base.wait_until("no more descriptors", 30, lambda r=role,
                                n=descriptors:
                                self.calm(life)[r][2] - n <= 1)

    @staticmethod
    def calm(life):
        """The footprint while all roles are well."""
        end = time.monotonic() + 20
        while True:
            try:
                return life.footprint()
            except Failed:
                if time.monotonic() > end:
                    raise
                time.sleep(0.2)


if __name__ == "__main__":
    unittest.main()
