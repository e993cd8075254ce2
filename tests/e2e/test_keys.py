"""Keys of the configuration that no other test shows at work."""

import json
import time
import urllib.parse

from servers import letters
from servers.microsoft import click
from servers.process import free_port

from . import base
from .test_answers import CANT_FIND, FIRST_CONTACT

SAFE = "Hello,\n\nis this safe? Which of our data can Numeo read, and why?\n"
LINK = "Please send me the one-click approval link.\n"
PERSONAL = ("I only have a personal Outlook.com account, no company behind it, "
            "so there is no admin.\n")


class Keys(base.Case):
    def text(self, answer):
        return answer.get_body(("plain",)).get_content()

    def ask(self, desk, body=CANT_FIND, who=None, **how):
        who = who or "it@" + self.domain()
        self.send(desk, who, "Outlook", body, **how)
        return who

    def read(self, desk, folder):
        return letters.read_all(self.world.dovecot.imap, desk.user,
                                self.world.dovecot.password, folder)

    def test_the_product_is_anybodys(self):
        desk = self.desk(start=False)
        second = "team@" + self.domain()
        desk.change({
            "product.name": "Acme Mail", "product.also_known_as": "Acme Hub",
            "product.support_address": f"{desk.address}, {second}",
            "product.help_url": "https://acme.test/help",
            "policy.first_reply": "steps_and_link", "microsoft.link_days": 3})
        desk.start()
        # Our second address is ours: no customer.
        self.ask(desk, who=second)
        who = self.ask(desk, FIRST_CONTACT.replace("Numeo Spot", "Acme Hub")
                       .replace("Numeo", "Acme Mail"))
        answer = self.answer(desk, who)
        said = self.text(answer)
        for word in ("Acme Mail", "Acme Hub", "https://acme.test/help",
                     "3 days"):
            self.assertIn(word, said)
        self.assertNotIn("Numeo", said)
        state = urllib.parse.parse_qs(urllib.parse.urlsplit(
            self.link_in(answer)).query)["state"]
        self.assertTrue(state)
        self.assertEqual(len(self.all_answers(desk)), 1)

    def test_done_folder(self):
        desk = self.desk({"mailbox.done_folder": "Done"}, start=False)
        with letters.mailbox(self.world.dovecot.imap, desk.user,
                             self.world.dovecot.password) as box:
            box.create("Done")
        desk.start()
        raw = letters.sample("6-invoice.eml", to=desk.address)
        self.world.mail(desk, raw)
        who = self.ask(desk)
        self.answer(desk, who)
        moved = base.wait_until("the mail in Done", 30,
                                lambda: self.read(desk, "Done"))
        self.assertEqual(len(moved), 1)
        self.assertIn(who.encode(), moved[0][1])
        self.assertNotIn("Seen", moved[0][0])
        left, = self.read(desk, "INBOX")    # what is none of ours stays
        self.assertNotIn(who.encode(), left[1])

    def test_done_folder_waits_for_the_answer(self):
        """And a folder that comes late gets what was missed."""
        desk = self.desk({"mailbox.done_folder": "Done", "policy.mode": "draft",
                          "mailbox.sweep_seconds": 10})
        who = self.ask(desk)
        desk.await_cases(1, last_action="link drafted")
        run = desk.cli("check", "--online")
        self.assertEqual(run.returncode, 78)
        self.assertIn(b"done_folder Done: ", run.stdout)
        self.assertEqual(desk.cli("send", 1).returncode, 0)
        self.answer(desk, who)
        base.wait_until("a try", 60, lambda: "imap.move" in desk.log_text())
        self.assertEqual(len(self.read(desk, "INBOX")), 1)
        with letters.mailbox(self.world.dovecot.imap, desk.user,
                             self.world.dovecot.password) as box:
            box.create("Done")
        self.assertEqual(desk.cli("check", "--online").returncode, 0)
        base.wait_until("the mail in Done", 60,
                        lambda: self.read(desk, "Done"))
        self.assertEqual(self.read(desk, "INBOX"), [])
        # Not sent: it stays in sight.
        desk.change({"smtp.port": free_port(), "policy.mode": "auto"})
        self.assertEqual(desk.cli("reload").returncode, 0)
        self.ask(desk)
        desk.await_cases(1, last_action="link queued")
        time.sleep(4)
        self.assertEqual(len(self.read(desk, "INBOX")), 1)

    def test_max_fetch(self):
        """What stands behind it is not read."""
        desk = self.desk({"mailbox.max_fetch": "4k"})
        filler = "nothing in particular here. " * 160
        for body, seen in ((CANT_FIND + "near. " + filler + "far.\n", False),
                           (CANT_FIND + "near. far.\n", True)):
            who = self.ask(desk, body)
            self.answer(desk, who)
            case, = desk.cases("--search", who)
            told = json.dumps(desk.json("case", case["id"])["timeline"])
            self.assertIn("near.", told)
            self.assertEqual("far." in told, seen)

    def test_modes_one_by_one(self):
        asked = {"safety": SAFE, "ask_domain": LINK, "steps": FIRST_CONTACT,
                 "personal_note": PERSONAL, "link": CANT_FIND,
                 "approved_note": FIRST_CONTACT}
        for mode, others, answered in (
                ("draft", {"policy.mode.ask_domain": "auto",
                           "policy.mode.personal_note": "auto",
                           "policy.mode.approved_note": "auto"},
                 {"ask_domain", "personal_note", "approved_note"}),
                ("auto", {"policy.mode.ask_domain": "draft",
                          "policy.mode.personal_note": "draft",
                          "policy.mode.approved_note": "draft",
                          "policy.mode.link": "draft",
                          "policy.mode.safety": "off"}, {"steps"})):
            with self.subTest(mode):
                desk = self.desk({"policy.mode": mode, **others})
                approved = self.domain()
                self.assertEqual(desk.cli("approve", approved).returncode, 0)
                who = {"ask_domain": f"jo{desk.web_port}@gmail.com",
                       "personal_note": f"al{desk.web_port}@outlook.com",
                       "approved_note": "jo@" + approved}
                senders = {m: self.ask(desk, body, who.get(m))
                           for m, body in asked.items()}
                for action in answered:
                    self.answer(desk, senders[action])
                desk.await_cases(len(asked) - len(answered), state="review")
                self.assertEqual(len(self.all_answers(desk)), len(answered))

    def test_who_is_believed(self):
        for changes, answered in (
                ({"policy.require_authentication": "not_fail"},
                 {"pass", "none"}),
                ({"policy.require_authentication": "off"},
                 {"pass", "none", "fail"}),
                ({"policy.trust_authserv_id": "mx.else.test"}, set())):
            with self.subTest(changes):
                desk = self.desk(changes)
                senders = {v: self.ask(desk, verdict=None if v == "none"
                                       else v)
                           for v in ("pass", "none", "fail")}
                for verdict in answered:
                    self.answer(desk, senders[verdict])
                desk.await_cases(3)
                self.assertEqual([c["state"] for c in desk.cases()].count(
                    "review"), 3 - len(answered))
                self.assertEqual(len(self.all_answers(desk)), len(answered))

    def test_review_below_and_the_log_level(self):
        desk = self.desk({"policy.review_below": "1", "log.level": "warn"},
                         start=False)
        desk.start(ready=False)
        base.wait_until("a healthy daemon", 60, lambda: desk.cli(
            "status").returncode == 0)
        self.ask(desk, "the admin thing again, hm, can you?\n" + FIRST_CONTACT)
        case, = desk.await_cases(1, state="review")
        self.assertEqual(self.all_answers(desk), [])
        self.assertNotIn(" info ", desk.log_text())

    def test_another_key_for_links(self):
        desk = self.desk()
        link = self.link_in(self.answer(desk, self.ask(desk)))
        back = click(link, self.world.ca)
        desk.secret("link.secret", "ab" * 32)
        self.assertEqual(desk.cli("reload").returncode, 0)
        base.wait_until("the web", 15, lambda: self.refused(desk, back))
        self.assertEqual(desk.json("case", 1)["state"], "waiting")

    @staticmethod
    def refused(desk, back):
        try:
            return desk.come_back(back)[0] == 400
        except ConnectionError:     # it starts anew
            return False

    def test_files_that_are_not_there(self):
        desk = self.desk(start=False)
        for key in ("rules", "model", "templates"):
            with self.subTest(key):
                desk.change({"files." + key: desk.path("none")})
                run = desk.cli("check")
                self.assertEqual(run.returncode, 78)
                self.assertRegex(run.stdout.decode(),
                                 f"BAD  {key} .*" + desk.path("none"))
                desk.change({"files." + key: None})
