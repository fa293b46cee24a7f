"""`make run` for real: everything starts, one port is open, and nothing is left when it stops."""

import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest

from tests.servers import free_port

ROOT = Path(__file__).resolve().parent.parent.parent
START_SECONDS = 120
STOP_SECONDS = 40
pytestmark = [pytest.mark.slow, pytest.mark.either]


@dataclass
class Portal:
    """A portal that `config.serve` has started, with a data folder and a port of its own."""

    data: Path
    port: int
    launcher: subprocess.Popen[bytes]
    started: float

    @property
    def said(self) -> str:
        """What stood on the terminal."""
        return (self.data / "terminal").read_text()

    def family(self) -> list[psutil.Process]:
        """The launcher and every process below it."""
        parent = psutil.Process(self.launcher.pid)
        return [parent, *parent.children(recursive=True)]

    def wait_for(self, words: str) -> float:
        """Wait until the terminal says so; how long it took since the start."""
        while words not in self.said:
            assert self.launcher.poll() is None, self.said
            assert time.monotonic() < self.started + START_SECONDS, self.said
            time.sleep(0.1)
        return time.monotonic() - self.started


def start(data: Path, port: int) -> Portal:
    """Start a portal the way `make run` does once everything is installed."""
    bare = {"PATH": os.environ["PATH"], "DATA_DIR": str(data), "PORT": str(port), "TMPDIR": str(data)}
    with (data / "terminal").open("wb") as terminal:
        command = [sys.executable, "-m", "config.serve"]
        launcher = subprocess.Popen(command, cwd=ROOT, env=bare, stdout=terminal, stderr=subprocess.STDOUT)
    return Portal(data, port, launcher, time.monotonic())


@contextmanager
def running(data: Path) -> Iterator[Portal]:
    """A portal that has said it is ready; stopped, whatever the test did to it."""
    portal = start(data, free_port())
    try:
        portal.wait_for("The portal is ready")
        yield portal
    finally:
        portal.launcher.terminate()
        portal.launcher.wait(STOP_SECONDS)


@pytest.fixture(scope="module")
def portal(tmp_path_factory) -> Iterator[Portal]:
    """A portal that the tests look at and leave alone."""
    with running(tmp_path_factory.mktemp("portal")) as portal:
        yield portal


@pytest.fixture(scope="module")
def used_folder(tmp_path_factory) -> Path:
    """A data folder that one portal after another finds as the one before has left it, however that ended."""
    return tmp_path_factory.mktemp("used")


@pytest.fixture
def own_portal(used_folder) -> Iterator[Portal]:
    """A portal that a test may stop."""
    with running(used_folder) as portal:
        yield portal


def gone(family: list[psutil.Process]) -> bool:
    """Whether none of the processes is left a moment later."""
    _, left = psutil.wait_procs(family, timeout=STOP_SECONDS)
    return all(process.status() == psutil.STATUS_ZOMBIE for process in left)


def test_the_page_answers_and_no_other_port_is_open(portal):
    with urllib.request.urlopen(f"http://localhost:{portal.port}/accounts/login/") as page:
        assert page.status == 200
    listening = {
        (where.laddr.ip, where.laddr.port)
        for process in portal.family()
        for where in process.net_connections("inet")
        if where.status == psutil.CONN_LISTEN
    }
    assert listening == {("127.0.0.1", portal.port)}


def test_there_is_one_of_each_part(portal):
    commands = [" ".join(process.cmdline()) for process in psutil.Process(portal.launcher.pid).children()]
    parts = {
        part: sum(part in command for command in commands) for part in ("valkey-server", "gunicorn", "worker", "beat")
    }
    assert parts == {"valkey-server": 1, "gunicorn": 1, "worker": 1, "beat": 1}


def test_ctrl_c_stops_everything_and_a_second_start_is_quick(own_portal):
    family = own_portal.family()
    own_portal.launcher.send_signal(signal.SIGINT)
    assert own_portal.launcher.wait(STOP_SECONDS) == 0
    assert gone(family)
    assert "The portal has stopped" in own_portal.said

    again = start(own_portal.data, own_portal.port)
    try:
        assert again.wait_for("The portal is ready") < 30
        assert "Collecting" not in again.said
        assert "Loading the example" not in again.said
    finally:
        again.launcher.terminate()
        again.launcher.wait(STOP_SECONDS)


def test_a_part_that_dies_stops_everything_and_is_named(own_portal):
    family = own_portal.family()
    worker = next(process for process in family if "worker" in process.cmdline())
    worker.kill()
    assert own_portal.launcher.wait(STOP_SECONDS) == 1
    assert gone(family)
    assert "The worker has ended by itself" in own_portal.said


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child that its parent died")
def test_even_a_killed_launcher_leaves_no_process(own_portal):
    family = own_portal.family()
    own_portal.launcher.kill()
    own_portal.launcher.wait(STOP_SECONDS)
    assert gone(family)


def test_a_taken_port_is_said_plainly(portal, tmp_path):
    second = start(tmp_path, portal.port)
    assert second.launcher.wait(START_SECONDS) == 1
    assert f"Port {portal.port} is taken" in second.said
    assert "make run PORT=" in second.said


def test_a_second_portal_on_the_same_data_is_refused(portal, tmp_path):
    (tmp_path / "terminal").touch()
    bare = {"PATH": os.environ["PATH"], "DATA_DIR": str(portal.data), "PORT": str(free_port())}
    command = [sys.executable, "-m", "config.serve"]
    second = subprocess.run(command, cwd=ROOT, env=bare, capture_output=True, text=True, timeout=START_SECONDS)
    assert second.returncode == 1
    assert f"already running on this data folder (process {portal.launcher.pid}" in second.stderr


@pytest.mark.parametrize("port", ["none", "0", "70000"])
def test_a_port_that_is_none_is_said_plainly(port, tmp_path):
    second = start(tmp_path, port)
    assert second.launcher.wait(START_SECONDS) == 1
    assert "must be a number between 1 and 65535" in second.said
