"""Faults of folders: mails that a server has and does not give, folders that it
does not open, and folders that came back from a backup."""

import contextlib
import math
import os
import re
import shutil
import signal
import sqlite3
import subprocess
import time

from servers import letters
from servers.door import Fault
from servers.process import wait_until

from .bench import Case, Skip, await_log, role_pids

LATER = b"NO [UNAVAILABLE] Server Unavailable, please try again later. 15"


def no_fetch(ground):
    """A server that gives no mail for a moment costs nobody his answer."""
    door = ground.imap_door()
    desk = ground.desk(ground.imap_settings(door))
    ledger = ground.ledger(desk)
    # Two together, and each by itself.
    fault = door.arm(Fault("UID FETCH", "before", "refuse", times=3,
                           text=LATER))
    ledger.deliver("question", "question")
    fault.await_fired(60, times=3)
    ledger.settle(60)


def never_given(ground):
    """One mail that it never gives goes to a person, those around it do not."""
    door = ground.imap_door()
    desk = ground.desk(ground.imap_settings(door))
    ledger = ground.ledger(desk)
    door.arm(Fault("UID FETCH", "before", "refuse", times=999, text=LATER,
                   line=rb"FETCH (\d+:\d+|2) "))
    ledger.deliver("question", "question", "question")
    state = ledger.settle(60, answered=2)
    if state.count["unreadable"] != 1:
        raise AssertionError(state.text())
    case, = (c for c in desk.cases() if c["reason"] == "unreadable")
    said = desk.json("case", case["id"])["timeline"][0]["text"]
    if "did not give it" not in said:
        raise AssertionError(said)
    return state.text()


def left_out(ground):
    """One that it lists and leaves out of what it gives, with an OK, is not lost:
    it goes to a person, and the others are answered."""
    door = ground.imap_door()
    desk = ground.desk(ground.imap_settings(door))
    ledger = ground.ledger(desk)
    door.arm(Fault("UID FETCH", "before", "refuse", times=999,
                   text=b"OK done", line=rb"FETCH (\d+:\d+|2) "))
    ledger.deliver("question", "question", "question")
    state = ledger.settle(60, answered=2)
    if state.count["unreadable"] != 1:
        raise AssertionError(state.text())
    return state.text()


def left_out_for_a_moment(ground):
    """Nor does anybody have to look at it if it is given later."""
    door = ground.imap_door()
    desk = ground.desk(ground.imap_settings(door))
    ledger = ground.ledger(desk)
    door.arm(Fault("UID FETCH", "before", "refuse", times=2,
                   text=b"OK done"))
    ledger.deliver("question")
    ledger.settle(60)


def given_slowly(ground):
    """Each session gives one mail more: it is handed on, and the next one does not
    wait longer for that."""
    door = ground.imap_door()
    desk = ground.desk(ground.imap_settings(door))
    ledger = ground.ledger(desk)
    desk.stop()
    door.arm(Fault("UID FETCH", "before", "refuse", times=999, text=LATER,
                   line=rb"FETCH \d+:\d+ "))
    for uid in range(2, 7):
        door.arm(Fault("UID FETCH", "before", "refuse", times=2 * (uid - 1),
                       text=LATER, line=rb"FETCH %d " % uid))
    ledger.deliver(*["question"] * 6)
    desk.start(ready=False)
    ledger.settle(60)
    waits = re.findall(r"imap\.down retry_in_ms=(\d+)", desk.log_text())
    # The second time in a row that it gives none it is twice as long.
    if len(waits) < 5 or any(int(ms) > 2500 for ms in waits):
        raise AssertionError(waits)


def with_a_doubt(ground, search):
    """An answer whose fate is unknown, and that fault of asking for it."""
    imap, smtp = ground.imap_door(), ground.smtp_door()
    desk = ground.desk({**ground.imap_settings(imap),
                        **ground.smtp_settings(smtp),
                        "mailbox.sweep_seconds": 2})
    ledger = ground.ledger(desk)
    smtp.arm(Fault("dot", "after", "cut"))
    imap.arm(search)
    ledger.deliver("question")
    return desk, ledger


def no_search(ground):
    """What cannot be asked about one answer holds up no other."""
    search = Fault("UID SEARCH HEADER", "before", "refuse", times=999,
                   text=b"NO search failed")
    _, ledger = with_a_doubt(ground, search)
    search.await_fired(60)
    ledger.deliver("question")
    ledger.settle(20, doubtful=1)


