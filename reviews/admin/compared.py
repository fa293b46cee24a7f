"""What a page shows of a file beside the plan that it is brought into, and what somebody answers there."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, cast

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect, QueryDict
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone

from agencies import kept
from agencies.keys import key_of
from agencies.models import User
from agencies.refusals import Refused
from reviews.importing.again import correcting, deciding
from reviews.importing.again.change import Change
from reviews.importing.again.comparing import NEW, SAME, Compared, Comparison, Verdict
from reviews.importing.again.present import Present
from reviews.importing.staged import BLOCKING, StagedRow, rows_of
from reviews.models import PlanImport

PER_PAGE = 25
#: A longer file is compared on a page of its own: that takes seconds, and the page of the file is opened often.
AT_ONCE = 1000
_MOST_WORDS = 400

Piece = tuple[bool, str]


@dataclass(frozen=True)
class Shown:
    """One row that changes something, or about which somebody is asked."""

    compared: Compared
    answer: str = ""

    @property
    def changes(self) -> list[tuple[Change, list[Piece], list[Piece]]]:
        """Each field that is otherwise, with its words then and now; those that differ are marked."""
        return [(change, *marked(change.was, change.now)) for change in self.compared.changes]

    @property
    def asks(self) -> bool:
        """Whether somebody says which action it is, or has said so."""
        return bool(self.compared.maybe or self.answer)

    @property
    def options(self) -> list[tuple[str, str]]:
        """What may be answered."""
        there = self.compared.maybe or ((self.compared.present,) if self.compared.present else ())
        return [("", "Not decided yet"), *((str(one.action.pk), _called(one)) for one in there), (NEW, "It is new")]

    @property
    def changes_leads(self) -> bool:
        """Whether the file names other lead agencies."""
        return any(change.field == "agencies" and not change.why_not for change in self.compared.changes)


def _called(present: Present) -> str:
    return f"It is {present.action.label}, {present.agencies}: {present.action.words}"[:160]


def marked(was: str, now: str) -> tuple[list[Piece], list[Piece]]:
    """Both in pieces, each with whether it stands in one of them only. What is wholly otherwise is one piece."""
    old, new = was.split(), now.split()
    if not old or not new or max(len(old), len(new)) > _MOST_WORDS:
        return [(bool(was), was)], [(bool(now), now)]
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
    if matcher.ratio() < 0.5:
        return [(True, was)], [(True, now)]
    before, after = [], []
    for tag, first, last, start, end in matcher.get_opcodes():
        before.append((tag != "equal", " ".join(old[first:last])))
        after.append((tag != "equal", " ".join(new[start:end])))
    return [piece for piece in before if piece[1]], [piece for piece in after if piece[1]]


def compared(request: HttpRequest, staged: PlanImport, rows: Sequence[StagedRow]) -> dict[str, Any]:
    """The context of ``planimport/compared.html``: nothing for a new review, and but a link where the file is long."""
    if staged.review_id is None:
        return {}
    if len(rows) > AT_ONCE:
        return {"compared_url": _address(staged)}
    comparison = correcting.compared(staged, rows, cast(User, request.user), timezone.localdate())
    return _context(request, staged, comparison) if comparison else {}


def spared(rows: Sequence[StagedRow], beside: Mapping[str, Any]) -> list[StagedRow]:
    """``rows`` without what keeps a new row out, where the row is an action of the plan: what it lacks, that has."""
    known: set[int] = beside.get("known", set())
    return [
        replace(row, problems=tuple(one for one in row.problems if one["code"] not in BLOCKING))
        if row.number in known and row.blocks
        else row
        for row in rows
    ]


def left_to_say(beside: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What is to be said of rows before the file comes in: words, and where on the page."""
    count = beside.get("verdicts", {}).get(Verdict.UNSURE.value, 0) - beside.get("unsure_left", 0)
    return [(f"Say which action {count} row{' is' if count == 1 else 's are'}", "#compared")] if count else []


def _address(staged: PlanImport) -> str:
    return reverse("admin:reviews_import_compared", args=[staged.pk])


def _context(request: HttpRequest, staged: PlanImport, comparison: Comparison) -> dict[str, Any]:
    said: Mapping[str, str] = staged.choices.get(SAME, {})
    shown = [
        Shown(row, said.get(str(row.number), ""))
        for row in comparison.rows
        if not row.row.row.left_out and (row.changes or row.maybe or str(row.number) in said)
    ]
    shown.sort(key=lambda row: row.compared.verdict != Verdict.UNSURE)
    return {
        "verdicts": comparison.counts,
        "under": sum(bool(row.under) for row in comparison.of(Verdict.NEW)),
        "beside": Paginator(shown, PER_PAGE).get_page(request.GET.get("compared")),
        "missing": Paginator(comparison.missing, PER_PAGE).get_page(request.GET.get("missing")),
        "compared_url": _address(staged),
        "known": {row.number for row in comparison.rows if row.present},
        "unsure_left": sum(row.left for row in comparison.of(Verdict.UNSURE)),
        "correcting": len(correcting.changed(comparison)),
    }


def compared_page(request: HttpRequest, staged: PlanImport, context: dict[str, Any]) -> HttpResponse:
    """The file beside its plan, on a page of its own; posted, what was said of the rows is kept."""
    by = cast(User, request.user)
    if staged.review_id is None or staged.state != PlanImport.State.STAGED:
        return HttpResponseRedirect(reverse("admin:reviews_planimport_change", args=[staged.pk]))
    if request.method not in ("GET", "HEAD", "POST"):
        return HttpResponseNotAllowed(("GET", "HEAD", "POST"))
    refused = ""
    if request.method == "POST":
        try:
            deciding.decide(plan_import=staged, by=by, **_said(request.POST))
        except Refused as sentence:
            refused = sentence.sentence
        else:
            return HttpResponseRedirect(compared_back(request, staged.pk))
    elif typed := kept.offered(request):
        refused = _said_again(staged, typed)
        messages.info(request, kept.SAID)
    comparison = correcting.compared(staged, rows_of(staged), by, timezone.localdate())
    assert comparison is not None  # there is a review  # noqa: S101
    context = {**context, **_context(request, staged, comparison), "refused": refused, "alone": True}
    return TemplateResponse(request, "admin/reviews/planimport/compared_page.html", context)


def compared_back(request: HttpRequest, pk: int) -> str:
    """The page on which the answers were given."""
    if request.POST.get("alone"):
        return f"{request.get_full_path()}#compared"
    return f"{reverse('admin:reviews_planimport_change', args=[pk])}?{request.GET.urlencode()}#compared"


def _said_again(staged: PlanImport, typed: Mapping[str, Any]) -> str:
    """Let ``staged`` say what was kept of the form, which is shown and not saved; why not, where it cannot."""
    sent = QueryDict(mutable=True)
    for name, value in typed.items():
        sent.setlist(name, value if isinstance(value, list) else [value])
    try:
        deciding.say(staged, **_said(sent))
    except Refused as refused:
        return refused.sentence
    return ""


def _said(sent: QueryDict) -> dict[str, Any]:
    """What the form says of the rows that it showed; a box that is not ticked is not sent."""
    numbers = [key for typed in sent.getlist("row") if (key := key_of(typed)) is not None]
    return {
        "same": {number: sent[f"same-{number}"] for number in numbers if f"same-{number}" in sent},
        "left": {number: f"left-{number}" in sent for number in numbers},
        "leads": {number: f"leads-{number}" in sent for number in numbers},
    }
