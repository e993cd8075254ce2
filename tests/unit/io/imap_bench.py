"""Dovecot for the IMAP unit tests: three servers (good, wrong-named and expired
certificate) in a folder of their own. Speaks lines on standard input:

    put USER BYTES    deliver one mail by LMTP
    fill USER N       lay N mails of 2 kB into the mailbox's folder
    kick USER         close the user's sessions
    seen USER         how many mails carry a flag

Each answers "ok" or "ok VALUE". Ends, and takes all away, when standard input
does."""

import os
import shutil
import smtplib
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", ".."))

from servers.certificates import Authority  # noqa: E402
from servers.dovecot import Dovecot  # noqa: E402


def say(line):
    print(line, flush=True)


def body(user, n, size):
    head = (f"From: A Sender <sender@example.test>\r\n"
            f"To: {user}@example.test\r\nSubject: mail {n}\r\n"
            f"Message-ID: <m{n}.{user}@example.test>\r\n\r\n")
    line = "* BYE 1 OK ) FETCH {3} and other words of a mail\r\n"
    return head + (line * (size // len(line) + 1))[:max(0, size - len(head))]


class Bench:
    def __init__(self, folder):
        ca = Authority(os.path.join(folder, "tls"))
        self.made = 0
        self.servers = {}
        for name, (cert, key) in (("good", ca.good()),
                                  ("wrong", ca.wrong_name()),
                                  ("expired", ca.expired())):
            server = Dovecot(os.path.join(folder, name), cert, key)
            self.servers[name] = server
        say(f"ca {ca.ca}")
        say(f"other_ca {ca.other_ca}")

    def start(self):
        for name, server in self.servers.items():
            server.start()
            say(f"{name}_imaps {server.imaps}")
        good = self.servers["good"]
        say(f"imap {good.imap}")
        say(f"password {good.password}")

    def stop(self):
        for server in self.servers.values():
            server.stop()

    def put(self, user, size):
        self.made += 1
        with smtplib.LMTP("127.0.0.1", self.servers["good"].lmtp) as s:
            s.sendmail("sender@example.test", [user + "@example.test"],
                       body(user, self.made, int(size)))
        return ""

    def fill(self, user, count):
        box = self.servers["good"].maildir(user)
        for name in ("cur", "new", "tmp"):
            os.makedirs(os.path.join(box, name), exist_ok=True)
        for n in range(int(count)):
            with open(os.path.join(box, "cur", f"{1700000000 + n}.M{n}.x:2,"),
                      "w", newline="") as f:
                f.write(body(user, n, 2000))
        if os.geteuid() == 0:
            for root, folders, files in os.walk(box):
                for name in [".", *files]:
                    os.chown(os.path.join(root, name), 65534, 65534)
        return ""

    def kick(self, user):
        self.servers["good"].kick(user)
        return ""

    def seen(self, user):
        box = self.servers["good"].maildir(user)
        return str(sum(1 for name in os.listdir(os.path.join(box, "cur"))
                       if not name.endswith(":2,")))


def main():
    folder = tempfile.mkdtemp(prefix="cd-imap-")
    os.chmod(folder, 0o755)
    bench = Bench(folder)
    try:
        bench.start()
        say("ready")
        for line in sys.stdin:
            command, *args = line.split()
            say(("ok " + getattr(bench, command)(*args)).strip())
    finally:
        bench.stop()
        shutil.rmtree(folder, ignore_errors=True)


main()
