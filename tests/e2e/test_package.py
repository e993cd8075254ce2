"""The .deb: installed into a root of its own, set up, answering, removed, purged.
test_bare does it in a bare Debian 12."""

import os
import re
import shutil
import tempfile
import unittest

from servers.debian import run
from servers.desk import TOP

from . import test_setup
from .test_answers import CANT_FIND

BUILD = os.path.join(TOP, ".build", "release")


class Packed(test_setup.WithAnswers):
    """The .deb of the preset release, made once for the class."""
    preset = "release"

    @classmethod
    def setUpClass(cls):
        for tool in ("cpack", "dpkg", "dpkg-deb", "dpkg-shlibdeps"):
            if not shutil.which(tool):
                raise unittest.SkipTest(f"{tool} is not there")
        if not os.path.exists(os.path.join(BUILD, "CPackConfig.cmake")):
            raise unittest.SkipTest("the preset release is not built")
        super().setUpClass()
        cls.folder = tempfile.mkdtemp(prefix="consentdesk-deb-")
        cls.addClassCleanup(shutil.rmtree, cls.folder, ignore_errors=True)
        cls.deb = cls.pack("one")

    @classmethod
    def pack(cls, name):
        where = os.path.join(cls.folder, name)
        made = run("cpack", "-G", "DEB", "--config",
                   os.path.join(BUILD, "CPackConfig.cmake"), "-B", where,
                   cwd=BUILD, env=dict(os.environ,
                                       SOURCE_DATE_EPOCH="1700000000"))
        if made.returncode != 0:
            raise AssertionError(made.stdout[-2000:] + made.stderr[-2000:])
        return next(os.path.join(where, n) for n in os.listdir(where)
                    if n.endswith(".deb"))

    def older(self):
        """The same as an older package, with a unit whose process touches no
        database: what it finds there is left to the upgrade."""
        tree = os.path.join(self.folder, "older")
        run("dpkg-deb", "-R", self.deb, tree)
        for path, was, now in (
                ("DEBIAN/control", r"(?m)^Version: .*", "Version: 0.0.1-1"),
                ("usr/lib/systemd/system/consentdesk.service",
                 r"(?m)^ExecStart=.*", "NotifyAccess=all\nExecStart=/bin/sh -c "
                 "'systemd-notify --ready; exec sleep infinity'")):
            with open(os.path.join(tree, path), "r+") as f:
                text, n = re.subn(was, now, f.read())
                self.assertEqual(n, 1, path)
                f.seek(0)
                f.truncate()
                f.write(text)
        with open(os.path.join(
                tree, "usr/share/consentdesk/rules/gone.rules"), "w"):
            pass
        made = run("dpkg-deb", "--root-owner-group", "-b", tree,
                   tree + ".deb")
        self.assertEqual(made.returncode, 0, made.stderr)
        return tree + ".deb"


