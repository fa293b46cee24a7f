"""Logs hold ids and codes only: a marker that a person could have typed must not come out."""

import json
import logging
import re
import sys
from typing import Any

import pytest
from celery import shared_task
from django.db import IntegrityError, transaction
from django.test import RequestFactory

from agencies.models import User
from config.logs import CodesOnly, PlainCodes, error_code, lines

MARKER = "Mrs Marker of 1 Marker Street"


def line(name: str, message: str, *args: Any, **more: Any) -> dict:
    """What the log would say."""
    record = logging.LogRecord(name, logging.INFO, __file__, 1, message, args, more.pop("exc_info", None))
    vars(record).update(more)
    return json.loads(CodesOnly().format(record))


def raised(error: Exception) -> tuple:
    """An exception as a log record carries it."""
    try:
        raise error
    except type(error):
        return sys.exc_info()


def test_our_own_records_are_printed_with_their_ids():
    said = line("reviews.progress", "claimed %s", 17, action=17)
    assert said["event"] == "claimed 17"
    assert said["action"] == 17


@pytest.mark.parametrize("args", [(MARKER,), ({"x": MARKER},), (ValueError(MARKER),)])
def test_a_library_s_words_are_left_out(args):
    assert MARKER not in str(line("library.module", "went wrong: %s", *args))


def test_a_library_s_numbers_are_kept():
    assert line("library.module", "took %.1f s", 1.25)["event"] == "took 1.2 s"


def test_a_task_is_named_and_its_exception_is_not_quoted():
    data = {"name": "reviews.tasks.tick", "id": "4f1c", "exc": MARKER, "args": MARKER}
    said = line("celery.app.trace", "Task %(name)s[%(id)s] raised %(exc)s", data)
    assert said["event"] == "Task reviews.tasks.tick[4f1c] raised …"


def test_an_exception_is_its_class_and_our_lines():
    said = line("reviews.progress", "failed", exc_info=raised(ValueError(MARKER)))
    assert said["error"] == "ValueError"
    assert MARKER not in str(said)


def test_a_request_is_its_route_never_its_address():
    request = RequestFactory().get(f"/accounts/password/reset/key/{MARKER}/", {"q": MARKER})
    said = line("django.request", "Not Found: %s", request.path, request=request, status_code=404)
    assert said["event"] == "404 GET (no such page)"


def test_gunicorn_does_not_print_the_query_string():
    said = line(
        "gunicorn.error", "Error handling request %s %s", "GET", f"/x?q={MARKER}", exc_info=raised(OSError(MARKER))
    )
    assert MARKER not in str(said)


@pytest.mark.django_db
def test_a_database_error_is_its_class_and_constraint():
    User.objects.create_user("someone@example.org", name="Someone")
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        User.objects.create_user("someone@example.org", name="Another")
    code = error_code(caught.value)
    assert code.startswith("IntegrityError(")
    assert "email" in code or "one_person_per_address" in code
    assert "someone" not in code


def test_a_line_for_people_says_the_same_in_plain_words():
    record = logging.LogRecord("reviews.progress", logging.INFO, __file__, 1, "claimed", (), raised(ValueError(MARKER)))
    record.action, record.note = 17, "two words\nand a line"
    first, *rest = PlainCodes().format(record).splitlines()
    assert re.fullmatch(
        r'\d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ info    reviews.progress: claimed action=17 note="two words\\nand a line" '
        r"error=ValueError",
        first,
    )
    assert rest == [], "none of the portal's lines was passed"


@pytest.mark.parametrize(("asked", "form"), [("plain", PlainCodes), ("json", CodesOnly), ("", PlainCodes)])
def test_lines_have_the_form_that_is_asked_for(monkeypatch, asked, form):
    monkeypatch.setenv("LOG_FORMAT", asked) if asked else monkeypatch.delenv("LOG_FORMAT", raising=False)
    assert type(lines()) is form


def test_a_form_that_is_none_is_refused(monkeypatch):
    monkeypatch.setenv("LOG_FORMAT", "xml")
    with pytest.raises(ValueError, match="plain or json"):
        lines()


@pytest.fixture
def logged():
    """What is logged from here on, as objects."""
    said, handler = [], logging.Handler()
    handler.emit = lambda record: said.append(json.loads(CodesOnly().format(record)))
    logging.getLogger().addHandler(handler)
    yield said
    logging.getLogger().removeHandler(handler)


def test_a_request_is_one_line_of_codes_under_a_number(world, client, logged):
    person = world.here.people.member
    client.force_login(person)
    response = client.get(f"/actions/{world.here.plans.of_police.pk}/", {"q": MARKER})
    (said,) = [line for line in logged if line["from"] == "config.about"]
    assert re.fullmatch("[0-9a-f]{32}", said["request"])
    assert response.headers["X-Request-ID"] == said["request"]
    assert isinstance(said["ms"], int)
    facts = {name: said[name] for name in ("event", "method", "route", "status", "user")}
    assert facts == {
        "event": "request",
        "method": "GET",
        "route": "action-detail",
        "status": 200,
        "user": person.pk,
    }


@pytest.mark.parametrize(
    ("given", "believed"), [("0" * 31 + "f", True), (MARKER, False), ("F" * 32, False), ("0" * 33, False)]
)
def test_a_proxys_number_is_believed_where_it_is_one(db, client, logged, given, believed):
    response = client.get("/privacy/", headers={"x-request-id": given})
    assert (response.headers["X-Request-ID"] == given) is believed
    assert MARKER not in str(logged)


def test_what_is_no_page_or_no_word_of_http_is_not_named(db, client, logged):
    client.generic("MARKER", "/marker/", REMOTE_ADDR="192.0.2.1")
    said = next(line for line in logged if line["from"] == "config.about")
    assert (said["method"], said["route"], said["user"]) == ("(other)", "(no such page)", None)
    assert "marker" not in str(logged).lower()
    assert "192.0.2.1" not in str(logged)


def test_probes_are_not_logged(db, client, logged):
    client.get("/health/")
    assert logged == []


def test_a_tasks_lines_carry_its_name_and_number(logged):
    @shared_task(name="reviews.tasks.example")
    def example(words: str) -> None:
        logging.getLogger("reviews.example").info("at work")

    done = example.apply(args=[MARKER])
    logging.getLogger("reviews.example").info("after it")
    at_work, after = (line for line in logged if line["from"] == "reviews.example")
    assert (at_work["task"], at_work["task_id"]) == ("reviews.tasks.example", done.id)
    assert "task" not in after
    assert MARKER not in str(logged)
