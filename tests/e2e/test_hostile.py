"""Bad mails: each is worked off, none crashes anything, the next one goes on."""

import json
import os
import time
import unittest

from servers import letters

from . import base
from .test_answers import FIRST_CONTACT


def nested(depth):
    """Multipart in multipart in multipart ..."""
    head, body = "", ""
    for i in range(depth):
        body += (f"Content-Type: multipart/mixed; boundary=\"b{i}\"\r\n\r\n"
                 f"--b{i}\r\n")
    return head + body + "Content-Type: text/plain\r\n\r\nhello\r\n"


def mails(to):
    """(name, bytes); each from a domain of the sender's own."""
    auth = letters.authentic("x@bad.m365.test")
    head = (f"From: x@bad.m365.test\r\nTo: {to}\r\nSubject: need admin approval"
            "\r\nMessage-ID: <%s@bad.m365.test>\r\nMIME-Version: 1.0\r\n")

    def whole(name, rest):
        return (auth + head % name).encode() + rest
    yield "empty", b""
    yield "only a line end", b"\r\n"
    yield "no header", b"\r\nI need admin approval for Numeo\r\n"
    yield "no From", (f"To: {to}\r\nSubject: need admin approval\r\n\r\n"
                      "I need the link\r\n").encode()
    yield "no Message-ID", letters.letter(
        "noid@noid.m365.test", to, "Outlook", FIRST_CONTACT, message_id="")
    yield "empty From", (f"From: \r\nTo: {to}\r\n\r\nlink please\r\n").encode()
    yield "two From", (auth + f"From: a@a.test\r\nFrom: b@b.test\r\nTo: {to}"
                       "\r\n\r\nlink please\r\n").encode()
    yield "NUL bytes", whole("nul", b"\r\nneed\0 admin\0 approval\0\r\n" * 50)
    yield "NUL in header", (auth + f"From: x@bad.m365.test\r\nTo: {to}\r\n"
                            "Subject: a\0b\r\n\r\nhello\r\n").encode()
    yield "broken multipart", whole(
        "mp", b"Content-Type: multipart/mixed\r\n\r\n--x\r\n\r\nhi\r\n")
    yield "unended multipart", whole(
        "mp2", b"Content-Type: multipart/alternative; boundary=x\r\n\r\n"
        b"--x\r\nContent-Type: text/plain\r\n\r\nneed admin approval\r\n")
    yield "broken base64", whole(
        "b64", b"Content-Transfer-Encoding: base64\r\n\r\n=====%%%%\xff\xff\r\n")
    yield "broken quoted-printable", whole(
        "qp", b"Content-Transfer-Encoding: quoted-printable\r\n\r\n=ZZ=\r\n=")
    yield "unknown charset", whole(
        "cs", b"Content-Type: text/plain; charset=\"x-klingon\"\r\n\r\n"
        b"need admin approval \xe9\xff\r\n")
    yield "not UTF-8", whole(
        "u8", b"Content-Type: text/plain; charset=utf-8\r\n\r\n"
        b"need \xc3\x28 admin \xf0\x9f approval \xff\xfe\r\n")
    yield "broken encoded words", (
        auth + f"From: =?utf-8?B?////?= <x@bad.m365.test>\r\nTo: {to}\r\n"
        "Subject: =?utf-8?Q?=ff=?= =?x?y?z?= =?utf-8?B?\r\n\r\nx\r\n").encode()
    yield "10,000 nested parts", whole("nest", nested(10000).encode())
    yield "10,000 flat parts", whole(
        "flat", b"Content-Type: multipart/mixed; boundary=x\r\n\r\n" +
        b"--x\r\n\r\nneed admin approval\r\n" * 10000 + b"--x--\r\n")
    yield "nested messages", whole(
        "rfc822", b"Content-Type: message/rfc822\r\n\r\n" * 500 + b"hi\r\n")
    yield "10,000 header fields", whole(
        "heads", b"X-A: b\r\n" * 10000 + b"\r\nlink please\r\n")
    yield "a header of 500 kB", whole(
        "long", b"X-Long: " + b"a" * 500000 + b"\r\n\r\nlink please\r\n")
    yield "50,000 recipients", whole(
        "many", b"Cc: " + b",\r\n ".join(b"a%d@b.test" % i for i in
                                       range(50000)) + b"\r\n\r\nhi\r\n")
    yield "20,000 references", whole(
        "refs", b"References:" + b"".join(b"\r\n <%d@x.test>" % i for i in
                                         range(20000)) + b"\r\n\r\nhi\r\n")
    yield "deep HTML", whole(
        "html", b"Content-Type: text/html\r\n\r\n" + b"<div>" * 100000 +
        b"need admin approval" + b"\r\n")
    yield "deep quotes", whole(
        "quote", b"\r\n" + b"".join(b">" * (i % 900) + b" need admin approval"
                                   b"\r\n" for i in range(5000)))
    yield "one line of 2 MB", whole("line", b"\r\n" + b"need admin approval " *
                                    100000 + b"\r\n")
    yield "backtracking bait", whole(
        "bait", b"\r\n" + b"need admin " * 5000 + b"a" * 50000 + b"!\r\n")
    yield "30 MB", whole(
        "big", b"Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n\r\n"
        b"hello\r\n--x\r\nContent-Type: application/octet-stream\r\n"
        b"Content-Transfer-Encoding: base64\r\n\r\n" +
        (b"QUFB" * 18 + b"\r\n") * 400000 + b"--x--\r\n")


