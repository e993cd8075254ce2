"""`check --online`: each thing that may be wrong is found, and what is said
names what to do, in the provider's own words."""

import copy
import json
import os
import re
import shutil
import socket
import threading
import unittest

from servers.desk import TOP
from servers.smtp_script import Script

from . import base
from .oauth_case import OauthCase


def findings(desk):
    """{check: [texts]} of what is wrong, and the exit status."""
    run = desk.cli("check", "--online", "--json")
    bad = {}
    for f in json.loads(run.stdout)["findings"]:
        if not f["ok"]:
            bad.setdefault(f["check"], []).append(f["text"])
    return run.returncode, bad


def says(case, desk, name, *words):
    """This check alone fails, and its text has all of these words."""
    status, bad = findings(desk)
    case.assertEqual((status, list(bad)), (78, [name]), bad)
    text = "\n".join(bad[name])
    for word in words:
        case.assertIn(word, text)


class NotConnected(threading.Thread):
    """An IMAP server that lets one in and then says what Exchange says where
    the mailbox may not be opened."""

    def __init__(self):
        super().__init__(daemon=True)
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]

    def run(self):
        while True:
            try:
                client, _ = self.socket.accept()
            except OSError:
                return
            with client, client.makefile("rwb", buffering=0) as f:
                f.write(b"* OK [CAPABILITY IMAP4rev1 IDLE] ready\r\n")
                while line := f.readline():
                    tag, verb = line.split()[:2]
                    good = verb.upper() in (b"LOGIN", b"CAPABILITY", b"LOGOUT",
                                            b"AUTHENTICATE")
                    if verb.upper() == b"CAPABILITY":
                        f.write(b"* CAPABILITY IMAP4rev1 IDLE\r\n")
                    f.write(tag + (b" OK done\r\n" if good else
                            b" BAD User is authenticated but not "
                            b"connected.\r\n"))
                    if verb.upper() == b"LOGOUT":
                        break

    def stop(self):
        self.socket.close()


