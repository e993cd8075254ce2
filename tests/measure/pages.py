"""The pages of the queue over a big database, as a browser asks for them."""

import html
import http.client
import os
import re
import secrets
import sqlite3
import subprocess
import time
import urllib.parse

from servers.desk import CLIENT_ID, SCOPE
from servers.process import Failed, Program, free_port, wait_until
from .common import median, ms

PASSWORD = "correct horse 9 staple"


def fill(options, database, report):
    """A database of options.cases cases."""
    build = os.path.dirname(options.program)
    tool = os.path.join(build, "tests", "bench_fill")
    made = subprocess.run(["cmake", "--build", build, "--target",
                           "bench_fill"], capture_output=True, timeout=300)
    if made.returncode != 0 or not os.access(tool, os.X_OK):
        raise Failed("cannot build bench_fill in " + build + ":\n" +
                     (made.stdout + made.stderr).decode()[-600:])
    begin = time.monotonic()
    subprocess.run([tool, database, str(options.cases)], check=True,
                   timeout=1800)
    report.say(f"{options.cases} cases written in "
               f"{time.monotonic() - begin:.0f} s, "
               f"{os.path.getsize(database) >> 20} MB")


class Queue:
    """The daemon on that database; its mailbox is not there, which the pages
    do not mind."""

    def __init__(self, program, folder, database):
        self.port = free_port()
        nowhere = free_port()
        self.config = os.path.join(folder, "consentdesk.conf")
        for name in ("mail.secret", "link.secret"):
            path = os.path.join(folder, name)
            with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600),
                           "w") as f:
                f.write(secrets.token_hex(32) + "\n")
        with open(self.config, "w") as f:
            f.write(
                "[product]\nname = Numeo\nsupport_address = s@numeo.test\n"
                "help_url = https://help.numeo.test/\n"
                f"[mailbox]\nhost = 127.0.0.1\nport = {nowhere}\ntls = none\n"
                f"user = u\npassword_file = {folder}/mail.secret\n"
                f"[smtp]\nhost = 127.0.0.1\nport = {nowhere}\ntls = none\n"
                f"user = u\npassword_file = {folder}/mail.secret\n"
                f"[microsoft]\nclient_id = {CLIENT_ID}\nscope = {SCOPE}\n"
                "redirect_uri = https://app.numeo.test/return\n"
                f"link_secret_file = {folder}/link.secret\n"
                "[policy]\ntrust_authserv_id = mx.numeo.test\n"
                f"[files]\ndatabase = {database}\n"
                f"[web]\nlisten = 127.0.0.1:{self.port}\n")
        run = subprocess.run([program, "-c", self.config, "user", "add",
                              "maria", "--lead"], timeout=120,
                             input=PASSWORD.encode() + b"\n",
                             capture_output=True)
        if run.returncode != 0 and b"already" not in run.stderr:
            raise Failed(run.stderr.decode())
        self.run = [program, "-c", self.config, "run"]
        self.log = os.path.join(folder, "daemon.log")
        self.cookies = {}
        self.connection = None
        self.start()
        try:
            self._sign_in()
            db = sqlite3.connect(f"file:{database}?mode=ro", uri=True)
            self.pid = db.execute("SELECT pid FROM roles WHERE role = 'web'"
                                  ).fetchone()[0]
            db.close()
        except BaseException:
            self.daemon.stop()
            raise

    def start(self):
        """Seconds from there to the first page."""
        begin = time.monotonic()
        self.daemon = Program(self.run, self.log)
        try:
            wait_until("the web role", 600, lambda: self._answers(), 0.005)
        except BaseException:
            self.daemon.stop()
            raise
        return time.monotonic() - begin

    def kill(self):
        """All of its processes at once; the log of the database stays."""
        self.daemon.kill_all()
        self.daemon.stop()

    def _answers(self):
        try:
            return self.get("/login")[0] in (200, 303)
        except OSError:
            return False

    def ask(self, method, path, form=None):
        """(status, text, seconds); cookies are kept."""
        if not self.connection:
            self.connection = http.client.HTTPConnection(
                "127.0.0.1", self.port, timeout=60)
        headers = {"Cookie": "; ".join(
            f"{k}={v}" for k, v in self.cookies.items())}
        body = None
        if form is not None:
            body = urllib.parse.urlencode(form)
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        begin = time.monotonic()
        try:
            self.connection.request(method, path, body, headers)
            r = self.connection.getresponse()
            text = r.read()
        except (OSError, http.client.HTTPException):
            self.connection.close()
            self.connection = None
            raise
        took = time.monotonic() - begin
        for name, value in r.getheaders():
            if name == "Set-Cookie":
                key, _, rest = value.partition("=")
                self.cookies[key] = rest.partition(";")[0]
        self.location = r.getheader("Location")
        return r.status, text, took

    def get(self, path):
        return self.ask("GET", path)

    def _sign_in(self):
        page = self.get("/login")[1].decode()
        token = re.search(r'name="csrf" value="([^"]*)"', page).group(1)
        status = self.ask("POST", "/login", {
            "csrf": token, "name": "maria", "password": PASSWORD})[0]
        if status != 303:
            raise Failed(f"signing in: {status}")

    def next_of(self, path):
        """The address of the list's next page."""
        found = re.search(r'class="next" href="([^"]+)"',
                          self.get(path)[1].decode())
        if not found:
            raise Failed(f"no next page after {path}")
        return html.unescape(found.group(1))

    def memory(self):
        """PSS of the web role, kB."""
        with open(f"/proc/{self.pid}/smaps_rollup") as f:
            return int(re.search(r"^Pss:\s+(\d+)", f.read(), re.M).group(1))

    def processor(self):
        """Seconds that the web role has worked: what a page costs, however
        busy the machine is."""
        with open(f"/proc/{self.pid}/schedstat") as f:
            return int(f.read().split()[0]) / 1e9

    def stop(self):
        if self.connection:
            self.connection.close()
            self.connection = None
        self.daemon.stop()


