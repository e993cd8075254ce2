"""A backlog end to end beside its peers, in one run, by turns; and memory."""

import os
import shutil
import sqlite3
import subprocess
import threading
import time

from servers.process import Failed, wait_until

from . import mails
from .common import TOP, median
from .flowing import (SinkProgram, World, deliver, lay, memory, prepared,
                      tool)

CONNECTIONS = 8     # of smtp-source: as many as ours in a backlog

# Every answer of Pigeonhole goes to the sink, as ours do. The vacation text is
# of the size of our steps.
SIEVE = """\
mail_plugins =
submission_host = 127.0.0.1:{sink}
protocol lmtp {{
  mail_plugins = sieve
}}
plugin {{
  sieve = file:{script}
  sieve_vacation_send_from_recipient = yes
  sieve_redirect_envelope_from = recipient
}}
"""
SCRIPT = """\
require ["vacation"];
vacation :days 1 :subject "Need admin approval: what to do"
  text:
{text}
.
;
"""



# What the server can give: without a wait for the disk after each mail.
MBSYNC = """\
FSync no

IMAPAccount bench
Host 127.0.0.1
Port {port}
User {user}
Pass {password}
SSLType None
AuthMechs LOGIN

IMAPStore far
Account bench

MaildirStore near
Path {folder}/
Inbox {folder}/INBOX

Channel bench
Far :far:
Near :near:
Patterns INBOX
Create Near
Sync Pull
SyncState *
"""


