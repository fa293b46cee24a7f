"""Nothing crosses from one partnership to another. The verbs see to it; here the rows are asked."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from django.db.models import F

from agencies.models import Succession
from reviews.inspection.findings import Finding, counted
from reviews.models import (
    Action,
    Assignment,
    Draft,
    Evidence,
    Line,
    Notice,
    ProgressUpdate,
    PublishedName,
    Reader,
    Recommendation,
    Submission,
)

if TYPE_CHECKING:
    from django.db.models import QuerySet

CURE = (
    "No page or command makes such a row, so it was written into the database directly. "
    "End or void it, or correct it there: the rows are {model} {keys}."
)
FEW = 10


def crossings() -> list[tuple[str, QuerySet[Any]]]:
    """The ways in which a row could cross, and the rows that do: there must be none."""
    named, owned = Reader.objects.filter(agency__isnull=False), Assignment.everything.filter(owner__isnull=False)
    known = Assignment.everything.filter(owner_contact__isnull=False)
    own = "action__review__partnership"
    return [
        (
            "an action given to an agency of another partnership",
            _unlike(Assignment.everything, "agency__partnership", own),
        ),
        (
            "an update by an agency of another partnership",
            _unlike(ProgressUpdate.everything, "agency__partnership", own),
        ),
        ("a draft for an agency of another partnership", _unlike(Draft.objects, "agency__partnership", own)),
        (
            "an update that waits at an agency of another partnership",
            _unlike(Submission.objects, "agency__partnership", own),
        ),
        ("evidence from an agency of another partnership", _unlike(Evidence.everything, "agency__partnership", own)),
        (
            "an action under a recommendation of another review",
            _unlike(Action.everything, "review", "recommendation__review"),
        ),
        ("an owner from another agency", _unlike(owned, "owner__agency", "agency")),
        ("an owner from another agency", _unlike(known, "owner_contact__agency", "agency")),
        (
            "a published name for an agency of another partnership",
            _unlike(PublishedName.objects, "agency__partnership", "review__partnership"),
        ),
        ("a reader from another partnership", _unlike(named, "agency__partnership", "review__partnership")),
        (
            "a theme of another partnership",
            _unlike(Recommendation.themes.through.objects, "theme__partnership", "recommendation__review__partnership"),
        ),
        (
            "an agency that follows one of another partnership",
            _unlike(Succession.objects, "predecessor__partnership", "successor__partnership"),
        ),
        (
            "a message about an action of another partnership",
            _unlike(Line.objects.filter(notice__isnull=False), "notice__partnership", own),
        ),
        ("a message in a run of another partnership", _unlike(_planned(), "run__partnership", "partnership")),
    ]


def walls() -> Iterator[Finding]:
    """Find rows that stand on both sides of a wall."""
    for words, rows in crossings():
        keys = list(rows.order_by("pk").values_list("pk", flat=True)[: FEW + 1])
        if keys:
            shown = ", ".join(map(str, keys[:FEW])) + (" and more" if len(keys) > FEW else "")
            what = counted(rows.count(), "row crosses", "rows cross")
            yield Finding(f"{what} the wall: {words}.", CURE.format(model=rows.model._meta.db_table, keys=shown))


def _unlike(rows: Any, one: str, other: str) -> QuerySet[Any]:
    found: QuerySet[Any] = rows.exclude(**{one: F(other)})
    return found


def _planned() -> QuerySet[Notice]:
    return Notice.objects.filter(run__isnull=False)
