"""The fault bench: what each case has, and how cases run, several at a time on
one set of servers, each with a mailbox, a database and doors of its own."""

import collections
import concurrent.futures
import contextlib
import itertools
import re
import sqlite3
import time
import traceback

from servers.door import Door
from servers.process import wait_until
from servers.world import World

from .ledger import Ledger

# quick: a part of tests/run as well. run(ground) raises when it goes wrong,
# Skip when this machine cannot do it, and may return a line to print.
Case = collections.namedtuple("Case", "name run quick")


class Skip(Exception):
    pass


class Ground:
    """What one case stands on; ended with it."""

    _number = itertools.count(1)

    def __init__(self, world):
        self.world = world
        self.number = next(Ground._number)
        self.stack = contextlib.ExitStack()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stack.close()

    def keep(self, thing):
        """Started, and ended with the case."""
        self.stack.callback(thing.stop)
        return thing.start()

    def inside(self, name):
        return self.world.inside(f"fault-{self.number}-{name}")

    def imap_door(self, **how):
        return self.keep(Door("imap", self.world.dovecot.imap, **how))

    def smtp_door(self):
        """Plain towards us, by TLS to the real server."""
        return self.keep(Door("smtp", self.world.smtp.smtps,
                              up=self.world.trust()))

    @staticmethod
    def imap_settings(door):
        return {"mailbox.port": door.port, "mailbox.tls": "none",
                "mailbox.host": "127.0.0.1"}

    @staticmethod
    def smtp_settings(door):
        return {"smtp.port": door.port, "smtp.tls": "none",
                "smtp.host": "127.0.0.1", "smtp.ca_file": None}

    def desk(self, changes=None, start=True):
        changes = {"policy.max_replies_per_hour": 10000,
                   "web.listen": "", **(changes or {})}
        desk = self.world.desk(f"fault-{self.number}", changes)
        self.stack.callback(self._end, desk)
        if start:
            desk.start(seconds=120)
        return desk

    def _end(self, desk):
        desk.stop()
        log = desk.log_text()
        for sign in ("AddressSanitizer", "LeakSanitizer", "runtime error:",
                     "Assertion", "cd_assert"):
            if sign in log:
                at = log.index(sign)
                raise AssertionError(
                    f"{sign} in the log:\n{log[max(0, at - 300):][:4000]}")

    def ledger(self, desk, **how):
        return Ledger(self.world, desk, **how)


def await_log(desk, words, seconds=60):
    wait_until(f"{words!r} in the log", seconds,
               lambda: re.search(words, desk.log_text()))


def role_pids(desk):
    """{role: pid} of a running daemon; "main" is the supervisor."""
    with contextlib.closing(sqlite3.connect(
            f"file:{desk.database}?mode=ro", uri=True, timeout=10)) as db:
        told = dict(db.execute("SELECT role, pid FROM roles"))
    living = set(desk.daemon.members())
    found = {role: pid for role, pid in told.items() if pid in living}
    return {"main": desk.daemon.pid, **found}


def one(world, case):
    """(case, outcome, seconds, text); outcome True, False or None (skipped)."""
    begin = time.monotonic()
    try:
        with Ground(world) as ground:
            said = case.run(ground)
        outcome, text = True, said or ""
    except Skip as e:
        outcome, text = None, str(e)
    except Exception:
        outcome, text = False, traceback.format_exc()[-6000:]
    return case, outcome, time.monotonic() - begin, text


def several(cases, at_once=6, tell=lambda *_: None, world=None):
    """Run cases; tell() hears of each as it ends. Returns the outcomes."""
    own = None if world else World()
    done = []
    pool = concurrent.futures.ThreadPoolExecutor(at_once)
    try:
        world = world or own.__enter__()
        futures = [pool.submit(one, world, c) for c in cases]
        for future in concurrent.futures.as_completed(futures):
            done.append(future.result())
            tell(*done[-1])
    finally:
        pool.shutdown(cancel_futures=True)
        if own:
            own.stop()
    return done


def by_name(tables):
    cases = [c for table in tables for c in table]
    names = collections.Counter(c.name for c in cases)
    double = [n for n, k in names.items() if k > 1]
    assert not double, double
    return cases
