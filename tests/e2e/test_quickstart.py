"""The README's first command: its options, its tour, and that it cleans up."""

import glob
import os
import re
import signal
import subprocess
import tempfile
import time
import unittest

from servers.desk import TOP

from . import base

QUICKSTART = os.path.join(TOP, "conf", "quickstart")
TOUR = os.path.join(TOP, "tests", "servers", "tour.py")


def servers_in(folder):
    """Processes whose command line names this folder."""
    found = []
    for path in glob.glob("/proc/[0-9]*/cmdline"):
        try:
            with open(path, "rb") as f:
                if folder.encode() in f.read():
                    found.append(path)
        except OSError:
            pass
    return found


class Quickstart(base.Case):
    def test_options(self):
        run = subprocess.run([QUICKSTART, "--help"], capture_output=True,
                             timeout=20)
        self.assertEqual(run.returncode, 0)
        self.assertIn(b"--keep", run.stdout)
        run = subprocess.run([QUICKSTART, "--nonsense"], capture_output=True,
                             timeout=20)
        self.assertEqual(run.returncode, 64)

    def tour(self, *options):
        place = tempfile.mkdtemp(prefix="tour-")
        self.addCleanup(os.rmdir, place)
        os.chmod(place, 0o711)
        out = tempfile.TemporaryFile()
        self.addCleanup(out.close)
        child = subprocess.Popen(
            ["/usr/bin/python3", "-B", TOUR, *options],
            stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.STDOUT,
            env={**os.environ, "TMPDIR": place, "PYTHONUNBUFFERED": "1"},
            start_new_session=True)

        def end():
            if child.poll() is None:
                os.killpg(child.pid, signal.SIGKILL)
                child.wait()
        self.addCleanup(end)

        def text():
            out.seek(0)
            return out.read().decode("utf-8", "replace")
        return child, place, text

    def test_the_tour(self):
        child, place, text = self.tour()
        self.assertEqual(child.wait(120), 0, text())
        said = text()
        self.assertEqual(len(re.findall(r"-> answered after", said)), 4)
        self.assertEqual(len(re.findall(r"-> no answer", said)), 2)
        self.assertEqual(len(re.findall(r"link: https://", said)), 2)
        self.assertRegex(said, r"Done in \d+ s\.")
        self.assertEqual(os.listdir(place), [])
        self.assertEqual(servers_in(place), [])

    def test_ctrl_c_cleans_up(self):
        child, place, text = self.tour("--keep")
        base.wait_until("the tour's end", 120, lambda: "until you press"
                        in text() or child.poll() is not None)
        self.assertIsNone(child.poll(), text())
        self.assertTrue(servers_in(place))
        time.sleep(0.5)
        child.send_signal(signal.SIGINT)
        self.assertEqual(child.wait(30), 130)
        self.assertEqual(os.listdir(place), [])
        self.assertEqual(servers_in(place), [])


if __name__ == "__main__":
    unittest.main()
