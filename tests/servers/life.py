"""The long life of a desk in a compressed clock. It is compressed by values that
anyone may set: how long a token lives, idle_seconds, sweep_seconds; and by a
server that ends each session with its token, as Exchange does each hour."""

import os
import re
import time

from . import letters
from .expiring import Expiring

TEXT = "I can't find Numeo in the list of enterprise applications."


class Life:
    """A desk with tokens, whose hour has so many seconds. Not started yet."""

    def __init__(self, world, desk, hour):
        self.world, self.desk, self.hour = world, desk, hour
        world.microsoft.tokens.life = hour
        self.door = Expiring(world.dovecot.imap, hour).start()
        self.asked = []
        desk.change({
            "mailbox.host": "127.0.0.1", "mailbox.port": self.door.port,
            "mailbox.tls": "none", "mailbox.ca_file": None,
            "mailbox.idle_seconds": max(1, round(hour * 540 / 3600)),
            "mailbox.sweep_seconds": max(1, round(hour * 300 / 3600))})

    def ask(self):
        """One more customer, of a company of his own."""
        n = len(self.asked)
        who = f"it@{self.desk.user}-{n}.m365.test"
        self.asked.append(who)
        self.world.mail(self.desk, letters.letter(
            who, self.desk.address, "Numeo", TEXT))

    def pass_hours(self, hours, mails):
        """So many hours with so many mails in each."""
        for _ in range(hours):
            for _ in range(mails):
                self.ask()
                time.sleep(self.hour / mails)

    def footprint(self):
        """{role: (RSS in kB, PSS in kB, descriptors)}"""
        pids = {r["role"]: r["pid"] for r in
                self.desk.json("status")["roles"]}
        pids["main"] = self.desk.daemon.pid
        return {name: _footprint(pid) for name, pid in sorted(pids.items())}

    def stop(self):
        self.door.stop()


def _footprint(pid):
    with open(f"/proc/{pid}/smaps_rollup") as f:
        found = dict(re.findall(r"^(Rss|Pss): +(\d+)", f.read(), re.M))
    return (int(found["Rss"]), int(found["Pss"]),
            len(os.listdir(f"/proc/{pid}/fd")))
