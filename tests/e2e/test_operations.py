"""What one does with a daemon that runs: back it up and restore it, upgrade it,
watch it, let it forget."""

import hashlib
import json
import os
import re
import shutil
import socket
import sqlite3
import time
import unittest

from servers.desk import TOP

from . import base
from .test_answers import CANT_FIND

MIGRATIONS = os.path.join(TOP, "migrations")
SAMPLES = os.path.join(TOP, "tests", "db")
# What is kept of a mail whose text is forgotten.
FORGOTTEN = '{"context":"first","gates":[{"gate":"hold"}]}'


def migrations():
    return sorted(n for n in os.listdir(MIGRATIONS) if n.endswith(".sql"))


def rows(db, sql):
    """Each as a dictionary, in the table's order."""
    db.row_factory = sqlite3.Row
    return [dict(r) for r in db.execute(sql)]


def old_database(path, version):
    """As the program of that version kept it, with the rows of
    tests/db."""
    db = sqlite3.connect(path)
    db.execute("CREATE TABLE schema_migration (number INTEGER PRIMARY KEY, "
               "name TEXT NOT NULL, sha256 TEXT NOT NULL, "
               "applied_at INTEGER NOT NULL) STRICT")
    for number, name in enumerate(migrations()[:version], 1):
        with open(os.path.join(MIGRATIONS, name), "rb") as f:
            schema = f.read()
        db.executescript(schema.decode())
        db.execute("INSERT INTO schema_migration VALUES (?, ?, ?, "
                   "1790000000)", (number, name.removesuffix(".sql"),
                                   hashlib.sha256(schema).hexdigest()))
    with open(os.path.join(SAMPLES, f"{version:04}.sql")) as f:
        db.executescript(f.read())
    db.execute(f"PRAGMA user_version = {version}")
    db.execute(f"PRAGMA application_id = {0x4344736b}")
    db.commit()
    return db


