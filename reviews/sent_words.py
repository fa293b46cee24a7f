"""Whether what comes late is what was sent from the same form, or something new."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping
from typing import Any

from django.db.models import DateField
from django.utils import timezone

from agencies import days
from reviews.models import Claim, Evidence, ProgressUpdate, Submission
from reviews.models.progress import Report
from reviews.statuses import Status

_OF_A_CLAIM = [field for field in Claim._meta.fields if not field.primary_key and not field.is_relation]
_OF_AN_UPDATE = [ProgressUpdate._meta.get_field(name) for name in ("on", "given_by")]
#: Everything that a report says, with whether it is a day.
SAID = {field.name: isinstance(field, DateField) for field in (*Report._meta.fields, *_OF_A_CLAIM, *_OF_AN_UPDATE)}
#: The days that count with one status alone; typed beside another they are not sent.
_ONLY_WITH = {"next_review_on": Status.ONGOING, "completed_on": Status.AWAITING}
#: The answer by which a claim stays as it stands; the update that is sent carries no status.
STILL = "still"
#: The answers that an update keeps as one: who gave the report, of what post, and how.
TOLD = ("given_by", "given_post", "given_how")
#: The evidence that is words.
_GIVEN = ("link", "where_held")


def has_said(sent: ProgressUpdate | Submission, answers: Mapping[str, Any]) -> bool:
    """Whether ``sent`` says all that stands in ``answers``, which are as they were typed."""
    answers = _as_kept(answers)
    before = _as_kept(sent.answers) if isinstance(sent, Submission) else _answers_of(sent, answers)
    return (
        all(before.get(name, "") == answers.get(name, "") for name, is_day in SAID.items() if not is_day)
        and all(_day_of(sent, name) == _typed_day(sent, name, answers) for name in _days_that_count(answers))
        and all(str(answers.get(name, "")) in _given_with(sent, before, name) for name in _GIVEN)
    )


def told(answers: Mapping[str, Any]) -> str:
    """Who gave a report, of what post, and how, in one line; empty where an agency reports itself."""
    return ", ".join(said for name in TOLD if (said := str(answers.get(name, ""))))


def _as_kept(answers: Mapping[str, Any]) -> dict[str, Any]:
    """``answers`` in the words that an update keeps."""
    status = answers.get("status", "")
    return {**answers, "given_by": told(answers), "status": "" if status == STILL else status}


def another(token: uuid.UUID, sent: ProgressUpdate | Submission) -> uuid.UUID:
    """The form in which words go on that came after ``sent`` went from the form ``token``: always the same one."""
    return uuid.uuid5(token, f"{sent._meta.label_lower}-{sent.pk}")


def _answers_of(sent: ProgressUpdate, answers: Mapping[str, Any]) -> dict[str, Any]:
    """What was answered in the form from which ``sent`` went, but for the days."""
    claim = getattr(sent, "claim", None)
    before = {name: getattr(sent, name, "") or getattr(claim, name, "") for name in SAID}
    if claim and not sent.next_steps:
        # What was to come by the update before is not said again when all is done.
        earlier = ProgressUpdate.objects.filter(action=sent.action_id, agency=sent.agency_id, pk__lt=sent.pk)
        carried = earlier.in_force().order_by("-on", "-recorded_at", "-pk").first()
        before["next_steps"] = carried.next_steps if carried and answers.get("next_steps") else ""
    return before


def _days_that_count(answers: Mapping[str, Any]) -> list[str]:
    status = answers.get("status", "")
    return [name for name, is_day in SAID.items() if is_day and _ONLY_WITH.get(name, status) == status]


def _day_of(sent: ProgressUpdate | Submission, name: str) -> dt.date | None:
    day: dt.date | None = getattr(sent, name, None) or getattr(getattr(sent, "claim", None), name, None)
    return day


def _typed_day(sent: ProgressUpdate | Submission, name: str, answers: Mapping[str, Any]) -> object:
    """The day that was typed; what names no day stays as it was typed. A form that says no day speaks for its own."""
    typed = answers.get(name)
    if name == "on" and not typed:
        return timezone.localdate(sent.submitted_at if isinstance(sent, Submission) else sent.recorded_at)
    try:
        return days.of_parts(*typed) if isinstance(typed, list) else None
    except (TypeError, ValueError):
        return typed


def _given_with(sent: ProgressUpdate | Submission, before: Mapping[str, Any], name: str) -> set[str]:
    """The links, or the places, that came with it, or nothing; an address may have been typed without its beginning."""
    if isinstance(sent, Submission):
        given = [str(before.get(name, ""))]
    else:
        given = list(Evidence.everything.filter(update=sent).values_list(name, flat=True))
    return {"", *given, *(address.removeprefix("https://") for address in given)}
