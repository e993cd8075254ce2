"""Restarts, signals, and who else is on the database. Kills during a stream of
mails are in tests/faults."""

import contextlib
import os
import re
import shutil
import signal
import sqlite3
import time
import unittest

from servers.desk import TOP
from servers.process import Program

from . import base
from .test_answers import FIRST_CONTACT


class Crash(base.Case):
    def test_each_role_is_restarted(self):
        desk = self.desk()
        before = set(desk.daemon.members())
        self.assertEqual(len(before), 4, "a supervisor and three roles")
        for pid in before - {desk.daemon.pid}:
            os.kill(pid, signal.SIGKILL)
        base.wait_until("three new roles", 20, lambda: (
            len(desk.daemon.members()) == 4 and
            len(set(desk.daemon.members()) & before) == 1))
        who = "jo@" + self.domain()
        self.send(desk, who, "Outlook", FIRST_CONTACT)
        self.answer(desk, who, seconds=20)

    def test_a_role_that_dies_again_and_again(self):
        """Each start is a sign of life, and yet it is not well, though it lives for
        half a minute."""
        desk = self.desk({"log.alarm_address": "ops@watchers.test"})
        killed = set()

        def dead(n):
            with contextlib.closing(sqlite3.connect(desk.database,
                                                    timeout=10)) as db:
                pid, = db.execute("SELECT pid FROM roles WHERE "
                                  "role = 'watch'").fetchone()
            if pid not in killed and pid in desk.daemon.members():
                killed.add(pid)
                os.kill(pid, signal.SIGSEGV)
            return len(killed) == n
        for n in (2, 3):
            base.wait_until(f"{n} deaths", 20, lambda n=n: dead(n))
            base.wait_until("the last one to be told", 10, lambda n=n:
                            desk.log_text().count("role.died") == n)
            if n == 2:      # may be chance
                desk.await_ready()
        base.wait_until("trouble", 5, lambda: desk.cli("status").returncode)
        self.assertEqual(desk.cli("status").returncode, 69)
        self.assertRegex(desk.cli("status").stdout.decode(),
                         r"NOT HEALTHY: main: failing: watch has died 3 times in "
                         r"a row, the last time by signal 11 \(Segmentation")
        base.wait_until("the alarm", 20, lambda: "alarm.raised kind=role" in
                        desk.log_text())
        self.assertEqual(desk.cli("reload").returncode, 0)
        time.sleep(50)
        self.assertEqual(desk.cli("status").returncode, 69)
        self.assertNotIn("alarm.over", desk.log_text())
        # Who stopped it knows.
        desk.stop()
        desk.start()
        self.assertEqual(desk.cli("status").returncode, 0)
        base.wait_until("the alarm's end", 20, lambda: "alarm.over kind=role" in
                        desk.log_text())

    def test_status_knows_a_dead_daemon_at_once(self):
        desk = self.desk()
        self.assertEqual(desk.cli("status").returncode, 0)
        desk.kill_everything()
        status = desk.cli("status")
        self.assertEqual(status.returncode, 69)
        self.assertIn(b"NOT HEALTHY: the daemon does not run", status.stdout)
        desk.start()
        self.assertEqual(desk.cli("status").returncode, 0)

    def test_a_second_daemon_refuses(self):
        desk = self.desk()
        second = Program([desk.binary, "-c", desk.config, "run"],
                         desk.path("second.log"), env=desk.environment())
        self.addCleanup(second.stop)
        status = second.wait(10)
        self.assertNotIn(status, (None, 0, 99))
        self.assertRegex(second.text(), "(?i)another|already|running|lock")
        self.assertEqual(desk.cli("status").returncode, 0)
        who = "jo@" + self.domain()
        self.send(desk, who, "Outlook", FIRST_CONTACT)
        self.answer(desk, who)

    def test_sigterm_stops_within_five_seconds(self):
        desk = self.desk()
        daemon = desk.daemon
        begin = time.monotonic()
        daemon.send(signal.SIGTERM)
        self.assertEqual(daemon.wait(8), 0)
        self.assertLess(time.monotonic() - begin, 5)
        self.assertEqual(daemon.members(), [])

    def test_sigterm_stops_while_the_server_is_away(self):
        desk = self.desk({"mailbox.port": 1}, start=False)
        desk.start(ready=False)
        base.wait_until("a watch that cannot connect", 30,
                        lambda: "imap.down" in desk.log_text())
        begin = time.monotonic()
        desk.daemon.send(signal.SIGTERM)
        self.assertEqual(desk.daemon.wait(8), 0)
        self.assertLess(time.monotonic() - begin, 5)

    def starting(self, desk):
        """A daemon that has only begun: its rules are not compiled yet."""
        desk.start(ready=False)
        # Exactly these: who starts a program holds all of them for a moment.
        own = sum(1 << (s - 1) for s in (signal.SIGHUP, signal.SIGINT,
                                         signal.SIGTERM, signal.SIGCHLD))

        def holds():
            with open(f"/proc/{desk.daemon.pid}/status") as f:
                held = next(x for x in f if x.startswith("SigBlk"))
            return int(held.split()[1], 16) == own
        base.wait_until("a daemon that holds signals", 10, holds, 0.005)
        self.assertFalse(os.path.exists(desk.database))
        return desk.daemon

    def test_sigterm_while_it_starts(self):
        daemon = self.starting(self.desk(start=False))
        daemon.send(signal.SIGTERM)
        self.assertEqual(daemon.wait(30), 0)
        self.assertEqual(daemon.members(), [])

    def test_sighup_while_it_starts(self):
        desk = self.desk(start=False)
        self.starting(desk).send(signal.SIGHUP)
        base.wait_until("a reload", 30,
                        lambda: "reload.done" in desk.log_text())
        desk.await_ready()

    def answers_one(self, desk):
        who = "jo@" + self.domain()
        self.send(desk, who, "Outlook", FIRST_CONTACT)
        self.answer(desk, who)

    def refused(self, desk, code, words):
        """reload fails with the reason; the daemon works on with what it has."""
        pids = desk.daemon.members()
        run = desk.cli("reload")
        self.assertEqual(run.returncode, code, run.stderr)
        self.assertIn(words, run.stderr.decode())
        self.assertEqual(desk.daemon.members(), pids)
        self.answers_one(desk)

    def test_reload_of_a_broken_configuration(self):
        desk = self.desk()
        with open(desk.config) as f:
            good = f.read()
        desk.write(good + "\n[policy]\nno_such_key = 1\n")
        self.refused(desk, 78, "no_such_key")
        desk.daemon.send(signal.SIGHUP)
        base.wait_until("the refusal in the log", 10,
                        lambda: "no_such_key" in desk.log_text())
        # Who looks later learns it too.
        desk.write(good)
        status = desk.cli("status")
        self.assertEqual(status.returncode, 69)
        self.assertRegex(status.stdout.decode(),
                         r"NOT HEALTHY: .*refused.*no_such_key")
        run = desk.cli("reload")
        self.assertEqual(run.returncode, 0, run.stderr)
        desk.await_ready()

    def test_reload_with_a_short_link_secret(self):
        desk = self.desk()
        with open(desk.path("link.secret")) as f:
            good = f.read()
        for size in (15, 16, 31):
            with open(desk.path("link.secret"), "w") as f:
                f.write(good[:size])
            why = f"link.secret holds {size} bytes, at least 32"
            self.refused(desk, 78, why)
            check = desk.cli("check")
            self.assertEqual(check.returncode, 78)
            self.assertIn(why, check.stdout.decode())

    def test_reload_of_a_good_configuration(self):
        desk = self.desk({"policy.mode": "off"})
        self.send(desk, "jo@" + self.domain(), "Outlook", FIRST_CONTACT)
        desk.await_cases(1, state="review")
        desk.change({"policy.mode": "auto", "web.listen": ""})
        run = desk.cli("reload")
        self.assertEqual((run.returncode, run.stderr), (0, b""))
        desk.await_ready()
        self.answers_one(desk)
        # Nobody misses what was switched off.
        self.assertEqual({r["role"] for r in desk.json("status")["roles"]},
                         {"main", "watch", "send"})

    def test_reload_of_broken_rules(self):
        desk = self.desk()
        rules = desk.path("rules")
        shutil.copytree(os.path.join(TOP, "conf", "rules"), rules)
        desk.change({"files.rules": rules})
        with open(os.path.join(rules, "own.rules"), "w") as f:
            f.write("this is ( no rule [[[\n")
        self.assertEqual(desk.cli("check").returncode, 78)
        self.refused(desk, 78, "own.rules:1")

    def test_rules_without_those_that_hold_answers_back(self):
        """A folder with one's own rule alone, or with none."""
        desk = self.desk()
        rules = desk.path("rules")
        os.mkdir(rules)
        shutil.copy(os.path.join(TOP, "conf", "rules", "codes"), rules)
        desk.change({"files.rules": rules})
        for own in ("", "[rule own.asleep]\nmatch = knob ... asleep\n"
                    "says = greyed_out +3, other_company\n"):
            with open(os.path.join(rules, "own.rules"), "w") as f:
                f.write(own)
            run = desk.cli("check")
            self.assertRegex(run.stdout.decode(), r"warn +rules +" + re.escape(
                rules) + ": .*copy the whole folder")
            self.assertEqual(b"other_company" in run.stdout, not own)
        desk.stop()
        desk.start()
        self.assertRegex(desk.log_text(), "rules.incomplete .*copy the whole folder")

    def test_rules_that_are_being_written(self):
        """A role that dies meanwhile comes back with those that were read."""
        desk = self.desk(start=False)
        rules = desk.path("rules")
        shutil.copytree(os.path.join(TOP, "conf", "rules"), rules)
        desk.change({"files.rules": rules})
        desk.start()
        with open(os.path.join(rules, "own.rules"), "w") as f:
            f.write("half of a ( rule [[[\n")
        before = set(desk.daemon.members())
        for pid in before - {desk.daemon.pid}:
            os.kill(pid, signal.SIGKILL)
        base.wait_until("three new roles", 20, lambda: (
            len(desk.daemon.members()) == 4 and
            len(set(desk.daemon.members()) & before) == 1))
        self.answers_one(desk)

    def test_reload_for_another_database(self):
        desk = self.desk()
        other = self.desk(start=False)
        other.start()
        other.stop()
        desk.change({"files.database": other.database})
        run = desk.cli("reload")
        self.assertEqual(run.returncode, 66)
        self.assertIn(b"the daemon does not run", run.stderr)
        desk.daemon.send(signal.SIGHUP)
        base.wait_until("the refusal in the log", 10,
                        lambda: "another [files] database" in desk.log_text())
        self.answers_one(desk)

    def test_two_names_are_one_database(self):
        desk = self.desk()
        other = self.desk(start=False)
        os.symlink(desk.database, other.database)
        daemon = Program([other.binary, "-c", other.config, "run"], other.log,
                         env=other.environment())
        self.addCleanup(daemon.stop)
        self.assertEqual(daemon.wait(10), 69, daemon.text())
        self.assertIn("another Consent Desk runs", daemon.text())
        self.answers_one(desk)

    def test_a_newer_database_is_refused(self):
        desk = self.desk()
        desk.stop()
        db = sqlite3.connect(desk.database)
        version = db.execute("PRAGMA user_version").fetchone()[0]
        db.execute(f"PRAGMA user_version = {version + 1}")
        db.commit()
        db.close()
        daemon = Program([desk.binary, "-c", desk.config, "run"], desk.log,
                         env=desk.environment())
        self.addCleanup(daemon.stop)
        self.assertNotIn(daemon.wait(10), (None, 0, 99))
        self.assertRegex(daemon.text(), "(?i)newer")
        run = desk.cli("cases")
        self.assertNotIn(run.returncode, (0, 99))
        self.assertRegex(run.stderr.decode(), "(?i)newer")

    def test_a_foreign_file_is_not_taken_for_a_database(self):
        desk = self.desk(start=False)
        with open(desk.database, "w") as f:
            f.write("my shopping list\n" * 100)
        run = desk.cli("cases")
        self.assertNotIn(run.returncode, (0, 99))
        with open(desk.database) as f:
            self.assertTrue(f.read().startswith("my shopping list"))


if __name__ == "__main__":
    unittest.main()
