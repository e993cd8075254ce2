"""Faults around the protocols: certificates, servers that go and come back,
people in the mailbox, disks, clocks, limits of the system, signals."""

import contextlib
import glob
import os
import re
import resource
import shutil
import signal
import sqlite3
import subprocess
import time

from servers.door import Door, Fault
from servers.dovecot import Dovecot
from servers.postfix import Postfix
from servers.process import is_root, wait_until

from .bench import Case, Skip, await_log, role_pids

MAILS = ("question", "invoice", "question", "machine")

# ---- TLS ---------------------------------------------------------------------


def certificate_turns(kind, how, words):
    """A certificate that was good and no longer is: nothing is said to the
    server, and all is made up for when it is good again."""
    def run(ground):
        authority = ground.world.authority
        good = authority.path("good.pem"), authority.path("good.key")
        door = ground.keep(Door(
            kind, ground.world.dovecot.imaps if kind == "imap"
            else ground.world.smtp.smtps, up=ground.world.trust(),
            certificate=good))
        section = "mailbox" if kind == "imap" else "smtp"
        desk = ground.desk({f"{section}.port": door.port,
                            f"{section}.tls": "implicit"})
        ledger = ground.ledger(desk)
        ledger.deliver(*MAILS)
        ledger.settle(60)
        said = Fault("LOGIN" if kind == "imap" else "EHLO", "before", "cut",
                     times=99)
        door.certificate = getattr(authority, how)()
        door.arm(said)
        door.cut_all()
        ledger.deliver(*MAILS)
        await_log(desk, words)
        if said.fired:
            raise AssertionError("it spoke to a server that proved nothing")
        door.certificate = good
        door.faults.clear()
        ledger.settle(180)
    return Case(f"{kind} certificate turns: {how}", run, False)


# ---- servers that go and come back ------------------------------------------


def refused(kind):
    def run(ground):
        imap, smtp = ground.imap_door(), ground.smtp_door()
        door = imap if kind == "imap" else smtp
        desk = ground.desk({**ground.imap_settings(imap),
                            **ground.smtp_settings(smtp)})
        ledger = ground.ledger(desk)
        door.shut()
        ledger.deliver(*MAILS)
        await_log(desk, "imap.down" if kind == "imap" else "smtp.later")
        time.sleep(2)
        ledger.deliver(*MAILS)
        door.start()
        ledger.settle(120)
    return Case(f"{kind} server is down for a while", run, True)


def dovecot_restarts(ground):
    world = ground.world
    server = ground.keep(Dovecot(ground.inside("dovecot"),
                                 *world.authority.issue("restart")))
    desk = ground.desk({"mailbox.port": server.imap})
    ledger = ground.ledger(desk, dovecot=server)
    for _ in range(3):
        ledger.deliver(*MAILS)
        server.stop()
        await_log(desk, "imap.down")
        server.start()
    ledger.deliver("question")
    ledger.settle(120)


def postfix_restarts(ground):
    if not is_root():
        raise Skip("Postfix runs for root only")
    world = ground.world
    server = ground.keep(Postfix(ground.inside("postfix"), world.dovecot,
                                 *world.authority.issue("restart-smtp")))
    desk = ground.desk({"smtp.port": server.submission})
    ledger = ground.ledger(desk)
    ledger.deliver(*MAILS)
    ledger.settle(60)
    server.stop()
    ledger.deliver(*MAILS)
    await_log(desk, "smtp.later")
    server.start()
    ledger.settle(120)


def session_closed(ground):
    desk = ground.desk()
    ledger = ground.ledger(desk)
    for _ in range(3):
        ledger.deliver(*MAILS)
        ground.world.dovecot.kick(desk.user)
    ledger.deliver("question")
    ledger.settle(120)


# ---- people and their mailbox -----------------------------------------------


