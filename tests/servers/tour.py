#!/usr/bin/python3
"""The second half of conf/quickstart: servers, daemon, six mails, answers."""

import argparse
import os
import signal
import sys
import textwrap
import threading
import time

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

from servers import desk as desks                   # noqa: E402
from servers import letters                         # noqa: E402
from servers.microsoft import click                 # noqa: E402
from servers.process import (Failed, free_port,     # noqa: E402
                             wait_until)
from servers.world import World                     # noqa: E402

# file, who writes, what is expected to happen
MAILS = [
    ("1-first-contact.eml", "marcus@redhillcarriers.test",
     "a dispatcher meets the wall", True),
    ("2-yes-please.eml", "dolores@pruitthauling.test",
     "\"yes please\", above the quoted help message", True),
    ("3-cant-find-app.eml", "ken@kestrel-it.test",
     "an admin who can't find the app", True),
    ("4-is-it-safe.eml", "priya@countyroads.test",
     "an admin who asks whether it is safe", True),
    ("5-out-of-office.eml", "walt@redhillcarriers.test",
     "an out-of-office reply", False),
    ("6-invoice.eml", "ines@pruitthauling.test",
     "a question about an invoice", False),
]
# Since when the person waits: conf/quickstart's own start, if it says so.
BEGAN = float(os.environ.get("CD_BEGAN", time.time()))
BOLD, PLAIN = (("\033[1m", "\033[0m") if sys.stdout.isatty() else ("", ""))


def heading(text):
    print(f"\n{BOLD}== {text}{PLAIN}", flush=True)


def say(text):
    print(f"   {text}", flush=True)


def show(number, who, what, mail, seconds):
    print(f"\n{BOLD}{number}. {what}{PLAIN}\n   from {who}")
    if mail is None:
        print("   -> no answer (see `explain` below for why)")
        return
    print(f"   -> answered after {seconds:.1f} s: {mail['Subject']}")
    print_text(mail)


def print_text(mail):
    """The first lines of an answer, and its link whole."""
    text = mail.get_body(("plain",)).get_content().strip().splitlines()
    lines = [t for t in text if t.strip() and "adminconsent?" not in t]
    for line in lines[:5]:
        print(textwrap.fill(line, 76, initial_indent="      | ",
                            subsequent_indent="      | "))
    if len(lines) > 5:
        print(f"      | ... ({len(lines) - 5} more lines)")
    links = [t.strip() for t in text if "adminconsent?" in t]
    for link in links[:1]:
        print(f"   link: {link}")


def conversation(world, desk):
    """Deliver the six, wait for what comes back, print it all."""
    heading("5. Six mails arrive in the support mailbox")
    began, seen = time.monotonic(), {}
    for name, who, what, _ in MAILS:
        world.mail(desk, letters.sample(name, to=desk.address))
        say(f"{who}: {what}")

    def probe():
        for mail in world.sink.answers(From=desk.address):
            seen.setdefault(mail["X-Original-To"],
                            (mail, time.monotonic() - began))
        return all(who in seen for _, who, _, due in MAILS if due)
    try:
        wait_until("the answers", 20, probe, 0.1)
    except Failed:
        say("not every answer came within 20 s; this is what there is")
    # An answer that should not come would be here by now.
    time.sleep(1)
    probe()
    heading("6. What came back")
    for number, (_, who, what, _) in enumerate(MAILS, 1):
        mail, seconds = seen.get(who, (None, 0))
        show(number, who, what, mail, seconds)
    good = all((who in seen) == due for _, who, _, due in MAILS)
    return good, {who: mail for who, (mail, _) in seen.items()}


def queue(desk):
    heading("7. The queue of the support team: consentdesk cases")
    run = desk.cli("cases")
    print(textwrap.indent((run.stdout + run.stderr).decode(), "   "), end="")
    print("\n   Why the last two got no answer: consentdesk explain")
    for name, *_ in MAILS[4:]:
        raw = letters.sample(name, to=desk.address)
        run = desk.cli("explain", "-", stdin=raw)
        print(textwrap.indent((run.stdout + run.stderr).decode(), "   "))


