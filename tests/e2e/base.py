"""What all end-to-end tests share: one set of servers, a fresh mailbox and a fresh
database a test."""

import atexit
import itertools
import os
import re
import signal
import sys
import unittest

from servers import desk as desks
from servers import letters
from servers.process import Failed, wait_until
from servers.world import World

_number = itertools.count(1)
LINK = re.compile(r"https://[^\s<>\"]+/v2\.0/adminconsent\?[^\s<>\"]+")


_world = None


def shared_world():
    """The servers, started once for all modules and ended with the process."""
    global _world
    if _world is None:
        _world = World()
        atexit.register(_world.stop)
        # Ended by timeout(1) or by a service manager: clean up as well.
        if signal.getsignal(signal.SIGTERM) == signal.SIG_DFL:
            signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
        try:
            _world.start()
        except BaseException:
            _world.stop()
            _world = None
            raise
    return _world


def needed_rules(match):
    """Rules that say all that no set should lack, of one text."""
    with open(os.path.join(desks.TOP, "src/text/rule_needs.c")) as f:
        names = re.findall(r'"([\w.]+)"', re.search(
            r"(?s)needs\[\] = \{(.*?)\};", f.read()).group(1))
    return "".join(f"[rule needed{i}]\nmatch = {match}\nsays = "
                   f"{', '.join(names[i:i + 8])}\n"
                   for i in range(0, len(names), 8))


class Case(unittest.TestCase):
    """self.world: the servers. self.desk(...): a desk of this test's own."""

    needs_program = True
    preset = None       # or the build that this class wants ("asan")
    world = None

    @classmethod
    def setUpClass(cls):
        if cls.needs_program and not desks.program(cls.preset):
            raise unittest.SkipTest("the program is not built")
        cls.world = shared_world()

    def setUp(self):
        self.world.microsoft.reset()

    def desk(self, changes=None, start=True, **how):
        """A desk with a mailbox of its own; its daemon runs unless start is
        False. Ended with the test, and its log is searched for sanitizers'
        findings then."""
        how.setdefault("binary", desks.program(type(self).preset))
        desk = self.world.desk(f"support-{next(_number)}", changes, **how)
        self.addCleanup(self._end, desk)
        if start:
            desk.start()
        return desk

    def _end(self, desk):
        desk.stop()
        log = desk.log_text()
        for sign in ("AddressSanitizer", "LeakSanitizer", "runtime error:",
                     "Assertion"):
            if sign in log:
                at = log.index(sign)
                self.fail(f"{sign} in the log:\n{log[max(0, at - 300):][:4000]}")

    def domain(self):
        """A customer's domain that no other test uses, with a tenant."""
        return f"c{next(_number)}.m365.test"

    def send(self, desk, sender, subject, body, **how):
        """Deliver a letter to the desk; returns its Message-ID."""
        raw = letters.letter(sender, desk.address, subject, body, **how)
        self.world.mail(desk, raw)
        return letters.parse(raw)["Message-ID"]

    def answer(self, desk, to, count=1, seconds=15):
        """The newest answer of the desk to that address."""
        return self.answers(desk, to, count, seconds)[-1]

    def answers(self, desk, to, count=1, seconds=15):
        try:
            got = self.world.sink.await_answers(
                count, seconds, From=desk.address, X_Original_To=to)
        except Failed as e:
            raise AssertionError(
                f"{e}\n{desk.log_text()[-4000:]}\n"
                f"cases: {desk.cases()}") from None
        self.assertEqual(len(got), count, "more answers than expected")
        return got

    def all_answers(self, desk):
        return self.world.sink.answers(From=desk.address)

    def link_in(self, mail):
        text = mail.get_body(("plain",)).get_content()
        found = LINK.search(text)
        self.assertTrue(found, f"no link in the answer:\n{text}")
        return found.group(0)


__all__ = ["Case", "Failed", "wait_until", "letters"]
