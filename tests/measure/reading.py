"""The program alone: `explain --json` over files."""

import os

from . import mails
from .common import in_turn, median, ms, run_timed


def settings(folder):
    """A configuration with what explain needs."""
    os.makedirs(folder, exist_ok=True)
    path = os.path.join(folder, "consentdesk.conf")
    with open(path, "w") as f:
        f.write("[product]\nname = Numeo\n"
                "support_address = support@numeo.test\n"
                "[policy]\ntrust_authserv_id = mx.numeo.test\n")
        # A program from elsewhere would look for its own.
        f.write(f"[files]\nrules = {mails.TOP}/conf/rules\n"
                f"model = {mails.TOP}/conf/model.bin\n"
                f"templates = {mails.TOP}/templates\n")
    return path


def write(folder, name, raw):
    os.makedirs(folder, exist_ok=True)
    path = os.path.join(folder, name)
    with open(path, "wb") as f:
        f.write(raw)
    return path


def programs(options):
    return [p for p in (options.program, options.against) if p]


def explain(program, config, *files):
    return [program, "-c", config, "explain", "--json", *files]


def start(options, folder, report):
    config = settings(folder)
    path = write(folder, "one.eml", next(mails.ordinary(1)))
    commands = [explain(p, config, path) for p in programs(options)]
    report.row("", "wall min", "wall median", "cpu min", "cpu median")
    for argv, (walls, cpus) in zip(commands, in_turn(
            commands, 2 * options.runs, options.seconds)):
        report.row(short(argv[0]), ms(min(walls)), ms(median(walls)),
                   ms(min(cpus)), ms(median(cpus)))


def short(path):
    return path if len(path) < 33 else "..." + path[-30:]


def rate(options, folder, report):
    config = settings(folder)
    files, size = [], 0
    for i, raw in enumerate(mails.ordinary(options.mails)):
        files.append(write(folder, f"{i}.eml", raw))
        size += len(raw)
    report.say(f"{len(files)} mails of {size // len(files)} bytes; the time "
               "that the start takes is taken off")
    commands = []
    for p in programs(options):
        commands += [explain(p, config, files[0]), explain(p, config, *files)]
    times = in_turn(commands, options.runs, options.seconds)
    report.row("mails/s", "wall best", "wall median", "cpu best",
               "cpu median")
    for i in range(0, len(commands), 2):
        (w1, c1), (w2, c2) = times[i], times[i + 1]
        n = len(files) - 1
        report.row(short(commands[i][0]), *(
            f"{n / max(0.001, t):.0f}" for t in (
                min(w2) - min(w1), median(w2) - median(w1),
                min(c2) - min(c1), median(c2) - median(c1))))


def cost(options, config, path, base):
    """Processor seconds of one mail: many times the same file, so that the
    start does not drown it. (best, median)"""
    _, once = run_timed(explain(options.program, config, path),
                        options.seconds)
    copies = max(2, min(400, int(0.3 / max(0.0005, once - base))))
    costs = []
    for _ in range(max(1, options.runs // 2)):
        _, many = run_timed(explain(options.program, config,
                                    *[path] * copies), options.seconds)
        costs.append((many - base) / copies)
    return max(0, min(costs)), max(0, median(costs))


def baseline(options, config, folder):
    path = write(folder, "small.eml", mails.one("hello"))
    return min(run_timed(explain(options.program, config, path),
                         options.seconds)[1] for _ in range(5))


def growth(options, folder, report):
    config = settings(folder)
    base = baseline(options, config, folder)
    sizes = [3 << 10, 16 << 10, 64 << 10, 256 << 10, 1 << 20]
    report.row("best cpu of one mail", *(f"{s >> 10} kB" for s in sizes))
    for name, make in mails.KINDS.items():
        row = []
        for size in sizes:
            path = write(folder, "grown.eml", make(size))
            row.append(ms(cost(options, config, path, base)[0]))
        report.row(name, *row)


def hostile(options, folder, report):
    config = settings(folder)
    base = baseline(options, config, folder)
    costs = []
    for name, raw in mails.hostile().items():
        path = write(folder, "hostile.eml", raw)
        best, middle = cost(options, config, path, base)
        costs.append((best, middle, name, len(raw)))
    costs.sort(reverse=True)
    report.row("cpu of one mail", "best", "median", "size")
    for best, middle, name, size in costs:
        report.row(name, ms(best), ms(middle), f"{size // 1000} kB")
    report.say(f"slowest: {costs[0][2]}, {ms(costs[0][0])}")


__all__ = ["start", "rate", "growth", "hostile"]
