"""With nothing set, one careful machine; in production, nothing unsafe."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from config.refusals import is_embedded, refusals
from config.stores import database

pytestmark = pytest.mark.either
ROOT = Path(__file__).resolve().parent.parent.parent
PRODUCTION = {
    "SITE_URL": "https://actions.example.gov.uk",
    "SECRET_KEY": "a1b2c3d4" * 8,
    "DATABASE_URL": "postgres://portal:secret@db.example.gov.uk/portal",
    "REDIS_URL": "rediss://cache.example.gov.uk:6379/0",
    "EMAIL_URL": "smtp+tls://portal:secret@mail.example.gov.uk:587",
}
SAFE = {
    "site_url": PRODUCTION["SITE_URL"],
    "secret_key": PRODUCTION["SECRET_KEY"],
    "database_url": PRODUCTION["DATABASE_URL"],
    "redis_url": PRODUCTION["REDIS_URL"],
    "email_url": PRODUCTION["EMAIL_URL"],
    "second_factor": True,
}


def manage(*arguments: str, data: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a command as somebody would, with just this environment."""
    bare = {"PATH": os.environ["PATH"], "DATA_DIR": str(data), **environment}
    command = [sys.executable, "manage.py", *arguments]
    return subprocess.run(command, cwd=ROOT, env=bare, capture_output=True, text=True, timeout=60)


def value(expression: str, data: Path, **environment: str) -> str:
    """What a setting comes to in this environment."""
    said = manage(
        "shell",
        "--verbosity=0",
        "-c",
        f"from django.conf import settings as s; print({expression})",
        data=data,
        **environment,
    )
    assert said.returncode == 0, said.stderr
    return said.stdout.strip()


def test_nothing_is_kept_on_the_connections_of_a_pooler():
    asked = {"ENGINE": "django.db.backends.postgresql", "OPTIONS": {"sslmode": "require"}}
    own, pooled = database(asked), database(asked, pooled=True)
    assert own["OPTIONS"] == {"sslmode": "require", "server_side_binding": True, "prepare_threshold": 5}
    assert own["CONN_MAX_AGE"] > 0
    assert pooled["OPTIONS"] == {"sslmode": "require"}, "Django prepares nothing by itself"
    assert pooled["CONN_MAX_AGE"] == 0
    assert pooled["DISABLE_SERVER_SIDE_CURSORS"]


def test_refusals_has_none_for_safe_settings():
    assert refusals(**SAFE) == []


@pytest.mark.parametrize(
    ("unsafe", "named"),
    [
        ({"site_url": ""}, "SITE_URL is not set"),
        ({"site_url": "http://actions.example.gov.uk"}, "with https"),
        ({"site_url": "http://localhost:8000"}, "with https"),
        ({"site_url": "https://example.gov.uk/portal"}, "no path"),
        ({"secret_key": ""}, "SECRET_KEY is not set"),
        ({"secret_key": "short"}, "SECRET_KEY is too weak"),
        ({"secret_key": "x" * 60}, "SECRET_KEY is too weak"),
        ({"database_url": ""}, "DATABASE_URL=postgres://"),
        ({"redis_url": ""}, "REDIS_URL is not set"),
        ({"email_url": ""}, "EMAIL_URL is not set"),
        ({"site_url": "https://portal:secret@actions.example.gov.uk"}, "no password"),
        ({"site_url": "https://actions.example.gov.uk/#top"}, "no path"),
        ({"secret_key": "django-insecure-" + "a1b2c3d4" * 8}, "SECRET_KEY is too weak"),
        ({"fallback_keys": ["a1b2c3d4" * 8, "short"]}, "SECRET_KEY_FALLBACKS"),
        ({"database_url": "sqlite://:memory:"}, "DATABASE_URL is sqlite://"),
        ({"database_url": "sqlite://"}, "DATABASE_URL is sqlite://"),
        ({"database_url": "sqlite:///:memory:"}, "DATABASE_URL is sqlite://"),
        ({"database_url": "mysql://portal:secret@db/portal"}, "DATABASE_URL is mysql://"),
        ({"redis_url": "memory://"}, "REDIS_URL is memory://"),
        ({"redis_url": "locmem://"}, "REDIS_URL is locmem://"),
        ({"email_url": "dummymail://"}, "EMAIL_URL is dummymail://"),
        ({"email_url": "consolemail://"}, "EMAIL_URL is consolemail://"),
        ({"email_url": "memorymail://"}, "EMAIL_URL is memorymail://"),
        ({"email_url": "filemail:///tmp"}, "EMAIL_URL is filemail://"),
        ({"email_url": "smtp://portal:secret@mail.example.gov.uk:25"}, "password unencrypted"),
        ({"second_factor": False}, "SECOND_FACTOR_REQUIRED is off"),
        ({"metrics_token": "short"}, "METRICS_TOKEN is too short"),
    ],
)
def test_refusals_names_each_unsafe_setting_and_its_cure(unsafe, named):
    found = refusals(**(SAFE | unsafe))
    assert len(found) == 1
    assert named in found[0]
    assert "portal:secret" not in found[0]


