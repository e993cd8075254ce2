"""Who gets into the queue in the browser, how, and how long."""

import glob
import os
import sqlite3
import threading
import time
import unittest
import urllib.parse

from . import base
from .test_desk import PASSWORD, Browser, Queue


class SigningIn(Queue):
    def test_nobody_sees_anything(self):
        desk = self.open()
        case = self.case(desk, sender="secret@" + self.domain())
        b = Browser(desk)
        for path in ("/", "/cases", f"/cases/{case['id']}", "/numbers",
                     "/cases/next", "/answers/1/html"):
            with self.subTest(path):
                r = b.get(path)
                self.assertEqual(r.status, 303)
                self.assertTrue(r.getheader("Location").startswith("/login"))
                self.assertNotIn("secret@", r.page)
        self.assertEqual(b.get("/live").status, 403)
        r = b.post(f"/cases/{case['id']}/close", csrf="0" * 64)
        self.assertEqual(r.status, 403)
        self.assertEqual(b.get("/login").status, 200)
        self.assertEqual(b.get("/static/nothing.css").status, 404)

    def test_a_session(self):
        desk = self.open()
        b = Browser(desk)
        r = b.login()
        self.assertEqual((r.status, r.getheader("Location")), (303, "/cases"))
        cookie = next(v for k, v in r.getheaders()
                      if k == "Set-Cookie" and "session" in v)
        self.assertIn("HttpOnly", cookie)
        self.assertIn("SameSite=Lax", cookie)
        self.assertNotIn("Secure", cookie)
        secret = b.cookies["desk_session"]
        with open(desk.database, "rb") as f:
            self.assertNotIn(secret.encode(), f.read())
        self.assertEqual(b.get("/cases").status, 200)
        old = dict(b.cookies)
        self.assertEqual(b.post("/logout").status, 303)
        self.assertEqual(b.get("/cases").status, 303)
        b.cookies = old
        self.assertEqual(b.get("/cases").status, 303, "still signed in")

    def test_no_session_is_fixed_beforehand(self):
        desk = self.open()
        b = Browser(desk)
        b.cookies["desk_session"] = planted = "ab" * 32
        b.login()
        self.assertNotEqual(b.cookies["desk_session"], planted)
        thief = Browser(desk)
        thief.cookies["desk_session"] = planted
        self.assertEqual(thief.get("/cases").status, 303)
        # The token of the form before is none of the session's.
        case = self.case(desk)
        self.assertEqual(b.post(f"/cases/{case['id']}/close",
                                csrf=b.cookies["desk_form"]).status, 403)

    def test_it_ends_when_nobody_uses_it(self):
        desk = self.open()
        b = self.browser(desk)
        self.assertEqual(b.get("/cases").status, 200)
        db = sqlite3.connect(desk.database, timeout=10)
        with db:
            db.execute("UPDATE sessions SET seen = seen - 11 * 3600")
        self.assertEqual(b.get("/cases").status, 200)
        with db:
            db.execute("UPDATE sessions SET seen = seen - 12 * 3600")
        db.close()
        self.assertEqual(b.get("/cases").status, 303)

    def test_it_ends_with_the_account(self):
        desk = self.open()
        b = self.browser(desk, "tom")
        desk.cli("user", "remove", "tom")
        self.assertEqual(b.get("/cases").status, 303)

    def test_a_new_password_ends_all_sessions(self):
        desk = self.open()
        b = self.browser(desk, "tom")
        run = desk.cli("user", "passwd", "tom", stdin=b"another long one\n")
        self.assertEqual(run.returncode, 0, run.stderr)
        self.assertEqual(b.get("/cases").status, 303)

    def test_behind_tls(self):
        desk = self.open({"web.public_url": "https://desk.numeo.test"})
        b = Browser(desk)
        r = b.login()
        cookies = [v for k, v in r.getheaders() if k == "Set-Cookie"]
        self.assertTrue(any(c.startswith("__Host-desk_session=") and
                            "; Secure" in c for c in cookies), cookies)
        self.assertEqual(b.get("/cases").status, 200)

    def test_guessing_is_slowed_down(self):
        desk = self.open()
        b = Browser(desk)
        for _ in range(5):
            r = b.login(password="a wrong password")
            self.assertEqual(r.status, 403)
        r = b.login()
        self.assertEqual(r.status, 429)
        self.assertGreater(int(r.getheader("Retry-After")), 0)
        # Another name is not locked out with it.
        self.assertEqual(Browser(desk).login("tom").status, 303)
        # Nor does the wording tell who is there.
        unknown = Browser(desk).login("nobody", "a wrong password")
        self.assertEqual(unknown.status, 403)
        self.assertIn("name or password", unknown.page)

    def test_a_clock_put_back_makes_nobody_wait_longer(self):
        fake = glob.glob("/usr/lib/*/faketime/libfaketime.so.1")
        if not fake:
            self.skipTest("libfaketime is not installed")
        desk = self.desk({"policy.mode": "draft"}, start=False)
        clock = desk.path("clock")

        def set_clock(step):
            with open(clock + ".new", "w") as f:
                f.write(step + "\n")
            os.rename(clock + ".new", clock)
        set_clock("+0")
        desk.more_environment = {
            "LD_PRELOAD": fake[0], "FAKETIME_TIMESTAMP_FILE": clock,
            "FAKETIME_NO_CACHE": "1", "FAKETIME_DONT_FAKE_MONOTONIC": "1",
            "FAKETIME_DISABLE_SHM": "1"}
        desk.start()
        b = Browser(desk)
        for _ in range(5):
            self.assertEqual(b.login(password="a wrong word").status, 403)
        set_clock("-1h")
        r = b.login()
        self.assertEqual(r.status, 429)
        self.assertLessEqual(int(r.getheader("Retry-After")), 15)

    def test_an_address_that_tries_many_names_waits_too(self):
        desk = self.open()
        b = Browser(desk, {"X-Forwarded-For": "10.1.1.1, 192.0.2.66"})
        for i in range(20):
            self.assertEqual(b.login(f"name{i}", "wrong word").status, 403)
        self.assertEqual(b.login("tom").status, 429)
        other = Browser(desk, {"X-Forwarded-For": "192.0.2.66, 192.0.2.67"})
        self.assertEqual(other.login("tom").status, 303)

    def test_a_flood_of_passwords_keeps_nobody_else_waiting(self):
        desk = self.open()
        statuses = []

        def flood(i):
            b = Browser(desk, {"X-Forwarded-For": f"192.0.2.{i}"})
            try:
                statuses.append(b.login(f"name{i}", "a wrong word").status)
            except OSError:
                statuses.append(0)

        many = [threading.Thread(target=flood, args=(i,)) for i in range(40)]
        for t in many:
            t.start()
        times = []
        while any(t.is_alive() for t in many):
            begin = time.monotonic()
            self.assertEqual(Browser(desk).get("/healthz").status, 200)
            times.append(time.monotonic() - begin)
            time.sleep(0.05)
        for t in many:
            t.join()
        self.assertLessEqual(set(statuses), {403, 503})
        self.assertIn(403, statuses)
        times.sort()
        # One password alone takes longer than this.
        self.assertLess(times[len(times) // 2], 0.1, times)
        # What the flood left behind is soon done with.
        base.wait_until("tom's turn", 60, lambda: Browser(desk).login(
            "tom").status == 303, 0.5)

    def test_many_guesses_at_once_are_not_more_guesses(self):
        desk = self.open()
        statuses = []

        def guess():
            statuses.append(Browser(desk).login(
                password="a wrong word").status)

        many = [threading.Thread(target=guess) for _ in range(12)]
        for t in many:
            t.start()
        for t in many:
            t.join()
        self.assertLessEqual(statuses.count(403), 6, statuses)
        self.assertIn(429, statuses)

    def test_login_only_from_the_login_page(self):
        desk = self.open()
        b = Browser(desk)
        b.get("/login")
        r = b.ask("POST", "/login", {"name": "maria", "password": PASSWORD,
                                     "csrf": b.hidden("csrf")}, cookies=False)
        self.assertEqual(r.status, 403)
        r = b.post("/login", name="maria", password=PASSWORD, csrf="")
        self.assertEqual(r.status, 403)
        r = b.post("/login", name="maria", password=PASSWORD,
                   headers={"Sec-Fetch-Site": "cross-site"})
        self.assertEqual(r.status, 403)

    def test_it_leads_nowhere_else(self):
        desk = self.open()
        for evil in ("https://evil.example/", "//evil.example/",
                     "/cases\\evil", "/login", "javascript:alert(1)"):
            b = Browser(desk)
            b.get("/login?next=" + urllib.parse.quote(evil, safe=""))
            r = b.post("/login", name="maria", password=PASSWORD, next=evil)
            self.assertEqual(r.getheader("Location"), "/cases", evil)

    def test_a_proxy_that_signs_people_in(self):
        desk = self.open({"web.trusted_user_header": "X-Desk-User"})
        case = self.case(desk)
        b = Browser(desk, {"X-Desk-User": "zoe@numeo.test"})
        self.assertEqual(b.get(f"/cases/{case['id']}").status, 200)
        self.assertIn("zoe@numeo.test", b.page)
        self.assertEqual(b.post(f"/cases/{case['id']}/note",
                                text="by proxy").status, 303)
        self.assertEqual(b.post(f"/cases/{case['id']}/close",
                                csrf="f" * 64).status, 403)
        shown = desk.json("case", case["id"])
        note = next(e for e in shown["timeline"] if e["kind"] == "note")
        self.assertEqual(note["actor"], "zoe@numeo.test")
        self.assertEqual(b.get("/numbers").status, 403)
        self.assertEqual(Browser(desk).get("/cases").status, 303)

    def test_the_header_means_nothing_unless_configured(self):
        desk = self.open()
        b = Browser(desk, {"X-Desk-User": "maria", "X-Forwarded-User": "maria"})
        self.assertEqual(b.get("/cases").status, 303)

    def test_the_numbers_are_for_the_lead(self):
        desk = self.open()
        self.case(desk)
        self.assertEqual(self.browser(desk, "tom").get("/numbers").status, 403)
        r = self.browser(desk).get("/numbers")
        self.assertEqual(r.status, 200)
        self.assertIn("<svg", r.page)
        self.assertRegex(r.page, r"for a person: 1|at hand: 1")


if __name__ == "__main__":
    unittest.main()
