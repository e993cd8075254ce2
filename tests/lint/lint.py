#!/usr/bin/python3
"""Rules of the house that a program can check. Each check is a function that
yields findings ("file:line: what"); its first line says the rule.

  tests/lint/lint.py            all checks over this source tree
  tests/lint/lint.py --list     the rules
"""

import glob
import os
import re
import shutil
import subprocess
import sys

TOP = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))

FLOORS = {  # floor: those that it may include, besides itself
    "base": (),
    "text": ("base",),
    "store": ("base",),
    "io": ("base",),
    "flow": ("base", "text", "store", "io"),
    "role": ("base", "text", "store", "io", "flow"),
    "cli": ("base", "text", "store", "io", "flow", "role"),
}

BANNED = ("strcpy strcat sprintf vsprintf gets strtok atoi atol system popen "
          "mktemp tmpnam strtol").split()

# A library's headers: where they may be included, as regular expressions.
LIBRARIES = {
    r"sqlite3": (r"src/store/",),
    r"libetpan/": (r"src/text/", r"src/io/",
                   r"include/io/(tls_stream|imap_wire)\.h$"),
    r"curl/": (r"src/io/",),
    r"microhttpd": (r"src/io/web[^/]*\.[ch]$",),
    r"libxml/": (r"src/text/[^/]*html[^/]*\.c$",),
    r"openssl/": (r"src/text/", r"src/store/", r"src/io/"),
    r"pcre2": (r"src/text/",),
    r"(?:liblinear/)?linear\.h": (r"src/text/",),
    r"idn2": (r"src/text/domain[^/]*\.c$",),
    r"libpsl": (r"src/text/domain[^/]*\.c$",),
    r"ini\.h": (r"src/io/config[^/]*\.c$",),
    r"jansson": (r"src/(io|flow|role|cli)/", r"include/(flow|role|cli)/"),
    r"linux/(?:landlock|seccomp|filter)": (r"src/io/sandbox[^/]*\.c$",),
}

TOP_LEVEL = ("CMakeLists.txt CMakePresets.json README.md src include templates "
             "migrations tests conf").split()

DEBT = "TO" + "DO"


class Tree:
    """The files of a source tree, by path below its top."""

    def __init__(self, top):
        self.top = top
        self.files = sorted(self._tracked() or self._walk())
        self._text = {}

    def _tracked(self):
        if not os.path.exists(os.path.join(self.top, ".git")):
            return None
        try:
            run = subprocess.run(
                ["git", "-c", "safe.directory=*", "-C", self.top, "ls-files",
                 "-co", "--exclude-standard", "-z"],
                capture_output=True, timeout=30)
        except OSError:
            return None
        if run.returncode != 0:
            return None
        names = run.stdout.decode().split("\0")
        return [n for n in names
                if n and os.path.isfile(os.path.join(self.top, n))]

    def _walk(self):
        found = []
        for folder, folders, names in os.walk(self.top):
            folders[:] = [f for f in folders if f not in
                          (".git", ".build", ".cache", "__pycache__")]
            found += [os.path.relpath(os.path.join(folder, n), self.top)
                      for n in names if not n.endswith(".pyc")]
        return found

    def text(self, name):
        if name not in self._text:
            with open(os.path.join(self.top, name), "rb") as f:
                self._text[name] = f.read().decode("utf-8", "replace")
        return self._text[name]

    def lines(self, name):
        return enumerate(self.text(name).split("\n"), 1)

    def matching(self, pattern):
        return [f for f in self.files if re.search(pattern, f)]

    def code(self):
        return self.matching(r"^(src|include|tests)/.*\.[ch]$")

    def ours(self):
        """Text written by hand: not sample mails, corpora, models."""
        return [f for f in self.matching(
            r"(\.(c|h|py|sh|cmake|md|sql|rules|conf|txt|json)|/run|/install"
            r"|/quickstart)$")
            if not re.search(r"^tests/(fuzz/corpus|mails|data|db|cases|bench/"
                             r"data)/|^conf/model|^tests/unit/.*/data/", f)]


def without_comments(text):
    """C source with comments and strings blanked, lines kept. A comment that
    begins with "allowed:" stays."""
    def blank(m):
        piece = m.group(0)
        if piece.startswith("/*") and piece[2:].strip().startswith("allowed:"):
            return piece
        if piece.startswith(('"', "'")):
            return piece[0] + " " * (len(piece) - 2) + piece[-1]
        return re.sub(r"[^\n]", " ", piece)
    return re.sub(r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"'
                  r"|'(?:\\.|[^'\\\n])*'", blank, text, flags=re.S)