def cut_search(ground):
    """Nor does a server that ends the session with each such question."""
    search = Fault("UID SEARCH HEADER", "before", "cut", times=999)
    desk, ledger = with_a_doubt(ground, search)
    search.await_fired(60)
    inbox_goes_on(desk, ledger, doubtful=1)
    if search.fired > 1:
        raise AssertionError(f"asked {search.fired} times")


def slow_search(ground):
    """It may take ten seconds in a big folder, and ends no session."""
    search = Fault("UID SEARCH HEADER", "before", "call", times=2,
                   call=lambda: time.sleep(10))
    desk, ledger = with_a_doubt(ground, search)
    search.await_fired(60, times=2)
    ledger.deliver("question")
    ledger.settle(40, doubtful=1)
    if "imap.down" in desk.log_text():
        raise AssertionError(desk.log_text()[-3000:])


def found_and_forgotten(ground):
    """Who asked is forgotten while the server looks, and finds: no failure."""
    imap, smtp = ground.imap_door(), ground.smtp_door()
    desk = ground.desk({**ground.imap_settings(imap),
                        **ground.smtp_settings(smtp),
                        "mailbox.sweep_seconds": 2})
    ledger = ground.ledger(desk)
    said = []

    def meanwhile():
        with contextlib.closing(sqlite3.connect(desk.database,
                                                timeout=10)) as db:
            (own, to), = db.execute("SELECT message_id, to_addr FROM outbox")
        with ledger.mailbox(readonly=False) as box:
            box.append("Sent", None, None, f"Message-ID: <{own}>\r\n\r\nHi."
                       "\r\n".encode())
        said.append(desk.cli("forget", to).returncode)
    search = imap.arm(Fault("UID SEARCH HEADER", "before", "call",
                            call=meanwhile))
    smtp.arm(Fault("dot", "after", "cut"))
    ledger.deliver("question")
    search.await_fired(60)
    wait_until("it to be forgotten", 20, lambda: said)
    ledger.deliver("question")
    await_log(desk, "reply.sent case=2 ", 20)
    if said != [0] or "imap.down" in desk.log_text():
        raise AssertionError(f"{said} {desk.log_text()[-3000:]}")


def colleague(ledger):
    """Somebody answers the last question by a client of his own."""
    mail = list(ledger.mails.values())[-1]
    raw = letters.letter(ledger.desk.address, mail.sender, "Re: Outlook",
                         "Maria here. I will call you at noon.", verdict=None,
                         in_reply_to=f"<{mail.id}>")
    with ledger.mailbox(readonly=False) as box:
        box.append("Sent", None, None, raw)


def answered_once(ground, door):
    """A desk that sweeps every two seconds and has answered its first question."""
    desk = ground.desk({**ground.imap_settings(door),
                        "mailbox.sweep_seconds": 2})
    ledger = ground.ledger(desk)
    ledger.deliver("question")
    ledger.settle(60)
    return desk, ledger


def inbox_goes_on(desk, ledger, **settled):
    """Two mails come, and neither waits; its session never ended."""
    for _ in range(2):
        ledger.deliver("question")
        ledger.settle(15, **settled)
    if "imap.down" in desk.log_text():
        raise AssertionError(desk.log_text()[-3000:])


def sent_refused(ground):
    """What a colleague sent is seen, though its folder was not to be had."""
    door = ground.imap_door()
    # The inbox is opened first.
    door.arm(Fault("SELECT", "before", "refuse", nth=2,
                   text=b"NO [SERVERBUG] Internal error occurred."))
    desk, ledger = answered_once(ground, door)
    await_log(desk, "imap.no_sent")
    colleague(ledger)
    await_log(desk, "case.taken case=1 ", 20)


def sent_refused_at_a_start(ground):
    """A colleague answered while we were away: no answer of ours on top."""
    door = ground.imap_door()
    desk, ledger = answered_once(ground, door)
    desk.stop()
    colleague(ledger)
    again(ledger)
    fault = door.arm(Fault("SELECT", "before", "refuse", nth=2, times=2,
                           text=LATER))
    desk.start()
    fault.await_fired(60, times=2)
    await_log(desk, "case.taken case=1 ", 20)
    ledger.settle(60, answered=1)
    if desk.cases()[0]["state"] != "review":
        raise AssertionError(str(desk.cases()))


