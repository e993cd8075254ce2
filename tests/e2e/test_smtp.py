"""What the SMTP server may do to an answer. A scripted server, because a real
one cannot be made to refuse, to hang and to hang up at will."""

import email.utils
import re
import sqlite3
import threading
import time
import unittest

from servers.smtp_script import Script

from . import base
from .test_answers import FIRST_CONTACT


class Smtp(base.Case):
    def setUp(self):
        super().setUp()
        self.script = Script().start()
        self.addCleanup(self.script.stop)

    def scripted(self, changes=None, **how):
        return self.desk({"smtp.port": self.script.port, "smtp.auth": "none",
                          "smtp.host": "127.0.0.1", "smtp.tls": "none",
                          "smtp.user": None, "smtp.password_file": None,
                          "smtp.ca_file": None, **(changes or {})}, **how)

    def ask(self, desk):
        who = "jo@" + self.domain()
        self.send(desk, who, "Outlook", FIRST_CONTACT)
        return who

    def accepted(self, count, seconds=15):
        base.wait_until(f"{count} accepted mails", seconds,
                        lambda: len(self.script.accepted) >= count)
        return self.script.accepted

    def ask_database(self, desk, question):
        with sqlite3.connect(desk.database, timeout=10) as db:
            return db.execute(question).fetchone()

    def test_one_recipient_and_a_return_path(self):
        desk = self.scripted()
        who = self.ask(desk)
        mail, = self.accepted(1)
        self.assertEqual(mail.recipients, [who])
        self.assertEqual(mail.sender, desk.address)
        self.assertNotIn(b"\n", mail.data.replace(b"\r\n", b""))

    def test_a_null_return_path_where_it_is_wanted(self):
        desk = self.scripted({"smtp.envelope_from": "<>"})
        self.ask(desk)
        self.assertEqual(self.accepted(1)[0].sender, "")

    def test_a_draft_is_dated_when_it_is_sent(self):
        desk = self.scripted({"policy.mode": "draft"})
        self.ask(desk)
        case, = desk.await_cases(1, state="review")
        with sqlite3.connect(desk.database, timeout=10) as db:
            raw, = db.execute("SELECT raw FROM bodies").fetchone()
            db.execute("UPDATE bodies SET raw = ?", (re.sub(
                rb"\nDate: [^\r]*", b"\nDate: Mon, 05 Oct 2026 08:00:00 "
                b"+0000", raw),))
        self.assertEqual(desk.cli("send", case["id"]).returncode, 0)
        mail, = self.accepted(1)
        date = email.utils.parsedate_to_datetime(re.search(
            rb"\nDate: ([^\r]*)", mail.data)[1].decode())
        self.assertLess(abs(date.timestamp() - time.time()), 60)
        self.assertEqual(re.sub(rb"\nDate: [^\r]*", b"", mail.data).strip(),
                         re.sub(rb"\nDate: [^\r]*", b"", raw).strip())

    def test_4xx_is_tried_again(self):
        desk = self.scripted()
        self.script.script = lambda mail: (
            "451 4.7.1 greylisted, come again"
            if len(self.script.refused) < 1 else None)
        self.ask(desk)
        self.accepted(1, 30)
        time.sleep(1)
        self.assertEqual(len(self.script.accepted), 1)
        self.assertEqual(len(self.script.refused), 1)
        desk.await_cases(1, state="waiting")

    def test_4xx_after_data_is_tried_again(self):
        desk = self.scripted()
        self.script.after_data = lambda mail: (
            "452 4.3.1 disk is full" if not self.script.unanswered else None)
        self.ask(desk)
        self.accepted(1, 30)
        time.sleep(1)
        self.assertEqual(len(self.script.accepted), 1)

    def test_5xx_goes_to_a_person(self):
        desk = self.scripted()
        self.script.script = lambda mail: "550 5.1.1 no such user here"
        self.ask(desk)
        case, = desk.await_cases(1, state="review")
        time.sleep(2)
        self.assertEqual(len(self.script.refused), 1)
        self.assertIn("no such user", str(desk.json("case", case["id"])))
        # One address's refusal holds up nobody else.
        self.script.script = lambda mail: None
        self.ask(desk)
        self.accepted(1)

    def test_5xx_to_the_sender_fails_no_answer(self):
        desk = self.scripted()
        self.script.mail_answer = "550 5.4.5 Daily sending limit exceeded"
        for _ in range(3):
            self.ask(desk)
        base.wait_until("the refusal in the status", 15, lambda: re.search(
            rb"NOT HEALTHY.*send: error.*Daily sending limit",
            desk.cli("status").stdout), 0.2)
        desk.await_cases(3, state="waiting")
        self.script.mail_answer = "250 2.1.0 Ok"
        self.accepted(3)

    def test_a_sender_who_may_not_write_to_one_may_to_others(self):
        desk = self.scripted()
        self.ask(desk)
        first, = self.accepted(1)
        bad = []
        self.script.script = lambda mail: (
            f"553 5.7.1 <{desk.address}>: Sender address rejected: not there"
            if mail.recipients[-1] in bad else None)
        bad += first.recipients
        # Each try of an answer to him is refused, and nobody waits for that.
        self.send(desk, bad[0], "Re: Outlook", "Please send me the link\n")
        base.wait_until("two refusals", 30,
                        lambda: len(self.script.refused) > 1)
        self.ask(desk)
        self.accepted(2)
        self.assertNotIn("smtp.later", desk.log_text())
        self.assertNotIn(b"send: error", desk.cli("status").stdout)

    def test_a_hang_up_after_data_is_never_sent_again_blindly(self):
        desk = self.scripted()
        self.script.after_data = lambda mail: "close"
        self.ask(desk)
        desk.await_cases(1, 30, state="review")
        self.script.after_data = lambda mail: None
        self.ask(desk)
        self.accepted(1, 90)
        time.sleep(2)
        self.assertEqual(len(self.script.unanswered), 1)
        self.assertEqual(len(self.script.accepted), 1)

    def test_a_doubtful_answer_is_not_looked_for_without_end(self):
        """It is in no folder and stays doubtful; the daemon goes on waiting."""
        desk = self.scripted()
        self.script.after_data = lambda mail: "close"
        self.ask(desk)
        desk.await_cases(1, 30, state="review")
        self.script.after_data = lambda mail: None
        self.ask(desk)      # its sweep is the first to look for the other
        self.accepted(1, 30)
        time.sleep(2)
        before = desk.json("status")
        time.sleep(4)
        after = desk.json("status")
        self.assertEqual(after["last_fetch"], before["last_fetch"])
        self.assertGreaterEqual(after["idle_age"], 4)

    def test_a_doubtful_answer_found_in_sent_is_settled(self):
        """The server took it, filed it in Sent, and hung up before saying so."""
        desk = self.scripted({"mailbox.sweep_seconds": 10})
        letters, world = base.letters, self.world

        def file_it(mail):
            with letters.mailbox(world.dovecot.imap, desk.user,
                                 world.dovecot.password) as box:
                box.append("Sent", None, None, mail.data)
            return "close"
        self.script.after_data = file_it
        self.ask(desk)
        base.wait_until("the answer to be found", 60,
                        lambda: "reply.found" in desk.log_text(), 0.5)
        case, = desk.cases()
        self.assertEqual(case["state"], "waiting")
        self.assertEqual(len(self.script.unanswered), 1)
        self.assertEqual(self.script.accepted, [])

    def test_answers_never_found_hide_none(self):
        """More than one sweep looks for; and behind them one that is there."""
        desk = self.scripted({"mailbox.sweep_seconds": 10})
        self.ask(desk)
        mail, = self.accepted(1)
        with base.letters.mailbox(self.world.dovecot.imap, desk.user,
                                  self.world.dovecot.password) as box:
            box.append("Sent", None, None, mail.data)
        base.wait_until("the copy to be read", 30, lambda: self.ask_database(
            desk, "SELECT 1 FROM mailboxes WHERE name LIKE '%/Sent' "
            "AND next_uid > 1"))
        desk.stop()
        with sqlite3.connect(desk.database) as db:
            names = [c[1] for c in db.execute("PRAGMA table_info(outbox)")]
            values = ", ".join(
                {"id": "NULL", "mail_id": "NULL", "state": "'doubtful'",
                 "message_id": "'lost' || ? || message_id"}.get(n, n)
                for n in names)
            for i in range(101):
                db.execute("INSERT INTO outbox (%s) SELECT %s FROM outbox "
                           "WHERE id = 1" % (", ".join(names), values), (i,))
            real, = db.execute("SELECT message_id FROM outbox").fetchone()
            db.execute("UPDATE outbox SET message_id = 'x' WHERE id = 1")
            db.execute("UPDATE outbox SET message_id = ? WHERE id = "
                       "(SELECT max(id) FROM outbox)", (real,))
        desk.start()
        base.wait_until("the answer to be found", 60,
                        lambda: "reply.found" in desk.log_text(), 0.5)

    def test_a_slow_server_is_no_sign_of_death(self):
        """The supervisor kills what is silent: a long wait shows life."""
        desk = self.scripted()
        slow = threading.Event()
        self.addCleanup(slow.set)
        self.script.after_data = lambda mail: slow.wait(60) and None
        self.ask(desk)
        base.wait_until("a beat while it sends", 30, lambda: [
            r for r in desk.json("status")["roles"]
            if r["role"] == "send" and r["state"] == "sending"], 0.5)
        slow.set()
        self.accepted(1)

    def test_server_away_and_back(self):
        desk = self.scripted()
        port = self.script.port
        self.script.greeting = "421 4.3.2 closing down"
        self.ask(desk)
        base.wait_until("a word in the log", 15,
                        lambda: "smtp" in desk.log_text().lower())
        self.script.greeting = "220 script.test ESMTP"
        self.assertEqual(port, self.script.port)
        self.accepted(1, 60)
        self.assertLess(self.script.connections, 30)

    def test_a_claim_is_no_attempt(self):
        """One mail of a batch meets the server that is away: the others wait
        no longer for having been in that batch."""
        desk = self.scripted()
        self.script.greeting = "421 4.3.2 closing down"
        for _ in range(6):
            self.ask(desk)
        base.wait_until("three tries", 30, lambda: desk.log_text().count(
            "reply.retry") >= 3)
        self.script.greeting = "220 script.test ESMTP"
        self.accepted(6, 60)
        desk.stop()
        db = sqlite3.connect(desk.database)
        tries = desk.log_text().count("reply.retry") + 6
        self.assertEqual(db.execute("SELECT sum(attempts) FROM outbox")
                         .fetchone()[0], tries)
        db.close()

    def test_called_back_while_the_server_thinks(self):
        """A refusal comes in while the answer is claimed: it does not go, nor
        does that disturb the others."""
        for answer in ("451 4.7.1 come again", None):
            with self.subTest(answer):
                desk = self.scripted()
                self.called_back(desk, answer)

    def called_back(self, desk, answer):
        there, go = threading.Event(), threading.Event()
        self.addCleanup(go.set)

        def thinks(mail):
            if mail.recipients != [who]:
                return None
            there.set()
            go.wait(60)
            return answer
        who = "jo@" + self.domain()
        before = len(self.script.accepted)
        self.script.script = thinks
        self.send(desk, who, "Outlook", FIRST_CONTACT)
        self.assertTrue(there.wait(20))
        self.send(desk, who, "Outlook", "We have decided that we will not "
                  "approve Numeo. Please do not contact us again.")
        case, = desk.await_cases(1, state="review")
        go.set()
        other = self.ask(desk)
        mails = self.accepted(before + 1)[before:]
        self.assertEqual([m.recipients for m in mails], [[other]])
        self.assertNotIn("role.died", desk.log_text())
        self.assertIn("refused meanwhile",
                      desk.cli("case", case["id"]).stdout.decode())
        desk.stop()

    def test_refused_login_loses_nothing(self):
        desk = self.desk(start=False)
        desk = self.scripted({
            "smtp.auth": "password", "smtp.user": "me",
            "smtp.password_file": desk.path("mail.secret")})
        self.script.auth_answer = "535 5.7.8 no"
        self.ask(desk)
        base.wait_until("the refusal in the log", 15,
                        lambda: "refused the login" in desk.log_text())
        time.sleep(3)
        self.assertLess(self.script.connections, 10)
        case, = desk.cases()
        self.assertEqual(case["state"], "waiting")
        self.assertEqual(self.script.accepted, [])


if __name__ == "__main__":
    unittest.main()
