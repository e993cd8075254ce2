"""What is learned from and judged by, and which model reads."""

import json
import os
import re
import shutil

from servers import letters
from servers.desk import TOP

from . import base, test_commands
from .test_answers import CANT_FIND


class Learning(base.Case):

    mails = test_commands.Reading.mails
    label = test_commands.Reading.label

    def test_train_says_whether_the_new_model_is_better(self):
        """By texts that neither model has learned from; and eval says which
        mails are no measure of a model."""
        desk = self.desk(start=False)
        lessons, had = desk.path("lessons"), desk.path("had.bin")
        new = desk.path("new.bin")
        os.mkdir(lessons)
        with open(os.path.join(TOP, "conf", "train", "dev.jsonl")) as f:
            lines = f.readlines()[:160]
        with open(os.path.join(lessons, "dev.jsonl"), "w") as f:
            f.writelines(lines)

        def train(model, *more):
            run = desk.cli("train", "--cv", 2, "-o", model, lessons, *more,
                           timeout=200)
            self.assertEqual(run.returncode, 0, run.stderr)
            return run.stdout.decode()

        train(had)
        desk.change({"files.model": had})
        said = train(new)
        self.assertRegex(said, r"not shown: 0 texts that neither has learned"
                         r"\nfrom are too few\.\nWritten to ")
        with open(had, "rb") as f, open(new, "rb") as g:
            self.assertEqual(f.read(), g.read())
        # Held back when learned: the same lessons, the same figures.
        was, now = re.findall(r"(?:installed|new) model +([1-9].*)", said)
        self.assertEqual(was, now)
        # Words that the installed model cannot know.
        nouns = ("otter heron badger lynx marmot plover stoat weasel beaver "
                 "vole").split()
        with open(os.path.join(lessons, "more.jsonl"), "w") as f:
            for noun in nouns:
                for verb in "sings", "naps", "digs", "waits":
                    f.write(json.dumps({
                        "text": f"the {noun} {verb}, my dear quibble",
                        "intent": "greyed_out"}) + "\n")
        folder, rows = self.mails(desk, 4)
        self.label(folder, rows)
        said = train(new, folder)
        self.assertRegex(said, r"\n  new model +4[0-4] .*\nheld back")
        self.assertRegex(said, r"The new model is better, by 4[0-4] texts that "
                         r"neither has learned from\.\nWritten to ")
        told = desk.json("eval", "--model", new, folder)
        self.assertEqual(told["learned_by_model"], 4)
        self.assertIn(b"4 of 4 were learned by this model: that is no measure",
                      desk.cli("eval", "--model", new, folder).stdout)
        self.assertEqual(desk.json("eval", folder)["learned_by_model"], 0)
        self.assertNotIn(b"no measure", desk.cli("eval", folder).stdout)

    def test_labels_that_look_wrong_are_warned_of(self):
        desk = self.desk(start=False)
        folder, rows = self.mails(desk, 3)
        self.label(folder, rows)
        self.assertEqual(desk.cli("eval", folder).stderr, b"")
        self.label(folder, rows + rows[:1])
        run = desk.cli("eval", folder)
        self.assertEqual(run.returncode, 0)
        self.assertRegex(run.stderr.decode(),
                         rf"^consentdesk: warning: .*labels.jsonl:4: "
                         rf"{rows[0]['file']} is labelled already, at "
                         r".*labels.jsonl:1\n$")
        for i in range(12):
            shutil.copy(os.path.join(folder, rows[0]["file"]),
                        os.path.join(folder, f"x{i}.eml"))
        run = desk.cli("eval", folder)
        self.assertEqual(run.returncode, 0)
        self.assertIn(b"x0.eml is not read: no label names it", run.stderr)
        self.assertEqual(run.stderr.count(b"warning: "), 10)
        self.assertIn(b"13 warnings, of which the first 10 are shown",
                      run.stderr)
        lessons = desk.path("lessons")
        os.mkdir(lessons)
        for name in "own.json", "own.csv", "README":
            with open(os.path.join(lessons, name), "w"):
                pass
        with open(os.path.join(lessons, "own.jsonl"), "w") as f:
            for text, intent, more in (
                    ("the knob is asleep", "greyed_out", {}),
                    ("The  knob is asleep ", "other", {}),
                    ("the knob is asleep", "refused",
                     {"context": "reply_help"}),
                    ("error 65001", "blocked", {}),
                    ("error 65002", "other", {}),
                    ("the knob is asleep", "greyed_out", {})):
                f.write(json.dumps(dict(more, text=text, intent=intent)) +
                        "\n")
        run = desk.cli("train", "-o", desk.path("new.bin"), lessons)
        self.assertEqual(run.returncode, 65)    # they are too few
        told = run.stderr.decode()
        self.assertIn("own.json is not read: lessons are in files", told)
        self.assertIn("own.csv is not read", told)
        self.assertRegex(told, r"own.jsonl:2: the same text as at .*own.jsonl:"
                         r"1, and there it is greyed_out, here other\n")
        self.assertRegex(told, r"own.jsonl:6: the same text as at .*own.jsonl:"
                         r"2, and there it is other, here greyed_out\n")
        self.assertEqual(told.count("warning: "), 4)

    def test_mails_are_read_with_a_model_that_is_not_installed(self):
        desk = self.desk()
        who = "it@" + self.domain()
        self.send(desk, who, "Numeo", CANT_FIND)
        self.answer(desk, who)
        lessons, model = desk.path("few.jsonl"), desk.path("new.bin")
        with open(lessons, "w") as f:
            for i in range(30):
                intent = ("refused", "other", "blocked")[i % 3]
                f.write(json.dumps({"text": f"{intent} it is, as I said {i}",
                                    "intent": intent}) + "\n")
        run = desk.cli("train", "--cv", 2, "-o", model, lessons)
        self.assertEqual(run.returncode, 0, run.stderr)
        path = desk.path("mail.eml")
        with open(path, "wb") as f:
            f.write(letters.sample("2-yes-please.eml", to=desk.address))
        self.assertNotIn(b"->", desk.cli("replay").stdout)
        self.assertIn(b"->", desk.cli("replay", "--model", model).stdout)
        self.assertNotEqual(desk.json("explain", "--model", model, path),
                            desk.json("explain", path))
        for argv in ["replay"], ["explain", path]:
            with self.subTest(argv):
                run = desk.cli(*argv, "--model", desk.path("none.bin"))
                self.assertEqual(run.returncode, 66)
                self.assertIn(b"none.bin: No such file", run.stderr)
                self.assertEqual(run.stdout, b"")