def again(ledger):
    """He who asked last asks once more, in his thread."""
    first = list(ledger.mails.values())[-1]
    raw = letters.letter(first.sender, ledger.desk.address, "Re: Outlook",
                         "please send me the link\n",
                         in_reply_to=f"<{first.id}>")
    ledger.enter(raw, first.sender, "question")
    ledger.dovecot.deliver(ledger.desk.user, [raw])


def sent_denied(door, times):
    """There is no such folder, says the server to whatever it is asked."""
    return door.arm(*(Fault(step, "before", "refuse", times=times, text=LATER,
                            line=rb"Sent") for step in ("SELECT", "STATUS")))


def sent_denied_at_a_start(ground):
    """What was there is waited for, and is not taken for not made yet."""
    door = ground.imap_door()
    desk, ledger = answered_once(ground, door)
    desk.stop()
    colleague(ledger)
    again(ledger)
    fault = sent_denied(door, 2)
    desk.start()
    fault.await_fired(60, times=2)
    await_log(desk, "case.taken case=1 ", 20)
    ledger.settle(60, answered=1)
    if desk.cases()[0]["state"] != "review":
        raise AssertionError(str(desk.cases()))


def sent_denied_for_good(ground):
    """Nor does anybody believe that all is well."""
    door = ground.imap_door()
    desk, ledger = answered_once(ground, door)
    desk.change({"log.alarm_minutes": 0})
    sent_denied(door, 999)
    desk.daemon.send(signal.SIGHUP)
    await_log(desk, "alarm.raised kind=sent_folder ", 20)
    if b"the Sent folder cannot be opened" not in desk.cli("status").stdout:
        raise AssertionError(desk.cli("status").stdout.decode())
    inbox_goes_on(desk, ledger)


def sent_status_is_bad(ground):
    """A server that takes no question about it is read all the same."""
    door = ground.imap_door()
    for step, text in (("SELECT", b"NO [NONEXISTENT] no such mailbox"),
                       ("STATUS", b"BAD no such mailbox")):
        door.arm(Fault(step, "before", "refuse", times=999, text=text,
                       line=rb"Sent"))
    desk, ledger = answered_once(ground, door)
    inbox_goes_on(desk, ledger)


def sent_late_at_the_first_start(ground):
    """What colleagues send until it is open for the first time counts, too."""
    door = ground.imap_door()
    door.arm(Fault("SELECT", "before", "refuse", nth=2, times=999, text=LATER))
    desk, ledger = answered_once(ground, door)
    colleague(ledger)
    door.faults.clear()
    await_log(desk, "case.taken case=1 ", 40)


def sent_hangs(ground):
    """A server that swallows the second session costs the inbox some seconds,
    and those once a minute."""
    door = ground.imap_door()
    fault = door.arm(Fault("SELECT", "before", "stall", nth=2, times=999))
    desk = ground.desk({**ground.imap_settings(door),
                        "mailbox.sweep_seconds": 2})
    ledger = ground.ledger(desk)
    fault.await_fired(60, times=1)
    ledger.deliver("question")
    ledger.settle(20, quiet=0)
    await_log(desk, "imap.sent_later", 20)
    for _ in range(4):
        ledger.deliver("question")
        ledger.settle(6, quiet=0)
        time.sleep(3)


def sent_hangs_when_read(ground):
    """So does one that opens well and then says nothing more."""
    door = ground.imap_door()
    desk, ledger = answered_once(ground, door)
    door.arm(Fault("UID FETCH", "before", "stall", times=999,
                   line=rb"FETCH 1"))
    colleague(ledger)
    await_log(desk, "imap.sent_later", 60)
    for _ in range(3):
        ledger.deliver("question")
        ledger.settle(8, quiet=0)
        time.sleep(3)
    if "imap.down" in desk.log_text():
        raise AssertionError(desk.log_text()[-3000:])


def sent_says_no(ground):
    """So does a no to whatever it is asked."""
    door = ground.imap_door()
    desk, ledger = answered_once(ground, door)
    no = door.arm(Fault("UID SEARCH", "before", "refuse", times=999, text=LATER,
                        line=rb"SEARCH UID 1:"))
    no.await_fired(60)
    inbox_goes_on(desk, ledger)


def sent_has_no_place(ground):
    """It opens late, and then does not tell where its mails of today begin."""
    door = ground.imap_door()
    door.arm(Fault("SELECT", "before", "refuse", nth=2, text=LATER))
    no = door.arm(Fault("UID SEARCH", "before", "refuse", times=999, text=LATER,
                        line=rb"SINCE"))
    desk, ledger = answered_once(ground, door)
    no.await_fired(60)
    inbox_goes_on(desk, ledger)


