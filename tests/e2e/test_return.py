"""The admin comes back from Microsoft: each outcome by HTTP, and the whole round
in a real browser."""

import base64
import hashlib
import hmac
import html
import os
import shutil
import time
import unittest
import urllib.parse

from servers import browser
from servers import desk as desks
from servers.microsoft import click, tenant_of
from servers.proxy import Proxy

from . import base
from .test_answers import CANT_FIND, FIRST_CONTACT


GERMAN = """Guten Tag,

beim Verbinden von Outlook mit Numeo erscheint "Administratorgenehmigung
erforderlich". Bitte schicken Sie uns den Link zur Genehmigung.
"""


def signed_state(desk, case, tenant, expires):
    """A state signed with the desk's own secret, as the daemon signs it."""
    def b64(data):
        return base64.urlsafe_b64encode(data).decode().rstrip("=")
    with open(desk.path("link.secret"), "rb") as f:
        secret = f.read().strip()
    key = hmac.digest(secret, b"consentdesk consent v1", hashlib.sha256)
    payload = b64(f"1.{case}.{tenant}.{expires}".encode())
    return payload + "." + b64(hmac.digest(key, payload.encode(), "sha256"))


def with_state(redirect, state):
    url = urllib.parse.urlsplit(redirect)
    query = dict(urllib.parse.parse_qsl(url.query), state=state)
    return url._replace(query=urllib.parse.urlencode(query)).geturl()


class Round(base.Case):
    def begin(self, changes=None):
        """A desk, an admin who asked, and the link that he got."""
        desk = self.desk(changes)
        domain = self.domain()
        who = "it@" + domain
        self.send(desk, who, "Numeo", CANT_FIND)
        return desk, who, self.link_in(self.answer(desk, who))

    def follow(self, link, answer="accept"):
        return click(link, self.world.ca, answer)


