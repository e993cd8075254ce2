"""The conversations of tests/mails/talks, all of them played to one daemon."""

import glob
import os
import unittest

from measure import talks
from servers.letters import SAMPLES

from . import base

SHARE = 0.90


class Talks(base.Case):
    def test_conversations(self):
        got = talks.play(self.world, sorted(glob.glob(
            os.path.join(SAMPLES, "talks", "*.jsonl"))))
        told = "\n".join(map(str, got.misses))
        print(f"    steps as they should be: {got.right} of {got.steps}")
        self.assertFalse(got.wrong(), told)
        self.assertGreaterEqual(got.share(), SHARE, told)


if __name__ == "__main__":
    unittest.main()