def uidvalidity(ground):
    door = ground.imap_door()
    desk = ground.desk(ground.imap_settings(door))
    ledger = ground.ledger(desk)
    ledger.deliver(*MAILS)
    ledger.settle(60)
    door.shut()
    ground.world.dovecot.kick(desk.user)
    time.sleep(0.5)
    maildir = ground.world.dovecot.maildir(desk.user)
    for name in os.listdir(maildir):
        if name.startswith(("dovecot-uid", "dovecot.index")):
            os.unlink(os.path.join(maildir, name))
    ledger.deliver(*MAILS)
    door.start()
    ledger.settle(120)
    if "imap.uidvalidity" not in desk.log_text():
        raise AssertionError("UIDVALIDITY did not change")


def empty(ledger):
    """As somebody with another client: all goes."""
    with ledger.mailbox(readonly=False) as box:
        if box.search(None, "ALL")[1][0]:
            box.store("1:*", "+FLAGS.SILENT", "(\\Deleted)")
            box.expunge()


def emptied(ground):
    """Somebody empties the mailbox: before mails were read, between SEARCH and
    FETCH, and afterwards. What was read stays answered, the rest is theirs."""
    door = ground.imap_door()
    desk = ground.desk(ground.imap_settings(door))
    ledger = ground.ledger(desk)
    ledger.deliver(*MAILS)
    ledger.settle(60)
    ledger.taken_away |= set(ledger.mails)
    empty(ledger)
    fault = door.arm(Fault("UID FETCH", "before", "call",
                           call=lambda: empty(ledger)))
    ledger.deliver("question")
    fault.await_fired(60)
    ledger.taken_away |= set(ledger.mails)
    time.sleep(1)
    door.shut()
    ledger.deliver("question", "invoice")
    ledger.taken_away |= set(ledger.mails)
    empty(ledger)
    door.start()
    ledger.deliver(*MAILS)
    ledger.settle(90, answered=4)


def flags(ground):
    """People read and flag mails while we look: nothing of it changes."""
    door = ground.imap_door()
    desk = ground.desk(ground.imap_settings(door))
    ledger = ground.ledger(desk)

    def flag(what):
        with ledger.mailbox(readonly=False) as box:
            box.store("1:*", "+FLAGS", what)
        for mid in ledger.mails:
            ledger.flagged[mid] = ledger.flagged.get(mid, set()) | set(
                re.findall(r"\w+", what))
    ledger.deliver(*MAILS)
    ledger.settle(60)
    flag("(\\Seen \\Flagged)")
    door.shut()
    ledger.deliver(*MAILS)
    flag("(\\Answered)")
    door.start()
    ledger.settle(60)
    fault = door.arm(Fault("UID FETCH", "before", "call",
                           call=lambda: flag("(\\Seen)")))
    ledger.deliver("question")
    fault.await_fired(60)
    ledger.settle(60)


# ---- the database -----------------------------------------------------------


@contextlib.contextmanager
def mounted(folder, *how):
    """A file system of the test's own; root only."""
    if not is_root():
        raise Skip("only root may mount")
    run = subprocess.run(["mount", *how, folder], capture_output=True)
    if run.returncode != 0:
        raise Skip("cannot mount: " + run.stderr.decode().strip())
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", folder], check=False)


def small_disk(ground, size):
    """A desk whose database is on a disk of that size; not started."""
    desk = ground.desk(start=False)
    folder = desk.path("disk")
    os.mkdir(folder, 0o700)
    ground.stack.callback(lambda: desk.stop())
    ground.stack.enter_context(mounted(folder, "-t", "tmpfs", "-o",
                                       f"size={size},mode=700", "tmpfs"))
    # Ended before the disk goes.
    ground.stack.callback(lambda: desk.stop())
    desk.database = os.path.join(folder, "desk.db")
    desk.change({"files.database": desk.database})
    return desk, folder


