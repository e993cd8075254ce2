"""The ledger: what was delivered against what is known of it.

Every mail that was delivered must have one row with a reason; a question must
have been answered once, or stand before a person; nothing is answered twice,
and nothing left that nobody asked for. What is not settled yet is `open`, and
may be waited for; what is `wrong` never mends itself.
"""

import collections
import re
import sqlite3
import time

from servers import letters
from servers.process import Failed, wait_until

QUESTION = """Hi,

when I click Connect Outlook in Numeo, Microsoft says "Need admin approval.
Numeo Spot needs permission to access resources in your organization that only
an admin can grant." What do I have to do?

Thanks
"""
INVOICE = """Hello,

please find attached our invoice 4711 for the tyres delivered last week, due
within 30 days. Bank details are unchanged.

Regards, accounting
"""
# What is written, and what must have been decided.
KINDS = {
    "question": dict(body=QUESTION, subject="Outlook"),
    "invoice": dict(body=INVOICE, subject="Invoice 4711"),
    "machine": dict(body=QUESTION, subject="Automatic reply: Outlook",
                    headers="Auto-Submitted: auto-replied\r\n"),
    "forged": dict(body=QUESTION, subject="Outlook", verdict="fail"),
}
DECIDED = {"invoice": ("leave",), "machine": ("ignore",),
           "forged": ("review",)}

Mail = collections.namedtuple("Mail", "id sender kind")

MAILS = """
SELECT m.id, m.uid, m.action, m.reason, c.state, c.reason, c.taken
FROM mails m LEFT JOIN cases c ON c.id = m.case_id
WHERE m.identity = ?"""
UNREADABLE = """
SELECT m.id, m.uid, m.action, m.reason, c.state, c.reason, c.taken
FROM mails m LEFT JOIN cases c ON c.id = m.case_id
WHERE m.uid = ? AND m.reason = 'unreadable'"""
ANSWERS = "SELECT state FROM outbox WHERE mail_id = ? AND automatic = 1"


class State:
    """What the ledger says at one moment."""

    def __init__(self):
        self.open, self.wrong = [], []
        self.count = collections.Counter()

    def __str__(self):
        shown = [f"wrong: {x}" for x in self.wrong[:20]]
        shown += [f"open: {x}" for x in self.open[:20]]
        return "\n".join(shown) or "settled"

    def text(self):
        c = self.count
        return (f"{c['delivered']} delivered: {c['answered']} answered once, "
                f"{c['person']} before a person ({c['doubtful']} doubtful, "
                f"{c['unreadable']} unreadable), {c['left']} left, "
                f"{c['ignored']} ignored")


