"""The same main job with other mail servers: a mail comes, it is answered once,
nothing in the mailbox changes, and who answers by hand is left alone."""

import unittest

from faults.ledger import Ledger
from servers import letters, peers
from servers.process import free_port

from . import base

MAILS = ("question", "invoice", "question", "machine", "forged")


class Interop(base.Case):
    def peer(self, kind):
        try:
            server = kind(self.world, self.world.inside(
                f"peer-{kind.package}-{free_port()}"))
        except peers.Missing as e:
            self.skipTest(str(e))
        self.addCleanup(server.stop)
        return server

    def main_job(self, desk, ledger):
        desk.start()
        ledger.deliver(*MAILS)
        ledger.settle(60)
        ledger.deliver("question")
        ledger.settle(60)
        for word in desk.log_text().split():
            if word.startswith("idle="):
                return word
        return None

    def imap(self, kind):
        server = self.peer(kind).start()
        desk = self.desk({"mailbox.port": server.imap,
                          "mailbox.user": server.user,
                          "mailbox.sent_folder": server.sent, **({} if server.tls else
                                          {"mailbox.tls": "none",
                                           "mailbox.host": "127.0.0.1"})},
                         start=False)
        desk.user, sent = server.user, desk.user
        self.addCleanup(setattr, desk, "user", sent)
        ledger = Ledger(self.world, desk, dovecot=server)
        idle = self.main_job(desk, ledger)
        # Somebody answers from an ordinary client: the thread is theirs.
        raw = ledger.write()
        mail = letters.parse(raw)
        server.deliver(desk.user, raw)
        ledger.settle(60)
        ours = letters.letter(desk.address, mail["From"], "Re: Outlook",
                              "I will call you.\n", verdict=None,
                              in_reply_to=mail["Message-ID"])
        with ledger.mailbox() as box:
            self.assertEqual(box.append(server.sent, None, None, ours)[0], "OK")
        sender = mail["From"].addresses[0].addr_spec
        server.deliver(desk.user, letters.letter(
            sender, desk.address, "Re: Outlook", "Send me the link please.\n",
            in_reply_to=letters.parse(ours)["Message-ID"]))
        desk.await_cases(1, **{"from": sender, "state": "review"})
        ledger.settle(30)
        print(f"    {kind.__name__}: {idle}")

    def smtp(self, kind):
        server = self.peer(kind).start()
        desk = self.desk({"smtp.port": server.submission, **({} if server.login
                          else {"smtp.tls": "none", "smtp.host": "127.0.0.1",
                                "smtp.auth": "none", "smtp.user": None,
                                "smtp.password_file": None,
                                "smtp.ca_file": None})}, start=False)
        self.main_job(desk, Ledger(self.world, desk))
        self.assertTrue(server.next.accepted)

    def test_cyrus(self):
        self.imap(peers.Cyrus)

    def test_courier(self):
        self.imap(peers.Courier)

    def test_exim(self):
        self.smtp(peers.Exim)

    def test_opensmtpd(self):
        self.smtp(peers.OpenSmtpd)

    def test_dovecot_and_postfix(self):
        desk = self.desk(start=False)
        self.main_job(desk, Ledger(self.world, desk))


if __name__ == "__main__":
    unittest.main()