class Operations(base.Case):
    def ask(self, desk):
        who = "it@" + self.domain()
        self.send(desk, who, "Numeo", CANT_FIND)
        self.answer(desk, who)
        return who

    def test_backup_and_restore(self):
        desk = self.desk()
        early = self.ask(desk)
        copy = desk.path("copy.db")
        self.assertEqual(desk.cli("backup", copy).returncode, 0)
        self.assertEqual(os.stat(copy).st_mode & 0o777, 0o600)
        # It replaces nothing.
        self.assertEqual(desk.cli("backup", copy).returncode, 73)
        late = self.ask(desk)
        number, = (c["id"] for c in desk.cases() if c["from"] == late)
        desk.stop()
        with open(desk.database, "r+b") as f:
            f.seek(5000)
            f.write(b"U" * 4000)
        run = desk.cli("check")
        self.assertEqual(run.returncode, 78, run.stderr)
        self.assertRegex(run.stdout, b"BAD +database .*damaged.*backup")
        self.assertIn(b"damaged", desk.cli("status").stderr)
        # What consentdesk(1) says is done.
        for name in os.listdir(desk.folder):
            if name.startswith("desk.db"):
                os.remove(desk.path(name))
        shutil.copy(copy, desk.database)
        desk.start()
        self.assertEqual(desk.cli("check").returncode, 0)
        self.assertIn(early, [c["from"] for c in desk.cases()])
        # Read again, as the copy does not know it, and known is not repeated.
        desk.await_cases(1, **{"from": late})
        new = self.ask(desk)
        self.assertEqual(len(self.world.sink.answers(
            From=desk.address, X_Original_To=early)), 1)
        self.assertEqual(sorted(c["from"] for c in desk.cases()),
                         sorted([early, late, new]))
        # The link that it has was sent with this number.
        self.assertNotIn(number, [c["id"] for c in desk.cases()])

    def test_old_databases_are_brought_up_to_date(self):
        for sample in sorted(os.listdir(SAMPLES)):
            with self.subTest(sample):
                self.brought_up_to_date(int(sample.removesuffix(".sql")))

    def brought_up_to_date(self, version):
        desk = self.desk(start=False)
        db = old_database(desk.database, version)
        before = {t: rows(db, f"SELECT * FROM {t}") for t in
                  ("cases", "mails", "outbox", "events", "tenants", "labels",
                   "dead_addresses", "accounts", "case_counts",
                   "outbox_counts")}
        db.close()
        # A reader does not touch it and says who will.
        for command in ("cases", "check"):
            run = desk.cli(command)
            self.assertGreater(run.returncode, 0, command)
            self.assertIn(b"up to date", run.stdout + run.stderr)
        for told in (True, False):
            run = desk.cli("resume")
            self.assertEqual(run.returncode, 0)
            self.assertEqual(b"older program" in run.stderr, told)
        run = desk.cli("check")
        self.assertIn(f"schema {len(migrations())}", run.stdout.decode())
        db = sqlite3.connect(desk.database)
        for table, kept in before.items():
            with self.subTest(table):
                now = rows(db, "SELECT o.*, coalesce(b.text, '') AS text, "
                           "b.raw FROM outbox o "
                           "LEFT JOIN bodies b ON b.outbox_id = o.id"
                           if table == "outbox" else f"SELECT * FROM {table}")
                self.assertEqual(len(now), len(kept))
                # A later version may add columns.
                for new, old in zip(now, kept):
                    old.pop("html", None)   # it is in the wire form
                    if table == "mails" and old["visible"] is None:
                        old["detail"] = FORGOTTEN
                    self.assertEqual({k: new[k] for k in old}, old)
        db.close()
        self.assertEqual([c["id"] for c in desk.cases("--search", "purple")],
                         [1])
        shown = json.dumps(desk.json("case", 2))
        self.assertIn("called him", shown)
        self.assertIn(b"maria", desk.cli("user", "list").stdout)

    def test_the_daemon_says_that_it_brings_it_up_to_date(self):
        desk = self.desk(start=False)
        old_database(desk.database, 5).close()
        path = desk.path("notify")
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
            manager.bind(path)
            manager.settimeout(10)
            desk.more_environment["NOTIFY_SOCKET"] = path
            desk.start()
            # Before that a manager would have lost its patience.
            self.assertIn(b"EXTEND_TIMEOUT_USEC=", manager.recv(200))
            self.assertEqual(manager.recv(200), b"READY=1")
            desk.stop()
            desk.start()
            self.assertEqual(manager.recv(200), b"STOPPING=1")
            self.assertEqual(manager.recv(200), b"READY=1")
        self.assertEqual(desk.log_text().count("database.old"), 1)
        self.assertEqual(desk.log_text().count("database.updated"), 1)

    def test_a_role_that_cannot_start_is_not_a_daemon_that_hangs(self):
        """A taken port is told in the log and by status, and the watchdog stays
        quiet."""
        desk = self.desk(start=False)
        path = desk.path("notify")
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager, \
                socket.create_server(("127.0.0.1", desk.web_port)):
            manager.bind(path)
            manager.settimeout(10)
            desk.more_environment.update({"NOTIFY_SOCKET": path,
                                          "WATCHDOG_USEC": "1000000"})
            desk.start(ready=False)
            longest, last = 0, time.monotonic()
            while desk.log_text().count("role.died") < 5:
                if manager.recv(200) == b"WATCHDOG=1":
                    longest = max(longest, time.monotonic() - last)
                last = time.monotonic()
            status = desk.cli("status")
            self.assertEqual(status.returncode, 69, status.stdout)
            self.assertRegex(status.stdout.decode(),
                             "web: error: it cannot start: .*in use")
        desk.await_ready()
        self.assertLess(longest, 2)
        self.assertIn("role.failed", desk.log_text())

    def test_a_file_put_in_the_place_of_another(self):
        """The roles' sandbox knows files, not names."""
        folder = self.world.inside("cas")
        os.makedirs(folder)
        ca = os.path.join(folder, "ca.pem")
        shutil.copy(self.world.ca, ca)
        desk = self.desk({"mailbox.ca_file": ca, "smtp.ca_file": ca})
        self.ask(desk)
        shutil.copy(self.world.ca, ca + ".new")
        os.replace(ca + ".new", ca)
        base.wait_until("new roles", 15,
                        lambda: desk.log_text().count("imap.open") == 2)
        self.assertIn(f'file.replaced file="{ca}"', desk.log_text())
        self.ask(desk)
        self.assertNotIn("role.died", desk.log_text())
        time.sleep(5)
        self.assertEqual(desk.log_text().count("file.replaced"), 1)

    def test_retention(self):
        desk = self.desk({"files.retention_days": 30})
        old, fresh = self.ask(desk), self.ask(desk)
        desk.stop()
        db = sqlite3.connect(desk.database)
        db.execute("UPDATE mails SET seen_at = ? WHERE canonical = ?",
                   (int(time.time()) - 31 * 86400, old))
        db.commit()
        desk.start()
        base.wait_until("the purge", 15,
                        lambda: "retention.purged" in desk.log_text())
        texts = dict(db.execute("SELECT canonical, visible FROM mails "
                                "WHERE case_id IS NOT NULL"))
        self.assertIsNone(texts[old])
        self.assertTrue(texts[fresh])
        # The case stays, with its answer.
        self.assertEqual({c["from"] for c in desk.cases()}, {old, fresh})
        db.close()

    def test_a_mail_does_not_wait_for_the_purge(self):
        desk = self.desk({"files.retention_days": 30})
        self.ask(desk)
        desk.stop()
        old = int(time.time()) - 31 * 86400
        db = sqlite3.connect(desk.database)
        left = lambda: db.execute("SELECT count(*) FROM mails WHERE visible "
                                  "NOT NULL AND seen_at <= ?", (old,)
                                  ).fetchone()[0]
        with db:
            db.execute("CREATE TEMP TABLE one AS SELECT * FROM mails LIMIT 1")
            for i in range(3000):
                db.execute("UPDATE one SET id = NULL, seen_at = ?, "
                           "uid = ?2 + 5000, identity = 'old' || ?2", (old, i))
                db.execute("INSERT INTO mails SELECT * FROM one")
        desk.start()
        base.wait_until("the purge's beginning", 15, lambda: left() < 3000)
        self.ask(desk)
        self.assertGreater(left(), 0)
        db.close()

    def test_json_log(self):
        desk = self.desk({"log.format": "json"}, start=False)
        desk.start()
        who = self.ask(desk)
        desk.stop()
        rows = [json.loads(x) for x in desk.log_text().splitlines() if x]
        events = {r["event"] for r in rows}
        self.assertLessEqual({"start", "mail.stored", "reply.sent", "stop"},
                             events)
        self.assertIn(who, json.dumps(rows))
        self.assertNotIn(self.world.dovecot.password, json.dumps(rows))

    def test_alert_rules_use_what_metrics_say(self):
        desk = self.desk()
        base.wait_until("the first look for alarms", 15, lambda:
                        "consentdesk_alarm{" in desk.web(
                            "GET", "/metrics")[2] or self.world.smtp)
        text = desk.web("GET", "/metrics")[2]
        with open(os.path.join(TOP, "conf", "alerts.yml")) as f:
            used = set(re.findall(r"consentdesk_\w+", f.read()))
        there = set(re.findall(r"(?m)^# TYPE (consentdesk_\w+)", text))
        # That one is there with OAuth 2.0 only.
        there.add("consentdesk_token_expires_seconds")
        self.assertLessEqual(used, there)

    def test_preview_of_one_branch(self):
        desk = self.desk(start=False)

        def text(*how):
            run = desk.cli("templates", "preview", "link", *how, "--dir",
                           desk.folder)
            self.assertEqual(run.returncode, 0, run.stderr)
            with open(desk.path("link.en.txt")) as f:
                return f.read()

        plain, grey = text(), text("--with", "greyed_out,first_contact")
        self.assertNotEqual(plain, grey)
        self.assertEqual(plain, text("--with=first_contact"))
        self.assertNotEqual(grey, text("--with", "cant_find_app, admin"))
        desk.cli("templates", "preview", "steps", "--with", "with_link",
                 "--dir", desk.folder)
        with open(desk.path("steps.en.txt")) as f:
            self.assertIn("/v2.0/adminconsent?", f.read())
        run = desk.cli("templates", "preview", "link", "--with", "grey")
        self.assertEqual(run.returncode, 64)
        self.assertRegex(run.stderr.decode(), '(?s)first_contact, admin, '
                         'greyed_out.*there is no "grey"')
        with open(os.path.join(TOP, "src/text/template.c")) as f:
            known = re.search(r"(?s)answer_variables\[\] = {(.*?)};",
                              f.read()).group(1)
        for name in re.findall(r"\w+", run.stderr.decode().split(
                "names sections: ")[1].split(";")[0]):
            self.assertIn(f'"{name}"', known)
        run = desk.cli("templates", "preview", "lnk")
        self.assertEqual(run.returncode, 66)
        self.assertRegex(run.stderr.decode(), '"lnk"; there are: .*, link, ')

    def test_preview_of_an_answer(self):
        desk = self.desk(start=False)
        run = desk.cli("templates", "preview", "link", "--language", "es",
                       "--dir", desk.folder)
        self.assertEqual(run.returncode, 0, run.stderr)
        with open(desk.path("link.es.html")) as f:
            page = f.read()
        with open(desk.path("link.es.txt")) as f:
            text = f.read()
        for shown in (page, text):
            self.assertIn("Numeo", shown)
            self.assertIn("example.com", shown + "example.com")
            self.assertIn("/v2.0/adminconsent?", shown)
        self.assertTrue(text.startswith("Subject: "))
        run = desk.cli("templates", "preview", "all", "--dir", desk.folder,
                       config=False)
        self.assertEqual(run.returncode, 0, run.stderr)
        self.assertTrue(os.path.exists(desk.path("still_blocked.en.html")))
        # What is got: the steps give the link where the house wants that.
        for first, given in ("steps", False), ("steps_and_link", True):
            desk.change({"policy.first_reply": first})
            desk.cli("templates", "preview", "steps", "--dir", desk.folder)
            for kind in "html", "txt":
                with open(desk.path("steps.en." + kind)) as f:
                    self.assertEqual("/v2.0/adminconsent?" in f.read(), given)
        self.assertEqual(desk.cli("templates", "preview", "nothing").returncode,
                         66)
        self.assertEqual(desk.cli("templates", "paint", "link").returncode, 64)
        run = desk.cli("templates", "preview", "link", "--language", "xx",
                       "--dir", desk.folder)
        self.assertEqual(run.returncode, 65)
        self.assertRegex(run.stderr, b'"xx".*: en .*de')


if __name__ == "__main__":
    unittest.main()
