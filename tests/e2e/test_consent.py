"""Microsoft's side: discovery that fails in each way, and the return of an
admin who clicked the link."""

import time
import unittest
import urllib.parse

from servers.desk import SCOPE
from servers.microsoft import TENANTS, click, tenant_of

from . import base
from .test_answers import CANT_FIND, FIRST_CONTACT


class Consent(base.Case):
    def ask(self, desk, domain=None):
        who = "it@" + (domain or self.domain())
        self.send(desk, who, "Numeo", CANT_FIND)
        return who

    def tenant_in(self, answer):
        return urllib.parse.urlsplit(self.link_in(answer)).path.split("/")[1]

    # ---- discovery -----------------------------------------------------------

    def test_authority_in_trouble(self):
        for how in ("500", "503", "garbage", "redirect", "hostile_issuer",
                    "other_tenant", "literal_tenant", "huge"):
            with self.subTest(how):
                self.world.microsoft.fail = how
                desk = self.desk()
                begin = time.monotonic()
                who = self.ask(desk)
                self.assertEqual(self.tenant_in(self.answer(desk, who)),
                                 "organizations")
                self.assertLess(time.monotonic() - begin, 6)
                self.assertLess(self.world.microsoft.sent_huge, 8 << 20)
                self.assertEqual(desk.cli("status").returncode, 0)
                desk.stop()

    def test_authority_hangs(self):
        self.world.microsoft.fail = "hang"
        desk = self.desk()
        begin = time.monotonic()
        askers = [self.ask(desk) for _ in range(3)]
        for who in askers:
            self.assertEqual(self.tenant_in(self.answer(desk, who)),
                             "organizations")
        self.assertLess(time.monotonic() - begin, 12)

    def test_authority_hangs_and_others_are_not_delayed(self):
        self.world.microsoft.fail = "hang"
        desk = self.desk()
        who = "jo@" + self.domain()
        begin = time.monotonic()
        self.send(desk, who, "Outlook", FIRST_CONTACT)
        self.answer(desk, who)
        self.assertLess(time.monotonic() - begin, 6)

    def test_weather_is_not_remembered(self):
        self.world.microsoft.fail = "500"
        desk = self.desk()
        domain = self.domain()
        self.assertEqual(self.tenant_in(self.answer(
            desk, self.ask(desk, domain))), "organizations")
        self.world.microsoft.fail = None
        self.send(desk, "admin@" + domain, "Numeo", CANT_FIND)
        self.assertEqual(self.tenant_in(self.answer(
            desk, "admin@" + domain)), tenant_of(domain))

    def test_a_known_tenant_is_not_asked_for_again(self):
        desk = self.desk()
        domain = self.domain()
        self.answer(desk, self.ask(desk, domain))
        asked = self.world.microsoft.asked(domain)
        self.assertEqual(asked, 1)
        self.send(desk, "two@" + domain, "Numeo", CANT_FIND)
        self.answer(desk, "two@" + domain)
        self.assertEqual(self.world.microsoft.asked(domain), 1)
        self.assertEqual(self.world.microsoft.complaints, [])

    def test_wrong_certificate_of_the_authority(self):
        desk = self.desk({"microsoft.ca_file":
                          self.world.authority.other_ca})
        self.assertEqual(self.tenant_in(self.answer(desk, self.ask(desk))),
                         "organizations")
        self.assertEqual(self.world.microsoft.requests, [])

    # ---- the click -----------------------------------------------------------

    def click(self, link, answer="accept"):
        return click(link, self.world.ca, answer)

    def test_consent_tells_all_open_cases_of_the_tenant(self):
        desk = self.desk()
        domain = self.domain()
        admin, user = "it@" + domain, "jo@" + domain
        other = self.ask(desk)
        self.ask(desk, domain)
        self.send(desk, user, "Outlook", FIRST_CONTACT)
        link = self.link_in(self.answer(desk, admin))
        self.answer(desk, user)
        self.answer(desk, other)
        back = self.click(link)
        status, headers, page = desk.come_back(back)
        self.assertEqual(status, 200)
        self.assertIn("text/html", headers["Content-Type"])
        self.assertNotIn("<script", page)
        for who in (admin, user):
            note = self.answer(desk, who, 2)
            self.assertRegex(note.get_body(("plain",)).get_content(),
                             "(?i)approved")
            self.assertNotIn("adminconsent?", note.as_string())
        states = {c["from"]: c["state"] for c in desk.cases()}
        self.assertEqual(states, {admin: "approved", user: "approved",
                                  other: "waiting"})
        # Pressing reload tells nobody twice.
        self.assertEqual(desk.come_back(back)[0], 200)
        # Who asks later is told so at once.
        late = "late@" + domain
        self.send(desk, late, "Outlook", FIRST_CONTACT)
        self.assertNotIn("adminconsent?", self.answer(desk, late).as_string())
        self.assertEqual(len(self.all_answers(desk)), 6)

    def test_organizations_link_learns_the_tenant(self):
        desk = self.desk()
        self.send(desk, "it@nowhere.test", "Numeo", CANT_FIND)
        link = self.link_in(self.answer(desk, "it@nowhere.test"))
        self.assertEqual(desk.come_back(self.click(link))[0], 200)
        self.answer(desk, "it@nowhere.test", 2)
        case, = desk.cases()
        self.assertEqual((case["state"], case["tenant"]),
                         ("approved", TENANTS["redhillcarriers.test"][0]))

    def test_cancel_approves_nothing(self):
        desk = self.desk()
        who = self.ask(desk)
        link = self.link_in(self.answer(desk, who))
        status, _, page = desk.come_back(self.click(link, "cancel"))
        self.assertEqual(status, 200)
        self.assertNotRegex(page, "(?i)thank you")
        time.sleep(1)
        self.assertEqual(len(self.all_answers(desk)), 1)
        self.assertNotEqual(desk.cases()[0]["state"], "approved")

    def test_a_forged_return_approves_nothing(self):
        desk = self.desk()
        domain = self.domain()
        who = self.ask(desk, domain)
        link = self.link_in(self.answer(desk, who))
        state = urllib.parse.parse_qs(
            urllib.parse.urlsplit(link).query)["state"][0]
        path = urllib.parse.urlsplit(self.world.redirect_uri).path
        evil = "deadbeef-dead-4eef-8ead-deadbeefdead"
        flipped = state[:-1] + ("A" if state[-1] != "A" else "B")
        other = ("A" if state[0] != "A" else "B") + state[1:]
        guid = tenant_of(domain)
        for name, query in (
                ("no state", {"tenant": guid}),
                ("state changed at its end", {"tenant": guid,
                                              "state": flipped}),
                ("state changed at its start", {"tenant": guid,
                                                "state": other}),
                ("another tenant", {"tenant": evil, "state": state}),
                ("no GUID", {"tenant": "organizations", "state": state}),
                ("no tenant", {"state": state}),
                ("an error beside it", {"tenant": guid, "state": state,
                                        "error": "access_denied"}),
                ("admin_consent is False", {"tenant": guid, "state": state,
                                            "admin_consent": "False"}),
                ("a very long state", {"tenant": guid, "state": "A" * 3000})):
            with self.subTest(name):
                query = {"admin_consent": "True", "scope": SCOPE, **query}
                status, _, page = desk.web(
                    "GET", path + "?" + urllib.parse.urlencode(query))
                self.assertIn(status, (200, 400, 414))
                self.assertNotRegex(page, "(?i)approved.*thank you")
                self.assertNotEqual(desk.cases()[0]["state"], "approved")
        time.sleep(1)
        self.assertEqual(len(self.all_answers(desk)), 1)

    def test_reading_the_return_address_changes_nothing(self):
        """Mail scanners follow links; HEAD and a bare GET approve nothing."""
        desk = self.desk()
        domain = self.domain()
        link = self.link_in(self.answer(desk, self.ask(desk, domain)))
        path = urllib.parse.urlsplit(self.world.redirect_uri).path
        for method in ("GET", "HEAD", "OPTIONS", "POST"):
            desk.web(method, path)
        state = urllib.parse.parse_qs(
            urllib.parse.urlsplit(link).query)["state"][0]
        status, _, _ = desk.web("HEAD", path + "?" + urllib.parse.urlencode(
            {"admin_consent": "True", "tenant": tenant_of(domain),
             "scope": SCOPE, "state": state}))
        self.assertEqual(status, 200)
        self.assertEqual(desk.cases()[0]["state"], "waiting")

    def test_nothing_is_echoed_as_markup(self):
        desk = self.desk()
        path = urllib.parse.urlsplit(self.world.redirect_uri).path
        _, headers, page = desk.web("GET", path + "?" + urllib.parse.urlencode(
            {"error": "<script>alert(1)</script>", "state": "\"><script>",
             "error_description": "<img src=x onerror=alert(1)>"}))
        self.assertNotIn("<script", page)
        self.assertNotIn("<img", page)
        self.assertIn("default-src 'none'",
                      headers["Content-Security-Policy"])

    def test_a_mail_that_says_it_works_closes_quietly(self):
        desk = self.desk()
        who = self.ask(desk)
        first = self.answer(desk, who)
        self.send(desk, who, "Re: Numeo", "It works now, our admin approved "
                  "it. Thank you!", in_reply_to=first["Message-ID"])
        base.wait_until("a closed case", 20, lambda: [
            c["state"] for c in desk.cases()] == ["closed"])
        self.assertEqual(len(self.all_answers(desk)), 1)

    def test_approved_by_hand(self):
        desk = self.desk()
        domain = self.domain()
        who = self.ask(desk, domain)
        self.answer(desk, who)
        self.assertEqual(desk.cli("approve", domain).returncode, 0)
        self.answer(desk, who, 2)
        self.assertEqual(desk.cases()[0]["state"], "approved")
        # Who was told is not to be told once more, though a person has him.
        self.assertEqual(desk.cli("reopen", 1).returncode, 0)
        run = desk.cli("approve", domain)
        self.assertRegex(run.stdout, b"0 open cases of it are told, "
                         b"1 waits in review for a person\n$")

    def test_an_approval_taken_back(self):
        """The admin removed the app: the link is the answer again."""
        desk = self.desk()
        domain = self.domain()
        run = desk.cli("approve", "--withdraw", domain)
        self.assertEqual(run.returncode, 69, run.stderr)
        self.assertIn(b"is not approved", run.stderr)
        jo = self.ask(desk, domain)
        self.answer(desk, jo)
        self.assertEqual(desk.cli("approve", domain).returncode, 0)
        self.answer(desk, jo, 2)
        self.assertNotIn(b"--withdraw", desk.cli("case", 1).stdout)
        taken = desk.json("approve", "--withdraw", domain)
        self.assertEqual((taken["withdrawn"], taken["cases"]), (True, 1))
        self.assertEqual(desk.json("case", 1)["timeline"][-1]["text"],
                         "the approval was taken back")
        sam = "sam@" + domain
        self.send(desk, sam, "Numeo", "Please send me the one-click approval "
                  "link for Numeo.")
        link = self.link_in(self.answer(desk, sam))
        self.assertEqual(desk.come_back(self.click(link))[0], 200)
        self.answer(desk, sam, 2)
        self.assertEqual(desk.json("case", 1)["last_action"],
                         "approved again")
        self.assertEqual(desk.cli("send", 1, "--template", "link").returncode,
                         0)
        self.assertIn(f"approve --withdraw {taken['tenant']}".encode(),
                      desk.cli("case", 1).stdout)

    def test_a_drafted_note_waits_for_a_person(self):
        """Told to nobody yet, it is not counted as told, and stays in sight."""
        desk = self.desk({"policy.mode": "draft"})
        domain = self.domain()
        jo, sam = "jo@" + domain, "sam@" + domain
        for who in (jo, sam):
            self.send(desk, who, "Outlook", FIRST_CONTACT)
        desk.await_cases(2, state="review")
        run = desk.cli("approve", domain)
        self.assertEqual(run.returncode, 0, run.stderr)
        self.assertIn(b"0 open cases of it are told, 2 wait in review",
                      run.stdout)
        self.assertEqual(desk.json("approve", domain)["review"], 2)
        for case in desk.cases():
            self.assertEqual((case["state"], case["last_action"]),
                             ("review", "tenant approved, note drafted"))
            self.assertEqual(desk.json("case", case["id"])["draft"]
                             ["template"], "approved_note")
        self.assertEqual(desk.cli("send", 1).returncode, 0)
        self.answer(desk, jo)
        self.assertEqual({c["from"]: c["state"] for c in desk.cases()},
                         {jo: "approved", sam: "review"})
        self.assertEqual(len(self.all_answers(desk)), 1)

    def test_no_note_by_itself_to_who_refused_or_is_not_proven(self):
        desk = self.desk()
        domain = self.domain()
        self.send(desk, "jo@" + domain, "Outlook", FIRST_CONTACT)
        self.send(desk, "no@" + domain, "Numeo", "We have decided that we "
                  "will not approve Numeo. Please do not contact us again.")
        self.send(desk, "eve@" + domain, "Outlook", FIRST_CONTACT,
                  verdict="fail")
        desk.await_cases(2, state="review")
        link = desk.cli("link", domain).stdout.decode().strip()
        self.assertEqual(desk.come_back(self.click(link))[0], 200)
        self.answer(desk, "jo@" + domain, 2)
        self.assertEqual({c["from"].partition("@")[0]: c["state"]
                          for c in desk.cases()},
                         {"jo": "approved", "no": "review",
                          "eve": "review"})
        time.sleep(1)
        self.assertEqual(len(self.all_answers(desk)), 2)


if __name__ == "__main__":
    unittest.main()
