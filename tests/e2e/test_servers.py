"""The test servers by themselves, judged by Python's own mail libraries."""

import http.client
import imaplib
import json
import smtplib
import ssl
import unittest
import urllib.parse

from servers import letters
from servers.desk import CLIENT_ID, SCOPE
from servers.dovecot import Dovecot
from servers.microsoft import CHINA, GUID, TENANTS, tenant_of

from . import base


class Servers(base.Case):
    needs_program = False

    def tls(self):
        return ssl.create_default_context(cafile=self.world.ca)

    def get(self, path, method="GET", body=None, headers=None):
        c = http.client.HTTPSConnection(
            "localhost", self.world.microsoft.port, context=self.tls(),
            timeout=10)
        self.addCleanup(c.close)
        c.request(method, path, body, headers or {})
        r = c.getresponse()
        return r, r.read()

    def test_delivery_to_a_mailbox(self):
        mail = letters.letter("jane@redhillcarriers.test", "x@numeo.test",
                              "Hello", "körper\n")
        letters.deliver(self.world.dovecot.lmtp, "servers-1", mail)
        (flags, raw), = letters.read_all(
            self.world.dovecot.imap, "servers-1", self.world.dovecot.password)
        self.assertNotIn("Seen", flags)
        got = letters.parse(raw)
        self.assertEqual(got["Return-Path"], "<jane@redhillcarriers.test>")
        self.assertIn("dmarc=pass", got["Authentication-Results"])
        self.assertEqual(got.get_content().strip(), "körper")

    def test_answers_reach_the_sink(self):
        world = self.world
        mail = letters.letter("s@numeo.test", "bob@far.test", "Out", "x\n")
        with smtplib.SMTP("localhost", world.smtp.submission,
                          timeout=20) as c:
            with self.assertRaises(smtplib.SMTPException):
                c.sendmail("s@numeo.test", ["bob@far.test"], mail)
            c.rset()
            c.starttls(context=self.tls())
            c.login("servers-2", world.dovecot.password)
            c.sendmail("s@numeo.test", ["bob@far.test"], mail)
        with smtplib.SMTP_SSL("localhost", world.smtp.smtps, timeout=20,
                              context=self.tls()) as c:
            with self.assertRaises(smtplib.SMTPAuthenticationError):
                c.login("servers-2", "wrong")
            c.login("servers-2", world.dovecot.password)
            c.sendmail("s@numeo.test", ["bob@far.test"], mail)
        got = world.sink.await_answers(2, X_Original_To="bob@far.test")
        self.assertEqual(len(got), 2)

    def test_support_mail_goes_to_its_mailbox(self):
        world = self.world
        mail = letters.letter("a@far.test", "servers-3@numeo.test", "In", "x\n")
        with smtplib.SMTP_SSL("localhost", world.smtp.smtps, timeout=20,
                              context=self.tls()) as c:
            c.login("servers-3", world.dovecot.password)
            c.sendmail("a@far.test", ["servers-3@numeo.test"], mail)
        base.wait_until("the mail", 10, lambda: letters.read_all(
            world.dovecot.imap, "servers-3", world.dovecot.password))

    def test_imap_over_tls_both_ways(self):
        dovecot = self.world.dovecot
        with imaplib.IMAP4_SSL("localhost", dovecot.imaps, timeout=10,
                               ssl_context=self.tls()) as c:
            c.login("servers-4", dovecot.password)
            self.assertIn(b'Sent', b" ".join(c.list()[1]))
        with imaplib.IMAP4("localhost", dovecot.imap, timeout=10) as c:
            c.starttls(self.tls())
            with self.assertRaises(imaplib.IMAP4.error):
                c.login("servers-4", "wrong")
            self.assertIn("IDLE", c.capabilities)

    def test_bad_certificates_are_bad(self):
        authority = self.world.authority
        for make, why in ((authority.wrong_name, "mismatch"),
                          (authority.expired, "expired")):
            with self.subTest(why):
                server = Dovecot(self.world.inside("bad-" + why), *make())
                try:
                    server.start()
                    with self.assertRaisesRegex(ssl.SSLError, why):
                        imaplib.IMAP4_SSL("localhost", server.imaps,
                                          ssl_context=self.tls(), timeout=10)
                finally:
                    server.stop()

    def test_discovery(self):
        for domain, (guid, region, sub) in TENANTS.items():
            for name in (domain, guid.upper()):
                r, body = self.get(f"/{name}/v2.0/.well-known/"
                                   "openid-configuration")
                doc = json.loads(body)
                self.assertEqual(r.status, 200)
                self.assertEqual(urllib.parse.urlsplit(
                    doc["issuer"]).path, f"/{guid}/v2.0")
                china = region == CHINA
                self.assertEqual(doc["tenant_region_scope"],
                                 None if china else region)
                self.assertEqual(doc["cloud_instance_name"] ==
                                 "partner.microsoftonline.cn", china)
                self.assertEqual(doc.get("tenant_region_sub_scope"), sub)
        r, body = self.get("/nowhere.test/v2.0/.well-known/"
                           "openid-configuration")
        doc = json.loads(body)
        self.assertEqual((r.status, doc["error"], doc["error_codes"]),
                         (400, "invalid_tenant", [90002]))
        self.assertRegex(doc["error_description"], "^AADSTS90002: Tenant "
                         "'nowhere.test' not found")
        self.assertEqual(self.world.microsoft.asked("nowhere.test"), 1)

    def test_discovery_fails_as_told(self):
        path = "/redhillcarriers.test/v2.0/.well-known/openid-configuration"
        self.addCleanup(self.world.microsoft.reset)
        for how, status in (("500", 500), ("503", 503), ("redirect", 302),
                            ("garbage", 200), ("hostile_issuer", 200)):
            with self.subTest(how):
                self.world.microsoft.fail = how
                r, body = self.get(path)
                self.assertEqual(r.status, status)
                if how == "503":
                    self.assertEqual(r.headers["Retry-After"], "120")
                if how == "garbage":
                    with self.assertRaises(ValueError):
                        json.loads(body)

    def test_consent_page(self):
        microsoft = self.world.microsoft
        self.addCleanup(microsoft.reset)
        guid = tenant_of("redhillcarriers.test")
        good = {"client_id": CLIENT_ID, "scope": SCOPE, "state": "s.t-a_te",
                "redirect_uri": microsoft.redirect_uri}

        def ask(changes, method="GET", body=None, tenant=guid):
            query = urllib.parse.urlencode(
                {k: v for k, v in {**good, **changes}.items() if v},
                quote_via=urllib.parse.quote)
            return self.get(f"/{tenant}/v2.0/adminconsent?{query}", method,
                            body)

        r, body = ask({})
        self.assertEqual(r.status, 200)
        self.assertIn(b"Accept", body)
        r, _ = ask({}, "POST", "answer=accept")
        back = urllib.parse.parse_qs(urllib.parse.urlsplit(
            r.headers["Location"]).query)
        self.assertEqual((r.status, back["admin_consent"], back["tenant"],
                          back["state"]),
                         (302, ["True"], [guid], ["s.t-a_te"]))
        r, _ = ask({}, "POST", "answer=cancel")
        back = urllib.parse.parse_qs(urllib.parse.urlsplit(
            r.headers["Location"]).query)
        self.assertEqual((back["error"], back["admin_consent"]),
                         (["access_denied"], ["True"]))
        self.assertNotIn("tenant", back)
        self.assertRegex(back["error_description"][0], "^AADSTS65004")
        r, _ = ask({}, "POST", "answer=accept", tenant="organizations")
        self.assertTrue(GUID.match(urllib.parse.parse_qs(urllib.parse.urlsplit(
            r.headers["Location"]).query)["tenant"][0]))
        for changes, tenant in (({"client_id": "x"}, guid),
                                ({"scope": SCOPE + " openid"}, guid),
                                ({"redirect_uri": "https://evil.test"}, guid),
                                ({"state": ""}, guid), ({}, "common"),
                                ({}, "redhillcarriers.test")):
            with self.subTest((changes, tenant)):
                self.assertEqual(ask(changes, tenant=tenant)[0].status, 400)


if __name__ == "__main__":
    unittest.main()
