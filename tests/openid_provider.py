"""A small OpenID provider on loopback, as an organisation has one: it signs what it says, and says what it is told."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

CLIENT, SECRET = "portal", "the portal's own secret"


@dataclass
class Provider:
    """What it says of whoever signs in there next, and what it was asked."""

    address: str = ""
    claims: dict[str, Any] = field(default_factory=dict)
    asked: dict[str, str] = field(default_factory=dict)
    refuses_tokens: bool = False
    key: rsa.RSAPrivateKey = field(default_factory=lambda: rsa.generate_private_key(65537, 2048))

    def settings(self) -> dict[str, Any]:
        """As SOCIALACCOUNT_PROVIDERS has it."""
        app = {"provider_id": "organisation", "name": "Borough account", "client_id": CLIENT, "secret": SECRET}
        return {
            "openid_connect": {
                "OAUTH_PKCE_ENABLED": True,
                "APPS": [app | {"settings": {"server_url": self.address}}],
            }
        }

    def answer(self, path: str, sent: dict[str, str]) -> dict[str, Any] | str | None:
        """JSON, or an address to go to, or nothing: 404."""
        if path == "/.well-known/openid-configuration":
            names = {"authorization_endpoint": "authorize", "token_endpoint": "token", "jwks_uri": "keys"}
            places = {name: f"{self.address}/{place}" for name, place in names.items()}
            return places | {"issuer": self.address, "userinfo_endpoint": f"{self.address}/who"}
        if path == "/authorize":
            self.asked = sent
            return f"{sent['redirect_uri']}?{urlencode({'code': 'once', 'state': sent['state']})}"
        if path == "/token" and sent.get("code") == "once" and "code_verifier" in sent and not self.refuses_tokens:
            now = int(time.time())
            said = {"iss": self.address, "aud": CLIENT, "iat": now, "exp": now + 300, **self.claims}
            signed = jwt.encode(said, self.key, algorithm="RS256", headers={"kid": "one"})
            return {"access_token": "opaque", "token_type": "Bearer", "id_token": signed}
        return self.claims if path == "/who" else None


@contextmanager
def running_provider() -> Iterator[Provider]:
    """The provider, for as long as it is wanted."""
    provider = Provider()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer({name: values[0] for name, values in parse_qs(urlsplit(self.path).query).items()})

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            self._answer({name: values[0] for name, values in parse_qs(body).items()})

        def _answer(self, sent: dict[str, str]) -> None:
            answer = provider.answer(urlsplit(self.path).path, sent)
            self.send_response(404 if answer is None else 302 if isinstance(answer, str) else 200)
            if isinstance(answer, str):
                self.send_header("Location", answer)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(json.dumps(answer).encode())

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        provider.address = f"http://127.0.0.1:{server.server_address[1]}"
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield provider
        server.shutdown()
