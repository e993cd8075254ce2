"""The daemon end to end: throw-away Dovecot, an SMTP sink, the database."""

import os
import re
import shutil
import socket
import subprocess
import threading
import time

from servers import certificates, dovecot, letters, microsoft
from servers.desk import CLIENT_ID, SCOPE, Desk
from servers.process import Failed, Program, await_port, free_port, wait_until

from . import mails
from .common import TOP, in_turn, median, ms, percentile
from .pages import big_database

ENTRY = "https://desk.numeo.test/consent"


def tool(name):
    found = shutil.which(name, path="/usr/sbin:/usr/bin:/usr/lib/postfix/sbin")
    if not found:
        raise Failed(f"{name} is not installed (package postfix)")
    return found


class SinkProgram:
    """Postfix's smtp-sink, which counts what it takes."""

    def __init__(self, folder):
        self.port = free_port()
        os.makedirs(folder, exist_ok=True)
        # Line by line: it writes "123\\r" a mail.
        argv = ["/usr/bin/stdbuf", "-o0", tool("smtp-sink"), "-4", "-c",
                "-u", "nobody", f"127.0.0.1:{self.port}", "1000"]
        if os.geteuid() != 0:
            del argv[5:7]
        self.program = Program(argv, os.path.join(folder, "sink.out"))
        await_port(self.program, self.port, "smtp-sink")

    def count(self):
        """Mails so far: "sess=1 quit=0 mesg=123"."""
        found = re.findall(r"mesg=(\d+)", self.program.text()[-400:])
        return int(found[-1]) if found else 0

    def await_count(self, number, seconds):
        """(seconds, count) until they are there, or the time is over."""
        begin, last, moved = time.monotonic(), self.count(), time.monotonic()
        while True:
            now, seen = time.monotonic(), self.count()
            if seen > last:
                last, moved = seen, now
            if seen >= number or now - begin > seconds or now - moved > 30:
                return moved - begin, seen
            time.sleep(0.02)

    def stop(self):
        self.program.stop()


class TimedSink(threading.Thread):
    """An SMTP server that says when it took each mail; one connection at a
    time is enough for one sender."""

    def __init__(self):
        super().__init__(daemon=True)
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        self.taken = []

    def run(self):
        while True:
            try:
                client, _ = self.socket.accept()
            except OSError:
                return
            threading.Thread(target=self.serve, args=(client,),
                             daemon=True).start()

    def serve(self, client):
        with client, client.makefile("rwb", buffering=0) as f:
            f.write(b"220 sink ESMTP\r\n")
            while line := f.readline():
                word = line[:4].upper()
                if word == b"DATA":
                    f.write(b"354 go on\r\n")
                    while f.readline() not in (b".\r\n", b""):
                        pass
                    self.taken.append(time.monotonic())
                if word == b"QUIT":
                    f.write(b"221 bye\r\n")
                    return
                f.write(b"250 ok\r\n")

    def stop(self):
        self.socket.close()


class Relay(threading.Thread):
    """Between the daemon and Dovecot, without TLS: notes when the server
    announced a mail to this very client. (Dovecot tells each client in its
    own time, so another client's IDLE would not do.)"""

    def __init__(self, to):
        super().__init__(daemon=True)
        self.to = to
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        self.announced = []

    def run(self):
        while True:
            try:
                client, _ = self.socket.accept()
            except OSError:
                return
            server = socket.create_connection(("127.0.0.1", self.to))
            for pair in ((client, server, False), (server, client, True)):
                threading.Thread(target=self.pass_on, args=pair,
                                 daemon=True).start()

    def pass_on(self, source, target, watched):
        try:
            while data := source.recv(65536):
                if watched and b"EXISTS" in data:
                    self.announced.append(time.monotonic())
                target.sendall(data)
            target.shutdown(socket.SHUT_WR)
        except OSError:
            pass

    def stop(self):
        self.socket.close()


class World:
    """Dovecot, the stand-in for Microsoft, and a sink of the given kind."""

    def __init__(self, folder, sink, more=""):
        self.folder = folder
        os.makedirs(folder, exist_ok=True)
        for part in (folder, os.path.dirname(folder)):
            os.chmod(part, 0o711)
        self.redirect_uri = ENTRY
        authority = certificates.Authority(os.path.join(folder, "ca"))
        self.ca = authority.ca
        cert, key = authority.good()
        self.sink, self.desks = sink, []
        self.dovecot = dovecot.Dovecot(os.path.join(folder, "dovecot"), cert,
                                       key, more=more).start()
        self.microsoft = microsoft.Microsoft(cert, key, CLIENT_ID, ENTRY,
                                             SCOPE).start()
        self.smtp = type("Smtp", (), {"submission": sink.port})

    def desk(self, user, options, changes=None):
        desk = Desk(self, user, {
            "smtp.tls": "none", "smtp.auth": "none", "smtp.user": None,
            "smtp.password_file": None, "smtp.ca_file": None,
            "smtp.host": "127.0.0.1", "smtp.max_per_minute": 0,
            "policy.max_replies_per_hour": 10000000,
            # A program from elsewhere would look for its own.
            "files.rules": f"{TOP}/conf/rules",
            "files.model": f"{TOP}/conf/model.bin",
            "files.templates": f"{TOP}/templates", **(changes or {}),
        }, options.program)
        self.desks.append(desk)
        return desk

    def stop(self):
        for desk in self.desks:
            desk.stop()
        self.microsoft.stop()
        self.dovecot.stop()
        self.sink.stop()