def approve(world, desk, mail):
    """The admin of one company clicks; Microsoft sends the browser back to us;
    the person who asked is told."""
    if mail is None:
        return False
    text = mail.get_body(("plain",)).get_content().split()
    link = next(t for t in text if "adminconsent?" in t)
    heading("8. An admin clicks the link and presses Accept")
    say(f"the link that {mail['To']} got is opened")
    back = click(link, world.ca)
    status, _, _ = desk.come_back(back)
    say(f"Microsoft sends the browser back to us: HTTP {status}")
    try:
        note = world.sink.await_answers(
            2, 15, From=desk.address, X_Original_To=mail["X-Original-To"])[-1]
    except Failed:
        say("no note came within 15 s")
        return False
    print(f"   -> and a mail tells so: {note['Subject']}")
    print_text(note)
    run = desk.cli("cases", "--state", "approved")
    print(textwrap.indent((run.stdout + run.stderr).decode(), "   "), end="")
    return True


def keep_running(world, desk):
    program = f"{desk.binary} -c {desk.config}"
    heading("Running until you press Ctrl-C. To play with, from another "
            "terminal:")
    print(f"""
   write to it, a sample mail or one of your own (see the samples for the
   headers that your mail server would have added):
     {sys.executable} {os.path.abspath(__file__)} --again \\
       {world.dovecot.lmtp} {desk.user} {letters.SAMPLES}/3-cant-find-app.eml
   read the mailbox of the customers (all answers):
     curl -s "imap://127.0.0.1:{world.dovecot.imap}/INBOX;MAILINDEX=1" \\
       -u customers:{world.dovecot.password}
   the queue, on the command line and in the browser:
     {program} cases
     {program} case 1
     {program} status
     {program} user add ME
     http://127.0.0.1:{desk.web_port}/
   the log:
     tail -f {desk.log}
""", flush=True)
    stop = threading.Event()
    while not stop.wait(1):
        if not desk.daemon.running():
            raise Failed("the daemon ended:\n" + desk.log_text()[-2000:])


def again(port, user, path):
    """Deliver one sample (or any mail) once more."""
    raw = letters.sample(os.path.abspath(path), to=f"{user}@numeo.test")
    letters.deliver(int(port), user, raw)
    print("delivered")
    return 0


def tour(keep):
    heading("3. Throw-away servers on 127.0.0.1")
    port = free_port()
    with World(say=say, keep=False,
               redirect_uri=f"http://127.0.0.1:{port}/consent") as world:
        say(f"in {world.folder}")
        heading("4. The daemon: consentdesk run")
        desk = world.desk("support", {"web.listen": f"127.0.0.1:{port}",
                          "web.public_url": f"http://127.0.0.1:{port}"},
                          binary=desks.program("release"))
        desk.web_port = port
        check = desk.cli("check", "--online")
        if check.returncode != 0:
            raise Failed("consentdesk check --online:\n" + (
                check.stdout + check.stderr).decode())
        say("consentdesk check --online: all is well")
        desk.start()
        say(f"configuration: {desk.config}")
        good, answers = conversation(world, desk)
        queue(desk)
        good = approve(world, desk, answers.get(MAILS[1][1])) and good
        seconds = time.time() - BEGAN
        heading(f"Done in {seconds:.0f} s" + (
            "." if good else ", but not everything went as it should."))
        if keep:
            keep_running(world, desk)
        return 0 if good else 1


def stop(signum, frame):
    raise KeyboardInterrupt


def main():
    if sys.argv[1:2] == ["--again"]:
        return again(*sys.argv[2:5])
    parser = argparse.ArgumentParser(prog="conf/quickstart")
    parser.add_argument("--keep", action="store_true")
    options = parser.parse_args()
    # SIGINT too: a shell that starts it in the background has it ignored.
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, stop)
    try:
        return tour(options.keep)
    except KeyboardInterrupt:
        print("\nstopped; everything is cleaned up")
        return 130
    except Failed as e:
        print(f"\nconf/quickstart: {e}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
