"""The queue in the browser, from outside: who gets in, what is shown, what can be
done, and what a stranger's mail or another site cannot do."""

import contextlib
import html
import http.client
import json
import re
import sqlite3
import time
import unittest
import urllib.parse

from . import base

PASSWORD = "correct horse 9 staple"
BLOCKED = """Hi,

when I click Connect Outlook in Numeo, Microsoft says "Need admin approval".
What do I have to do?
"""
STILL = """I approved it yesterday in the portal, but my users are still blocked.
It still says need admin approval, I am getting really frustrated!
"""
SCRIPT = "<script>alert(1)</script>"


class Browser:
    """Keeps cookies, follows no redirects, fills forms from the page."""

    def __init__(self, desk, headers=None):
        self.desk, self.cookies, self.headers = desk, {}, headers or {}
        self.page = ""

    def ask(self, method, path, form=None, headers=None, cookies=True):
        c = http.client.HTTPConnection("127.0.0.1", self.desk.web_port,
                                       timeout=20)
        head = dict(self.headers)
        head.update(headers or {})
        if cookies and self.cookies:
            head["Cookie"] = "; ".join(
                f"{k}={v}" for k, v in self.cookies.items())
        body = None
        if form is not None:
            body = urllib.parse.urlencode(form)
            head["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            c.request(method, path, body, head)
            r = c.getresponse()
            page = r.read().decode()
        finally:
            c.close()
        for name, value in r.getheaders():
            if name == "Set-Cookie":
                key, _, rest = value.partition("=")
                self.cookies[key] = rest.partition(";")[0]
        if r.getheader("Content-Type", "").startswith("text/html"):
            self.page = page
        r.page = page
        return r

    def get(self, path, **how):
        return self.ask("GET", path, **how)

    def hidden(self, name):
        """A hidden field of the page; of its answer box if it is there."""
        found = re.search(rf'name="{name}" value="([^"]*)"', self.page)
        return html.unescape(found.group(1)) if found else None

    def post(self, path, **fields):
        headers = fields.pop("headers", None)
        fields.setdefault("csrf", self.hidden("csrf"))
        return self.ask("POST", path, fields, headers)

    def login(self, name="maria", password=PASSWORD):
        self.get("/login")
        return self.post("/login", name=name, password=password,
                         next=self.hidden("next"))

    def text(self):
        """What stands in the answer box, as a browser would send it."""
        found = re.search(r'<textarea id="text"[^>]*>\n?(.*?)</textarea>',
                          self.page, re.S)
        return html.unescape(found.group(1)).replace("\n", "\r\n")

    def send(self, case, text=None):
        """Presses Send on the case page that is open."""
        return self.post(
            f"/cases/{case}/send", seen=self.hidden("seen"),
            original=self.hidden("original").replace("\n", "\r\n"),
            template=self.hidden("template"), language=self.hidden("language"),
            text=self.text() if text is None else text)


class Stream:
    """What /live tells to a browser."""

    def __init__(self, browser):
        self.connection = http.client.HTTPConnection(
            "127.0.0.1", browser.desk.web_port, timeout=20)
        self.connection.request("GET", "/live", headers={
            "Cookie": "; ".join(f"{k}={v}"
                                for k, v in browser.cookies.items())})
        self.reply = self.connection.getresponse()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.reply.close()
        self.connection.close()

    def next(self):
        """The next event."""
        while True:
            line = self.reply.readline()
            if line.startswith(b"data: "):
                self.reply.readline()
                return json.loads(line[6:])
            if not line:
                raise base.Failed("the stream ended")

    def until(self, wanted):
        while True:
            news = self.next()
            if wanted(news):
                return news


class Queue(base.Case):
    def open(self, changes=None, mode="draft"):
        """A desk that drafts, with one account of each role."""
        desk = self.desk({"policy.mode": mode, **(changes or {})})
        for name, more in (("maria", ["--lead"]), ("tom", [])):
            run = desk.cli("user", "add", name, *more,
                           stdin=PASSWORD.encode() + b"\n")
            self.assertEqual(run.returncode, 0, run.stderr)
        return desk

    def browser(self, desk, name="maria"):
        b = Browser(desk)
        r = b.login(name)
        self.assertEqual(r.status, 303, r.page)
        return b

    def case(self, desk, subject="Need admin approval", body=BLOCKED,
             sender=None, **how):
        """One more case in review; its row."""
        before = len(desk.cases("--limit", 10000))
        sender = sender or "ann@" + self.domain()
        self.send(desk, sender, subject, body, **how)
        rows = desk.await_cases(before + 1)
        return next(c for c in rows if c["from"] == sender)

    def rows(self, desk):
        """Every table but what sign-in and heartbeats write."""
        db = sqlite3.connect(f"file:{desk.database}?mode=ro", uri=True)
        try:
            return {t: db.execute(f"SELECT count(*) FROM {t}").fetchone()[0]
                    for t in ("cases", "events", "outbox", "mails", "labels")
                    } | {"updated": db.execute(
                        "SELECT total(updated) FROM cases").fetchone()[0]}
        finally:
            db.close()


class Pages(Queue):
    def test_headers(self):
        desk = self.open()
        b = self.browser(desk)
        for path in ("/cases", "/login?x=1", "/numbers", "/cases/999"):
            r = b.get(path)
            if r.status == 303:
                continue
            policy = r.getheader("Content-Security-Policy")
            self.assertIn("default-src 'none'", policy)
            self.assertIn("frame-ancestors 'none'", policy)
            self.assertNotIn("unsafe", policy)
            self.assertEqual(r.getheader("X-Content-Type-Options"), "nosniff")
            self.assertEqual(r.getheader("X-Frame-Options"), "DENY")
            self.assertEqual(r.getheader("Cache-Control"), "no-store")
            self.assertIn(r.getheader("Referrer-Policy"),
                          ("same-origin", "no-referrer"))
            self.assertNotRegex(r.page, r"<script(?! src=\"/static/)")
            self.assertNotRegex(r.page, r"\son\w+=|style=|https?://")
        self.assertEqual(b.get("/cases/999").status, 404)
        for name in re.findall(r'"(/static/[^"]+)"', b.page):
            self.assertEqual(b.get(name).status, 200)

    def test_the_list(self):
        desk = self.open()
        first = self.case(desk, "The older one")
        time.sleep(1.1)
        second = self.case(desk, "The newer one", STILL)
        b = self.browser(desk)
        b.get("/cases")
        self.assertIn("(2) Needs a person", b.page)
        self.assertLess(b.page.index("The older one"),
                        b.page.index("The newer one"))
        self.assertIn("A draft is ready: Steps for the admin<", b.page)
        self.assertIn("Still blocked after our help", b.page)
        b.get("/cases?view=waiting")
        self.assertNotIn("The older one", b.page)
        b.get("/cases?view=all&intent=still_blocked")
        self.assertNotIn("The older one", b.page)
        self.assertIn("The newer one", b.page)
        b.get("/cases?view=all&q=older")
        self.assertIn("The older one", b.page)
        self.assertNotIn("The newer one", b.page)
        b.get("/cases?view=all&q=" + urllib.parse.quote(
            second["from"].partition("@")[2]))
        self.assertIn("The newer one", b.page)
        self.assertNotIn("The older one", b.page)
        # What is read out on the phone, from the end of our mail.
        b.get(f"/cases/{first['id']}")
        reference = re.search(r"CD-\d+-[A-Z]{8}", b.page).group(0)
        for words in (reference, f" {reference.lower()} ", f"#{first['id']}"):
            r = b.get("/cases?view=all&q=" + urllib.parse.quote(words))
            self.assertEqual(r.getheader("Location"), f"/cases/{first['id']}")
        for words in (reference[:-1], "#999", "#", str(first["id"])):
            r = b.get("/cases?view=all&q=" + urllib.parse.quote(words))
            self.assertEqual(r.status, 200)
        b.get("/cases?view=all&q=%22%28%29+OR+NEAR*")
        self.assertIn("No case fits", b.page)
        r = b.get("/cases/next")
        self.assertEqual(r.getheader("Location"), f"/cases/{first['id']}")
        r = b.get(f"/cases/next?not={first['id']}")
        self.assertEqual(r.getheader("Location"), f"/cases/{second['id']}")
        self.assertEqual(desk.cli("send", first["id"], "--template",
                                  "approved_note").returncode, 0)
        b.get("/cases?view=approved")
        self.assertRegex(html.unescape(b.page),
                         '>"You are approved" (queued|sent)<')

    def test_whoever_waits_longest_stays_first(self):
        """Whatever the team does among itself."""
        desk = self.open()
        ids = []
        for i in range(2):
            ids.append(self.case(desk, f"Number {i}")["id"])
            time.sleep(1.1)
        b = self.browser(desk)
        for verb, word in (("note", "I rang them"), ("assign", "tom"),
                           ("label", "is_it_safe")):
            self.assertEqual(desk.cli(verb, ids[0], word).returncode, 0)
            b.get("/cases")
            self.assertEqual([int(n) for n in re.findall(
                r'data-case="([1-9]\d*)"', b.page)], ids, verb)
        # Nor does who writes once more go to the end.
        first = desk.json("case", ids[0])
        self.send(desk, first["from"], "Re: Number 0", STILL)
        base.wait_until("the second mail", 20, lambda: desk.json(
            "case", ids[0])["updated"] > first["updated"], 0.2)
        b.get("/cases")
        self.assertEqual([int(n) for n in re.findall(
            r'data-case="([1-9]\d*)"', b.page)], ids)
        self.assertIn("whoever waits longest first", b.page)
        self.assertEqual([c["id"] for c in desk.cases()], ids)

    def test_next_goes_on(self):
        """Who leaves two cases for later comes to the third, and from the last
        back to the first."""
        desk = self.open()
        ids = []
        for i in range(3):
            ids.append(self.case(desk, f"Number {i}")["id"])
            time.sleep(1.1)
        b = self.browser(desk)
        seen = ids[:1]
        while len(seen) < 5:
            r = b.get(f"/cases/next?not={seen[-1]}")
            seen.append(int(r.getheader("Location").rpartition("/")[2]))
        self.assertEqual(seen, ids + ids[:2])
        # What is done is left behind, and the last one leads to no other.
        for n in ids[1:]:
            self.assertEqual(desk.cli("close", n).returncode, 0)
        for left, to in ((ids[1], f"/cases/{ids[0]}"),
                         (ids[0], "/cases?view=review&done=last")):
            r = b.get(f"/cases/next?not={left}")
            self.assertEqual(r.getheader("Location"), to)
        b.get("/cases?view=review&done=last")
        self.assertIn("No other case", b.page)
        self.assertNotIn("Nothing waits", b.page)

    def test_pages_of_a_long_list(self):
        desk = self.open()
        self.case(desk)
        db = sqlite3.connect(desk.database, timeout=10)
        with db:
            for i in range(120):
                db.execute(
                    "INSERT INTO cases (state, updated, opened, reason, intent,"
                    " language, from_addr, from_name, canonical, subject,"
                    " last_action) VALUES ('closed', ?, 1, '', 'other', 'en',"
                    " 'x@y.example', '', 'x@y.example', ?, 'closed')",
                    (1000 + i // 7, f"Number {i}."))
        db.close()
        b = self.browser(desk)
        seen, path = [], "/cases?view=closed"
        while path:
            b.get(path)
            seen += re.findall(r"Number (\d+)\.", b.page)
            # What is done with some of them ends on the same page.
            self.assertEqual(b.hidden("back"), path)
            more = re.search(r'class="next" href="([^"]+)"', b.page)
            path = html.unescape(more.group(1)) if more else None
        self.assertEqual([int(x) for x in seen], list(range(119, -1, -1)))

    def test_the_case_page(self):
        desk = self.open()
        case = self.case(desk, "Still not working", STILL +
                         "\nOn Monday, Numeo wrote:\n> an older thing\n")
        other = self.case(desk, "A colleague's",
                          sender="bob@" + case["from"].partition("@")[2])
        b = self.browser(desk)
        b.get(f"/cases/{case['id']}")
        self.assertIn("<mark>", b.page)
        self.assertIn("Still blocked after our help", b.page)
        self.assertRegex(b.page, r'(?s)<details class="whole">.*an older thing')
        self.assertIn(f'href="/cases/{other["id"]}"', b.page)
        self.assertIn("Audit trail", b.page)
        # A screen reader goes from one mail to the next by headings.
        self.assertEqual(re.findall(r"<h([1-6])", b.page),
                         ["1", "2", "3"] + 4 * ["2"])
        self.assertEqual(b.page.count("<article"), 1)
        # No time without its zone, for who cannot point at it either.
        times = re.findall(r"<time [^>]*>([^<]*:[^<]*)</time>", b.page)
        self.assertGreater(len(times), 3)
        for one in times:
            self.assertRegex(one, r"^\d\d [A-Z][a-z]{2}, \d\d:\d\d UTC$")
        b.get(f"/cases/{other['id']}")
        self.assertIn("Numeo", b.text())

    def test_a_stranger_writes_no_markup(self):
        desk = self.open(mode="auto")
        sender = "eve@" + self.domain()
        case = self.case(
            desk, SCRIPT + " Numeo \"><img src=x onerror=alert(2)>",
            "</textarea>" + SCRIPT + BLOCKED + "<a href=javascript:x>y</a>"
            " \u202egpj.exe", sender=sender,
            name='"\\"><b onclick=alert(3)>Eve</b>"')
        b = self.browser(desk)
        b.get(f"/cases/{case['id']}")
        b.post(f"/cases/{case['id']}/note", text=SCRIPT + "</textarea>")
        self.answer(desk, sender)
        for path in (f"/cases/{case['id']}", "/cases?view=all",
                     "/cases?view=all&q=" + urllib.parse.quote(SCRIPT),
                     "/cases?view=all&domain=" + urllib.parse.quote(SCRIPT),
                     "/cases?view=" + urllib.parse.quote(SCRIPT),
                     f"/cases/{case['id']}?done=" +
                     urllib.parse.quote(SCRIPT) + "&template=" +
                     urllib.parse.quote(SCRIPT),
                     "/login?next=" + urllib.parse.quote('"' + SCRIPT)):
            with self.subTest(path):
                r = b.get(path)
                self.assertNotIn(SCRIPT, r.page)
                self.assertNotRegex(r.page, r"<img|<b on|<a href=j|\u202e")
        # Nor where an answer is shown as it was sent: boxed in.
        b.get(f"/cases/{case['id']}")
        frame = re.search(r'<iframe sandbox [^>]*src="(/answers/\d+/html)"',
                          b.page)
        r = b.get(frame.group(1))
        self.assertEqual(r.status, 200)
        policy = r.getheader("Content-Security-Policy")
        self.assertTrue(policy.startswith("sandbox;"), policy)
        self.assertNotIn("script-src", policy)
        self.assertNotIn(SCRIPT, r.page)

    def test_a_megabyte_of_subject(self):
        desk = self.open()
        sender = "eve@" + self.domain()
        self.world.mail(desk, base.letters.letter(
            sender, desk.address, "Need admin approval", BLOCKED).replace(
                b"Subject: ", b"Subject: " + b"W" * 900 + b"\r\n " +
                b"\r\n ".join([b"\xe2\x80\xae<b>" + b"W" * 900] * 1100) +
                b"\r\n ", 1))
        case = desk.await_cases(1)[0]
        b = self.browser(desk)
        for path in ("/cases", f"/cases/{case['id']}", "/cases?view=all&q=W*"):
            r = b.get(path)
            self.assertEqual(r.status, 200)
            self.assertLess(len(r.page), 200_000)
            self.assertNotIn("\u202e", r.page)
            self.assertNotIn("<b>W", r.page)

    def test_megabytes_of_mail(self):
        """Five letters of markup for each of theirs, and many such mails."""
        desk = self.open()
        case = self.case(desk, body=BLOCKED + ("'\"" * 30 + "\n") * 13_000)
        b = self.browser(desk)
        r = b.get(f"/cases/{case['id']}")
        self.assertEqual(r.status, 200)
        self.assertTrue("The first 64 kB of a text of 7" in r.page)
        self.assertTrue("Audit trail" in r.page)
        with contextlib.closing(sqlite3.connect(desk.database)) as db, db:
            for i in range(40):
                db.execute(
                    "CREATE TEMP TABLE one AS SELECT * FROM mails LIMIT 1")
                db.execute("UPDATE one SET id = NULL, uid = ?1 + 5000, "
                           "identity = 'more' || ?1", (i,))
                mail = db.execute("INSERT INTO mails SELECT * FROM one")
                last = db.execute(
                    "INSERT INTO events (case_id, at, mail_id, kind, actor, "
                    "text) VALUES (?, ?, ?, 'mail', 'x', 'x')",
                    (case["id"], time.time_ns() // 10**9, mail.lastrowid))
                db.execute("DROP TABLE one")
        r = b.get(f"/cases/{case['id']}")
        self.assertEqual(r.status, 200)
        self.assertLess(len(r.page), 4_000_000)
        for words in (" older events are not shown here", "Audit trail",
                      f'id="e{last.lastrowid}"'):
            self.assertTrue(words in r.page, words)

    def test_who_looks_like_somebody_else(self):
        desk = self.open()
        case = self.case(desk, sender="help@nurneo.test", name="Helpdesk")
        other = self.case(desk, name='"ceo@bigco.example"')
        b = self.browser(desk)
        for path in ("/cases", f"/cases/{case['id']}"):
            self.assertIn("looks like numeo.test, but is not",
                          b.get(path).page)
        self.assertIn("the name shows another address",
                      b.get(f"/cases/{other['id']}").page)

    def test_get_changes_nothing(self):
        desk = self.open()
        case = self.case(desk)
        b = self.browser(desk)
        before = self.rows(desk)
        n = case["id"]
        for path in ("/cases", f"/cases/{n}", f"/cases/{n}?template=steps",
                     f"/cases/{n}/send", f"/cases/{n}/close", "/cases/bulk",
                     f"/cases/{n}/label?intent=other", "/logout",
                     f"/cases/{n}/note?text=x", "/cases/next", "/numbers"):
            b.get(path)
        self.assertEqual(self.rows(desk), before)
        self.assertEqual(b.get("/cases").status, 200)

    def test_live(self):
        desk = self.open()
        b = self.browser(desk)
        with Stream(b) as stream:
            self.assertEqual(stream.reply.getheader("Content-Type"),
                             "text/event-stream")
            self.assertEqual(stream.next()["review"], 0)
            case = self.case(desk)
            news = stream.until(lambda n: n["review"] == 1)
            self.assertTrue(news["well"])
            desk.cli("note", case["id"], "ring them")
            later = stream.until(lambda n: n["newest"] > news["newest"])
            self.assertEqual(later["all"], 1)
            # It does not keep the daemon from ending.
            desk.stop()

    def test_more_streams_than_there_is_room_for(self):
        desk = self.open()
        b = self.browser(desk)
        with contextlib.ExitStack() as stack:
            streams = [stack.enter_context(Stream(b)) for _ in range(55)]
            self.assertEqual(streams[-1].next()["review"], 0)
            # The oldest gave way; pages are still served.
            streams[0].reply.read()
            self.assertEqual(b.get("/cases").status, 200)

    def test_something_is_wrong_with_the_daemon(self):
        desk = self.open()
        b = self.browser(desk)
        self.assertIn('<div id="alarm"></div>', b.get("/cases").page)
        db = sqlite3.connect(desk.database, timeout=10)
        with db:
            db.execute("INSERT INTO brake (id, since, why) VALUES "
                       "(1, 1, 'too many <answers>')")
        db.close()
        for path in ("/cases", "/cases/999"):
            page = b.get(path).page
            self.assertIn("The daemon needs help", page)
            self.assertIn("too many &lt;answers&gt;", page)
        self.assertNotIn("needs help", Browser(desk).get("/login").page)


class Actions(Queue):
    def test_every_action_wants_the_token(self):
        desk = self.open()
        case = self.case(desk)
        b, other = self.browser(desk), self.browser(desk, "tom")
        b.get("/cases")
        other.get("/cases")
        before = self.rows(desk)
        for verb in ("send", "close", "assign", "note", "label", "snooze",
                     "merge", "reopen"):
            for token in ("", "0" * 64, other.hidden("csrf")):
                r = b.post(f"/cases/{case['id']}/{verb}", csrf=token,
                           text="x", who="tom", intent="other", until="1d",
                           into="1", seen="1")
                self.assertEqual(r.status, 403, verb)
        self.assertEqual(b.post("/cases/bulk", csrf="", do="close",
                                id=case["id"]).status, 403)
        self.assertEqual(self.rows(desk), before)
        b.get("/cases")
        r = b.post(f"/cases/{case['id']}/close",
                   headers={"Sec-Fetch-Site": "cross-site"})
        self.assertEqual(r.status, 403)
        self.assertEqual(self.rows(desk), before)

    def test_send_the_draft(self):
        desk = self.open()
        case = self.case(desk)
        b = self.browser(desk)
        b.get(f"/cases/{case['id']}")
        self.assertEqual(b.send(case["id"]).status, 303)
        mail = self.answer(desk, case["from"])
        # Untouched it keeps its HTML part.
        self.assertIsNotNone(mail.get_body(("html",)))
        self.assertEqual(desk.json("case", case["id"])["state"], "waiting")
        b.get(f"/cases/{case['id']}?done=send")
        self.assertIn("on its way", b.page)

    def test_edit_then_send(self):
        desk = self.open()
        case = self.case(desk)
        b = self.browser(desk)
        b.get(f"/cases/{case['id']}")
        r = b.send(case["id"], "Dear Ann,\r\nring us: 555 0100 \u2013 Maria")
        self.assertEqual(r.status, 303)
        mail = self.answer(desk, case["from"])
        self.assertIn("Dear Ann,\nring us: 555 0100 \u2013 Maria",
                      mail.get_body(("plain",)).get_content().replace(
                          "\r\n", "\n"))
        shown = desk.json("case", case["id"])
        self.assertIn("maria", [e["actor"] for e in shown["timeline"]])

    def test_the_answer_goes_to_whoever_wrote_last(self):
        desk = self.open()
        sender = "ann@" + self.domain()
        first = self.send(desk, sender, "Need admin approval", BLOCKED)
        case, = desk.await_cases(1)
        other = sender.replace("ann@", "ben@")
        self.send(desk, other, "Re: Need admin approval",
                  "Please send me the approval link for Numeo.",
                  in_reply_to=first)
        b = self.browser(desk)

        def probe():
            b.get(f"/cases/{case['id']}")
            return f"to <bdi>{other}</bdi>" in b.page
        base.wait_until("the colleague's name", 20, probe, 0.2)
        self.assertEqual(b.send(case["id"], "Dear Ben").status, 303)
        self.assertEqual(self.answer(desk, other)["To"], other)

    def test_another_template_in_another_language(self):
        desk = self.open()
        case = self.case(desk)
        b = self.browser(desk)
        b.get(f"/cases/{case['id']}?template=link&language=de")
        self.assertIn("adminconsent", b.text())
        self.assertEqual(b.send(case["id"]).status, 303)
        mail = self.answer(desk, case["from"])
        self.link_in(mail)
        shown = desk.json("case", case["id"])
        sent = [e["answer"] for e in shown["timeline"]
                if e.get("answer", {}).get("template") == "link"]
        self.assertEqual(sent[0]["language"], "de")
        b.get(f"/cases/{case['id']}?template=nonsense")
        self.assertIn("no template", b.page)

    def test_a_send_is_refused_when_a_mail_came_in(self):
        desk = self.open()
        case = self.case(desk)
        b = self.browser(desk)
        b.get(f"/cases/{case['id']}")
        page = b.page
        events = len(desk.json("case", case["id"])["timeline"])
        self.send(desk, case["from"], "Re: Need admin approval",
                  "Wait, forget it, our admin solved it himself.")
        base.wait_until("the second mail", 20, lambda: len(
            desk.json("case", case["id"])["timeline"]) > events, 0.2)
        b.page = page
        r = b.send(case["id"], "My own long words")
        self.assertEqual(r.status, 409)
        self.assertIn("a mail came in since", r.page)
        self.assertIn("our admin solved it himself",
                      re.sub(r"</?mark>", "", r.page))
        self.assertIn("mail new", r.page)
        # The draft that the mail made void is no alarm.
        self.assertRegex(r.page, r'Consent Desk</h3> <span class="fate">'
                         r'dropped(?s:.*?)<p class="quiet">a newer mail')
        self.assertEqual(b.text(), "My own long words")
        self.assertEqual(self.all_answers(desk), [])
        # Now it was seen.
        self.assertEqual(b.send(case["id"]).status, 303)
        self.answer(desk, case["from"])

    def test_two_agents_on_one_case(self):
        desk = self.open()
        case = self.case(desk)
        one, two = self.browser(desk), self.browser(desk, "tom")
        one.get(f"/cases/{case['id']}")
        two.get(f"/cases/{case['id']}")
        twice = two.page
        self.assertEqual(two.send(case["id"]).status, 303)
        r = one.send(case["id"], "The same again")
        self.assertEqual(r.status, 409)
        self.assertIn("by tom", html.unescape(r.page))
        # Nor does a second click send a second mail, or say that none went.
        two.page = twice
        self.assertEqual(two.send(case["id"]).status, 303)
        self.assertEqual(two.send(case["id"], "Something else").status, 409)
        self.answer(desk, case["from"])

    def test_the_small_actions(self):
        desk = self.open()
        case, target = self.case(desk), self.case(desk)
        n = case["id"]
        b = self.browser(desk)
        b.get(f"/cases/{n}")

        def do(verb, **fields):
            self.assertEqual(b.post(f"/cases/{n}/{verb}", **fields).status,
                             303, verb)
            return desk.json("case", n)

        self.assertEqual(do("assign", who="tom")["assignee"], "tom")
        b.get("/cases?view=review&assignee=tom")
        self.assertIn(f'data-case="{n}"', b.page)
        self.assertNotIn(f'data-case="{target["id"]}"', b.page)
        do("snooze", until="1d")
        b.get("/cases")
        self.assertNotIn(f'data-case="{n}"', b.page)
        self.assertIn('data-n="snoozed">1<', b.page)
        b.get("/cases?view=snoozed")
        self.assertIn(f'data-case="{n}"', b.page)
        self.assertEqual(do("label", intent="is_it_safe")["intent"],
                         "is_it_safe")
        do("note", text="Ring them\r\non Friday")
        b.get(f"/cases/{n}")
        self.assertIn("Ring them\non Friday", b.page)
        self.assertEqual(do("close")["state"], "closed")
        self.assertEqual(do("reopen")["state"], "review")
        do("merge", into=target["id"])
        b.get(f"/cases/{n}")
        self.assertIn("goes on in", b.page)

    def test_what_cannot_be_done_is_said(self):
        desk = self.open()
        n = self.case(desk)["id"]
        b = self.browser(desk)
        b.get(f"/cases/{n}")
        for verb, fields, status in (
                ("label", {"intent": "nonsense"}, 400),
                ("merge", {"into": "99999"}, 404), ("merge", {"into": n}, 400),
                ("snooze", {"until": "x"}, 400), ("note", {"text": " "}, 400),
                ("send", {"text": "  ", "seen": "1"}, 400),
                ("send", {"text": "hello"}, 400), ("frobnicate", {}, 404)):
            with self.subTest(verb=verb, fields=fields):
                self.assertEqual(
                    b.post(f"/cases/{n}/{verb}", **fields).status, status)
        self.assertEqual(b.post("/cases/99999/close").status, 404)
        self.assertEqual(desk.json("case", n)["state"], "review")

    def test_bulk(self):
        desk = self.open()
        cases = [self.case(desk)["id"] for _ in range(3)]
        b = self.browser(desk)
        b.get("/cases")
        token = b.hidden("csrf")
        fields = [("csrf", token), ("back", "/cases?view=review"),
                  ("who", "tom"), ("do", "assign")]
        seen = ("seen", b.hidden("seen"))
        r = b.ask("POST", "/cases/bulk",
                  fields + [("id", i) for i in cases[:2]])
        self.assertEqual(r.getheader("Location"),
                         "/cases?view=review&done=bulk")
        r = b.ask("POST", "/cases/bulk", fields)
        b.get(r.getheader("Location"))
        self.assertIn("no case was selected", b.page)
        fields[3] = ("do", "close")
        # What was seen is to be known.
        for what in [], [("seen", "0")], [("seen", "x")]:
            self.assertEqual(b.ask("POST", "/cases/bulk", fields + what + [
                ("id", i) for i in cases]).status, 400)
        b.ask("POST", "/cases/bulk", fields + [seen] + [
            ("id", i) for i in cases[1:]])
        rows = {c["id"]: c for c in desk.cases("--limit", 100)}
        self.assertEqual([rows[i]["state"] for i in cases],
                         ["review", "closed", "closed"])
        self.assertEqual([rows[i]["assignee"] for i in cases],
                         ["tom", "tom", None])


if __name__ == "__main__":
    unittest.main()
