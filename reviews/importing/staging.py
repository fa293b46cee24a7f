"""Bringing a plan in, step by step: stage the file, settle what it is, confirm it once or discard it.

Its rows are mended in ``mending``, its headings in ``rereading``.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import uuid
from collections.abc import Mapping
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone
from import_export.results import Result

from agencies import audit
from agencies.actors import System, person
from agencies.directory import add_agencies, remember_name
from agencies.models import Agency, Partnership, User
from agencies.permissions import require
from agencies.refusals import Refused
from agencies.roles import Permission
from reviews import plans, policies, reviewing
from reviews.importing import correcting
from reviews.importing.before import carry_over
from reviews.importing.comparing import Comparison
from reviews.importing.macros import without_macros
from reviews.importing.matching import agencies_open_to, keys, known_names
from reviews.importing.names import is_anonymous
from reviews.importing.resources import PlanResource
from reviews.importing.running import Reading, read_file
from reviews.importing.staged import CREATE, StagedRow, answers_for, rows_of
from reviews.importing.tables import Unreadable
from reviews.kinds import KINDS, Kind
from reviews.models import HeadingMeaning, PlanImport, Review
from reviews.uploads import MOST_BYTES, clean_name

State = PlanImport.State
#: What ``settle`` may change of a staged plan.
FACTS = ("review", "reference", "title", "kind", "is_restricted", "speaks_for")


def stage(
    *,
    partnership: Partnership,
    name: str,
    data: bytes,
    by: User | System,
    review: Review | None = None,
    or_ask: bool = False,
) -> PlanImport:
    """Read a file and keep it with what was read, waiting to be confirmed. Nothing of the plan exists yet.

    Refused with a sentence when the file cannot be read. With ``or_ask`` a file that has tables, but none with headings
    that are known, is kept without rows, so that a person can say what its headings mean. The sandbox runs outside any
    transaction.
    """
    require(by, Permission.EDIT_PLAN, partnership)
    if review is not None:
        require(by, Permission.EDIT_PLAN, review)
        if review.partnership_id != partnership.pk:
            raise Refused("That review belongs to another partnership.", field="review")
    if len(data) > MOST_BYTES:
        raise Refused("The file is larger than 20 MB. Take out pictures and other sheets.", field="file")
    name = clean_name(name)
    try:
        reading = read_file(data, name, known_names(agencies_open_to(by, partnership)), remembered(partnership))
    except Unreadable as sentence:
        if not (or_ask and any(table["headings"] and table["lines"] > 1 for table in sentence.tables)):
            raise Refused(str(sentence), field="file") from sentence
        reading = Reading({"tables": sentence.tables, "columns": {}, "problems": [], "unread": str(sentence)})
    return _keep(partnership, review, name, data, reading, by)


def _keep(
    partnership: Partnership, review: Review | None, name: str, data: bytes, reading: Reading, by: User | System
) -> PlanImport:
    about = reading.about
    kind = Kind(about["kind"]) if about.get("kind") in Kind.values else Kind.DHR
    speaks_for = dt.date.fromisoformat(about["speaks_for"]) if about.get("speaks_for") else None
    # Macros are never run, and never kept. The hash is of the file as it came, which may come again.
    kept_as, kept = without_macros(name, data)
    staged = PlanImport(
        partnership=partnership,
        review=review,
        kind=kind,
        title=about.get("review_title", "")[:300],
        speaks_for=speaks_for,
        file_name=kept_as,
        sha256=hashlib.sha256(data).hexdigest(),
        reading=reading.as_json(),
        uploaded_by=person(by),
    )
    carry_over(staged)
    staged.file.save(f"{uuid.uuid4().hex}.{kept_as.rsplit('.', 1)[-1].lower()}", ContentFile(kept), save=False)
    try:
        with transaction.atomic():
            staged.reference = next_reference(partnership, kind, speaks_for)
            staged.save()
            audit.record("import.staged", by=by, about=staged, partnership=partnership.pk, rows=len(reading.rows))
    except BaseException:
        staged.file.storage.delete(str(staged.file.name))  # nothing half-kept
        raise
    return staged


def remembered(partnership: Partnership) -> dict[str, str]:
    """What the partnership's people said that headings mean: columns by headings."""
    return dict(HeadingMeaning.objects.filter(partnership=partnership).values_list("heading", "column"))


