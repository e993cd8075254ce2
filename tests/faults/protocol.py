"""Faults at every step of IMAP and SMTP, by a door before the real servers."""

import sqlite3
import threading

from servers.door import Door, Fault

from .bench import Case

MAILS = ("question", "invoice", "question", "machine")

# (step, the moments worth it). The first four need a new connection.
NEW = ("greeting", "CAPABILITY", "LOGIN", "SELECT")
IMAP = (
    ("greeting", ("after",)),
    ("CAPABILITY", ("before", "after")),
    ("LOGIN", ("before", "after")),
    ("SELECT", ("before", "after", "amid")),
    ("UID SEARCH", ("before", "after", "amid")),
    ("UID FETCH", ("before",)),
    ("literal", ("after", "amid", "passed")),
    ("IDLE", ("before", "after", "passed")),
    ("EXISTS", ("after", "amid")),
    ("DONE", ("before", "after")),
)
SMTP = (
    ("greeting", ("after",)),
    ("EHLO", ("before", "after", "amid")),
    ("AUTH", ("before", "after")),
    ("MAIL", ("before", "after")),
    ("RCPT", ("before", "after")),
    ("DATA", ("before", "after")),
    ("body", ("before",)),
    ("dot", ("before", "after", "passed")),
)
# What the far end may do, at the moments where it differs.
EVERYWHERE = ("cut", "reset")
AFTER = ("stall", "half-open", "slow", "garbage")
# Beyond these the whole mail may be there, and only the server knows.
UNSURE = ("body", "dot")

QUICK = {
    "imap LOGIN after reset", "imap literal amid cut",
    "imap literal after slow", "imap UID SEARCH after garbage",
    "imap EXISTS after cut", "imap DONE before reset",
    "smtp greeting after cut", "smtp RCPT after cut", "smtp body before cut",
    "smtp dot after reset", "smtp dot passed cut",
    "smtp says 421 at MAIL", "smtp says 550 at RCPT",
    "smtp says 452 at dot", "smtp says 554 at dot", "imap bye suggests backoff",
    "imap without IDLE, UIDPLUS, MOVE", "imap IDLE never speaks",
}


def acts(moments):
    for moment in moments:
        for act in EVERYWHERE:
            yield moment, act
    for act in AFTER:
        yield ("after" if "after" in moments else moments[0]), act


def one_by_one(door, step):
    """Commands that are sent together are answered together: what happens
    between them needs a server without PIPELINING."""
    if step in ("MAIL", "RCPT", "DATA"):
        door.without = (b"PIPELINING",)
    return door


def wait_of(act, step=""):
    """Seconds until a case must have settled: our own time-outs and more. A
    whole mail has ten minutes for its answer."""
    if act not in ("stall", "half-open"):
        return 90
    return 750 if step in UNSURE else 150


def imap_case(step, moment, act):
    def run(ground):
        door = ground.imap_door()
        # The sweep is what finds out that nobody speaks any more.
        desk = ground.desk({**ground.imap_settings(door),
                            "mailbox.sweep_seconds": 20})
        ledger = ground.ledger(desk)
        fault = door.arm(Fault(step, moment, act))
        if step in NEW:
            door.cut_all()
        ledger.deliver(*MAILS)
        # A cut in IDLE is met by the next IDLE.
        fault.await_fired(60)
        ledger.deliver("question")
        ledger.settle(wait_of(act))
    name = f"imap {step} {moment} {act}"
    return Case(name, run, name in QUICK)


def smtp_case(step, moment, act):
    doubt = int(step in UNSURE and moment != "passed" and act != "slow")

    def run(ground):
        door = one_by_one(ground.smtp_door(), step)
        desk = ground.desk(ground.smtp_settings(door))
        ledger = ground.ledger(desk)
        fault = door.arm(Fault(step, moment, act))
        ledger.deliver(*MAILS)
        fault.await_fired(60)
        ledger.deliver("question")
        state = ledger.settle(wait_of(act, step), doubtful=doubt)
        return state.text() if doubt else ""
    name = f"smtp {step} {moment} {act}"
    return Case(name, run, name in QUICK)


REPLIES = {
    "421": b"421 4.3.2 closing down\r\n",
    "451": b"451 4.7.1 come again later\r\n",
    "452": b"452 4.3.1 the disk is full\r\n",
    "535": b"535 5.7.8 no\r\n",
    "550": b"550 5.1.1 no such user here\r\n",
    "554": b"554 5.7.1 not this one\r\n",
}
# step: replies worth it
SAYS = (
    ("greeting", ("421", "554")), ("EHLO", ("421", "550")),
    ("AUTH", ("421", "451", "535")), ("MAIL", ("421", "451", "550")),
    ("RCPT", ("421", "451", "550")), ("DATA", ("421", "451", "554")),
    ("dot", ("421", "451", "452", "554")),
)


def says_case(step, code):
    # What refuses this mail for good, and not the connection, is a person's.
    refused = int(code[0] == "5" and step in ("MAIL", "RCPT", "DATA", "dot"))

    def run(ground):
        door = one_by_one(ground.smtp_door(), step)
        desk = ground.desk(ground.smtp_settings(door))
        ledger = ground.ledger(desk)
        fault = door.arm(Fault(step, "after", "say", text=REPLIES[code]))
        # The real server is never told of what stands in its place.
        if step == "dot":
            fault.moment = "before"
        ledger.deliver(*MAILS)
        fault.await_fired(60)
        ledger.deliver("question")
        ledger.settle(150, answered=3 - refused)
    name = f"smtp says {code} at {step}"
    return Case(name, run, name in QUICK)


