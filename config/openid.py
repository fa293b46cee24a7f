"""The provider by which people of one organisation may sign in, from its settings."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured
from environ import Env

#: What the provider is called in addresses: /accounts/oidc/organisation/login/.
PROVIDER = "organisation"


def openid_apps_of(env: Env) -> list[dict[str, Any]]:
    """The provider that the environment names."""
    return openid_apps(
        server=env.str("OIDC_SERVER_URL", default=""),
        client=env.str("OIDC_CLIENT_ID", default=""),
        secret=env.str("OIDC_CLIENT_SECRET", default=""),
        name=env.str("OIDC_NAME", default="your organisation’s account"),
    )


def openid_apps(*, server: str, client: str, secret: str, name: str) -> list[dict[str, Any]]:
    """The one provider, or none while nothing is set. Raises ImproperlyConfigured where a part is missing."""
    if not (server or client or secret):
        return []
    if not (server and client and secret):
        raise ImproperlyConfigured(
            "Sign-in by OpenID Connect wants all three of OIDC_SERVER_URL, OIDC_CLIENT_ID and OIDC_CLIENT_SECRET. "
            "Set what is missing, or none of them."
        )
    if urlsplit(server).scheme != "https":
        raise ImproperlyConfigured("OIDC_SERVER_URL begins with https://. Anything else could be read on the way.")
    app = {"provider_id": PROVIDER, "name": name, "client_id": client, "secret": secret}
    return [app | {"settings": {"server_url": server}}]