def full_disk(ground):
    desk, folder = small_disk(ground, "32m")
    # Never healthy: it warns of so little room.
    desk.start(ready=False)
    await_log(desk, "imap.open")
    ledger = ground.ledger(desk)
    ledger.deliver(*MAILS)
    ledger.settle(60)
    filler = os.path.join(folder, "filler")
    with open(filler, "wb", buffering=0) as f:
        with contextlib.suppress(OSError):
            while f.write(b"x" * 4096):
                pass
    for _ in range(10):
        ledger.deliver(*MAILS)
    await_log(desk, "(?i)full|no space")
    time.sleep(4)
    os.unlink(filler)
    ledger.settle(240)


def file_size_limit(ground):
    """A limit on the size of files, reached while mails come in."""
    desk = ground.desk()
    ledger = ground.ledger(desk)
    ledger.deliver(*MAILS)
    ledger.settle(60)
    unlimited = resource.RLIM_INFINITY
    wal = os.path.getsize(desk.database + "-wal")
    for pid in desk.daemon.members():
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (wal + 9000, unlimited))
    for _ in range(8):
        ledger.deliver(*MAILS)
    await_log(desk, "(?i)full|too large|i/o error")
    time.sleep(2)
    for pid in desk.daemon.members():
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (unlimited, unlimited))
    ledger.settle(240)


def read_only(ground):
    """It says so and ends; later it goes on where it was."""
    desk = ground.desk(start=False)
    folder = desk.path("disk")
    os.mkdir(folder, 0o700)
    desk.database = os.path.join(folder, "desk.db")
    desk.change({"files.database": desk.database})
    desk.start()
    ledger = ground.ledger(desk)
    ledger.deliver(*MAILS)
    ledger.settle(60)
    desk.stop()
    ledger.deliver(*MAILS)
    with contextlib.ExitStack() as stack:
        if is_root():
            stack.enter_context(mounted(folder, "--bind", folder))
            if subprocess.run(["mount", "-o", "remount,ro,bind", folder],
                              capture_output=True).returncode != 0:
                raise Skip("cannot mount read-only")
        else:
            for path in glob.glob(folder + "/*"):
                os.chmod(path, 0o400)
                stack.callback(os.chmod, path, 0o600)
            os.chmod(folder, 0o500)
            stack.callback(os.chmod, folder, 0o700)
        seen = len(desk.log_text())
        desk.start(ready=False)
        status = desk.daemon.wait(30)
        said = desk.log_text()[seen:]
        if status in (None, 0, 99) or not re.search(
                "(?i)read-?only|permission", said):
            raise AssertionError(f"status {status}: {said}")
        desk.stop()
    desk.start()
    ledger.settle(90)


def locked(ground):
    """Another program holds the database for longer than we wait for it."""
    desk = ground.desk()
    ledger = ground.ledger(desk)
    ledger.deliver(*MAILS)
    ledger.settle(60)
    for _ in range(2):
        db = sqlite3.connect(desk.database, isolation_level=None, timeout=10)
        db.execute("BEGIN EXCLUSIVE")
        ledger.deliver(*MAILS)
        time.sleep(8)
        db.execute("ROLLBACK")
        db.close()
    ledger.settle(120)


def mid_commit(role):
    """SIGKILL as soon as the log of the database grows: in a commit."""
    def run(ground):
        desk = ground.desk()
        ledger = ground.ledger(desk)
        wal, kills = desk.database + "-wal", 0

        def stamp():
            with contextlib.suppress(OSError):
                st = os.stat(wal)
                return st.st_size, st.st_mtime_ns
            return None
        for _ in range(10):
            # In place by now, and neither of them stale.
            pid = wait_until(role, 60, lambda: role_pids(desk).get(role))
            before = stamp()
            ledger.deliver(*MAILS)
            end = time.monotonic() + 8
            while stamp() == before and time.monotonic() < end:
                pass
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
                kills += 1
            desk.stop()
            desk.start(ready=False)
        state = ledger.settle(120, answered=0, doubtful=kills)
        return f"{kills} kills, {state.text()}"
    return Case(f"database: {role} killed in a commit", run, False)


