"""manage.py send_reminders, which people script."""

from __future__ import annotations

import datetime as dt
import json
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from reviews.models import Line, Notice, Run
from tests.factories import TODAY
from tests.reviews.chasing.conftest import Chased, days


def said(*options: str) -> dict[str, Any]:
    out = StringIO()
    call_command("send_reminders", *options, "--format", "json", stdout=out, stderr=StringIO())
    answer: dict[str, Any] = json.loads(out.getvalue())
    return answer


def test_a_dry_run_shows_who_would_be_written_to_and_writes_nothing(chased: Chased, mailoutbox) -> None:
    action = chased.action(days(7), reference="2a")
    expected = {
        "on": "2026-03-02",
        "notices": [
            {
                "to": "lead@police.example",
                "kind": "digest",
                "lines": [
                    {"action": action.pk, "stage": "due_7", "number": 0, "plan": "DHR1", "reference": "2a"},
                ],
            }
        ],
    }
    assert said("--on", "2026-03-02", "--dry-run") == expected
    assert said("--on", "2026-03-02", "--dry-run") == expected
    assert not mailoutbox
    assert not Run.objects.exists()
    assert not Notice.objects.exists()


def test_the_dry_run_shows_what_the_run_then_sends_and_a_second_run_sends_nothing(chased: Chased, mailoutbox) -> None:
    chased.action(days(7))
    chased.action(days(-7))
    shown = said("--on", f"{TODAY}", "--dry-run")
    assert said("--on", f"{TODAY}") == shown
    assert [message.to for message in mailoutbox] == [["lead@police.example"]]
    for options in (["--dry-run"], [], ["--dry-run"]):
        assert said("--on", f"{TODAY}", *options) == {"on": f"{TODAY}", "notices": []}
    assert len(mailoutbox) == 1
    assert set(Line.objects.values_list("state", flat=True)) == {"sent"}


def test_without_a_day_it_is_today(chased: Chased, time_machine) -> None:
    time_machine.move_to(dt.datetime(2026, 6, 30, 23, 30, tzinfo=dt.UTC))  # already July by the clocks of London
    assert said("--dry-run")["on"] == "2026-07-01"


def test_a_day_to_come_is_only_shown_and_its_own_run_still_sends(chased: Chased, mailoutbox, time_machine) -> None:
    chased.action(days(14))
    to_come = f"{days(7)}"
    with pytest.raises(CommandError, match="has not come yet"):
        said("--on", to_come)
    assert not mailoutbox
    assert not Run.objects.exists()
    shown = said("--on", to_come, "--dry-run")
    assert len(shown["notices"]) == 1
    time_machine.move_to(dt.datetime.combine(days(7), dt.time(12), tzinfo=dt.UTC))
    assert said("--on", to_come) == shown
    assert len(mailoutbox) == 1


def test_an_empty_portal_has_nothing_to_send(db) -> None:
    assert said("--on", "2026-03-02", "--dry-run") == {"on": "2026-03-02", "notices": []}


def test_in_words_it_names_plan_action_and_stage(chased: Chased) -> None:
    action = chased.action(days(7), reference="2a")
    out = StringIO()
    call_command("send_reminders", "--on", f"{TODAY}", "--dry-run", stdout=out)
    assert out.getvalue() == f"lead@police.example\n  DHR1 action 2a ({action.pk}): due_7\n1 message\n"


def test_what_could_not_be_sent_is_said_and_is_an_error(chased: Chased, settings) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    chased.action(days(7))
    with pytest.raises(CommandError, match="1 message could not be sent"):
        said("--on", f"{TODAY}")
    assert Notice.objects.get().state == Notice.State.FAILED