class Return(Round):
    def comes_to_nothing(self, desk, redirect, title, status=200,
                         event=None, state="waiting"):
        got, _, page = desk.come_back(redirect)
        self.assertEqual(got, status, page)
        self.assertIn(f"<h1>{title}</h1>", html.unescape(page))
        case, = desk.cases()
        self.assertEqual(case["state"], state)
        self.assertEqual(len(self.all_answers(desk)), 1)
        if event:
            kinds = [x["text"] for x in desk.json("case", case["id"])
                     ["timeline"] if x["kind"] == "consent_error"]
            self.assertEqual(len(kinds), 1)
            self.assertIn(event, kinds[0])

    def test_success_and_double_return(self):
        desk, who, link = self.begin()
        back = self.follow(link)
        for _ in range(3):
            status, _, page = desk.come_back(back)
            self.assertEqual(status, 200)
            self.assertIn("<h1>Approved \u2013 thank you!</h1>", page)
        self.answer(desk, who, 2)
        time.sleep(1)
        self.assertEqual(len(self.all_answers(desk)), 2)
        self.assertEqual(desk.cases()[0]["state"], "approved")
        self.assertEqual(self.world.microsoft.complaints, [])

    def test_declined(self):
        desk, _, link = self.begin()
        self.comes_to_nothing(desk, self.follow(link, "cancel"),
                              "Nothing was approved", event="AADSTS65004")

    def test_not_an_admin(self):
        desk, _, link = self.begin()
        self.world.microsoft.signed_in["admin"] = False
        self.comes_to_nothing(desk, self.follow(link),
                              "This account can't approve",
                              event="AADSTS90094")

    def test_an_account_of_another_company(self):
        desk, _, link = self.begin()
        self.world.microsoft.signed_in["domain"] = self.domain()
        self.comes_to_nothing(desk, self.follow(link),
                              "That was another company's account",
                              event="AADSTS50020")

    def test_another_tenant_than_the_link_was_for(self):
        desk, _, link = self.begin()
        back = self.follow(link).replace(
            "tenant=", "tenant=deadbeef-dead-4eef-8ead-deadbeefdead&was=")
        self.comes_to_nothing(desk, back, "That was another company's account",
                              event="another company")

    def test_an_expired_link(self):
        desk, who, link = self.begin()
        case = desk.cases()[0]["id"]
        tenant = tenant_of(who.rpartition("@")[2])
        now = int(time.time())
        back = self.follow(link)
        self.comes_to_nothing(
            desk, with_state(back, signed_state(desk, case, tenant, now - 1)),
            "This link has expired", event="expired")
        # The same way of signing is right: before its end it approves.
        desk.come_back(with_state(back, signed_state(desk, case, tenant,
                                                     now + 60)))
        self.answer(desk, who, 2)

    def test_a_tampered_state(self):
        desk, who, link = self.begin()
        back = self.follow(link)
        state = urllib.parse.parse_qs(urllib.parse.urlsplit(back).query)[
            "state"][0]
        payload, _, mac = state.partition(".")
        other = base64.urlsafe_b64encode(
            f"1.{desk.cases()[0]['id']}.organizations.9999999999".encode())
        for changed in (other.decode().rstrip("=") + "." + mac,
                        payload + "." + mac[:-2] + "AA", payload, "." + mac,
                        "", mac + "." + payload):
            with self.subTest(changed):
                self.comes_to_nothing(desk, with_state(back, changed),
                                      "This link is not complete", 400)
        self.assertEqual(desk.json("case", 1)["timeline"][-1]["kind"], "sent")

    def test_in_the_language_of_the_case(self):
        """Whatever the browser of the admin, who may be another person, asks
        for. The case's words go before, the product's name is escaped."""
        name = "Numeo & <Co>"
        desk = self.desk({"product.name": name})
        who = "it@" + self.domain()
        self.send(desk, who, name, GERMAN.replace("Numeo", name))
        link = self.link_in(self.answer(desk, who))
        self.assertEqual(desk.cases()[0]["language"], "de")
        for answer, title in (
                ("cancel", "Es wurde nichts genehmigt"),
                ("accept", "Genehmigt – vielen Dank!")):
            got, _, page = desk.come_back(self.follow(link, answer), "fr, en")
            self.assertEqual(got, 200, page)
            self.assertIn('<html lang="de">', page)
            self.assertIn(f"<title>{title}</title>", page)
            self.assertIn(f"<h1>{title}</h1>", page)
            self.assertIn("Numeo &amp; &lt;Co&gt;", page)
            self.assertNotIn("<Co>", page)

    def test_in_the_language_of_the_browser(self):
        desk = self.desk()
        for wanted, language, title in (
                (None, "en", "This link is not complete"),
                ("de", "de", "Dieser Link ist nicht vollständig"),
                ("es-MX,es;q=0.9,en;q=0.8", "es",
                 "Este enlace no está completo"),
                ("nl, fr-CA;q=0.7, en;q=0.6", "fr",
                 "Ce lien n’est pas complet"),
                ("en;q=0.2, PL;q=0.35", "pl", "Ten link jest niekompletny"),
                ("pt-BR", "pt", "Este link não está completo"),
                ("de;q=0, ru;q=0.001", "ru", "Ссылка неполная"),
                ("tr;q=1.0,en", "tr", "Bu bağlantı eksik"),
                ("uk", "uk", "Посилання неповне"),
                ("uz", "uz", "Bu havola toʻliq emas"),
                ("it, ja", "en", "This link is not complete"),
                ("*", "en", "This link is not complete"),
                (";;q=,,=q;q=x,de;q", "de",
                 "Dieser Link ist nicht vollständig")):
            with self.subTest(wanted):
                got, _, page = desk.come_back(
                    "https://desk.numeo.test/consent?state=x", wanted)
                self.assertEqual(got, 400)
                self.assertIn(f'<html lang="{language}">', page)
                self.assertIn(f"<h1>{title}</h1>", page)

    def test_templates_older_than_the_page(self):
        desk = self.desk(start=False)
        folder = desk.path("templates")
        shutil.copytree(os.path.join(desks.TOP, "templates"), folder,
                        ignore=shutil.ignore_patterns("*return_*"))
        desk.change({"files.templates": folder})
        desk.start()
        got, _, page = desk.come_back(
            "https://desk.numeo.test/consent?state=x")
        self.assertEqual(got, 400)
        self.assertIn(desk.address, page)
        self.assertRegex(desk.cli("check").stdout.decode(),
                         "templates/en: there is no return_page.subject")

    def test_what_an_approval_does_not_solve(self):
        """Microsoft's error goes before a person, with the draft for it."""
        for code, text, draft in (
                (7000112, "Application is disabled.", "app_disabled"),
                (90099, "The application has not been authorized in the "
                        "tenant.", "partner_admin"),
                (50194, "Application is not configured as a multi-tenant "
                        "application.", "our_fault")):
            with self.subTest(code):
                desk, _, link = self.begin()
                self.world.microsoft.error = ("invalid_request", code, text)
                self.comes_to_nothing(
                    desk, self.follow(link), "Microsoft reported a problem",
                    event=f"AADSTS{code}", state="review")
                got = desk.json("case", 1)["draft"]
                self.assertEqual(got["template"], draft)
                self.world.microsoft.error = None

    def test_our_own_secret_alarms_by_mail(self):
        """It hits every customer, so an open case is not needed for it."""
        ops = "ops@watchers.test"
        for state in ("waiting", "closed"):
            with self.subTest(state):
                desk, _, link = self.begin({"log.alarm_address": ops})
                if state == "closed":
                    self.assertEqual(desk.cli("close", 1).returncode, 0)
                self.world.microsoft.error = (
                    "invalid_client", 7000222, "The provided client secret "
                    "keys for app 'x' are expired.")
                back = self.follow(link)
                self.world.microsoft.error = None
                got, _, page = desk.come_back(back)
                self.assertEqual(got, 200, page)
                self.assertEqual(desk.cases()[0]["state"], "review")
                self.assertRegex(desk.log_text(), "vendor.alarm.*7000222")
                mail, = base.wait_until("an alarm by mail", 25, lambda:
                    self.world.sink.answers(From=desk.address,
                                            X_Original_To=ops))
                self.assertIn("your app's secret or certificate is refused",
                              mail["Subject"])
                self.assertIn("met it within the last day", mail.get_body(
                    ("plain",)).get_content())
                desk.stop()

    def test_check_tries_the_return_address(self):
        desk = self.desk(start=False)
        self.assertIn("does not run",
                      desk.cli("check", "--online").stdout.decode())
        desk.start()
        run = desk.cli("check", "--online")
        self.assertEqual(run.returncode, 0, run.stdout.decode())
        self.assertIn("/consent is ours", run.stdout.decode())
        # The proxy leads somewhere else, or nowhere.
        for port, words in ((self.world.microsoft.port, "nowhere|not by our page"),
                            (1, "land nowhere")):
            desk.change({"web.public_url": f"http://127.0.0.1:{port}"})
            run = desk.cli("check", "--online")
            self.assertNotEqual(run.returncode, 0)
            self.assertRegex(run.stdout.decode(), words)
        desk.change({"microsoft.redirect_uri": "http://desk.numeo.test/c"})
        self.assertRegex(desk.cli("check").stderr.decode(),
                         "redirect_uri.*https")

    def test_ten_customers_and_an_eleventh(self):
        """One admin's consent tells everyone of the tenant, once each."""
        desk = self.desk()
        domain = self.domain()
        askers = [f"user{i}@{domain}" for i in range(10)]
        for i, who in enumerate(askers):
            self.send(desk, who, "Outlook",
                      FIRST_CONTACT if i else CANT_FIND)
        for who in askers:
            self.answer(desk, who)
        stranger = "it@" + self.domain()
        self.send(desk, stranger, "Numeo", CANT_FIND)
        self.answer(desk, stranger)
        back = self.follow(self.link_in(self.answer(desk, askers[0])))
        for _ in range(2):
            self.assertEqual(desk.come_back(back)[0], 200)
        for who in askers:
            note = self.answer(desk, who, 2)
            self.assertIn("approved", note.get_body(("plain",)).get_content())
        self.assertEqual(
            {c["from"]: c["state"] for c in desk.cases("--limit", 100)},
            {**{who: "approved" for who in askers}, stranger: "waiting"})
        late = f"eleventh@{domain}"
        began = time.monotonic()
        self.send(desk, late, "Outlook", FIRST_CONTACT)
        note = self.answer(desk, late).get_body(("plain",)).get_content()
        self.assertLess(time.monotonic() - began, 5)
        self.assertIn("approved", note)
        time.sleep(1)
        self.assertEqual(len(self.all_answers(desk)), 22)