# ---- clocks -----------------------------------------------------------------


def clock(name, steps):
    """The clock is set while mails come in (libfaketime)."""
    def run(ground):
        found = glob.glob("/usr/lib/*/faketime/libfaketime.so.1")
        if not found:
            raise Skip("libfaketime is not installed")
        # Without TLS: certificates made a minute ago are not valid before.
        desk = ground.desk({**ground.imap_settings(ground.imap_door()),
                            **ground.smtp_settings(ground.smtp_door())},
                           start=False)
        if "asan" in desk.binary:
            raise Skip("libfaketime and AddressSanitizer do not go together")
        stamp = desk.path("clock")
        with open(stamp, "w") as f:
            f.write("+0\n")
        desk.more_environment = {
            "LD_PRELOAD": found[0], "FAKETIME_TIMESTAMP_FILE": stamp,
            "FAKETIME_NO_CACHE": "1", "FAKETIME_DONT_FAKE_MONOTONIC": "1",
            "FAKETIME_DISABLE_SHM": "1"}
        desk.start()
        ledger = ground.ledger(desk)
        ledger.deliver(*MAILS)
        for step in steps:
            with open(stamp + ".new", "w") as f:
                f.write(step + "\n")
            os.rename(stamp + ".new", stamp)
            ledger.deliver(*MAILS)
            time.sleep(3)
        ledger.deliver("question")
        ledger.settle(120)
    return Case("clock: " + name, run, name == "an hour back")


# ---- limits of the system ----------------------------------------------------


def descriptors(role):
    """No descriptor is free while the connections have to be made anew."""
    def run(ground):
        imap, smtp = ground.imap_door(), ground.smtp_door()
        desk = ground.desk({**ground.imap_settings(imap),
                            **ground.smtp_settings(smtp)})
        ledger = ground.ledger(desk)
        ledger.deliver(*MAILS)
        ledger.settle(60)
        pid = role_pids(desk)[role]
        (imap if role == "watch" else smtp).cut_all()
        time.sleep(0.5)
        few = max(map(int, os.listdir(f"/proc/{pid}/fd"))) + 1
        limits = resource.prlimit(pid, resource.RLIMIT_NOFILE)
        resource.prlimit(pid, resource.RLIMIT_NOFILE, (few - 1, limits[1]))
        (imap if role == "watch" else smtp).cut_all()
        ledger.deliver(*MAILS)
        time.sleep(6)
        with contextlib.suppress(ProcessLookupError):
            resource.prlimit(pid, resource.RLIMIT_NOFILE, limits)
        ledger.settle(150)
    return Case(f"limits: no descriptor free in {role}", run, role == "watch")


def no_fork(ground):
    """A role dies and cannot be started again for a while."""
    if not is_root():
        raise Skip("needs a user of its own, which only root can take")
    if not shutil.which("setpriv"):
        raise Skip("setpriv is not there")
    desk = ground.desk(start=False)
    user = 62000 + ground.number % 3000
    if subprocess.run(["setpriv", f"--reuid={user}", f"--regid={user}",
                       "--clear-groups", desk.binary, "--help"],
                      capture_output=True).returncode != 0:
        raise Skip("another user cannot run the program from here")
    for folder, _, names in os.walk(desk.folder):
        for path in [folder, *(os.path.join(folder, n) for n in names)]:
            os.chown(path, user, user)
    desk.wrapper = ["setpriv", f"--reuid={user}", f"--regid={user}",
                    "--clear-groups"]
    desk.start()
    ledger = ground.ledger(desk)
    ledger.deliver(*MAILS)
    ledger.settle(60)
    main = desk.daemon.pid
    most = resource.prlimit(os.getpid(), resource.RLIMIT_NPROC)[0]

    def processes(n):
        n = "unlimited" if n == resource.RLIM_INFINITY else n
        subprocess.run([*desk.wrapper, "prlimit", f"--pid={main}",
                        f"--nproc={n}:"], check=True, capture_output=True)
    processes(1)
    for role in ("watch", "send"):
        os.kill(role_pids(desk)[role], signal.SIGKILL)
    ledger.deliver(*MAILS)
    await_log(desk, "role.fork")
    time.sleep(2)
    processes(most)
    ledger.settle(150)


