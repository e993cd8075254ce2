"""consentdesk setup: from answers to a configuration that answers mail."""

import os
import pty
import select
import signal
import stat
import subprocess
import termios

from servers.desk import CLIENT_ID, SCOPE
from servers.letters import AUTHSERV
from servers.names import Names

from . import base
from .test_answers import CANT_FIND

GUID = "0a1b2c3d-1111-2222-3333-444455556666"


class WithAnswers(base.Case):
    """A desk whose configuration is made by setup."""

    def setUp(self):
        super().setUp()
        self.made = self.desk(start=False)
        self.made_password = self.world.dovecot.password
        self.conf = self.made.path("etc/consentdesk.conf")

    def answers_file(self, extra="", secrets=True, mode=0o600, **changes):
        """A file of answers for the test's own servers."""
        w, d = self.world, self.made
        rows = {
            "setup": {"address": d.address, "provider": "other"},
            "mailbox": {"host": "localhost", "port": w.dovecot.imap,
                        "tls": "starttls", "ca_file": w.ca, "user": d.user},
            "smtp": {"host": "localhost", "port": w.smtp.submission,
                     "ca_file": w.ca, "user": d.user},
            "product": {"name": "Numeo"},
            "microsoft": {"authority": w.microsoft.url, "ca_file": w.ca,
                          "client_id": CLIENT_ID, "scope": SCOPE,
                          "redirect_uri": d.redirect_uri},
            "policy": {"trust_authserv_id": AUTHSERV},
            "files": {"database": d.path("state/desk.db")},
            "web": {"listen": f"127.0.0.1:{d.web_port}",
                    "public_url": f"http://127.0.0.1:{d.web_port}"},
        }
        if secrets:
            rows["secrets"] = {"password": self.made_password}
        for name, value in changes.items():
            section, _, key = name.partition("__")
            rows.setdefault(section, {})[key] = value
        path = d.path("answers")
        with open(path, "w") as f:
            for section, keys in rows.items():
                f.write(f"[{section}]\n")
                f.writelines(f"{k} = {v}\n" for k, v in keys.items()
                             if v is not None)
            f.write(extra)
        os.chmod(path, mode)
        return path

    def mode(self, path):
        return stat.S_IMODE(os.stat(path).st_mode)


