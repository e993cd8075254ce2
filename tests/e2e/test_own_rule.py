"""A support lead's own rule, as consentdesk-rules(5) tells it, typed as it stands."""

import os
import re
import shutil
import unittest

from servers import letters
from servers.desk import TOP

from . import base
from .test_manual import page

CONF = os.path.join(TOP, "conf")
MAIL = "Hi, the knob on that page is asleep.\n\nKay\n"


class OwnRule(base.Case):
    def setUp(self):
        super().setUp()
        self.made = self.desk()
        text = page("consentdesk-rules.5")
        self.typed = re.findall(r"(?s)\n\.Bd -literal[^\n]*\n(.*?)\.Ed", text[
            text.index(".Sh A RULE OF YOUR OWN"):text.index(".Sh CODES")])

    def example(self, word):
        return next(t for t in self.typed if word in t)

    def write(self, name, text):
        with open(self.made.path(name), "w") as f:
            f.write(text)
        return self.made.path(name)

    def reading(self):
        path = self.write("mail.eml", letters.letter(
            "kay@" + self.domain(), self.made.address, "Numeo",
            MAIL).decode())
        told = self.made.json("explain", path)
        fired = {e["rule"]: e["weight"] for e in told["evidence"]}
        return told["intent"], told["action"], fired.get("own.asleep")

    def says_what_it_speaks_for(self):
        """Of the other reading its number tells nothing."""
        desk, path = self.made, self.made.path("mail.eml")
        first = desk.json("explain", path)["evidence"][0]
        self.assertEqual((first["rule"], first["weight"], first["says"]),
                         ("own.asleep", 0, {"greyed_out": 3}))
        self.assertRegex(desk.cli("explain", path).stdout,
                         rb"\n    \+0\.00  own\.asleep .* says greyed_out "
                         rb"\+3\n")
        self.write("labels.jsonl", '{"file": "mail.eml", "intent": '
                   '"greyed_out", "action": "link"}\n')
        self.assertRegex(desk.cli("eval", desk.path("")).stdout,
                         rb"\n      \+0\.00 own\.asleep \".*\"  says "
                         rb"greyed_out \+3\n")

    def test_from_the_phrase_to_the_answer(self):
        desk = self.made
        # Whatever the model of today makes of these words, it is not that.
        intent, action, fired = self.reading()
        self.assertNotEqual(intent, "greyed_out")
        self.assertIn(action, ("leave", "review"))
        self.assertIsNone(fired)
        self.assertIn("rules = /etc/consentdesk/rules\n",
                      self.example("[files]"))
        shutil.copytree(os.path.join(CONF, "rules"), desk.path("rules"))
        self.write("rules/own.rules", self.example("[rule own.asleep]"))
        desk.change({"files.rules": desk.path("rules")})
        checked = desk.cli("check")
        self.assertEqual(checked.returncode, 0, checked.stdout)
        # At once a person sees it.
        intent, action, fired = self.reading()
        self.assertEqual(action, "review")
        self.assertIsNotNone(fired)
        self.says_what_it_speaks_for()
        # Few of the lessons, for the time it takes.
        lessons = self.write("own.jsonl", self.example('"intent"'))
        self.assertIn("consentdesk train -o /etc/consentdesk/model.bin",
                      self.example("train -o"))
        learned = desk.cli("train", "--cv", "2", "-o", desk.path("model.bin"),
                           os.path.join(CONF, "train", "dev.jsonl"), lessons)
        self.assertEqual(learned.returncode, 0, learned.stderr)
        desk.change({"files.model": desk.path("model.bin")})
        self.assertEqual(self.reading(), ("greyed_out", "link", 3))
        self.assertEqual(desk.cli("reload").returncode, 0)
        who = "kay@" + self.domain()
        self.send(desk, who, "Numeo", MAIL)
        self.link_in(self.answer(desk, who))


if __name__ == "__main__":
    unittest.main()
