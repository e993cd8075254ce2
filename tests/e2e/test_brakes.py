"""How many answers are too many: floods, loops, machines that hide that they
are machines, bounces; and people who answer by their own mail program. Each
brake prints how many answers left. CD_FLOOD=10000 makes the flood that long and
tries the limit of a whole company as well."""

import imaplib
import os
import re
import smtplib
import sqlite3
import time
import unittest

from servers import letters

from . import base
from .test_answers import CANT_FIND, FIRST_CONTACT, bounce

LONG = int(os.environ.get("CD_FLOOD") or 0)
FLOOD = LONG or 500
SAFE = """Hello,

I am in charge of security here. Is Numeo safe, what exactly can it read in our
mailboxes, and do you have a SOC 2 report?
"""
LINK = "Hi, please send me the one-click approval link for Numeo.\n"
BODIES = (FIRST_CONTACT, CANT_FIND, SAFE, LINK)


class Brakes(base.Case):
    seconds = 300 + LONG // 10

    def read(self, desk, count, seconds=60):
        """Wait until so many mails were read, and the outbox is empty."""
        base.wait_until(f"{count} mails to be read", seconds,
                        lambda: self.mails(desk) >= count, 0.3)
        base.wait_until("an empty outbox", 60, lambda: re.search(
            r"outbox +0 queued, 0 in hand", desk.cli("status").stdout.decode()
        ), 0.3)
        time.sleep(1)

    def mails(self, desk):
        db = sqlite3.connect(f"file:{desk.database}?mode=ro", uri=True)
        try:
            return db.execute("SELECT count(*) FROM mails").fetchone()[0]
        finally:
            db.close()

    def tell(self, what, n):
        print(f"    {what}: {n} answer{'s' if n != 1 else ''} left")

    # ---- floods -------------------------------------------------------------

    def test_flood_from_one_sender(self):
        desk = self.desk()
        who = "flood@" + self.domain()
        for start in range(0, FLOOD, 100):
            self.world.mail(desk, [letters.letter(
                who, desk.address, f"Outlook {i}", BODIES[i % len(BODIES)])
                for i in range(start, min(start + 100, FLOOD))])
        self.read(desk, FLOOD, 60 + FLOOD / 10)
        n = len(self.world.sink.answers("HEADER", From=desk.address))
        self.tell(f"{FLOOD} mails from one sender", n)
        self.assertLessEqual(n, 4)
        self.assertGreaterEqual(n, 1)

    def test_same_template_once_in_seven_days(self):
        desk = self.desk()
        who = "jo@" + self.domain()
        for i in range(5):
            self.send(desk, who, f"Outlook {i}", FIRST_CONTACT)
        self.read(desk, 5)
        self.tell("the same question five times", len(self.all_answers(desk)))
        self.assertEqual(len(self.all_answers(desk)), 1)
        case, = desk.cases()
        self.assertEqual((case["state"], case["reason"]),
                         ("review", "same_answer_in_7_days"))

    def test_one_case(self):
        """Ever new colleagues in one thread."""
        desk = self.desk()
        domain = self.domain()
        self.send(desk, "p0@" + domain, "Outlook", FIRST_CONTACT)
        first = self.answer(desk, "p0@" + domain)
        for i in range(1, 15):
            self.send(desk, f"p{i}@{domain}", "Re: Outlook", CANT_FIND,
                      in_reply_to=first["Message-ID"])
        self.read(desk, 15)
        n = len(self.all_answers(desk))
        self.tell("15 colleagues in one thread", n)
        self.assertLessEqual(n, 6)
        self.assertEqual(len(desk.cases()), 1)

    @unittest.skipUnless(LONG, "the long form only (CD_FLOOD)")
    def test_one_company(self):
        desk = self.desk()
        domain = self.domain()
        for i in range(450):
            self.send(desk, f"p{i}@{domain}", "Outlook", FIRST_CONTACT)
        self.read(desk, 450, 240)
        n = len(self.world.sink.answers("HEADER", From=desk.address))
        self.tell("450 people of one company", n)
        self.assertEqual(n, 400)

    def test_one_hour_of_the_whole_daemon_and_resume(self):
        desk = self.desk({"policy.max_replies_per_hour": 10})
        for i in range(25):
            self.send(desk, f"p@{i}-{self.domain()}", "Outlook", FIRST_CONTACT)
        base.wait_until("all to be read", 60, lambda: self.mails(desk) >= 25)
        time.sleep(3)
        n = len(self.all_answers(desk))
        self.tell("25 people in an hour, 10 allowed", n)
        self.assertLessEqual(n, 10)
        status = desk.cli("status")
        self.assertNotEqual(status.returncode, 0)
        self.assertIn(b"resume", status.stdout + status.stderr)
        # Nothing goes, not even what a person sends, until one says so.
        case = next(c for c in desk.cases() if c["state"] == "review")
        self.assertEqual(desk.cli("send", case["id"]).returncode, 0)
        time.sleep(3)
        self.assertEqual(len(self.all_answers(desk)), n)
        self.assertEqual(desk.cli("resume").returncode, 0)
        self.answer(desk, case["from"])
        self.assertEqual(desk.cli("status").returncode, 0)
        # And the next one who asks does not stop it all again.
        who = "p@" + self.domain()
        self.send(desk, who, "Outlook", FIRST_CONTACT)
        self.answer(desk, who)
        self.assertEqual(desk.cli("status").returncode, 0)

    def test_one_minute(self):
        desk = self.desk({"smtp.max_per_minute": 3})
        for i in range(8):
            self.send(desk, f"p@{i}-{self.domain()}", "Outlook", FIRST_CONTACT)
        base.wait_until("the first", 30, lambda: self.all_answers(desk), 0.3)
        time.sleep(6)
        n = len(self.all_answers(desk))
        self.tell("8 people in a minute, 3 allowed", n)
        self.assertLessEqual(n, 3)
        # The minute is the server's: it goes on behind a reload.
        self.assertEqual(desk.cli("reload").returncode, 0)
        time.sleep(4)
        self.assertLessEqual(len(self.all_answers(desk)), 3)

    # ---- loops --------------------------------------------------------------

    def test_two_desks_answer_each_other(self):
        changes = {"policy.require_authentication": "off"}
        one, other = self.desk(changes), self.desk(changes)
        # As if each were a person who asks the other.
        self.send(one, other.address, "Outlook", FIRST_CONTACT)
        self.send(other, one.address, "Outlook", FIRST_CONTACT)
        base.wait_until("answers to be read", 60, lambda: self.mails(one) > 1
                        and self.mails(other) > 1, 0.3)
        time.sleep(5)
        n = self.mails(one) + self.mails(other) - 2
        self.tell("two desks", n)
        self.assertLessEqual(n, 2)

    def pump(self, desk, make, rounds=40, quiet=8):
        """A responder: each answer that comes is answered by make(mail, n)."""
        done, still = 0, time.monotonic()
        while done < rounds and time.monotonic() - still < quiet:
            got = self.all_answers(desk)
            for mail in got[done:]:
                self.world.mail(desk, make(mail, done))
                done += 1
                still = time.monotonic()
            time.sleep(0.3)
        return done

    def test_a_responder_that_strips_every_header(self):
        """It answers each answer as a person would, and always something new:
        nothing shows that it is a machine but how often it writes."""
        desk = self.desk()
        domain = self.domain()
        self.send(desk, "robot@" + domain, "Outlook", FIRST_CONTACT)
        n = self.pump(desk, lambda mail, k: letters.letter(
            "robot@" + domain, desk.address, f"Question {k}",
            BODIES[(k + 1) % len(BODIES)]))
        self.tell("a responder without a trace", n)
        self.assertLessEqual(n, 4)

    def test_a_responder_with_ever_new_addresses(self):
        desk = self.desk()
        domain = self.domain()
        self.send(desk, "robot@" + domain, "Outlook", FIRST_CONTACT)
        n = self.pump(desk, lambda mail, k: letters.letter(
            f"robot{k}@{domain}", desk.address, "Re: " + mail["Subject"],
            BODIES[(k + 1) % len(BODIES)], in_reply_to=mail["Message-ID"]))
        self.tell("a responder with ever new addresses in one thread", n)
        self.assertLessEqual(n, 6)

    # ---- bounces ------------------------------------------------------------

    def test_a_bouncing_bounce(self):
        desk = self.desk()
        who = "gone@" + self.domain()
        self.send(desk, who, "Outlook", FIRST_CONTACT)
        answer = self.answer(desk, who)
        first = bounce(desk.address, who, answer["Message-ID"])
        mails = [first] + [
            first.replace(b"Message-ID: <b-", b"Message-ID: <b%d-" % i, 1)
            for i in range(20)]
        # Bounces of bounces, and one that names itself by its envelope only.
        mails += [bounce(desk.address, "MAILER-DAEMON@mx.far.test",
                         f"<again-{i}@mx.far.test>") for i in range(5)]
        self.world.mail(desk, mails, sender="")
        self.read(desk, 27)
        self.tell("26 bounces", len(self.all_answers(desk)) - 1)
        self.assertEqual(len(self.all_answers(desk)), 1)
        case, = desk.cases()
        self.assertEqual((case["state"], case["last_action"]),
                         ("review", "answer bounced"))
        self.assertIn("came back", str(desk.json("case", case["id"])))
        # No mail of any kind goes there: not to a question, not by consent.
        self.send(desk, who, "Re: Outlook", CANT_FIND)
        self.read(desk, 28)
        self.assertEqual(desk.cli("approve", who.partition("@")[2]
                                  ).returncode, 0)
        time.sleep(3)
        self.assertEqual(len(self.all_answers(desk)), 1)
        # Until a person sends.
        self.assertEqual(desk.cli("send", case["id"], "--template",
                                  "steps").returncode, 0)
        self.answers(desk, who, 2)
        self.send(desk, who, "Outlook", SAFE)
        self.answers(desk, who, 3)

    def test_a_bounce_marks_whom_the_answer_went_to(self):
        """Not the sender, where Reply-To names another of the house."""
        desk = self.desk()
        domain = self.domain()
        asks, gone = "asks@" + domain, "gone@" + domain
        self.send(desk, asks, "Outlook", FIRST_CONTACT,
                  headers=f"Reply-To: {gone}\r\n")
        answer = self.answer(desk, gone)
        self.world.mail(desk, bounce(desk.address, gone,
                                     answer["Message-ID"]), sender="")
        self.read(desk, 2)
        self.send(desk, asks, "Numeo", CANT_FIND)
        self.answer(desk, asks)
        self.send(desk, asks, "Numeo again", SAFE,
                  headers=f"Reply-To: {gone}\r\n")
        self.read(desk, 4)
        self.assertEqual(len(self.all_answers(desk)), 2)

    # ---- human first --------------------------------------------------------

    def colleague(self, desk, to, in_reply_to, cc=None):
        """Somebody of the team answers by an ordinary client: submits the mail
        and files a copy in Sent. cc: the mailbox itself sees it."""
        world = self.world
        ours = letters.letter(desk.address, to, "Re: Outlook",
                              "Hello, I will call you in five minutes.\n",
                              verdict=None, in_reply_to=in_reply_to,
                              headers=f"Cc: {cc}\r\n" if cc else "")
        with smtplib.SMTP("localhost", world.smtp.submission,
                          timeout=20) as client:
            client.starttls(context=world.trust())
            client.login(desk.user, world.dovecot.password)
            for one in [to] + ([cc] if cc else []):
                client.sendmail(desk.address, [one], ours)
        if not cc:
            with imaplib.IMAP4("localhost", world.dovecot.imap,
                               timeout=20) as client:
                client.starttls(world.trust())
                client.login(desk.user, world.dovecot.password)
                client.append("Sent", "\\Seen", None, ours)
        return letters.parse(ours)["Message-ID"]

    def human_first(self, through_sent):
        desk = self.desk()
        who = "jo@" + self.domain()
        first = self.send(desk, who, "Outlook", FIRST_CONTACT)
        self.answer(desk, who)
        theirs = self.colleague(desk, who, first,
                                None if through_sent else desk.address)
        if not through_sent:
            self.read(desk, 2)
        self.send(desk, who, "Re: Outlook", CANT_FIND, in_reply_to=theirs,
                  references=f"{first} {theirs}")
        case, = desk.await_cases(1, state="review")
        time.sleep(2)
        automatic = [m for m in self.world.sink.answers(
            From=desk.address, X_Original_To=who) if m["Auto-Submitted"]]
        self.assertEqual(len(automatic), 1)
        self.assertIn("answered by a person",
                      str(desk.json("case", case["id"])))

    def test_a_colleagues_answer_is_seen_in_sent(self):
        self.human_first(True)

    def test_a_colleagues_answer_is_seen_in_the_mailbox(self):
        self.human_first(False)


if __name__ == "__main__":
    unittest.main()
