"""A folder of labelled mails, all delivered, what was done compared with the
labels. CD_CORPUS names the folder (labels.jsonl and .eml files)."""

import collections
import email
import json
import os
import unittest

from servers import letters

from . import base

SHARE = 0.85
# What an action leaves behind: (state of the case or None, answered).
OUTCOME = {
    "ignore": (None, False), "leave": (None, False),
    "review": ("review", False), "close": ("closed", False),
    "link": ("waiting", True), "ask_domain": ("waiting", True),
    "safety": ("waiting", True), "steps": ("waiting", True),
    "personal_note": ("closed", True), "approved_note": ("approved", True),
}


class Corpus(base.Case):
    def setUp(self):
        super().setUp()
        folder = os.environ.get("CD_CORPUS", "")
        for path in (folder, os.path.join(folder, "dev")):
            if folder and os.path.exists(os.path.join(path, "labels.jsonl")):
                self.folder = path
                break
        else:
            self.skipTest("corpus not there")
        with open(os.path.join(self.folder, "labels.jsonl"),
                  encoding="utf-8") as f:
            self.labels = [json.loads(line) for line in f]

    def read(self, label):
        with open(os.path.join(self.folder, label["file"]), "rb") as f:
            return f.read()

    def test_all_mails_over_lmtp(self):
        desk = self.desk({
            "product.support_address": "support@numeo.ai",
            "policy.trust_authserv_id": "mx.numeo.ai",
            "policy.max_age_hours": 8760, "mailbox.start": "all",
            "policy.max_replies_per_sender_per_day": 50}, start=False)
        for label in self.labels:
            self.world.mail(desk, self.read(label))
        desk.start()
        base.wait_until("all mails to be read", 120, lambda:
                        desk.log_text().count("mail.stored") >=
                        len(self.labels), 0.5)
        base.wait_until("the outbox to be empty", 60, lambda:
                        self.outbox_empty(desk), 0.5)
        answered = collections.Counter(
            a["In-Reply-To"] for a in
            self.world.sink.answers(From="support@numeo.ai"))
        self.assertEqual([i for i, n in answered.items() if n > 1], [])
        good, wrong_answers, misses = 0, 0, []
        for label in self.labels:
            head = email.message_from_bytes(self.read(label))
            sent = head["Message-ID"] in answered
            due = OUTCOME[label["action"]][1]
            good += sent == due
            wrong_answers += sent and not due
            if sent != due:
                misses.append((label["file"], label["action"]))
        share = good / len(self.labels)
        print(f"    answered or silent as labelled: {share:.1%}, "
              f"{wrong_answers} wrong answers")
        self.assertGreaterEqual(share, SHARE, misses)

    @staticmethod
    def outbox_empty(desk):
        text = json.dumps(desk.json("status"))
        return not any(f'"{w}": {n}' in text for w in ("queued", "claimed")
                       for n in range(1, 10)) and text

    def test_explain_agrees_with_the_labels(self):
        desk = self.desk({
            "product.support_address": "support@numeo.ai",
            "policy.trust_authserv_id": "mx.numeo.ai",
            "policy.max_age_hours": 8760}, start=False)
        files = [os.path.join(self.folder, x["file"]) for x in self.labels]
        run = desk.cli("explain", "--json", *files, timeout=120)
        self.assertEqual(run.returncode, 0, run.stderr[-2000:])
        rows = [json.loads(x) for x in run.stdout.splitlines()]
        self.assertEqual([r["file"] for r in rows], files)
        misses = [(x["file"], x["action"], r["action"])
                  for x, r in zip(self.labels, rows)
                  if x["action"] != r["action"]]
        share = 1 - len(misses) / len(rows)
        print(f"    actions as labelled: {share:.1%}")
        self.assertGreaterEqual(share, SHARE, misses)


if __name__ == "__main__":
    unittest.main()
