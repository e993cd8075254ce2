"""What a script reads is JSON whatever happens."""

import json
import os
import shutil

from servers.desk import CLIENT_ID, TOP

from . import base
from .test_answers import CANT_FIND
from .test_commands import JUDGE


class Json(base.Case):
    """Whatever happens, --json prints JSON, and nothing less than the text."""

    def checked(self, desk, *argv, **how):
        run = desk.cli(*argv, "check", "--json", **how)
        told = json.loads(run.stdout)
        self.assertEqual(told["ok"], run.returncode == 0)
        return run.returncode, [f for f in told["findings"]
                                if not f["ok"] or f.get("warning")]

    def test_a_mistake_in_the_configuration(self):
        desk = self.desk({"policy.mode": "perhaps"}, start=False)
        status, found = self.checked(desk)
        self.assertEqual((status, [f["check"] for f in found]),
                         (78, ["configuration"]))
        self.assertRegex(found[0]["text"], rf"^{desk.config}:\d+: .*mode")

    def test_a_path_that_is_no_utf_8(self):
        desk = self.desk({"microsoft.client_id": "x",
                          "files.templates": "t"}, start=False)
        folder = os.fsdecode(os.fsencode(desk.path("caf")) + b"\xe9")
        shutil.copytree(os.path.join(TOP, "templates"),
                        os.path.join(folder, "t"))
        with open(os.path.join(folder, "t", os.fsdecode(b"caf\xe9.txt")),
                  "w"):
            pass
        conf = os.path.join(folder, "x.conf")
        shutil.copy(desk.config, conf)
        status, found = self.checked(desk, "-c", conf, config=False)
        self.assertEqual(status, 78)
        self.assertEqual([f["check"] for f in found],
                         ["client_id", "templates"])
        self.assertIn("caf\ufffd/t/caf\ufffd.txt: ", found[1]["text"])
        with open(conf, "a") as f:
            f.write("[weather]\n")
        _, found = self.checked(desk, "-c", conf, config=False)
        self.assertIn("/caf\ufffd/x.conf:", found[0]["text"])
        desk.change({"microsoft.client_id": CLIENT_ID,
                     "files.templates": None})
        desk.start()
        copy = os.path.join(folder, "copy.db")
        self.assertEqual(desk.json("backup", copy)["file"],
                         copy.encode("utf-8", "surrogateescape").decode(
                             "utf-8", "replace"))

    def test_a_label_that_it_has(self):
        desk = self.desk()
        who = "it@" + self.domain()
        self.send(desk, who, "Numeo", CANT_FIND)
        row = desk.await_cases(1, intent="cant_find_app")[0]
        for intent in "cant_find_app", "greyed_out", "greyed_out":
            got = desk.json("label", row["id"], intent)
            self.assertEqual((got["id"], got["from"]), (row["id"], who))

    def test_the_state_of_a_daemon_that_never_ran(self):
        desk = self.desk(start=False)
        run = desk.cli("status", "--json")
        told = json.loads(run.stdout)
        self.assertEqual((run.returncode, told["healthy"], told["roles"]),
                         (69, False, []))
        self.assertIn(f"{desk.database} does not exist", told["why"])
        run = desk.cli("status")
        self.assertEqual(run.returncode, 69)
        self.assertIn(told["why"], run.stderr.decode())

    def test_domains_of_links(self):
        desk = self.desk(start=False)
        folder = desk.path("mails")
        shutil.copytree(JUDGE, folder)
        told = desk.json("eval", folder)
        self.assertIn(f"domain of links right in {told['link_domains_right']} "
                      f"of {told['link_domains']}\n",
                      desk.cli("eval", folder).stdout.decode())
        self.assertGreater(told["link_domains"], 0)
