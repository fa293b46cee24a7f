"""What the portal refuses to start with, and what to do about it.

Only the embedded default may be careless, because nobody but the person at the machine can reach it.
Everything else is production: each part has to be named, and unsafe values are refused in plain words.
"""

from collections.abc import Sequence
from urllib.parse import urlsplit

LOOPBACK_HOSTS = ("localhost", "127.0.0.1", "[::1]")
SHORTEST_SECRET_KEY = 50
SHORTEST_METRICS_TOKEN = 32
FEWEST_DIFFERENT_CHARACTERS = 8
#: What Django's own starter writes before the keys that it makes up; they stand in many repositories.
STARTER_KEY = "django-insecure-"
DATABASES = ("postgres", "postgresql", "psql", "pgsql")
BROKERS = ("redis", "rediss", "unix")
#: Mail that leaves: the others keep it, print it or throw it away. Without encryption no password may travel.
ENCRYPTED_MAIL = ("smtp+tls", "smtp+ssl", "smtps")
PLAIN_MAIL = "smtp"


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
    fallback_keys: Sequence[str] = (),
) -> list[str]:
    """One paragraph for each thing that is unsafe in production; none means that the portal may start."""
    found = (
        _site(site_url),
        _secret_keys(secret_key, fallback_keys),
        _database(database_url),
        _broker(redis_url),
        _mail(email_url),
        ""
        if second_factor
        else "SECOND_FACTOR_REQUIRED is off. It may be off only in the embedded default; remove the variable, and "
        "everyone who may enter the admin site will be asked for a second step.",
        f"METRICS_TOKEN is too short. Use at least {SHORTEST_METRICS_TOKEN} characters, or remove it to turn the "
        'metrics off: python3 -c "import secrets; print(secrets.token_urlsafe(32))"'
        if metrics_token and len(metrics_token) < SHORTEST_METRICS_TOKEN
        else "",
    )
    return [paragraph for paragraph in found if paragraph]


def _site(url: str) -> str:
    site = urlsplit(url)
    secret = site.username or site.password
    more = site.path.strip("/") or site.query or site.fragment or secret
    if site.scheme == "https" and site.hostname and not more:
        return ""
    shown = f"{site.scheme}://…@{site.hostname or ''}" if secret else url
    return (
        f"SITE_URL is {shown or 'not set'}. Set it to the address people will type, with https, no path and no "
        "password: SITE_URL=https://actions.example.gov.uk. Sign-in cookies travel only over https, and every link in "
        "a mail is made from this address."
    )


def _secret_keys(key: str, earlier: Sequence[str]) -> str:
    if _is_weak(key):
        return (
            f"SECRET_KEY is {'too weak' if key else 'not set'}. It signs sessions and encrypts second-factor "
            f"secrets. Make one of at least {SHORTEST_SECRET_KEY} characters and keep it with your other secrets: "
            'python3 -c "import secrets; print(secrets.token_urlsafe(50))"'
        )
    if any(_is_weak(one) for one in earlier):
        return (
            "SECRET_KEY_FALLBACKS holds a key that is too weak. Whoever guesses an earlier key signs in as anybody "
            "while it is accepted. Remove it: people sign in anew, and set their second step up again."
        )
    return ""


def _is_weak(key: str) -> bool:
    guessable = key.startswith(STARTER_KEY) or len(set(key)) < FEWEST_DIFFERENT_CHARACTERS
    return guessable or len(key) < SHORTEST_SECRET_KEY


def _database(url: str) -> str:
    """PostgreSQL, or SQLite in a file: one in memory forgets everything at every start."""
    where = urlsplit(url)
    in_file = where.scheme == "sqlite" and where.path.strip("/") and ":memory:" not in url
    if in_file or where.scheme in DATABASES:
        return ""
    return (
        f"DATABASE_URL is {_of_no_use(url)}. Set it to your PostgreSQL: "
        "DATABASE_URL=postgres://user:password@host/portal. "
        "If one machine with SQLite is really what you want, say so: DATABASE_URL=sqlite:////srv/portal.sqlite3"
    )


def _broker(url: str) -> str:
    if urlsplit(url).scheme in BROKERS:
        return ""
    return (
        f"REDIS_URL is {_of_no_use(url)}. The worker, the schedule and the limits on guessed passwords share it. Set "
        "it to your Redis or Valkey: REDIS_URL=rediss://user:password@host:6379/0"
    )


def _mail(url: str) -> str:
    server = urlsplit(url)
    if server.scheme == PLAIN_MAIL and server.password:
        return (
            "EMAIL_URL sends its password unencrypted. Say smtp+tls or smtp+ssl in the place of smtp: "
            "EMAIL_URL=smtp+tls://user:password@host:587"
        )
    if server.scheme in (*ENCRYPTED_MAIL, PLAIN_MAIL):
        return ""
    return (
        f"EMAIL_URL is {_of_no_use(url)}, so reminders and password resets would go nowhere. Set it to your mail "
        "server: EMAIL_URL=smtp+tls://user:password@host:587"
    )


def _of_no_use(url: str) -> str:
    """What is wrong with an address, without repeating what may be a password."""
    return f"{urlsplit(url).scheme or 'something'}://…, which does not do here" if url else "not set"
