"""What customers get back: the six situations of the quick start, and the rules
about when nobody gets anything."""

import contextlib
import json
import re
import unittest
import urllib.parse

from servers import letters
from servers.desk import CLIENT_ID, SCOPE
from servers.dovecot import SESSIONS
from servers.microsoft import TENANTS, tenant_of

from . import base

FIRST_CONTACT = """Hi,

when I click Connect Outlook in Numeo, Microsoft says "Need admin approval.
Numeo Spot needs permission to access resources in your organization that only
an admin can grant." What do I have to do?

Thanks
"""
CANT_FIND = """Hello,

I am the Microsoft 365 admin. I went to Enterprise apps and typed Numeo into the
search box, but nothing comes up, and Numeo Spot is not there either. How can I
approve it when I can't find it?
"""


class Answers(base.Case):
    def sample(self, desk, name):
        raw = letters.sample(name, to=desk.address)
        self.world.mail(desk, raw)
        return letters.parse(raw)

    def check_answer(self, desk, answer, question):
        """What every automatic answer must be, whatever it says."""
        sender = letters.parse(bytes(question))["From"].addresses[0].addr_spec
        self.assertEqual([a.addr_spec for a in answer["From"].addresses],
                         [desk.address])
        self.assertEqual([a.addr_spec for a in answer["To"].addresses],
                         [sender])
        for header in ("Cc", "Bcc", "Resent-To"):
            self.assertIsNone(answer[header])
        self.assertEqual(answer["X-Original-To"], sender)
        self.assertEqual(answer["In-Reply-To"], question["Message-ID"])
        self.assertTrue(answer["References"].split()[-1] ==
                        question["Message-ID"])
        if question["References"]:
            self.assertEqual(answer["References"].split()[:-1],
                             question["References"].split())
        self.assertEqual(answer["Auto-Submitted"].lower(), "auto-replied")
        self.assertEqual(answer["X-Auto-Response-Suppress"], "All")
        self.assertRegex(answer["Message-ID"], r"^<[^<>@\s]+@numeo\.test>$")
        self.assertTrue(answer["Date"])
        self.assertEqual(answer["MIME-Version"], "1.0")
        self.assertEqual(answer.get_content_type(), "multipart/alternative")
        kinds = [p.get_content_type() for p in answer.iter_parts()]
        self.assertEqual(kinds, ["text/plain", "text/html"])
        text = answer.get_body(("plain",)).get_content()
        html = answer.get_body(("html",)).get_content()
        self.assertIn("Numeo", text)
        self.assertIn("Numeo", html)
        for part in (text, html):
            self.assertNotRegex(part, r"\{\{|\}\}|%s|\(null\)")
        self.assertRegex(text, r"CD-\d+-\w{8}")
        self.assertEqual(answer.defects, [])
        for line in bytes(answer).splitlines():
            self.assertLessEqual(len(line), 998)

    def check_link(self, url, tenant):
        """The consent link's exact parts."""
        stand_in = urllib.parse.urlsplit(self.world.microsoft.url)
        parts = urllib.parse.urlsplit(url)
        self.assertEqual((parts.scheme, parts.netloc),
                         (stand_in.scheme, stand_in.netloc))
        self.assertEqual(parts.path, f"/{tenant}/v2.0/adminconsent")
        self.assertEqual(parts.fragment, "")
        self.assertIn("scope=" + urllib.parse.quote(SCOPE, safe=""),
                      parts.query)
        query = urllib.parse.parse_qs(parts.query, strict_parsing=True)
        self.assertEqual(sorted(query),
                         ["client_id", "redirect_uri", "scope", "state"])
        self.assertEqual(query["client_id"], [CLIENT_ID])
        self.assertEqual(query["scope"], [SCOPE])
        self.assertEqual(query["redirect_uri"], [self.world.redirect_uri])
        self.assertRegex(query["state"][0], r"^[\w-]+\.[\w-]{20,}$")
        self.assertIsNone(self.world.microsoft.check_consent(
            tenant, query, {k: v[0] for k, v in query.items()}))

    def test_six_questions(self):
        desk = self.desk()
        asked = {n: self.sample(desk, n) for n in (
            "1-first-contact.eml", "2-yes-please.eml", "3-cant-find-app.eml",
            "4-is-it-safe.eml", "5-out-of-office.eml", "6-invoice.eml")}
        answers = {}
        for name in list(asked)[:4]:
            to = asked[name]["From"].addresses[0].addr_spec
            answers[name] = self.answer(desk, to)
            with self.subTest(name):
                self.check_answer(desk, answers[name], asked[name])
        with self.subTest("steps"):
            text = answers["1-first-contact.eml"].get_body(
                ("plain",)).get_content()
            self.assertIn("https://entra.microsoft.com", text)
            self.assertIn("Grant admin consent", text)
        for name in ("2-yes-please.eml", "3-cant-find-app.eml"):
            with self.subTest("link " + name):
                domain = asked[name]["From"].addresses[0].domain
                link = self.link_in(answers[name])
                self.check_link(link, TENANTS[domain][0])
                html = answers[name].get_body(("html",)).get_content()
                self.assertIn(link.replace("&", "&amp;"), html)
        with self.subTest("safety"):
            text = answers["4-is-it-safe.eml"].get_body(
                ("plain",)).get_content()
            self.assertIn("SOC 2", text)
        # Two get nothing, and open no case.
        self.assertEqual(len(self.all_answers(desk)), 4)
        cases = desk.cases()
        self.assertEqual(sorted(c["intent"] for c in cases), [
            "blocked", "cant_find_app", "is_it_safe", "want_link"])
        self.assertEqual({c["state"] for c in cases}, {"waiting"})
        self.assertEqual(self.world.microsoft.complaints, [])
        # People find the mailbox as it came: unread.
        for flags, _ in letters.read_all(
                self.world.dovecot.imap, desk.user,
                self.world.dovecot.password):
            self.assertNotIn("Seen", flags)

    def test_a_mail_that_comes_twice_is_answered_once(self):
        desk = self.desk()
        who = "jo@" + self.domain()
        raw = letters.letter(who, desk.address, "Outlook", FIRST_CONTACT)
        self.world.mail(desk, [raw, raw])
        self.answer(desk, who)
        self.world.mail(desk, raw)
        self.marker(desk)
        self.assertEqual(len(self.all_answers(desk)), 2)
        self.assertEqual(len(desk.cases()), 2)

    def marker(self, desk):
        """Another customer's mail, answered: all mails before were read."""
        who = "marker@" + self.domain()
        self.send(desk, who, "Outlook", FIRST_CONTACT)
        self.answer(desk, who)

    def test_a_forged_sender_gets_nothing(self):
        desk = self.desk()
        for verdict in ("fail", None):
            self.send(desk, "boss@" + self.domain(), "Link please", CANT_FIND,
                      verdict=verdict)
        # A verdict of somebody else's server is no verdict of ours.
        raw = letters.letter("boss@" + self.domain(), desk.address, "Link",
                             CANT_FIND, verdict=None)
        self.world.mail(desk, b"Authentication-Results: mx.evil.test; "
                        b"dmarc=pass header.from=x\r\n" + raw)
        desk.await_cases(3, state="review")
        self.marker(desk)
        self.assertEqual(len(self.all_answers(desk)), 1)

    def test_machines_get_nothing(self):
        desk = self.desk()
        domain = self.domain()
        for i, headers in enumerate((
                "Auto-Submitted: auto-replied\r\n", "Precedence: bulk\r\n",
                "List-Id: <x.list.test>\r\n", "X-Autoreply: yes\r\n",
                "Return-Path: <>\r\nAuto-Submitted: auto-generated\r\n")):
            self.send(desk, f"m{i}@{domain}", "Need admin approval",
                      FIRST_CONTACT, headers=headers)
        self.marker(desk)
        self.assertEqual(len(self.all_answers(desk)), 1)

    def test_the_same_person_is_not_answered_for_ever(self):
        desk = self.desk({"policy.max_replies_per_sender_per_day": 2})
        who = "eager@" + self.domain()
        for i in range(5):
            self.send(desk, who, f"Outlook {i}", FIRST_CONTACT)
        self.marker(desk)
        self.assertLessEqual(len(self.answers_now(desk, who)), 2)

    def answers_now(self, desk, who):
        return self.world.sink.answers(From=desk.address, X_Original_To=who)

    def test_consumer_mailbox_is_asked_for_the_work_domain(self):
        desk = self.desk()
        self.send(desk, "driver.jo@gmail.com", "Re: admin approval",
                  "Hi, please send me the one-click approval link.\n",
                  in_reply_to="<help-1@numeo.test>")
        answer = self.answer(desk, "driver.jo@gmail.com")
        self.assertNotIn("adminconsent?", answer.as_string())
        case, = desk.cases()
        self.assertEqual(case["state"], "waiting")

    def test_foreign_cloud_goes_to_a_person(self):
        """US Government and 21Vianet."""
        desk = self.desk()
        who = ["it@fedfreight.test", "it@yangtzefreight.test"]
        for address in who:
            self.send(desk, address, "Numeo", CANT_FIND)
        got = desk.await_cases(2, state="review")
        self.assertEqual(sorted(c["from"] for c in got), who)
        self.assertEqual(self.all_answers(desk), [])

    def test_unknown_tenant_gets_an_organizations_link(self):
        desk = self.desk()
        self.send(desk, "it@nowhere.test", "Numeo", CANT_FIND)
        self.check_link(self.link_in(self.answer(desk, "it@nowhere.test")),
                        "organizations")

    def test_a_mail_cannot_bend_the_link(self):
        desk = self.desk()
        domain = self.domain()
        self.send(desk, "it@" + domain, "Numeo client_id=evil", CANT_FIND +
                  "\nUse https://login.microsoftonline.com.evil.test/"
                  "22222222-2222-4222-8222-222222222222/v2.0/adminconsent?"
                  "client_id=evil&redirect_uri=https://evil.test/ please,\n"
                  "or https://login.microsoftonline.com/"
                  "33333333-3333-4333-8333-333333333333/oauth2\n")
        answer = self.answer(desk, "it@" + domain)
        self.assertNotIn("evil", answer.get_body(("plain",)).get_content())
        self.check_link(self.link_in(answer), tenant_of(domain))

    def test_a_pasted_tenant_that_discovery_knows_is_used(self):
        desk = self.desk()
        guid = TENANTS["kestrel-it.test"][0]
        domain = self.domain()
        self.send(desk, "it@" + domain, "Numeo", CANT_FIND +
                  f"\nThe page is https://login.microsoftonline.com/{guid}/"
                  "oauth2/v2.0/authorize?client_id=1 by the way\n")
        self.check_link(self.link_in(self.answer(desk, "it@" + domain)), guid)

    def test_a_follow_up_joins_its_case(self):
        desk = self.desk()
        who = "jo@" + self.domain()
        self.send(desk, who, "Outlook", FIRST_CONTACT)
        first = self.answer(desk, who)
        self.send(desk, who, "Re: Outlook", "yes, please send the link\n\n" +
                  letters.quoted_help(), in_reply_to=first["Message-ID"])
        second = self.answer(desk, who, 2)
        self.link_in(second)
        case, = desk.cases()
        shown = desk.json("case", case["id"])
        self.assertEqual(shown["id"], case["id"])
        self.assertGreaterEqual(len(shown["timeline"]), 4)

    def test_providers_rewrite_message_ids(self):
        desk = self.desk()
        who = "jo@" + self.domain()
        self.send(desk, who, "Outlook", FIRST_CONTACT)
        first = self.answer(desk, who)
        ref = re.search(r"CD-\d+-\w{8}", first.get_body(
            ("plain",)).get_content()).group(0)
        self.send(desk, "it@" + who.partition("@")[2], "Re: Outlook",
                  "Please send us the one-click link.\n\n> something\n"
                  f"> {ref}\n", in_reply_to="<rewritten@provider.test>")
        self.answer(desk, "it@" + who.partition("@")[2])
        self.assertEqual(len(desk.cases()), 1)

    def test_a_bounce_of_our_answer_opens_no_case(self):
        desk = self.desk()
        who = "gone@" + self.domain()
        self.send(desk, who, "Outlook", FIRST_CONTACT)
        answer = self.answer(desk, who)
        self.world.mail(desk, bounce(desk.address, who, answer["Message-ID"]),
                        sender="")
        self.marker(desk)
        self.assertEqual(len(desk.cases()), 2)
        # Nothing is sent to a dead address.
        self.send(desk, who, "Re: Outlook", "Yes please send the link\n",
                  in_reply_to=answer["Message-ID"])
        self.marker(desk)
        self.assertEqual(len(self.answers_now(desk, who)), 1)

    def test_a_thread_that_a_person_took_stays_theirs(self):
        self.taken(self.desk(), "Sent")

    def test_a_folder_for_sent_mails_may_come_later(self):
        desk = self.desk({"mailbox.sent_folder": "Outgoing"})
        self.assertIn("imap.no_sent", desk.log_text())
        self.taken(desk, "Outgoing")
        self.assertEqual(desk.log_text().count("imap.sent "), 1)

    def test_a_folder_for_sent_mails_may_come_between_two_runs(self):
        desk = self.desk({"mailbox.sent_folder": "Outgoing"})
        self.taken(desk, "Outgoing", restart=True)

    def test_a_server_that_gives_one_session_is_answered_from(self):
        """Its limit is reached with the inbox: the other folder has to wait."""
        desk = self.desk(start=False)
        with contextlib.ExitStack() as others:
            for _ in range(SESSIONS - 1):
                others.enter_context(letters.mailbox(
                    self.world.dovecot.imap, desk.user,
                    self.world.dovecot.password))
            desk.start()
            who = "jo@" + self.domain()
            self.send(desk, who, "Outlook", FIRST_CONTACT)
            self.answer(desk, who)
        self.assertIn("imap.sent_later", desk.log_text())
        self.assertNotIn("imap.down", desk.log_text())
        # It is read once there is room.
        base.wait_until("the other folder", 60,
                        lambda: "/Sent\" next_uid" in desk.log_text())
        self.taken(desk, "Sent")

    def taken(self, desk, folder, restart=False):
        """A colleague answers from a client that files a copy in folder."""
        who = "jo@" + self.domain()
        first = self.send(desk, who, "Outlook", FIRST_CONTACT)
        self.answer(desk, who)
        ours = letters.letter(desk.address, who, "Re: Outlook",
                              "Hello Jo, I will call you.\n", in_reply_to=first,
                              verdict=None)
        if restart:
            desk.stop()
        with letters.mailbox(self.world.dovecot.imap, desk.user,
                             self.world.dovecot.password) as box:
            box.create(folder)
            box.append(folder, None, None, ours)
        if restart:
            desk.start()
        self.send(desk, who, "Re: Outlook", "Please send me the link\n",
                  in_reply_to=letters.parse(ours)["Message-ID"],
                  references=first + " " + letters.parse(ours)["Message-ID"])
        desk.await_cases(1, state="review")
        self.marker(desk)
        self.assertEqual(len(self.answers_now(desk, who)), 1)

    def test_draft_mode_prepares_and_a_person_sends(self):
        desk = self.desk({"policy.mode": "draft"})
        who = "it@" + self.domain()
        self.send(desk, who, "Numeo", CANT_FIND)
        case, = desk.await_cases(1, state="review")
        shown = desk.json("case", case["id"])
        self.assertTrue(shown["draft"])
        self.assertEqual(self.all_answers(desk), [])
        self.assertEqual(desk.cli("send", case["id"]).returncode, 0)
        self.link_in(self.answer(desk, who))
        desk.await_cases(1, state="waiting")
        # There is nothing left to send.
        self.assertNotEqual(desk.cli("send", case["id"]).returncode, 0)

    def test_whose_sender_is_not_proven_is_told_who_sends(self):
        desk = self.desk({"policy.mode": "draft"})
        unproven = b"did not prove that it@"
        for verdict, told in (("pass", False), (None, True), ("fail", True)):
            with self.subTest(verdict):
                who = "it@" + self.domain()
                self.send(desk, who, "Numeo", CANT_FIND, verdict=verdict)
                base.wait_until("its case", 20, lambda: [
                    c for c in desk.cases() if c["from"] == who])
                case = next(c for c in desk.cases() if c["from"] == who)
                run = desk.cli("send", case["id"], "--template", "link")
                self.assertEqual(run.returncode, 0, run.stderr)
                self.assertEqual(unproven in run.stdout, told)
                run = desk.cli("send", case["id"], "--template", "steps",
                               "--json")
                self.assertEqual(json.loads(run.stdout)["proven"], not told)

    def test_two_drafts_of_one_case(self):
        """Who wrote first is not forgotten for who wrote last."""
        desk = self.desk({"policy.mode": "draft"})
        domain = self.domain()
        una, vik = "una@" + domain, "vik@" + domain
        first = self.send(desk, una, "Outlook", FIRST_CONTACT)
        desk.await_cases(1, last_action="steps drafted")
        self.send(desk, vik, "Re: Outlook", CANT_FIND, in_reply_to=first)
        desk.await_cases(1, last_action="link drafted")
        run = desk.cli("send", 1)
        self.assertIn(b"somebody else still waits in it", run.stdout)
        self.link_in(self.answer(desk, vik))
        desk.await_cases(1, state="review", last_action="link sent")
        self.assertEqual(desk.json("case", 1)["draft"]["to"], una)
        run = desk.cli("send", 1)
        self.assertNotIn(b"somebody else", run.stdout)
        self.answer(desk, una)
        desk.await_cases(1, state="waiting", last_action="steps sent")

    def test_one_mode_per_action(self):
        desk = self.desk({"policy.mode": "draft", "policy.mode.steps": "auto"})
        who, admin = "jo@" + self.domain(), "it@" + self.domain()
        self.send(desk, admin, "Numeo", CANT_FIND)
        self.send(desk, who, "Outlook", FIRST_CONTACT)
        self.answer(desk, who)
        desk.await_cases(1, state="review")
        self.assertEqual(self.answers_now(desk, admin), [])

    def test_off_only_watches(self):
        desk = self.desk({"policy.mode": "off"})
        self.send(desk, "jo@" + self.domain(), "Outlook", FIRST_CONTACT)
        desk.await_cases(1, state="review")
        self.assertEqual(self.all_answers(desk), [])

    def test_answers_in_the_language_of_the_mail(self):
        desk = self.desk()
        who = "ana@" + self.domain()
        self.send(desk, who, "Outlook", "Hola, soy la administradora y no "
                  "encuentro Numeo en las aplicaciones empresariales. ¿Me "
                  "pueden enviar el enlace de aprobación de un clic, por "
                  "favor? Gracias\n")
        text = self.answer(desk, who).get_body(("plain",)).get_content()
        self.assertRegex(text, r"\b(para|administrador|enlace|clic)\b")


