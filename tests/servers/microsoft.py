"""A stand-in for login.microsoftonline.com: tenant discovery (OpenID metadata),
the v2.0 admin consent page and access tokens (tokens.py), over HTTPS with the
test CA's certificate.

Field names and error bodies are those that Microsoft's own service gives.
It checks what we send and remembers it, and fails in each way it is told to:

    stand_in.signed_in = {"domain": ..., "admin": True}   who opens the link
    stand_in.fail = "500" | "503" | "hang" | "garbage" | "huge" | "redirect" |
                    "hostile_issuer" | "other_tenant" | "literal_tenant" | None
"""

import html
import http.client
import http.server
import json
import re
import secrets
import ssl
import threading
import time
import urllib.parse
import uuid

from .process import Failed
from .tokens import Tokens

GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\Z", re.I)
CONSUMERS = "9188040d-6c67-4c5b-b112-36a304b66dad"

CHINA = "21Vianet"      # in place of a region: the cloud of that name
# Domain -> (tenant, tenant_region_scope, tenant_region_sub_scope)
TENANTS = {
    "redhillcarriers.test":
        ("5b1f0a52-3c6e-4e0e-9a6c-1f2d3c4b5a60", "NA", None),
    "pruitthauling.test":
        ("0c9d8e7f-1a2b-4c3d-8e4f-5a6b7c8d9e0f", "NA", None),
    "kestrel-it.test":
        ("a7e1c2d3-b4f5-4678-9a0b-c1d2e3f4a5b6", "EU", None),
    "countyroads.test":
        ("11112222-3333-4444-8555-666677778888", "NA", "GCC"),
    "fedfreight.test":
        ("d0d0d0d0-aaaa-4bbb-8ccc-0123456789ab", "USGov", "DODCON"),
    "yangtzefreight.test":
        ("c4c4c4c4-bbbb-4ccc-8ddd-0123456789ab", CHINA, None),
    "outlook.com": (CONSUMERS, "WW", None),
    "hotmail.com": (CONSUMERS, "WW", None),
}


def tenant_of(domain):
    """The GUID of a test domain: of the table, or made from a name that ends
    in .m365.test, so that a test can have a tenant of its own, or in -m365.com,
    which is an organisation of its own too."""
    domain = domain.lower()
    if domain in TENANTS:
        return TENANTS[domain][0]
    if domain.endswith((".m365.test", "-m365.com")):
        return str(uuid.uuid5(uuid.NAMESPACE_DNS, domain))
    return None


