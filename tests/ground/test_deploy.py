"""The units and the proxy's file in docs/deploy do what they say, as far as one machine without a systemd can tell."""

from __future__ import annotations

import contextlib
import http.client
import os
import re
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urlencode

import pytest
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.db import connection

from portal.forms.fields import FilesField
from reviews import drafts
from reviews.uploads import MOST_BYTES
from tests.servers import free_port
from tests.world import make_world

ROOT = Path(__file__).resolve().parent.parent.parent
DEPLOY = ROOT / "docs" / "deploy"
UNITS = sorted(path.name for path in DEPLOY.glob("portal*.*") if path.suffix in (".service", ".target", ".timer"))
ANALYZE = shutil.which("systemd-analyze")
NGINX = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
SITE = "portal.example.org"
LEAST_EXPOSED = 2.0  # of 10, by systemd's own reckoning


# --- Units ------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def units(tmp_path_factory) -> Path:
    """The units as they would stand in /etc/systemd/system, had the portal been put here."""
    folder = tmp_path_factory.mktemp("units")
    (folder / ".venv" / "bin").mkdir(parents=True)
    for program in ("gunicorn", "celery", "python"):
        (folder / ".venv" / "bin" / program).symlink_to(Path(sys.executable).parent / program)
    for name in UNITS:
        (folder / name).write_text((DEPLOY / name).read_text().replace("/srv/portal", str(folder)))
    return folder


def test_there_is_a_unit_for_each_process() -> None:
    assert {"portal-web.service", "portal-worker.service", "portal-beat.service", "portal.target"} <= set(UNITS)


@pytest.mark.either
@pytest.mark.skipif(not ANALYZE, reason="no systemd-analyze on this machine")
def test_systemd_understands_each_unit(units: Path) -> None:
    command = [str(ANALYZE), "verify", *(str(units / name) for name in UNITS)]
    said = subprocess.run(command, capture_output=True, text=True)
    assert said.returncode == 0, said.stderr
    assert not [line for line in said.stderr.splitlines() if str(units) in line], said.stderr


@pytest.mark.either
@pytest.mark.skipif(not ANALYZE, reason="no systemd-analyze on this machine")
@pytest.mark.parametrize("name", [name for name in UNITS if name.endswith(".service")])
def test_a_unit_may_touch_little(units: Path, name: str) -> None:
    said = subprocess.run(
        [str(ANALYZE), "security", "--offline=yes", str(units / name)], capture_output=True, text=True
    )
    found = re.search(r"Overall exposure level for .*: ([\d.]+)", said.stdout)
    assert found, said.stderr
    assert float(found[1]) <= LEAST_EXPOSED


def test_the_backup_goes_where_systemd_makes_a_folder_and_where_its_age_is_watched() -> None:
    unit = (DEPLOY / "portal-backup.service").read_text()
    (made,) = re.findall(r"^StateDirectory=(.+)$", unit, re.MULTILINE)
    (written,) = set(re.findall(r"(/\S+)/portal-\$\$", unit))
    assert written in [f"/var/lib/{name}" for name in made.split()]
    assert f"BACKUP_FOLDER={written}" in (DEPLOY / "portal.env.example").read_text().splitlines()
    assert "ReadWritePaths" not in unit, "a folder that nobody makes stops the unit"


# --- Production, with a signed-in request -----------------------------------------------------------


