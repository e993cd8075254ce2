"""Commands and options that no other test shows at work."""

import contextlib
import csv
import io
import json
import os
import shutil
import sqlite3
import subprocess
import threading
import time
from concurrent.futures import ThreadPoolExecutor

from servers import letters
from servers.desk import TOP
from servers.microsoft import tenant_of

from . import base
from .test_answers import CANT_FIND, FIRST_CONTACT

JUDGE = os.path.join(TOP, "tests", "mails", "judge")


class Reading(base.Case):
    def mails(self, desk, count):
        """The first of the labelled mails, in a folder of the test's own."""
        folder = desk.path("mails")
        os.mkdir(folder)
        with open(os.path.join(JUDGE, "labels.jsonl")) as f:
            rows = [json.loads(f.readline()) for _ in range(count)]
        for row in rows:
            shutil.copy(os.path.join(JUDGE, row["file"]), folder)
        return folder, rows

    def label(self, folder, rows):
        with open(os.path.join(folder, "labels.jsonl"), "w") as f:
            f.writelines(json.dumps(r) + "\n" for r in rows)

    def test_eval_tells_the_misses(self):
        desk = self.desk(start=False)
        folder, rows = self.mails(desk, 8)
        self.label(folder, rows)
        fair = desk.json("eval", folder)
        self.assertEqual(fair["mails"], 8)
        right = {r["file"] for r in rows} - {m["file"] for m in
                                             fair["misses"]}
        wrong = next(r for r in rows if r["file"] in right)
        wrong["intent"] = ("refused" if wrong["intent"] != "refused"
                           else "blocked")
        self.label(folder, rows)
        told = desk.json("eval", folder)
        self.assertAlmostEqual(told["intent_accuracy"],
                               fair["intent_accuracy"] - 1 / 8)
        self.assertIn(wrong["file"], {m["file"] for m in told["misses"]})
        self.assertIn(wrong["file"].encode(), desk.cli("eval", folder).stdout)
        self.assertEqual(desk.cli("eval", desk.path("none")).returncode, 66)

    def test_train_says_at_once_that_it_cannot_write(self):
        desk = self.desk(start=False)
        lessons, there = desk.path("few.jsonl"), desk.path("there.bin")
        with open(lessons, "w") as f:
            f.write('{"text": "send the link", "intent": "want_link"}\n')
        run = desk.cli("train", "-o", desk.path("no/such/new.bin"), lessons)
        self.assertEqual(run.returncode, 73)
        self.assertRegex(run.stderr, b"no/such/new.bin.new: No such file")
        # What is there may be open to writing, and its folder not.
        os.makedirs(desk.path("held.bin.new"))
        for name, code in (("", 64), ("held.bin", 73), ("mails", 73),
                           ("few.jsonl", 64)):
            with self.subTest(name):
                os.makedirs(desk.path("mails"), exist_ok=True)
                run = desk.cli("train", "-o", name and desk.path(name),
                               lessons)
                self.assertEqual(run.returncode, code, run.stderr)
        with open(lessons) as f:
            self.assertIn("send the link", f.read())
        # So few lessons make no model; what is there is whole all the same,
        # and what was not is not.
        with open(there, "w") as f:
            f.write("the old one")
        for file in (there, desk.path("new.bin")):
            self.assertEqual(desk.cli("train", "-o", file,
                                      lessons).returncode, 65)
        with open(there) as f:
            self.assertEqual(f.read(), "the old one")
        self.assertFalse(os.path.exists(desk.path("new.bin")))

    def test_eval_counts_what_would_be_sent_wrongly(self):
        """An answer where none should go, and another than should go."""
        desk = self.desk({"policy.require_authentication": "off",
                          "product.support_address": "support@numeo.ai"},
                         start=False)
        folder, rows = self.mails(desk, 60)
        self.label(folder, rows)
        fair = desk.json("eval", folder)
        missed = {m["file"] for m in fair["misses"]}
        link = next(r for r in rows if r["action"] == "link" and
                    r["file"] not in missed)
        for action, wrong, other in (("review", 1, 0), ("safety", 0, 1)):
            with self.subTest(action):
                self.label(folder, [dict(link, action=action)])
                told = desk.json("eval", folder)
                self.assertEqual(told["wrong_automatic_answers"], wrong)
                self.assertEqual(told["other_automatic_answers"], other)
                listed = told["wrong_answers"] + told["other_answers"]
                self.assertEqual([m["file"] for m in listed], [link["file"]])
                self.assertIn(f"answers: {wrong} where none should go, "
                              f"{other} where another should".encode(),
                              desk.cli("eval", folder).stdout)

    def test_eval_takes_no_label_that_it_does_not_know(self):
        desk = self.desk(start=False)
        folder, rows = self.mails(desk, 2)
        for field in ("intent", "action"):
            with self.subTest(field):
                self.label(folder, [rows[0], dict(rows[1], **{field: "lnik"})])
                run = desk.cli("eval", folder)
                self.assertEqual(run.returncode, 65)
                self.assertIn(f'labels.jsonl:2: no {field} "lnik"'.encode(),
                              run.stderr)
        self.assertRegex(run.stderr, b"there are ignore, leave, .*steps")
        for field, value, told in (
                ("file", None, '"file" is missing'),
                ("intent", None, '"intent" is missing'),
                ("action", None, '"action" is missing'),
                ("action", 5, '"action" is no text'),
                ("lang", "deutsch", 'lang "deutsch" is no code'),
                ("file", "gone.eml", f"{folder}/gone.eml: No such file")):
            with self.subTest(field, value=value):
                row = {k: v for k, v in dict(rows[1], **{field: value}).items()
                       if v is not None}
                self.label(folder, [rows[0], row])
                run = desk.cli("eval", folder)
                self.assertEqual(run.returncode,
                                 66 if value == "gone.eml" else 65)
                self.assertIn(f"labels.jsonl:2: {told}".encode(), run.stderr)
        self.label(folder, [])
        run = desk.cli("eval", folder)
        self.assertEqual(run.returncode, 65)
        self.assertIn(b"nothing to evaluate", run.stderr)
        self.assertNotIn(b"%", run.stdout)

    def test_eval_gives_no_share_of_nothing(self):
        """What no mail is labelled as, or read as, is neither all right nor
        all wrong."""
        desk = self.desk(start=False)
        folder, rows = self.mails(desk, 1)
        self.label(folder, rows)
        told = desk.json("eval", folder)
        self.assertEqual(told["intents"][rows[0]["intent"]],
                         {"precision": 1.0, "recall": 1.0, "n": 1})
        self.label(folder, [dict(rows[0], action="link", domain=None)])
        self.assertIn(b"domain of links right in 0 of 0",
                      desk.cli("eval", folder).stdout)
        self.assertEqual(told["actions"]["approved_note"],
                         {"precision": None, "recall": None, "n": 0})
        self.assertRegex(desk.cli("eval", folder).stdout,
                         rb"\napproved_note +- +- +0\n")

    def test_a_byte_order_mark_is_no_mistake(self):
        desk = self.desk(start=False)
        folder, rows = self.mails(desk, 1)
        self.label(folder, rows)
        with open(os.path.join(folder, "labels.jsonl"), "r+b") as f:
            text = f.read()
            f.seek(0)
            f.write(b"\xef\xbb\xbf" + text)
        self.assertEqual(desk.json("eval", folder)["mails"], 1)
        # So few make no model, but all of them are read.
        run = desk.cli("train", "-o", desk.path("new.bin"), folder)
        self.assertEqual(run.returncode, 65)
        self.assertNotIn(b"labels.jsonl:", run.stderr)

    def test_train_takes_no_lesson_without_words(self):
        desk = self.desk(start=False)
        file, model = desk.path("own.jsonl"), desk.path("new.bin")
        good = '{"intent": "greyed_out", "text": "the button is grey"}\n'
        for line, told in (
                ('{"intent": "greyed_out", "txet": "grey"}', 'no "text"'),
                ('{"intent": "greyed_out", "text": " "}', 'no "text"'),
                ('{"intent": "greyed_out", "text": 5}', 'no "text"'),
                ('{"intent": "greyed_out"}', 'no "text"'),
                ('{"text": "grey"}', '"intent" is missing'),
                ('{"text": "grey", "intent": "gray"}', 'no intent "gray"; '
                 'there are other, automatic, '),
                ('{"text": "grey", "intent": "other", "context": "re"}',
                 'no context "re"; there are first, '),
                ('{"text": "grey", "intent": "other", "subject": 5}',
                 '"subject" is no text'),
                ('{"text": "grey", "intent": "other", "lang": "deutsch"}',
                 'lang "deutsch" is no code'),
                ('{"text": "grey", "intent": "other", "tenant": "mine"}',
                 'tenant is "own" or "other", not "mine"'),
                ('{"text": "grey", "intent": "other"', "'}' expected"),
                ('["grey"]', "no JSON object")):
            with self.subTest(line):
                with open(file, "w") as f:
                    f.write(good + line + "\n")
                run = desk.cli("train", "-o", model, file)
                self.assertEqual(run.returncode, 65)
                self.assertIn(f"own.jsonl:2: {told}".encode(), run.stderr)
                self.assertFalse(os.path.exists(model))

    def test_train_makes_a_model_that_is_read_with(self):
        desk = self.desk(start=False)
        lessons, model = desk.path("lessons"), desk.path("new.bin")
        os.mkdir(lessons)
        for name, count in (("dev", 160), ("en-other", 20)):
            with open(os.path.join(TOP, "conf", "train",
                                   name + ".jsonl")) as f:
                lines = f.readlines()[:count]
            with open(os.path.join(lessons, name + ".jsonl"), "w") as f:
                f.writelines(lines)
        with open(os.path.join(lessons, "whose.jsonl"), "w") as f:
            for i in range(12):
                whose = ("own", "other")[i % 2]
                f.write(json.dumps({
                    "text": f"send it, it is for {whose} company {i}",
                    "intent": "want_link", "tenant": whose}) + "\n")
        said = []
        for more in ([], ["--without", "en-other.jsonl", "--misses"]):
            run = desk.cli("train", "--cv", 2, *more, "-o", model, lessons,
                           timeout=200)
            self.assertEqual(run.returncode, 0, run.stderr)
            said.append(run.stdout.decode())
        self.assertNotEqual(said[0].split("\n")[0], said[1].split("\n")[0])
        self.assertGreater(said[1].count("\n"), said[0].count("\n"))
        self.assertRegex(said[0], r"labelled own .* 6\nlabelled other .* 6\n")
        folder, rows = self.mails(desk, 4)
        self.label(folder, rows)
        self.assertNotEqual(
            desk.json("eval", "--model", model, folder),
            desk.json("eval", folder))
        # The daemon's commands take it where the configuration names it.
        with_installed = desk.json("eval", folder)
        desk.change({"files.model": model})
        self.assertEqual(desk.cli("check").returncode, 0)
        # One that an older version learned: said, and nothing stands still.
        self.assertNotEqual(desk.json("eval", folder), with_installed)
        with open(model, "r+b") as f:
            f.seek(8)
            f.write((3).to_bytes(4, "little"))
        run = desk.cli("check")
        self.assertEqual(run.returncode, 78)
        self.assertIn(b"consentdesk train -o", run.stdout + run.stderr)
        self.assertEqual(desk.json("eval", folder), with_installed)
        desk.start()
        desk.stop()
        with open(model, "r+b") as f:
            f.truncate(100)
        self.assertEqual(desk.cli("check").returncode, 78)
        self.assertEqual(desk.cli("eval", folder).returncode, 78)
        installed = os.path.join(TOP, "conf", "model.bin")
        self.assertGreater(desk.json("eval", "--model", installed,
                                     folder)["mails"], 0)
        self.assertEqual(desk.cli("train", "--cv", 1, "-o", model,
                                  lessons).returncode, 64)


    def test_no_lesson_is_left_out_in_silence(self):
        desk = self.desk(start=False)
        lessons, model = desk.path("lessons"), desk.path("new.bin")
        os.mkdir(lessons)
        with open(os.path.join(lessons, "a.jsonl"), "w") as f:
            f.write('{"intent": "other", "text": "%s"}\n' %
                    ("x" * 1024 * 1024))
        run = desk.cli("train", "--without", "b.jsonl", "-o", model, lessons)
        self.assertEqual(run.returncode, 65)
        self.assertIn(b"a.jsonl:1", run.stderr)
        run = desk.cli("check", lessons)
        self.assertNotEqual(run.returncode, 0)
        self.assertIn(b"a.jsonl:1: line too long", run.stdout + run.stderr)
        with open(os.path.join(lessons, "a.jsonl"), "w"):
            pass
        run = desk.cli("train", "--without", "b.jsonl", "-o", model, lessons)
        self.assertEqual(run.returncode, 66)
        self.assertIn(b"--without b.jsonl", run.stderr)
        for i in range(1024):
            with open(os.path.join(lessons, f"{i}.jsonl"), "w"):
                pass
        run = desk.cli("train", "-o", model, lessons)
        self.assertEqual(run.returncode, 65)
        self.assertIn(b"more than 1024", run.stderr)

    def test_explain_into_a_pipe_is_whole(self):
        desk = self.desk(start=False)
        long = "It says need admin approval " + "and so on " * 600 + "end."
        path = desk.path("mail.eml")
        with open(path, "wb") as f:
            f.write(letters.letter("dolores@pruitthauling.test",
                                   desk.address, "Outlook", long))
        run = desk.cli("explain", path)
        self.assertIn(b"    | " + long.encode() + b"\n", run.stdout)