def metadata(base, guid, region, sub):
    instance, graph = {
        "USGov": ("microsoftonline.us", "graph.microsoft.us"),
        CHINA: ("partner.microsoftonline.cn",
                "microsoftgraph.chinacloudapi.cn"),
    }.get(region, ("microsoftonline.com", "graph.microsoft.com"))
    doc = {
        "token_endpoint": f"{base}/{guid}/oauth2/v2.0/token",
        "token_endpoint_auth_methods_supported": [
            "client_secret_post", "private_key_jwt", "client_secret_basic",
            "self_signed_tls_client_auth"],
        "jwks_uri": f"{base}/{guid}/discovery/v2.0/keys",
        "response_modes_supported": ["query", "fragment", "form_post"],
        "subject_types_supported": ["pairwise"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "response_types_supported": ["code", "id_token", "code id_token",
                                     "id_token token"],
        "scopes_supported": ["openid", "profile", "email", "offline_access"],
        "issuer": f"{base}/{guid}/v2.0",
        "request_uri_parameter_supported": False,
        "userinfo_endpoint": f"https://{graph}/oidc/userinfo",
        "authorization_endpoint": f"{base}/{guid}/oauth2/v2.0/authorize",
        "device_authorization_endpoint":
            f"{base}/{guid}/oauth2/v2.0/devicecode",
        "http_logout_supported": True,
        "frontchannel_logout_supported": True,
        "end_session_endpoint": f"{base}/{guid}/oauth2/v2.0/logout",
        "claims_supported": [
            "sub", "iss", "cloud_instance_name", "cloud_instance_host_name",
            "cloud_graph_host_name", "msgraph_host", "aud", "exp", "iat",
            "auth_time", "acr", "nonce", "preferred_username", "name", "tid",
            "ver", "at_hash", "c_hash", "email"],
        "tenant_region_scope": None if region == CHINA else region,
        "cloud_instance_name": instance,
        "cloud_graph_host_name": "graph.windows.net",
        "msgraph_host": graph,
        "rbac_url": "https://pas.windows.net",
    }
    if sub:
        doc["tenant_region_sub_scope"] = sub
    return doc


def not_found(name):
    now = time.strftime("%Y-%m-%d %H:%M:%SZ", time.gmtime())
    trace, correlation = str(uuid.uuid4()), str(uuid.uuid4())
    return {
        "error": "invalid_tenant",
        "error_description":
            f"AADSTS90002: Tenant '{name}' not found. Check to make sure you "
            "have the correct tenant ID and are signing into the correct "
            "cloud. Check with your subscription administrator, this may "
            "happen if there are no active subscriptions for the tenant. "
            f"Trace ID: {trace} Correlation ID: {correlation} "
            f"Timestamp: {now}",
        "error_codes": [90002],
        "timestamp": now,
        "trace_id": trace,
        "correlation_id": correlation,
        "error_uri": "https://login.microsoftonline.com/error?code=90002",
    }


PAGE = """<!doctype html><html><head><title>Permissions requested</title></head>
<body><h1>Permissions requested</h1><p>Review for your organization</p>
<p>{app} <b>Unverified</b></p><ul>{scopes}</ul>
<p>If you accept, this app will get access to the specified resources for all
users in your organization.</p>
<form method="post" action="{action}"><button name="answer" value="cancel">
Cancel</button> <button name="answer" value="accept">Accept</button></form>
</body></html>
"""


BLOCKED = """<!doctype html><html><head><title>Need admin approval</title></head>
<body><h1>Need admin approval</h1><p>{app} needs permission to access resources
in your organization that only an admin can grant. Please ask an admin to grant
permission to this app before you can use it.</p>
<a href="{back}">Return to the application without granting consent</a>
</body></html>
"""


class _Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "stand-in"
    timeout = 30

    def log_message(self, *args):
        pass

    def setup(self):
        self.request.settimeout(10)
        self.request.do_handshake()
        super().setup()

    def send(self, status, body, kind="application/json; charset=utf-8",
             headers=()):
        data = body.encode() if isinstance(body, str) else body
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        for name, value in headers:
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(data)

    def do_GET(self):
        self.route()

    def do_POST(self):
        n = int(self.headers.get("Content-Length") or 0)
        self.form = urllib.parse.parse_qs(
            self.rfile.read(min(n, 65536)).decode("ascii", "replace"))
        self.route()

    def route(self):
        owner = self.server.owner
        url = urllib.parse.urlsplit(self.path)
        parts = [urllib.parse.unquote(p) for p in url.path.split("/")[1:]]
        with owner.lock:
            owner.requests.append((time.time(), self.command, self.path,
                                   dict(self.headers)))
        if (len(parts) == 4 and parts[1] == "v2.0"
                and parts[2:] == [".well-known", "openid-configuration"]):
            self.discovery(owner, parts[0].lower())
        elif len(parts) == 3 and parts[1:] == ["v2.0", "adminconsent"]:
            self.consent(owner, parts[0].lower(), url.query)
        elif not (self.command == "POST" and
                  owner.tokens.answer(self, url.path, self.form)):
            self.send(404, "{}")

    # ---- discovery ---------------------------------------------------------

    def discovery(self, owner, name):
        for header in ("Authorization", "Cookie", "Referer"):
            if header in self.headers:
                owner.complaints.append(f"{header} was sent to discovery")
        if self.command != "GET" or "?" in self.path:
            owner.complaints.append(f"odd request {self.command} {self.path}")
        if owner.fail and self.misbehave(owner, name):
            return
        if owner.delay:
            owner.stopping.wait(owner.delay)
        if name in ("common", "organizations"):
            doc = metadata(owner.url, "{tenantid}", None, None)
            return self.send(200, json.dumps(doc))
        found = owner.find(name)
        if not found:
            return self.send(400, json.dumps(not_found(name)))
        self.send(200, json.dumps(metadata(owner.url, *found)))

    def misbehave(self, owner, name):
        """True: an answer was given (or withheld)."""
        good = owner.find(name) or (str(uuid.uuid4()), "NA", None)
        doc = metadata(owner.url, *good)
        evil = "deadbeef-dead-4eef-8ead-deadbeefdead"
        if owner.fail == "500":
            self.send(500, "<h1>Our services aren't available right now</h1>",
                      "text/html")
        elif owner.fail == "503":
            self.send(503, "{}", headers=[("Retry-After", "120")])
        elif owner.fail == "429":
            self.send(429, "{}", headers=[("Retry-After", "120")])
        elif owner.fail == "hang":
            owner.stopping.wait(60)
            self.close_connection = True
        elif owner.fail == "garbage":
            self.send(200, '{"issuer": "https://' + "x" * 50)
        elif owner.fail == "huge":
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(64 << 20))
            self.end_headers()
            chunk = b'{"a":"' + b"a" * 65530
            try:
                for _ in range(1024):
                    self.wfile.write(chunk)
                    owner.sent_huge += len(chunk)
            except OSError:
                pass
            self.close_connection = True
        elif owner.fail == "redirect":
            self.send(302, "", headers=[
                ("Location", f"{owner.url}/{evil}/v2.0/.well-known/"
                             "openid-configuration")])
        elif owner.fail == "hostile_issuer":
            doc["issuer"] = ("https://evil.test/x\r\n<script>?" +
                             "../../" + evil + "/v2.0")
            self.send(200, json.dumps(doc))
        elif owner.fail == "other_tenant":
            doc["issuer"] = f"{owner.url}/{evil}/v2.0"
            self.send(200, json.dumps(doc))
        elif owner.fail == "literal_tenant":
            doc["issuer"] = f"{owner.url}/{{tenantid}}/v2.0"
            self.send(200, json.dumps(doc))
        else:
            return False
        return True

    # ---- consent -----------------------------------------------------------

    def consent(self, owner, tenant, query):
        given = urllib.parse.parse_qs(query, keep_blank_values=True)
        ask = {k: v[0] for k, v in given.items()}
        fault = owner.check_consent(tenant, given, ask)
        if fault:
            owner.complaints.append(fault)
            return self.send(400, f"<h1>Sorry</h1><p>{fault}</p>", "text/html")
        answer = (self.form.get("answer", [""])[0]
                  if self.command == "POST" else None)
        wrong = owner.wrong_account(tenant, ask)
        if wrong:
            return self.send(302, "", headers=[("Location", wrong)])
        if not owner.signed_in["admin"]:
            return self.send(200, BLOCKED.format(
                app="Numeo Spot", back=html.escape(owner.not_admin(ask))),
                "text/html; charset=utf-8")
        if answer is None:
            scopes = "".join(f"<li>{s}</li>" for s in ask["scope"].split())
            return self.send(200, PAGE.format(app="Numeo Spot", scopes=scopes,
                             action=self.path.replace("&", "&amp;")),
                             "text/html; charset=utf-8")
        to = (owner.accepted(tenant, ask) if answer == "accept"
              else owner.declined(ask))
        self.send(302, "", headers=[("Location", to)])


