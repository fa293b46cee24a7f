"""Sends what a test makes up, looks at the answer, at the rows and at the pages that show them next, and undoes it."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urljoin

from allauth.account.internal.flows.login import (
    _AUTHENTICATION_METHODS_USER_SESSION_KEY,
    AUTHENTICATION_METHODS_SESSION_KEY,
)
from allauth.account.internal.userkit import user_id_to_str
from django.core.cache import cache
from django.db import connection, transaction
from django.db.backends.base.operations import BaseDatabaseOperations
from django.db.models import Field
from django.test import Client

from agencies.models import AuditEntry, User
from tests.test_bad_input import CODES, MODELS, OWN_AFFAIRS, state

FAULTS = (b"Traceback", b"DoesNotExist", b"IntegrityError", b"psycopg", b"sqlite3", b"Exception Value")
OURS = {model._meta.db_table: model for model in MODELS}
_WRITES = re.compile(r'\s*(?:INSERT INTO|UPDATE|DELETE FROM) "(\w+)"')


class Trying:
    """One walk: a browser for each person, what went wrong so far, and how much was sent and carried out."""

    def __init__(self) -> None:
        self.browsers: dict[User | None, Client] = {}
        self.wrong: list[str] = []
        self.sent = self.done = 0
        self.before = state()
        self.audited = AuditEntry.objects.count()

    def browser_of(self, who: User | None) -> Client:
        """The browser in which ``who`` is signed in."""
        if who not in self.browsers:
            self.browsers[who] = Client(raise_request_exception=False)
            if who:
                self.browsers[who].force_login(who)
                _has_just_said_the_password(self.browsers[who], who)
                self.before = state()  # when somebody last signed in is a fact of theirs
        return self.browsers[who]

    def send(self, client: Client, method: str, to: str, said: dict[str, Any], page: str = "") -> None:
        """Send ``said``, from the form on ``page``, and note what is wrong with what became of it."""
        cookies = dict(client.cookies)
        cache.clear()  # who tries too often is told so, and no more
        with transaction.atomic():
            with _listening() as written:
                answer = getattr(client, method)(to, said)
                why = _fault(answer)
            if not why and written:
                why = self._kept_wrong(answer, written) or _seen_next(client, answer, to, page)
            transaction.set_rollback(True)
        client.cookies.clear()
        client.cookies.update(cookies)
        self.sent += 1
        self.done += answer.status_code in (302, 303)
        if why:
            self.wrong.append(f"{why}: {method} {to} { ({name: _short(value) for name, value in said.items()}) }")

    def _kept_wrong(self, answer: Any, written: set[str]) -> str:
        names = {OURS[table].__name__ for table in written} & self.before.keys()
        after = state(names)
        changed = {name for name in names if after[name] != self.before[name]}
        if answer.status_code not in (302, 303) and changed:
            return f"half kept, {answer.status_code}, {sorted(changed)}"
        if changed - OWN_AFFAIRS and AuditEntry.objects.count() == self.audited:
            return f"in no audit, {sorted(changed)}"
        return next((f"kept, though {why}" for table in written for why in _no_room(table)), "")


def _has_just_said_the_password(client: Client, who: User) -> None:
    """Open the pages on which one's own password and second step are changed."""
    session = client.session
    said = {"method": "password", "at": time.time(), "email": who.email, "reauthenticated": True}
    session[AUTHENTICATION_METHODS_SESSION_KEY] = [said]
    session[_AUTHENTICATION_METHODS_USER_SESSION_KEY] = user_id_to_str(who)
    session.save()


@contextmanager
def _listening() -> Iterator[set[str]]:
    """The tables of ours into which something is written meanwhile."""
    written: set[str] = set()

    def listen(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        if found := _WRITES.match(sql):
            written.update({found[1]} & OURS.keys())
        return execute(sql, *rest)

    with connection.execute_wrapper(listen):
        yield written


def _fault(answer: Any) -> str:
    said = b"".join(answer) if answer.streaming else answer.content
    if answer.status_code not in CODES:
        return f"{answer.status_code} {getattr(answer, 'exc_info', None) and repr(answer.exc_info[1])[:300]}"
    return next((f"says {fault.decode()}" for fault in FAULTS if fault in said), "")


def _seen_next(client: Client, answer: Any, to: str, page: str) -> str:
    """What is wrong with the page to which the answer leads, or with the one where the form stands."""
    led = urljoin(to, answer.headers.get("Location", page))
    shown = [url for url in dict.fromkeys((led, page)) if url.startswith("/") and not url.startswith("//")]
    return next((f"afterwards on {url} {why}" for url in shown if (why := _fault(client.get(url)))), "")


def _no_room(table: str) -> Iterator[str]:
    """What a column holds and should not; PostgreSQL would have refused it."""
    fields: list[Field[Any, Any]] = [*OURS[table]._meta.concrete_fields]
    for row in OURS[table]._base_manager.values():
        for field in fields:
            value = row[field.attname]
            if isinstance(value, str) and field.max_length and len(value) > field.max_length:
                yield f"{field} holds {field.max_length} letters, not {len(value)}"
            most = BaseDatabaseOperations.integer_field_ranges.get(field.get_internal_type(), (0, 0))[1]
            if isinstance(value, int) and most and value > most:
                yield f"{field} holds {most} at most"


def _short(value: Any) -> Any:
    return value if len(str(value)) <= 60 else f"{str(value)[:20]}… ({len(str(value))})"