def conversation(port, user, raws):
    """By LMTP, with as little work for each mail as may be: the client takes
    its part of the machine that is measured."""
    def replies(n):
        for _ in range(n):
            while (line := f.readline())[3:4] == b"-":
                pass
            if line[:1] not in (b"2", b"3"):
                raise Failed(f"LMTP: {line!r}")
    with socket.create_connection(("127.0.0.1", port), 60) as s, \
            s.makefile("rb") as f:
        replies(1)
        s.sendall(b"LHLO localhost\r\n")
        replies(1)
        for sender, raw in raws:
            s.sendall(b"MAIL FROM:<%s>\r\nRCPT TO:<%s@box.test>\r\n"
                      b"DATA\r\n" % (sender.encode(), user.encode()))
            replies(3)
            s.sendall(raw)
            replies(1)
        s.sendall(b"QUIT\r\n")


def prepared(letters_):
    """For deliver: (sender, the mail as it goes over the wire)."""
    return [(letters.sender_of(raw), raw.replace(b"\r\n.", b"\r\n..") +
             (b"" if raw.endswith(b"\r\n") else b"\r\n") + b".\r\n")
            for raw in letters_]


def deliver(port, user, ready, lanes=4):
    """By LMTP over several connections, each with its part; the seconds."""
    threads = [threading.Thread(target=conversation,
                                args=(port, user, ready[i::lanes]))
               for i in range(lanes)]
    begin = time.monotonic()
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    return time.monotonic() - begin


def lay(world, user, letters_):
    """Into the mailbox's folder at once, as if they had come by and by."""
    deliver(world.dovecot.lmtp, user, prepared(letters_[:1]))
    new = os.path.join(world.dovecot.maildir(user), "new")
    wait_until("the mailbox", 10, lambda: os.path.isdir(new))
    owner = os.stat(new)
    for i, raw in enumerate(letters_[1:]):
        path = os.path.join(new, f"{1000000000 + i}.M{i}P1.bench")
        with open(path, "wb") as f:
            f.write(raw.replace(b"\r\n", b"\n"))
        os.chown(path, owner.st_uid, owner.st_gid)


def memory(desk):
    """Megabytes of all roles: (resident, resident not shared)."""
    rss = pss = 0
    for pid in desk.daemon.members():
        try:
            with open(f"/proc/{pid}/smaps_rollup") as f:
                found = dict(re.findall(r"^(Rss|Pss): +(\d+)", f.read(),
                                        re.M))
        except OSError:
            continue
        rss += int(found.get("Rss", 0))
        pss += int(found.get("Pss", 0))
    return f"{rss / 1024:.1f} MB", f"{pss / 1024:.1f} MB"


def latency(options, folder, report):
    sink = TimedSink()
    sink.start()
    world = World(folder, sink)
    count = min(60, 10 * options.runs)
    try:
        relay = Relay(world.dovecot.imap)
        relay.start()
        desk = world.desk("late", options, {
            "mailbox.host": "127.0.0.1", "mailbox.port": relay.port,
            "mailbox.tls": "none", "mailbox.ca_file": None}).start()
        accepted = []
        raws = list(mails.askers(count + 200, desk.address))
        # The tenants get known first: that is what the target speaks of.
        for i in range(count):
            raw = raws[i + 200 if i >= 5 else i]
            raw = re.sub(rb"firm\d+\.m365", b"firm1.m365", raw)
            seen = len(sink.taken)
            begin = time.monotonic()
            letters.deliver(world.dovecot.lmtp, "late", raw)
            try:
                wait_until("the answer", 20, lambda: len(sink.taken) > seen,
                           0.002)
            except Failed as e:
                raise Failed(f"{e}:\n{desk.log_text()[-1500:]}") from None
            accepted.append((sink.taken[seen] - relay.announced[-1],
                             sink.taken[seen] - begin))
        relay.stop()
        report.row(f"{count} mails, one by one", "median", "p99")
        for name, at in (("announcement to acceptance", 0),
                         ("delivery to acceptance", 1)):
            values = [a[at] for a in accepted[5:]]
            report.row(name, ms(median(values)), ms(percentile(values, 99)))
    finally:
        world.stop()


def cases(options, folder, report):
    database = big_database(options, folder, report)
    config = os.path.join(folder, "consentdesk.conf")
    with open(config, "w") as f:
        f.write("[product]\nname = Numeo\n"
                "support_address = support@numeo.test\n"
                "[mailbox]\nhost = localhost\nuser = u\n"
                "password_file = none\n"
                "[smtp]\nhost = localhost\nuser = u\n"
                "password_file = none\n"
                "[microsoft]\n"
                f"client_id = {CLIENT_ID}\nscope = {SCOPE}\n"
                f"redirect_uri = {ENTRY}\nlink_secret_file = none\n"
                "[policy]\ntrust_authserv_id = mx.numeo.test\n"
                f"[files]\ndatabase = {database}\n")
    base = [options.program, "-c", config]
    asked = {
        "nothing but the start (--version)": [options.program, "--version"],
        "cases": [*base, "cases", "--json"],
        "cases --state review": [*base, "cases", "--json", "--state",
                                 "review"],
        "cases --search, one hit": [*base, "cases", "--json", "--search",
                                    f"person{options.cases // 2}"],
        "case N": [*base, "case", str(options.cases // 2), "--json"],
        "stats": [*base, "stats", "--json"],
    }
    report.row("", "wall min", "wall median", "cpu min")
    times = in_turn(list(asked.values()), options.runs, options.seconds)
    for name, (walls, cpus) in zip(asked, times):
        report.row(name, ms(min(walls)), ms(median(walls)), ms(min(cpus)))


__all__ = ["latency", "cases"]