class _Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, request, client_address):
        pass


class Microsoft:
    """url; requests: [(time, method, path, headers)]; complaints: what we did
    that Microsoft's documentation forbids; fail, delay: how to misbehave."""

    def __init__(self, certificate, key, client_id, redirect_uri, scope,
                 host="localhost"):
        self.client_id, self.scope = client_id, scope
        self.redirect_uri = redirect_uri
        self.lock = threading.Lock()
        self.stopping = threading.Event()
        self.sent_huge = 0
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.owner = self
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        context.load_cert_chain(certificate, key)
        self._server.socket = context.wrap_socket(
            self._server.socket, server_side=True,
            do_handshake_on_connect=False)
        self.port = self._server.server_address[1]
        self.url = f"https://{host}:{self.port}"
        self.tokens = Tokens()
        self.reset()
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.05,), daemon=True)

    def reset(self):
        self.fail, self.delay = None, 0
        self.requests, self.complaints = [], []
        self.consents = []
        self.signed_in = {"domain": None, "admin": True}
        self.error = None       # (error, AADSTS code, text) for every consent
        self.sent_huge = 0

    def start(self):
        self._thread.start()
        return self

    def stop(self):
        self.stopping.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(5)

    def asked(self, name):
        """How often discovery was asked for this domain or GUID."""
        with self.lock:
            return sum(1 for _, _, path, _ in self.requests
                       if path.lower().startswith(f"/{name.lower()}/v2.0/."))

    @staticmethod
    def find(name):
        if GUID.match(name):
            for guid, region, sub in TENANTS.values():
                if guid == name:
                    return guid, region, sub
            return None
        if name in TENANTS:
            return TENANTS[name]
        guid = tenant_of(name)
        return (guid, "NA", None) if guid else None

    def check_consent(self, tenant, given, ask):
        """What is wrong with a consent address, or None."""
        twice = [k for k, v in given.items() if len(v) != 1]
        if twice:
            return f"AADSTS90014: {twice[0]} is given more than once"
        if tenant == "common":
            return "AADSTS900144: do not use 'common' for admin consent"
        if tenant != "organizations" and not GUID.match(tenant):
            return f"the tenant {tenant!r} is no GUID and not 'organizations'"
        if ask.get("client_id") != self.client_id:
            return "AADSTS700016: Application was not found in the directory"
        if ask.get("redirect_uri") != self.redirect_uri:
            return ("AADSTS50011: The redirect URI specified in the request "
                    "does not match the redirect URIs configured")
        if sorted(ask.get("scope", "").split()) != sorted(self.scope.split()):
            return "AADSTS70011: scope is not exactly the configured list"
        if not ask.get("state"):
            return "no state was given"
        return None

    def wrong_account(self, tenant, ask):
        """Where an account of another company is sent, or None."""
        domain = self.signed_in["domain"]
        if not domain or not GUID.match(tenant) or (
                tenant_of(domain) == tenant):
            return None
        return self.came_to_nothing(
            ask, "access_denied", 50020,
            f"User account '{{EUII Hidden}}' from identity provider "
            f"'{domain}' does not exist in tenant and cannot access the "
            f"application '{self.client_id}'(Numeo Spot) in that tenant.")

    def not_admin(self, ask):
        return self.came_to_nothing(
            ask, "consent_required", 90094,
            "Numeo Spot needs permission to access resources in your "
            "organization that only an admin can grant.")

    def accepted(self, tenant, ask):
        if self.error:
            return self.came_to_nothing(ask, *self.error)
        guid = tenant if GUID.match(tenant) else tenant_of(
            self.signed_in["domain"] or "redhillcarriers.test")
        self.consents.append(guid)
        return self.redirect_uri + "?" + urllib.parse.urlencode({
            "admin_consent": "True", "tenant": guid, "scope": ask["scope"],
            "state": ask["state"]})

    def declined(self, ask):
        return self.came_to_nothing(ask, "access_denied", 65004,
                                    "User declined to consent to access the "
                                    "app.")

    def came_to_nothing(self, ask, error, code, text):
        """Microsoft sends admin_consent=True here too, and no tenant."""
        stamp = time.strftime("%Y-%m-%d %H:%M:%SZ", time.gmtime())
        text = (f"AADSTS{code}: {text}\r\n"
                f"Trace ID: {uuid.uuid4()}\r\n"
                f"Correlation ID: {secrets.token_hex(16)}\r\n"
                f"Timestamp: {stamp}")
        return self.redirect_uri + "?" + urllib.parse.urlencode({
            "error": error, "error_description": text,
            "error_uri":
                f"https://login.microsoftonline.com/error?code={code}",
            "admin_consent": "True", "state": ask["state"]}) + "#"


def click(link, ca, answer="accept"):
    """What an admin does with a link: reads the page, presses Accept or Cancel.
    Returns the address that Microsoft sends the browser to."""
    parts = urllib.parse.urlsplit(link)
    context = ssl.create_default_context(cafile=ca)

    def request(method, body=None):
        c = http.client.HTTPSConnection(parts.hostname, parts.port,
                                        context=context, timeout=10)
        try:
            c.request(method, f"{parts.path}?{parts.query}", body)
            r = c.getresponse()
            return r.status, r.headers, r.read().decode()
        finally:
            c.close()
    status, headers, page = request("GET")
    if status == 302:
        return headers["Location"]
    if "Need admin approval" in page:
        return html.unescape(re.search('href="([^"]+)"', page).group(1))
    if status != 200 or "Accept" not in page:
        raise Failed(f"the consent page says {status}: {page}")
    status, headers, page = request("POST", "answer=" + answer)
    if status != 302:
        raise Failed(f"the consent page says {status}: {page}")
    return headers["Location"]
