"""The manual says what the program does: every command, option and key, and
nothing that is not there."""

import os
import re
import subprocess
import unittest

from servers.desk import TOP, program

MAN = os.path.join(TOP, "conf", "man")

# What scripts and configurations depend on: it must be there for ever.
COMMANDS = """run check status explain eval train replay cases case send close
reopen assign snooze merge note label link approve stats resume user backup
forget export""".split()
KEYS = """
product: name also_known_as support_address help_url
mailbox: host port tls ca_file user auth password_file folder sent_folder
 done_folder start idle_seconds sweep_seconds max_fetch
smtp: host port tls ca_file user auth password_file envelope_from max_per_minute
oauth2: flow token_url tenant client_id client_secret_file certificate_file
 key_file refresh_token_file service_account_file scope
microsoft: authority ca_file client_id scope redirect_uri link_secret_file
 link_days
policy: mode mode.link mode.steps mode.safety mode.ask_domain
 mode.personal_note mode.approved_note first_reply trust_authserv_id
 require_authentication max_replies_per_sender_per_day max_replies_per_hour
 max_age_hours review_below
files: database retention_days rules model templates
web: listen public_url trusted_user_header
log: level format"""


def page(name):
    with open(os.path.join(MAN, name)) as f:
        return f.read()


def contract():
    found = set()
    for line in KEYS.replace("\n ", " ").strip().split("\n"):
        section, _, keys = line.partition(":")
        found |= {(section, k) for k in keys.split()}
    return found