def next_reference(partnership: Partnership, kind: Kind, on: dt.date | None) -> str:
    """A reference that no review of the partnership has yet: DHR-2016-1."""
    begin = f"{KINDS[kind].short}-{on.year}-" if on else f"{KINDS[kind].short}-"
    taken = set(partnership.reviews.filter(reference__startswith=begin).values_list("reference", flat=True))
    return next(f"{begin}{number}" for number in range(1, len(taken) + 2) if f"{begin}{number}" not in taken)


def locked(plan_import: PlanImport, by: User | System) -> PlanImport:
    """The staged plan, locked for a change. Refused once it was brought in or discarded."""
    require(by, Permission.EDIT_PLAN, plan_import)
    staged = PlanImport.objects.select_for_update().get(pk=plan_import.pk)
    if staged.state == State.CONFIRMED:
        raise Refused("This plan was already brought in. Changes are made in the plan itself now.")
    if staged.state == State.DISCARDED:
        raise Refused("This plan was discarded. Bring the file in again.")
    return staged


@transaction.atomic
def settle(
    *, plan_import: PlanImport, by: User | System, agencies: Mapping[str, str] | None = None, **facts: Any
) -> PlanImport:
    """Say what the plan is (any of FACTS) and which agency each printed name means: an id, CREATE, or "" for open."""
    staged = locked(plan_import, by)
    if unknown := set(facts) - set(FACTS):
        raise TypeError(f"not facts of a staged plan: {', '.join(sorted(unknown))}")
    review = facts.get("review")
    if review is not None:
        require(by, Permission.EDIT_PLAN, review)
        if review.partnership_id != staged.partnership_id:
            raise Refused("That review belongs to another partnership.", field="review")
    for name, value in facts.items():
        setattr(staged, name, value)
    if review is not None:
        carry_over(staged)
    staged.choices["agencies"] = {**staged.choices.get("agencies", {}), **_checked(staged, agencies or {}, by)}
    staged.save(update_fields=[*facts, "choices"])
    audit.record("import.settled", by=by, about=staged, partnership=staged.partnership_id, facts=sorted(facts))
    return staged


def _checked(staged: PlanImport, agencies: Mapping[str, str], by: User | System) -> dict[str, str]:
    may = {str(pk) for pk in agencies_open_to(by, staged.partnership).values_list("pk", flat=True)}
    if any(choice not in may and choice not in ("", CREATE) for choice in agencies.values()):
        raise Refused("Choose an agency of this partnership.", field="agencies")
    return dict(agencies)


@transaction.atomic
def discard(*, plan_import: PlanImport, by: User | System) -> None:
    """Do not bring this file in. That it was offered stays; the file goes with the transaction."""
    staged = locked(plan_import, by)
    PlanImport.objects.filter(pk=staged.pk).update(state=State.DISCARDED, reading={}, choices={})
    audit.record("import.discarded", by=by, about=staged, partnership=staged.partnership_id)
    storage, name = staged.file.storage, str(staged.file.name)
    transaction.on_commit(lambda: storage.delete(name))


@transaction.atomic
def confirm(*, plan_import: PlanImport, by: User | System, on: dt.date) -> Review:
    """Bring the staged plan in, whole or not at all, and only once: a second press gives the same review.

    ``on`` is today. No mail goes out: a plan is chased from the day a coordinator starts it.
    """
    require(by, Permission.EDIT_PLAN, plan_import)
    first = PlanImport.objects.filter(pk=plan_import.pk, state=State.STAGED).update(
        state=State.CONFIRMED, confirmed_at=timezone.now(), confirmed_by=person(by)
    )
    staged = PlanImport.objects.select_related("partnership", "review").get(pk=plan_import.pk)
    if not first:
        if staged.state == State.CONFIRMED and staged.review:
            return staged.review
        raise Refused("This plan was discarded. Bring the file in again.")
    everything = rows_of(staged)
    comparison = correcting.compared(staged, everything, by, on)
    rows = correcting.coming(everything, comparison)
    _check_ready(staged, rows, on)
    new = staged.review is None
    review = staged.review or reviewing.open_review(
        partnership=staged.partnership,
        kind=Kind(staged.kind),
        reference=staged.reference,
        title=staged.title,
        is_restricted=staged.is_restricted,
        by=by,
    )
    actions = _bring_in(staged, rows, review, by, comparison)
    PlanImport.objects.filter(pk=staged.pk).update(review=review, choices=staged.choices, made=staged.made)
    audit.record(
        "import.confirmed",
        by=by,
        about=staged,
        partnership=staged.partnership_id,
        review=review.pk,
        new=new,
        actions=actions,
    )
    return review