class Package(Packed):
    def test_what_is_in_it(self):
        listed = run("dpkg-deb", "-c", self.deb).stdout
        for path in ("usr/bin/consentdesk",
                     "usr/lib/systemd/system/consentdesk.service",
                     "usr/lib/sysusers.d/consentdesk.conf",
                     "usr/share/consentdesk/consentdesk.conf",
                     "usr/share/consentdesk/alerts.yml",
                     "usr/share/bash-completion/completions/consentdesk",
                     "usr/share/zsh/vendor-completions/_consentdesk",
                     "usr/share/consentdesk/model.bin",
                     "usr/share/consentdesk/rules/codes",
                     "usr/share/consentdesk/train/dev.jsonl",
                     "usr/share/consentdesk/templates/en/link.html"):
            self.assertIn(f" ./{path}\n", listed)
        for name in os.listdir(os.path.join(TOP, "conf", "man")):
            self.assertIn(f"/man{name[-1]}/{name}", listed)
        for word in ("quickstart", "_web", "/work", "/home"):
            self.assertNotIn(word, listed)
        for line in listed.splitlines():
            self.assertIn("root/root", line)
            self.assertRegex(line, r"^(d|-)rwxr-xr-x|^-rw-r--r--")
        fields = run("dpkg-deb", "-f", self.deb).stdout
        for word in ("libsqlite3-0", "libcurl4", "libpcre2", "libssl3"):
            self.assertIn(word, fields)

    def test_the_same_twice(self):
        with open(self.deb, "rb") as one, open(self.pack("two"), "rb") as two:
            self.assertEqual(one.read(), two.read())

    def test_the_unit(self):
        if not shutil.which("systemd-analyze"):
            self.skipTest("systemd-analyze is not there")
        with open(os.path.join(BUILD, "consentdesk.service")) as f:
            unit = re.sub(r"/\S+/bin/consentdesk", "/bin/true",
                          re.sub(r"(?m)^Documentation=.*\n", "", f.read()))
        path = os.path.join(self.folder, "consentdesk.service")
        with open(path, "w") as f:
            f.write(unit)
        checked = run("systemd-analyze", "verify", path)
        self.assertNotIn("consentdesk.service:", checked.stderr)
        judged = run("systemd-analyze", "security", "--offline=true",
                     "--no-pager", path).stdout
        score = re.search(r"exposure level for \S+: ([\d.]+)", judged)
        self.assertLessEqual(float(score.group(1)), 1.3, judged)
        with open(os.path.join(TOP, "conf", "man",
                               "consentdesk-security.7")) as f:
            self.assertIn(f"says {score.group(1)} ", f.read())

    def test_the_unit_has_room_for_a_burst(self):
        """Each tenant that is asked for at once may need a thread."""
        def number(name, *path):
            with open(os.path.join(TOP, *path)) as f:
                return int(re.search(rf"(?m)^{name}(\d+)", f.read())[1])
        self.assertGreaterEqual(
            number("TasksMax=", "conf", "package", "consentdesk.service.in"),
            number(r"#define MAX_PARALLEL\s+", "src", "io", "authority.c") + 32)

    def dpkg(self, root, *argv):
        return run("dpkg", "--root=" + root, "--force-depends",
                   "--force-not-root", "--force-script-chrootless", *argv,
                   env=dict(os.environ, PATH=os.environ["PATH"] +
                            ":/usr/sbin:/sbin"))

    def left(self, root):
        found = []
        for folder, folders, names in os.walk(root):
            if "/var/lib/dpkg" in folder:
                folders[:] = []
                continue
            found += [os.path.join(folder, n) for n in names]
        return found

    def answers_once(self):
        d = self.made
        d.config, d.database = self.conf, d.path("state/desk.db")
        d.start()
        who = "it@" + self.domain()
        self.send(d, who, "Numeo", CANT_FIND)
        self.link_in(self.answer(d, who))
        d.stop()

    def test_installed_set_up_answering_removed(self):
        root = os.path.join(self.folder, "root")
        for part in ("updates", "info"):
            os.makedirs(os.path.join(root, "var/lib/dpkg", part))
        for name in ("status", "available"):
            with open(os.path.join(root, "var/lib/dpkg", name), "w"):
                pass
        done = self.dpkg(root, "-i", self.deb)
        self.assertEqual(done.returncode, 0, done.stderr)
        program = os.path.join(root, "usr/bin/consentdesk")
        self.conf = os.path.join(root, "etc/consentdesk/consentdesk.conf")
        os.makedirs(os.path.join(root, "etc"), exist_ok=True)
        answers = self.answers_file(policy__mode="auto")
        said = run(program, "-c", self.conf, "setup", "--answers", answers)
        self.assertEqual(said.returncode, 0, said.stdout + said.stderr)
        # Rules, model and templates are those of this root.
        self.assertIn(root + "/usr/share/consentdesk/rules", said.stdout)
        self.made.binary = program
        self.answers_once()
        # An upgrade keeps what was set up.
        with open(self.conf) as f:
            before = f.read()
        self.assertEqual(self.dpkg(root, "-i", self.deb).returncode, 0)
        with open(self.conf) as f:
            self.assertEqual(f.read(), before)
        done = self.dpkg(root, "-r", "consentdesk")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual({os.path.basename(p) for p in self.left(root)},
                         {"consentdesk.conf", "link-secret",
                          "mailbox-password"})
        done = self.dpkg(root, "-P", "consentdesk")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(self.left(root), [])


if __name__ == "__main__":
    unittest.main()