def asked_for(queue, cases):
    middle = int(time.time()) - cases // 2
    tenant = "00000000-0000-4000-8000-000000000000"
    pages = {f"view {v}": f"/cases?view={v}" for v in (
        "review", "waiting", "approved", "closed", "snoozed", "all")}
    pages |= {
        "all, page 2": queue.next_of("/cases?view=all"),
        "review, in the middle": f"/cases?view=review&after={middle}-1",
        "waiting, in the middle": f"/cases?view=waiting&after={middle}-1",
        "by reading": "/cases?view=review&intent=is_it_safe",
        "by language": "/cases?view=all&language=de",
        "by reading and language":
            "/cases?view=all&intent=blocked&language=fr",
        "by assignee": "/cases?view=all&assignee=maria",
        "by assignee and reading":
            "/cases?view=review&assignee=maria&intent=want_link",
        "by assignee and language, none fits":
            "/cases?view=all&assignee=maria&language=xx",
        "by reading and language, page in the middle":
            f"/cases?view=waiting&intent=blocked&language=fr&after={middle}-1",
        "by reading, language and assignee":
            "/cases?view=all&intent=blocked&language=en&assignee=maria",
        "snoozed by assignee, none fits": "/cases?view=snoozed&assignee=tom",
        "snoozed by language, none fits":
            "/cases?view=snoozed&language=xx",
        "snoozed by reading, page in the middle":
            f"/cases?view=snoozed&intent=blocked&after={middle}-1",
        "by the large company": "/cases?view=all&domain=firm0.example",
        "by its tenant and a reading":
            f"/cases?view=all&tenant={tenant}&intent=blocked",
        "by its tenant, none fits":
            f"/cases?view=all&tenant={tenant}&intent=other",
        "by its tenant, page in the middle":
            f"/cases?view=waiting&tenant={tenant}&after={middle}-1",
        "by its tenant, reading, language, assignee":
            f"/cases?view=all&tenant={tenant}&intent=blocked&language=en"
            "&assignee=maria",
        "by its tenant and company, none fits":
            f"/cases?view=closed&tenant={tenant}&domain=firm0.example"
            "&language=xx",
        "search, one person": f"/cases?view=all&q=person{cases // 2}",
        "search, a word of every mail": "/cases?view=all&q=admin",
        "search, two frequent words": "/cases?view=all&q=admin+screen",
        "search, three frequent words":
            "/cases?view=all&q=carrier+approval+screen",
        "search, a frequent and a rare one":
            f"/cases?view=all&q=admin+person{cases // 3}",
        "search, a beginning": "/cases?view=all&q=person1234*",
        "search, as many as may begin alike":
            "/cases?view=all&q=person12*",
        "search, too many begin alike": "/cases?view=all&q=person*",
        "search, a frequent beginning": "/cases?view=all&q=admi*",
        "search, another script": "/cases?view=all&q=" +
            urllib.parse.quote("одобрение"),
        "search, a beginning in it": "/cases?view=all&q=" +
            urllib.parse.quote("одобр*"),
        "search, a word that is nowhere": "/cases?view=all&q=zebra",
        "search, nothing found": "/cases?view=all&q=zebra+admin",
        "search and filter": "/cases?view=closed&q=pallet&language=es",
        "search and all filters": "/cases?view=waiting&q=pallet+screen"
            f"&tenant={tenant}&intent=blocked&language=en&assignee=maria",
        "search, page 2": queue.next_of("/cases?view=all&q=screen"),
        "search and page in the middle":
            f"/cases?view=waiting&q=admin&after={middle}-1",
        "case": f"/cases/{cases // 2 + 1}",
        "case of the large company": f"/cases/{cases // 40 * 20}",
        "case of 200 mails": f"/cases/{cases}",
        "case with another answer":
            f"/cases/{cases // 2 + 1}?template=steps&language=de",
        "next case": "/cases/next",
        "numbers": "/numbers",
    }
    return pages


