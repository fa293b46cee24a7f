"""`make run`: the whole portal on one machine, from nothing to a page that answers, until Ctrl-C.

Web server, worker, schedule and broker are parts of one household: they start together, and if one ends,
all end. No port is open but the web server's, on loopback.
"""

import fcntl
import hashlib
import http.client
import os
import shutil
import signal
import socket
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import django
from django.core.exceptions import ImproperlyConfigured

from config.broker import restore_unacknowledged, valkey_answers, valkey_command, valkey_url
from config.processes import Household

ANSWER_SECONDS = 60
HIGHEST_PORT = 65535
LONGEST_FOLDER = 70  # characters; leaves room for our own name and the socket's


class Stop(Exception):
    """The portal cannot start, or cannot go on. The message says why, and what to do about it."""


def main() -> None:
    """Start everything, keep watch, and leave no process behind."""
    os.umask(0o077)  # what it keeps is for this account only
    for end in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(end, interrupt)
    try:
        check_port(os.environ.get("PORT", "8000"))
        with private_folder() as folder:
            run(folder)
    except (Stop, ImproperlyConfigured) as reason:
        sys.exit(f"\n{reason}\n")
    except KeyboardInterrupt:
        print("\nThe portal has stopped. Its data is kept; `make run` starts it again.")


def interrupt(*_: object) -> None:
    """Whatever asks us to end, end the way Ctrl-C does."""
    raise KeyboardInterrupt


def run(folder: Path) -> None:
    """Start the parts in the order in which they need each other, and watch them."""
    own_broker = "REDIS_URL" not in os.environ
    if own_broker:
        os.environ["REDIS_URL"] = valkey_url(folder / "valkey.sock")
    django.setup()
    from django.conf import settings

    with only_launcher(settings.DATA_DIR), stopped_at_end(settings.DATA_DIR / "logs") as household:
        if own_broker:
            start_broker(household, folder / "valkey.sock", settings.DATA_DIR / "valkey")
        prepare_database()
        prepare_static_files()
        restore_unacknowledged()
        start_parts(household)
        wait_until_answering(household)
        announce()
        watch(household)


