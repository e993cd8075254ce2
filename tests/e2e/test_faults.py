"""The quick cases of the fault bench (tests/faults), several at a time: one
test each, which waits for its case to end."""

import concurrent.futures
import re
import unittest

from faults import bench, cases

from . import base


class Faults(base.Case):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.pool = concurrent.futures.ThreadPoolExecutor(6)
        cls.running = {c.name: cls.pool.submit(bench.one, cls.world, c)
                       for c in cases.CASES if c.quick}

    @classmethod
    def tearDownClass(cls):
        cls.pool.shutdown(cancel_futures=True)

    def setUp(self):
        pass        # the cases stand on the servers as they are

    def outcome(self, name):
        _, good, _, text = self.running[name].result(200)
        if good is None:
            self.skipTest(text)
        self.assertTrue(good, text)
        if text:
            print(f"    {name}: {text}")


def _add(case):
    slug = re.sub(r"\W+", "_", case.name).strip("_").lower()
    setattr(Faults, "test_" + slug, lambda self: self.outcome(case.name))


for _case in cases.CASES:
    if _case.quick:
        _add(_case)


if __name__ == "__main__":
    unittest.main()
