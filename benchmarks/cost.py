"""Processor time of one request: of this process, and of the PostgreSQL process that serves it."""

from __future__ import annotations

import io
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.db import connection
from django.test.utils import CaptureQueriesContext

WARM_UP = 3


@dataclass
class Cost:
    """Seconds of processor time of each round, here and in the database, and the statements of one request."""

    here: list[float] = field(default_factory=list)
    database: list[float] = field(default_factory=list)
    queries: int = 0

    @property
    def seconds(self) -> float:
        """The median round, both processes together."""
        return median(here + there for here, there in zip(self.here, self.database, strict=True))


class Server:
    """The portal's WSGI application with one person signed in, without a socket between."""

    def __init__(self, cookies: Mapping[str, str]) -> None:
        """``cookies`` as a browser of that person would send them."""
        self._application = get_wsgi_application()
        self._cookies = dict(cookies)

    def get(self, address: str) -> str:
        """The page at this address; anything but a page stops the benchmark."""
        return self._call("GET", address, b"", {200})

    def post(self, address: str, fields: Mapping[str, str]) -> str:
        """Where the answer to this form leads; anything but leading on stops the benchmark."""
        return self._call("POST", address, urlencode(fields).encode(), {302})

    def _call(self, method: str, address: str, body: bytes, expected: Iterable[int]) -> str:
        parts = urlsplit(address)
        answer: list[Any] = []
        environ = {
            "REQUEST_METHOD": method,
            "PATH_INFO": parts.path,
            "QUERY_STRING": parts.query,
            "SERVER_NAME": "localhost",
            "SERVER_PORT": "8000",
            "HTTP_HOST": "localhost:8000",
            "HTTP_COOKIE": "; ".join(f"{name}={value}" for name, value in self._cookies.items()),
            "CONTENT_TYPE": "application/x-www-form-urlencoded",
            "CONTENT_LENGTH": str(len(body)),
            "wsgi.input": io.BytesIO(body),
            "wsgi.url_scheme": "http",
            "wsgi.errors": io.StringIO(),
            "REMOTE_ADDR": "127.0.0.1",
        }
        response = self._application(environ, lambda status, headers: answer.extend((status, headers)))
        text = b"".join(response).decode()
        response.close()
        if int(answer[0][:3]) not in expected:
            raise SystemExit(f"{method} {address} answered {answer[0]}, which cannot be measured:\n{text[:2000]}")
        headers = dict(answer[1])
        for name, value in answer[1]:
            if name == "Set-Cookie" and value.lstrip().startswith(settings.CSRF_COOKIE_NAME):
                self._cookies[settings.CSRF_COOKIE_NAME] = value.split(";")[0].partition("=")[2]
        return headers.get("Location", text)


#: Given the number of the round, does what has to be there before, and returns what is to be measured.
Request = Callable[[int], Callable[[], object]]


def compare(requests: Mapping[str, Request], rounds: int) -> dict[str, Cost]:
    """What each request costs, taken in turns, so that whatever slows this machine slows all of them alike."""
    costs = {name: Cost() for name in requests}
    for number in range(rounds + WARM_UP):
        for name, request in requests.items():
            measured = request(number)
            if number == 0:
                with CaptureQueriesContext(connection) as queries:
                    measured()
                costs[name].queries = len(queries)
                continue
            here, database = time.process_time(), database_seconds()
            measured()
            if number >= WARM_UP:
                costs[name].here.append(time.process_time() - here)
                costs[name].database.append(database_seconds() - database)
    return costs


def database_seconds() -> float:
    """Processor time that the database has spent on this connection so far."""
    return int(Path(f"/proc/{_backend()}/schedstat").read_text().split()[0]) / 1e9


def _backend() -> int:
    connection.ensure_connection()
    return int(connection.connection.info.backend_pid)