class Ledger:
    def __init__(self, world, desk, name="c", dovecot=None):
        self.world, self.desk = world, desk
        self.dovecot = dovecot or world.dovecot     # where its mailbox is
        self.mails = {}
        self.name = name
        self.taken_away = set()     # ids that people removed from the mailbox
        self.flagged = {}           # id: flags that people set
        self.moved = False          # answered mails leave the mailbox

    # ---- what is delivered ---------------------------------------------------

    def write(self, kind="question"):
        """A letter of that kind, entered; the caller delivers it."""
        n = len(self.mails)
        sender = f"p{n}@{self.name}{n}-{self.desk.user}.m365.test"
        raw = letters.letter(sender, self.desk.address, **KINDS[kind])
        self.enter(raw, sender, kind)
        return raw

    def enter(self, raw, sender, kind):
        head = raw.partition(b"\r\n\r\n")[0].decode("utf-8", "replace")
        mid = re.search(r"(?im)^message-id:\s*<([^>]+)>", head).group(1)
        self.mails[mid] = Mail(mid, sender, kind)
        return mid

    def deliver(self, *kinds):
        raws = [self.write(kind) for kind in kinds or ("question",)]
        self.dovecot.deliver(self.desk.user, raws)

    def mailbox(self, readonly=True):
        """The mailbox as another client has it."""
        return letters.mailbox(self.dovecot.imap, self.desk.user,
                               self.dovecot.password, readonly=readonly)

    # ---- what came of it -----------------------------------------------------

    def look(self):
        state = State()
        sent = collections.Counter()
        # The database is read before the sink: a row that is `sent` by then
        # has its mail there, or the server still carries it.
        rows = self._rows()
        for answer in self.world.sink.answers(
                "HEADER", From=self.desk.address):
            sent[str(answer["In-Reply-To"]).strip("<> ")] += 1
        for mail in self.mails.values():
            state.count["delivered"] += 1
            self._one(state, mail, rows[mail.id], sent.pop(mail.id, 0))
        for mid, n in sent.items():
            state.wrong.append(f"{n} answers to {mid}, which nobody sent")
        self._mailbox(state)
        return state

    def _rows(self):
        uids = {}
        db = sqlite3.connect(f"file:{self.desk.database}?mode=ro", uri=True,
                             timeout=10)
        try:
            rows = {}
            for mid in self.mails:
                found = [r for r in db.execute(MAILS, (mid,))
                         if r[3] != "duplicate"]
                if not found:
                    uids = uids or self._uids()
                    found = list(db.execute(UNREADABLE, (uids.get(mid),)))
                answers = [s for r in found
                           for (s,) in db.execute(ANSWERS, (r[0],))]
                rows[mid] = found, answers
            return rows
        finally:
            db.close()

    def _uids(self):
        with self.mailbox() as box:
            _, data = box.uid("search", None, "ALL")
            if not data[0]:
                return {}
            _, data = box.uid("fetch", data[0].replace(b" ", b",").decode(),
                              "(BODY.PEEK[HEADER.FIELDS (MESSAGE-ID)])")
        found = {}
        for row in data:
            if isinstance(row, tuple):
                uid = re.search(rb"UID (\d+)", row[0])
                mid = re.search(rb"<([^>]+)>", row[1])
                if uid and mid:
                    found[mid.group(1).decode()] = int(uid.group(1))
        return found

    def _one(self, state, mail, rows, n_sent):
        found, answers = rows
        if n_sent > 1:
            state.wrong.append(f"{mail}: answered {n_sent} times")
        if not found:
            if mail.id not in self.taken_away:
                state.open.append(f"{mail}: nothing is known of it")
            elif n_sent:
                state.wrong.append(f"{mail}: answered, and no row")
            else:
                state.count["taken away"] += 1
            return
        if len(found) > 1:
            state.wrong.append(f"{mail}: {len(found)} rows {found}")
        _, _, action, reason, case, why, taken = found[0]
        if not reason:
            state.wrong.append(f"{mail}: no reason for {action}")
        if reason == "unreadable":
            state.count["unreadable"] += 1
        if len(answers) > 1:
            state.wrong.append(f"{mail}: {len(answers)} answers queued")
        if mail.kind in DECIDED and action not in DECIDED[mail.kind] and \
                reason != "unreadable":
            state.wrong.append(f"{mail}: {action} ({reason})")
        if not answers:
            self._silent(state, mail, action, reason, case, n_sent)
        else:
            self._answered(state, mail, answers[0], case, why, taken, n_sent)

    @staticmethod
    def _silent(state, mail, action, reason, case, n_sent):
        if n_sent:
            state.wrong.append(f"{mail}: {action} ({reason}), and answered")
        if action == "review":
            state.count["person"] += 1
            if case != "review":
                state.wrong.append(f"{mail}: review, and its case is {case}")
        elif action == "leave":
            state.count["left"] += 1
        elif action == "ignore":
            state.count["ignored"] += 1
        else:
            state.wrong.append(f"{mail}: {action} ({reason}) without answer")

    @staticmethod
    def _answered(state, mail, answer, case, why, taken, n_sent):
        if answer == "sent":
            if n_sent == 1:
                state.count["answered"] += 1
            elif n_sent == 0:
                state.open.append(f"{mail}: sent, and not come")
        elif answer in ("queued", "claimed", "committing"):
            state.open.append(f"{mail}: {answer}")
        else:
            # failed, doubtful, cancelled: a person knows.
            state.count["person"] += 1
            state.count[answer] += 1
            if case != "review" and not taken:
                state.wrong.append(f"{mail}: {answer}, and its case is {case}"
                                   f" ({why})")
            if answer != "doubtful" and n_sent:
                state.wrong.append(f"{mail}: {answer}, and it came")

    def _mailbox(self, state):
        """The mailbox is as people left it."""
        seen = {}
        for flags, raw in letters.read_all(
                self.dovecot.imap, self.desk.user, self.dovecot.password,
                part="HEADER"):
            mid = re.search(rb"(?im)^message-id:\s*<([^>]+)>", raw)
            flags = set(re.findall(r"\\(\w+)", flags)) - {"Recent"}
            if mid:
                seen[mid.group(1).decode()] = flags
        for mid in self.mails:
            if mid not in seen:
                if mid not in self.taken_away and not self.moved:
                    state.wrong.append(f"{mid} has left the mailbox")
            elif seen[mid] != self.flagged.get(mid, set()):
                state.wrong.append(f"{mid} has flags {seen[mid]}")

    # ---- waiting -------------------------------------------------------------

    def settle(self, seconds, answered=None, doubtful=0, quiet=1.0):
        """Wait until nothing is open, and a moment more; then nothing may be
        wrong. answered: so many questions at least; doubtful: so many answers
        at most may have an unknown fate."""
        last = []

        def probe():
            try:
                state = self.look()
            except (OSError, sqlite3.Error, Failed) as e:
                last[:] = [str(e)]
                return None
            last[:] = [str(state)]
            return state if state.wrong or not state.open else None
        try:
            state = wait_until("the ledger to settle", seconds, probe, 0.4)
            if not state.wrong and quiet:
                time.sleep(quiet)
                state = self.look()
        except Failed as e:
            raise AssertionError(f"{e}\n{last[0]}\n{self.tail()}") from None
        if state.wrong or state.open:
            raise AssertionError(f"{state}\n{self.tail()}")
        questions = sum(m.kind == "question" for m in self.mails.values())
        if answered is None:
            answered = questions - doubtful - len(self.taken_away)
        if state.count["answered"] < answered or \
                state.count["doubtful"] > doubtful:
            raise AssertionError(
                f"{state.text()}; wanted {answered} answered of {questions} "
                f"and {doubtful} doubtful at most\n{self.tail()}")
        return state

    def tail(self):
        return self.desk.log_text()[-3500:]