@pytest.mark.parametrize(
    "safe",
    [
        {"email_url": "smtp://relay.example.gov.uk:25"},
        {"email_url": "smtp+ssl://portal:secret@mail.example.gov.uk:465"},
        {"redis_url": "unix:///run/portal/valkey.sock"},
        {"database_url": "sqlite:////srv/portal.sqlite3"},
        {"fallback_keys": ["a1b2c3d4" * 8]},
    ],
)
def test_refusals_has_none_for_other_settings_that_are_as_safe(safe):
    assert refusals(**(SAFE | safe)) == []


@pytest.mark.parametrize(
    ("database_url", "site_url", "embedded"),
    [
        ("", "http://localhost:8000", True),
        ("", "http://127.0.0.1:8000", True),
        ("", "http://[::1]:8000", True),
        ("", "https://actions.example.gov.uk", False),
        ("", "http://localhost.example.com", False),
        ("sqlite:////srv/portal.sqlite3", "http://localhost:8000", False),
    ],
)
def test_is_embedded_only_without_database_and_on_loopback(database_url, site_url, embedded):
    assert is_embedded(database_url=database_url, site_url=site_url) is embedded


def test_nothing_set_is_the_embedded_default(tmp_path):
    shown = "s.EMBEDDED, s.DEBUG, s.ALLOWED_HOSTS, s.SITE_URL, s.SECOND_FACTOR_REQUIRED, s.SESSION_COOKIE_SECURE"
    expected = "True False ['localhost', '127.0.0.1', '[::1]'] http://localhost:8000 False False"
    assert value(shown, tmp_path) == expected
    assert (tmp_path / "secret-key").stat().st_mode & 0o777 == 0o600


def test_the_kept_secret_key_stays_the_same(tmp_path):
    first = value("s.SECRET_KEY", tmp_path)
    assert len(first) > 50
    assert value("s.SECRET_KEY", tmp_path) == first


def test_production_that_is_unsafe_does_not_start(tmp_path):
    said = manage("check", data=tmp_path, SITE_URL="https://actions.example.gov.uk")
    assert said.returncode != 0
    for name in ("SECRET_KEY", "DATABASE_URL", "REDIS_URL", "EMAIL_URL"):
        assert f"{name} is not set" in said.stderr


def test_sqlite_in_production_has_to_be_said(tmp_path):
    shown = "s.DATABASES['default']['OPTIONS']['transaction_mode']"
    said = value(shown, tmp_path, **(PRODUCTION | {"DATABASE_URL": f"sqlite:///{tmp_path}/portal.sqlite3"}))
    assert said == "IMMEDIATE"


def test_debug_cannot_be_turned_on_in_production(tmp_path):
    assert value("s.DEBUG", tmp_path, DEBUG="1", **PRODUCTION) == "False"


def test_deploy_check_is_clean_under_production_settings(tmp_path):
    said = manage("check", "--deploy", "--fail-level", "WARNING", data=tmp_path, **PRODUCTION)
    assert said.returncode == 0, said.stderr
    assert "no issues" in said.stdout


def test_production_is_strict(tmp_path):
    names = ("ALLOWED_HOSTS", "SESSION_COOKIE_NAME", "SECURE_SSL_REDIRECT", "EMAIL_HOST", "EMAIL_USE_TLS")
    shown = ", ".join(f"s.{name}" for name in names)
    expected = "['actions.example.gov.uk'] __Host-session True mail.example.gov.uk True"
    assert value(shown, tmp_path, **PRODUCTION) == expected


def test_requests_are_not_atomic(settings):
    assert settings.DATABASES["default"]["ATOMIC_REQUESTS"] is False
