"""Whatever anybody sends anywhere: a page with words and the right code, never a fault, and nothing half kept."""

from __future__ import annotations

from collections.abc import Container
from typing import Any

import pytest
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agencies import finding
from agencies.models import AuditEntry
from tests import nasty
from tests.examples import examples
from tests.sending import asked_for, forms_of, pages
from tests.walking import admin_pages, admin_urls
from tests.world import World

CODES = {200, 204, 301, 302, 303, 400, 401, 403, 404, 405, 409, 410, 413, 415, 429}
#: Kept though nothing was done: what somebody had written, and the record of having looked or tried.
KEPT_ANYWAY = {"Opened", "Draft", "StagedFile", "AuditEntry", "Notice", "PlanImport"}
#: Changed by whoever owns them, on pages that are not ours and write no audit.
OWN_AFFAIRS = {"User"}
MODELS = [model for app in ("agencies", "reviews") for model in apps.get_app_config(app).get_models()]
NAMES = frozenset(model.__name__ for model in MODELS)
ROLES = ("lead", "member", "observer", "health_lead", "coordinator", "chair", "partnership_observer", "panel_reader")

words = st.one_of(
    st.text(max_size=40),
    st.sampled_from(
        [
            "",
            " \t\r\n",
            "\0",
            "a\0b",
            "\x1b[2J\x07\x7f",
            "\u202egnp.exe\u2066",
            "\ufeff\u200b\u2028",
            "\N{FAMILY}\N{ZERO WIDTH JOINER}\N{WOMAN}" * 30,
            "e\u0301" * 500,
            "<script>alert(1)</script>{{ 7 * 7 }}{% now 'Y' %}",
            "'; DROP TABLE reviews_action; --",
            "=cmd|' /C calc'!A0",
            "../../etc/passwd",
            "n" * 120_000,
            " ".join(f"w{number}" for number in range(300)),
        ]
    ),
)
numbers = st.one_of(
    st.integers(-(10**40), 10**40).map(str),
    st.sampled_from(["1e309", "9999", "1", "NaN", "0x1F", "\u0663", "1_000", "-0", "٣.٥"]),
)
dates = st.sampled_from(["31/02/2026", "0000-00-00", "9999-12-31", "1/1/1", "29 February 2025", "99", "2026-13-45"])
files = st.sampled_from(nasty.FILES).map(lambda file: _upload(*file))
anything = st.one_of(words, numbers, dates)


def _upload(name: str, content: bytes) -> SimpleUploadedFile:
    file = SimpleUploadedFile("x", content)
    file._name = name  # the name as it was sent; Django would tidy it for us
    return file


@pytest.fixture
def browsers(world: World) -> dict[str, Client]:
    """A browser of nobody, of a stranger, and of each role; they show an error page as people would see it."""
    people: dict[str, Any] = {role: getattr(world.here.people, role) for role in ROLES}
    people |= {"nobody": None, "stranger": world.stranger, "site": world.superuser}
    made = {}
    for role, user in people.items():
        made[role] = Client(raise_request_exception=False)
        if user:
            made[role].force_login(user)
    return made


@pytest.fixture
def places(world: World) -> list[str]:
    """Every page there is, but for the probes: that there is no broker here they rightly call a fault."""
    lists = {url for url, row in admin_urls(world.here) if row is None}
    return sorted(lists | {url for _, url in pages(world.here) if not url.startswith("/health/")})


@pytest.fixture
def parameters(places: list[str], browsers: dict[str, Client]) -> list[tuple[str, str]]:
    """What pages can be asked, as the pages' own links and forms ask it."""
    found = asked_for(browsers["coordinator"], places) | asked_for(browsers["lead"], places)
    about = {path for path, name in found if name == "about"}
    assert about, "the way from a row to the log"
    assert ("/people/", "words") in found
    days = {
        (reverse(f"{prefix}changelist"), f"{own.date_hierarchy}__{part}")
        for _, own, prefix in admin_pages()
        if own.date_hierarchy
        for part in ("year", "month", "day")
    }
    assert len(days) >= 12, "a link leads there only where there are rows of several years"
    return sorted(found | days)


