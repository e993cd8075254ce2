"""The manual says what the program does: every command, option and key, and
nothing that is not there."""

import os
import re
import subprocess
import unittest

from servers.desk import TOP, program

MAN = os.path.join(TOP, "conf", "man")

# Every command and key, behind a test that fails where it does nothing. Scripts
# and configurations depend on them: none may go.
SHOWN = """
test_each_role_is_restarted: run
test_reload_of_a_good_configuration: reload web.listen
test_from_answers_to_an_answer: setup
test_configuration_errors_name_file_line_and_key: check
test_status: status
test_explain: explain
test_eval_tells_the_misses: eval
test_train_makes_a_model_that_is_read_with: train
test_stats_replay_export_backup_forget: replay stats export forget
test_backup_and_restore: backup
test_preview_of_an_answer: templates
test_completion_knows_what_help_says: completion
test_accounts_of_the_queue: user
test_one_hour_of_the_whole_daemon_and_resume: resume policy.max_replies_per_hour
test_draft_mode_prepares_and_a_person_sends: send policy.mode
test_a_case_reads_as_a_conversation: case note
test_cases_are_followed: cases close
test_cases_and_what_a_person_does: reopen snooze merge label
test_what_one_looks_for: assign
test_link: link
test_approved_by_hand: approve
test_the_product_is_anybodys: product.name product.also_known_as
 product.support_address product.help_url microsoft.link_days policy.first_reply
test_imap: mailbox.host mailbox.port mailbox.user mailbox.folder
 mailbox.sent_folder
test_plain_only_to_loopback: mailbox.tls
test_wrong_ca: mailbox.ca_file
test_client_secret: mailbox.auth oauth2.flow oauth2.tenant oauth2.client_id
 oauth2.client_secret_file
test_wrong_password: mailbox.password_file
test_done_folder: mailbox.done_folder
test_start_all_answers_what_is_there: mailbox.start
test_a_day_leaks_nothing: mailbox.idle_seconds
test_a_doubtful_answer_found_in_sent_is_settled: mailbox.sweep_seconds
test_max_fetch: mailbox.max_fetch
test_smtp: smtp.host smtp.port
test_implicit_tls_both_ways: smtp.tls
test_wrong_smtp_ca: smtp.ca_file
test_refused_login_loses_nothing: smtp.user smtp.auth
test_wrong_smtp_password: smtp.password_file
test_a_null_return_path_where_it_is_wanted: smtp.envelope_from
test_one_minute: smtp.max_per_minute
test_certificate: oauth2.certificate_file oauth2.key_file
test_refresh_token_rotates: oauth2.refresh_token_file
test_service_account: oauth2.service_account_file oauth2.token_url oauth2.scope
test_wrong_certificate_of_the_authority: microsoft.authority microsoft.ca_file
test_a_mail_cannot_bend_the_link: microsoft.client_id microsoft.scope
test_check_tries_the_return_address: microsoft.redirect_uri
test_another_key_for_links: microsoft.link_secret_file
test_modes_one_by_one: policy.mode.link policy.mode.safety
 policy.mode.ask_domain policy.mode.personal_note policy.mode.approved_note
test_one_mode_per_action: policy.mode.steps
test_who_is_believed: policy.trust_authserv_id policy.require_authentication
test_the_same_person_is_not_answered_for_ever:
 policy.max_replies_per_sender_per_day
test_too_old_goes_to_a_person: policy.max_age_hours
test_review_below_and_the_log_level: policy.review_below log.level
test_reload_for_another_database: files.database
test_retention: files.retention_days
test_from_the_phrase_to_the_answer: files.rules files.model
test_a_house_without_such_an_answer: files.templates
test_behind_tls: web.public_url
test_a_proxy_that_signs_people_in: web.trusted_user_header
test_json_log: log.format
test_no_way_out_is_only_logged_and_no_loop: log.alarm_address
test_disk_and_mailbox: log.alarm_minutes log.alarm_free"""


def shown():
    """{command or section.key: its test}"""
    lines = SHOWN.replace("\n ", " ").strip().split("\n")
    return {what: test for test, _, rest in
            (line.partition(":") for line in lines) for what in rest.split()}


def page(name):
    with open(os.path.join(MAN, name)) as f:
        return f.read()


