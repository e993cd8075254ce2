"""What tests/run does once the packages are there."""

import argparse
import importlib
import json
import os
import pkgutil
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time
import traceback
import unittest
import xml.etree.ElementTree

TESTS = os.path.dirname(os.path.abspath(__file__))
TOP = os.path.dirname(TESTS)
sys.path.insert(0, TESTS)

TEST_SECONDS = 240      # no end-to-end test may take longer, unless it says so
STEP_SECONDS = 1200     # nor any build


class TooLong(Exception):
    pass


class Tally:
    def __init__(self):
        self.start = time.monotonic()
        self.passed, self.failed, self.skipped = [], [], []

    def say(self, text):
        print(f"[{time.monotonic() - self.start:5.0f} s] {text}", flush=True)

    def add(self, name, ok, seconds=None, detail=""):
        (self.passed if ok else self.failed).append(name)
        took = f" ({seconds:.1f} s)" if seconds is not None else ""
        self.say(f"{'ok  ' if ok else 'FAIL'} {name}{took}")
        if detail and not ok:
            print("    " + detail.rstrip().replace("\n", "\n    "), flush=True)

    def skip(self, name, why):
        self.skipped.append(name)
        self.say(f"skip {name}: skipped: {why}")

    def finish(self):
        if self.failed:
            print("\nfailed:")
            for name in self.failed:
                print("  " + name)
        print(f"\n{time.monotonic() - self.start:.0f} s in all\n"
              f"{len(self.passed)} passed, {len(self.failed)} failed, "
              f"{len(self.skipped)} skipped", flush=True)
        return 1 if self.failed or not self.passed else 0


def run(argv, seconds=STEP_SECONDS):
    """(exit status, output) of a step in a session of its own."""
    with tempfile.TemporaryFile() as out:
        child = subprocess.Popen(argv, cwd=TOP, stdin=subprocess.DEVNULL,
                                 stdout=out, stderr=subprocess.STDOUT,
                                 start_new_session=True)
        try:
            status = child.wait(seconds)
        except BaseException as e:
            os.killpg(child.pid, signal.SIGKILL)
            child.wait()
            if not isinstance(e, subprocess.TimeoutExpired):
                raise
            status = -1
        out.seek(0)
        return status, out.read().decode("utf-8", "replace")


def build(tally, preset):
    name = "build/" + preset
    start = time.monotonic()
    tally.say(f"building: preset {preset}")
    status, text = run(["cmake", "--preset", preset])
    if status == 0:
        status, text = run(["cmake", "--build", "--preset", preset])
    if status != 0:
        # The first error says more than the last lines.
        at = text.find("error:")
        text = text[max(0, at - 1500):at + 4000] if at >= 0 else text[-4000:]
    tally.add(name, status == 0, time.monotonic() - start, text)
    return status == 0


def ctest(tally, only):
    with tempfile.TemporaryDirectory() as folder:
        junit = os.path.join(folder, "junit.xml")
        tally.say("unit tests and fuzz corpus (ctest)")
        argv = ["ctest", "--preset", "asan", "-j", "3", "--timeout", "180",
                "--output-junit", junit]
        if only:
            argv += ["-R", re.escape(only)]
        status, text = run(argv)
        if not os.path.exists(junit):
            tally.add("ctest", False, None, text[-4000:])
            return
        for case in xml.etree.ElementTree.parse(junit).iter("testcase"):
            outcome = case.get("status")
            if outcome in ("notrun", "disabled"):
                tally.skip(case.get("name"), outcome)
                continue
            said = case.findtext("system-out") or ""
            tally.add(case.get("name"), outcome == "run",
                      float(case.get("time") or 0), said[-4000:])


def lint(tally, only):
    from lint import lint as rules
    tree = rules.Tree(TOP)
    for check in rules.CHECKS:
        name = "lint/" + check.__name__
        if only and only not in name:
            continue
        findings = list(check(tree))
        tally.add(name, not findings, None, "\n".join(findings[:30]))


class Result(unittest.TestResult):
    """Hands each Python test to the tally, and ends one that hangs."""

    def __init__(self, tally):
        super().__init__()
        self.tally = tally
        self.began = 0.0
        self.bad = None

    @staticmethod
    def name(test):
        return python_name(test)

    def startTest(self, test):
        super().startTest(test)
        self.began, self.bad, self.why_skipped = time.monotonic(), None, None
        signal.alarm(getattr(test, "seconds", TEST_SECONDS))

    def stopTest(self, test):
        signal.alarm(0)
        super().stopTest(test)
        if self.why_skipped is not None:
            self.tally.skip(self.name(test), self.why_skipped)
        else:
            self.tally.add(self.name(test), self.bad is None,
                           time.monotonic() - self.began, self.bad or "")

    def _record(self, test, err):
        text = "".join(traceback.format_exception(*err))[-6000:]
        if isinstance(test, unittest.TestCase):
            self.bad = (self.bad or "") + text
        else:  # setUpClass, tearDownClass
            self.tally.add(str(test), False, None, text)

    def addError(self, test, err):
        super().addError(test, err)
        self._record(test, err)

    def addFailure(self, test, err):
        super().addFailure(test, err)
        self._record(test, err)

    def addSubTest(self, test, subtest, err):
        super().addSubTest(test, subtest, err)
        if err is not None:
            self._record(test, err)

    def addSkip(self, test, reason):
        super().addSkip(test, reason)
        if isinstance(test, unittest.TestCase):
            self.why_skipped = reason
        else:
            self.tally.skip(str(test), reason)


def python_name(test):
    module, _, rest = test.id().partition(".test_")
    return f"{module}/{rest}"