def memory(ground):
    """Too little memory for a big mail: that process ends and is started
    again; no mail is lost by it."""
    desk = ground.desk()
    if "asan" in desk.binary:
        raise Skip("AddressSanitizer takes all addresses there are")
    ledger = ground.ledger(desk)
    ledger.deliver(*MAILS)
    ledger.settle(60)
    pid = role_pids(desk)["watch"]
    with open(f"/proc/{pid}/statm") as f:
        used = int(f.read().split()[0]) * os.sysconf("SC_PAGE_SIZE")
    limits = resource.prlimit(pid, resource.RLIMIT_AS)
    resource.prlimit(pid, resource.RLIMIT_AS, (used + 400000, limits[1]))
    raw = ledger.write("invoice")
    big = raw + b"A line of an attachment that says nothing.\r\n" * 40000
    ledger.dovecot.deliver(desk.user, big)
    ledger.deliver(*MAILS)
    ledger.settle(120)
    died = "role.died" in desk.log_text()
    return "the role died of it" if died else "the role lived with it"


# ---- signals ----------------------------------------------------------------


def signalled(role, name):
    sig = getattr(signal, name)

    def run(ground):
        desk = ground.desk({"web.listen": None}, start=False)
        desk.change({"web.listen": f"127.0.0.1:{desk.web_port}"})
        desk.start()
        ledger = ground.ledger(desk)
        times = 3
        for _ in range(times):
            ledger.deliver(*MAILS)
            pid = wait_until(role, 30, lambda: role_pids(desk).get(role))
            time.sleep(0.3)
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, sig)
            if role == "main" and name != "SIGHUP":
                desk.daemon.wait(10)
                desk.stop()
                desk.start(ready=False)
        ledger.deliver("question")
        doubt = times if name == "SIGKILL" else 0
        state = ledger.settle(150, answered=7 - doubt, doubtful=doubt)
        return state.text()
    return Case(f"signals: {name} to {role}", run, (role, name) in (
        ("watch", "SIGKILL"), ("send", "SIGKILL"), ("main", "SIGHUP")))


CASES = (
    [certificate_turns(kind, how, words) for kind in ("imap", "smtp")
     for how, words in (("expired", "(?i)expired"),
                        ("wrong_name", "(?i)mismatch|certificate"))]
    + [refused("imap"), refused("smtp"),
       Case("Dovecot restarts", dovecot_restarts, False),
       Case("Postfix restarts", postfix_restarts, False),
       Case("sessions are closed", session_closed, True),
       Case("mailbox: UIDVALIDITY changes", uidvalidity, True),
       Case("mailbox: emptied by someone else", emptied, True),
       Case("mailbox: flags changed by people", flags, True),
       Case("database: full disk", full_disk, True),
       Case("database: limit of file size", file_size_limit, False),
       Case("database: read-only", read_only, True),
       Case("database: locked by another", locked, True),
       mid_commit("watch"), mid_commit("send"),
       clock("an hour back", ["-1h"]), clock("a day back", ["-1d"]),
       clock("an hour on", ["+1h"]),
       clock("to and fro", ["+2h", "-3h", "+0"]),
       descriptors("watch"), descriptors("send"),
       Case("limits: no process may be started", no_fork, False),
       Case("limits: memory", memory, True)]
    + [signalled(role, name) for role in ("main", "watch", "send", "web")
       for name in ("SIGTERM", "SIGHUP", "SIGKILL")])
