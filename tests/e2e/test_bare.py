"""From a bare Debian 12: apt installs the .deb and what it needs, setup writes the
configuration, an upgrade keeps all of it, systemd runs the unit, mail is answered,
apt takes all away."""

import json
import os
import re
import shutil
import time
import unittest

from servers import debian
from servers.desk import TOP
from servers.process import Failed, is_root

from . import base, test_package
from .test_answers import CANT_FIND
from .test_operations import migrations, old_database

ETC = "/etc/consentdesk"
UNIT = "consentdesk.service"


class Bare(test_package.Packed):
    seconds = 540       # apt, on a busy machine

    @classmethod
    def setUpClass(cls):
        if not is_root() or not os.path.exists(debian.TAR):
            raise unittest.SkipTest("needs root and " + debian.TAR +
                                    " (tests/install tests)")
        super().setUpClass()

    def setUp(self):
        super().setUp()
        self.machine = debian.Debian(self.folder)
        self.addCleanup(self.machine.stop)
        try:
            self.machine.start()
        except (Failed, OSError) as e:
            self.skipTest(f"no container with systemd here: {e}")

    def inside(self, *argv, status=0):
        done = self.machine.run(*argv)
        self.assertEqual(done.returncode, status,
                         f"{argv}: {done.stdout}{done.stderr}"[-3000:] +
                         self.journal()[-3000:])
        return done.stdout

    def journal(self):
        return self.machine.run("journalctl", "--no-pager", "-o", "cat",
                                "-u", UNIT).stdout

    def show(self, name):
        return self.inside("systemctl", "show", "--value", "-p", name,
                           UNIT).strip()

    def install(self, deb):
        install = ("apt-get", "install", "-y", "--no-install-recommends",
                   "/srv/consentdesk.deb")
        shutil.copy(deb, self.machine.path("/srv/consentdesk.deb"))
        # Its lists are as old as the container.
        if self.machine.run(*install).returncode != 0:
            if self.machine.run("apt-get", "update").returncode != 0:
                self.skipTest("no Debian mirror is within reach")
            self.inside(*install)

    def set_up(self):
        shutil.copy(self.world.ca, self.machine.path("/srv/ca.pem"))
        answers = self.answers_file(
            policy__mode="auto", mailbox__ca_file="/srv/ca.pem",
            smtp__ca_file="/srv/ca.pem", microsoft__ca_file="/srv/ca.pem",
            files__database=None)
        shutil.copy(answers, self.machine.path("/srv/answers"))
        os.chmod(self.machine.path("/srv/answers"), 0o600)
        self.assertIn("all is well", self.inside(
            "consentdesk", "setup", "--answers", "/srv/answers"))

    def answered(self):
        base.wait_until("a healthy daemon", 60, lambda: self.machine.run(
            "consentdesk", "status").returncode == 0, 0.3)
        who = "it@" + self.domain()
        self.send(self.made, who, "Numeo", CANT_FIND)
        self.link_in(self.answer(self.made, who, seconds=30))
        found = [json.loads(x)["from"] for x in self.inside(
            "consentdesk", "cases", "--json").splitlines()]
        self.assertIn(who, found)

    def restarted(self, what, times):
        base.wait_until(what, 60, lambda: self.show("NRestarts") == str(times)
                        and self.show("ActiveState") == "active", 0.3)

    def test_from_nothing_to_an_answer_and_back(self):
        before = self.machine.files()
        self.install(self.older())
        self.assertEqual(self.show("ActiveState"), "inactive")
        self.set_up()
        self.upgraded()
        self.runs_under_systemd()
        self.reloads()
        self.survives()
        self.leaves_nothing(before)

    def upgraded(self):
        """What was set up, changed and stored stays; the new program works with
        it at once."""
        conf, rules = f"{ETC}/consentdesk.conf", f"{ETC}/rules"
        self.inside("cp", "-r", "/usr/share/consentdesk/rules", rules)
        self.inside("sh", "-c", f"echo '# ours' >{rules}/own.rules; sed -i "
                    f"'s|^#rules =.*|rules = rules|' {conf}")
        self.inside("systemctl", "enable", "--now", "consentdesk")
        database = self.machine.path("/var/lib/consentdesk/consentdesk.db")
        old_database(database, 5).close()
        os.chmod(database, 0o600)
        self.inside("chown", "consentdesk:", database[len(self.machine.root):])
        before = {p: self.inside("cat", p) for p in (
            conf, f"{ETC}/mailbox-password", f"{ETC}/link-secret")}
        before[f"{rules}/own.rules"] = "# ours\n"
        pid = self.show("MainPID")
        self.install(self.deb)
        self.assertEqual(self.show("ActiveState"), "active")
        self.assertNotEqual(self.show("MainPID"), pid)
        for path, text in before.items():
            self.assertEqual(self.inside("cat", path), text)
        self.assertIn("gone.rules", "".join(os.listdir(
            self.machine.path(rules))))
        self.assertFalse(os.path.exists(self.machine.path(
            "/usr/share/consentdesk/rules/gone.rules")))
        checked = self.inside("consentdesk", "check")
        self.assertIn(f"schema {len(migrations())}\n", checked)
        self.assertIn(f" rules in {rules}\n", checked)
        self.answered()
        kept = json.loads(self.inside("consentdesk", "case", "1", "--json"))
        self.assertEqual(kept["from"], "dolores@pruitthauling.test")
        self.assertIn("the purple link", json.dumps(kept))

    def reloads(self):
        """One that is refused fails with the reason and changes nothing."""
        own, pid = f"{ETC}/rules/own.rules", self.show("MainPID")
        self.inside("sh", "-c", f"echo 'no rule (' >{own}")
        self.inside("systemctl", "reload", "consentdesk", status=1)
        self.assertIn("own.rules:1", self.show("StatusText"))
        self.assertRegex(self.journal(), r"(?m)^consentdesk: .*own\.rules:1")
        self.assertIn("own.rules:1", self.inside("consentdesk", "status",
                                                 status=69))
        self.assertEqual((self.show("ActiveState"), self.show("MainPID")),
                         ("active", pid))
        # A new program would not start with it; the package is whole.
        said = self.inside("sh", "-c", "apt-get install -y --reinstall "
                           "/srv/consentdesk.deb 2>&1")
        self.assertIn("consentdesk check says what is wrong", said)
        self.assertEqual((self.show("ActiveState"),
                          self.show("ExecMainStatus")), ("failed", "78"))
        self.inside("rm", own)
        self.inside("systemctl", "start", "consentdesk")
        self.inside("systemctl", "reload", "consentdesk")
        self.assertEqual(self.show("StatusText"), "")
        self.answered()

    def runs_under_systemd(self):
        # Type=notify: this comes back when the daemon says READY.
        self.inside("systemctl", "restart", "consentdesk")
        self.assertEqual((self.show("ActiveState"), self.show("SubState"),
                          self.show("Type")), ("active", "running", "notify"))
        self.answered()
        # Everything runs as the daemon's own user, which cannot read the
        # secrets but as the credentials that systemd hands over.
        uid = self.inside("id", "-u", "consentdesk").strip()
        users = re.findall(r"(?m)^Uid:\s+(\d+)\s", self.inside(
            "sh", "-c", "cat /proc/[0-9]*/status"))
        self.assertEqual(users.count(uid), 4)
        for name in ("mailbox-password", "link-secret"):
            self.assertEqual(self.inside("stat", "-c", "%U %a",
                                         f"{ETC}/{name}"), "root 600\n")
        self.assertIn("mailbox-password", self.inside(
            "ls", "/run/credentials/" + UNIT))
        self.assertEqual(self.inside("stat", "-c", "%U %a",
                                     "/var/lib/consentdesk/consentdesk.db"),
                         "consentdesk 600\n")
        judged = self.inside("systemd-analyze", "security", "--no-pager",
                             UNIT)
        score = re.search(r"exposure level for \S+: ([\d.]+)", judged)
        with open(os.path.join(TOP, "conf", "man",
                               "consentdesk-security.7")) as f:
            self.assertIn(f"says {score.group(1)} ", f.read())

    def survives(self):
        self.inside("systemctl", "kill", "-s", "KILL", "--kill-whom=main", UNIT)
        self.restarted("a restart after kill -9", 1)
        self.answered()
        # A daemon that hangs says nothing to the watchdog any more.
        self.inside("mkdir", "-p", f"/run/systemd/system/{UNIT}.d")
        self.inside("sh", "-c", "printf '[Service]\\nWatchdogSec=2\\n"
                    f"RestartSec=1\\n' >/run/systemd/system/{UNIT}.d/x.conf")
        self.inside("systemctl", "daemon-reload")
        self.inside("systemctl", "restart", "consentdesk")
        time.sleep(5)   # it lives on while it does not hang
        self.assertEqual(self.show("NRestarts"), "0")
        self.inside("systemctl", "kill", "-s", "STOP", "--kill-whom=main", UNIT)
        self.restarted("a restart by the watchdog", 1)
        self.assertIn("Watchdog timeout", self.journal())
        self.answered()
        began = time.monotonic()
        self.inside("systemctl", "stop", "consentdesk")
        self.assertLess(time.monotonic() - began, 5)
        self.assertEqual(self.show("Result"), "success")

    def leaves_nothing(self, before):
        self.inside("systemctl", "start", "consentdesk")
        self.inside("apt-get", "remove", "-y", "consentdesk")
        self.assertEqual(self.machine.run("systemctl", "is-active",
                                          UNIT).stdout, "inactive\n")
        # Configuration and cases stay until the purge; the user for good.
        left = {p for p in self.machine.files() - before if "consentdesk" in p}
        self.assertLessEqual({f"{ETC}/consentdesk.conf",
                              f"{ETC}/mailbox-password", f"{ETC}/link-secret",
                              "/var/lib/consentdesk/consentdesk.db"}, left)
        self.assertEqual([p for p in left if not p.startswith(
            (ETC, "/var/lib/consentdesk", "/srv/"))], [])
        self.inside("apt-get", "purge", "-y", "--autoremove", "consentdesk")
        self.inside("getent", "passwd", "consentdesk")
        # What is left belongs to the certificates, which apt keeps.
        left = self.machine.files() - before - self.machine.owned()
        self.assertEqual({p for p in left if not p.startswith(
            ("/etc/ssl/", "/usr/local/share/ca-certificates"))},
                         {"/srv/consentdesk.deb", "/srv/answers",
                          "/srv/ca.pem"})


if __name__ == "__main__":
    unittest.main()
