"""The token endpoints of the stand-in (RFC 6749): Microsoft's v2.0 token address
with a secret or a certificate, refresh tokens that rotate, Google's JWT bearer
grant, and introspection (RFC 7662) for Dovecot. Signatures are checked by the
openssl program, error bodies are those that Microsoft and Google give."""

import base64
import json
import os
import secrets
import subprocess
import tempfile
import threading
import time
import uuid

ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer"
GOOGLE_SCOPE = "https://mail.google.com/"
SCOPE = "https://outlook.office365.com/.default"


class Refused(Exception):
    """What the client did wrong: (status, error, AADSTS code, text)."""


def unbase64(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def signature_good(token, public_key, pss):
    """Does openssl find the JWT's signature good?"""
    head, body, signature = token.split(".")
    with tempfile.TemporaryDirectory() as folder:
        data, sig = (os.path.join(folder, n) for n in ("data", "sig"))
        with open(data, "wb") as f:
            f.write(f"{head}.{body}".encode())
        with open(sig, "wb") as f:
            f.write(unbase64(signature))
        how = ["-sigopt", "rsa_padding_mode:pss",
               "-sigopt", "rsa_pss_saltlen:32"] if pss else []
        run = subprocess.run(
            ["openssl", "dgst", "-sha256", *how, "-verify", public_key,
             "-signature", sig, data], capture_output=True, timeout=10)
    return run.returncode == 0


class Tokens:
    """App registrations and the tokens that they were given.

    life: seconds that an access token lives. weather: answer 503. delay:
    seconds that an answer takes. grants: [(grant type, mailbox)] that were
    given; refusals: [text]."""

    def __init__(self):
        self.lock = threading.Lock()
        self.apps = {}          # client id or service account -> registration
        self.access = {}        # access token -> (mailbox, end)
        self.life = 3600
        self.refused = None     # every grant is refused with this AADSTS code
        self.weather = False
        self.delay = 0
        self.grants = []
        self.refusals = []
        self._seen = set()      # jti: an assertion counts once

    # ---- what a test says ---------------------------------------------------

    def register(self, mailbox, tenant="contoso.test", **how):
        """secret=; public_key= and thumbprint=; refresh=; or account= and
        public_key= for Google's. Returns the client id."""
        name = how.get("account") or str(uuid.uuid4())
        with self.lock:
            self.apps[name] = {"mailbox": mailbox, "tenant": tenant, **how}
        return name

    def revoke(self, mailbox):
        """All access tokens of a mailbox are void at once."""
        with self.lock:
            for token, (owner, _) in list(self.access.items()):
                if owner == mailbox:
                    del self.access[token]

    def granted(self, mailbox):
        with self.lock:
            return sum(1 for _, owner in self.grants if owner == mailbox)

    # ---- the token address --------------------------------------------------

    def answer(self, handler, path, form):
        """True: this was a request of ours and is answered."""
        form = {k: v[0] for k, v in form.items()}
        parts = path.strip("/").split("/")
        if parts[-1] == "introspect":
            handler.send(200, json.dumps(self.introspect(form)))
        elif parts[1:] == ["oauth2", "v2.0", "token"]:
            self._token(handler, parts[0], form)
        elif parts == ["token"]:
            self._token(handler, None, form)
        else:
            return False
        return True

    def _token(self, handler, tenant, form):
        time.sleep(self.delay)
        if self.weather:
            return handler.send(503, "{}", headers=[("Retry-After", "1")])
        try:
            with self.lock:
                app, given = self._grant(handler, tenant, form)
                token = "ey" + secrets.token_urlsafe(400)
                self.access[token] = (app["mailbox"], time.time() + self.life)
                self.grants.append((form["grant_type"], app["mailbox"]))
            handler.send(200, json.dumps({
                "token_type": "Bearer", "expires_in": self.life,
                "ext_expires_in": self.life, "access_token": token, **given}))
        except (Refused, KeyError, ValueError) as e:
            if not isinstance(e, Refused):
                e = Refused(400, "invalid_request", 900144,
                            f"The request body must contain: {e}")
            self._refuse(handler, tenant, *e.args)

    def _refuse(self, handler, tenant, status, error, code, text):
        self.refusals.append(text)
        if tenant is None:
            return handler.send(status, json.dumps(
                {"error": error, "error_description": text}))
        now = time.strftime("%Y-%m-%d %H:%M:%SZ", time.gmtime())
        trace, correlation = str(uuid.uuid4()), str(uuid.uuid4())
        handler.send(status, json.dumps({
            "error": error,
            "error_description":
                f"AADSTS{code}: {text} Trace ID: {trace} Correlation ID: "
                f"{correlation} Timestamp: {now}",
            "error_codes": [code], "timestamp": now, "trace_id": trace,
            "correlation_id": correlation,
            "error_uri": "https://login.microsoftonline.com/error?code="
                         f"{code}"}))

    def _grant(self, handler, tenant, form):
        grant = form["grant_type"]
        if self.refused:
            raise Refused(*self.refused)
        if grant == JWT_BEARER:
            return self._account(handler, form), {}
        app = self.apps.get(form["client_id"])
        if not app or app["tenant"] != tenant:
            raise Refused(400, "unauthorized_client", 700016,
                          f"Application with identifier '{form['client_id']}' "
                          f"was not found in the directory '{tenant}'.")
        if grant == "refresh_token":
            return app, self._refresh(app, form)
        if grant != "client_credentials":
            raise Refused(400, "unsupported_grant_type", 70003, grant)
        if form["scope"] != SCOPE:
            raise Refused(400, "invalid_scope", 70011,
                          "The provided value for scope is not valid.")
        if "public_key" in app:
            self._assertion(handler, tenant, app, form)
        elif form["client_secret"] != app["secret"]:
            raise Refused(401, "invalid_client", 7000215,
                          "Invalid client secret provided. Ensure the secret "
                          "being sent in the request is the client secret "
                          "value, not the client secret ID, for a secret "
                          f"added to app '{form['client_id']}'.")
        return app, {}

    @staticmethod
    def _refresh(app, form):
        """Each refresh token is good once, and gives the next one."""
        if form["refresh_token"] != app["refresh"]:
            raise Refused(400, "invalid_grant", 70000,
                          "The provided value for the 'refresh_token' "
                          "parameter is not valid.")
        app["refresh"] = "0.A" + secrets.token_urlsafe(60)
        return {"refresh_token": app["refresh"], "scope": form["scope"]}

    def _assertion(self, handler, tenant, app, form):
        if form["client_assertion_type"] != ASSERTION:
            raise Refused(400, "invalid_request", 900144, "assertion type")
        token = form["client_assertion"]
        head, claims = (json.loads(unbase64(p)) for p in token.split(".")[:2])
        url = handler.server.owner.url + f"/{tenant}/oauth2/v2.0/token"
        now = time.time()
        good = (head.get("alg") == "PS256" and head.get("typ") == "JWT"
                and head.get("x5t#S256") == app["thumbprint"]
                and claims["aud"] == url
                and claims["iss"] == claims["sub"] == form["client_id"]
                and claims["nbf"] <= now + 5 and now < claims["exp"]
                and claims["exp"] <= now + 605
                and claims["jti"] not in self._seen
                and signature_good(token, app["public_key"], True))
        if not good:
            raise Refused(401, "invalid_client", 700027,
                          "The certificate with identifier used to sign the "
                          "client assertion is not registered on application.")
        self._seen.add(claims["jti"])

    def _account(self, handler, form):
        token = form["assertion"]
        head, claims = (json.loads(unbase64(p)) for p in token.split(".")[:2])
        app = self.apps.get(claims["iss"])
        now = time.time()
        if not app or claims["sub"] != app["mailbox"]:
            raise Refused(401, "unauthorized_client", 0,
                          "Client is unauthorized to retrieve access tokens "
                          "using this method, or client not authorized for "
                          "any of the scopes requested.")
        if not (head["alg"] == "RS256" and head["kid"] == app["kid"]
                and claims["aud"] == handler.server.owner.url + "/token"
                and claims["scope"] == GOOGLE_SCOPE
                and claims["iat"] <= now + 5
                and claims["exp"] <= claims["iat"] + 3600
                and signature_good(token, app["public_key"], False)):
            raise Refused(400, "invalid_grant", 0, "Invalid JWT Signature.")
        return app

    # ---- introspection ------------------------------------------------------

    def introspect(self, form):
        with self.lock:
            mailbox, end = self.access.get(form.get("token"), (None, 0))
        if end <= time.time():
            return {"active": False}
        return {"active": True, "username": mailbox, "token_type": "Bearer",
                "exp": int(end)}


def secret_app(tokens, desk, secret="s3cret~&+ %"):
    """[oauth2] of a desk whose app has a client secret."""
    name = tokens.register(desk.user, secret=secret)
    return {"flow": "client_secret", "tenant": "contoso.test",
            "client_id": name, "scope": SCOPE,
            "client_secret_file": desk.secret("app.secret", secret)}


def login_by_tokens(desk, settings):
    """At both servers, and there is no password any more."""
    desk.change({"mailbox.auth": "oauth2", "mailbox.password_file": None,
                 "smtp.auth": "oauth2", "smtp.password_file": None})
    os.unlink(desk.path("mail.secret"))
    desk.change({"oauth2." + k: v for k, v in settings.items()})