class InBrowser(Round):
    """What the admin sees, in Debian's chromium."""

    @classmethod
    def setUpClass(cls):
        if browser.missing():
            raise unittest.SkipTest(f"{browser.missing()} is not installed: "
                                    "nothing was played in a browser")
        super().setUpClass()

    def land(self, b, desk, title):
        """We are back at the return address, on a page that is whole."""
        base.wait_until("the return page", 10, lambda: b.url().startswith(
            self.world.redirect_uri))
        self.assertEqual(b.text("//h1"), title)
        self.assertEqual(b.title(), title)
        self.assertIn(desk.address, b.text())
        # Our policy lets its style through, and it fits the window.
        self.assertTrue(b.run(
            "const m = document.querySelector('main');"
            "return getComputedStyle(m).borderRadius === '14px' && "
            "document.documentElement.scrollWidth <= innerWidth;"))

    def test_the_round(self):
        """The link in the received mail, each way it may end, and at last the
        approval mail."""
        desk, who, link = self.begin()
        cert, key = self.world.authority.issue("desk", ("desk.numeo.test",))
        proxy = Proxy(cert, key, desk.web_port).start()
        self.addCleanup(proxy.stop)
        account = self.world.microsoft.signed_in
        with browser.Browser({"desk.numeo.test": proxy.port}) as b:
            account["admin"] = False
            b.open(link)
            self.assertEqual(b.title(), "Need admin approval")
            b.click("//a")
            self.land(b, desk, "This account can't approve")

            account["admin"], account["domain"] = True, self.domain()
            b.open(link)
            self.land(b, desk, "That was another company's account")

            account["domain"] = None
            b.open(link)
            self.assertEqual(b.title(), "Permissions requested")
            b.click("//button[@value='cancel']")
            self.land(b, desk, "Nothing was approved")

            case, = desk.cases()
            self.assertEqual(case["state"], "waiting")
            good = self.follow(link)
            b.open(with_state(good, signed_state(
                desk, case["id"], case["tenant"], int(time.time()) - 1)))
            self.land(b, desk, "This link has expired")
            b.open(with_state(good, "tampered"))
            self.land(b, desk, "This link is not complete")
            self.assertEqual(len(self.all_answers(desk)), 1)

            b.open(link)
            b.click("//button[@value='accept']")
            self.land(b, desk, "Approved \u2013 thank you!")
            note = self.answer(desk, who, 2)
            self.assertIn("approved",
                          note.get_body(("plain",)).get_content())
            b.call("POST", "/refresh", {})
            self.land(b, desk, "Approved \u2013 thank you!")
        time.sleep(1)
        self.assertEqual(len(self.all_answers(desk)), 2)
        self.assertEqual(desk.cases()[0]["state"], "approved")
        self.assertEqual(len(proxy.paths), len(
            [p for p in proxy.paths if p.startswith("/consent?")])
            + proxy.paths.count("/favicon.ico"))


if __name__ == "__main__":
    unittest.main()
