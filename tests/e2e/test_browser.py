"""The queue in a real browser: a morning at the desk, by mouse and by keyboard,
and whether everybody can read it."""

import glob
import json
import os
import shutil
import tempfile
import time
import unittest

try:
    from selenium import webdriver
    from selenium.webdriver.chrome.service import Service
    from selenium.webdriver.common.by import By
    from selenium.webdriver.common.keys import Keys
    from selenium.webdriver.support.ui import Select, WebDriverWait
except ImportError:
    webdriver = None

from . import base
from .test_desk import BLOCKED, PASSWORD, STILL

DRIVER, CHROMIUM = shutil.which("chromedriver"), shutil.which("chromium")
# Every text against the nearest painted ground behind it: WCAG 1.4.3.
CONTRAST = r"""
function rgb(text) {
    const v = text.match(/[\d.]+/g).map(Number);
    return v.length < 4 ? [...v, 1] : v;
}
function light(c) {
    const [r, g, b] = c.slice(0, 3).map((x) => {
        x /= 255;
        return x <= 0.04045 ? x / 12.92 : Math.pow((x + 0.055) / 1.055, 2.4);
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
function ground(e) {
    for (; e; e = e.parentElement) {
        const c = rgb(getComputedStyle(e).backgroundColor);
        if (c[3] === 1)
            return c;
    }
    return [255, 255, 255, 1];
}
const bad = [];
for (const e of document.querySelectorAll("body *")) {
    const own = [...e.childNodes].some(
        (n) => n.nodeType === 3 && n.textContent.trim());
    if (!own && !e.matches("input, textarea, select"))
        continue;
    if (!e.checkVisibility() || e.matches("option, title, script"))
        continue;
    const a = light(rgb(getComputedStyle(e).color)), b = light(ground(e));
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (ratio < 4.5)
        bad.push(`${e.tagName}.${e.className} ${ratio.toFixed(2)} ` +
                 e.textContent.trim().slice(0, 40));
}
return bad;
"""
# A name for everything that can be used, a heading and landmarks for the page.
NAMES = r"""
const bad = [];
for (const e of document.querySelectorAll(
        "a, button, input:not([type=hidden]), select, textarea, iframe")) {
    const name = e.getAttribute("aria-label") || e.title ||
        (e.labels && [...e.labels].map((l) => l.textContent).join("")) ||
        e.textContent;
    if (!name.trim())
        bad.push(e.outerHTML.slice(0, 120));
}
const ids = [...document.querySelectorAll("[id]")].map((e) => e.id);
if (new Set(ids).size !== ids.length)
    bad.push("an id twice: " + ids.join(" "));
for (const one of ["main", "h1", "title"])
    if (document.querySelectorAll(one === "title" ? "head title" : one)
            .length !== 1)
        bad.push(`not one ${one}`);
if (!document.documentElement.lang)
    bad.push("no language");
if (document.documentElement.scrollWidth > innerWidth)
    bad.push("wider than the window: " +
             document.documentElement.scrollWidth + " > " + innerWidth);
return bad;
"""


def axe():
    """The newest axe-core that tests/install has fetched; None: none."""
    cache = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
    found = sorted(glob.glob(os.path.join(
        cache, "consentdesk", "axe-core@*", "node_modules", "axe-core",
        "axe.min.js")))
    if not found:
        return None
    with open(found[-1], encoding="utf-8") as f:
        return f.read()


@unittest.skipUnless(webdriver and DRIVER and CHROMIUM,
                     "no Chromium or no Selenium here")