class Check(base.Case):
    def found(self, changes, name, *words):
        with self.subTest(f"{name}: {changes}"):
            says(self, self.desk(changes, start=False), name, *words)

    def test_all_is_well(self):
        self.assertEqual(findings(self.desk(start=False)), (0, {}))

    def test_imap(self):
        self.found({"mailbox.port": 1}, "imap", "localhost:1", "refused")
        self.found({"mailbox.folder": "Elsewhere"}, "imap", "Elsewhere",
                   "case sensitive")
        self.found({"mailbox.sent_folder": "Dispatched"}, "imap",
                   "sent_folder Dispatched")
        self.found({"mailbox.user": "somebody else"}, "imap")
        desk = self.desk(start=False)
        desk.secret("mail.secret", "wrong")
        status, bad = findings(desk)
        self.assertEqual((status, sorted(bad)), (78, ["imap", "smtp"]))
        self.assertIn("login of", bad["imap"][0])
        self.assertIn("refused the login", bad["smtp"][0])

    def test_exchange_lets_in_and_does_not_connect(self):
        server = NotConnected()
        server.start()
        self.addCleanup(server.stop)
        self.found({"mailbox.host": "127.0.0.1", "mailbox.port": server.port,
                    "mailbox.tls": "none", "mailbox.ca_file": None}, "imap",
                   "not connected", "oauth2")

    def test_smtp(self):
        self.found({"smtp.port": 1}, "smtp", "localhost:1")
        server = Script().start()
        self.addCleanup(server.stop)
        there = {"smtp.host": "127.0.0.1", "smtp.port": server.port}
        self.found(there, "smtp", "does not offer STARTTLS")
        there["smtp.tls"] = "none"
        for answer, words in (
                ("535 5.7.139 Authentication unsuccessful, "
                 "SmtpClientAuthentication is disabled for the Tenant.",
                 ["5.7.139", "-SmtpClientAuthenticationDisabled $false",
                  "security defaults"]),
                ("550 5.7.30 Basic authentication is not supported for Client "
                 "Submission.", ["5.7.30", "auth = oauth2"])):
            server.auth_answer = answer
            self.found(there, "smtp", *words)

    def test_discovery(self):
        self.found({"microsoft.authority": "https://localhost:1"},
                   "authority", "until it answers", '"organizations"')
        for how, word in (("500", "answered 500"), ("garbage", "not in JSON"),
                          ("redirect", "answered 302"), ("huge", "longer"),
                          ("hostile_issuer", "without a tenant")):
            self.world.microsoft.fail = how
            self.found({}, "authority", word)

    def test_client_id(self):
        for name in ("Numeo", "3f2b8a6c-90d1-4e57-b1a2-6c5d4e3f2a1",
                     "00000000-0000-0000-0000-000000000000"):
            self.found({"microsoft.client_id": name}, "client_id",
                       f'"{name}"', "is a GUID", "overview page in Entra")
            # It needs no network.
            run = self.desk({"microsoft.client_id": name},
                            start=False).cli("check")
            self.assertEqual(run.returncode, 78)
            self.assertIn(f'[microsoft] client_id is "{name}"',
                          run.stdout.decode())

    def test_a_database_that_cannot_be_made(self):
        """run ends with 73 and says the same."""
        desk = self.desk(start=False)
        with open(desk.path("file"), "w"):
            pass
        for where, why in (("nothing", "No such file"), ("file",
                                                         "Not a directory")):
            with self.subTest(where):
                desk.change({"files.database": desk.path(where + "/x.db")})
                run = desk.cli("check", "--json")
                bad, = (f for f in json.loads(run.stdout)["findings"]
                        if not f["ok"])
                self.assertEqual((run.returncode, bad["check"]),
                                 (78, "database"))
                run = desk.cli("run")
                self.assertEqual(run.returncode, 73, run.stderr)
                for said in (bad["text"], run.stderr.decode()):
                    self.assertIn(why, said)
                    self.assertIn("[files] database", said)

    def test_a_missing_link_secret_is_no_broken_rule(self):
        desk = self.desk(start=False)
        os.unlink(desk.path("link.secret"))
        status, bad = findings(desk)
        self.assertEqual((status, list(bad)), (78, ["microsoft"]))
        self.assertIn("link_secret_file: ", bad["microsoft"][0])

    def test_without_a_trusted_server(self):
        """It works, by a person's hand or by not_fail: no mistake."""
        desk = self.desk({"policy.trust_authserv_id": None}, start=False)
        for required, warned in (("pass", True), ("not_fail", False),
                                 ("off", False)):
            desk.change({"policy.require_authentication": required})
            run = desk.cli("check", "--json")
            self.assertEqual(run.returncode, 0, run.stdout)
            self.assertEqual(warned, any(
                f["check"] == "policy" and f.get("warning")
                for f in json.loads(run.stdout)["findings"]))

    def test_secrets_and_certificates_are_looked_at(self):
        """check, run and reload say file, line and key of the one that a role
        could not work with; the daemon works on with what it has."""
        desk = self.desk()
        empty, open_ = desk.secret("empty", ""), desk.secret("open", "x")
        os.truncate(empty, 0)
        os.chmod(open_, 0o644)
        junk = desk.secret("junk", "{\"not\": \"it\"}")
        good = desk.sibling_settings()
        tokens = {"mailbox.auth": "oauth2", "oauth2.client_id": "x",
                  "oauth2.tenant": "contoso.test", "oauth2.scope": "x"}
        certificate = {**tokens, "oauth2.flow": "certificate",
                       "oauth2.key_file": desk.path("link.secret"),
                       "oauth2.certificate_file": self.world.ca}
        for name, changes, why in (
                ("mailbox.password_file", {}, "No such file"),
                ("mailbox.password_file", {"": empty}, "empty"),
                ("smtp.password_file", {"": open_}, "chmod 600"),
                ("mailbox.ca_file", {}, "no certificates"),
                ("smtp.ca_file", {"": junk}, "no certificates"),
                ("microsoft.ca_file", {"": empty}, "no certificates"),
                ("oauth2.client_secret_file",
                 {**tokens, "oauth2.flow": "client_secret"}, "No such file"),
                ("oauth2.client_secret_file", {
                    **tokens, "oauth2.flow": "client_secret", "": open_},
                 "chmod 600"),
                ("oauth2.refresh_token_file", {
                    **tokens, "oauth2.flow": "refresh_token"}, "No such file"),
                ("oauth2.service_account_file", {
                    **tokens, "oauth2.flow": "service_account", "": junk},
                 "not a service account's key"),
                ("oauth2.certificate_file", certificate, "No such file"),
                ("oauth2.key_file", {**certificate, "": junk}, "key_file")):
            with self.subTest(f"{name}: {why}"):
                desk.settings = copy.deepcopy(good)
                changes = dict(changes)
                changes[name] = changes.pop("", desk.path("nothing"))
                desk.change(changes)
                section, key = name.split(".")
                told = re.compile(re.escape(desk.config) + r":\d+: "
                                  + re.escape(f"[{section}] {key}: "))
                check = desk.cli("check", "--json")
                bad = [f for f in json.loads(check.stdout)["findings"]
                       if not f["ok"]]
                self.assertEqual((check.returncode, [f["check"] for f in bad]),
                                 (78, [section]), bad)
                run, again = desk.cli("run"), desk.cli("reload")
                for code, text in ((78, bad[0]["text"]),
                                   (run.returncode, run.stderr.decode()),
                                   (again.returncode, again.stderr.decode())):
                    self.assertEqual(code, 78, text)
                    self.assertRegex(text, told)
                    self.assertIn(why, text)
        self.assertNotIn("role.died", desk.log_text())
        desk.settings = good
        desk.write()
        self.assertEqual(desk.cli("reload").returncode, 0)
        desk.await_ready()

    def test_what_is_no_folder_of_mails(self):
        desk = self.desk(start=False)
        for path, status, word in ((desk.path("nothing"), 66, b"No such file"),
                                   (desk.config, 64, b"is no folder")):
            run = desk.cli("check", path)
            self.assertEqual((run.returncode, run.stdout), (status, b""))
            self.assertIn(word, run.stderr)

    def test_setup_is_named_where_it_helps(self):
        """A configuration that is there and cannot be reached is not made by
        setup."""
        desk = self.desk(start=False)
        for path, helps in ((desk.path("none.conf"), True),
                            (desk.config + "/none.conf", False)):
            run = desk.cli("-c", path, "check", config=False)
            self.assertEqual(run.returncode, 78)
            self.assertEqual(b"consentdesk setup" in run.stderr, helps)

    def test_redirect_uri_is_https(self):
        desk = self.desk({"microsoft.redirect_uri":
                          "http://desk.numeo.test/consent"}, start=False)
        run = desk.cli("check", "--online")
        self.assertEqual(run.returncode, 78)
        self.assertRegex(run.stderr.decode(), "redirect_uri.*https")

    def test_folders_are_told_apart(self):
        """Else every mail of customers is taken for an answer of ours."""
        for changes in ({"mailbox.sent_folder": "inbox"},
                        {"mailbox.done_folder": "INBOX"},
                        {"mailbox.done_folder": "Sent"}):
            desk = self.desk(changes, start=False)
            for command in (["check"], ["run"]):
                with self.subTest(f"{changes}, {command}"):
                    run = desk.cli(*command)
                    self.assertEqual(run.returncode, 78)
                    self.assertRegex(run.stderr.decode(),
                                     r"\[mailbox\] (sent|done)_folder: ")