def _check_ready(staged: PlanImport, rows: list[StagedRow], on: dt.date) -> None:
    if not rows and (staged.review is None or not staged.reading.get("rows")):
        raise Refused("Every row is left out, so there is nothing to bring in.")
    if staged.review is None and not (staged.reference.strip() and staged.title.strip()):
        raise Refused("Give the new review a reference and a title.", field="reference")
    if staged.speaks_for is None:
        raise Refused("Enter the date that the document speaks for.", field="speaks_for")
    if policies.why_not_day(staged.speaks_for, today=on):
        raise Refused("The document speaks for a day from the year 2000 until today.", field="speaks_for")
    if blocked := [row for row in rows if row.blocks]:
        raise Refused(f"Mend or leave out {_places(blocked)} first. Each says what is missing.", field="rows")


def _places(rows: list[StagedRow]) -> str:
    named = ", ".join(row.place for row in rows[:10])
    return f"{'row' if len(rows) == 1 else 'rows'} {named}" + (f" and {len(rows) - 10} more" if len(rows) > 10 else "")


def _bring_in(
    staged: PlanImport, rows: list[StagedRow], review: Review, by: User | System, comparison: Comparison | None
) -> int:
    """How many actions came in. Raises what the verb raises."""
    on = staged.speaks_for
    assert on is not None  # checked before  # noqa: S101
    found = _agencies(staged, correcting.with_names(rows, comparison), review, by)
    last = correcting.at_the_end(rows, comparison)
    under = correcting.under_what_is_there(rows, comparison)
    _raise_first(under, PlanResource(found).check([row.for_import for row in under]))
    became: dict[int, int] = {}
    if comparison is not None:
        became = correcting.correct(staged=staged, comparison=comparison, found=found, by=by, on=on)
    resource = PlanResource(found, save=lambda lines: plans.add_many(review=review, lines=lines, by=by, on=on))
    if last:
        _raise_first(last, resource.bring_in([row.for_import for row in last]))
    correcting.keep_became(staged, became, last, resource.actions)
    return len(rows)


def _raise_first(rows: list[StagedRow], result: Result) -> None:
    if result.base_errors:
        raise result.base_errors[0].error
    for number, errors in result.row_errors():
        raise errors[0].error from ValueError(f"row {number}")
    for invalid in result.invalid_rows:
        sentence = next(iter(invalid.field_specific_errors.values()), invalid.non_field_specific_errors)[0]
        raise Refused(f"{rows[invalid.number - 1].place}: {sentence}", field="rows")


def _agencies(staged: PlanImport, rows: list[StagedRow], review: Review, by: User | System) -> dict[str, Agency]:
    """The agency for each printed name; those that were asked for are made now."""
    answers = answers_for(staged, rows, by)
    if answers.open:
        names = "; ".join(answers.open[:10])
        raise Refused(f"Say which agency each of these is, or that it is to be made: {names}.", field="agencies")
    found = dict(answers.found)
    for name, agency in answers.chosen.items():
        if not is_anonymous(name):  # such a name means something in this review only
            remember_name(agency=agency, name=name, by=by)
    found |= _made(staged.partnership, review, answers.to_make, by)
    for name, agency in found.items():
        if is_anonymous(name):
            reviewing.publish_as(review=review, agency=agency, name=name, by=by)
    return found


def _made(partnership: Partnership, review: Review, names: tuple[str, ...], by: User | System) -> dict[str, Agency]:
    """One agency for each body, however it is printed; a pseudonym is told apart by its review."""
    bodies: dict[str, list[str]] = {}
    by_key: dict[str, str] = {}
    for name in sorted(names, key=len, reverse=True):
        shared = next((by_key[key] for key in keys(name) if key in by_key), name)
        bodies.setdefault(shared, []).append(name)
        by_key |= dict.fromkeys(keys(name), shared)
    called = [f"{name} ({review.reference})" if is_anonymous(name) else name for name in bodies]
    made = add_agencies(partnership=partnership, names=called, by=by)
    return {name: agency for agency, printed in zip(made, bodies.values(), strict=True) for name in printed}
