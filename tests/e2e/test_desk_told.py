"""What the queue tells of a case besides its reason: what a person must know before
he sends."""

import re
import time
import unittest

from . import base
from .test_desk import STILL, Queue


class Told(Queue):
    def test_a_sender_who_is_not_proven(self):
        """Is told in the list and beside the button that sends, whatever the
        case waits for."""
        desk = self.open()
        proven = self.case(desk)
        plain = self.case(desk, body="Please send me the approval link for "
                          "Numeo, I am the admin.", verdict=None)
        still = self.case(desk, "Still blocked", STILL, verdict="fail")
        self.assertEqual(still["reason"], "still_blocked")
        b = self.browser(desk)
        b.get("/cases")
        for case, told in ((proven, 0), (plain, 1), (still, 1)):
            row = re.search(rf'<tr data-case="{case["id"]}".*', b.page)
            self.assertEqual(row.group().count("The sender is not proven"),
                             told, row.group())
        for case, told in ((proven, False), (plain, True), (still, True)):
            page = b.get(f"/cases/{case['id']}").page
            self.assertEqual("before you send, make sure" in page, told)
            self.assertEqual(bool(re.search(
                r'id="unproven"><b>The sender is not proven\.</b>.*'
                rf'<bdi>{case["from"]}</bdi>.*trust_authserv_id.*'
                r'aria-describedby="unproven">Send</button>', page)), told)

    def test_a_threat_is_told(self):
        """And stays told while it waits, though the case is a refusal."""
        desk = self.open()
        calm = self.case(desk, "No", "No. We will not approve this.")
        case = self.case(desk, "A threat", "No. We will not approve this. "
                         "Our lawyer will hear of this.")
        self.assertEqual([c["reason"] for c in desk.cases()], 2 * ["refused"])
        self.send(desk, case["from"], "Re: A threat", "We will not approve "
                  "this app, never.")
        base.wait_until("the second mail", 20, lambda: len(
            desk.json("case", case["id"])["timeline"]) > 3, 0.2)
        b = self.browser(desk)
        told = "Speaks of contracts or law"
        b.get("/cases")
        for one, times in ((calm, 0), (case, 1)):
            row = re.search(rf'<tr data-case="{one["id"]}".*', b.page).group()
            self.assertIn("Does not want to approve", row)
            self.assertEqual(row.count(told), times, row)
        self.assertIn(f'<b class="torn">{told}</b>',
                      b.get(f"/cases/{case['id']}").page)
        # Once somebody has looked at it, it is over.
        for verb in ("close", "reopen"):
            time.sleep(1.1)
            self.assertEqual(desk.cli(verb, case["id"]).returncode, 0)
        self.assertNotIn(told, b.get("/cases").page)

    def test_a_stranger_in_the_thread(self):
        """Both cases name each other, in each view, and tell what he said."""
        desk = self.open()
        asked = "<" + self.domain() + "@asked.test>"
        theirs = self.case(desk, message_id=asked)
        stranger = "jo@" + self.domain()
        self.send(desk, stranger, "Re: Need admin approval",
                  "I approved it for them", in_reply_to=asked)
        his = next(c for c in desk.await_cases(2) if c["from"] == stranger)
        self.assertEqual((his["state"], his["domain"] == theirs["domain"]),
                         ("review", False))
        there, here = (desk.json("case", c["id"]) for c in (theirs, his))
        self.assertEqual((there["linked"], there["led_to"]), (None, [his["id"]]))
        self.assertEqual((here["linked"], here["led_to"]), (theirs["id"], []))
        told = f"see case {his['id']}: Says approved"
        b = self.browser(desk)
        for case, lines, links in (
                (theirs, (f"led to case {his['id']} (", told), "Led to"),
                (his, (f"came from case {theirs['id']}",), "Came from")):
            text = " ".join(desk.cli("case", case["id"]).stdout.decode().split())
            page = b.get(f"/cases/{case['id']}").page
            other = his if case is theirs else theirs
            for line in lines:
                self.assertIn(line, text)
            self.assertIn(f'<dt>{links}</dt><dd><a href="/cases/{other["id"]}">',
                          page)
        self.assertIn(told, b.get(f"/cases/{theirs['id']}").page)

    def test_the_reading_in_a_sentence(self):
        """What told, before the table of it."""
        desk = self.open()
        case = self.case(desk, body="Please send me the approval link for "
                         "Numeo, I am the admin.")
        page = self.browser(desk).get(f"/cases/{case['id']}").page
        self.assertRegex(
            page, "<p>Read as: <b>Wants the link</b> \\(\\d+ %\\)\\. What told: "
            "(<bdi>\u2018[^<]+\u2019</bdi>(, )?)+\\. .* <b>One-click link</b>: "
            "Asks for the approval link</p><details><summary>All that was seen "
            'in it</summary><table class="evidence">')
        self.assertEqual(page.count("<bdi>\u2018send me the approval link\u2019"),
                         1)
        # A part of what is told already tells nothing more.
        self.assertNotIn("\u2018approval link", page)

    def test_bulk_closes_what_was_seen(self):
        desk = self.open()
        cases = [self.case(desk) for _ in range(2)]
        b = self.browser(desk)
        b.get("/cases")
        fields = [("csrf", b.hidden("csrf")), ("seen", b.hidden("seen")),
                  ("do", "close")] + [("id", c["id"]) for c in cases]
        n = cases[0]["id"]
        before = len(desk.json("case", n)["timeline"])
        self.send(desk, cases[0]["from"], "Re: Outlook", STILL)
        base.wait_until("the second mail", 20, lambda: len(
            desk.json("case", n)["timeline"]) > before, 0.2)
        r = b.ask("POST", "/cases/bulk", fields)
        b.get(r.getheader("Location"))
        self.assertIn("Some of the cases could not be changed", b.page)
        self.assertEqual([desk.json("case", c["id"])["state"] for c in cases],
                         ["review", "closed"])
        # A list made anew tells the rows in which something came since.
        def stands():
            return dict(re.findall(r'<tr data-case="(\d+)" data-updated="'
                                   r'([^"]+)"', b.get("/cases").page))
        at = stands()[str(n)]
        self.assertEqual(stands()[str(n)], at)
        self.assertEqual(desk.cli("note", str(n), "Do not close").returncode, 0)
        self.assertNotEqual(stands()[str(n)], at)
        # The list has the mail now.
        fields[1] = ("seen", b.hidden("seen"))
        b.ask("POST", "/cases/bulk", fields[:4])
        self.assertEqual(desk.json("case", n)["state"], "closed")


if __name__ == "__main__":
    unittest.main()
