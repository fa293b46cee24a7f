"""What every test can have: either database, a real Valkey, a real mail server, a real browser."""

import gc
import logging
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import environ
import pytest
import redis
from django.conf import settings as django_settings
from django.core.cache import cache
from django.db import connection, connections
from kombu import pools
from playwright.sync_api import Browser, sync_playwright

from config.celery import app
from config.stores import database
from tests.copies import copy_world
from tests.servers import MailSink, running_mail_sink, running_postgres, running_valkey
from tests.world import World

#: What Chromium must not do in a test: look for updates, phone home, try another protocol.
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
WITHOUT_CHROMIUM = "no Chromium on this machine (Debian: apt-get install chromium)"
_postgres = pytest.StashKey[Iterator[str]]()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--database", choices=("sqlite", "postgres"), default="sqlite", help="which database to test on")
    parser.addoption("--pictures", action="store_true", help="take the pictures in docs/images anew")


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """On PostgreSQL: one server for the whole run, started by the process that hands out the tests."""
    gc.disable()  # until the tests begin: what is imported stays
    if config.getoption("database") != "postgres":
        return
    if hasattr(config, "workerinput"):
        address = config.workerinput["postgres"]
    else:
        config.stash[_postgres] = running_postgres()
        config.option.postgres_address = address = next(config.stash[_postgres])
    use_database(address)


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node) -> None:
    """Tell a worker where the server is."""
    node.workerinput["postgres"] = getattr(node.config.option, "postgres_address", "")


def pytest_unconfigure(config: pytest.Config) -> None:
    if server := config.stash.get(_postgres, None):
        next(server, None)


def use_database(address: str) -> None:
    """Change Django over to another database: it is set up before pytest knows its options."""
    # A connection of the tests ends with its request, so that none is left to a database that is to be taken away.
    django_settings.DATABASES["default"] = database(environ.Env().db_url_config(address)) | {"CONN_MAX_AGE": 0}
    del connections.settings
    if hasattr(connections._connections, "default"):
        del connections["default"]


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("database") == "postgres":
        indifferent = [item for item in items if not _asks_a_database(item)]
        items[:] = [item for item in items if _asks_a_database(item)]
        config.hook.pytest_deselected(items=indifferent)
    if CHROMIUM is None:
        for item in items:
            if item.get_closest_marker("browser"):
                item.add_marker(pytest.mark.skip(reason=WITHOUT_CHROMIUM))


def pytest_collection_finish() -> None:
    """Look for garbage a hundred times less often than Python does: a test has little, and looking costs a tenth."""
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)
    gc.enable()


def _asks_a_database(item: pytest.Item) -> bool:
    fixtures = set(getattr(item, "fixturenames", ()))
    return bool(item.get_closest_marker("django_db") or fixtures & {"db", "transactional_db"})


def pytest_report_header(config: pytest.Config) -> list[str]:
    browser = CHROMIUM or f"browser tests are skipped: {WITHOUT_CHROMIUM}"
    return [f"database: {config.getoption('database')}", f"browser: {browser}"]


def pytest_terminal_summary(terminalreporter) -> None:
    if CHROMIUM is None:
        terminalreporter.write_line(f"Browser tests did not run: {WITHOUT_CHROMIUM}.", yellow=True)


@pytest.fixture(autouse=True)
def empty_cache() -> None:
    """No test inherits another's rate limits."""
    cache.clear()


@pytest.fixture(autouse=True)
def logs_stay_on() -> Iterator[None]:
    """No test turns a log off for those that come after it in its process."""
    yield
    loggers = logging.Logger.manager.loggerDict.items()
    assert not [name for name, logger in loggers if getattr(logger, "disabled", False)]


@pytest.fixture
def world(db) -> World:
    """The standing cast: both sides of the wall."""
    return copy_world()


@pytest.fixture(scope="session")
def valkey_server() -> Iterator[str]:
    """The address of a real valkey-server on a socket of its own."""
    with tempfile.TemporaryDirectory(prefix="valkey-") as folder:
        yield from running_valkey(Path(folder))


@pytest.fixture
def valkey(valkey_server: str) -> str:
    """The address of a real, empty Valkey, as REDIS_URL takes it."""
    with redis.from_url(valkey_server) as client:
        client.flushall()
    return valkey_server


@pytest.fixture
def broker(valkey: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A real broker, and the folder in which it writes down what it is told."""
    forget_connections()
    monkeypatch.setitem(app.conf, "broker_url", valkey.replace("unix://", "redis+socket://"))
    yield Path(valkey.removeprefix("unix://")).parent
    forget_connections()


def forget_connections() -> None:
    """Close what is open to a broker, so that whoever sends next opens anew."""
    pools.reset()
    app._pool = app.amqp._producer_pool = None


@pytest.fixture
def smtp_sink(settings) -> Iterator[MailSink]:
    """A real mail server on loopback that keeps what it gets; Django's mail goes there."""
    with running_mail_sink() as sink:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = sink.host, sink.port
        yield sink


@pytest.fixture
def portal_environment(transactional_db, valkey: str, smtp_sink: MailSink) -> dict[str, str]:
    """The environment of another process of the portal, such as a worker, that shares this test's servers.

    It is production's: whoever starts `manage.py` or Celery with it gets the settings people run on.
    """
    return {
        "PATH": os.environ["PATH"],
        "DATA_DIR": str(django_settings.DATA_DIR),
        "SITE_URL": "https://portal.example.org",
        "SECRET_KEY": django_settings.SECRET_KEY,
        "DATABASE_URL": database_address(),
        "REDIS_URL": valkey,
        "EMAIL_URL": smtp_sink.url,
    }


def database_address() -> str:
    """This test's own database, as DATABASE_URL takes it."""
    if connection.vendor == "sqlite":
        return f"sqlite:///{connection.settings_dict['NAME']}"
    options = urlencode({"host": connection.settings_dict["OPTIONS"]["host"]})
    return f"postgres://{connection.settings_dict['USER']}:@/{connection.settings_dict['NAME']}?{options}"


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for all tests of a process."""
    # Playwright keeps an event loop in this thread, which Django would take for asynchronous code.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield chromium
        chromium.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]