def sent_mended_by_a_restart(ground):
    """What colleagues sent since the first start counts after another one."""
    door = ground.imap_door()
    door.arm(Fault("SELECT", "before", "refuse", nth=2, times=999,
                   text=b"NO [NOPERM] Permission denied"))
    desk, ledger = answered_once(ground, door)
    colleague(ledger)
    desk.stop()
    door.faults.clear()
    desk.start()
    await_log(desk, "case.taken case=1 ", 20)


def sent_not_given(ground):
    door = ground.imap_door()
    desk, ledger = answered_once(ground, door)
    fault = door.arm(Fault("UID FETCH", "before", "refuse", times=2,
                           text=LATER))
    colleague(ledger)
    fault.await_fired(60, times=2)
    await_log(desk, "case.taken case=1 ", 20)


def sent_given_in_part(ground):
    """What is given counts, though the mail behind it is not."""
    door = ground.imap_door()
    desk, ledger = answered_once(ground, door)
    ledger.deliver("question")
    ledger.settle(60)
    door.arm(Fault("UID FETCH", "before", "refuse", times=999, text=LATER,
                   line=rb"FETCH (1:2|2) "))
    colleague(ledger)
    colleague(ledger)
    await_log(desk, "case.taken case=2 ", 20)
    # Later the mail behind it would be given up, and all of them taken.
    before, _, _ = desk.log_text().partition("case.taken case=2 ")
    if "sent.not_given" in before:
        raise AssertionError(before[-3000:])


def sent_always_refused(ground):
    """It costs no login with each mail, and no mail waits for it."""
    door = ground.imap_door()
    door.arm(Fault("SELECT", "before", "refuse", nth=2, times=999,
                   text=b"NO [NOPERM] Permission denied"))
    logins = door.arm(Fault("LOGIN", "passed", "call", times=999,
                            call=lambda: None))
    desk = ground.desk({**ground.imap_settings(door), "log.alarm_minutes": 0,
                        "mailbox.sweep_seconds": 2})
    ledger = ground.ledger(desk)
    begin = time.monotonic()
    for _ in range(12):
        ledger.deliver("question")
        time.sleep(1)
    ledger.settle(60)
    # The inbox, and after 0, 1, 3, 7, 15 ... seconds the other one.
    seconds = time.monotonic() - begin + 5
    most = 3 + math.ceil(math.log2(seconds + 1))
    if logins.fired > most:
        raise AssertionError(f"{logins.fired} logins in {seconds:.0f} s")
    if b"the Sent folder cannot be opened" not in desk.cli("status").stdout:
        raise AssertionError(desk.cli("status").stdout.decode())
    await_log(desk, "alarm.raised kind=sent_folder ", 20)


def sent_never_given(ground):
    """One bad mail in it holds up no mail of the inbox."""
    door = ground.imap_door()
    desk, ledger = answered_once(ground, door)
    fault = door.arm(Fault("UID FETCH", "before", "refuse", times=999,
                           text=LATER, line=rb"FETCH 1 "))
    colleague(ledger)
    # Each is asked for twice.
    fault.await_fired(60, times=6)
    begin = time.monotonic()
    ledger.deliver("question")
    ledger.settle(60)
    if "imap.down" in desk.log_text():
        raise AssertionError(desk.log_text()[-3000:])
    if "sent.unreadable" not in desk.log_text():
        door.faults.clear()
        await_log(desk, "case.taken case=1 ", 300)
    return f"answered in {time.monotonic() - begin:.1f} s"


def hangs(database):
    """Somebody has been writing for half a second."""
    with contextlib.closing(sqlite3.connect(database, timeout=0.5,
                                            isolation_level=None)) as db:
        try:
            db.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError:
            return True
    return False


