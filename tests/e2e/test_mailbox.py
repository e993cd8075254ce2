"""The connection to the mailbox and to the SMTP server: TLS, passwords, where
reading begins, how fast an answer is, what a lost connection costs."""

import contextlib
import imaplib
import os
import statistics
import threading
import time
import unittest

from servers import letters
from servers.dovecot import Dovecot
from servers.smtp_script import Script, Silent

from . import base
from .test_answers import FIRST_CONTACT


def cpu_seconds(pids):
    """User and system time of these processes so far."""
    ticks = 0
    for pid in pids:
        with contextlib.suppress(OSError):
            with open(f"/proc/{pid}/stat") as f:
                rest = f.read().rpartition(")")[2].split()
            ticks += int(rest[11]) + int(rest[12])
    return ticks / os.sysconf("SC_CLK_TCK")


class Announcements(threading.Thread):
    """Waits in IDLE on a mailbox as an ordinary client would, and notes when
    the server announces a mail."""

    def __init__(self, port, user, password):
        super().__init__(daemon=True)
        self.client = imaplib.IMAP4("127.0.0.1", port, timeout=60)
        self.client.login(user, password)
        self.client.select("INBOX", readonly=True)
        self.times = {}
        self.client.send(b"x1 IDLE\r\n")
        self.client.readline()

    def run(self):
        with contextlib.suppress(OSError, imaplib.IMAP4.error):
            while True:
                line = self.client.readline()
                if not line:
                    return
                if line.endswith(b" EXISTS\r\n"):
                    self.times[int(line.split()[1])] = time.time()

    def end(self):
        with contextlib.suppress(OSError):
            self.client.send(b"DONE\r\n")
            self.client.shutdown()


