"""What the queue tells of a case besides its reason: what a person must know before
he sends."""

import re
import unittest

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


if __name__ == "__main__":
    unittest.main()