def sent_mail_kills(ground):
    """A mail in it that kills who reads it is passed by, and the inbox goes on."""
    desk = ground.desk({"mailbox.sweep_seconds": 2})
    ledger = ground.ledger(desk)
    ledger.deliver("question")
    ledger.settle(60)
    # What is done with a colleague's mail takes for ever: there it is killed.
    with contextlib.closing(sqlite3.connect(desk.database, timeout=10)) as db:
        db.execute("CREATE TRIGGER deadly BEFORE UPDATE ON cases "
                   "WHEN NEW.taken BEGIN SELECT count(*) FROM (WITH RECURSIVE "
                   "n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE "
                   "i < 1e12) SELECT i FROM n); END")
    colleague(ledger)
    kills = []

    def passed():
        if "sent.unreadable" in desk.log_text():
            return True
        watch = role_pids(desk).get("watch")
        if watch and hangs(desk.database):
            os.kill(watch, signal.SIGSEGV)
            kills.append(watch)
            wait_until("its end", 10, lambda: watch not in
                       desk.daemon.members())
        return False
    wait_until("the mail to be passed by", 40, passed)
    ledger.deliver("question")
    ledger.settle(20)
    # Once before anybody looks at them one by one.
    if len(kills) != 4:
        raise AssertionError(f"{len(kills)} kills")


def called_otherwise(ground, how):
    """What came while the mailbox got other names is answered, and nothing again;
    how(): what happens to it meanwhile."""
    door = ground.imap_door()
    desk = ground.desk(ground.imap_settings(door))
    ledger = ground.ledger(desk)
    ledger.deliver("invoice", "question")
    ledger.settle(60)
    desk.stop()
    colleague(ledger)
    how(door, desk)
    ledger.deliver("question")
    desk.change({"mailbox.host": "localhost", "mailbox.folder": "Inbox",
                 "mailbox.user": f"US\\{desk.user}"})
    # It knows no such user, and the old name is as good.
    door.arm(Fault("LOGIN", "before", "refuse", times=999, text=LATER))
    desk.start(ready=False)
    await_log(desk, "imap.down")
    desk.stop()
    door.faults.clear()
    desk.change({"mailbox.user": desk.user})
    desk.start()
    ledger.settle(60)
    await_log(desk, r"imap.known .*localhost/INBOX")
    await_log(desk, r"imap.known .*localhost/Sent")
    await_log(desk, "case.taken case=1 ", 20)


def server_called_otherwise(ground):
    called_otherwise(ground, lambda door, desk: None)


def server_is_another(ground):
    """And its mails have other UIDs there."""
    def move(door, desk):
        with away(ground, door, desk) as maildir:
            forget_uids(maildir)
            forget_uids(os.path.join(maildir, ".Sent"))
    called_otherwise(ground, move)


# ---- files that were put back -------------------------------------------------


@contextlib.contextmanager
def away(ground, door, desk):
    """Nobody has the mailbox open, so its files may be changed; its folder."""
    door.shut()
    ground.world.dovecot.kick(desk.user)
    time.sleep(0.5)
    yield ground.world.dovecot.maildir(desk.user)
    door.start()


def forget_uids(folder):
    for name in os.listdir(folder):
        if name.startswith(("dovecot-uid", "dovecot.index")):
            os.unlink(os.path.join(folder, name))


def restored(ground):
    """The mailbox as it was a while ago: the same UIDVALIDITY, and UIDs that we
    know go to other mails. Each of those is answered, and none again."""
    door = ground.imap_door()
    desk = ground.desk(ground.imap_settings(door))
    ledger = ground.ledger(desk)
    ledger.deliver("question", "invoice")
    ledger.settle(60)
    backup = ground.inside("backup")
    with away(ground, door, desk) as maildir:
        subprocess.run(["cp", "-a", maildir, backup], check=True)
    kept = set(ledger.mails)
    ledger.deliver("question", "question", "question")
    ledger.settle(60)
    with away(ground, door, desk) as maildir:
        shutil.rmtree(maildir)
        subprocess.run(["cp", "-a", backup, maildir], check=True)
        ledger.taken_away |= set(ledger.mails) - kept
        # One comes before we look, one afterwards.
        ledger.deliver("question")
    ledger.settle(60, answered=5)
    ledger.deliver("question")
    ledger.settle(60, answered=6)
    await_log(desk, "imap.uids_again")