class CheckTokens(OauthCase):
    """What the token endpoint says is told with what to do about it."""

    def test_refusals(self):
        desk = self.oauth_desk(self.secret_app, start=False)
        for refused, words in (
                ((401, "invalid_client", 7000222, "The provided client secret "
                  "keys for app are expired."), ["make a new one"]),
                ((400, "invalid_request", 90002, "Tenant 'x' not found."),
                 ["Directory (tenant) ID"]),
                ((401, "invalid_client", 7000229, "The client application is "
                  "missing service principal in the tenant."),
                 ["admin consent to the app"]),
                ((400, "invalid_grant", 50173, "The provided grant has expired "
                  "due to it being revoked."), ["sign in once more",
                                                "refresh_token_file"])):
            with self.subTest(refused[2]):
                self.tokens.refused = refused
                status, bad = findings(desk)
                self.assertEqual((status, sorted(bad)), (78, ["imap", "smtp"]))
                for word in [f"AADSTS{refused[2]}", *words]:
                    self.assertIn(word, bad["imap"][0])

    def test_what_is_configured_wrongly(self):
        desk = self.oauth_desk(self.secret_app, start=False)
        for key, value, words in (
                ("client_id", "00000000-1111-4222-8333-444444444444",
                 ["AADSTS700016", "Application (client) ID"]),
                ("tenant", "elsewhere.test", ["AADSTS700016",
                                              "Directory (tenant) ID"]),
                ("scope", "https://graph.microsoft.com/.default",
                 ["AADSTS70011", "https://outlook.office365.com/.default"]),
                ("client_secret_file", desk.path("nothing"),
                 ["No such file"])):
            with self.subTest(key):
                was = desk.settings["oauth2"][key]
                desk.change({"oauth2." + key: value})
                _, bad = findings(desk)
                for word in words:
                    self.assertIn(word, bad["imap"][0])
                desk.change({"oauth2." + key: was})
        self.assertEqual(findings(desk), (0, {}))

    def test_a_token_endpoint_in_trouble(self):
        desk = self.oauth_desk(self.secret_app, start=False)
        self.tokens.weather = True
        self.addCleanup(setattr, self.tokens, "weather", False)
        _, bad = findings(desk)
        self.assertIn("answered 503", bad["imap"][0])
        self.assertNotIn("What to do", bad["imap"][0])


