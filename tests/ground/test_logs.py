"""Logs hold ids and codes only: a marker that a person could have typed must not come out."""

import json
import logging
import sys
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import RequestFactory

from agencies.models import User
from config.logs import CodesOnly, error_code

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
