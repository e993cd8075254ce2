"""Writing test mails, delivering them by LMTP, and reading mailboxes by IMAP.

A mail is delivered as our own mail server would have laid it in the mailbox:
with the Return-Path that Dovecot writes and an Authentication-Results header of
the identity that the configuration trusts.
"""

import contextlib
import email
import email.policy
import email.utils
import imaplib
import os
import secrets
import smtplib
import time

from .process import wait_until

HERE = os.path.dirname(os.path.abspath(__file__))
SAMPLES = os.path.join(os.path.dirname(HERE), "mails")
AUTHSERV = "mx.numeo.test"


def stamp(when=None):
    return email.utils.formatdate(when if when is not None else time.time(),
                                  localtime=False)


def authentic(address, verdict="pass", authserv=AUTHSERV):
    """The header that our mail server writes for a mail from this address."""
    domain = address.rpartition("@")[2]
    return (f"Authentication-Results: {authserv};\r\n"
            f"\tdmarc={verdict} (p=QUARANTINE sp=NONE dis=NONE)"
            f" header.from={domain};\r\n"
            f"\tdkim={verdict} header.i=@{domain} header.s=s1;\r\n"
            f"\tspf=pass smtp.mailfrom={address}\r\n")


def letter(sender, to, subject, body, *, name=None, verdict="pass",
           message_id=None, in_reply_to=None, references=None, headers="",
           when=None, kind='text/plain; charset="utf-8"'):
    """A whole mail as bytes. `verdict` None: no Authentication-Results."""
    address = sender
    shown = f"{name} <{sender}>" if name else sender
    head = authentic(address, verdict) if verdict else ""
    head += (f"Received: from mail.sender.test (mail.sender.test [192.0.2.7])"
             f" by {AUTHSERV} with ESMTPS; {stamp(when)}\r\n")
    head += f"From: {shown}\r\nTo: {to}\r\nSubject: {subject}\r\n"
    head += f"Date: {stamp(when)}\r\n"
    if message_id is None:
        message_id = email.utils.make_msgid(domain=address.rpartition("@")[2])
    if message_id:
        head += f"Message-ID: {message_id}\r\n"
    if in_reply_to:
        head += f"In-Reply-To: {in_reply_to}\r\n"
        head += f"References: {references or in_reply_to}\r\n"
    head += headers
    head += (f"MIME-Version: 1.0\r\nContent-Type: {kind}\r\n"
             "Content-Transfer-Encoding: 8bit\r\n\r\n")
    text = body.replace("\r\n", "\n").replace("\n", "\r\n")
    return head.encode() + text.encode()


def sample(name, **values):
    """One of our own mails in tests/mails, {placeholders} filled in."""
    with open(os.path.join(SAMPLES, name), encoding="utf-8",
              newline="") as f:
        text = f.read().replace("\r\n", "\n")
    values.setdefault("date", stamp())
    values.setdefault("unique", secrets.token_hex(6))
    values.setdefault("quoted", quoted_help())
    values.setdefault("authserv", AUTHSERV)
    for key, value in values.items():
        text = text.replace("{" + key + "}", value)
    return text.replace("\n", "\r\n").encode()


def quoted_help():
    """The help message as a mail program quotes it."""
    with open(os.path.join(SAMPLES, "help.txt"), encoding="utf-8") as f:
        return "\n".join(("> " + line).rstrip() for line in
                         f.read().splitlines())


def deliver(lmtp_port, user, mails, sender=None, domain="box.test"):
    """Mails (bytes, or a list of them) into the mailbox of `user`.

    The envelope's sender is that of the From header unless it is given."""
    if isinstance(mails, bytes):
        mails = [mails]
    with smtplib.LMTP("127.0.0.1", lmtp_port, timeout=60) as client:
        client.ehlo_or_helo_if_needed()
        for mail in mails:
            who = sender_of(mail) if sender is None else sender
            client.sendmail(who, [f"{user}@{domain}"], mail)


def sender_of(mail):
    head = email.message_from_bytes(mail.partition(b"\r\n\r\n")[0][:65536])
    given = head.get("Return-Path") or head.get("From") or ""
    address = email.utils.parseaddr(str(given))[1]
    return address if address.isascii() and " " not in address else ""


def parse(raw):
    return email.message_from_bytes(raw, policy=email.policy.default)


@contextlib.contextmanager
def mailbox(imap_port, user, password, folder="INBOX", readonly=True):
    client = imaplib.IMAP4("127.0.0.1", imap_port, timeout=20)
    try:
        client.login(user, password)
        client.select(folder, readonly=readonly)
        yield client
    finally:
        with contextlib.suppress(Exception):
            client.logout()


def read_all(imap_port, user, password, folder="INBOX", search="ALL",
             part=""):
    """[(flags, raw bytes)] of a folder, oldest first; reading sets no flag.
    part: "HEADER" for less than the whole mail."""
    with mailbox(imap_port, user, password, folder) as client:
        _, data = client.search(None, search)
        found = []
        numbers = data[0].split()
        for start in range(0, len(numbers), 100):
            some = b",".join(numbers[start:start + 100]).decode()
            _, rows = client.fetch(some, f"(FLAGS BODY.PEEK[{part}])")
            for row in rows:
                if isinstance(row, tuple):
                    found.append((row[0].decode("latin-1"), row[1]))
        return found


class Sink:
    """The `customers` mailbox: every answer that left for the outside."""

    def __init__(self, dovecot, user="customers"):
        self.dovecot, self.user = dovecot, user

    def answers(self, part="", **headers):
        """Parsed mails whose headers contain the given texts, e.g.
        answers(From="support-1@", X_Original_To="jane@acme.test")."""
        search = " ".join(
            f'HEADER {k.replace("_", "-")} "{v}"' for k, v in headers.items())
        rows = read_all(self.dovecot.imap, self.user, self.dovecot.password,
                        search=search or "ALL", part=part)
        return [parse(raw) for _, raw in rows]

    def await_answers(self, count, seconds=15, **headers):
        """At least `count` answers, as soon as they are there."""
        def probe():
            got = self.answers(**headers)
            return got if len(got) >= count else None
        return wait_until(f"{count} answers with {headers}", seconds, probe,
                          0.1)