def starttls(act):
    """A byte-level door: from STARTTLS on it understands nothing."""
    def run(ground):
        door = ground.keep(Door("smtp", ground.world.smtp.submission))
        desk = ground.desk({"smtp.port": door.port})
        ledger = ground.ledger(desk)
        fault = door.arm(Fault("STARTTLS", "after", act,
                               text=b"454 4.7.0 TLS not available\r\n"))
        ledger.deliver(*MAILS)
        fault.await_fired(60)
        ledger.settle(wait_of(act))
    return Case(f"smtp STARTTLS after {act}", run, act == "garbage")


def imap_starttls(act):
    def run(ground):
        door = ground.imap_door()
        desk = ground.desk({"mailbox.port": door.port})
        ledger = ground.ledger(desk)
        fault = door.arm(Fault("STARTTLS", "after", act))
        door.cut_all()
        ledger.deliver(*MAILS)
        fault.await_fired(60)
        ledger.settle(wait_of(act))
    return Case(f"imap STARTTLS after {act}", run, act == "garbage")


def backoff(ground):
    """A server's wish for quiet is kept."""
    door = ground.imap_door()
    desk = ground.desk(ground.imap_settings(door))
    ledger = ground.ledger(desk)
    fault = door.arm(Fault(
        "EXISTS", "after", "close", text=b"* BYE Request is throttled. "
        b"Suggested Backoff Time: 6000 milliseconds\r\n"))
    ledger.deliver(*MAILS)
    fault.await_fired(60)
    ledger.settle(90)
    again = min(t for t in door.opened if t > fault.at)
    if again - fault.at < 6:
        raise AssertionError(f"back after {again - fault.at:.1f} s")
    return f"back after {again - fault.at:.1f} s"


def poor_server(ground):
    """No IDLE: polling; no MOVE, no UIDPLUS: a copy, and nothing deleted."""
    door = ground.imap_door()
    door.without = (b"IDLE", b"MOVE", b"UIDPLUS")
    desk = ground.desk({**ground.imap_settings(door),
                        "mailbox.sweep_seconds": 3})
    ledger = ground.ledger(desk)
    ledger.deliver(*MAILS)
    ledger.settle(60)
    if "polling" not in desk.log_text():
        raise AssertionError("IDLE was found")


def mute(ground):
    """IDLE that never speaks: the sweep finds what came."""
    door = ground.imap_door()
    desk = ground.desk({**ground.imap_settings(door),
                        "mailbox.sweep_seconds": 4,
                        "mailbox.idle_seconds": 4})
    door.mute = True
    ledger = ground.ledger(desk)
    ledger.deliver(*MAILS)
    ledger.settle(60)


def locked_at_the_end(ground):
    """Another program takes the database while the server takes an answer, and
    holds it for longer than we wait for it: what went is recorded all the same."""
    door = ground.smtp_door()
    desk = ground.desk(ground.smtp_settings(door))
    ledger = ground.ledger(desk)
    db = sqlite3.connect(desk.database, isolation_level=None, timeout=10,
                         check_same_thread=False)

    def free():
        db.execute("ROLLBACK")
        db.close()

    def hold():
        db.execute("BEGIN EXCLUSIVE")
        timer = threading.Timer(12, free)
        timer.start()
        ground.stack.callback(timer.join)
    fault = door.arm(Fault("dot", "after", "call", call=hold))
    ledger.deliver("question")
    fault.await_fired(60)
    # Sooner than a lease ends, after which it would be a person's.
    ledger.settle(90)


def every_connection(kind):
    """Not one fault but many: each connection is cut after some commands."""
    def run(ground):
        door = (ground.imap_door if kind == "imap" else ground.smtp_door)()
        settings = (ground.imap_settings if kind == "imap"
                    else ground.smtp_settings)(door)
        desk = ground.desk(settings)
        ledger = ground.ledger(desk)
        steps = (("UID FETCH", "literal", "IDLE", "LOGIN") if kind == "imap"
                 else ("MAIL", "RCPT", "DATA", "AUTH"))
        for step in steps:
            door.arm(Fault(step, "after", "cut", times=2))
        for _ in range(4):
            ledger.deliver(*MAILS)
        ledger.settle(240)
    return Case(f"{kind} cut again and again", run, False)


CASES = (
    [imap_case(step, m, a) for step, moments in IMAP for m, a in acts(moments)]
    + [smtp_case(step, m, a) for step, moments in SMTP
       for m, a in acts(moments)]
    + [says_case(step, code) for step, codes in SAYS for code in codes]
    + [starttls(a) for a in ("cut", "reset", "stall", "garbage", "say")]
    + [imap_starttls(a) for a in ("cut", "reset", "stall", "garbage")]
    + [every_connection("imap"), every_connection("smtp"),
       Case("smtp dot while the database is locked", locked_at_the_end, True),
       Case("imap bye suggests backoff", backoff, True),
       Case("imap without IDLE, UIDPLUS, MOVE", poor_server, True),
       Case("imap IDLE never speaks", mute, True)])
assert QUICK <= {c.name for c in CASES}
