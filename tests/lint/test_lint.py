"""Each lint check finds what it is for, and lets good text pass."""

import os
import tempfile
import unittest

from lint import lint

GUARD = "#ifndef CD_TEXT_X_H\n#define CD_TEXT_X_H\n\n#endif\n"

# check, file, text with the mistake, text without
PAIRS = [
    (lint.banned_functions, "src/text/x.c", "\tstrcpy(a, b);\n",
     "\tstrlcpy(a, b);\t/* strcpy(a, b) would be wrong */\n"),
    (lint.banned_functions, "src/text/x.c", "\tn = atoi (s);\n",
     "\tn = atoi(s);\t/* allowed: digits were checked */\n"),
    (lint.header_guards, "include/text/x.h",
     GUARD.replace("TEXT_X", "TEXT_Y"), GUARD),
    (lint.floors, "src/text/x.c", '#include "store/db.h"\n',
     '#include "base/buf.h"\n'),
    (lint.floors, "src/io/x.c", '#include "text/html.h"\n',
     '#include "io/web.h"\n'),
    (lint.libraries, "src/flow/x.c", "#include <sqlite3.h>\n",
     "#include <jansson.h>\n"),
    (lint.libraries, "src/text/x.c", "#include <curl/curl.h>\n",
     "#include <libetpan/libetpan.h>\n"),
    (lint.no_logging_below, "src/io/x.c", '\tlog_info("a", "b");\n',
     "\tdialog_info(1);\n"),
    (lint.no_logging_below, "src/text/x.c", "\tt = time(NULL);\n",
     "\tt = x->time;\n"),
    (lint.white_space, "src/text/x.c", "\tx = 1; \n", "\tx = 1;\n"),
    (lint.white_space, "src/text/x.c", "        x = 1;\n", "\t    x = 1;\n"),
    (lint.white_space, "src/text/x.c", "\tx = 1;", "\tx = 1;\n"),
    (lint.line_length, "src/text/x.c", "\t" + "x" * 93 + "\n",
     "\t" + "x" * 92 + "\n"),
    (lint.file_size, "src/text/x.c", "\n" * 701, "\n" * 700),
    (lint.no_debt, "src/text/x.c", f"/* {lint.DEBT} */\n", "/* done */\n"),
    (lint.manual, "conf/man/x.1", ".Dd November 24, 2026\n.Dt X 1\n.Os\n"
     ".Sh NAME\n.Nm x\n.Nd y\n.Xx\n", ".Dd November 24, 2026\n.Dt X 1\n"
     ".Os\n.Sh NAME\n.Nm x\n.Nd y\n"),
    (lint.top_level, "notes.txt", "x\n", None),
]


class Lint(unittest.TestCase):
    def findings(self, check, name, text):
        with tempfile.TemporaryDirectory() as top:
            path = os.path.join(top, name)
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "w") as f:
                f.write(text)
            return list(check(lint.Tree(top)))

    def test_each_check_finds_its_mistake(self):
        for check, name, bad, good in PAIRS:
            with self.subTest(check.__name__, bad=bad[:40]):
                self.assertTrue(self.findings(check, name, bad))
                if good is not None:
                    self.assertEqual(self.findings(check, name, good), [])

    def test_an_upward_view_is_found(self):
        with tempfile.TemporaryDirectory() as top:
            for floor in ("base", "text"):
                os.makedirs(os.path.join(top, "include", floor))
                os.makedirs(os.path.join(top, ".build/dev/floors", floor))
                with open(os.path.join(top, "include", floor, "x.h"),
                          "w") as f:
                    f.write("int x;\n")

            def show(floor, other):
                os.symlink(os.path.join(top, "include", other), os.path.join(
                    top, ".build/dev/floors", floor, other))

            show("base", "base")
            show("text", "base")
            show("text", "text")
            tree = lint.Tree(top)
            self.assertEqual(list(lint.upward_includes(tree)), [])
            show("base", "text")
            self.assertEqual(list(lint.upward_includes(tree)),
                             ["text/x.h: base can include it, upward"])

    def test_a_wrong_cmake_view_is_found(self):
        good = "".join(
            f"cd_floor({f} BELOW {' '.join(b)} LIBS x)\n" if b
            else f"cd_floor({f})\n"
            for f, b in lint.FLOORS.items() if f != "cli")
        self.assertEqual(self.findings(lint.build_makes_views,
                                       "CMakeLists.txt", good), [])
        bad = good.replace("cd_floor(io BELOW base", "cd_floor(io BELOW "
                           "base text")
        self.assertTrue(self.findings(lint.build_makes_views,
                                      "CMakeLists.txt", bad))


if __name__ == "__main__":
    unittest.main()
