"""The command line as scripts depend on it: exit codes, JSON keys, messages."""

import contextlib
import json
import os
import pty
import re
import shutil
import socket
import sqlite3
import subprocess
import time
import unittest

from servers import letters
from measure.common import TOP
from servers.microsoft import CONSUMERS, tenant_of

from . import base
from .test_answers import CANT_FIND, FIRST_CONTACT

EXPLAIN = {"file", "message_id", "from", "subject", "automatic",
           "authentication", "language", "visible", "intent", "confidence",
           "evidence", "domain", "action", "reason", "template"}
CASES = {"id", "state", "intent", "from", "domain", "tenant", "subject",
         "assignee", "opened", "updated", "last_action"}
COMMANDS = """run check status explain eval train replay cases case send close
reopen assign snooze merge note label link approve stats resume user backup
forget export""".split()


class CommandLine(base.Case):
    def ask(self, desk, text=CANT_FIND, local="it"):
        who = f"{local}@" + self.domain()
        self.send(desk, who, "Numeo", text)
        return who

    def fails(self, run, *codes):
        self.assertIn(run.returncode, codes or range(64, 79),
                      run.stderr.decode())
        self.assertTrue(run.stderr.strip(), "no word on standard error")

    # ---- without a daemon ----------------------------------------------------

    def test_usage(self):
        desk = self.desk(start=False)
        self.fails(desk.cli("frobnicate"), 64)
        self.fails(desk.cli(), 64)
        self.fails(desk.cli("case"), 64)
        self.fails(desk.cli("case", "x"), 64)
        self.fails(desk.cli("cases", "--no-such-option"), 64)
        run = desk.cli("--help", config=False)
        self.assertEqual(run.returncode, 0)
        for command in COMMANDS:
            self.assertRegex(run.stdout.decode(), rf"\b{command}\b")
            with self.subTest(command):
                helped = desk.cli(command, "--help", config=False)
                self.assertEqual(helped.returncode, 0)
                self.assertTrue(helped.stdout.strip())

    def test_missing_files(self):
        desk = self.desk(start=False)
        run = desk.cli("-c", config=False)
        self.assertEqual(run.returncode, 64)
        self.assertIn(b"-c needs a value", run.stderr)
        self.fails(desk.cli("-c", "/nonexistent/x.conf", "check",
                            config=False), 66, 72, 78)
        self.fails(desk.cli("explain", "/nonexistent.eml"), 66)

    def test_configuration_errors_name_file_line_and_key(self):
        desk = self.desk(start=False)
        with open(desk.config) as f:
            good = f.read()
        self.assertEqual(desk.cli("check").returncode, 0,
                         desk.cli("check").stderr)
        lines = good.split("\n")

        def at(key):
            return next(n for n, line in enumerate(lines, 1)
                        if line.startswith(key + " ="))
        for name, key, text, line in (
                ("unknown key", "colour",
                 good.replace("[policy]\n", "[policy]\ncolour = red\n"),
                 lines.index("[policy]") + 2),
                ("bad word", "mode", good.replace("mode = auto",
                                                  "mode = perhaps"),
                 at("mode")),
                ("bad number", "max_per_minute",
                 good.replace("max_per_minute = 6000",
                              "max_per_minute = many"),
                 at("max_per_minute")),
                ("out of bounds", "max_per_minute",
                 good.replace("max_per_minute = 6000", "max_per_minute = -1"),
                 at("max_per_minute")),
                ("unknown section", "weather",
                 good + "[weather]\nsun = yes\n", len(lines))):
            with self.subTest(name):
                desk.write(text)
                run = desk.cli("check")
                said = (run.stdout + run.stderr).decode()
                self.assertEqual(run.returncode, 78, said)
                self.assertIn(key, said)
                self.assertIn(f"{desk.config}:{line}", said)
        for key in ("host", "client_id", "redirect_uri", "support_address"):
            with self.subTest("missing " + key):
                desk.write("\n".join(
                    x for x in lines if not x.startswith(key + " =")))
                run = desk.cli("check")
                self.assertEqual(run.returncode, 78)
                self.assertIn(key, (run.stdout + run.stderr).decode())

    def test_check_warns_of_doubtful_rules(self):
        desk = self.desk(start=False)
        rules, mails = desk.path("rules"), desk.path("mails")
        os.mkdir(rules)
        os.mkdir(mails)
        shutil.copy(os.path.join(TOP, "conf/rules/codes"), rules)
        with open(os.path.join(rules, "x.rules"), "w") as f:
            f.write("".join(
                f"[rule {name}]\nmatch = {match}\nsays = {says}\n"
                for name, match, says in (
                    ("dead", "zebra crossing", "other +1"),
                    ("wide", "send the approval link", "want_link +2"),
                    ("narrow", "approval link", "want_link +1"),
                    ("first", "purple button", "blocked +1"),
                    ("second", "purple (button | switch)",
                     "blocked +2\nnot = (o+)+q"),
                    ("against", "purple button", "blocked -1"),
                    ("slow", "{drawn}", "other +1"),
                    # It lies within wide, and says more.
                    ("loud", "the approval", "want_link +9"))))
            f.write("[words]\ndrawn = (e+)+z\n" + base.needed_rules("the approval"))
        with open(os.path.join(mails, "x.jsonl"), "w") as f:
            for i in range(4):
                f.write(json.dumps({"text": f"{i} send the approval link for "
                                    "the purple button, eez"}) + "\n")
        with open(desk.config) as f:
            text = f.read()
        desk.write(text + f"\n[files]\nrules = {rules}\n")
        self.assertNotIn(b"warn", desk.cli("check").stdout)
        run = desk.cli("check", "--json", mails)
        self.assertEqual(run.returncode, 0, run.stdout + run.stderr)
        said = [x["text"] for x in json.loads(run.stdout)["findings"]
                if x.get("warning")]
        self.assertEqual(len(said), 5, said)
        for want in ("x.rules:1: dead never fires on these 4 mails",
                     "x.rules:7: narrow says nothing that wide (x.rules:4) "
                     "does not",
                     "x.rules:10: first and second (x.rules:13) fire on the "
                     "same 4 mails",
                     'x.rules:16: second can be made slow: it gives up on a '
                     'text that repeats "o"',
                     'x.rules:21: slow can be made slow: it gives up on a '
                     'text that repeats "e", because of {drawn} at '
                     'x.rules:27'):
            self.assertTrue(any(x.startswith(want) for x in said),
                            (want, said))
        self.assertEqual(desk.cli("check", "/nonexistent").returncode, 66)

    def test_check_looks_at_rules_without_mails_too(self):
        desk = self.desk(start=False)
        rules, mails = desk.path("rules"), desk.path("mails")
        os.mkdir(rules)
        os.mkdir(mails)

        def write(name, text):
            with open(os.path.join(rules, name), "w") as f:
                f.write(text)

        write("codes", "consent = 65001\ncustomer_admin/nope = 50105\n")
        write("x.rules", "[words]\nspare = (a | b\n"
              "[rule wide]\nmatch = e\nborder = none\nsays = other +1\n")
        with open(os.path.join(mails, "x.jsonl"), "w") as f:
            for i in range(10):
                f.write(json.dumps({"text": f"{i} see here"}) + "\n")
        with open(desk.config) as f:
            text = f.read()
        desk.write(text + f"\n[files]\nrules = {rules}\n")
        for mails_too, want in (
                ((), ("x.rules:2: no rule uses {spare}",
                      "x.rules:2: a ( without its )",
                      rules + '/codes names the answer "nope"')),
                ((mails,), ("x.rules:3: wide fires on 10 of these 10 mails",))):
            run = desk.cli("check", "--json", *mails_too)
            self.assertEqual(run.returncode, 0, run.stdout + run.stderr)
            said = [x["text"] for x in json.loads(run.stdout)["findings"]
                    if x.get("warning")]
            for words in want:
                self.assertTrue(any(x.startswith(words) for x in said),
                                (words, said))
        write("y.rules", "[rule all]\nmatch = zyzzyva | quagga |\n"
              "says = other +1\n")
        run = desk.cli("check")
        self.assertEqual(run.returncode, 78)
        self.assertIn(b"y.rules:2: this pattern matches nothing at all",
                      run.stdout)

    def test_a_secret_that_others_can_read_is_refused(self):
        desk = self.desk(start=False)
        with open(desk.config) as f:
            lines = f.read().split("\n")
        for name, section, key in (
                ("mail.secret", "mailbox", "password_file"),
                ("mail.secret", "smtp", "password_file"),
                ("link.secret", "microsoft", "link_secret_file")):
            os.chmod(desk.path(name), 0o644)
            run = desk.cli("check")
            said = (run.stdout + run.stderr).decode()
            self.assertNotIn(run.returncode, (0, 99))
            line = next(n for n, x in enumerate(lines, 1) if x.startswith(
                key + " =") and n > lines.index(f"[{section}]"))
            self.assertIn(f"{desk.config}:{line}: [{section}] {key}: "
                          f"{desk.path(name)}: others can reach", said)
            self.assertNotIn(self.world.dovecot.password, said)

    def test_explain(self):
        desk = self.desk(start=False)
        path = desk.path("mail.eml")
        with open(path, "wb") as f:
            f.write(letters.sample("2-yes-please.eml", to=desk.address))
        run = desk.cli("explain", "--json", path, path)
        self.assertEqual(run.returncode, 0, run.stderr)
        rows = [json.loads(x) for x in run.stdout.splitlines()]
        self.assertEqual(len(rows), 2)
        got = rows[0]
        self.assertLessEqual(EXPLAIN, set(got))
        self.assertEqual(got["file"], path)
        self.assertEqual(got["from"], "dolores@pruitthauling.test")
        self.assertIsNone(got["automatic"])
        self.assertEqual(got["authentication"], "pass")
        self.assertEqual(got["language"], "en")
        self.assertEqual(got["visible"].split(), ["yes", "please"])
        self.assertEqual((got["intent"], got["action"], got["template"]),
                         ("want_link", "link", "link"))
        self.assertEqual(got["domain"], "pruitthauling.test")
        self.assertTrue(0 <= got["confidence"] <= 1)
        for piece in got["evidence"]:
            self.assertLessEqual({"rule", "zone", "match", "weight"},
                                 set(piece))
        # It touches nothing and asks nobody.
        self.assertFalse(os.path.exists(desk.database))
        self.assertEqual(self.world.microsoft.requests, [])
        run = desk.cli("explain", "--json", "-", stdin=letters.sample(
            "5-out-of-office.eml", to=desk.address))
        got = json.loads(run.stdout)
        self.assertTrue(got["automatic"])
        self.assertEqual(got["action"], "ignore")
        run = desk.cli("explain", path)
        self.assertIn(b"want_link", run.stdout)

    def test_explain_of_what_is_no_mail(self):
        desk = self.desk(start=False)
        mail = letters.sample("2-yes-please.eml", to=desk.address)
        second = letters.sample("6-invoice.eml", to=desk.address)
        line = b"From jo@acme.test Tue Nov 24 10:00:00 2026\n"
        unix = mail.replace(b"\r\n", b"\n")
        for name, raw in (
                ("msg", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) +
                 mail),
                ("bytes", bytes(range(256)) * 40 + mail),
                ("utf16", mail.decode().encode("utf-16")),
                ("utf16be", mail.decode().encode("utf-16-be"))):
            with self.subTest(name):
                run = desk.cli("explain", "--json", "-", stdin=raw)
                self.fails(run, 65)
                self.assertEqual(run.stdout, b"")
                self.assertIn(b"save it as .eml", run.stderr)
        # A server may deliver what has no header.
        for raw in b"Please send the link.\n\nFrom: jo@acme.test\n", b"":
            run = desk.cli("explain", "--json", "-", stdin=raw)
            self.assertEqual(json.loads(run.stdout)["action"], "review")
            self.assertIn(b"has no header", run.stderr)
        for name, raw, note in (
                ("mbox of one", line + unix + b"\nFrom here to there.\n", b""),
                ("BOM", b"\xef\xbb\xbf" + mail, b""),
                ("blank lines", b"\r\n\r\n" + mail, b""),
                ("mbox", line + unix + b"\n" + line + second,
                 b"holds several mails; the first is read")):
            with self.subTest(name):
                run = desk.cli("explain", "--json", "-", stdin=raw)
                self.assertEqual(run.returncode, 0, run.stderr)
                self.assertEqual(bool(run.stderr), bool(note), run.stderr)
                self.assertIn(note, run.stderr)
                got = json.loads(run.stdout)
                self.assertEqual((got["from"], got["intent"]),
                                 ("dolores@pruitthauling.test", "want_link"))

    def test_no_database_is_made_unasked(self):
        desk = self.desk(start=False)
        for argv in (["cases"], ["case", 1], ["send", 1], ["close", 1],
                     ["reopen", 1], ["assign", 1, "tom"], ["note", 1, "x"],
                     ["snooze", 1, "1d"], ["merge", 1, 2],
                     ["label", 1, "other"], ["resume"],
                     ["forget", "a@b.test"], ["stats"], ["export"],
                     ["replay"], ["approve", "--withdraw", "a.test"],
                     ["user", "list"], ["user", "passwd", "tom"],
                     ["user", "remove", "tom"]):
            with self.subTest(argv):
                run = desk.cli(*argv)
                self.fails(run, 66)
                self.assertIn(f"there is no database {desk.database} yet",
                              run.stderr.decode())
                self.assertFalse(os.path.exists(desk.database))
        # What can come before the first start says that it makes one.
        for argv in (["user", "add", "tom"],
                     ["approve", "11111111-2222-4333-8444-555555555555"]):
            with self.subTest(argv):
                run = desk.cli(*argv, stdin=b"a long password\n")
                self.assertEqual(run.returncode, 0, run.stderr)
                self.assertIn(f"there was no database {desk.database}: it is "
                              "made now", run.stderr.decode())
                os.remove(desk.database)

    def test_output_that_cannot_be_written(self):
        desk = self.desk(start=False)
        mail = letters.sample("2-yes-please.eml", to=desk.address)
        for argv in (["explain", "--json", "-"], ["explain", "-"], ["--help"],
                     ["check"], ["check", "--json"]):
            with self.subTest(argv):
                with open("/dev/full", "wb") as full:
                    run = subprocess.run(
                        [desk.binary, "-c", desk.config, *argv], stdout=full,
                        stderr=subprocess.PIPE, input=mail,
                        env=desk.environment(), timeout=60)
                self.fails(run, 74)
                self.assertIn(b"No space left", run.stderr)
        # Who reads no further, as head(1), wants no more.
        ours, theirs = os.pipe()
        os.close(ours)
        run = subprocess.run([desk.binary, "--help"], stdout=theirs,
                             stderr=subprocess.PIPE, timeout=60)
        os.close(theirs)
        self.assertEqual((run.returncode, run.stderr), (0, b""))

    def test_sample_configuration_is_whole(self):
        desk = self.desk(start=False)
        sample = os.path.join(os.path.dirname(letters.HERE), os.pardir,
                              "conf", "consentdesk.conf")
        run = desk.cli("-c", sample, "explain", "--json", "-", config=False,
                       stdin=letters.sample("6-invoice.eml", to="x@y.test"))
        self.assertEqual(run.returncode, 0, run.stderr)

    # ---- with one ------------------------------------------------------------

    def test_cases_and_what_a_person_does(self):
        desk = self.desk()
        one = self.ask(desk)
        two = self.ask(desk, FIRST_CONTACT, "jo")
        self.answer(desk, one)
        self.answer(desk, two)
        rows = {c["from"]: c for c in desk.cases()}
        for row in rows.values():
            self.assertLessEqual(CASES, set(row))
        row = rows[one]
        self.assertEqual(row["tenant"], tenant_of(one.partition("@")[2]))
        self.assertEqual(row["domain"], one.partition("@")[2])
        self.assertEqual(row["subject"], "Numeo")
        number = row["id"]
        self.assertEqual([c["id"] for c in desk.cases("--search", one)],
                         [number])
        self.assertEqual(len(desk.cases("--limit", 1)), 1)
        self.assertEqual(desk.cases("--state", "closed"), [])
        self.fails(desk.cli("cases", "--state", "nonsense"), 64)
        self.fails(desk.cli("case", 99999))

        shown = desk.json("case", number)
        self.assertLessEqual(CASES | {"timeline", "draft"}, set(shown))
        for act in (("assign", number, "maria"), ("note", number, "called"),
                    ("close", number)):
            self.assertEqual(desk.cli(*act).returncode, 0, act)
        shown = desk.json("case", number)
        self.assertEqual((shown["state"], shown["assignee"]),
                         ("closed", "maria"))
        self.assertIn("called", json.dumps(shown["timeline"]))
        self.assertEqual(desk.cli("reopen", number).returncode, 0)
        self.assertIn(desk.json("case", number)["state"],
                      ("review", "waiting"))
        run = desk.cli("label", number, "is_it_safe")
        self.assertEqual(run.returncode, 0)
        self.assertRegex(run.stdout, rb"is labelled; read as \w+, now "
                         rb"is_it_safe;.* of 20\S+Z from \S+@\S+\n")
        self.fails(desk.cli("label", number, "nonsense"))
        self.assertEqual(desk.cli("merge", rows[two]["id"],
                                  number).returncode, 0)
        self.assertEqual(desk.cli("snooze", number, "2030-01-01").returncode,
                         0)
        # A template sent by hand.
        self.assertEqual(desk.cli("send", number, "--template",
                                  "safety").returncode, 0)
        self.answer(desk, one, 2)

    def test_status_knows_the_last_answer(self):
        """Once it has come, and after a restart too."""
        desk = self.desk()
        self.assertIsNone(desk.json("status")["last_send"])
        self.answer(desk, self.ask(desk))
        told = base.wait_until("the sender's word", 4,
                               lambda: desk.json("status")["last_send"])
        desk.stop()
        desk.start()
        self.assertEqual(desk.json("status")["last_send"], told)

    def test_status(self):
        desk = self.desk()
        status = desk.json("status")
        self.assertTrue(status)
        self.assertRegex(json.dumps(status), r"watch.*send|send.*watch")
        desk.stop()
        self.assertNotEqual(desk.cli("status").returncode, 0)

    def test_link(self):
        desk = self.desk()
        domain = self.domain()
        run = desk.cli("link", domain)
        self.assertEqual(run.returncode, 0, run.stderr)
        url = run.stdout.decode().strip()
        self.assertTrue(url.startswith(
            f"{self.world.microsoft.url}/{tenant_of(domain)}/v2.0/"
            "adminconsent?"), url)
        self.fails(desk.cli("link", "not a domain"))
        self.fails(desk.cli("link", 99999))

    def test_a_busy_database_is_no_unknown_tenant(self):
        """A link for any company is for one that Microsoft does not know."""
        desk = self.desk(start=False)
        domain = self.domain()
        self.assertEqual(desk.cli("link", self.domain()).returncode, 0)
        with contextlib.closing(sqlite3.connect(desk.database)) as db:
            db.execute("BEGIN IMMEDIATE")
            run = desk.cli("link", domain)
            self.fails(run, 75)
            self.assertIn(b"another process holds it", run.stderr)
            self.assertEqual(run.stdout, b"")
            db.rollback()
        self.assertIn(tenant_of(domain).encode(),
                      desk.cli("link", domain).stdout)

    def test_no_link_into_a_national_cloud(self):
        desk = self.desk()
        self.send(desk, "it@fedfreight.test", "Numeo", CANT_FIND)
        desk.await_cases(1, state="review")
        for command in (("link", "fedfreight.test"), ("link", 1),
                        ("send", 1, "--template", "link")):
            run = desk.cli(*command)
            self.fails(run, 69)
            self.assertIn(b"national cloud", run.stderr)
            self.assertEqual(run.stdout, b"")

    def test_approve_is_for_companies(self):
        desk = self.desk(start=False)
        for tenant in (CONSUMERS, "00000000-0000-0000-0000-000000000000"):
            run = desk.cli("approve", tenant)
            self.fails(run, 65)
            self.assertIn(tenant.encode(), run.stderr)

    def test_stats_replay_export_backup_forget(self):
        desk = self.desk()
        who = self.ask(desk)
        self.answer(desk, who)
        self.assertTrue(desk.json("stats"))
        run = desk.cli("replay")
        self.assertEqual(run.returncode, 0, run.stderr)
        run = desk.cli("export")
        self.assertEqual(run.returncode, 0)
        self.assertIn(who.encode(), run.stdout)
        copy = desk.path("backup.db")
        self.assertEqual(desk.cli("backup", copy).returncode, 0)
        self.assertGreater(os.path.getsize(copy), 4096)
        run = desk.cli("forget", who)
        self.assertEqual(run.returncode, 0, run.stderr)
        self.assertNotIn(who.encode(), desk.cli("export").stdout)
        self.assertNotIn(who, json.dumps(desk.cases()))
        # Not in the file either, journal included.
        desk.stop()
        local = who.encode()
        for name in os.listdir(desk.folder):
            if name.startswith("desk.db"):
                with open(desk.path(name), "rb") as f:
                    self.assertNotIn(local, f.read(), name)

    def test_a_case_reads_as_a_conversation(self):
        """Wrapped between words; nothing that a terminal would obey."""
        desk = self.desk()
        who = "jo@" + self.domain()
        self.send(desk, who, "Numeo \x1b]0;evil\x07", CANT_FIND +
                  "\nEvil: \x1b[2J \x9b31m \u202etxet\u202c \x07.\n" +
                  "and on " * 40)
        self.answer(desk, who)
        desk.cli("note", 1, "she called")
        for locale in ("C.UTF-8", "C"):
            text = desk.cli("case", 1, env={"LC_ALL": locale}).stdout.decode()
            for words in ("Case 1  Numeo", f"{who} wrote  ",
                          "  | I am the Microsoft 365 admin.",
                          "mail 1: Can't find the app, ", '" (app.',
                          "consentdesk answered  ",
                          "One-click link, sent, to " + who,
                          "  > That Numeo doesn\u2019t show up in the list",
                          "note: she called"):
                self.assertIn(words, text)
            self.assertNotRegex(text, "[^\n\x20-\x7e\xa0-\u2027\u202f-"
                                      "\u2065\u206a-\uffff]")
            for line in text.splitlines():
                if "adminconsent?" not in line:
                    self.assertLessEqual(len(line), 92, line)

    def test_a_draft_reads_as_what_became_of_it(self):
        desk = self.desk({"policy.mode": "draft"})
        who = "jo@" + self.domain()
        self.send(desk, who, "Numeo", CANT_FIND)
        desk.await_cases(1, last_action="link drafted")
        self.send(desk, who, "Numeo", FIRST_CONTACT)
        desk.await_cases(1, intent="blocked")
        self.assertEqual(desk.cli("send", 1).returncode, 0)
        self.answer(desk, who)
        text = desk.cli("case", 1).stdout.decode()
        self.assertEqual([text.count(words) for words in (
            "consentdesk prepared an answer  ", "consentdesk drafted an answer",
            " answered  ", ", sent, to ", "  > Hi")], [1, 1, 1, 1, 2])
        self.assertIn("  Not sent: a newer mail came in", text)
        self.assertIn(f", to {who} (see below)\n", text)
        self.assertNotIn("The server said", text)

    def test_cases_are_followed(self):
        desk = self.desk({"policy.mode": "draft"})
        argv = [desk.binary, "-c", desk.config, "cases", "--follow", "--json"]
        with subprocess.Popen(argv, stdout=subprocess.PIPE,
                              env=desk.environment()) as follow:
            self.addCleanup(follow.kill)
            sender = "ann@" + self.domain()
            self.send(desk, sender, "Need admin approval",
                      "Microsoft says need admin approval.")
            row = json.loads(follow.stdout.readline())
            self.assertEqual((row["from"], row["state"]), (sender, "review"))
            desk.cli("close", row["id"])
            while row["state"] != "closed":
                row = json.loads(follow.stdout.readline())
                self.assertEqual(row["from"], sender)
            # Nobody listens any more: it ends, and nothing is wrong.
            follow.stdout.close()
            desk.cli("reopen", row["id"])
            self.assertEqual(follow.wait(20), 0)
        # Colour is for terminals whose owner wants it.
        for env, coloured in (({}, True), ({"NO_COLOR": "1"}, False)):
            self.assertEqual(b"\x1b[" in self.on_a_terminal(desk, env),
                             coloured)
        self.assertNotIn(b"\x1b", desk.cli("cases").stdout)
        only = desk.cases("--domain", sender.partition("@")[2])
        self.assertEqual([c["from"] for c in only], [sender])
        self.assertEqual(desk.cases("--language", "ka"), [])
        # A misspelt word is no empty queue.
        for option, known in (("--state", "snoozed"), ("--intent", "want_link"),
                              ("--language", " ka ")):
            run = desk.cli("cases", option, "xx")
            self.assertEqual(run.returncode, 64)
            self.assertIn(f"{option} is ", run.stderr.decode())
            self.assertIn(known, run.stderr.decode())

    def on_a_terminal(self, desk, env):
        ours, theirs = pty.openpty()
        run = subprocess.Popen(
            [desk.binary, "-c", desk.config, "cases"], stdout=theirs,
            env={k: v for k, v in desk.environment().items()
                 if k != "NO_COLOR"} | env)
        os.close(theirs)
        said = b""
        try:
            while piece := os.read(ours, 4096):
                said += piece
        except OSError:
            pass  # The other end was closed.
        os.close(ours)
        self.assertEqual(run.wait(30), 0)
        return said

    def test_completion_knows_what_help_says(self):
        desk = self.desk(start=False)
        words = {}
        for command in self.commands(desk):
            told = desk.cli(command, "--help").stdout.decode()
            usage = told.splitlines()[0].partition(f"] {command} ")[2]
            words[command] = set(re.findall(r"(?<![\w-])--?[a-z]+", usage))
        script = desk.cli("completion", "bash").stdout.decode()
        for line, expected in (
                [("consentdesk ", set(words))] +
                [(f"consentdesk -c x {c} -", w) for c, w in words.items()] +
                [("consentdesk cases --state ", {"review", "snoozed",
                                                 "waiting", "approved",
                                                 "closed"}),
                 ("consentdesk send 3 --template ", {
                     "steps", "link", "still_blocked", "wrong_account"}),
                 ("consentdesk cases --intent ", {"blocked", "refused"})]):
            with self.subTest(line):
                self.assertLessEqual(expected, self.completed(script, line))
        zsh = desk.cli("completion", "zsh").stdout.decode()
        self.assertTrue(zsh.startswith("#compdef consentdesk\n"))
        for command, options in words.items():
            line = re.search(rf"^\t{command}\) list=\((.*?)\)", zsh, re.M)
            self.assertLessEqual(options, set(line.group(1).split()))
        self.assertEqual(desk.cli("completion", "fish").returncode, 64)
        # A house's own answers; without a configuration the shipped ones.
        own = desk.path("templates")
        shutil.copytree(os.path.join(TOP, "templates"), own)
        for ending in "subject", "txt", "html":
            for to in "ours", "it's", "a b", "$(id)":
                shutil.copy(f"{own}/en/steps.{ending}", f"{own}/en/{to}.{ending}")
        desk.change({"files.templates": own})
        last = "consentdesk send 3 --template "
        for argv, there in ([], True), (["-c", "/nowhere"], False):
            script = desk.cli(*argv, "completion", "bash",
                              config=not argv).stdout.decode()
            offered = self.completed(script, last)
            self.assertEqual("ours" in offered, there)
            self.assertNotRegex(script, r"it's|\$\(id\)| a b")
            self.assertIn("steps", offered)

    def commands(self, desk):
        return re.findall(r"^  ([a-z]+) +\S", desk.cli("--help").stdout
                          .decode(), re.M)

    def completed(self, script, line):
        """What bash offers at the end of that line."""
        words = line.split(" ")
        run = subprocess.run(
            ["bash", "-c", script + "\ncompopt() { :; }\n"
             "COMP_WORDS=(\"$@\"); COMP_CWORD=$(($# - 1))\n_consentdesk\n"
             "printf '%s\\n' \"${COMPREPLY[@]}\"", "-", *words],
            capture_output=True, timeout=20, check=True)
        return set(run.stdout.decode().split())

    def test_a_password_is_counted_in_letters_and_never_cut(self):
        desk = self.desk()
        for word, status in (("\u00e4" * 9, 65), ("\u00e4" * 10, 0),
                             ("x" * 1025, 65), ("x" * 1024, 0),
                             ("x" * 100000, 65)):
            with self.subTest(word[:12]):
                for end in (b"\n", b""):
                    name = f"u{len(word)}{len(end)}"
                    run = desk.cli("user", "add", name,
                                   stdin=word.encode() + end)
                    self.assertEqual(run.returncode, status, run.stderr)
                    self.assertEqual(name.encode() in desk.cli(
                        "user", "list").stdout, status == 0)

    def test_the_queue_in_the_browser_wants_a_login(self):
        desk = self.desk()
        who = self.ask(desk)
        self.answer(desk, who)
        status, _, page = desk.web("GET", "/")
        if status == 404:
            self.skipTest("this build has no queue in the browser")
        self.assertIn(status, (200, 302, 303))
        self.assertNotIn(who, page)

    def test_health_and_metrics(self):
        desk = self.desk()
        self.assertEqual(desk.web("GET", "/healthz")[0], 200)
        status, headers, _ = desk.web("POST", "/healthz")
        self.assertEqual((status, headers.get("Allow")), (405, "GET, HEAD"))
        status, _, text = desk.web("GET", "/metrics")
        self.assertEqual(status, 200)
        self.assertRegex(text, r"(?m)^consentdesk_\w+(\{.*\})? \d")
        self.assertEqual(desk.web("GET", "/nothing/here")[0], 404)

    def test_ready_as_status_says(self):
        """The brake makes the desk unhealthy; that the web lives it leaves."""
        desk = self.desk()
        self.assertEqual(desk.web("GET", "/readyz")[0], 200)
        with sqlite3.connect(desk.database, timeout=10) as db:
            db.execute("INSERT INTO brake (id, since, why) "
                       "VALUES (1, 1800000000, 'a test')")
        run = desk.cli("status")
        self.assertEqual(run.returncode, 69)
        why = "the brake is on (a test): nothing is sent until " \
            "`consentdesk resume`"
        self.assertIn(f"NOT HEALTHY: {why}\n", run.stdout.decode())
        status, _, text = desk.web("GET", "/readyz")
        self.assertEqual((status, text), (503, why + "\n"))
        self.assertIn("\nconsentdesk_healthy 0\n",
                      desk.web("GET", "/metrics")[2])
        self.assertEqual(desk.web("GET", "/healthz")[0], 200)
        self.assertEqual(desk.cli("resume").returncode, 0)
        self.assertEqual(desk.web("GET", "/readyz")[0], 200)

    def test_connections_that_ask_nothing(self):
        """Twice as many as there are places: who asks is answered."""
        desk = self.desk()
        with contextlib.ExitStack() as held:
            for i in range(200):
                s = held.enter_context(socket.create_connection(
                    ("127.0.0.1", desk.web_port), 10))
                if i % 2:
                    s.sendall(b"GET /healthz HTT")
            for path, status in (("/healthz", 200), ("/consent?x=1", 400)):
                began = time.monotonic()
                self.assertEqual(desk.web("GET", path)[0], status)
                self.assertLess(time.monotonic() - began, 2)


if __name__ == "__main__":
    unittest.main()