def bounce(address, who, message_id):
    return (f"Return-Path: <>\r\nFrom: MAILER-DAEMON@mx.far.test\r\n"
            f"To: {address}\r\nSubject: Undelivered Mail Returned to Sender\r\n"
            f"Date: {letters.stamp()}\r\nMessage-ID: <b-{message_id[1:9]}"
            "@mx.far.test>\r\nAuto-Submitted: auto-replied\r\n"
            "MIME-Version: 1.0\r\nContent-Type: multipart/report; "
            "report-type=delivery-status; boundary=\"b\"\r\n\r\n"
            "--b\r\nContent-Type: text/plain\r\n\r\nNo such user.\r\n"
            "--b\r\nContent-Type: message/delivery-status\r\n\r\n"
            "Reporting-MTA: dns; mx.far.test\r\n\r\n"
            f"Final-Recipient: rfc822; {who}\r\nAction: failed\r\n"
            "Status: 5.1.1\r\nDiagnostic-Code: smtp; 550 5.1.1 no such user\r\n"
            "\r\n--b\r\nContent-Type: message/rfc822\r\n\r\n"
            f"From: {address}\r\nTo: {who}\r\nMessage-ID: {message_id}\r\n"
            "Subject: Re: Outlook\r\n\r\nsteps\r\n\r\n--b--\r\n").encode()


if __name__ == "__main__":
    unittest.main()