class Manual(unittest.TestCase):
    def setUp(self):
        self.program = program()
        if not self.program:
            self.skipTest("the program is not built")

    def help(self, *command):
        run = subprocess.run([self.program, *command, "--help"],
                             capture_output=True, text=True, timeout=30)
        self.assertEqual(run.returncode, 0, run.stderr)
        return run.stdout

    def documented(self):
        """{command: options} of consentdesk(1)."""
        found = {}
        for line in page("consentdesk.1").split("\n"):
            m = re.match(r"\.It Ic (\S+)(.*)", line)
            if m:
                found[m.group(1)] = {
                    o.replace(" ", "") for o in
                    re.findall(r"Fl (-?[a-z]+)", m.group(2))}
        return found

    def test_commands_and_options(self):
        listed = re.findall(r"(?m)^  ([a-z]+) +\S", self.help())
        documented = self.documented()
        self.assertEqual(sorted(listed), sorted(documented))
        self.assertLessEqual(set(COMMANDS), set(listed))
        for command in listed:
            with self.subTest(command):
                said = self.help(command)
                usage = said.split("\n\n")[0].replace(
                    "[-c FILE]", "")
                there = {o[1:] for o in re.findall(
                    r"(?<![\w-])--?[a-z]+", said)
                    if o[1:] in ("o",) or o.startswith("--")}
                self.assertEqual(there, documented[command])
                # In the usage line too, not in the small print alone.
                for option in there:
                    self.assertIn("-" + option, usage)

    def test_keys(self):
        with open(os.path.join(TOP, "conf", "consentdesk.conf")) as f:
            sample = f.read()
        section, there, documented = None, set(), set()
        for line in sample.split("\n"):
            m = re.match(r"\[(\w+)\]", line)
            section = m.group(1) if m else section
            m = re.match(r"#?([a-z_.0-9]+) =", line)
            if m:
                there.add((section, m.group(1)))
        for line in page("consentdesk.conf.5").split("\n"):
            m = re.match(r"\.Ss \[(\w+)\]", line)
            section = m.group(1) if m else section
            m = re.match(r"\.It Ic (\S+)", line)
            if m:
                documented.add((section, m.group(1)))
        self.assertEqual(there, documented)
        self.assertLessEqual(contract(), there)

    def test_each_command_and_key_is_at_work_in_a_test(self):
        """Its name at least: what it does there is for people to judge."""
        said = ""
        for folder in ("e2e", "servers", "unit"):
            for path, _, names in os.walk(os.path.join(TOP, "tests", folder)):
                for name in names:
                    if name.endswith((".py", ".c")) and name not in (
                            "test_manual.py", "desk.py"):
                        with open(os.path.join(path, name)) as f:
                            said += f.read()
        for command in self.documented():
            with self.subTest(command):
                self.assertRegex(said, rf'[(, ]"{command}"[,)]|'
                                 rf"consentdesk {command}\b")
        for section, key in contract():
            with self.subTest(f"{section}.{key}"):
                self.assertRegex(said, rf'\b{section}(\.|__){key}\b|'
                                 rf'"{key}":|->{section}\.{key}\b')

    def test_answers_and_variables(self):
        text = page("consentdesk-templates.5")
        folder = os.path.join(TOP, "templates", "en")
        names = {n.rpartition(".")[0] for n in os.listdir(folder)
                 if n.endswith(".subject")}
        answers = text[text.index(".Sh ANSWERS"):text.index(".Sh WRITING")]
        self.assertEqual(names, set(re.findall(r"(?m)^\.It Cm (\S+)$",
                                               answers)))
        with open(os.path.join(TOP, "src", "text", "template.c")) as f:
            code = f.read()
        known = re.search(r"answer_variables\[\] = \{(.*?)\}", code, re.S)
        variables = text[text.index(".Sh VARIABLES"):]
        shown = {v for line in re.findall(r"(?m)^\.It Va (.*)$", variables)
                 for v in line.split(" , ")}
        known = re.sub(r"/\*.*?\*/", "", known.group(1), flags=re.S)
        self.assertEqual(set(re.findall(r'"(\w+)"', known)), shown)

    def test_rules(self):
        text = page("consentdesk-rules.5")
        with open(os.path.join(TOP, "src", "text", "codes.c")) as f:
            remedies = re.search(r"\{\s*(\"consent\".*?)\}", f.read(), re.S)
        for word in re.findall(r'"(\w+)"', remedies.group(1)):
            self.assertRegex(text, rf"(?m)^\.It Cm {word}$")

    def test_reasons(self):
        """As a case names them."""
        with open(os.path.join(TOP, "src", "flow", "words.c")) as f:
            words = dict(re.findall(r'\{ "(\w+)", "([^"]+)" \}', f.read()))
        named = re.findall(r"(?m)^\.It (.+) Pq Cm (\w+)$",
                           page("consentdesk-trouble.7"))
        self.assertGreater(len(named), 5)
        for text, code in named:
            self.assertEqual(words[code], text)

    def test_each_claim_names_a_test_that_is_there(self):
        claims = re.findall(r"(?m)^\.Dl test: (\S+)$",
                            page("consentdesk-security.7"))
        self.assertGreater(len(claims), 20)
        tests = os.path.join(TOP, "tests")
        there = ""
        for folder, _, names in os.walk(tests):
            for name in names:
                if re.match(r"(test|fuzz)_\w+\.(py|c)$", name):
                    with open(os.path.join(folder, name)) as f:
                        there += f"\n{name}\n{f.read()}"
                elif folder.endswith("/faults") and name.endswith(".py"):
                    with open(os.path.join(folder, name)) as f:
                        for case in re.findall(r'Case\("([^"]+)"', f.read()):
                            slug = re.sub(r"\W+", "_", case).strip("_")
                            there += f"\ndef test_{slug.lower()}(\n"
        for claim in claims:
            with self.subTest(claim):
                self.assertTrue(self.is_there(claim, there))

    @staticmethod
    def is_there(claim, there):
        if claim.startswith("fuzz/"):
            return f"\nfuzz_{claim[5:]}.c\n" in there
        if re.match(r"[a-z]+_test_", claim):
            return "\n" + claim.partition("_")[2] + ".c\n" in there
        module = claim.partition("/")[0] if "/" in claim else None
        return (f"def {claim.rpartition('.')[2]}(" in there and
                (not module or f"\ntest_{module}.py\n" in there))


if __name__ == "__main__":
    unittest.main()