@contextmanager
def private_folder() -> Iterator[Path]:
    """A folder that only we can enter, with a short name: a socket's path may not be long."""
    usual = tempfile.gettempdir()
    place = usual if len(usual) < LONGEST_FOLDER else "/tmp"  # noqa: S108 -- mkdtemp makes it ours alone
    folder = Path(tempfile.mkdtemp(prefix="portal-", dir=place))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def only_launcher(data_folder: Path) -> Iterator[IO[str]]:
    """Hold the data folder: two schedules on one folder would chase people twice."""
    with (data_folder / "running").open("a+") as mark:
        try:
            fcntl.flock(mark, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            mark.seek(0)
            raise Stop(
                f"The portal is already running on this data folder ({mark.read()}).\n"
                "Stop it with Ctrl-C where it runs, or give this one its own folder: DATA_DIR=/some/folder make run"
            ) from None
        mark.truncate(0)
        mark.write(f"process {os.getpid()}, port {os.environ.get('PORT', '8000')}")
        mark.flush()
        yield mark


@contextmanager
def stopped_at_end(logs: Path) -> Iterator[Household]:
    """A household whose every process is gone afterwards, however it ends. A second Ctrl-C hurries."""
    household = Household(logs)
    try:
        yield household
    finally:
        for end in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(end, household.kill)
        household.stop()


def check_port(port: str) -> None:
    """Stop with a plain word if the port cannot be ours."""
    if not port.isdecimal() or not 0 < int(port) <= HIGHEST_PORT:
        raise Stop(
            f"PORT is {port!r}; it must be a number between 1 and {HIGHEST_PORT}, for example: make run PORT=8001"
        )
    try:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(("127.0.0.1", int(port)))
        taken = answers_on_ipv6(int(port))
    except PermissionError:
        raise Stop(f"This account may not open port {port}. Choose one above 1023: make run PORT=8001") from None
    except OSError:
        taken = True
    if taken:
        raise Stop(
            f"Port {port} is taken: another program on this machine answers there, perhaps the portal itself.\n"
            f"Stop that program, or choose another port: make run PORT={min(int(port) + 1, HIGHEST_PORT)}"
        )


def answers_on_ipv6(port: int) -> bool:
    """Whether "localhost" would lead a browser to another program: browsers try IPv6 first."""
    try:
        with socket.create_connection(("::1", port), timeout=1):
            return True
    except OSError:
        return False


def start_broker(household: Household, socket_path: Path, data_folder: Path) -> None:
    """Start the embedded Valkey and wait for it."""
    data_folder.mkdir(mode=0o700, exist_ok=True)
    child = household.start("valkey", valkey_command(socket_path, data_folder))
    if not valkey_answers(socket_path, child.process):
        raise Stop(f"valkey-server did not start. Its last words:\n{child.last_lines()}")


def prepare_database() -> None:
    """Bring the tables up to date and, on first use, load the example."""
    from django.conf import settings
    from django.contrib.auth import get_user_model
    from django.core.management import call_command

    say("Preparing the database")
    call_command("migrate", verbosity=0, interactive=False)
    if settings.EMBEDDED and not get_user_model().objects.exists():
        say("Loading the example")
        call_command("load_example", verbosity=0)


def prepare_static_files() -> None:
    """Collect and compress stylesheets and scripts, unless none has changed since the last time."""
    from django.conf import settings
    from django.contrib.staticfiles.finders import get_finders
    from django.core.management import call_command

    found = [storage.path(path) for finder in get_finders() for path, storage in finder.list([])]
    facts = [f"{path} {os.stat(path).st_size} {os.stat(path).st_mtime_ns}" for path in sorted(found)]
    wanted = hashlib.sha256("\n".join(facts).encode()).hexdigest()
    mark = Path(settings.STATIC_ROOT) / ".stamp"
    if not mark.exists() or mark.read_text() != wanted:
        say("Collecting stylesheets and scripts")
        call_command("collectstatic", verbosity=0, interactive=False, clear=True)
        mark.write_text(wanted)


def start_parts(household: Household) -> None:
    """Start the web server, the worker and exactly one schedule."""
    python = [sys.executable, "-m"]
    household.start("web", [*python, "gunicorn", "-c", "python:config.web_server", "config.wsgi"])
    household.start(
        "worker", [*python, "celery", "--quiet", "-A", "config", "worker", "--without-gossip", "--without-mingle"]
    )
    household.start("beat", [*python, "celery", "--quiet", "-A", "config", "beat"])


def wait_until_answering(household: Household) -> None:
    """Come back when the sign-in page answers."""
    from django.conf import settings
    from django.urls import reverse

    say("Starting")
    deadline = time.monotonic() + ANSWER_SECONDS
    status = 0
    while time.monotonic() < deadline:
        stop_if_one_died(household)
        try:
            page = http.client.HTTPConnection("127.0.0.1", settings.PORT, timeout=10)
            page.request("GET", reverse(settings.LOGIN_URL), headers={"Host": settings.SITE_HOST})
            status = page.getresponse().status
        except OSError:
            status = 0
        if status >= http.client.INTERNAL_SERVER_ERROR:
            break
        if status:
            return
        time.sleep(0.2)
    web = next(child for child in household.children if child.name == "web")
    raise Stop(f"The sign-in page does not answer as it should ({status}). {web.log} ends with:\n{web.last_lines()}")


def announce() -> None:
    """Say where the portal is, and who can sign in to the example."""
    from django.conf import settings
    from django.core.management import call_command

    print(f"\nThe portal is ready at {settings.SITE_URL}\n", flush=True)
    if settings.EMBEDDED:
        call_command("load_example", people=True)
    mail = "" if settings.EMAIL_URL else f"Mail is written to {settings.EMAIL_FILE_PATH}. "
    print(f"\n{mail}Logs are in {settings.DATA_DIR / 'logs'}.\nCtrl-C stops everything.", flush=True)


def watch(household: Household) -> None:
    """Keep watch until somebody stops us or a part ends."""
    while True:
        stop_if_one_died(household)
        time.sleep(0.5)


def stop_if_one_died(household: Household) -> None:
    """A portal without one of its parts looks well and is not: stop it all, and say which part ended."""
    if child := household.dead():
        raise Stop(
            f"The {child.name} has ended by itself (code {child.process.returncode}), so everything was stopped.\n"
            f"{child.log} ends with:\n{child.last_lines()}"
        )


def say(what: str) -> None:
    """Tell the person at the terminal what is happening, at once."""
    print(f"· {what}", flush=True)


if __name__ == "__main__":
    main()
