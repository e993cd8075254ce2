"""Mails to measure with, made of our own texts; the same ones each time."""

import glob
import html
import json
import os
import random

from servers.letters import letter, sample

from .common import TOP

RECEIVED = (
    "Received: from SA1PR13MB{0:04}.namprd13.prod.test (2001:db8::{0:x}) by\r\n"
    " BN8PR13MB{1:04}.namprd13.prod.test with HTTPS; Mon, 3 Feb 2025 14:0"
    "2:11 +0000\r\n")


def texts():
    """(text, subject) of conf/train."""
    found = []
    for path in sorted(glob.glob(os.path.join(TOP, "conf/train/*.jsonl"))):
        with open(path, encoding="utf-8") as f:
            for line in f:
                row = json.loads(line)
                if row.get("text"):
                    found.append((row["text"], row.get("subject") or "hello"))
    return found


def padded(head, size):
    """Headers as servers on the way add them, up to about `size` bytes."""
    extra, i = "", 0
    while len(head) + len(extra) + 120 < size:
        extra += RECEIVED.format(i % 9000 + 1000, (i * 7) % 9000 + 1000)
        i += 1
    return extra


def ordinary(count, size=3000, seed=1, to="support@numeo.test"):
    """Mails as a support mailbox gets them; every third with HTML beside."""
    source, dice = texts(), random.Random(seed)
    # No firm asks so often that the brake for one company holds it.
    firms = max(200, count // 300)
    for i in range(count):
        text, subject = source[dice.randrange(len(source))]
        who = f"person{i}@firm{i % firms}.m365.test"
        subject = " ".join(subject.split())[:80]
        kind, body = 'text/plain; charset="utf-8"', text
        if i % 3 == 0:
            kind = 'multipart/alternative; boundary="=_b"'
            page = "".join(f"<p>{html.escape(t)}</p>"
                           for t in text.splitlines())
            body = (f'--=_b\nContent-Type: text/plain; charset="utf-8"\n\n'
                    f"{text}\n--=_b\nContent-Type: text/html; "
                    f'charset="utf-8"\n\n<html><body>{page}</body></html>\n'
                    "--=_b--\n")
        head = padded(body.encode().decode("latin-1"), size - 700)
        yield letter(who, to, subject, body, headers=head,
                     kind=kind, name=f"Person {i}")


def askers(count, to, size=3000):
    """First contacts of as many people, each of which gets an answer: no firm
    asks so often that the brake for one company holds it."""
    firms = max(200, count // 300)
    for i in range(count):
        who = f"asker{i}@firm{i % firms}.m365.test"
        raw = sample("1-first-contact.eml", to=to, unique=f"{i:08x}")
        raw = raw.replace(b"marcus@redhillcarriers.test", who.encode())
        raw = raw.replace(b"redhillcarriers.test",
                          who.partition("@")[2].encode())
        # Below what our own server added, as servers on the way do.
        extra = padded(raw.decode("latin-1"), size).encode()
        yield raw.replace(b"\r\nFrom: ", b"\r\n" + extra + b"From: ", 1)


def plain(size):
    lines = "I cannot connect my Outlook, it says need admin approval.\n"
    return letter("a@b.test", "c@numeo.test", "help",
                  lines * (size // len(lines) + 1))[:size]


def web(size):
    rows = ('<div class="MsoNormal"><p style="margin:0">I cannot connect, it '
            "says <b>need admin approval</b>&nbsp;&amp; I am stuck.</p></div>")
    return letter("a@b.test", "c@numeo.test", "help",
                  "<html><body>" + rows * (size // len(rows) + 1),
                  kind='text/html; charset="utf-8"')[:size]


def quoted(size):
    line = "> An admin of your company must approve Numeo Spot once.\n"
    return letter("a@b.test", "c@numeo.test", "Re: help",
                  "yes please\n\nOn Mon, Support wrote:\n" +
                  line * (size // len(line) + 1))[:size]


def long_lines(size):
    word = "need admin approval for outlook and "
    return letter("a@b.test", "c@numeo.test", "help",
                  (word * 1500 + "\n") * (size // (36 * 1500) + 1))[:size]


KINDS = {"plain": plain, "HTML": web, "quoted": quoted,
         "long lines": long_lines}


def one(body, kind='text/plain; charset="utf-8"', headers=""):
    return letter("a@b.test", "c@numeo.test", "need admin approval", body,
                  kind=kind, headers=headers)


def nested(depth):
    parts = "".join(f'--b{i}\nContent-Type: multipart/mixed; '
                    f'boundary="b{i + 1}"\n\n' for i in range(depth))
    return one(parts + "hello", 'multipart/mixed; boundary="b0"')


def hostile():
    """{name: mail}, each up to 1 MiB."""
    most = 1000 * 1000
    rules = []
    for path in sorted(glob.glob(os.path.join(TOP, "conf/rules/words-*"))):
        with open(path, encoding="utf-8") as f:
            text = f.read()
            for sign in "|()?*+[]\\=~{}.":
                text = text.replace(sign, " ")
            rules += text.split()
    dice = random.Random(2)
    bag = " ".join(dice.choice(rules) for _ in range(150000))[:most]
    return {
        "one letter": one("a" * most),
        "words of all rules": one(bag),
        "gaps of rules": one("need to approve the not can't i'm in " * 27000),
        "no end of sentence": one("please can you not connect my " * 33000),
        "blank lines": one("\n" * most),
        "quote marks": one(("> " * 400 + "\n") * 1250),
        "attributions": one("On Mon, Jan 6, 2025 at 1:02 PM wrote:\n" * 26000),
        "no attributions": one(
            (("am x 2025 " + "abcdefg " * 17)[:140] + ":\n") * 7000),
        "at signs": one("@" * most),
        "signatures": one("--\nBob\nSent from my iPhone\n" * 35000),
        "signatures between quotes": one(
            ("--\nA bcdefgh ijklmnop qrstuvw xyz bcd efg hij\n" * 40 +
             "> q\n") * 550),
        "greetings": one("hi,\n" * 9000 + "\nsend it\n" + (
            "\nThis message and its attachments are confidential and "
            "intended for the addressee only.\n") * 4000),
        "paragraphs between quotes": one("".join(
            "Send it\n\n" + " ".join(f"w{n % 97}{i}x{n}" for n in range(190)) +
            "\n\n> q\n" for i in range(600))),
        "multiparts": nested(5000),
        "many parts": one("--b\n\nx\n" * 140000,
                          'multipart/mixed; boundary="b"'),
        "HTML nesting": one("<div><span><b>" * 70000, "text/html"),
        "HTML tables": one("<table><tr><td>x" * 60000, "text/html"),
        "HTML attributes": one("<p " + 'a="b" ' * 160000 + ">", "text/html"),
        "HTML names": one("<p " + " ".join(
            f"a{i:x}" for i in range(140000)) + ">x", "text/html"),
        "HTML blanks": one("<p>x" + "\u00a0" * (most // 4) +
                           "<b class=gmail_attr></b>" * (most // 50),
                           'text/html; charset="utf-8"'),
        "HTML links": one(('<p><a href="http://' + "a" * 1990 + 'b">' +
                           "a" * 3990 + "</a></p>") * 164, "text/html"),
        "HTML parts": one(("--b\nContent-Type: text/html\n\n" +
                           "<ul>" * 240 + "<li>" * 3900 + "\n") * 60,
                          'multipart/mixed; boundary="b"'),
        "HTML banners": one(("<p>" + "<b bgcolor=x>" * 200 +
                             "outside sendez " * 50 + "</b>" * 200 +
                             "</p>") * 240, "text/html"),
        "HTML Gmail": one("<div class=gmail_quote>" * 240 + (
            "<b class=gmail_attr>" + "word " * 16 + ":</b><br>") * 4000,
                          "text/html"),
        "two forms": one(
            f"--b\n\n{bag[:most // 3]}\n--b\nContent-Type: text/html\n\n"
            f"<p>{bag[:most // 3]}\n--b--\n",
            'multipart/alternative; boundary="b"').replace(
                b"c@numeo.test", b"support@numeo.test"),
        "HTML styles": one("<p style='" + "clip:rect(0);" * 70000 + "'>x",
                           "text/html"),
        "HTML sheets": one(
            "<style>" + "".join(f".x{i}{{color:red}}" for i in range(250)) +
            "</style>" + "<b class='a b c d e f g'>x</b>" * 12000 +
            "<style>" + ".a{left:0}/*{*/" * 33000, "text/html"),
        "HTML one class": one(
            "<style>" + "".join(f".x{i}{{left:-9999px}}" for i in range(256)) +
            f"</style><p class='{'x' * 900000}'>x", "text/html"),
        "HTML at-rules": one("<style>" + "@layer{" * 70000 + "}" * 70000,
                             "text/html"),
        "HTML colors": one("<p style='color:#fff;background:rgb(0,0,0)'>x" *
                           20000, "text/html"),
        "HTML open comment": one("<!-- " * 200000, "text/html"),
        "entities": one("&amp;&#x41;&nbsp;&lt;" * 50000, "text/html"),
        "bad UTF-8": one("x", 'text/plain; charset="utf-8"') +
        b"\xff\xfe\xc3" * (most // 3),
        "UTF-7": one("+AGE-" * 200000, 'text/plain; charset="utf-7"'),
        "ISO-2022-JP": one("\x1b$B0!\x1b(B" * 110000,
                           'text/plain; charset="iso-2022-jp"'),
        "encoded words": one("x", headers="X-A: y\r\nSubject: " + "\r\n ".join(
            ["=?utf-8?q?need_=61dmin?="] * 2500) + "\r\n"),
        "addresses": one("x", headers="To: " + ",\r\n ".join(
            f'"a{i}" <a{i}@b.test>' for i in range(30000)) + "\r\n"),
        "beginnings of words": one("x", headers="".join(
            f'To: {"=?x" * 10300} <u{i}@b.test>\r\n' for i in range(31))),
        "charsets": one("x", headers="X-A: y\r\nSubject: " + "\r\n ".join(
            f"=?x-{i}?q?a?= =?iso-8859-{i % 15 + 2}?q?a?=\r\n =?cp{i % 9 + 1250}"
            "?q?a?=" for i in range(1000)) + "\r\n"),
        "parameters": one("".join(
            f'--b\nContent-Type: x/y; name filename charset{quoted}\n\nx\n'
            for quoted in ['; a=""' * 10000] * 16),
            'multipart/mixed; boundary="b"'),
        "references": one("x", headers="References: " + "\r\n ".join(
            f"<{i}@b.test>" for i in range(50000)) + "\r\n"),
        "header fields": one("x", headers="".join(
            f"X-{i}: y\r\n" for i in range(70000))),
        "results": one("x", headers="Authentication-Results: mx.numeo.test" +
                       ";\r\n dkim=pass (c(c)c) header.d=b.test" * 1500 +
                       "\r\n"),
        "domains": one("www.firm.example a.b.c.d.e.co.uk " * 30000),
        "base64": one("QUFB" * 240000).replace(b"8bit", b"base64"),
        "quoted-printable": one("=61=\n" * 190000).replace(
            b"8bit", b"quoted-printable"),
        "accents": one("\u00e9\u0301\u200b\u00df" * 120000),
        "Chinese": one("\u9700\u8981\u7ba1\u7406\u5458\u6279\u51c6" * 47000),
    }


__all__ = ["ordinary", "askers", "hostile", "KINDS"]
