"""Random kills during a stream of mails: of all processes at once, of the
supervisor alone, of one role. Nothing lost, nothing twice; what a kill left in
doubt stands before a person, and is counted."""

import contextlib
import os
import random
import signal
import threading
import time

from servers.world import World

from .bench import Case, Ground, role_pids

# In a half of the kills everything goes at once, as when the power fails.
VICTIMS = ("all",) * 5 + ("main", "watch", "watch", "send", "send")
STREAM = ("question",) * 6 + ("invoice", "machine", "forged")


class Courier(threading.Thread):
    """Delivers mails one by one until it is told to end."""

    def __init__(self, ledger, dice, pause, most):
        super().__init__(daemon=True)
        self.ledger, self.dice = ledger, dice
        self.pause, self.most = pause, most
        self.ending = threading.Event()
        self.failure = None

    def run(self):
        try:
            while not self.ending.is_set() and \
                    len(self.ledger.mails) < self.most:
                raw = self.ledger.write(self.dice.choice(STREAM))
                self.ledger.dovecot.deliver(self.ledger.desk.user, raw)
                self.ending.wait(self.dice.uniform(0, 2 * self.pause))
        except Exception as e:
            self.failure = e


def kill(desk, victim):
    """True: the daemon has to be started again."""
    if victim == "all":
        desk.kill_everything()
        return True
    pid = role_pids(desk).get(victim)
    if pid is None:     # not up again yet
        return False
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)
    if victim != "main":
        return False
    # Its roles go with it.
    desk.daemon.wait(10)
    desk.stop()
    return True


def storm(ground, kills, seed, most=100000, tell=lambda text: None):
    desk = ground.desk({"policy.max_replies_per_hour": 100000})
    ledger = ground.ledger(desk)
    dice = random.Random(seed)
    courier = Courier(ledger, random.Random(seed + 1), 0.25, most)
    courier.start()
    done = dict.fromkeys(VICTIMS, 0)
    for n in range(kills):
        time.sleep(dice.uniform(0.02, 1.2))
        victim = dice.choice(VICTIMS)
        if kill(desk, victim):
            desk.start(ready=False)
        done[victim] += 1
        if (n + 1) % 100 == 0:
            tell(f"{n + 1} kills, {len(ledger.mails)} mails delivered")
    courier.ending.set()
    courier.join(60)
    if courier.failure:
        raise courier.failure
    state = ledger.settle(900 if kills > 100 else 120, answered=0,
                          doubtful=kills, quiet=3.0)
    questions = sum(m.kind == "question" for m in ledger.mails.values())
    parts = ", ".join(f"{n} {victim}" for victim, n in done.items())
    return (f"{kills} kills ({parts}); {state.text()}; of {questions} "
            f"questions {state.count['answered']} were answered, none twice, "
            f"none lost")


def alone(kills, seed):
    """The figure by itself, on servers of its own."""
    begin = time.monotonic()

    def tell(text):
        print(f"[{time.monotonic() - begin:5.0f} s] {text}", flush=True)
    with World() as world:
        with Ground(world) as ground:
            try:
                tell(storm(ground, kills, seed, tell=tell))
            except AssertionError as e:
                tell(f"FAIL {e}")
                return 1
    return 0


CASES = [
    Case("kills: 8 random kills", lambda g: storm(g, 8, 7, 120), True),
    Case("kills: 40 random kills", lambda g: storm(g, 40, 11), False),
]
