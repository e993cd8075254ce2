"""A day in a compressed clock: does anything grow?"""

import time

from servers.letters import Sink
from servers.life import Life
from servers.process import is_root, wait_until
from servers.tokens import login_by_tokens, secret_app
from servers.world import World

HOURS = 24
MAILS = 4       # an hour


def day(options, folder, report):
    del folder
    if not is_root():
        report.say("left out: Postfix needs root")
        return
    with World() as world:
        desk = world.desk("day", binary=options.program)
        login_by_tokens(desk, secret_app(world.microsoft.tokens, desk))
        life = Life(world, desk, options.hour)
        try:
            desk.start()
            live(life, report)
        finally:
            life.stop()


def live(life, report):
    desk = life.desk
    life.pass_hours(1, MAILS)
    before = await_answers(life)
    begin = time.monotonic()
    life.pass_hours(HOURS, MAILS)
    after = await_answers(life)
    log = desk.log_text()
    report.say(f"{HOURS} hours of {life.hour} s took "
               f"{time.monotonic() - begin:.0f} s: {life.door.byes} sessions "
               f"ended with their token, {log.count(' imap.open ')} opened, "
               f"{life.world.microsoft.tokens.granted(desk.user)} tokens, "
               f"{len(life.asked)} mails, each answered once; "
               f"{log.count(' imap.down ')} times down, "
               f"{log.count(' role.died ')} roles died")
    report.row("after the first hour, and at the end", "RSS", "PSS",
               "descriptors")
    for role in before:
        report.row(role, *(change(before[role][i], after[role][i], unit)
                           for i, unit in ((0, 1024), (1, 1024), (2, 1))))
    report.row("all roles", *(change(
        sum(r[i] for r in before.values()), sum(r[i] for r in after.values()),
        unit) for i, unit in ((0, 1024), (1, 1024), (2, 1))))


def await_answers(life):
    """The footprint once all is answered, and nothing twice."""
    sink = Sink(life.world.dovecot)
    wait_until("all answers", 60, lambda: len(sink.answers(
        From=life.desk.address)) >= len(life.asked), 0.5)
    time.sleep(1)
    if len(sink.answers(From=life.desk.address)) != len(life.asked):
        raise AssertionError("an answer went out twice")
    return wait_until("health", 20, lambda: life.desk.cli(
        "status").returncode == 0 and life.footprint(), 0.2)


def change(before, after, unit):
    if unit == 1:
        return f"{before} > {after}"
    return f"{before / unit:.1f} > {after / unit:.1f} MB"