class Mailbox(base.Case):
    def steps(self, desk):
        """A customer writes and is answered."""
        who = "jo@" + self.domain()
        self.send(desk, who, "Outlook", FIRST_CONTACT)
        return self.answer(desk, who)

    def test_implicit_tls_both_ways(self):
        world = self.world
        desk = self.desk({"mailbox.tls": "implicit",
                          "mailbox.port": world.dovecot.imaps,
                          "smtp.tls": "implicit",
                          "smtp.port": world.smtp.smtps})
        self.steps(desk)

    def test_starttls_both_ways(self):
        desk = self.desk()
        answer = self.steps(desk)
        self.assertEqual(desk.settings["mailbox"]["tls"], "starttls")
        self.assertEqual(desk.settings["smtp"]["tls"], "starttls")
        self.assertRegex(" ".join(answer.get_all("Received")),
                         r"ESMTPSA|LMTP")

    def test_plain_only_to_loopback(self):
        self.steps(self.desk({"mailbox.tls": "none",
                              "mailbox.host": "127.0.0.1"}))
        desk = self.desk({"mailbox.tls": "none",
                          "mailbox.host": "imap.far.test"}, start=False)
        run = desk.cli("check")
        self.assertEqual(run.returncode, 78)
        self.assertIn(b"tls", run.stdout + run.stderr)

    # ---- what must not work -------------------------------------------------

    def refused(self, changes, words, ends=True):
        """check --online says what is wrong; the daemon says it too, sends
        nothing and does not spin."""
        desk = self.desk(changes, start=False)
        run = desk.cli("check", "--online")
        said = (run.stdout + run.stderr).decode()
        self.assertNotIn(run.returncode, (0, 99), said)
        self.assertRegex(said, words)
        desk.start(ready=False)
        self.send(desk, "jo@" + self.domain(), "Outlook", FIRST_CONTACT)
        base.wait_until("a word in the log", 10,
                        lambda: self.has(desk, words))
        before = cpu_seconds(desk.daemon.members())
        time.sleep(4)
        self.assertTrue(desk.daemon.running())
        spent = cpu_seconds(desk.daemon.members()) - before
        self.assertLess(spent, 1.5, "CPU seconds within 4 s")
        self.assertLess(desk.log_text().count("\n"), 60)
        self.assertNotEqual(desk.cli("status").returncode, 0)
        self.assertEqual(self.all_answers(desk), [])
        self.assertNotIn(self.world.dovecot.password, desk.log_text())
        return desk

    @staticmethod
    def has(desk, words):
        import re
        return re.search(words, desk.log_text())

    def test_wrong_ca(self):
        self.refused({"mailbox.ca_file": self.world.authority.other_ca},
                     "(?i)certificate|verif")

    def test_wrong_host_name(self):
        server = self.server("wrong-name", self.world.authority.wrong_name())
        self.refused({"mailbox.port": server.imap},
                     "(?i)host ?name|mismatch|certificate")

    def test_wrong_host_name_with_implicit_tls(self):
        server = self.server("wrong-name-2", self.world.authority.wrong_name())
        self.refused({"mailbox.port": server.imaps, "mailbox.tls": "implicit"},
                     "(?i)host ?name|mismatch|certificate")

    def test_expired_certificate(self):
        server = self.server("expired", self.world.authority.expired())
        self.refused({"mailbox.port": server.imap}, "(?i)expired")

    def server(self, name, certificate):
        server = Dovecot(self.world.inside("dovecot-" + name), *certificate)
        self.addCleanup(server.stop)
        return server.start()

    def test_wrong_password(self):
        desk = self.desk(start=False)
        wrong = desk.secret("wrong.secret", "not-the-password")
        self.refused({"mailbox.password_file": wrong},
                     "(?i)password|login|authenticat")

    def test_wrong_smtp_password(self):
        desk = self.desk(start=False)
        wrong = desk.secret("wrong.secret", "not-the-password")
        desk = self.desk({"smtp.password_file": wrong}, start=False)
        run = desk.cli("check", "--online")
        self.assertNotIn(run.returncode, (0, 99))
        self.assertRegex((run.stdout + run.stderr).decode(),
                         "(?i)535|password|authenticat")

    def test_wrong_smtp_ca(self):
        desk = self.desk({"smtp.ca_file": self.world.authority.other_ca},
                         start=False)
        run = desk.cli("check", "--online")
        self.assertNotIn(run.returncode, (0, 99))
        self.assertRegex((run.stdout + run.stderr).decode(),
                         "(?i)certificate|SSL|TLS")

    def test_nobody_listens(self):
        self.refused({"mailbox.port": 1}, "(?i)refused|connect")

    def test_a_silent_server_does_not_hold_check_for_ever(self):
        silent = Silent().start()
        self.addCleanup(silent.stop)
        desk = self.desk({"mailbox.port": silent.port}, start=False)
        begin = time.monotonic()
        run = desk.cli("check", "--online", timeout=90)
        self.assertLess(time.monotonic() - begin, 60)
        self.assertNotIn(run.returncode, (0, 99))

    # ---- where reading begins -----------------------------------------------

    def test_first_start_answers_nothing_old(self):
        desk = self.desk(start=False)
        old = "old@" + self.domain()
        self.send(desk, old, "Outlook", FIRST_CONTACT)
        desk.start()
        self.steps(desk)
        self.assertEqual(len(self.all_answers(desk)), 1)
        self.assertEqual(len(desk.cases()), 1)

    def test_start_all_answers_what_is_there(self):
        desk = self.desk({"mailbox.start": "all"}, start=False)
        old = "old@" + self.domain()
        self.send(desk, old, "Outlook", FIRST_CONTACT)
        desk.start()
        self.answer(desk, old)

    def test_too_old_goes_to_a_person(self):
        desk = self.desk({"mailbox.start": "all",
                          "policy.max_age_hours": 48}, start=False)
        raw = letters.letter("old@" + self.domain(), desk.address, "Outlook",
                             FIRST_CONTACT, when=time.time() - 5 * 86400)
        with letters.mailbox(self.world.dovecot.imap, desk.user,
                             self.world.dovecot.password) as box:
            box.append("INBOX", None, imaplib.Time2Internaldate(
                time.time() - 5 * 86400), raw)
        desk.start()
        desk.await_cases(1, state="review")
        self.assertEqual(self.all_answers(desk), [])

    def test_mail_that_came_while_we_were_down_is_answered(self):
        desk = self.desk()
        self.steps(desk)
        self.assertEqual(desk.stop(), 0)
        who = "jo@" + self.domain()
        self.send(desk, who, "Outlook", FIRST_CONTACT)
        desk.start()
        self.answer(desk, who)
        self.assertEqual(len(self.all_answers(desk)), 2)

    def test_what_a_colleague_answered_while_we_were_down(self):
        """... from a mail program of his own is not answered once more."""
        desk = self.desk()
        self.steps(desk)
        self.assertEqual(desk.stop(), 0)
        who, other = ("jo@" + self.domain() for _ in range(2))
        asked = self.send(desk, who, "Outlook", FIRST_CONTACT)
        self.send(desk, other, "Outlook", FIRST_CONTACT)
        with imaplib.IMAP4("127.0.0.1", self.world.dovecot.imap) as box:
            box.login(desk.user, self.world.dovecot.password)
            box.create("Sent")
            box.append("Sent", None, None, letters.letter(
                desk.address, who, "Re: Outlook", "I have done it for you. "
                "Mary", verdict=None, in_reply_to=asked))
        desk.start()
        self.answer(desk, other)
        case, = desk.await_cases(1, **{"from": who})
        self.assertEqual((case["state"], case["reason"]), ("waiting", ""))
        self.assertIn("taken", [e["kind"] for e in desk.json(
            "case", case["id"])["timeline"]])
        self.assertEqual(len(self.all_answers(desk)), 2)
        # What he says to it is Mary's.
        self.send(desk, who, "Re: Outlook", FIRST_CONTACT, in_reply_to=asked)
        desk.await_cases(1, state="review", reason="taken")

    # ---- another server ------------------------------------------------------

    def moved(self, name, copied):
        """A desk that has answered one, whose configuration names another server
        now, with a folder of another name for what is sent; that server has a
        mail that a colleague answered there, and copied: the first one too."""
        desk = self.desk()
        who, first = "jo@" + self.domain(), "ann@" + self.domain()
        mails = [letters.letter(w, desk.address, "Outlook", FIRST_CONTACT,
                                message_id=f"<q-{w}>") for w in (first, who)]
        self.world.mail(desk, mails[0])
        self.answer(desk, first)
        self.assertEqual(desk.stop(), 0)
        server = self.server(name, self.world.authority.good())
        letters.deliver(server.lmtp, desk.user,
                        mails if copied else mails[1:])
        with letters.mailbox(server.imap, desk.user, server.password) as box:
            box.create('"Sent Items"')
            box.append('"Sent Items"', None, None, letters.letter(
                desk.address, who, "Re: Outlook", "Done. Mary", verdict=None,
                in_reply_to=f"<q-{who}>"))
        desk.change({"mailbox.host": "127.0.0.1", "mailbox.port": server.imap,
                     "mailbox.user": desk.user + "@numeo.test",
                     "mailbox.sent_folder": "Sent Items"})
        desk.start()
        later = "eve@" + self.domain()
        letters.deliver(server.lmtp, desk.user, letters.letter(
            later, desk.address, "Outlook", FIRST_CONTACT))
        self.answer(desk, later)
        self.assertEqual(len(self.all_answers(desk)), 2)
        return desk, who

    def test_another_mailbox_of_the_same_name(self):
        """Begins as one that was never read; a trial's place is none in it."""
        desk, _ = self.moved("other", copied=False)
        self.assertIn("imap.another ", desk.log_text())
        self.assertNotIn("imap.known ", desk.log_text())
        self.assertEqual(len(desk.cases()), 2)
        # From then on it is the one that is known.
        desk.stop()
        desk.start()
        self.assertEqual(desk.log_text().count("imap.another "), 1)

    def test_a_mailbox_that_moved(self):
        """Goes on, and what was sent since in a folder of another name counts."""
        desk, who = self.moved("new", copied=True)
        self.assertIn("imap.known ", desk.log_text())
        case, = desk.await_cases(1, **{"from": who})
        self.assertEqual(case["state"], "waiting")
        self.assertIn("taken", [e["kind"] for e in desk.json(
            "case", case["id"])["timeline"]])

    # ---- how fast -----------------------------------------------------------

    def test_answer_within_a_second_of_the_announcement(self):
        script = Script().start()
        self.addCleanup(script.stop)
        desk = self.desk({"smtp.port": script.port, "smtp.host": "127.0.0.1",
                          "smtp.tls": "none", "smtp.auth": "none",
                          "smtp.user": None, "smtp.password_file": None,
                          "smtp.ca_file": None})
        idle = Announcements(self.world.dovecot.imap, desk.user,
                             self.world.dovecot.password)
        idle.start()
        self.addCleanup(idle.end)
        for i in range(1, 6):
            self.send(desk, f"jo{i}@" + self.domain(), "Outlook",
                      FIRST_CONTACT)
            base.wait_until("acceptance", 10,
                            lambda: len(script.accepted) >= i, 0.01)
            base.wait_until("announcement", 10, lambda: i in idle.times, 0.01)
        late = [script.accepted[i - 1].at - idle.times[i]
                for i in range(1, 6)]
        print(f"    announcement to acceptance: median "
              f"{statistics.median(late) * 1000:.0f} ms, worst "
              f"{max(late) * 1000:.0f} ms")
        self.assertLess(max(late), 1.0, late)


if __name__ == "__main__":
    unittest.main()