@contextmanager
def running(command: list[str], environment: dict[str, str], log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A process while it is needed; asked to end, as systemd would."""
    with log.open("wb") as said:
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=said, stderr=said)
        try:
            yield process
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(30)


def start_of(name: str) -> list[str]:
    """What a unit starts, here."""
    line = next(line for line in (DEPLOY / name).read_text().splitlines() if line.startswith("ExecStart="))
    program, *arguments = line.removeprefix("ExecStart=").split()
    return [sys.executable, "-m", Path(program).name, *arguments]


class Token(HTMLParser):
    """The token of the first form."""

    value = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        if said.get("name") == "csrfmiddlewaretoken":
            self.value = self.value or str(said["value"])


class Visitor:
    """A browser, or a proxy, with its cookies."""

    def __init__(self, port: int, *, tls: bool) -> None:
        self.port, self.tls, self.cookies = port, tls, dict[str, str]()

    def ask(self, method: str, path: str, form: dict[str, str] | None = None, **headers: str) -> tuple[int, str, dict]:
        """The code, the page and the headers of one answer."""
        if self.tls:
            anyones = ssl._create_unverified_context()  # noqa: S323 -- its certificate is its own
            link: http.client.HTTPConnection = http.client.HTTPSConnection("127.0.0.1", self.port, context=anyones)
        else:
            link = http.client.HTTPConnection("127.0.0.1", self.port)
        known = {"Host": SITE, "Referer": f"https://{SITE}/", **headers}
        known["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        if form:
            known["Content-Type"] = "application/x-www-form-urlencoded"
        link.request(method, path, urlencode(form) if form else None, known)
        answer = link.getresponse()
        page = answer.read().decode(errors="replace")
        for cookie in answer.headers.get_all("Set-Cookie") or []:
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
        link.close()
        return answer.status, page, dict(answer.headers)

    def sign_in(self, email: str, password: str, **headers: str) -> int:
        """Fill in the form on the sign-in page."""
        token = Token()
        token.feed(self.ask("GET", "/accounts/login/", **headers)[1])
        form = {"login": email, "password": password, "csrfmiddlewaretoken": token.value}
        return self.ask("POST", "/accounts/login/", form, **headers)[0]


def wait_for(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    """Come back when somebody answers there."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and process.poll() is None:
        try:
            if Visitor(port, tls=False).ask("GET", "/health/")[0]:
                return
        except OSError:
            time.sleep(0.1)
    process.kill()
    pytest.fail(log.read_text())


@pytest.fixture
def production(portal_environment: dict[str, str], tmp_path: Path) -> dict[str, str]:
    """Production's settings, with the stylesheets collected."""
    if connection.vendor != "postgresql":
        pytest.skip("production stands on PostgreSQL, and is started by the tests that run there")
    environment = portal_environment | {"DATA_DIR": str(tmp_path), "PORT": str(free_port()), "LOG_FORMAT": "json"}
    command = [sys.executable, "manage.py", "collectstatic", "--noinput", "--verbosity=0"]
    subprocess.run(command, cwd=ROOT, env=environment, check=True, timeout=120)
    return environment


def test_the_proxy_lets_through_as_many_files_as_one_form_takes() -> None:
    allowed = re.search(r"client_max_body_size (\d+)m;", (DEPLOY / "nginx.conf").read_text())
    assert allowed
    assert int(allowed[1]) * 1024 * 1024 > FilesField.most * MOST_BYTES + drafts.MOST_CHARACTERS


@contextmanager
def proxied(port: int, folder: Path) -> Iterator[int]:
    """The example's nginx before the web server; its port."""
    own = free_port()
    name = ["-subj", f"/CN={SITE}", "-keyout", f"{folder}/privkey.pem", "-out", f"{folder}/fullchain.pem"]
    subprocess.run(["openssl", "req", "-x509", "-nodes", "-newkey", "rsa:2048", *name], check=True, capture_output=True)
    text = (DEPLOY / "nginx.conf").read_text()
    text = re.sub(r"listen \[::\]:\d+[^;]*;", "", text).replace("listen 80;", f"listen 127.0.0.1:{free_port()};")
    text = text.replace("listen 443", f"listen 127.0.0.1:{own}").replace("127.0.0.1:8000", f"127.0.0.1:{port}")
    text = text.replace("/etc/ssl/portal", str(folder)).replace("/var/log/nginx/portal.log", f"{folder}/nginx.log")
    text = text.replace("actions.example.gov.uk", SITE)
    places = "".join(
        f"{kind}_temp_path {folder}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    whole = f"pid {folder}/nginx.pid; error_log {folder}/nginx.log; events {{}} http {{ {places} {text} }}"
    (folder / "nginx.conf").write_text(whole)
    command = [str(NGINX), "-c", str(folder / "nginx.conf"), "-p", str(folder)]
    tried = subprocess.run([*command, "-t"], capture_output=True, text=True)
    assert tried.returncode == 0, tried.stderr
    with running([*command, "-g", "daemon off;"], dict(os.environ), folder / "proxy.log") as process:
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline and process.poll() is None:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", own), 1):
                break
            time.sleep(0.05)
        yield own


@pytest.mark.slow
def test_production_answers_somebody_who_signs_in(production: dict[str, str], tmp_path: Path) -> None:
    here = make_world().here
    here.people.lead.password = PBKDF2PasswordHasher().encode("correct horse battery", "salt" * 6)
    here.people.lead.save()
    port = int(production["PORT"])
    https = {"X-Forwarded-Proto": "https"}
    with ExitStack() as stack:
        web = stack.enter_context(running(start_of("portal-web.service"), production, tmp_path / "web.log"))
        wait_for(port, web, tmp_path / "web.log")
        visitor = Visitor(port, tls=False)
        status, _, headers = visitor.ask("GET", "/actions/")
        assert (status, headers["Location"]) == (301, f"https://{SITE}/actions/"), "not without https"
        assert visitor.sign_in(here.people.lead.email, "wrong", **https) == 200
        assert visitor.sign_in(here.people.lead.email, "correct horse battery", **https) == 302
        status, page, headers = visitor.ask("GET", "/actions/", **https)
        assert status == 200
        assert "Write the guide" in page
        assert set(visitor.cookies) >= {"__Host-session"}
        assert "max-age" in headers["Strict-Transport-Security"]
        stylesheet = re.search(r'href="(/static/portal/build/portal\.\w+\.css)"', page)
        assert stylesheet
        assert visitor.ask("GET", stylesheet[1], **https)[0] == 200
        assert visitor.ask("GET", "/actions/", Host="evil.example.com", **https)[0] == 400
        assert visitor.ask("GET", "/health/ready/database/", Host="10.0.0.7")[0] == 200
        if NGINX is None:
            pytest.skip(
                "no nginx on this machine (Debian: apt-get install nginx-light): the web server alone was tried"
            )
        own = stack.enter_context(proxied(port, tmp_path))
        browser = Visitor(own, tls=True)
        assert browser.sign_in(here.people.lead.email, "correct horse battery") == 302
        status, page, headers = browser.ask("GET", "/actions/")
        assert status == 200
        assert "Write the guide" in page
        assert re.fullmatch("[0-9a-f]{32}", headers["X-Request-ID"])
        assert browser.ask("GET", "/metrics/")[0] == 404
        browser.ask("GET", "/reviews/?q=Quillfeather")
    assert "Quillfeather" not in (tmp_path / "nginx.log").read_text()
