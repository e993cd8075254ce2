"""A bare Debian 12 with a systemd of its own, as tests/install has made it: a
container on this machine's network, so that it reaches the test servers."""

import fcntl
import os
import signal
import subprocess

from .process import Failed, Program, wait_until

TAR = os.path.join(
    os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache"),
    "consentdesk", "debian12.tar")


def run(*argv, seconds=200, **how):
    return subprocess.run(argv, capture_output=True, text=True,
                          timeout=seconds, **how)


class Debian:
    """All mounts and processes are the container's own: they end with it, and
    it ends with this process, however that ends."""

    def __init__(self, folder):
        self.root = os.path.join(folder, "debian")
        self.log = os.path.join(folder, "debian.log")
        self.lock = self.program = self.init = None

    def path(self, name):
        return self.root + name

    def start(self):
        # One at a time: all would have the same control group.
        self.lock = open(TAR, "rb")
        fcntl.flock(self.lock, fcntl.LOCK_EX)
        os.mkdir(self.root)
        made = run("tar", "-C", self.root, "-xf", TAR)
        if made.returncode != 0:
            raise Failed(made.stderr[-300:])
        with open(self.path("/etc/hosts"), "w") as f:
            f.write("127.0.0.1 localhost\n")
        argv = ["setpriv", "--pdeathsig", "KILL", "systemd-nspawn", "--quiet",
                "--register=no", "--resolv-conf=replace-host",
                "--console=pipe", "-D", self.root, "--boot"]
        if not os.path.isdir("/run/systemd/system"):
            argv.insert(4, "--keep-unit")
        self.program = Program(argv, self.log)
        wait_until("systemd", 60, self.booted, 0.2)
        return self

    def booted(self):
        pid = self.program.pid
        if not self.program.running():
            raise Failed(self.program.text()[-600:] or "it ended at once")
        with open(f"/proc/{pid}/task/{pid}/children") as f:
            children = f.read().split()
        if not children:
            return False
        self.init = children[0]
        said = self.run("systemctl", "is-system-running").stdout.strip()
        return said in ("running", "degraded")

    def run(self, *argv, seconds=200):
        return run("nsenter", "-t", self.init, "-m", "-u", "-i", "-p", "-C",
                   *argv, seconds=seconds, env={
                       "PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C",
                       "DEBIAN_FRONTEND": "noninteractive"})

    def files(self):
        """Every file of the root, without what a running system keeps."""
        found = set()
        for folder, folders, names in os.walk(self.root):
            here = folder[len(self.root):]
            if here in ("/proc", "/sys", "/dev", "/run", "/tmp", "/var/log",
                        "/var/cache", "/var/lib/dpkg", "/var/lib/apt",
                        "/var/lib/systemd", "/var/tmp"):
                folders[:] = []
                continue
            found |= {f"{here}/{n}" for n in folders + names}
        return found

    def owned(self):
        """The files of the packages that are there."""
        info, found = self.path("/var/lib/dpkg/info"), {
            "/etc/ca-certificates.conf", "/etc/ca-certificates/update.d"}
        for name in os.listdir(info):
            if name.endswith(".list"):
                with open(os.path.join(info, name)) as f:
                    found |= set(f.read().split("\n"))
        return found

    def stop(self):
        if self.program:
            self.program.send(signal.SIGTERM)
            self.program.wait(10)
            if self.program.running():
                self.program.kill_all()
            self.program.stop()
            self.program = None
        if self.lock:
            self.lock.close()
            self.lock = None