def texts(folder, pattern=r"\.py$"):
    said = ""
    for name in sorted(os.listdir(folder)):
        if re.search(pattern, name):
            with open(os.path.join(folder, name)) as f:
                said += f.read()
    return said


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
        self.assertEqual({x for x in shown() if "." not in x}, set(listed))
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
                there.add(f"{section}.{m.group(1)}")
        for line in page("consentdesk.conf.5").split("\n"):
            m = re.match(r"\.Ss \[(\w+)\]", line)
            section = m.group(1) if m else section
            m = re.match(r"\.It Ic (\S+)", line)
            if m:
                documented.add(f"{section}.{m.group(1)}")
        self.assertEqual(there, documented)
        self.assertEqual({x for x in shown() if "." in x}, there)

    def test_each_command_and_key_is_at_work_in_its_test(self):
        """Its name in the test's module at least, or in what that stands on."""
        folder = os.path.join(TOP, "tests")
        common = texts(os.path.join(folder, "servers")) + texts(
            os.path.join(folder, "e2e"), r"(base|oauth_case)\.py$")
        modules = [texts(os.path.join(folder, "e2e"), re.escape(n) + "$")
                   for n in os.listdir(os.path.join(folder, "e2e"))
                   if n.startswith("test_") and n != "test_manual.py"]
        for what, test in shown().items():
            with self.subTest(what):
                module = [m for m in modules if f"def {test}(" in m]
                self.assertEqual(len(module), 1, f"{test} is not there")
                section, _, key = what.rpartition(".")
                self.assertRegex(module[0] + common, (
                    rf'\b{section}(\.|__){key}\b|"{key}":' if section else
                    rf'[(, ]"{what}"[,)]'))

    def test_answers_and_variables(self):
        text = page("consentdesk-templates.5")
        folder = os.path.join(TOP, "templates", "en")
        names = {n.rpartition(".")[0] for n in os.listdir(folder)
                 if n.endswith(".subject")} - {"return_page"}
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
        known = re.search(r"return_variables\[\] = \{(.*?)\}", code, re.S)
        known = re.sub(r"/\*.*?\*/", "", known.group(1), flags=re.S)
        page_of = text[text.index(".Sh THE RETURN PAGE"):
                       text.index(".Sh WRITING")]
        self.assertEqual(set(re.findall(r'"(\w+)"', known)), {
            v for line in re.findall(r"(?m)^\.Va (.*)$", page_of)
            for v in re.findall(r"\w+", line)})

    def test_rules(self):
        text = page("consentdesk-rules.5")
        with open(os.path.join(TOP, "src", "text", "codes.c")) as f:
            remedies = re.search(r"\{\s*(\"consent\".*?)\}", f.read(), re.S)
        for word in re.findall(r'"(\w+)"', remedies.group(1)):
            self.assertRegex(text, rf"(?m)^\.It Cm {word}$")

    def test_labels(self):
        text = page("consentdesk.1")
        text = text[text.index(".Sh LABELS"):text.index(".Sh KEEPING")]
        named = {w for line in re.findall(r"(?m)^\.Cm (.*)$", text)
                 for w in re.findall(r"\w+", line)}
        for file, table in (("intent.c", "intents"),
                            ("intent.c", "contexts"),
                            ("decide.c", "names")):
            with open(os.path.join(TOP, "src", "text", file)) as f:
                code = re.search(rf"\b{table}\[\w+\] = \{{(.*?)\}};",
                                 f.read(), re.S)
            words = set(re.findall(r'"(\w+)"', code.group(1)))
            self.assertTrue(words)
            self.assertEqual(words - named, set())

    def test_reasons(self):
        """As a case names them."""
        with open(os.path.join(TOP, "src", "flow", "words.c")) as f:
            table = f.read().partition("\nwords_reason(")[2].partition("\n}")[0]
        words = dict(re.findall(r'\{ "(\w+)", "([^"]+)" \}', table))
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

    def test_each_claim_has_a_test(self):
        text = page("consentdesk-security.7")
        untested = text[text.index(".Sh WHAT DOES NOT STOP IT"):
                        text.index(".Sh WHAT IS STORED")]
        claims = re.split(r"(?m)^\.(?:It|Ss|Sh) (?=.)", text[
            text.index(".Sh WHO ATTACKS"):text.index(".Sh SEE ALSO")]
            .replace(untested, "").replace(".Bl -tag -width Ds\n", ""))
        claims = [c for c in claims if "\n" in c.strip()]
        self.assertGreater(len(claims), 20)
        for claim in claims:
            self.assertIn("\n.Dl test: ", claim)

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