class Morning(base.Case):
    def setUp(self):
        super().setUp()
        self.profile = tempfile.mkdtemp(prefix="consentdesk-browser-")
        self.addCleanup(shutil.rmtree, self.profile, True)
        options = webdriver.ChromeOptions()
        options.binary_location = CHROMIUM
        for word in ("--headless=new", "--no-sandbox", "--disable-gpu",
                     "--disable-dev-shm-usage", "--window-size=1280,900",
                     "--user-data-dir=" + self.profile):
            options.add_argument(word)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
        self.browser = webdriver.Chrome(service=Service(DRIVER),
                                        options=options)
        self.addCleanup(self.browser.quit)
        self.browser.set_page_load_timeout(60)

    def find(self, css):
        return self.browser.find_element(By.CSS_SELECTOR, css)

    def all(self, css):
        return self.browser.find_elements(By.CSS_SELECTOR, css)

    def until(self, what, probe, seconds=30):
        return WebDriverWait(self.browser, seconds, 0.2,
                             ignored_exceptions=[Exception]).until(
            lambda _: probe(), what)

    def press(self, *keys):
        for key in keys:
            self.find("body").send_keys(key)

    def arrive(self, desk, subject, body, sender=None, **how):
        sender = sender or "ann@" + self.domain()
        self.send(desk, sender, subject, body, **how)
        base.wait_until("the case", 20, lambda: any(
            c["from"] == sender for c in desk.cases()), 0.2)
        return next(c for c in desk.cases() if c["from"] == sender)

    def sign_in(self, desk):
        self.browser.get(f"http://127.0.0.1:{desk.web_port}/")
        self.find("#name").send_keys("maria")
        self.find("#password").send_keys(PASSWORD, Keys.ENTER)
        self.until("signed in", lambda: self.find("header.top"))

    def no_complaints(self):
        """What the browser refused or could not run."""
        log = [e for e in self.browser.get_log("browser")
               if e["level"] == "SEVERE" and "409" not in e["message"]]
        self.assertEqual(log, [])

    def office(self):
        desk = self.desk({"policy.mode": "draft"})
        run = desk.cli("user", "add", "maria", "--lead",
                       stdin=PASSWORD.encode() + b"\n")
        self.assertEqual(run.returncode, 0, run.stderr)
        return desk

    def test_a_morning(self):
        desk = self.office()
        first = self.arrive(desk, "The first one", BLOCKED)
        time.sleep(1.1)
        second = self.arrive(desk, "The second one", STILL)
        self.sign_in(desk)
        self.assertTrue(self.browser.title.startswith("(2) Needs a person"))

        # The oldest first; opened by the keyboard.
        self.press("j", Keys.ENTER)
        self.until("the case", lambda: self.find("article.mail"))
        self.assertIn("The first one", self.find("h1").text)
        self.assertIn("A draft is ready", self.find(".meta").text)
        self.assertTrue(self.all("article.mail mark"))
        # One click sends it: the button is there without scrolling.
        self.assertTrue(self.browser.execute_script(
            "const b = document.querySelector('form.send button.main')"
            ".getBoundingClientRect(); return scrollY === 0 && "
            "b.top > 0 && b.bottom <= innerHeight;"))
        self.press("a")
        box = self.browser.switch_to.active_element
        self.assertEqual(box.get_attribute("id"), "text")
        box.send_keys(Keys.CONTROL, Keys.HOME)
        box.send_keys("Dear Ann, Maria here.\n")
        box.send_keys(Keys.CONTROL, Keys.ENTER)
        self.until("sent", lambda: self.find(".done"))
        mail = self.answer(desk, first["from"])
        self.assertIn("Dear Ann, Maria here.",
                      mail.get_body(("plain",)).get_content())

        # On to the next one; the reading was wrong.
        self.press("n")
        self.until("the second", lambda: "second" in self.find("h1").text)
        Select(self.find("form.label select")).select_by_value("greyed_out")
        self.find("form.label button").click()
        self.until("corrected", lambda: self.find(".done"))
        self.assertEqual(desk.json("case", second["id"])["intent"],
                         "greyed_out")

        # A colleague was faster: what was typed is kept, nothing is sent.
        box = self.find("#text")
        box.clear()
        box.send_keys("My own words")
        self.assertEqual(desk.cli("close", second["id"]).returncode, 0)
        self.find("form.send button.main").click()
        self.until("refused", lambda: self.find(".alert"))
        self.assertIn("Not sent", self.find(".alert").text)
        self.assertEqual(self.find("#text").get_attribute("value").strip(),
                         "My own words")
        self.assertEqual(len(self.all_answers(desk)), 1)
        # What comes in now is told on this page, too.
        desk.cli("note", second["id"], "I rang them")
        self.until("the hint", lambda: self.find(".live.shown a"))
        self.assertTrue(self.find(".live a").get_attribute("href").endswith(
            f"/cases/{second['id']}"))

        # What is left is closed at once. What was typed may go.
        self.browser.execute_script(
            "document.getElementById('text').value = "
            "document.getElementById('text').defaultValue")
        self.arrive(desk, "The third one", BLOCKED)
        self.browser.get(f"http://127.0.0.1:{desk.web_port}/cases?view=all")
        self.press("j", "x", "j", "x", "j", "x", "e")
        self.until("closed", lambda: self.find(".done"))
        self.assertEqual({c["state"] for c in desk.cases()}, {"closed"})
        self.no_complaints()

    def test_news_without_a_reload(self):
        desk = self.office()
        self.arrive(desk, "The first one", BLOCKED)
        self.sign_in(desk)
        self.browser.execute_script("window.unbroken = true")
        self.press("j")
        self.arrive(desk, "Came in while I looked", STILL)
        self.until("the new row", lambda: len(self.all("tr[data-case]")) == 2)
        self.assertTrue(self.browser.title.startswith("(2) "))
        self.assertTrue(self.browser.execute_script("return window.unbroken"))
        self.assertIn("The first one",
                      self.browser.switch_to.active_element.text)
        # Both are selected by the keyboard and closed.
        self.press("x", "j", "x", "e")
        self.until("both closed", lambda: self.find(".empty"))
        self.assertEqual({c["state"] for c in desk.cases()}, {"closed"})

        # On a case page what is typed stays; what is new is told.
        third = self.arrive(desk, "The third one", BLOCKED)
        self.browser.get(
            f"http://127.0.0.1:{desk.web_port}/cases/{third['id']}")
        self.find("#text").send_keys("half a word")
        desk.cli("note", third["id"], "I rang them")
        self.until("the hint", lambda: self.find(".live.shown a"))
        self.assertIn("half a word",
                      self.find("#text").get_attribute("value"))
        self.no_complaints()

    def test_what_moves_is_no_longer_selected(self):
        """A mail that came in meanwhile is to be seen before its case is closed."""
        desk = self.office()
        cases = [self.arrive(desk, "The first one", BLOCKED),
                 self.arrive(desk, "The second one", BLOCKED)]
        self.sign_in(desk)
        self.press("j", "x", "j", "x")
        self.send(desk, cases[0]["from"], "Re: The first one", STILL)
        self.until("the list anew", lambda: "up to date" in
                   self.find("#live").get_attribute("textContent"))
        self.assertEqual([box.get_attribute("value") for box in
                          self.all("input[name=id]:checked")],
                         [str(cases[1]["id"])])
        self.press("e")
        self.until("closed", lambda: self.find(".done"))
        self.assertEqual([desk.json("case", c["id"])["state"] for c in cases],
                         ["review", "closed"])
        self.no_complaints()

    def test_a_list_that_stands_still_says_so(self):
        """Where the session has ended: whoever looks at it would wait."""
        desk = self.office()
        self.arrive(desk, "The first one", BLOCKED)
        self.sign_in(desk)
        self.browser.delete_cookie("desk_session")
        self.arrive(desk, "Came in while I looked", STILL)
        self.until("the hint", lambda: self.find(".live.shown a"))
        self.assertIn("signed out", self.find(".live").text)
        self.find(".live a").click()
        self.until("the way in", lambda: self.find("#password"))

    def test_a_slip_loses_no_words(self):
        desk = self.office()
        case = self.arrive(desk, "The first one", BLOCKED)
        self.sign_in(desk)
        for box in ("#text", "#note"):
            self.browser.get(
                f"http://127.0.0.1:{desk.web_port}/cases/{case['id']}")
            for typed, asked in (("", False), ("half a word", True)):
                self.find(box).send_keys(typed)
                self.assertEqual(asked, self.browser.execute_script(
                    "const e = new Event('beforeunload', {cancelable: true});"
                    "dispatchEvent(e); return e.defaultPrevented;"), box)
        # Its own form may go.
        self.find("form.note button").click()
        self.until("kept", lambda: self.find(".done"))
        self.assertIn("half a word", self.find("article.note").text)
        self.no_complaints()

    def test_a_long_mail_leaves_the_answer_in_reach(self):
        desk = self.office()
        long = self.arrive(desk, "The long one", BLOCKED + "".join(
            f"line {i} of a log\n" for i in range(3000)))
        short = self.arrive(desk, "The short one", BLOCKED)
        self.sign_in(desk)
        for case, tall in ((long, 1), (short, 0)):
            self.browser.get(
                f"http://127.0.0.1:{desk.web_port}/cases/{case['id']}")
            self.assertEqual(len(self.all("article > .tall")), tall)
            self.assertLess(self.find("#answer").rect["y"], 1800)
        # All of it can be read, by the keyboard as well.
        self.browser.back()
        text = self.find("article > .tall")
        self.assertTrue(text.get_attribute("textContent").strip().endswith(
            "line 2999 of a log"))
        text.send_keys(Keys.END)
        self.until("the end", lambda: self.browser.execute_script(
            "return arguments[0].scrollTop > 1000", text))
        self.assertEqual(self.browser.execute_script(NAMES), [])
        self.no_complaints()

    def test_the_keys_are_told(self):
        desk = self.office()
        self.sign_in(desk)
        self.press("?")
        self.until("the keys", lambda: self.find("#keys[open]"))
        self.assertIn("next case", self.find("#keys").text)
        self.press(Keys.ESCAPE)
        self.until("closed", lambda: not self.all("#keys"))
        self.press("/")
        self.assertEqual(
            self.browser.switch_to.active_element.get_attribute("id"), "q")
        self.no_complaints()

    def full_desk(self):
        desk = self.office()
        case = self.arrive(desk, "W" * 300 + " The first one", STILL + """
On Monday, Numeo wrote:
> an older thing
""", "a" * 60 + "@" + "b" * 50 + ".m365.test", verdict=None)
        desk.cli("note", case["id"], "A note for the team")
        done = self.arrive(desk, "The second", BLOCKED)
        desk.cli("send", done["id"])
        self.answer(desk, done["from"])
        return desk, ("/cases?view=all", "/cases?view=closed",
                      f"/cases/{case['id']}", f"/cases/{done['id']}?done=send",
                      "/numbers", "/cases/999")

    def test_everybody_can_read_it(self):
        desk, paths = self.full_desk()
        self.browser.get(f"http://127.0.0.1:{desk.web_port}/login")
        self.readable("login")
        self.sign_in(desk)
        for path in paths:
            self.browser.get(f"http://127.0.0.1:{desk.web_port}{path}")
            self.readable(path)

    def test_axe_finds_nothing(self):
        script = axe()
        if not script:
            self.skipTest("axe-core is not there: npm could not be had")
        desk, paths = self.full_desk()
        # It runs beside the page, which itself runs nothing but its own.
        self.browser.execute_cdp_cmd("Page.setBypassCSP", {"enabled": True})
        self.browser.set_script_timeout(60)
        self.browser.get(f"http://127.0.0.1:{desk.web_port}/login")
        self.no_findings(script, "login")
        self.sign_in(desk)
        for path in paths:
            self.browser.get(f"http://127.0.0.1:{desk.web_port}{path}")
            self.no_findings(script, path)
        self.press("?")
        self.until("the keys", lambda: self.find("#keys[open]"))
        self.no_findings(script, "keys")

    def no_findings(self, script, page):
        for width, scheme in ((1280, "light"), (1280, "dark"), (390, "light")):
            self.look_as(width, scheme)
            with self.subTest(page=page, width=width, scheme=scheme):
                self.open_all()
                self.browser.execute_script(script)
                found = self.browser.execute_async_script(
                    "const done = arguments[0];"
                    "axe.run({resultTypes: ['violations'], iframes: false})"
                    ".then((r) => done(r.violations.map((v) => ({"
                    "rule: v.id, impact: v.impact, help: v.help,"
                    "at: v.nodes.map((n) => n.html.slice(0, 200))}))),"
                    "(e) => done([{rule: String(e), impact: 'critical'}]));")
                for one in found:
                    print("axe:", page, json.dumps(one))
                self.assertEqual([f for f in found if f["impact"] in
                                  ("serious", "critical")], [])

    def look_as(self, width, scheme):
        self.browser.execute_cdp_cmd(
            "Emulation.setDeviceMetricsOverride",
            {"width": width, "height": 900, "deviceScaleFactor": 1,
             "mobile": False})
        self.browser.execute_cdp_cmd(
            "Emulation.setEmulatedMedia", {"features": [
                {"name": "prefers-color-scheme", "value": scheme},
                {"name": "prefers-reduced-motion", "value": "reduce"}]})

    def open_all(self):
        for d in self.all("details"):
            self.browser.execute_script("arguments[0].open = true", d)

    def readable(self, what):
        for scheme in ("light", "dark"):
            for width in (1280, 390):
                self.look_as(width, scheme)
                with self.subTest(page=what, scheme=scheme, width=width):
                    self.open_all()
                    self.assertEqual(
                        self.browser.execute_script(CONTRAST), [])
                    self.assertEqual(self.browser.execute_script(NAMES), [])
                folder = os.environ.get("CD_PICTURES")
                if folder:
                    name = "".join(c if c.isalnum() else "-" for c in what)
                    self.browser.save_screenshot(os.path.join(
                        folder, f"{name}-{scheme}-{width}.png"))


if __name__ == "__main__":
    unittest.main()
