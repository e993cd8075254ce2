"""Clocks and tables."""

import os
import resource
import statistics
import subprocess
import time

TOP = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))


def machine():
    load = " ".join(f"{x:.1f}" for x in os.getloadavg())
    return f"{os.cpu_count()} processors, load {load}"


def disk(folder):
    """What one append costs until it is on the disk."""
    took, path = [], os.path.join(folder, "appended")
    with open(path, "ab", buffering=0) as f:
        for _ in range(500):
            begin = time.monotonic()
            f.write(b"x" * 4096)
            os.fdatasync(f.fileno())
            took.append(time.monotonic() - begin)
    os.unlink(path)
    return (f"append and fdatasync of 4 kB: least {ms(min(took))}, median "
            f"{ms(median(took))}, p99 {ms(percentile(took, 99))}")


class Report:
    def __init__(self, options):
        self.options = options

    def heading(self, text):
        print(f"\n== {text}", flush=True)

    def say(self, text):
        print(f"   {text}", flush=True)

    def row(self, name, *values):
        print(f"   {name:<34}" + "".join(f"{v:>16}" for v in values),
              flush=True)


def run_timed(argv, seconds, stdin=None):
    """(wall, processor) seconds of one run; its output is thrown away."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    begin = time.monotonic()
    subprocess.run(argv, stdout=subprocess.DEVNULL, stdin=stdin,
                   timeout=seconds, check=True)
    wall = time.monotonic() - begin
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return wall, (after.ru_utime + after.ru_stime -
                  before.ru_utime - before.ru_stime)


def in_turn(commands, runs, seconds):
    """Each command `runs` times, in turn so that a busy machine is unfair to
    all; [(walls, processors)] in order of the commands."""
    times = [([], []) for _ in commands]
    for _ in range(runs):
        for (walls, cpus), argv in zip(times, commands):
            wall, cpu = run_timed(argv, seconds)
            walls.append(wall)
            cpus.append(cpu)
    return times


def median(values):
    return statistics.median(values)


def percentile(values, p):
    values = sorted(values)
    return values[min(len(values) - 1, int(len(values) * p / 100))]


def ms(seconds):
    return f"{seconds * 1000:.1f} ms"