def banned_functions(tree):
    """No function that cannot be used safely (opt-out: /* allowed: why */)."""
    word = re.compile(r"(?<![\w.>])(" + "|".join(BANNED) + r")\s*\(")
    for name in tree.matching(r"^(src|include)/.*\.[ch]$"):
        for n, line in enumerate(
                without_comments(tree.text(name)).split("\n"), 1):
            m = word.search(line)
            if m and not re.search(r"/\*\s*allowed:\s*\w", line):
                yield f"{name}:{n}: {m.group(1)}() is banned"


def header_guards(tree):
    """include/FLOOR/FILE.h is guarded by CD_FLOOR_FILE_H."""
    for name in tree.matching(r"^include/.*\.h$"):
        guard = "CD_" + re.sub(r"\W", "_", name[len("include/"):]).upper()
        text = tree.text(name)
        m = re.match(r"(?:/\*.*?\*/\s*)?#ifndef (\w+)\n#define (\w+)\n", text,
                     re.S)
        if not m or m.group(1) != guard or m.group(2) != guard:
            yield f"{name}:1: guard is not {guard}"
        elif not re.search(r"#endif[^\n]*\n\Z", text):
            yield f"{name}: does not end with its #endif"


def floor_of(name):
    m = re.match(r"(?:src|include)/(\w+)/", name)
    return m.group(1) if m else None


def floors(tree):
    """A floor includes itself and the floors below it, nothing above."""
    for name in tree.matching(r"^(src|include)/.*\.[ch]$"):
        floor = floor_of(name)
        if floor not in FLOORS:
            yield f"{name}: is on no floor"
            continue
        for n, line in tree.lines(name):
            m = re.match(r'\s*#\s*include\s+"(\w+)/', line)
            if m and m.group(1) != floor and m.group(1) not in FLOORS[floor]:
                yield f"{name}:{n}: {floor} may not include {m.group(1)}"


def libraries(tree):
    """A foreign library is used on the floor (or in the file) that owns it."""
    for name in tree.matching(r"^(src|include)/.*\.[ch]$"):
        for n, line in tree.lines(name):
            m = re.match(r'\s*#\s*include\s+[<"]([^>"]+)', line)
            if not m:
                continue
            for library, places in LIBRARIES.items():
                if (re.match(library, m.group(1))
                        and not any(re.match(p, name) for p in places)):
                    yield f"{name}:{n}: {m.group(1)} has no place here"


def no_logging_below(tree):
    """base, text, store and io never log; text knows no clock."""
    for name in tree.matching(r"^src/(base|text|store|io)/.*\.c$"):
        if name in ("src/base/log.c", "src/base/clock.c"):
            continue
        words = r"log_(?:error|warn|info|debug)"
        if name.startswith("src/text/"):
            words += r"|time|clock_gettime|gettimeofday|clock_now"
        pattern = re.compile(r"(?<![\w.>])(" + words + r")\s*\(")
        for n, line in enumerate(
                without_comments(tree.text(name)).split("\n"), 1):
            m = pattern.search(line)
            if m:
                yield f"{name}:{n}: {m.group(1)}() on the wrong floor"


def white_space(tree):
    """No trailing blanks, no CR, one newline at the end, tabs as agreed."""
    for name in tree.ours():
        text = tree.text(name)
        if not text:
            continue
        if not text.endswith("\n") or text.endswith("\n\n"):
            yield f"{name}: must end with one newline"
        for n, line in tree.lines(name):
            if line != line.rstrip():
                yield f"{name}:{n}: trailing white space"
            if name.endswith((".c", ".h")):
                if re.match(r"\t* +\t", line):
                    yield f"{name}:{n}: a space before a tab"
                if re.match(r"\t* {8}", line):
                    yield f"{name}:{n}: spaces where tabs belong"
            if name.endswith(".py") and re.match(r" *\t", line):
                yield f"{name}:{n}: a tab in Python"