class Bench:
    """One Dovecot, whose LMTP answers by vacation, and one sink for all."""

    def __init__(self, options, folder):
        self.options, self.folder = options, folder
        os.makedirs(folder, exist_ok=True)
        for part in (os.path.dirname(folder), folder):
            os.chmod(part, 0o711)
        self.sink = SinkProgram(os.path.join(folder, "sink"))
        more = ""
        self.sieve = os.path.exists(
            "/usr/lib/dovecot/modules/lib90_sieve_plugin.so")
        if self.sieve:
            script = os.path.join(folder, "vacation.sieve")
            with open(os.path.join(TOP, "tests/mails/help.txt")) as f:
                text = f.read()
            with open(script, "w") as f:
                f.write(SCRIPT.format(text=text))
            more = SIEVE.format(sink=self.sink.port, script=script)
        self.world = World(os.path.join(folder, "world"), self.sink, more)

    def stop(self):
        self.world.stop()

    def taken(self, number, begin, half=None):
        """The rate at which the sink took so many, from `begin` on."""
        before, seen, moved = self.before, 0, begin
        while True:
            now = time.monotonic()
            count = self.sink.count() - before
            if count > seen:
                seen, moved = count, now
            if half and count > number / 2:
                half()
                half = None
            if count >= number:
                return number / (now - begin)
            if now - begin > self.options.seconds or now - moved > 30:
                raise Failed(f"{count} of {number} came to the sink in "
                             f"{now - begin:.0f} s")
            time.sleep(0.02)

    def ours(self, turn):
        user, count = f"bulk{turn}", self.options.mails
        desk = self.world.desk(user, self.options, {
            "mailbox.start": "all", "log.level": "warn"})
        lay(self.world, user, list(mails.askers(count, desk.address)))
        # The first came by LMTP, and so vacation answered it.
        time.sleep(1)
        self.before = self.sink.count()
        begin = time.monotonic()
        desk.start(ready=False)
        loaded = []
        rate = self.taken(count, begin, lambda: loaded.append(memory(desk)))
        desk.stop()
        return rate, loaded[0]

    def vacation(self, turn):
        user, count = f"vac{turn}", max(500, self.options.mails // 4)
        ready = prepared(mails.askers(count, f"{user}@box.test"))
        self.before = self.sink.count()
        lanes = threading.Thread(target=deliver, args=(
            self.world.dovecot.lmtp, user, ready, CONNECTIONS))
        begin = time.monotonic()
        lanes.start()
        try:
            return self.taken(count, begin)
        finally:
            lanes.join(self.options.seconds)

    def pull(self, turn):
        """isync reads what ours has read."""
        if not shutil.which("mbsync"):
            raise Failed("isync is not installed")
        folder = os.path.join(self.folder, f"pulled{turn}")
        os.makedirs(folder)
        config = os.path.join(folder, "mbsyncrc")
        with open(config, "w") as f:
            f.write(MBSYNC.format(port=self.world.dovecot.imap,
                                  user=f"bulk{turn}", folder=folder,
                                  password=self.world.dovecot.password))
        begin = time.monotonic()
        run = subprocess.run(["mbsync", "-c", config, "bench"],
                             capture_output=True, timeout=300)
        took = time.monotonic() - begin
        got = sum(len(os.listdir(os.path.join(folder, "INBOX", part)))
                  for part in ("new", "cur")) if run.returncode == 0 else 0
        shutil.rmtree(folder, ignore_errors=True)
        if got < self.options.mails:
            raise Failed(f"isync brought {got} mails: "
                         f"{run.stderr.decode()[-300:]}")
        return got / took

    def source(self, connections):
        count = min(self.options.mails, 5000)
        self.before = self.sink.count()
        begin = time.monotonic()
        subprocess.run([tool("smtp-source"), "-4", "-d", "-s",
                        str(connections), "-l", "6000", "-m", str(count),
                        f"127.0.0.1:{self.sink.port}"], check=True,
                       timeout=120, capture_output=True)
        return self.taken(count, begin)


def backlog(options, folder, report):
    bench = Bench(options, folder)
    rows = {
        "Consent Desk, with its start": lambda t: bench.ours(t),
        "Pigeonhole's vacation": lambda t: bench.vacation(t),
        "limit: isync pull": lambda t: bench.pull(t),
        "limit: smtp-source, 1 connection": lambda t: bench.source(1),
        f"limit: smtp-source, {CONNECTIONS} connections":
            lambda t: bench.source(CONNECTIONS),
    }
    if not bench.sieve:
        del rows["Pigeonhole's vacation"]
        report.say("Pigeonhole's vacation left out: dovecot-sieve is not "
                   "installed")
    rates, loaded = {name: [] for name in rows}, []
    try:
        for turn in range(min(options.runs, 3)):
            for name, measure in rows.items():
                try:
                    rate = measure(turn)
                except Failed as e:
                    report.say(f"{name}: {e}")
                    continue
                if isinstance(rate, tuple):
                    rate, at_half = rate
                    loaded.append(at_half)
                rates[name].append(rate)
    finally:
        bench.stop()
    report.row(f"{options.mails} mails, by turns", "median", "all")
    for name, seen in rates.items():
        if seen:
            report.row(name, f"{median(seen):.0f}/s",
                       " ".join(f"{r:.0f}" for r in seen))
    for rss, pss in loaded[-1:]:
        report.row("memory of all roles, half-way", rss, f"{pss} shared out")
    judge(rates, report)


def judge(rates, report):
    ours, theirs, _, _, most = ([*rates.values()] if len(rates) == 5
                                else [[]] * 5)
    if not (ours and theirs and most):
        return
    wanted = min(4 * median(theirs), 0.8 * median(most))
    report.say(f"wanted: 4 x vacation {4 * median(theirs):.0f}/s or 80 % of "
               f"smtp-source {0.8 * median(most):.0f}/s, whichever is lower; "
               f"{median(ours) / wanted:.2f} of it reached")


def read(desk, number, seconds):
    """Waits until so many mails have their row: not each gets an answer."""
    def probe():
        db = sqlite3.connect(f"file:{desk.database}?mode=ro", uri=True)
        try:
            return db.execute("SELECT count(*) FROM mails").fetchone()[0]
        finally:
            db.close()
    wait_until(f"{number} mails that were read", seconds,
               lambda: probe() >= number)


def memory_grown(options, folder, report):
    """Is it flat? Slices of a backlog of mixed mails, one after the other."""
    bench = Bench(options, folder)
    slice_, most = min(5000, options.grow), options.grow
    try:
        desk = bench.world.desk("long", options, {"log.level": "warn"})
        desk.start(ready=False)
        wait_until("a healthy daemon", 60,
                   lambda: desk.cli("status").returncode == 0)
        report.row("mails read", "RSS", "PSS")
        report.row("0", *memory(desk))
        raws = mails.ordinary(most + 1, to=desk.address)
        lay(bench.world, "long", [next(raws)])
        time.sleep(3)
        new = os.path.join(bench.world.dovecot.maildir("long"), "new")
        owner = os.stat(new)
        done = 0
        while done < most:
            for i in range(slice_):
                path = os.path.join(new, f"{1000000000 + done + i}.M1P2.b")
                with open(path, "wb") as f:
                    f.write(next(raws).replace(b"\r\n", b"\n"))
                os.chown(path, owner.st_uid, owner.st_gid)
            try:
                read(desk, done + slice_ + 1, options.seconds)
            except Failed as e:
                raise Failed(f"{e}\n"
                             f"{desk.cli('status').stdout.decode()}") from None
            done += slice_
            report.row(str(done), *memory(desk))
        wait_until("an idle daemon", 30,
                   lambda: desk.cli("status").returncode == 0)
        time.sleep(5)
        report.row("afterwards, idle", *memory(desk))
    finally:
        bench.stop()


__all__ = ["backlog", "memory_grown"]
