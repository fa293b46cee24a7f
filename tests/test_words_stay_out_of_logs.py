"""What people type, upload, ask for or bring in is in no log line, task message or file of the broker.

The twin partnership's every row carries a marker, its people's names included. They do what people do, with the marker
in whatever they type, and what goes wrong goes wrong with it. Then everything that was written down is searched.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
import redis
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError
from django.test import Client
from django.urls import reverse

from config.logs import CodesOnly, PlainCodes
from reviews import tasks
from reviews.models import Evidence, PlanImport, ProgressUpdate
from tests.portal.test_progress import send
from tests.reviews.importing.plans import a_plan
from tests.sending import forms_of, pages
from tests.world import MARKER, World

WORDS = f"{MARKER} of 1 Somewhere Street"
FEWEST_FORMS = 25


class Written(logging.Handler):
    """Every line, in both forms, as it would be written with the most talkative setting."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines += [CodesOnly().format(record), PlainCodes().format(record)]


@pytest.fixture
def written() -> Iterator[Written]:
    """What is logged from here on."""
    root, handler = logging.getLogger(), Written()
    before = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield handler
    root.removeHandler(handler)
    root.setLevel(before)


def silent(written: Written) -> list[str]:
    """The lines that say the marker: there must be none."""
    assert written.lines, "nothing was logged at all"
    return [line for line in written.lines if MARKER.lower() in line.lower()]


def browser_of(user: Any) -> Client:
    """Somebody's browser, which shows an error page as people would see it."""
    client = Client(raise_request_exception=False)
    if user is not None:
        client.force_login(user)
    return client


def typed(kind: str, name: str, box: Any) -> Any:
    """What somebody sends who types the marker wherever words can be typed, and chooses the last of each list."""
    if kind == "submit":
        return box[0]
    if kind == "hidden":
        return box.value or ""
    if kind == "file":
        return SimpleUploadedFile(f"{WORDS}.csv", WORDS.encode(), content_type="text/csv")
    if kind == "select":
        return box.value_options[-1] if box.value_options else ""
    if kind in ("checkbox", "radio"):
        return box.get("value", "on")
    return f"{MARKER}@example.org" if kind == "email" else WORDS


def send_all_forms(client: Client, url: str) -> list[str]:
    """Open a page with the marker asked for, and send each of its forms; the names of what was typed into."""
    sent = []
    for method, target, said in forms_of(client, url, typed, {"words": WORDS}):
        names = [name for name, value in said.items() if MARKER in str(value)]
        if names:
            getattr(client, method)(target, said)
            sent.append(names[0])
    return sent


def test_no_word_of_any_form_or_address_is_logged(world: World, written: Written, broker: Path) -> None:
    browsers: dict[Any, Client] = {}
    sent: list[str] = []
    for who, url in pages(world.there):
        key = who.pk if who else None
        client = browsers.setdefault(key, browser_of(who))
        sent += send_all_forms(client, url)
        if who and not client.session.get("_auth_user_id"):
            browsers.pop(key)
    assert len(sent) >= FEWEST_FORMS, sent
    assert {"progress", "login", "email", "file", "reason", "reference"} <= set(sent)
    client = browser_of(world.there.people.lead)
    client.get(f"/{WORDS}/", {WORDS: WORDS}, headers={"referer": f"https://example.org/{WORDS}", "user-agent": WORDS})
    client.get(f"/accounts/password/reset/key/{MARKER}/")
    client.generic("MARKER", f"/{MARKER}/")
    assert silent(written) == []


def test_no_word_of_an_update_an_upload_or_an_import_is_logged(world: World, written: Written, broker: Path) -> None:
    action = world.there.plans.of_police
    client = browser_of(world.there.people.lead)
    last = action.updates.latest("pk").pk
    update = {"progress": WORDS, "next_steps": WORDS, "status": "in_progress", "seen": last}
    update |= {"on_day": "2", "on_month": "3", "on_year": "2026"}
    for name, content in ((f"{WORDS}.pdf", b"%PDF-1.7\n%%EOF\n"), (f"{WORDS}.exe", b"MZ"), (f"{WORDS}.pdf", b"")):
        file = SimpleUploadedFile(name, content)
        send(client, reverse("action-update", args=[action.pk]), {**update, "file": [file]})
    assert ProgressUpdate.objects.filter(progress=WORDS).exists(), "the good one is kept"
    assert Evidence.objects.filter(title__contains=MARKER, kind="file").exists()

    coordinator = browser_of(world.there.people.coordinator)
    headings = ("Ref", WORDS, "Recommendation", "Lead agency", "Status", "Target date")
    rows = (WORDS, WORDS, WORDS, WORDS, WORDS, WORDS), ("1", "", "To listen.", "Borough Police", "x", "31/09/2020")
    for name, content in (
        (f"{WORDS}.xlsx", a_plan(*rows, headings=headings)),
        (f"{WORDS}.xlsx", a_plan(*rows)[:900]),
        (f"{WORDS}.csv", f"{WORDS}\n\0{WORDS}".encode()),
        (f"{WORDS}.xlsx", WORDS.encode()),
    ):
        file = SimpleUploadedFile(name, content)
        sent = {"partnership": world.there.partnership.pk, "file": file}
        coordinator.post(reverse("admin:reviews_planimport_add"), sent, follow=True)
    assert PlanImport.objects.filter(file_name__contains=MARKER).count() >= 2
    assert silent(written) == []


@pytest.mark.parametrize("error", [ValueError(WORDS), IntegrityError(f"Key (name)=({WORDS}) exists"), OSError(WORDS)])
def test_no_word_of_an_error_is_logged(world: World, written: Written, error: Exception) -> None:
    action = world.there.plans.of_police
    client = browser_of(world.there.people.lead)
    with mock.patch("portal.views.progress.desk_of", side_effect=error):
        assert client.get(reverse("action-update", args=[action.pk]), {"q": WORDS}).status_code == 500
    assert silent(written) == []
    last = json.loads(next(line for line in written.lines if '"error"' in line))
    assert last["error"].startswith(type(error).__name__)
    assert last["request"]


def test_no_word_is_in_a_task_s_message_or_in_what_the_broker_keeps(
    world: World, written: Written, broker: Path, valkey: str
) -> None:
    for task in (tasks.tick, tasks.sweep, tasks.housekeeping):
        assert task.delay()
    assert tasks.plan_run.delay(world.there.partnership.pk)
    with redis.from_url(valkey) as client:
        messages = b"".join(client.lrange("celery", 0, -1))
        client.wait(0, 0)
    kept = b"".join(path.read_bytes() for path in broker.rglob("*") if path.is_file())
    assert b"reviews.tasks.plan_run" in messages, "this is where the broker has them"
    assert b"reviews.tasks.plan_run" in kept
    for place in (messages, kept):
        assert MARKER.lower().encode() not in place.lower()
    tasks.plan_run.apply(args=[world.there.partnership.pk])
    assert silent(written) == []
    ended = [json.loads(line) for line in written.lines if line.startswith("{")]
    assert any(line.get("task") == "reviews.tasks.plan_run" and line.get("task_id") for line in ended)
