"""The program under test: its configuration, its daemon, its command line."""

import copy
import http.client
import json
import os
import secrets
import signal
import subprocess
import urllib.parse

from .letters import AUTHSERV
from .process import Failed, Program, free_port, wait_until

TOP = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))
CLIENT_ID = "3f2b8a6c-90d1-4e57-b1a2-6c5d4e3f2a1b"
SCOPE = ("https://graph.microsoft.com/Mail.ReadWrite "
         "https://graph.microsoft.com/Mail.Send offline_access")


def program(preset=None):
    """Path of the built program, or None: of that preset; else CD_PROGRAM, or
    the first preset that is built."""
    if preset is None and os.access(os.environ.get("CD_PROGRAM", ""), os.X_OK):
        return os.environ["CD_PROGRAM"]
    for p in [preset] if preset else ["release", "dev", "clang", "asan"]:
        path = os.path.join(TOP, ".build", p, "consentdesk")
        if os.access(path, os.X_OK):
            return path
    return None


class Desk:
    """One support desk: a mailbox, a database and a configuration of its own.

    `changes` maps "section.key" to a value (None leaves the key out)."""

    def __init__(self, world, user, changes=None, binary=None):
        self.world = world
        self.user = user
        self.address = f"{user}@numeo.test"
        self.binary = binary or program()
        if not self.binary:
            raise Failed("the program is not built")
        self.folder = os.path.join(world.folder, "desk-" + user)
        os.makedirs(self.folder, mode=0o700, exist_ok=True)
        self.config = self.path("consentdesk.conf")
        self.database = self.path("desk.db")
        self.log = self.path("daemon.log")
        self.web_port = free_port()
        self.redirect_uri = world.redirect_uri
        self.daemon = None
        self.wrapper, self.more_environment = [], {}    # of the daemon alone
        self._secret("mail.secret", world.dovecot.password)
        self._secret("link.secret", secrets.token_hex(32))
        self.settings = self._defaults()
        self.change(changes or {})

    def path(self, name):
        return os.path.join(self.folder, name)

    def _secret(self, name, text):
        descriptor = os.open(self.path(name),
                             os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w") as f:
            f.write(text + "\n")
        return self.path(name)

    secret = _secret

    def _defaults(self):
        w = self.world
        return {
            "product": {
                "name": "Numeo", "also_known_as": "Numeo Spot",
                "support_address": self.address,
                "help_url": "https://help.numeo.test/admin-approval"},
            "mailbox": {
                "host": "localhost", "port": w.dovecot.imap, "tls": "starttls",
                "ca_file": w.ca, "user": self.user, "auth": "password",
                "password_file": self.path("mail.secret"),
                "folder": "INBOX", "sent_folder": "Sent", "start": "now"},
            "smtp": {
                "host": "localhost", "port": w.smtp.submission,
                "tls": "starttls", "ca_file": w.ca, "user": self.user,
                "auth": "password", "password_file": self.path("mail.secret"),
                "max_per_minute": 6000},
            "microsoft": {
                "authority": w.microsoft.url, "ca_file": w.ca,
                "client_id": CLIENT_ID, "scope": SCOPE,
                "redirect_uri": self.redirect_uri,
                "link_secret_file": self.path("link.secret"), "link_days": 14},
            "policy": {
                "mode": "auto", "trust_authserv_id": AUTHSERV,
                "require_authentication": "pass",
                "max_replies_per_hour": 10000},
            "files": {"database": self.database, "retention_days": 30},
            "web": {"listen": f"127.0.0.1:{self.web_port}",
                    "public_url": f"http://127.0.0.1:{self.web_port}"},
            "log": {"level": "info", "format": "text"},
        }

    def change(self, changes):
        """Settings by "section.key"; writes the file."""
        for name, value in changes.items():
            section, _, key = name.partition(".")
            part = self.settings.setdefault(section, {})
            if value is None:
                part.pop(key, None)
            else:
                part[key] = value
        self.write()

    def write(self, text=None):
        if text is None:
            lines = []
            for section, keys in self.settings.items():
                lines.append(f"[{section}]")
                lines += [f"{k} = {v}" for k, v in keys.items()]
                lines.append("")
            text = "\n".join(lines)
        with open(self.config, "w") as f:
            f.write(text)

    def sibling_settings(self):
        return copy.deepcopy(self.settings)

    # ---- the command line --------------------------------------------------

    def cli(self, *args, stdin=None, timeout=60, config=True, env=None):
        argv = [self.binary]
        if config:
            argv += ["-c", self.config]
        return subprocess.run(
            [*argv, *map(str, args)], timeout=timeout,
            capture_output=True, input=stdin if stdin is not None else b"",
            env={**self.environment(), **(env or {})})

    def environment(self):
        env = dict(os.environ)
        # A sanitizer's finding must be told from an ordinary exit status.
        env.setdefault("ASAN_OPTIONS", "exitcode=99:detect_leaks=1")
        env.setdefault("UBSAN_OPTIONS", "print_stacktrace=1")
        return env

    def json(self, *args):
        """A command's JSON: one object."""
        run = self.cli(*args, "--json")
        if run.returncode != 0:
            raise Failed(f"{args}: exit {run.returncode}: "
                         f"{run.stderr.decode('utf-8', 'replace')}")
        return json.loads(run.stdout)

    def json_lines(self, *args):
        run = self.cli(*args, "--json")
        if run.returncode != 0:
            raise Failed(f"{args}: exit {run.returncode}: "
                         f"{run.stderr.decode('utf-8', 'replace')}")
        return [json.loads(x) for x in run.stdout.splitlines() if x.strip()]

    def cases(self, *args):
        return self.json_lines("cases", *args)

    def await_cases(self, count, seconds=20, **fields):
        """At least `count` cases whose fields have these values."""
        def probe():
            rows = [c for c in self.cases("--limit", 10000)
                    if all(c.get(k) == v for k, v in fields.items())]
            return rows if len(rows) >= count else None
        try:
            return wait_until(f"{count} cases with {fields}", seconds, probe,
                              0.2)
        except Failed as e:
            raise Failed(f"{e}; there are {self.cases()}\n"
                         f"{self.log_text()[-3000:]}") from None

    # ---- the daemon --------------------------------------------------------

    def start(self, ready=True, seconds=60):
        self._log_seen = len(self.log_text())
        self.daemon = Program(
            [*self.wrapper, self.binary, "-c", self.config, "run"], self.log,
            env={**self.environment(), **self.more_environment})
        if ready:
            self.await_ready(seconds)
        return self

    def await_ready(self, seconds=60):
        def probe():
            if not self.daemon.running():
                raise Failed("the daemon ended: " + self.log_text()[-3000:])
            # Only now is it known where reading begins.
            return ("imap.open" in self.log_text()[self._log_seen:] and
                    self.cli("status").returncode == 0)
        try:
            wait_until("a healthy daemon", seconds, probe, 0.1)
        except Failed as e:
            status = self.cli("status")
            raise Failed(f"{e}; status: {status.stdout.decode()}"
                         f"{status.stderr.decode()}\n"
                         f"{self.log_text()[-3000:]}") from None

    def stop(self):
        """Orderly; exit status of the supervisor."""
        if not self.daemon:
            return None
        self.daemon.send(signal.SIGTERM)
        status = self.daemon.wait(10)
        self.daemon.stop()
        self.daemon = None
        return status

    def kill_everything(self):
        """SIGKILL to all processes of the daemon at once."""
        self.daemon.kill_all(signal.SIGKILL)
        self.daemon.stop()
        self.daemon = None

    def log_text(self):
        try:
            with open(self.log, encoding="utf-8", errors="replace") as f:
                return f.read()
        except OSError:
            return ""

    # ---- the web -----------------------------------------------------------

    def web(self, method, path, body=None, headers=None):
        """(status, headers, text) of the daemon's own web server."""
        c = http.client.HTTPConnection("127.0.0.1", self.web_port, timeout=10)
        try:
            c.request(method, path, body, headers or {})
            r = c.getresponse()
            return r.status, dict(r.getheaders()), r.read().decode(
                "utf-8", "replace")
        finally:
            c.close()

    def come_back(self, redirect, accept_language=None):
        """What the admin's browser does with Microsoft's redirect: the
        registered return address, which a reverse proxy hands to us."""
        url = urllib.parse.urlsplit(redirect)
        return self.web("GET", url.path + "?" + url.query, headers={
            "Accept-Language": accept_language} if accept_language else None)