def restored_and_filled(ground):
    """As many mails came since as the backup had lost: UIDNEXT says nothing."""
    door = ground.imap_door()
    desk = ground.desk(ground.imap_settings(door))
    ledger = ground.ledger(desk)
    ledger.deliver("question")
    ledger.settle(60)
    backup = ground.inside("backup")
    with away(ground, door, desk) as maildir:
        subprocess.run(["cp", "-a", maildir, backup], check=True)
    kept = set(ledger.mails)
    ledger.deliver("question", "question")
    ledger.settle(60)
    with away(ground, door, desk) as maildir:
        shutil.rmtree(maildir)
        subprocess.run(["cp", "-a", backup, maildir], check=True)
        ledger.taken_away |= set(ledger.mails) - kept
        ledger.deliver("question", "question", "question", "question")
    ledger.settle(60, answered=7)
    await_log(desk, "imap.uids_again")
    # What people take away is no sign of it.
    with ledger.mailbox(readonly=False) as box:
        ledger.taken_away |= set(list(ledger.mails)[-2:])
        box.store("4:5", "+FLAGS", r"(\Deleted)")
        box.expunge()
    door.cut_all()
    ledger.deliver("question")
    ledger.settle(60, answered=8)
    if desk.log_text().count("imap.uids_again") != 1:
        raise AssertionError("it was read again for nothing")


def sent_anew(ground):
    """All of the Sent folder is read again: batch by batch, not all at once."""
    door = ground.imap_door()
    desk = ground.desk(ground.imap_settings(door))
    if "asan" in desk.binary:
        raise Skip("AddressSanitizer keeps what is freed")
    raw = letters.letter(desk.address, "x@y.test", "Proposal",
                         ("word " * 15 + "\n") * 1300, verdict=None)
    with away(ground, door, desk) as maildir:
        sent = os.path.join(maildir, ".Sent")
        forget_uids(sent)
        owner = os.stat(sent)
        for n in range(300):
            path = os.path.join(sent, "cur", f"{1000000000 + n}.m{n}.h:2,S")
            with open(path, "wb") as f:
                f.write(raw.replace(b"Message-ID: <", b"Message-ID: <%d." % n))
            os.chown(path, owner.st_uid, owner.st_gid)

    def read():
        with contextlib.closing(sqlite3.connect(desk.database,
                                                timeout=10)) as db:
            return db.execute("SELECT 1 FROM mailboxes WHERE name LIKE "
                              "'%/Sent' AND next_uid > 300").fetchone()
    wait_until("all of the folder to be read", 60, read)
    with open(f"/proc/{role_pids(desk)['watch']}/status") as f:
        peak = next(int(line.split()[1]) for line in f
                    if line.startswith("VmHWM")) // 1024
    if peak > 120:
        raise AssertionError(f"{peak} MB for 30 MB of mails")
    return f"{peak} MB"


CASES = [
    Case("mailbox: nothing is given for a moment", no_fetch, True),
    Case("mailbox: one mail is never given", never_given, True),
    Case("mailbox: each session gives one mail more", given_slowly, True),
    Case("mailbox: one mail is left out", left_out, True),
    Case("mailbox: one is left out for a moment", left_out_for_a_moment, True),
    Case("mailbox: restored from its backup", restored, True),
    Case("mailbox: restored, and filled again", restored_and_filled, True),
    Case("mailbox: its server is called otherwise", server_called_otherwise,
         True),
    Case("mailbox: its server is another", server_is_another, True),
    Case("sent folder: refused at first", sent_refused, True),
    Case("sent folder: refused at a start", sent_refused_at_a_start, True),
    Case("sent folder: denied at a start", sent_denied_at_a_start, True),
    Case("sent folder: denied for good", sent_denied_for_good, True),
    Case("sent folder: a BAD to the question for it", sent_status_is_bad, True),
    Case("sent folder: its session hangs", sent_hangs, True),
    Case("sent folder: its session hangs later", sent_hangs_when_read, False),
    Case("sent folder: a no to what it is asked", sent_says_no, True),
    Case("sent folder: its place is not told", sent_has_no_place, True),
    Case("sent folder: mended by a restart", sent_mended_by_a_restart, True),
    Case("sent folder: late at the first start",
         sent_late_at_the_first_start, True),
    Case("sent folder: a mail is not given at first", sent_not_given, True),
    Case("sent folder: it is given in part", sent_given_in_part, True),
    Case("sent folder: a mail is never given", sent_never_given, True),
    Case("sent folder: a mail kills who reads it", sent_mail_kills, True),
    Case("sent folder: refused for good", sent_always_refused, True),
    Case("sent folder: searching is refused", no_search, True),
    Case("sent folder: searching ends it", cut_search, True),
    Case("sent folder: found, and forgotten meanwhile", found_and_forgotten,
         True),
    Case("sent folder: searching is slow", slow_search, False),
    Case("sent folder: made anew", sent_anew, True)]
