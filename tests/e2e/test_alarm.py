"""Alarms by mail: once, and once more when it is over; never a loop."""

import contextlib
import json
import sqlite3
import time

from servers.process import free_port
from servers.smtp_script import Script
from servers.tokens import login_by_tokens

from . import base
from .oauth_case import OauthCase
from .test_answers import CANT_FIND
from .test_codes import BODY

OPS = "ops@watchers.test"
FULL = "900000000M"     # more than any disk has free


class Told:
    """A desk that tells OPS, and what it told."""

    def alarmed(self, start=True, **changes):
        settings = {"log.alarm_address": OPS}
        settings.update({k.replace("__", "."): v for k, v in changes.items()})
        return self.desk(settings, start)

    def mails(self, desk):
        return [m for m in self.world.sink.answers(From=desk.address,
                                                   X_Original_To=OPS)]

    def told(self, desk, words, count=1, seconds=25):
        def probe():
            got = [m for m in self.mails(desk) if words in m["Subject"]]
            return got if len(got) >= count else None
        try:
            got = base.wait_until(f"an alarm mail: {words}", seconds, probe,
                                  0.2)
        except base.Failed as e:
            raise AssertionError(f"{e}\n{desk.log_text()[-3000:]}") from None
        self.assertEqual(len(got), count)
        return got[-1]

    def status(self, desk):
        return json.loads(desk.cli("status", "--json").stdout)

    def reload(self, desk, changes):
        desk.change(changes)
        self.assertEqual(desk.cli("reload").returncode, 0)


