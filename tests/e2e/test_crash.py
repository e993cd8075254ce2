"""Restarts, signals, and who else is on the database. Kills during a stream of
mails are in tests/faults."""

import os
import signal
import sqlite3
import time
import unittest

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
        time.sleep(1.5)
        begin = time.monotonic()
        desk.daemon.send(signal.SIGTERM)
        self.assertEqual(desk.daemon.wait(8), 0)
        self.assertLess(time.monotonic() - begin, 5)

    def test_sighup_with_a_broken_configuration_keeps_the_old(self):
        desk = self.desk()
        with open(desk.config) as f:
            good = f.read()
        desk.write(good + "\n[policy]\nno_such_key = 1\n")
        desk.daemon.send(signal.SIGHUP)
        base.wait_until("the refusal in the log", 10,
                        lambda: "no_such_key" in desk.log_text())
        desk.write(good)
        self.assertEqual(desk.cli("status").returncode, 0)
        who = "jo@" + self.domain()
        self.send(desk, who, "Outlook", FIRST_CONTACT)
        self.answer(desk, who)

    def test_sighup_takes_a_good_configuration(self):
        desk = self.desk({"policy.mode": "off"})
        self.send(desk, "jo@" + self.domain(), "Outlook", FIRST_CONTACT)
        desk.await_cases(1, state="review")
        desk.change({"policy.mode": "auto"})
        desk.daemon.send(signal.SIGHUP)
        base.wait_until("the reload in the log", 10,
                        lambda: "reload.done" in desk.log_text())
        desk.await_ready()
        who = "jo@" + self.domain()
        self.send(desk, who, "Outlook", FIRST_CONTACT)
        self.answer(desk, who)

    def test_sighup_with_broken_rules_keeps_the_old(self):
        desk = self.desk(start=False)
        broken = desk.path("broken.rules")
        with open(broken, "w") as f:
            f.write("this is ( no rule [[[\n")
        desk.start()
        desk.change({"files.rules": broken})
        self.assertEqual(desk.cli("check").returncode, 78)
        desk.daemon.send(signal.SIGHUP)
        base.wait_until("the refusal in the log", 10,
                        lambda: "reload.refused" in desk.log_text())
        who = "jo@" + self.domain()
        self.send(desk, who, "Outlook", FIRST_CONTACT)
        self.answer(desk, who)

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