class CheckTemplates(base.Case):
    """Answers that would reach a customer without what he waits for are BAD,
    what is merely doubtful is a warning."""

    def setUp(self):
        super().setUp()
        self.at = self.desk(start=False)
        self.folder = self.at.path("templates")
        self.at.change({"files.templates": self.folder})

    def said(self, make):
        """Exit status, and what check says of a fresh copy changed by make."""
        shutil.rmtree(self.folder, ignore_errors=True)
        shutil.copytree(os.path.join(TOP, "templates"), self.folder)
        make()
        run = self.at.cli("check", "--json")
        return run.returncode, [
            f for f in json.loads(run.stdout)["findings"]
            if f["check"] == "templates" and (not f["ok"] or
                                              f.get("warning"))]

    def write(self, name, text=""):
        os.makedirs(os.path.dirname(os.path.join(self.folder, name)),
                    exist_ok=True)
        with open(os.path.join(self.folder, name), "w") as f:
            f.write(text)

    def edit(self, name, pattern):
        with open(os.path.join(self.folder, name)) as f:
            text = f.read()
        changed = re.sub(pattern, "", text)
        self.assertNotEqual(text, changed)
        self.write(name, changed)

    def test_useless_answers(self):
        for name, make, word in (
                ("en/link.txt", lambda: self.edit("en/link.txt",
                                                  r"(?m)^{{link}}\n"), "link"),
                ("de/link.html", lambda: self.edit(
                    "de/link.html", r"{{>(button|address)}}\n"), "link"),
                # Half of those who ask would get none.
                ("en/link.txt", lambda: self.write(
                    "en/link.txt", "{{#admin}}{{link}}{{/admin}}{{>foot}}"),
                 "not to everybody"),
                ("fr/steps.subject", lambda: self.write("fr/steps.subject"),
                 "empty"),
                ("en/safety.txt", lambda: self.write("en/safety.txt", "\n \n"),
                 "empty"),
                ("en/safety.html", lambda: self.write("en/safety.html"),
                 "empty"),
                # The page after Microsoft: words for each outcome.
                ("en/return_page.html", lambda: self.edit(
                    "en/return_page.html", r"(?m)^<p>We couldn't.*\n"),
                 "{{#later}}"),
                ("pl/return_page.html", lambda: self.edit(
                    "pl/return_page.html",
                    r"(?s){{#expired}}.*{{/expired}}\n"), "{{#expired}}"),
                ("ru/return_page.subject", lambda: self.write(
                    "ru/return_page.subject"), "{{#approved}}")):
            with self.subTest(name + " " + word):
                status, found = self.said(make)
                self.assertEqual((status, len(found)), (78, 1), found)
                self.assertFalse(found[0]["ok"])
                self.assertIn(f"{self.folder}/{name}: ", found[0]["text"])
                self.assertIn(word, found[0]["text"])

    def test_a_mistake_in_the_page_after_microsoft(self):
        for name, text, word in (
                ("uz/return_page.html", "\n{{#approvd}}x{{/approvd}}",
                 'uz/return_page.html:2: no such variable: "approvd"'),
                ("tr/return_page.subject", "{{#failed}}x",
                 "tr/return_page.subject:1: a section that is not closed"),
                ("_return_head.html", "{{>tilte}}",
                 '_return_head.html:1: en has no such partial: "tilte"')):
            with self.subTest(name):
                status, found = self.said(lambda: self.write(name, text))
                self.assertEqual((status, len(found)), (78, 1), found)
                self.assertIn(word, found[0]["text"])

    def test_steps_that_are_to_give_the_link(self):
        make = lambda: self.edit("en/steps.txt", r"{{link}}")
        self.assertEqual(self.said(make), (0, []))
        self.at.change({"policy.first_reply": "steps_and_link"})
        status, found = self.said(make)
        self.assertEqual(status, 78)
        self.assertIn("/en/steps.txt: ", found[0]["text"])

    def test_doubtful_ones(self):
        self.assertEqual(self.said(lambda: None), (0, []))
        for make, name, word in (
                (lambda: self.edit("_foot.txt", r"(?m)^{{reference}}\n"),
                 "en/app_disabled.txt", "{{reference}}"),
                (lambda: self.edit("es/link.html", r"{{>foot}}"),
                 "es/link.html", "{{reference}}"),
                (lambda: self.write("en/lnik.txt"), "en/lnik.txt",
                 "belongs to no answer"),
                (lambda: self.write("de/_sgin.txt"), "de/_sgin.txt",
                 "{{>sgin}}"),
                (lambda: self.write("link.txt"), "link.txt",
                 "belongs to no answer"),
                (lambda: self.write("german/link.txt"), "german", " de "),
                (lambda: self.write("xx/.keep"), "xx", " de "),
                (lambda: self.write("it/.keep"), "it",
                 "no answer is in it")):
            with self.subTest(name):
                status, found = self.said(make)
                self.assertEqual((status, len(found)), (0, 1), found)
                self.assertIn(f"{self.folder}/{name}", found[0]["text"])
                self.assertIn(word, found[0]["text"])

    def test_a_reload_refuses_useless_ones(self):
        self.assertEqual(self.said(lambda: None), (0, []))
        self.at.start()
        self.write("en/safety.txt")
        run = self.at.cli("reload")
        self.assertEqual(run.returncode, 78)
        self.assertIn(b"en/safety.txt: it is empty", run.stderr)
        self.assertEqual(self.at.cli("check").returncode, 78)


if __name__ == "__main__":
    unittest.main()