class Alarms(Told, base.Case):
    def test_disk_and_mailbox(self):
        desk = self.alarmed()
        self.reload(desk, {"log.alarm_free": FULL})
        mail = self.told(desk, "the disk is nearly full")
        self.assertEqual(mail["Auto-Submitted"], "auto-generated")
        self.assertEqual(mail["Return-Path"], "<>")
        status = desk.cli("status", "--json")
        self.assertNotEqual(status.returncode, 0)
        self.assertIn(b'"kind":"disk"', status.stdout)
        self.assertRegex(desk.web("GET", "/metrics")[2],
                         r'(?m)^consentdesk_alarm\{kind="disk"\} 1$')
        # The mailbox out of reach as well; a restart tells nothing again.
        port = desk.settings["mailbox"]["port"]
        self.reload(desk, {"mailbox.port": free_port(),
                           "log.alarm_minutes": 0})
        self.told(desk, "cannot be read")
        self.reload(desk, {"mailbox.port": port, "log.alarm_free": "1M"})
        self.told(desk, "recovered: Numeo: the support mailbox")
        self.told(desk, "recovered: Numeo: the disk")
        desk.await_ready()
        self.assertIn('kind="disk"} 0', desk.web("GET", "/metrics")[2])
        time.sleep(6)   # one more look
        self.assertEqual(len(self.mails(desk)), 4)

    def test_a_reload_is_no_stop(self):
        """Trouble lasts on over it; else one every few minutes would hide it."""
        desk = self.alarmed(start=False, mailbox__port=free_port(),
                            log__alarm_minutes=30)
        desk.start(ready=False)
        base.wait_until("the sender", 25,
                        lambda: "send role.start" in desk.log_text())
        with contextlib.closing(sqlite3.connect(
                desk.database, timeout=10, isolation_level=None)) as db:
            def seen():
                return db.execute("SELECT since FROM alarms WHERE since > 0 "
                                  "AND kind = 'imap'").fetchone()
            base.wait_until("the trouble to be seen", 25, seen)
            # Ten seconds are left, and the reload is quicker.
            db.execute("UPDATE alarms SET since = ? WHERE kind = 'imap'",
                       (int(time.time()) - 30 * 60 + 10,))
            self.reload(desk, {})
            self.told(desk, "cannot be read", seconds=30)
            # After a stop nobody knows what was between.
            desk.stop()
            db.execute("UPDATE alarms SET state = 'quiet', since = since - 900")
            db.execute("UPDATE roles SET beat = beat - 120")
            desk.start(ready=False)
            time.sleep(8)
        self.assertEqual(len(self.mails(desk)), 1)
        self.assertEqual(desk.log_text().count("alarm.raised"), 1)

    def test_a_store_that_takes_no_alarm(self):
        """As on a full disk, which is what it is to tell of: it does, once."""
        desk = self.alarmed()
        with contextlib.closing(sqlite3.connect(
                desk.database, timeout=10, isolation_level=None)) as db:
            db.execute("CREATE TRIGGER full BEFORE INSERT ON alarms BEGIN "
                       "SELECT RAISE(ABORT, 'database or disk is full'); END")
            self.reload(desk, {"log.alarm_free": FULL})
            self.told(desk, "the disk is nearly full")
            time.sleep(12)  # two more looks
            self.assertEqual(len(self.mails(desk)), 1)
            self.assertEqual(desk.log_text().count("alarm.raised"), 1)
            db.execute("DROP TRIGGER full")
            base.wait_until("the row", 25, lambda: db.execute(
                "SELECT 1 FROM alarms WHERE kind = 'disk' AND state = 'told'"
            ).fetchone())
        self.reload(desk, {"log.alarm_free": "1M"})
        self.told(desk, "recovered: Numeo: the disk")
        self.assertEqual(len(self.mails(desk)), 2)

    def test_brake(self):
        desk = self.alarmed(policy__max_replies_per_hour=1)
        for name in ("a", "b", "c"):
            self.send(desk, f"{name}@" + self.domain(), "Numeo", CANT_FIND)
        mail = self.told(desk, "the brake has tripped")
        self.assertIn("consentdesk resume", mail.get_body(
            ("plain",)).get_content())
        self.assertEqual(desk.cli("resume").returncode, 0)
        self.told(desk, "recovered: Numeo: the brake")

    def test_our_own_secret(self):
        """A customer met it, so every customer does. It is over a day after
        the last one told of it."""
        desk = self.alarmed(policy__mode="draft")
        for name in ("a", "b"):
            self.send(desk, f"{name}@" + self.domain(), "Outlook", BODY.format(
                "AADSTS7000222: The provided client secret keys for app 'x' "
                "are expired."))
        mail = self.told(desk, "secret or certificate is refused", seconds=40)
        self.assertIn("Certificates & secrets", mail.get_body(
            ("plain",)).get_content())
        desk.await_cases(2)
        time.sleep(6)   # one more look
        self.assertEqual(len(self.mails(desk)), 1)
        with sqlite3.connect(desk.database, timeout=10) as db:
            for table, when in (("mails", "seen_at"), ("cases", "updated")):
                db.execute(f"UPDATE {table} SET {when} = {when} - 86400")
        db.close()
        self.told(desk, "recovered: Numeo: your app's secret")
        self.assertEqual(len(self.mails(desk)), 2)
        self.assertEqual(desk.cli("status").returncode, 0)

    def test_no_way_out_is_only_logged_and_no_loop(self):
        desk = self.alarmed()
        port = desk.settings["smtp"]["port"]
        self.reload(desk, {"smtp.port": free_port(), "log.alarm_free": FULL})
        base.wait_until("the line in the log", 25,
                        lambda: "alarm.unsent" in desk.log_text())
        time.sleep(8)
        self.assertEqual(desk.log_text().count("alarm.unsent"), 1)
        self.reload(desk, {"smtp.port": port})
        raw = self.told(desk, "the disk is nearly full").as_bytes()
        # An alias brings it back: nobody is answered.
        self.world.mail(desk, raw)
        who = "it@" + self.domain()
        self.send(desk, who, "Numeo", CANT_FIND)
        self.answer(desk, who)
        self.assertEqual(len(self.mails(desk)), 1)
        self.assertEqual([c["from"] for c in desk.cases()], [who])

    def test_a_server_that_takes_no_null_sender(self):
        """It lets through its own senders only, as Exchange does."""
        server = Script().start()
        self.addCleanup(server.stop)
        server.refuse_sender = lambda mail: None if mail.sender else (
            "550 5.7.60 Client does not have permissions to send as this "
            "sender")
        desk = self.alarmed(start=False, log__alarm_free=FULL, smtp__tls="none",
                            smtp__port=server.port, smtp__host="127.0.0.1")
        desk.start(ready=False)
        base.wait_until("the alarm", 40, lambda: server.accepted)
        mail, = server.accepted
        self.assertEqual((mail.sender, mail.recipients),
                         (desk.address, [OPS]))
        self.assertIsNone(self.status(desk)["alarm_unsent"])
        # Nor from us: whoever looks is told.
        server.refuse_sender = lambda mail: "550 5.7.1 nobody at all"
        self.reload(desk, {"log.alarm_free": "1M"})
        status = base.wait_until("the trouble in status", 25, lambda: (
            lambda s: s if s["alarm_unsent"] else None)(
                self.status(desk)), 0.5)
        self.assertFalse(status["healthy"])
        self.assertIn("5.7.1 nobody at all", status["alarm_unsent"])
        self.assertRegex(desk.cli("status").stdout.decode(),
                         "NOT HEALTHY: an alarm could not be mailed: .*nobody "
                         "at all(.*\n)*.*alarm mail .*nobody at all")

    def test_a_server_that_turns_us_away(self):
        """Before it has heard of a sender: it is not asked about another one."""
        server = Script().start()
        self.addCleanup(server.stop)
        server.greeting = "554 5.7.1 go away"
        desk = self.alarmed(start=False, log__alarm_free=FULL, smtp__tls="none",
                            smtp__port=server.port, smtp__host="127.0.0.1")
        desk.start(ready=False)
        base.wait_until("the line in the log", 25,
                        lambda: "alarm.unsent" in desk.log_text())
        self.assertEqual(server.connections, 1)

    def test_answers_that_are_refused(self):
        """The account may not send as that sender; from nobody it may."""
        server = Script().start()
        self.addCleanup(server.stop)
        server.refuse_sender = lambda mail: (
            "550 5.7.60 Client does not have permissions to send as this "
            "sender") if mail.sender else None
        desk = self.alarmed(log__alarm_minutes=0, smtp__tls="none",
                            smtp__port=server.port, smtp__host="127.0.0.1")
        self.send(desk, "it@" + self.domain(), "Numeo", CANT_FIND)
        base.wait_until("the alarm", 40, lambda: server.accepted)
        mail, = server.accepted
        self.assertEqual((mail.sender, mail.recipients), ("", [OPS]))
        self.assertIn(b"answers do not go out", mail.data)
        self.assertIn(b"550 5.7.60", mail.data)
        server.refuse_sender = lambda mail: None
        base.wait_until("that it is over", 60, lambda: len(
            server.accepted) == 3 and desk.log_text().count("alarm.over"))
        self.assertEqual(desk.log_text().count("alarm.sent"), 2)

    def test_not_to_the_mailbox_itself(self):
        desk = self.desk(start=False)
        desk.change({"log.alarm_address": desk.address.upper()})
        run = desk.cli("check")
        self.assertEqual(run.returncode, 78)
        self.assertIn(b"alarm_address", run.stderr)


class TokenAlarm(Told, OauthCase):
    def test_a_token_that_is_not_renewed(self):
        desk = self.alarmed(start=False)
        settings = desk.sibling_settings()["smtp"]
        login_by_tokens(desk, self.secret_app(desk))
        # The way out has a password of its own.
        desk.secret("mail.secret", self.world.dovecot.password)
        desk.change({f"smtp.{k}": settings[k]
                     for k in ("auth", "password_file")})
        self.tokens.life = 3
        desk.start()
        self.tokens.apps[self.client_id]["secret"] = "another one"
        self.tokens.revoke(desk.user)
        self.world.dovecot.kick(desk.user)
        mail = self.told(desk, "no fresh access token", seconds=60)
        said = mail.get_body(("plain",)).get_content()
        self.assertIn("AADSTS7000215", said)
        self.assertNotIn("another one", said)
        desk.secret("app.secret", "another one")
        self.told(desk, "recovered: Numeo: no fresh access token", seconds=60)
        self.assertEqual(len(self.mails(desk)), 2)