class Hostile(base.Case):
    preset = "asan"     # every wrong byte read is a failure here

    def test_bad_mails_are_worked_off(self):
        desk = self.desk()
        roles = set(desk.daemon.members())
        slowest = (0, "")
        for i, (name, raw) in enumerate(mails(desk.address)):
            if os.environ.get("CD_QUICK") and len(raw) > 5_000_000:
                continue
            with self.subTest(name):
                begin = time.monotonic()
                self.world.mail(desk, raw)
                who = f"after{i}@" + self.domain()
                self.send(desk, who, "Outlook", FIRST_CONTACT)
                self.answer(desk, who, seconds=40)
                slowest = max(slowest, (time.monotonic() - begin, name))
                self.assertEqual(set(desk.daemon.members()), roles,
                                 "a role was restarted")
        print(f"    slowest: {slowest[1]}, {slowest[0]:.1f} s with delivery")
        self.assertEqual(desk.cli("status").returncode, 0)
        # All that was sent went to one who asked.
        for answer in self.all_answers(desk):
            self.assertRegex(answer["X-Original-To"],
                             r"^(after\d+|noid|x)@[\w.-]+\.test$")

    def test_explain_reads_them_too(self):
        desk = self.desk(start=False)
        files = []
        for i, (_, raw) in enumerate(mails(desk.address)):
            files.append(desk.path(f"{i}.eml"))
            with open(files[-1], "wb") as f:
                f.write(raw)
        run = desk.cli("explain", "--json", *files, timeout=120)
        self.assertEqual(run.returncode, 0, run.stderr[-2000:])
        rows = [json.loads(x) for x in run.stdout.splitlines()]
        self.assertEqual([r["file"] for r in rows], files)

    def test_many_at_once(self):
        desk = self.desk({"mailbox.start": "all"}, start=False)
        people = [f"jo@b{i}-{self.domain()}" for i in range(60)]
        letters.deliver(self.world.dovecot.lmtp, desk.user, [
            letters.letter(w, desk.address, "Outlook", FIRST_CONTACT)
            for w in people])
        desk.start()
        answers = base.wait_until("60 answers", 60, lambda: (
            lambda a: a if len(a) >= 60 else None)(self.all_answers(desk)))
        self.assertEqual(sorted(a["X-Original-To"] for a in answers),
                         sorted(people))


if __name__ == "__main__":
    unittest.main()
