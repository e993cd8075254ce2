"""The queue, where two clicks, two tabs or two people come in each other's way."""

import html
import re
import time
import unittest

from . import base
from .test_desk import Queue


class Slips(Queue):
    def test_a_mail_that_nobody_saw_is_not_closed_away(self):
        desk = self.open()
        case = self.case(desk)
        n = case["id"]
        b = self.browser(desk)
        b.get(f"/cases/{n}")
        seen = b.hidden("seen")
        self.assertEqual(b.page.count(f'name="seen" value="{seen}"'), 7)
        events = len(desk.json("case", n)["timeline"])
        self.send(desk, case["from"], "Re: Need admin approval",
                  "It still does not work, please help!")
        base.wait_until("the second mail", 20, lambda: len(
            desk.json("case", n)["timeline"]) > events, 0.2)
        for verb, fields in (("close", {}), ("snooze", {"until": "4w"})):
            r = b.post(f"/cases/{n}/{verb}", seen=seen, **fields)
            self.assertEqual(r.status, 409)
            self.assertIn("Not done:", r.page)
            self.assertIn("a mail came in since", r.page)
            self.assertIn("mail new", r.page)
        b.get("/cases")
        self.assertIn(f'data-case="{n}"', b.page)
        # Now it was seen. Closing what is closed is nothing.
        b.get(f"/cases/{n}")
        for seen in (b.hidden("seen"), seen):
            r = b.post(f"/cases/{n}/close", seen=seen)
            self.assertEqual(r.status, 303)
        self.assertEqual(desk.json("case", n)["state"], "closed")

    def test_what_was_typed_is_given_back(self):
        """Where the session has ended meanwhile, the form is another one's,
        the case was merged, or a note cannot be kept."""
        desk = self.open()
        case, other = self.case(desk), self.case(desk)
        n, typed = case["id"], "My <own> long words"

        def given_back(r):
            found = re.search(r'(?s)<textarea id="kept"[^>]*>\n(.*?)<', r.page)
            self.assertEqual(html.unescape(found.group(1)), typed)
            self.assertIn("Copy it", r.page)

        b = self.browser(desk)
        b.get(f"/cases/{n}")
        page = b.page
        session = b.cookies.pop("desk_session")
        for verb in ("send", "note"):
            r = b.post(f"/cases/{n}/{verb}", text=typed)
            self.assertEqual(r.status, 403)
            self.assertIn("You are signed out", r.page)
            self.assertIn(f'href="/cases/{n}"', r.page)
            given_back(r)
        r = b.post(f"/cases/{n}/close")
        self.assertNotIn('id="kept"', r.page)
        # Signed in again in another tab: a new session, a new token.
        b.login()
        b.page = page
        r = b.send(n, typed)
        self.assertEqual(r.status, 403)
        given_back(r)
        b.cookies["desk_session"] = session
        self.assertEqual(desk.cli("merge", n, other["id"]).returncode, 0)
        b.page = page
        r = b.send(n, typed)
        self.assertEqual(r.status, 409)
        given_back(r)
        b.page = page
        r = b.post(f"/cases/{n}/note", text=typed)
        self.assertEqual(r.status, 409)
        given_back(r)
        self.assertEqual(self.all_answers(desk), [])

    def test_a_double_click(self):
        """The answer of the second click is what the person sees."""
        desk = self.open()
        b = self.browser(desk)
        for query, text in (("", "My own words"), ("", "Two\r\n\r\nlines \r\n"),
                            ("?template=link&language=de", None)):
            with self.subTest(query + str(text)):
                case = self.case(desk)
                b.get(f"/cases/{case['id']}{query}")
                page = b.page
                # Its link ends a second later than the one in the box.
                time.sleep(1.1)
                for _ in range(2):
                    b.page = page
                    r = b.send(case["id"], text)
                    self.assertEqual(
                        (r.status, r.getheader("Location")),
                        (303, f"/cases/{case['id']}?done=send"))
                self.answer(desk, case["from"])


if __name__ == "__main__":
    unittest.main()
