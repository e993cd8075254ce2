"""Whole conversations, played against a daemon and real servers.

A file has one conversation a line, as JSON:

    {"talk": NAME, "lang": LL, "note": what it is about, "steps": [STEP, ...]}

A step is a mail or what an administrator does at Microsoft:

    {"from": "Jane Doe <jane@acme-m365.com>", "answers": WHAT, "subject": TEXT,
     "text": what is newly written, "quote": true, "action": ACTION,
     "domain": whose tenant a link must be for, "also": [ACTION, ...]}
    {"event": "consent", "domain": DOMAIN, "told": [ADDRESS, ...]}
    {"event": "decline", "domain": DOMAIN}

WHAT is "help" (Numeo's help message), "last" (the newest answer to this person),
the number of a step (our answer to it, else that mail itself) or null. Domains
that end in -m365.com have a tenant. `also` names actions that would do as well.

All conversations go at once, each step when the ones before it are answered.
"""

import contextlib
import email.utils
import json
import re
import urllib.parse

from servers import letters
from servers.microsoft import click, tenant_of
from servers.process import Failed, wait_until

SENDS = {"approved_note", "personal_note", "link", "ask_domain", "safety",
         "steps"}
LINK = re.compile(r"https://[^\s<>\"]+/v2\.0/adminconsent\?[^\s<>\"]+")
STORED = re.compile(r"mail\.stored uid=(\d+) action=(\w+) reason=(\w+) "
                    r"case=(\d+)(?: intent=(\w+) confidence=([\d.]+))?")
STEPS_MOST = 12
SECONDS = 180           # for one round of all conversations


def read_talks(paths):
    talks = []
    for path in paths:
        with open(path, encoding="utf-8") as f:
            talks += [json.loads(line) for line in f if line.strip()]
    return talks


def plain(mail):
    return mail.get_body(("plain",)).get_content()


class Miss:
    """One step that did not go as it should; where one before it in its talk went
    otherwise, perhaps only what came of that."""

    def __init__(self, talk, number, step, got, why, after):
        self.talk, self.number, self.step = talk, number, step
        self.got, self.why, self.after = got, why, after

    def wrong_answer(self):
        due = self.step.get("action")
        return due is not None and (self.got.startswith("link for") or
                                    due not in SENDS and self.got in SENDS)

    def __str__(self):
        mark = "wrong" if self.wrong_answer() else "after" if self.after else ""
        due = self.step.get("action") or self.step["event"]
        text = " / ".join(self.step.get("text", "").split("\n"))[:150]
        return (f"{mark:5} {self.talk['talk']} step {self.number}: {due} -> "
                f"{self.got} ({self.why}) | {text}")