class Setup(WithAnswers):
    preset = "asan"     # it reads what strangers' name servers say

    def setup(self, *args, stdin=b""):
        return subprocess.run(
            [self.made.binary, "-c", self.conf, "setup", *args], input=stdin,
            capture_output=True, timeout=60, env=self.made.environment())

    def test_from_answers_to_an_answer(self):
        run = self.setup("--answers", self.answers_file(policy__mode="auto"))
        said = (run.stdout + run.stderr).decode()
        self.assertEqual(run.returncode, 0, said)
        self.assertIn("all is well", said)
        self.assertIn(self.made.redirect_uri, said)
        self.assertNotIn(self.made_password, said)
        folder = os.path.dirname(self.conf)
        for name in ("mailbox-password", "link-secret"):
            self.assertEqual(self.mode(os.path.join(folder, name)), 0o600)
        with open(self.conf) as f:
            text = f.read()
        # Whole and commented: each key of the sample, and no example value.
        self.assertNotIn("numeo.ai", text)
        self.assertNotIn(self.made_password, text)
        self.assertIn("# The IMAP server.", text)
        self.made.config = self.conf
        self.made.database = self.made.path("state/desk.db")
        self.made.start()
        who = "it@" + self.domain()
        self.send(self.made, who, "Numeo", CANT_FIND)
        self.link_in(self.answer(self.made, who))

    def test_draft_is_the_default_and_nothing_is_overwritten(self):
        answers = self.answers_file(setup__check="offline")
        self.assertEqual(self.setup("--answers", answers).returncode, 0)
        with open(self.conf) as f:
            first = f.read()
        self.assertIn("\nmode = draft\n", first)
        secret = os.path.join(os.path.dirname(self.conf), "link-secret")
        with open(secret) as f:
            key = f.read()
        run = self.setup("--answers", answers)
        self.assertEqual(run.returncode, 73)
        self.assertIn(b"--replace", run.stderr)
        run = self.setup("--answers", answers, "--replace")
        self.assertEqual(run.returncode, 0, run.stderr)
        self.assertIn(b"moved the old", run.stdout)
        old = [n for n in os.listdir(os.path.dirname(self.conf))
               if n.startswith("consentdesk.conf.")]
        self.assertEqual(len(old), 1)
        # Nor is what setup would call its draft.
        with open(self.conf + ".new", "w") as f:
            f.write("mine")
        run = self.setup("--answers", answers, "--replace")
        self.assertEqual(run.returncode, 73)
        self.assertIn(b"consentdesk.conf.new: File exists", run.stderr)
        with open(self.conf + ".new") as f:
            self.assertEqual(f.read(), "mine")
        # Links that are on their way stay good.
        with open(secret) as f:
            self.assertEqual(f.read(), key)

    def test_what_is_wrong_is_said_and_nothing_written(self):
        for name, how, changes, code in (
                ("name", b"[product] name", {"product__name": None}, 65),
                ("client_id", b"client_id", {"microsoft__client_id": None},
                 65),
                ("no such key", b"colour", {"policy__colour": "red"}, 65),
                ("bad value", b"mode", {"policy__mode": "perhaps"}, 65),
                ("provider", b"provider", {"setup__provider": "aol"}, 65),
                ("folder", b"sent_folder: INBOX is the folder that is watched",
                 {"mailbox__sent_folder": "INBOX"}, 65),
                ("secret", b"password", {"secrets": False}, 65),
                ("open", b"chmod 600", {"mode": 0o644}, 69)):
            with self.subTest(name):
                run = self.setup("--answers", self.answers_file(**changes))
                self.assertEqual(run.returncode, code, run.stderr)
                self.assertIn(how, run.stderr)
                self.assertFalse(os.path.exists(self.conf))
        self.assertEqual(self.setup("--answers", "/nonexistent").returncode,
                         66)

    def test_a_wrong_password_is_found_at_once(self):
        self.made_password = "not this one"
        run = self.setup("--answers", self.answers_file())
        self.assertEqual(run.returncode, 78)
        self.assertIn(b"BAD  imap", run.stdout)
        self.assertTrue(os.path.exists(self.conf))

    def test_who_runs_the_mailbox(self):
        names = Names({
            "a.test": [(20, "late.example"),
                       (10, "a-test.mail.protection.outlook.com")],
            "b.test": [(1, "SMTP.google.com")],
            "c.test": [(5, "mx.c.test")],
            # No answer to the question; cut short; a name that is its own
            # end; a record longer than the answer; a name of no host.
            "d.test": b"\x81\x80\0\x01\xff\xff\0\0\0\0garbage",
            "e.test": "\xc0\x0c\0\x0f",
            "f.test": "\xc0\x0c\0\x0f\0\x01\0\0\0\x3c\0\x04\0\x01\xc0\x26",
            "g.test": "\xc0\x0c\0\x0f\0\x01\0\0\0\x3c\xff\xff\0\x01\x3fabc",
            "h.test": "\xc0\x0c\0\x0f\0\x01\0\0\0\x3c\0\x09\0\x01\x05"
                      "a\n[x]\0",
        })
        self.addCleanup(names.stop)
        for domain, provider, host in (
                ("a.test", b"Microsoft 365", "outlook.office365.com"),
                ("b.test", b"Google Workspace", "imap.gmail.com"),
                ("c.test", b"another provider", None),
                ("d.test", b"cannot be looked up", None),
                ("e.test", b"cannot be looked up", None),
                ("f.test", b"cannot be looked up", None),
                ("g.test", b"cannot be looked up", None),
                ("h.test", b"cannot be looked up", None),
                ("nowhere.test", b"cannot be looked up", None)):
            with self.subTest(domain):
                run = self.setup("--answers", self.answers_file(
                    secrets=False, setup__address="help@" + domain,
                    setup__provider=None, setup__resolver=names.address,
                    setup__check="none", mailbox__host=None,
                    mailbox__port=None, mailbox__tls=None, smtp__host=None,
                    smtp__port=None, oauth2__client_id=GUID,
                    oauth2__client_secret_file=self.made.path("mail.secret"),
                    oauth2__service_account_file=self.made.path(
                        "mail.secret")))
                self.assertIn(provider, run.stdout)
                if not host:    # then a host is asked for
                    self.assertIn(b"[mailbox] host", run.stderr)
                    self.assertFalse(os.path.exists(self.conf))
                    continue
                self.assertEqual(run.returncode, 0, run.stderr)
                with open(self.conf) as f:
                    self.assertIn(f"\nhost = {host}\n", f.read())
                os.remove(self.conf)
        run = self.setup("--answers", self.answers_file(
            secrets=False, setup__provider="microsoft", setup__check="none",
            mailbox__host=None, mailbox__port=None, mailbox__tls=None,
            smtp__host=None, smtp__port=None, oauth2__client_id=GUID,
            oauth2__client_secret_file=self.made.path("mail.secret")))
        # The provider's own words, with the values put in.
        for words in ("IMAP.AccessAsApp", f"-AppId {GUID}",
                      f"Add-MailboxPermission -Identity {self.made.user}",
                      "SmtpClientAuthenticationDisabled $false",
                      "Redirect URI", "Enterprise"):
            self.assertIn(words, run.stdout.decode())

    def test_asked_by_hand(self):
        w, d = self.world, self.made
        lines = ["no address", d.address, "aol", "other", "not a host",
                 "localhost", "localhost", d.user, self.made_password,
                 "inbox", "", AUTHSERV, "Numeo", "", "", "no id", CLIENT_ID, SCOPE, "http://plain.example/x", d.redirect_uri,
                 "", "", d.path("state/desk.db")]
        run = self.setup(stdin="\n".join(lines).encode() + b"\n")
        said = run.stdout.decode()
        for fault in ("is no mail address", "provider is microsoft, google",
                      "allowed is a host name", "A client ID looks like",
                      "That is the folder that is watched"):
            self.assertIn(fault, said)
        self.assertIn("must be https", said)
        with open(self.conf) as f:
            text = f.read()
        self.assertIn("\nmode = draft\n", text)
        self.assertIn(f"\nuser = {d.user}\n", text)
        self.assertNotIn(self.made_password, text + said)
        # It ends early: nothing is left behind.
        os.remove(self.conf)
        run = self.setup(stdin=b"help@c.test\nother\n")
        self.assertEqual(run.returncode, 66)
        self.assertFalse(os.path.exists(self.conf))

    def typed(self, *lines):
        """setup on a terminal: each is typed at the next question. Returns
        what was shown, how it ended, and whether the terminal echoes."""
        argv = [self.made.binary, "-c", self.conf, "setup"]
        pid, terminal = pty.fork()
        if pid == 0:
            os.execve(argv[0], argv, self.made.environment())
        said, rest = b"", list(lines)
        while select.select([terminal], [], [], 30)[0]:
            try:
                said += os.read(terminal, 65536)
            except OSError:     # the other end is closed
                break
            if said.endswith(b": ") and rest:
                os.write(terminal, rest.pop(0))
        echo = termios.tcgetattr(terminal)[3] & termios.ECHO
        os.close(terminal)
        return (said.decode(), os.waitstatus_to_exitcode(
            os.waitpid(pid, 0)[1]), bool(echo))

    def test_broken_off_at_the_password(self):
        """Ctrl-C, Ctrl-D: the terminal is as before, nothing is written."""
        lines = [f"{x}\n".encode() for x in (
            self.made.address, "other", "localhost", "localhost", "")]
        # A shell that runs this in the background has SIGINT ignored: then
        # the question ends, and so does setup, as if nothing was typed.
        ignored = signal.getsignal(signal.SIGINT) == signal.SIG_IGN
        for key, ended in ((b"\3", 66 if ignored else -signal.SIGINT),
                           (b"\4", 66)):
            with self.subTest(key):
                said, status, echo = self.typed(*lines, key)
                self.assertIn("password: ", said)
                self.assertEqual((status, echo), (ended, True))
                self.assertFalse(os.path.exists(self.conf))

    def test_other_ways_to_log_in_by_hand(self):
        """The files' names are asked for, the app's making comes first."""
        for provider, lines, asked in (
                ("microsoft", ["certificate", "", GUID, "/tmp/cert.pem"],
                 "\nkey_file [oauth-key]: "),
                ("google", ["", "refresh_token", "x.example", "secret"],
                 "\nrefresh_token_file "
                 "[/var/lib/consentdesk/refresh-token]: ")):
            with self.subTest(provider):
                said, status, _ = self.typed(*(f"{x}\n".encode() for x in [
                    self.made.address, provider, *lines]), b"\4")
                self.assertEqual(status, 66)
                self.assertTrue(said.replace("\r", "").partition(
                    "consentdesk: no answer")[0].endswith(asked), said)
                self.assertLess(said.index("make it now"),
                                said.index("\nflow ["))
