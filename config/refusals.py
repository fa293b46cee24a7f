"""What the portal refuses to start with, and what to do about it.

Only the embedded default may be careless, because nobody but the person at the machine can reach it.
Everything else is production: each part has to be named, and unsafe values are refused in plain words.
"""

from urllib.parse import urlsplit

LOOPBACK_HOSTS = ("localhost", "127.0.0.1", "[::1]")
SHORTEST_SECRET_KEY = 50
SHORTEST_METRICS_TOKEN = 32
FEWEST_DIFFERENT_CHARACTERS = 8


def is_embedded(*, database_url: str, site_url: str) -> bool:
    """Whether this is the embedded default: no database named, and an address that stays on this machine."""
    host = urlsplit(site_url).hostname
    return not database_url and host in ("localhost", "127.0.0.1", "::1")


def refusals(
    *,
    secret_key: str,
    site_url: str,
    database_url: str,
    redis_url: str,
    email_url: str,
    second_factor: bool,
    metrics_token: str = "",
) -> list[str]:
    """One paragraph for each thing that is unsafe in production; none means that the portal may start."""
    site = urlsplit(site_url)
    found = []
    if site.scheme != "https" or not site.hostname or site.path.strip("/") or site.query:
        found.append(
            f"SITE_URL is {site_url or 'not set'}. Set it to the address people will type, with https and no path: "
            "SITE_URL=https://actions.example.gov.uk. Sign-in cookies travel only over https, and every link in a "
            "mail is made from this address."
        )
    if len(secret_key) < SHORTEST_SECRET_KEY or len(set(secret_key)) < FEWEST_DIFFERENT_CHARACTERS:
        found.append(
            f"SECRET_KEY is {'too weak' if secret_key else 'not set'}. It signs sessions and encrypts second-factor "
            f"secrets. Make one of at least {SHORTEST_SECRET_KEY} characters and keep it with your other secrets: "
            'python3 -c "import secrets; print(secrets.token_urlsafe(50))"'
        )
    if not database_url:
        found.append(
            "DATABASE_URL is not set. Set it to your PostgreSQL: DATABASE_URL=postgres://user:password@host/portal. "
            "If one machine with SQLite is really what you want, say so: DATABASE_URL=sqlite:////srv/portal.sqlite3"
        )
    if not redis_url:
        found.append(
            "REDIS_URL is not set. The worker, the schedule and the limits on guessed passwords share it. Set it to "
            "your Redis or Valkey: REDIS_URL=rediss://user:password@host:6379/0"
        )
    if not email_url:
        found.append(
            "EMAIL_URL is not set, so reminders and password resets would go nowhere. Set it to your mail server: "
            "EMAIL_URL=smtp+tls://user:password@host:587"
        )
    if not second_factor:
        found.append(
            "SECOND_FACTOR_REQUIRED is off. It may be off only in the embedded default; remove the variable, and "
            "everyone who may enter the admin site will be asked for a second factor."
        )
    if metrics_token and len(metrics_token) < SHORTEST_METRICS_TOKEN:
        found.append(
            f"METRICS_TOKEN is too short. Use at least {SHORTEST_METRICS_TOKEN} characters, or remove it to turn the "
            'metrics off: python3 -c "import secrets; print(secrets.token_urlsafe(32))"'
        )
    return found