class Player:
    """Plays talks in one desk's mailbox."""

    def __init__(self, world, desk):
        self.world, self.desk = world, desk
        self.steps = self.right = 0
        self.misses = []

    def play(self, talks):
        states = [{"talk": t, "mails": {}, "answers": {}, "last": {},
                   "otherwise": False} for t in talks]
        for k in range(min(STEPS_MOST, max(len(t["steps"]) for t in talks))):
            due = [s for s in states if k < len(s["talk"]["steps"])]
            self.round([(s, k, s["talk"]["steps"][k]) for s in due])
        return self

    def round(self, steps):
        mails = [x for x in steps if "event" not in x[2]]
        for state, k, step in mails:
            raw = self.letter(state, step)
            state["mails"][k] = letters.parse(raw)
            self.world.mail(self.desk, raw)
        if mails:
            at = self.uids()
            self.await_read({at[s["mails"][k]["Message-ID"]]: (s, k, step)
                             for s, k, step in mails})
        before = len(self.told(part="HEADER"))
        done = [(state, k, step) for state, k, step in steps
                if "event" in step and self.event(state, k, step)]
        if done:
            self.await_told(done, before)

    # ---- mails -----------------------------------------------------------------

    def uids(self):
        """Message-ID -> UID of all mails there are. (Not the order in which they
        were delivered: a busy Dovecot gives UIDs when it comes to it.)"""
        dovecot = self.world.dovecot
        with letters.mailbox(dovecot.imap, self.desk.user,
                             dovecot.password) as client:
            _, rows = client.uid("FETCH", "1:*", "(BODY.PEEK["
                                 "HEADER.FIELDS (MESSAGE-ID)])")
        return {letters.parse(row[1])["Message-ID"]:
                int(re.search(rb"UID (\d+)", row[0])[1])
                for row in rows if isinstance(row, tuple)}

    def letter(self, state, step):
        name, address = email.utils.parseaddr(step["from"])
        what, body = step["answers"], step["text"] + "\n"
        subject, reply_to, references = step.get("subject"), None, None
        answered = None
        if what == "last":
            answered = state["last"].get(address)
        elif isinstance(what, int):
            answered = state["answers"].get(what - 1,
                                            state["mails"].get(what - 1))
        if what == "help":
            reply_to = email.utils.make_msgid("help-4c83", "numeo.test")
            reply_to = "<help-" + reply_to[1:]
            subject = subject or \
                'Re: "Need admin approval" when connecting Outlook'
            quoted = letters.quoted_help()
        elif answered is not None:
            reply_to = answered["Message-ID"]
            references = " ".join([answered["References"] or "", reply_to])
            if not subject:
                subject = answered["Subject"]
                if not subject.lower().startswith("re:"):
                    subject = "Re: " + subject
            quoted = "\n".join(("> " + line).rstrip() for line in
                               plain(answered).splitlines())
        if reply_to and step.get("quote", True):
            body += ("\nOn Mon, Nov 16, 2026 at 2:37 PM Numeo Support "
                     f"<{self.desk.address}> wrote:\n\n{quoted}\n")
        return letters.letter(
            address, self.desk.address, subject or "Outlook", body, name=name,
            in_reply_to=reply_to, references=references)

    def stored(self):
        return {int(m[1]): m for m in STORED.finditer(self.desk.log_text())}

    def await_read(self, uids):
        found = wait_until(
            "the mails of a round to be read", SECONDS, lambda:
            (lambda s: s if uids.keys() <= s.keys() else None)(self.stored()),
            0.2)
        sent = {state["mails"][k]["Message-ID"]: (state, k)
                for uid, (state, k, _) in uids.items()
                if found[uid][2] in SENDS}
        answers = self.await_answers(sent)
        for uid, (state, k, step) in uids.items():
            self.judge(state, k, step, found[uid],
                       answers.get(state["mails"][k]["Message-ID"]))

    def await_answers(self, sent):
        def probe():
            ids = {a["In-Reply-To"] for a in self.told(part="HEADER")}
            return sent.keys() <= ids
        if not sent:
            return {}
        wait_until("the answers of a round", SECONDS, probe, 0.5)
        return {a["In-Reply-To"]: a for a in self.told()
                if a["In-Reply-To"] in sent}

    def judge(self, state, k, step, row, answer):
        action, reason = row[2], row[3]
        self.steps += 1
        allowed = [step["action"], *step.get("also", [])]
        why = f"{row[5]} {row[6]}, {reason}"
        if answer is not None:
            state["answers"][k] = answer
            state["last"][email.utils.parseaddr(step["from"])[1]] = answer
        if action not in allowed:
            self.miss(state, k, step, action, why)
        elif action == "link" and step.get("domain") and \
                self.tenant_in(answer) != self.tenant_for(step["domain"]):
            self.miss(state, k, step, "link for " + self.tenant_in(answer), why)
        else:
            self.right += 1
            state["otherwise"] |= action != step["action"]

    def miss(self, state, k, step, got, why):
        self.misses.append(Miss(state["talk"], k + 1, step, got, why,
                                state["otherwise"]))
        state["otherwise"] = True

    def wrong(self, after=False):
        return [m for m in self.misses
                if m.wrong_answer() and m.after == after]

    def share(self):
        return self.right / self.steps

    @staticmethod
    def tenant_in(answer):
        link = LINK.search(plain(answer))
        return urllib.parse.urlsplit(link[0]).path.split("/")[1]

    @staticmethod
    def tenant_for(domain):
        return tenant_of(domain) or "organizations"

    # ---- what an administrator does --------------------------------------------

    def event(self, state, k, step):
        self.steps += 1
        links = [a for _, a in sorted(state["answers"].items())
                 if LINK.search(plain(a)) and self.tenant_in(a) in
                 (self.tenant_for(step["domain"]), "organizations")]
        if not links:
            self.miss(state, k, step, "no link to open", "")
            return False
        self.world.microsoft.signed_in = {"domain": step["domain"],
                                          "admin": True}
        accept = step["event"] == "consent"
        back = click(LINK.search(plain(links[-1]))[0], self.world.ca,
                     "accept" if accept else "cancel")
        status, _, page = self.desk.come_back(back)
        if status != 200:
            self.miss(state, k, step, f"page {status}", page[:200])
            return False
        return True

    def told(self, **how):
        """All that went out so far."""
        return self.world.sink.answers(From=self.desk.address, **how)

    def await_told(self, events, before):
        due = sum(len(step.get("told", [])) for _, _, step in events)

        def probe():
            return len(self.told(part="HEADER")) >= before + due
        with contextlib.suppress(Failed):   # who was told is what is judged
            wait_until("the notes of the approvals", 10, probe, 0.2)
        new = [(email.utils.parseaddr(a["To"])[1], a)
               for a in self.told()[before:]]
        for state, k, step in events:
            self.judge_told(state, k, step, new)

    def judge_told(self, state, k, step, new):
        # Others of the talk whom an answer went to may be told as well.
        wrote = {email.utils.parseaddr(s["from"])[1]
                 for s in state["talk"]["steps"] if "from" in s}
        due = sorted(step.get("told", []))
        got = sorted(to for to, _ in new if to in wrote)
        state["last"].update({to: a for to, a in new if to in wrote})
        if set(due) <= set(got) and len(got) == len(set(got)):
            self.right += 1
        else:
            self.miss(state, k, step, f"told {got}", f"due {due}")


def play(world, paths, **how):
    """A Player that has played the talks of these files in a desk of its own."""
    desk = world.desk("talks", {"policy.max_age_hours": 8760,
                                "policy.max_replies_per_hour": 100000}, **how)
    desk.start()
    try:
        return Player(world, desk).play(read_talks(paths))
    finally:
        desk.stop()
