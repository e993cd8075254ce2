"""Programs of our own in process groups of their own, and patient waiting."""

import os
import grp
import pwd
import random
import signal
import socket
import subprocess
import time


class Failed(Exception):
    """A server or a program did not do what was asked in time."""


def wait_until(what, seconds, probe, every=0.05):
    """Call probe() until it gives something true; return that."""
    end = time.monotonic() + seconds
    while True:
        got = probe()
        if got:
            return got
        if time.monotonic() >= end:
            raise Failed(f"waited {seconds} s in vain for {what}")
        time.sleep(every)


_given = set()


def free_port():
    """A loopback port that is free now and was not given out before. Below those
    that the system gives to clients (ip_local_port_range), one of which could
    take the port of a server that is down for a while."""
    for _ in range(200):
        port = random.randrange(10000, 32768)
        if port in _given:
            continue
        with socket.socket() as s:
            try:
                s.bind(("127.0.0.1", port))
            except OSError:
                continue
        _given.add(port)
        return port
    raise Failed("no free port on 127.0.0.1")


def port_open(port):
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1):
            return True
    except OSError:
        return False


def is_root():
    return os.geteuid() == 0


def me():
    return pwd.getpwuid(os.geteuid()).pw_name


def my_group():
    return grp.getgrgid(os.getegid()).gr_name


def _processes():
    """(pid, session, state) of every process that we may see."""
    for name in os.listdir("/proc"):
        if not name.isdigit():
            continue
        try:
            with open(f"/proc/{name}/stat") as f:
                rest = f.read().rpartition(")")[2].split()
        except OSError:
            continue
        yield int(name), int(rest[3]), rest[0]


def session_members(sid):
    """Living processes of a session, whatever their group."""
    return [pid for pid, session, state in _processes()
            if session == sid and state != "Z"]


def end_session(sid, patience=5):
    """TERM to the leader of a session, KILL to what is left of it then."""
    try:
        os.kill(sid, signal.SIGTERM)
    except ProcessLookupError:
        return
    end = time.monotonic() + patience
    while session_members(sid) and time.monotonic() < end:
        time.sleep(0.02)
    # A session that refills itself while it is killed needs another turn.
    for _ in range(20):
        left = session_members(sid)
        if not left:
            return
        for pid in left:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
        time.sleep(0.05)


class Program:
    """A program in a session (and so a process group) of its own.

    What it prints goes to a file. stop() ends all of its session and nothing
    else: TERM first, KILL after `patience` seconds.
    """

    def __init__(self, argv, log, env=None, cwd=None):
        self.argv = argv
        self.log = log
        self._out = open(log, "ab")
        self.child = subprocess.Popen(
            argv, stdin=subprocess.DEVNULL, stdout=self._out,
            stderr=subprocess.STDOUT, start_new_session=True, env=env, cwd=cwd)
        self.pid = self.child.pid

    def running(self):
        return self.child.poll() is None

    def members(self):
        return session_members(self.pid)

    def send(self, sig):
        try:
            self.child.send_signal(sig)
        except ProcessLookupError:
            pass

    def kill_all(self, sig=signal.SIGKILL):
        """A signal to every process of the session."""
        for pid in self.members():
            try:
                os.kill(pid, sig)
            except ProcessLookupError:
                pass

    def wait(self, seconds):
        """Exit status, or None if it still runs."""
        try:
            return self.child.wait(seconds)
        except subprocess.TimeoutExpired:
            return None

    def stop(self, patience=8):
        if self.running():
            self.send(signal.SIGTERM)
            self.wait(patience)
        if self.members():
            end_session(self.pid, 2)
        self.wait(5)
        self._out.close()

    def text(self):
        with open(self.log, "rb") as f:
            return f.read().decode("utf-8", "replace")


def await_port(program, port, name, seconds=15):
    def probe():
        if not program.running():
            raise Failed(f"{name} ended at once: {program.text()[-2000:]}")
        return port_open(port)
    wait_until(f"{name} on port {port}", seconds, probe)