def state(names: Container[str] = NAMES) -> dict[str, list[dict[str, Any]]]:
    """Every row that somebody's work consists of, or of these models only."""
    return {
        model.__name__: list(model._default_manager.order_by("pk").values())
        for model in MODELS
        if model.__name__ not in KEPT_ANYWAY and model.__name__ in names
    }


def check(answer: Any, before: dict[str, Any], sent: object, audited: int = 0) -> None:
    """The right code, no trace, and either it was done whole, to the audit's line, or nothing was."""
    assert answer.status_code in CODES, (answer.status_code, sent)
    if not answer.streaming:
        for fault in (b"Traceback", b"DoesNotExist", b"IntegrityError", b"psycopg", b"sqlite3"):
            assert fault not in answer.content, sent
    b"".join(answer)  # a file is closed when it has been read to its end
    after = state()
    changed = {name for name in after if after[name] != before[name]}
    if answer.status_code not in (302, 303):
        assert not changed, sent
    elif changed - OWN_AFFAIRS:
        assert AuditEntry.objects.count() > audited, (changed, sent)


@settings(
    max_examples=examples(120),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(data=st.data())
def test_no_form_fails_whatever_is_typed_into_it(
    places: list[str], browsers: dict[str, Client], monkeypatch: pytest.MonkeyPatch, data: st.DataObject
) -> None:
    client = browsers[data.draw(st.sampled_from(sorted(browsers)), "who")]
    url = data.draw(st.sampled_from(places), "where")
    monkeypatch.setattr(finding, "MOST_OPTIONS", data.draw(st.sampled_from([50, 0]), "longest list shown whole"))

    def fill(kind: str, name: str, box: Any) -> Any:
        if kind == "submit":
            return data.draw(st.sampled_from(box), name)
        if kind == "file":
            return data.draw(files, name)
        as_it_is = box.value if kind in ("hidden", "select") else box.get("value", "on")
        return data.draw(st.one_of(st.just(as_it_is or ""), anything), name)

    with transaction.atomic():
        before = state()
        sent = list(forms_of(client, url, fill)) or [("post", url, {"action": data.draw(anything), "pk": "1"})]
        method, target, said = data.draw(st.sampled_from(sent), "form")
        audited = AuditEntry.objects.count()
        check(getattr(client, method)(target, said), before, (target, said), audited)
        transaction.set_rollback(True)


def test_what_may_be_kept_anyway_exists() -> None:
    assert {model.__name__ for model in MODELS} >= KEPT_ANYWAY | OWN_AFFAIRS


def test_no_parameter_fails_whatever_stands_in_it(
    parameters: list[tuple[str, str]], browsers: dict[str, Client]
) -> None:
    for typed in ("a\0-1", "\N{ARABIC-INDIC DIGIT THREE}", "9999"):
        for path, name in parameters:
            answer = browsers["coordinator"].get(path, {name: typed})
            b"".join(answer)
            assert answer.status_code in CODES, (path, name, typed)


@settings(max_examples=examples(150), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_no_address_fails_whatever_is_asked_of_it(
    places: list[str], parameters: list[tuple[str, str]], browsers: dict[str, Client], data: st.DataObject
) -> None:
    client = browsers[data.draw(st.sampled_from(sorted(browsers)), "who")]
    url, known = data.draw(st.sampled_from([*parameters, *((url, "page") for url in places)]), "where")
    parts = [data.draw(numbers) if part.isdigit() and data.draw(st.booleans()) else part for part in url.split("/")]
    names = st.sampled_from([known, *sorted({name for path, name in parameters if path == url})])
    query = data.draw(st.dictionaries(names, anything, max_size=3), "query")
    before = state()
    check(client.get("/".join(parts).replace("?", "%3F"), query), before, (parts, query))