def big_database(options, folder, report):
    os.makedirs(folder, exist_ok=True)
    if options.database:
        return options.database
    database = os.path.join(folder, "big.db")
    fill(options, database, report)
    return database


def restart(options, folder, report):
    database = big_database(options, folder, report)
    queue = Queue(options.program, folder, database)
    times = {"after an orderly stop": [], "after a kill of all roles": []}
    try:
        for _ in range(options.runs):
            for name, end in zip(times, (queue.stop, queue.kill)):
                end()
                times[name].append(queue.start())
    finally:
        queue.stop()
    report.row("to the first page", "median", "worst")
    for name, seen in times.items():
        report.row(name, ms(median(seen)), ms(max(seen)))


def pages(options, folder, report):
    database = big_database(options, folder, report)
    db = sqlite3.connect(f"file:{database}?mode=ro", uri=True)
    cases = db.execute("SELECT max(id) FROM cases").fetchone()[0]
    db.close()
    queue = Queue(options.program, folder, database)
    try:
        asked = asked_for(queue, cases)
        times = {name: [] for name in asked}
        costs = {name: [] for name in asked}
        for path in asked.values():
            queue.get(path)
        before = queue.memory()
        for _ in range(max(options.runs, 20)):
            for name, path in asked.items():
                begin = queue.processor()
                status, text, took = queue.get(path)
                costs[name].append(queue.processor() - begin)
                if status not in (200, 303, 400):
                    raise Failed(f"{path}: {status}")
                times[name].append(took)
        report.row("", "cpu median", "cpu worst", "wall median", "wall worst",
                   "kB")
        for name, path in asked.items():
            report.row(name, ms(median(costs[name])), ms(max(costs[name])),
                       ms(median(times[name])), ms(max(times[name])),
                       len(queue.get(path)[1]) >> 10)
        every = sum(times.values(), [])
        report.row("all together", ms(median(sum(costs.values(), []))),
                   ms(max(sum(costs.values(), []))), ms(median(every)),
                   ms(max(every)))
        report.say(f"the web role's own memory: {before} kB, after "
                   f"{len(every)} pages {queue.memory()} kB")
    finally:
        queue.stop()


__all__ = ["pages", "restart", "big_database"]