def line_length(tree):
    """C lines aim at 80 columns, a tab being 8; past 100 they are broken."""
    for name in tree.code():
        for n, line in tree.lines(name):
            if len(line.expandtabs(8)) > 100 and not re.search(
                    r"https?://\S{40}", line):
                yield f"{name}:{n}: {len(line.expandtabs(8))} columns"


def file_size(tree):
    """No file of source grows past 700 lines."""
    for name in tree.matching(r"^(src|include|tests|conf)/"
                              r".*(\.[ch]|\.py|\.sh|/run|/quickstart)$"):
        n = tree.text(name).count("\n")
        if n > 700:
            yield f"{name}: {n} lines"


def no_debt(tree):
    """No notes to ourselves in what others read."""
    for name in tree.ours():
        for n, line in tree.lines(name):
            if re.search(r"\b" + DEBT + r"\b", line):
                yield f"{name}:{n}: {DEBT}"


def top_level(tree):
    """The top level holds what was agreed, and nothing else."""
    for entry in sorted({f.split("/")[0] for f in tree.files}):
        if entry not in TOP_LEVEL and not entry.startswith("."):
            yield f"{entry}: is not in the agreed layout"


def commands(tree):
    """The README's two commands can be run."""
    for name in ("conf/quickstart", "tests/run", "tests/install", ".ci/run"):
        path = os.path.join(tree.top, name)
        if name in tree.files and not os.access(path, os.X_OK):
            yield f"{name}: has no run bit"


def upward_includes(tree):
    """An upward #include does not compile, with the views that a build made."""
    made = sorted(glob.glob(os.path.join(tree.top, ".build", "*", "floors")))
    compiler = shutil.which("gcc") or shutil.which("clang-14")
    if not made or not compiler:
        return
    for floor, below in FLOORS.items():
        view = os.path.join(made[0], floor)
        for other in FLOORS:
            names = tree.matching(rf"^include/{other}/.*\.h$")
            if not names or not os.path.isdir(view):
                continue
            header = names[0][len("include/"):]
            run = subprocess.run(
                [compiler, "-std=gnu17", "-E", "-o", os.devnull, "-I", view,
                 "-x", "c", "-"], input=f'#include "{header}"\n'.encode(),
                capture_output=True, timeout=30)
            may = other == floor or other in below
            if may and run.returncode != 0:
                yield (f"{header}: {floor} cannot include it: " +
                       run.stderr.decode().split("\n")[0])
            if not may and run.returncode == 0:
                yield f"{header}: {floor} can include it, upward"


def build_makes_views(tree):
    """CMakeLists.txt names for each floor exactly the floors below it."""
    if "CMakeLists.txt" not in tree.files:
        return
    text = tree.text("CMakeLists.txt")
    for floor, below in FLOORS.items():
        if floor == "cli":
            continue
        m = re.search(rf"cd_floor\({floor}\b([^)]*)\)", text)
        if not m:
            yield f"CMakeLists.txt: no cd_floor({floor})"
            continue
        given = re.search(r"BELOW\s+((?:[a-z]+\s*)+)", m.group(1))
        names = tuple(given.group(1).split()) if given else ()
        if sorted(names) != sorted(below):
            yield f"CMakeLists.txt: {floor} is given {' '.join(names)}"


def manual(tree):
    """The manual's pages are without a mistake (mandoc -T lint)."""
    mandoc = shutil.which("mandoc")
    if not mandoc:
        return
    for name in tree.matching(r"^conf/man/.*\.[1-9]$"):
        run = subprocess.run([mandoc, "-T", "lint", "-W", "warning",
                              os.path.join(tree.top, name)],
                             capture_output=True, timeout=30)
        for line in run.stdout.decode().splitlines():
            yield f"{name}: {line.partition(': ')[2]}"


CHECKS = [banned_functions, header_guards, floors, libraries, no_logging_below,
          white_space, line_length, file_size, no_debt, top_level, commands,
          upward_includes, build_makes_views, manual]


def main(argv):
    if "--list" in argv:
        for check in CHECKS:
            print(f"{check.__name__}: {check.__doc__}")
        return 0
    tree = Tree(TOP)
    failed = 0
    for check in CHECKS:
        findings = list(check(tree))
        failed += bool(findings)
        print(f"{'FAIL' if findings else 'ok  '} {check.__doc__}")
        for finding in findings[:40]:
            print("     " + finding)
        if len(findings) > 40:
            print(f"     and {len(findings) - 40} more")
    print(f"{len(CHECKS) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
