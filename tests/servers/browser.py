"""A real browser (Debian's chromium) by plain W3C WebDriver calls to
chromium-driver: a page is opened, a button pressed, a screen read."""

import http.client
import json
import os
import shutil
import tempfile

from .process import Failed, Program, await_port, free_port

ELEMENT = "element-6066-11e4-a52e-4f735466cecf"


def missing():
    """The packages that are not there, or None."""
    names = [p for p, binary in (("chromium", "chromium"),
                                 ("chromium-driver", "chromedriver"))
             if not shutil.which(binary)]
    return " and ".join(names) or None


class Browser:
    """with Browser(folder, names) as b: b.open(url). names: {host: port},
    where a name is to be found on this machine."""

    def __init__(self, names):
        self.names = names
        self.port = free_port()
        self.session = None
        self.folder = tempfile.mkdtemp(prefix="consentdesk-browser-")
        self.program = None

    def __enter__(self):
        env = dict(os.environ, HOME=self.folder, TMPDIR=self.folder)
        self.program = Program(
            [shutil.which("chromedriver"), f"--port={self.port}"],
            os.path.join(self.folder, "driver.log"), env=env)
        try:
            await_port(self.program, self.port, "chromedriver")
            self._begin()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        if self.session:
            try:
                self.call("DELETE", "")
            except (Failed, OSError):
                pass
        self.program.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _begin(self):
        rules = ", ".join(f"MAP {host}:443 127.0.0.1:{port}"
                          for host, port in self.names.items())
        arguments = ["--headless=new", "--no-sandbox", "--disable-gpu",
                     "--disable-dev-shm-usage", "--no-first-run",
                     "--disable-background-networking", "--no-proxy-server",
                     "--user-data-dir=" + os.path.join(self.folder, "user"),
                     "--host-resolver-rules=" + rules]
        got = self.request("POST", "/session", {"capabilities": {
            "alwaysMatch": {
                "browserName": "chrome", "acceptInsecureCerts": True,
                "goog:chromeOptions": {"args": arguments,
                                       "binary": shutil.which("chromium")}}}})
        self.session = got["sessionId"]

    def request(self, method, path, body=None):
        c = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            c.request(method, path, json.dumps(body) if body is not None
                      else None, {"Content-Type": "application/json"})
            r = c.getresponse()
            value = json.loads(r.read())["value"]
        finally:
            c.close()
        if r.status != 200:
            raise Failed(f"{method} {path}: {value['error']}: "
                         f"{value['message'][:500]}")
        return value

    def call(self, method, path, body=None):
        return self.request(method, f"/session/{self.session}{path}", body)

    # ---- what a person does --------------------------------------------------

    def open(self, url):
        self.call("POST", "/url", {"url": url})

    def url(self):
        return self.call("GET", "/url")

    def title(self):
        return self.call("GET", "/title")

    def find(self, xpath):
        return self.call("POST", "/element",
                         {"using": "xpath", "value": xpath})[ELEMENT]

    def text(self, xpath="//body"):
        return self.call("GET", f"/element/{self.find(xpath)}/text")

    def click(self, xpath):
        self.call("POST", f"/element/{self.find(xpath)}/click", {})

    def run(self, script):
        return self.call("POST", "/execute/sync", {"script": script,
                                                   "args": []})
