"""An identity provider on loopback: as much of Microsoft's and Google's token endpoints as our logins use, over TLS.

Its tokens are JWTs that a Dovecot checks with the provider's public key. What goes wrong is a field that a test sets.
"""

from __future__ import annotations

import json
import ssl
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Self
from urllib.parse import parse_qs

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from tests.servers.certificates import Authority
from tests.servers.dovecot import Dovecot

ISSUER = "https://idp.test"
CLIENT_ID = "11111111-2222-3333-4444-555555555555"
GOOGLE_MAIL = "https://mail.google.com/"


@dataclass
class Identity:
    """The provider, running inside `with`. `asked` holds the form of every request for a token."""

    authority: Authority
    subject: str = "anna"
    scope: str = "imap"
    issuer: str = ISSUER
    seconds: int = 3600
    lifetime: int = 3600  # of the JWT itself; negative: it has ended already
    broken: tuple[int, str] | None = None  # a status and a body instead of every answer
    refresh: str = "refresh-1"  # the only refresh token that is good
    rotating: bool = False
    agreed: threading.Event = field(default_factory=threading.Event)
    asked: list[dict[str, str]] = field(default_factory=list)
    google_scope: str = GOOGLE_MAIL

    def __enter__(self) -> Self:
        self.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.authority.issued("127.0.0.1", "localhost"))
        identity = self

        class Handler(_Handler):
            provider = identity

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        self.base = f"https://localhost:{self._server.server_port}"
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    # ------------------------------------------------------------------ what an admin has

    def microsoft(self, **more: str) -> str:
        """The client file for Microsoft's way."""
        return json.dumps({"client_id": CLIENT_ID, "authority": f"{self.base}/acme", "tenant": "acme", **more})

    def google(self) -> str:
        """The client file of a desktop program."""
        inside = {"client_id": "desktop", "client_secret": "not so secret", "token_uri": f"{self.base}/google/token"}
        return json.dumps({"installed": {**inside, "auth_uri": f"{self.base}/google/auth"}})

    def service_account(self) -> str:
        """The key file of a service account."""
        private = self.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
        named = {"type": "service_account", "client_email": "robot@project.example", "client_id": "1234567890"}
        return json.dumps({**named, "private_key": private, "token_uri": f"{self.base}/google/token"})

    def teach(self, server: Dovecot) -> None:
        """Have a Dovecot that has not been started yet believe this provider's tokens."""
        keys = server.root / "keys" / "default" / "RS256"
        keys.mkdir(parents=True)
        public = self.key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        (keys / "default").write_bytes(public)
        for path in (server.root / "keys", server.root / "keys" / "default", keys):
            path.chmod(0o755)
        (server.root / "oauth2.conf.ext").write_text(
            f"introspection_mode = local\nlocal_validation_key_dict = fs:posix:prefix={server.root}/keys/\n"
            f"username_attribute = sub\nusername_format = %u\nscope = imap\nissuers = {ISSUER}\n"
        )
        means = f"driver = oauth2\n  mechanisms = xoauth2 oauthbearer\n  args = {server.root}/oauth2.conf.ext"
        server.extra += f"passdb {{\n  {means}\n}}\n"

    def token(self) -> str:
        """An access token as the provider now gives them."""
        now = int(time.time())
        claims = {"sub": self.subject, "iss": self.issuer, "scope": self.scope, "iat": now - 7200, "nbf": now - 7200}
        return jwt.encode({**claims, "exp": now + self.lifetime, "jti": str(len(self.asked))}, self.key, "RS256")

    # ------------------------------------------------------------------ what it answers

    def answer(self, path: str, form: dict[str, str]) -> tuple[int, dict[str, Any]]:
        """Status and body for a request."""
        if path.endswith("openid-configuration"):
            oauth = f"{self.base}/acme/oauth2/v2.0"
            endpoints = {f"{name}_endpoint": f"{oauth}/{name}" for name in ("authorization", "token")}
            device = {"device_authorization_endpoint": f"{oauth}/devicecode"}
            return 200, {"issuer": f"{self.base}/acme/v2.0", **endpoints, **device}
        if path.endswith("devicecode"):
            code = {"device_code": "d", "user_code": "ABCD-1234", "verification_uri": f"{self.base}/device"}
            return 200, {**code, "expires_in": 900, "interval": 1}
        self.asked.append(form)
        grant = form.get("grant_type", "").rpartition(":")[2]
        return getattr(self, f"_by_{grant.replace('-', '_')}", self._unknown)(form, google=path.startswith("/google"))  # type: ignore[no-any-return]

    def _unknown(self, form: dict[str, str], *, google: bool) -> tuple[int, dict[str, Any]]:
        return 400, {"error": "unsupported_grant_type"}

    def _by_device_code(self, form: dict[str, str], *, google: bool) -> tuple[int, dict[str, Any]]:
        if not self.agreed.is_set():
            return 400, {"error": "authorization_pending"}
        return 200, {**self._granted(), "refresh_token": self.refresh}

    def _by_refresh_token(self, form: dict[str, str], *, google: bool) -> tuple[int, dict[str, Any]]:
        if form.get("refresh_token") != self.refresh:
            return 400, {"error": "invalid_grant", "error_description": "Token has been expired or revoked."}
        if self.rotating:
            name, _, number = self.refresh.rpartition("-")
            self.refresh = f"{name}-{int(number) + 1}"
        return 200, {**self._granted(), **({} if google else {"refresh_token": self.refresh})}

    def _by_client_credentials(self, form: dict[str, str], *, google: bool) -> tuple[int, dict[str, Any]]:
        if form.get("client_secret") != "opens":
            return 401, {"error": "invalid_client", "error_description": "AADSTS7000215: Invalid client secret"}
        return 200, self._granted()

    def _by_authorization_code(self, form: dict[str, str], *, google: bool) -> tuple[int, dict[str, Any]]:
        if form.get("code") != "the-code" or not form.get("code_verifier"):
            return 400, {"error": "invalid_grant"}
        return 200, {**self._granted(), "refresh_token": self.refresh, "scope": self.google_scope}

    def _by_jwt_bearer(self, form: dict[str, str], *, google: bool) -> tuple[int, dict[str, Any]]:
        said = jwt.decode(form["assertion"], self.key.public_key(), ["RS256"], options={"verify_aud": False})
        if said.get("sub") != "support@acme.example" or said.get("scope") != GOOGLE_MAIL:
            return 401, {"error": "unauthorized_client", "error_description": "Client is unauthorized"}
        return 200, self._granted()

    def _granted(self) -> dict[str, Any]:
        return {"access_token": self.token(), "token_type": "Bearer", "expires_in": self.seconds}


class _Handler(BaseHTTPRequestHandler):
    provider: Identity

    def do_GET(self) -> None:  # http.server's name
        self._answer({})

    def do_POST(self) -> None:  # http.server's name
        body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        self._answer({name: values[0] for name, values in parse_qs(body).items()})

    def _answer(self, form: dict[str, str]) -> None:
        if self.provider.broken is not None and not self.path.endswith("openid-configuration"):
            self.provider.asked.append(form)
            status, text = self.provider.broken
        else:
            status, said = self.provider.answer(self.path.partition("?")[0], form)
            text = json.dumps(said)
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(text.encode())))
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, *_: object) -> None:
        """Quiet."""


def secret_file(path: Path, text: str) -> Path:
    """A file that only its owner reads."""
    path.write_text(text, encoding="utf-8")
    path.chmod(0o600)
    return path