class Queue(base.Case):
    def test_what_one_looks_for(self):
        desk = self.desk()
        one, two = "it@" + self.domain(), "jo@" + self.domain()
        self.send(desk, one, "Numeo", CANT_FIND)
        self.send(desk, two, "Outlook", FIRST_CONTACT)
        self.answer(desk, one)
        self.answer(desk, two)
        row = next(c for c in desk.cases() if c["from"] == one)
        self.assertEqual(desk.cli("assign", row["id"],
                                  " maria  ").returncode, 0)
        for option, value in (("--tenant", tenant_of(row["domain"])),
                              ("--domain", row["domain"]),
                              ("--intent", "cant_find_app"),
                              ("--assignee", "maria")):
            with self.subTest(option):
                self.assertEqual([c["id"] for c in desk.cases(option, value)],
                                 [row["id"]])
        table = list(csv.DictReader(io.StringIO(
            desk.cli("export", "--csv").stdout.decode())))
        self.assertEqual({r["from"] for r in table}, {one, two})
        lines = desk.cli("export").stdout.splitlines()
        self.assertEqual({json.loads(x)["from"] for x in lines}, {one, two})
        self.assertEqual(desk.cli("export", "--json").stdout.splitlines(),
                         lines)
        self.assertEqual(desk.cli("export", "--json", "--csv").returncode, 64)
        with open("/dev/full", "wb") as full:
            self.assertEqual(subprocess.run(
                [desk.binary, "-c", desk.config, "export"], stdout=full,
                stderr=subprocess.DEVNULL, env=desk.environment(),
                timeout=60).returncode, 74)
        with self.subTest("stats"):
            self.assertEqual(desk.cli("send", row["id"], "--template",
                                      "safety").returncode, 0)
            self.answer(desk, one, 2)
            told = desk.json("stats")
            self.assertEqual((told["without_person"]["answers"],
                              told["without_person"]["of"]), (2, 3))
            self.assertAlmostEqual(told["without_person"]["share"], 2 / 3)
            self.assertEqual(told["funnel"], {
                "steps": 1, "link": 1, "approved_note": 0, "approved": 0})
            said = desk.cli("stats").stdout.decode()
            self.assertIn("2 of 3 answers without a person (67 %)", said)
            self.assertIn("steps 1, link 1, ", said)
            never = desk.json("stats", "--since", "2099-01-01")
            self.assertNotEqual(told, never)
            self.assertIsNone(never["without_person"]["share"])
            self.assertEqual(never["first_answer_seconds"],
                             {"median": None, "p90": None})
            self.assertIsNotNone(told["first_answer_seconds"]["median"])
            # The states are of now, whatever the date: it says so.
            self.assertEqual(never["state"], told["state"])
            said = desk.cli("stats", "--since", "2099-01-01").stdout.decode()
            self.assertIn("\nfirst answer -\n", said)
            self.assertRegex(said, r"(?m)^state \(of all cases, now\)\n  ")
        self.reads_again(desk, one)

    def test_accounts_of_the_queue(self):
        desk = self.desk()
        run = desk.cli("user", "add", "maria",
                       stdin=b"correct horse 9 staple\n" * 2)
        self.assertEqual(run.returncode, 0, run.stderr)
        self.assertIn(b"maria", desk.cli("user", "list").stdout)
        self.assertEqual(desk.cli("user", "remove", "maria").returncode, 0)
        self.assertNotIn(b"maria", desk.cli("user", "list").stdout)
        for args, words in ((["list", "x"], "too many arguments"),
                            (["add", "no name"], "letters, digits"),
                            (["passwd", "maria", "--lead"],
                             "--lead is for add"),
                            (["remove", "maria", "--lead"],
                             "--lead is for add"),
                            (["list", "--lead"], "--lead is for add"),
                            (["paint", "x"], 'unknown verb "paint"')):
            run = desk.cli("user", *args)
            self.assertEqual(run.returncode, 64)
            self.assertIn(words, run.stderr.decode())

    def test_a_filter_that_finds_nothing_is_no_misspelling(self):
        desk = self.desk()
        who = "it@" + self.domain()
        self.send(desk, who, "Numeo", CANT_FIND)
        self.answer(desk, who)
        row = desk.cases()[0]
        for option, key in ("--tenant", "tenant"), ("--domain", "domain"):
            with self.subTest(option):
                self.assertEqual([c["id"] for c in desk.cases(
                    option, row[key].upper())], [row["id"]])
                self.assertEqual(desk.cases(option, row[key].translate(
                    str.maketrans("0123456789", "1234567890"))), [])
                for wrong in "nonsense", row[key] + "x y":
                    run = desk.cli("cases", option, wrong)
                    self.assertEqual((run.returncode, run.stdout), (64, b""))
                    self.assertIn(f"{option} is ", run.stderr.decode())

    def test_the_oldest_mail_not_read(self):
        desk = self.desk()
        desk.stop()
        said = lambda: desk.cli("status").stdout.decode()
        self.assertRegex(said(), r"(?m)^  oldest unread none$")
        with contextlib.closing(sqlite3.connect(desk.database)) as db, db:
            db.execute("""UPDATE roles SET data = '{"oldest_unread": 86400}'
                          WHERE role = 'watch'""")
        self.assertRegex(said(), r"(?m)^  oldest unread 1970-01-02T00:00:00")

    def test_a_number_that_is_none(self):
        desk = self.desk()
        for argv in ("x", 1), (1, "x"), (1, 0):
            run = desk.cli("merge", *argv)
            self.assertEqual(run.returncode, 64)
            self.assertIn("is no case number", run.stderr.decode())

    def waiting(self, desk, first, last):
        """Cases in review, the first waiting longest."""
        with contextlib.closing(sqlite3.connect(
                desk.database, timeout=10)) as db, db:
            for n in range(first, last + 1):
                db.execute(
                    "INSERT INTO cases (id, state, updated, opened, reason, "
                    "intent, language, from_addr, from_name, canonical, "
                    "subject, last_action, waits_since) VALUES (?1, 'review', "
                    "?1, ?1, 'unsure', 'blocked', 'en', ?2, '', ?2, 'Numeo', "
                    "'review: unsure', ?1)", (n, f"p{n}@many.test"))
                db.execute("INSERT INTO events (case_id, at, kind, actor, "
                           "text) VALUES (?1, ?1, 'mail', 'x', '')", (n,))

    def test_a_full_queue(self):
        """What is left out is told, and whoever comes last is followed too."""
        desk = self.desk()
        desk.stop()
        self.waiting(desk, 1, 50)
        self.assertNotIn("--limit", desk.cli("cases").stdout.decode())
        self.waiting(desk, 51, 54)
        for argv, shown in ((), 50), (("--limit", 53), 53):
            said = desk.cli("cases", *argv).stdout.decode().splitlines()
            self.assertEqual(len(said), 1 + shown + 1)
            self.assertEqual(said[-1], f"the first {shown}; there are more: "
                             "--limit N shows them")
            self.assertEqual(len(desk.cases(*argv)), shown)
        argv = [desk.binary, "-c", desk.config, "cases", "--follow", "--json"]
        with subprocess.Popen(argv, stdout=subprocess.PIPE,
                              env=desk.environment()) as follow:
            late = threading.Timer(60, follow.kill)
            late.start()
            self.addCleanup(late.cancel)
            ids = lambda n: [json.loads(follow.stdout.readline())["id"]
                             for _ in range(n)]
            self.assertEqual(ids(54), list(range(1, 55)))
            self.waiting(desk, 55, 55)
            self.assertEqual(ids(1), [55])
            follow.kill()

    def reads_again(self, desk, who):
        """replay names the mails that were read otherwise, and sends
        nothing."""
        self.assertNotIn(b"->", desk.cli("replay").stdout)
        desk.stop()
        db = sqlite3.connect(desk.database)
        db.execute("UPDATE mails SET intent = 'refused' WHERE canonical = ?",
                   (who,))
        db.commit()
        db.close()
        self.assertRegex(desk.cli("replay").stdout.decode(),
                         r"refused .*-> cant_find_app")
        # The same reading, but another action for another reason.
        db = sqlite3.connect(desk.database)
        db.execute("UPDATE mails SET intent = 'cant_find_app', action = "
                   "'review', reason = 'unsure' WHERE canonical = ?", (who,))
        db.commit()
        db.close()
        self.assertRegex(desk.cli("replay").stdout.decode(),
                         r"review: unsure -> cant_find_app \(.*\) "
                         r"link: asks_for_approval\n.*1 would now")
        told, = desk.json_lines("replay")
        self.assertEqual((told["was_action"], told["action"],
                          told["was_reason"], told["reason"]),
                         ("review", "link", "unsure", "asks_for_approval"))
        self.assertNotIn(b"->", desk.cli("replay", "--since",
                                         "2099-01-01").stdout)

    def test_corrections_are_evaluated(self):
        desk = self.desk()
        run = desk.cli("eval")
        self.assertEqual(run.returncode, 66)
        self.assertIn(b"consentdesk label", run.stderr)
        who = "it@" + self.domain()
        self.send(desk, who, "Numeo", CANT_FIND)
        self.answer(desk, who)
        case, = desk.cases()
        for intent, right, wrong, other in (("refused", 0, 1, 0),
                                            ("is_it_safe", 0, 0, 1),
                                            ("cant_find_app", 1, 0, 0)):
            with self.subTest(intent):
                self.assertEqual(
                    desk.cli("label", case["id"], intent).returncode, 0)
                told = desk.json("eval")
                self.assertEqual((told["mails"], told["intent_accuracy"],
                                  told["action_accuracy"]), (1, right, right))
                self.assertEqual((told["wrong_automatic_answers"],
                                  told["other_automatic_answers"]),
                                 (wrong, other))
        run = desk.cli("eval")
        self.assertIn(b"1 mails: action right in 1", run.stdout)
        self.assertEqual(run.stderr, b"")
        # Its text is forgotten: said, and nothing is judged by it.
        desk.stop()
        db = sqlite3.connect(desk.database)
        db.execute("UPDATE mails SET visible = NULL, full_text = NULL, "
                   "raw = NULL")
        db.commit()
        db.close()
        run = desk.cli("eval")
        self.assertEqual(run.returncode, 66)
        self.assertRegex(run.stderr, b"^1 corrections have no text any more "
                         b"(.|\n)*nothing to evaluate")
        with open(desk.path("few.jsonl"), "w") as f:
            f.write('{"text": "send the link", "intent": "want_link"}\n')
        run = desk.cli("train", "-o", desk.path("new.bin"),
                       desk.path("few.jsonl"))
        self.assertIn(b"1 corrections have no text any more", run.stderr)

    def test_a_merged_case(self):
        """It says where it went, and waits for nothing."""
        desk = self.desk({"policy.mode": "draft"})
        domain = self.domain()
        for number, name in enumerate(("jo", "sam"), 1):
            self.send(desk, f"{name}@{domain}", "Numeo", CANT_FIND)
            desk.await_cases(number, state="review")
        # What is asleep needs nobody now; merged into it, who waits still does.
        self.assertEqual(desk.cli("snooze", 1, "1d").returncode, 0)
        self.assertIn(b" 1 need a person (1 more asleep), ",
                      desk.cli("status").stdout)
        cases = desk.json("status")["cases"]
        self.assertEqual((cases["review"], cases["snoozed"]), (2, 1))
        self.assertEqual(desk.cli("merge", 2, 1).returncode, 0)
        self.assertEqual([c["id"] for c in desk.cases("--state", "review")],
                         [1])
        merged, = desk.cases("--state", "closed")
        self.assertEqual((merged["id"], merged["reason"],
                          merged["merged_into"], merged["last_action"]),
                         (2, "", 1, "merged into case 1"))
        self.assertIn(b"  Closed\n", desk.cli("case", 2).stdout)

    def test_own_words(self):
        desk = self.desk({"policy.mode": "draft"})
        who = "it@" + self.domain()
        self.send(desk, who, "Numeo", CANT_FIND)
        case, = desk.await_cases(1, state="review")
        editor = desk.path("editor")
        with open(editor, "w") as f:
            f.write("#!/bin/sh\necho 'I shall call you at noon.' >\"$1\"\n")
        os.chmod(editor, 0o755)
        real = desk.environment
        for failing, said in (("false", b'"false" ended with exit status 1'),
                              ("no-such -w", b"cannot be run: set VISUAL or "
                               b"EDITOR to one")):
            desk.environment = lambda: {**real(), "EDITOR": failing}
            run = desk.cli("send", case["id"], "--edit")
            self.assertEqual(run.returncode, 69)
            self.assertIn(said, run.stderr)
            self.assertNotIn(b"is kept", run.stderr)
        # A case or language that is none is told before anybody writes.
        for words, code, said in (
                ((999,), 66, b"no case 999"),
                ((999, "--template", "link"), 66, b"no case 999"),
                ((case["id"], "--language", "xx"), 65, b'"xx"; one of: en')):
            run = desk.cli("send", *words, "--edit")
            self.assertEqual(run.returncode, code, run.stderr)
            self.assertIn(said, run.stderr)
            self.assertNotIn(b"no-such", run.stderr)
        self.keeps_what_was_written(desk, case, real)
        desk.environment = lambda: {**real(), "EDITOR": editor}
        run = desk.cli("send", case["id"], "--edit")
        self.assertEqual(run.returncode, 0, run.stderr)
        said = self.answer(desk, who).get_body(("plain",)).get_content()
        self.assertIn("I shall call you at noon.", said)
        self.assertNotIn("adminconsent", said)

    def keeps_what_was_written(self, desk, case, real):
        """An editor that fails after it wrote, and a send that is refused."""
        other = desk.path("other-editor")
        for line, code in (("exit 3", 69), ("printf '\\377' >>\"$1\"", 65),
                           ("printf 'a\\000b' >>\"$1\"", 65)):
            with open(other, "w") as f:
                f.write(f"#!/bin/sh\necho 'I wrote this.' >\"$1\"\n{line}\n")
            os.chmod(other, 0o755)
            desk.environment = lambda: {**real(), "EDITOR": other}
            run = desk.cli("send", case["id"], "--edit")
            self.assertEqual(run.returncode, code, run.stderr)
            kept = run.stderr.decode().split("is kept in ")[1].strip()
            with open(kept, "rb") as f:
                self.assertTrue(f.read().startswith(b"I wrote this."))
            self.assertEqual(os.stat(kept).st_mode & 0o777, 0o600)
            os.unlink(kept)

    def while_open(self, desk, number, happens):
        """`send --edit`, by ann; that happens while the editor is open."""
        editor, is_open, done = map(desk.path, ("waiting", "open", "done"))
        with open(editor, "w") as f:
            f.write("#!/bin/sh\necho 'I shall call you at noon.' >\"$1\"\n"
                    f": >{is_open}\nn=0\n"
                    f"while [ ! -e {done} ] && [ $n -lt 300 ]; do\n"
                    f"sleep 0.1; n=$((n + 1)); done\nrm {is_open} {done}\n")
        os.chmod(editor, 0o755)
        with ThreadPoolExecutor(1) as pool:
            run = pool.submit(desk.cli, "send", number, "--edit",
                              env={"EDITOR": editor, "USER": "ann"})
            try:
                base.wait_until("an open editor", 20,
                                lambda: os.path.exists(is_open))
                happens()
            finally:
                open(done, "w").close()
            return run.result()

    def test_what_came_while_the_editor_was_open(self):
        """It is not answered unseen: not a newer mail, nor what a colleague has
        answered."""
        desk = self.desk({"policy.mode": "draft"})
        who = "it@" + self.domain()
        self.send(desk, who, "Numeo", CANT_FIND)
        case, = desk.await_cases(1, state="review")
        number = case["id"]

        def mails():
            return sum(e["kind"] == "mail"
                       for e in desk.json("case", number)["timeline"])

        def writes():
            self.send(desk, who, "Numeo", "Please send me the one-click "
                      "approval link for Numeo.")
            base.wait_until("his second mail", 20, lambda: mails() == 2)

        def answers():
            run = desk.cli("send", number, "--template", "safety",
                           env={"USER": "tom"})
            self.assertEqual(run.returncode, 0, run.stderr)
            self.answer(desk, who)

        for happens, said in ((writes, "a mail came in since"),
                              (answers, "by tom; look at it first")):
            run = self.while_open(desk, number, happens)
            self.assertEqual(run.returncode, 69, run.stderr)
            told, _, kept = run.stderr.decode().partition("is kept in ")
            self.assertIn(said, told)
            with open(kept.strip()) as f:
                self.assertEqual(f.read(), "I shall call you at noon.\n")
            os.unlink(kept.strip())
        self.assertEqual(len(self.all_answers(desk)), 1)

        def notes():
            time.sleep(1.1)     # the clock of the timeline is in seconds
            self.assertEqual(desk.cli("note", number, "he is in Riga",
                                      env={"USER": "ann"}).returncode, 0)

        # What she did herself meanwhile came before the answer.
        run = self.while_open(desk, number, notes)
        self.assertEqual(run.returncode, 0, run.stderr)
        self.answer(desk, who, 2)
        kinds = [e["kind"] for e in desk.json("case", number)["timeline"]
                 if e["actor"] == "ann"]
        self.assertEqual(kinds, ["note", "answer"])
