"""What a support lead is told who tends rules, answers and labels."""

import contextlib
import json
import os
import re
import shutil
import sqlite3
import unittest

from servers.desk import TOP

from . import base
from .test_answers import CANT_FIND


class Lead(base.Case):
    def test_check_finds_rules_that_ask_for_too_little(self):
        """On any text, or on every third mail of one language of two."""
        desk = self.desk(start=False)
        rules, mails = desk.path("rules"), desk.path("mails")
        shutil.copytree(os.path.join(TOP, "conf/rules"), rules)
        os.mkdir(mails)
        with open(os.path.join(rules, "own.rules"), "w") as f:
            f.write("".join(
                f"[rule own.{name}]\nmatch = {match}\nborder = {border}\n"
                f"says = {says}\n" for name, match, border, says in (
                    ("all", r"(.|\s)+", "whole", "greyed_out +3"),
                    ("note", r"(.|\s)+", "whole", "cue.mailbox"),
                    ("slow", r"(\w+\s?)+x", "none", "cue.mailbox"),
                    ("the", "lorry", "words", "matter"),
                    ("seldom", "seven | eight", "words", "matter"),
                    ("against", "lorry", "words", "blocked -1"))))
        with open(os.path.join(mails, "x.jsonl"), "w") as f:
            for i in range(20):
                f.write(json.dumps({"text": "Where is the lorry that should "
                                    "have been here with us this morning? "
                                    "Please call me about it." if i % 2 else
                                    "seven mails or eight were not answered "
                                    "yesterday, so what is the matter with "
                                    "you?" if i < 12 else "Will you be there "
                                    "with what we had asked you for?"}) + "\n")
                f.write(json.dumps({"text": "Wo ist der Wagen, der heute bei "
                                    "uns sein sollte? Bitte rufen Sie mich "
                                    "an."}) + "\n")
        desk.change({"files.rules": rules})
        run = desk.cli("check", "--json", mails)
        self.assertEqual(run.returncode, 0, run.stdout + run.stderr)
        said = [x["text"] for x in json.loads(run.stdout)["findings"]
                if x.get("warning") and "own." in x["text"] and
                not re.search("never fires|the same|says nothing", x["text"])]
        for want in ("own.rules:2: own.all: this is found in any words",
                     "own.rules:1: own.all fires on 40 of these 40 mails",
                     "own.rules:5: own.note fires on 40 of these 40 mails",
                     "own.rules:10: own.slow can be made slow: it gives up on "
                     'a text that repeats "a"',
                     'own.rules:13: own.the fires on 10 of the 20 mails in '
                     '"en" (new)'):
            self.assertEqual(
                len([x for x in said if x.startswith(want)]), 1, (want, said))
        self.assertEqual(len(said), 5, said)

    def test_why_an_answered_case_waits(self):
        desk = self.desk()
        who = "jo@" + self.domain()
        self.send(desk, who, "Numeo", CANT_FIND)
        self.answer(desk, who)
        desk.await_cases(1, last_action="link sent")
        with contextlib.closing(sqlite3.connect(desk.database)) as db:
            db.execute("UPDATE cases SET state = 'review', "
                       "reason = 'second_matter'")
            db.commit()
        self.assertIn("  review: second_matter; link", desk.cli(
            "cases", env={"COLUMNS": "240"}).stdout.decode())
        told = desk.json("stats")
        self.assertEqual(told["waits_for"], {"second_matter": 1})
        self.assertEqual(told["without_person"]["answers"], 0)
        self.assertEqual(told["without_person"]["of"], 1)
        said = desk.cli("stats").stdout.decode()
        self.assertIn("waits_for (of all cases, now)\n", said)
        self.assertIn("0 of 1 answers without a person (0 %)", said)

    def test_a_label_says_what_it_changes(self):
        desk = self.desk()
        who = "jo@" + self.domain()
        self.send(desk, who, "Numeo", CANT_FIND)
        self.answer(desk, who)
        desk.await_cases(1, last_action="link sent")
        self.assertEqual(desk.cli("close", 1).returncode, 0)
        run = desk.cli("label", 1, "still_blocked")
        self.assertIn(b"is labelled; read as cant_find_app, now still_blocked; "
                      b"the case stays closed: `consentdesk reopen 1`; that is ",
                      run.stdout)
        events = len(desk.json("case", 1)["timeline"])
        run = desk.cli("label", 1, "still_blocked")
        self.assertEqual((run.returncode, run.stdout), (0, b""))
        self.assertIn(b"mail 1 of case 1 was read as still_blocked by a person",
                      run.stderr)
        self.assertEqual(len(desk.json("case", 1)["timeline"]), events)
        # An older mail's is no reading of the case.
        self.assertEqual(desk.cli("reopen", 1).returncode, 0)
        self.send(desk, who, "Re: Numeo", "It still does not work at all!")
        base.wait_until("the second mail", 20, lambda: b"mail 2: " in
                        desk.cli("case", 1).stdout, 0.2)
        now = desk.json("case", 1)["intent"]
        run = desk.cli("label", 1, "greyed_out", "--mail", 1)
        self.assertIn(b"read as still_blocked, now greyed_out; ", run.stdout)
        self.assertEqual(desk.json("case", 1)["intent"], now)
        for mail, code in (("3", 66), ("x", 65)):
            run = desk.cli("label", 1, "greyed_out", "--mail", mail)
            self.assertEqual((run.returncode, run.stdout), (code, b""))
        # And back.
        run = desk.cli("label", 1, "-", "--mail", 1)
        self.assertIn(b"read as greyed_out, now cant_find_app; ", run.stdout)
        self.assertEqual(desk.cli("eval").returncode, 66)
        run = desk.cli("label", 1, "-", "--mail=1")
        self.assertEqual((run.returncode, run.stdout), (0, b""))
        self.assertIn(b"nobody has corrected", run.stderr)
        self.assertEqual(desk.cli("label", 1, "refused").returncode, 0)
        self.assertEqual(desk.json("label", 1, "-")["intent"], now)


if __name__ == "__main__":
    unittest.main()
