"""A burst of mails from domains that nobody knows yet, while Microsoft takes its
time. CD_FULL=1 plays 1,000 mails of 300 domains, otherwise a tenth of it."""

import os
import re
import time
import unittest

from servers import letters

from . import base
from .test_answers import CANT_FIND

FULL = bool(os.environ.get("CD_FULL"))
MAILS, DOMAINS = (1000, 300) if FULL else (100, 30)
DELAY = 0.5


class Burst(base.Case):
    def burst(self, delay=0, fail=None):
        """(seconds until all is decided, seconds until all is sent)"""
        desk = self.desk({"mailbox.start": "all",
                          "policy.max_replies_per_hour": 100000,
                          "policy.max_replies_per_sender_per_day": 100},
                         start=False)
        domains = [self.domain() for _ in range(DOMAINS)]
        self.world.mail(desk, [letters.letter(
            f"it{i}@{domains[i * 7 % DOMAINS]}", desk.address, "Numeo",
            CANT_FIND) for i in range(MAILS)])
        self.world.microsoft.delay, self.world.microsoft.fail = delay, fail
        began = time.monotonic()
        desk.start(ready=False)

        def count(event):
            return len(re.findall(rf" {event} ", desk.log_text()))
        base.wait_until("all decisions", 200, lambda:
                        count("mail.stored") >= MAILS)
        decided = time.monotonic() - began
        base.wait_until("all answers", 200, lambda:
                        count("reply.sent") >= MAILS)
        sent = time.monotonic() - began
        self.assertEqual(count("reply.sent"), MAILS)
        self.asked = sum(self.world.microsoft.asked(d) for d in domains)
        desk.stop()
        return decided, sent

    def test_new_domains_are_asked_for_in_parallel(self):
        without = self.burst()
        self.assertEqual(self.asked, DOMAINS, "one question a domain")
        slow = self.burst(DELAY)
        self.assertEqual(self.asked, DOMAINS, "one question a domain")
        print(f"{MAILS} mails of {DOMAINS} new domains: decided after "
              f"{without[0]:.1f} s, sent after {without[1]:.1f} s; with "
              f"{DELAY * 1000:.0f} ms a question {slow[0]:.1f} s and "
              f"{slow[1]:.1f} s; one after another it would be "
              f"{DOMAINS * DELAY:.0f} s", flush=True)
        self.assertLess(slow[0] - without[0], DOMAINS * DELAY / 3)

    def test_an_authority_that_hangs_holds_nobody_up(self):
        """Three questions that come to nothing, then it is left alone."""
        decided, _ = self.burst(fail="hang")
        print(f"{MAILS} mails of {DOMAINS} new domains, an authority that "
              f"hangs: decided after {decided:.1f} s", flush=True)
        self.assertLess(decided, 3 + 20 * MAILS / 1000 + 10)


if __name__ == "__main__":
    unittest.main()