def flatten(suite):
    for item in suite:
        if isinstance(item, unittest.TestSuite):
            yield from flatten(item)
        else:
            yield item


def python_tests(only):
    """[(module, [tests])] of tests/lint and tests/e2e."""
    loader = unittest.TestLoader()
    found = []
    for package in ("lint", "e2e"):
        folder = os.path.join(TESTS, package)
        for module in sorted(m.name for m in pkgutil.iter_modules([folder])
                             if m.name.startswith("test_")):
            loaded = importlib.import_module(f"{package}.{module}")
            tests = [t for t in flatten(loader.loadTestsFromModule(loaded))
                     if not only or only in python_name(t)]
            if tests:
                found.append((f"{package}/{module[5:]}", tests))
    return found


class Report:
    """What a worker has instead of a tally: a line of JSON an outcome."""

    def _line(self, *what):
        print("\x01" + json.dumps(what), flush=True)

    def say(self, text):
        self._line("say", text)

    def add(self, name, ok, seconds=None, detail=""):
        self._line("add", name, ok, seconds, detail)

    def skip(self, name, why):
        self._line("skip", name, why)


def work(module, only):
    """One module's tests in this process, told to the one that started it."""
    if module == COMPILER:
        build(Report(), "clang")
        return 0
    for name, tests in python_tests(only):
        if name == module:
            unittest.TestSuite(tests).run(Result(Report()))
    return 0


# The other compiler is for its warnings alone: it works while the tests wait.
COMPILER = "build/clang"
# The longest first, so that all workers end at about the same time.
ORDER = ["e2e/bare", "e2e/desk", "e2e/login", COMPILER, "e2e/browser",
         "e2e/mailbox", "e2e/smtp", "e2e/alarm", "e2e/brakes", "e2e/oauth", "e2e/operations",
         "e2e/consent", "e2e/faults", "e2e/talks", "e2e/cli", "e2e/hostile"]
WORKERS = 4


def python(tally, only, compiler):
    """The Python tests, some modules at a time: they wait more than they work,
    and each has servers of its own."""
    waiting = [m for m, _ in python_tests(only)]
    if compiler:
        waiting.append(COMPILER)
    waiting.sort(key=lambda m: ORDER.index(m) if m in ORDER else len(ORDER))
    counts = {m: len(t) for m, t in python_tests(only)}
    lock, children = threading.Lock(), []

    def one(module):
        with lock:
            if module in counts:
                tally.say(f"{module}: {counts[module]} tests")
        argv = [sys.executable, "-B", os.path.abspath(__file__), "--worker",
                module] + (["--only", only] if only else [])
        child = subprocess.Popen(argv, stdin=subprocess.DEVNULL,
                                 stdout=subprocess.PIPE,
                                 stderr=subprocess.STDOUT,
                                 start_new_session=True)
        children.append(child)
        said = []
        for raw in child.stdout:
            line = raw.decode("utf-8", "replace").rstrip("\n")
            with lock:
                # What a test prints itself may stand before its outcome.
                text, mark, outcome = line.partition("\x01")
                if text.strip():
                    said.append(text)
                    print(text, flush=True)
                if mark:
                    kind, *rest = json.loads(outcome)
                    getattr(tally, kind)(*rest)
        if child.wait() != 0:
            with lock:
                tally.add(module, False, None, "ended with status "
                          f"{child.returncode}: " + "\n".join(said[-40:]))

    def several():
        while True:
            with lock:
                if not waiting:
                    return
                module = waiting.pop(0)
            one(module)

    threads = [threading.Thread(target=several, daemon=True)
               for _ in range(WORKERS)]
    try:
        for t in threads:
            t.start()
        for t in threads:
            t.join()
    except KeyboardInterrupt:
        waiting.clear()
        for child in children:
            if child.poll() is None:
                child.terminate()
        for t in threads:
            t.join(30)
        raise


def names(only):
    listed = ["build/asan", "build/release", "build/clang"]
    _, text = run(["ctest", "--preset", "asan", "-N"])
    listed += re.findall(r"Test\s+#\d+: (\S+)", text)
    from lint import lint as rules
    listed += ["lint/" + c.__name__ for c in rules.CHECKS]
    for _, tests in python_tests(None):
        listed += [python_name(t) for t in tests]
    return [n for n in listed if not only or only in n]


def too_long(signum, frame):
    raise TooLong("the test took too long")


def stop(signum, frame):
    raise KeyboardInterrupt


def main():
    parser = argparse.ArgumentParser(prog="tests/run")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--only", metavar="PATTERN")
    parser.add_argument("--list", action="store_true")
    parser.add_argument("--keep", action="store_true")
    parser.add_argument("--worker", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.quick:
        os.environ["CD_QUICK"] = "1"
    if options.keep:
        os.environ["CD_KEEP"] = "1"
    signal.signal(signal.SIGALRM, too_long)
    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGHUP, stop)
    os.chdir(TOP)
    only = options.only
    if options.worker:
        return work(options.worker, only)
    if options.list:
        print("\n".join(names(only)))
        return 0
    tally = Tally()
    os.environ.pop("CD_PROGRAM", None)
    try:
        # The source alone is enough for lint.
        if not (only or "").startswith("lint"):
            if build(tally, "asan"):
                ctest(tally, only)
            build(tally, "release")
        lint(tally, only)
        python(tally, only, not options.quick and
               (not only or only in COMPILER))
    except KeyboardInterrupt:
        tally.add("interrupted", False)
    return tally.finish()


if __name__ == "__main__":
    sys.exit(main())
