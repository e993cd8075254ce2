"""What an approval does not solve: a person's matter, with the draft ready."""

import os
import shutil
import unittest

from servers.desk import TOP

from . import base
from .test_desk import PASSWORD, Browser

DRAFTS = {
    "AADSTS50105: Your administrator has configured the application Numeo "
    "to block users unless they are specifically granted ('assigned') access "
    "to the application.": "assignment_required",
    "AADSTS7000112: Application 'x'(Numeo) is disabled.": "app_disabled",
    "AADSTS53003: Access has been blocked by Conditional Access policies. The "
    "access policy does not allow token issuance.": "conditional_access",
    "AADSTS50020: User account from identity provider 'live.com' does not "
    "exist in tenant 'X' and cannot access the application.": "wrong_account",
    "AADSTS500021: Access to 'X' tenant is denied.": "tenant_restrictions",
    "AADSTS90099: The application has not been authorized in the tenant. "
    "Applications must be authorized to access the customer tenant before "
    "partner delegated administrators can use them.": "partner_admin",
    "AADSTS50011: The redirect URI specified in the request does not match "
    "the redirect URIs configured for the application.": "our_fault",
    "AADSTS7000215: Invalid client secret provided.": "our_fault",
}
BODY = "Hi, I tried to connect Outlook and Microsoft shows this:\n\n{}\n"


class Codes(base.Case):
    def ask(self, desk, text):
        who = "jo@" + self.domain()
        self.send(desk, who, "Numeo cannot connect to Outlook", text)
        return who

    def drafts(self, desk, count):
        """{sender: (state, handle of the draft)}"""
        got = {}
        for row in desk.await_cases(count):
            draft = desk.json("case", row["id"])["draft"]
            got[row["from"]] = (row["state"],
                                draft["template"] if draft else None)
        return got

    def test_each_code_has_its_draft(self):
        desk = self.desk()
        want = {self.ask(desk, BODY.format(text)): ("review", draft)
                for text, draft in DRAFTS.items()}
        self.assertEqual(self.drafts(desk, len(want)), want)
        self.assertEqual(self.all_answers(desk), [])
        # One of them hits every customer, and the log says so.
        alarms = [x for x in desk.log_text().splitlines()
                  if "vendor.alarm" in x]
        self.assertEqual(len(alarms), 1)
        self.assertIn("AADSTS7000215", alarms[0])

    def test_our_own_secret_alarms_loudly(self):
        """In the log, in `status`, and before everybody who opens the queue."""
        desk = self.desk({"policy.mode": "draft"})
        run = desk.cli("user", "add", "maria", "--lead",
                       stdin=PASSWORD.encode() + b"\n")
        self.assertEqual(run.returncode, 0, run.stderr)
        browser = Browser(desk)
        browser.login()
        self.assertIn('<div id="alarm"></div>', browser.get("/cases").page)
        self.ask(desk, BODY.format("AADSTS7000222: The provided client secret "
                                   "keys for app 'x' are expired."))
        desk.await_cases(1, state="review")
        self.assertRegex(desk.log_text(), "vendor.alarm.*AADSTS7000222")
        base.wait_until("the alarm", 30, lambda:
                        desk.cli("status").returncode != 0)
        self.assertIn("vendor_secret", desk.cli("status").stdout.decode())
        page = browser.get("/cases").page
        self.assertIn("The daemon needs help", page)
        self.assertIn("vendor_secret", page)

    def test_a_draft_goes_out_by_one_command(self):
        desk = self.desk()
        who = self.ask(desk, BODY.format(list(DRAFTS)[0]))
        case, = desk.await_cases(1, state="review")
        self.assertEqual(desk.cli("send", case["id"]).returncode, 0)
        text = self.answer(desk, who).get_body(("plain",)).get_content()
        self.assertIn("Users and groups", text)
        self.assertIn("Numeo", text)

    def test_still_blocked_after_the_link(self):
        desk = self.desk()
        who = self.ask(desk, "I can't find Numeo in the list of apps.")
        first = self.answer(desk, who)
        self.send(desk, who, "Re: Numeo", "We did all that, the admin pressed "
                  "Accept, and it still says need admin approval.",
                  in_reply_to=first["Message-ID"])
        case, = desk.await_cases(1, state="review")
        draft = desk.json("case", case["id"])["draft"]
        self.assertEqual(draft["template"], "still_blocked")

    def test_a_house_without_such_an_answer(self):
        folder = os.path.join(self.world.folder, "templates-without")
        shutil.copytree(os.path.join(TOP, "templates"), folder)
        for at, _, names in os.walk(folder):
            for name in names:
                if name.startswith("app_disabled."):
                    os.unlink(os.path.join(at, name))
        desk = self.desk({"files.templates": folder})
        self.ask(desk, BODY.format(list(DRAFTS)[1]))
        self.assertEqual(list(self.drafts(desk, 1).values()),
                         [("review", None)])
        check = desk.cli("check")
        self.assertEqual(check.returncode, 0)
        self.assertIn('"app_disabled"', check.stdout.decode())


if __name__ == "__main__":
    unittest.main()
