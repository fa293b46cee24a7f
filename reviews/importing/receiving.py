"""Taking a file in: read in the sandbox at once where it is short, by a worker where it is long."""

from __future__ import annotations

import datetime as dt
import hashlib
import uuid
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction

from agencies import audit
from agencies.actors import COMMAND, System, person
from agencies.models import Partnership, User
from agencies.permissions import require
from agencies.refusals import Refused
from agencies.roles import Permission
from reviews.importing import leases
from reviews.importing.again.before import carry_over
from reviews.importing.macros import without_macros
from reviews.importing.matching import agencies_open_to, known_names
from reviews.importing.running import Reading, read_file
from reviews.importing.understanding.tables import Unreadable
from reviews.kinds import KINDS, Kind
from reviews.models import HeadingMeaning, PlanImport, Review
from reviews.scanning import check_clean
from reviews.uploads import MOST_BYTES, clean_name

State = PlanImport.State
GAVE_UP = "The portal tried several times to read this file and could not finish. Save it in another form and try that."


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
    staged = _offered(partnership, name, data, by, review)
    try:
        reading = _reading(staged, data, by, or_ask=or_ask)
    except Unreadable as sentence:
        raise Refused(str(sentence), field="file") from sentence
    _say(staged, reading)
    return _kept(staged, data, by, rows=len(reading.rows))


def receive(
    *, partnership: Partnership, name: str, data: bytes, by: User | System, review: Review | None = None
) -> PlanImport:
    """Keep a file that a worker is to read. Ask for ``go_on`` once this is committed; the sweep does so, too."""
    staged = _offered(partnership, name, data, by, review)
    staged.state = State.READING
    return _kept(staged, data, by)


def _offered(partnership: Partnership, name: str, data: bytes, by: User | System, review: Review | None) -> PlanImport:
    require(by, Permission.EDIT_PLAN, partnership)
    if review is not None:
        require(by, Permission.EDIT_PLAN, review)
        if review.partnership_id != partnership.pk:
            raise Refused("That review belongs to another partnership.", field="review")
    if len(data) > MOST_BYTES:
        raise Refused("The file is larger than 20 MB. Take out pictures and other sheets.", field="file")
    check_clean(data, name=clean_name(name))
    digest = hashlib.sha256(data).hexdigest()
    return PlanImport(
        partnership=partnership, review=review, file_name=clean_name(name), sha256=digest, uploaded_by=person(by)
    )


def _kept(staged: PlanImport, data: bytes, by: User | System, **detail: int) -> PlanImport:
    kept = data
    if staged.state == State.STAGED:  # it was read, so that it is known to unpack to what a plan can hold
        # Macros are never run, and never kept. The hash is of the file as it came, which may come again.
        staged.file_name, kept = without_macros(staged.file_name, data)
    _store(staged, kept)
    try:
        with transaction.atomic():
            if staged.state == State.STAGED:
                staged.reference = next_reference(staged.partnership, Kind(staged.kind), staged.speaks_for)
            staged.save()
            event = "import.staged" if staged.state == State.STAGED else "import.received"
            audit.record(event, by=by, about=staged, partnership=staged.partnership_id, **detail)
    except BaseException:
        staged.file.storage.delete(str(staged.file.name))  # nothing half-kept
        raise
    return staged


def _store(staged: PlanImport, data: bytes) -> None:
    ending = staged.file_name.rsplit(".", 1)[-1].lower()
    staged.file.save(f"{uuid.uuid4().hex}.{ending}", ContentFile(data), save=False)


def _reading(staged: PlanImport, data: bytes, by: User | System, *, or_ask: bool) -> Reading:
    """What the sandbox reads. Raises Unreadable, but where somebody can be asked what the headings mean."""
    known = known_names(agencies_open_to(by, staged.partnership))
    try:
        return read_file(data, staged.file_name, known, remembered(staged.partnership))
    except Unreadable as sentence:
        if not (or_ask and any(table["headings"] and table["lines"] > 1 for table in sentence.tables)):
            raise
        return Reading({"tables": sentence.tables, "columns": {}, "problems": [], "unread": str(sentence)})


def _say(staged: PlanImport, reading: Reading) -> None:
    """Let the import hold what was read, and what that says of the whole plan until a person says otherwise."""
    about = reading.about
    staged.kind = Kind(about["kind"]) if about.get("kind") in Kind.values else Kind.DHR
    staged.speaks_for = dt.date.fromisoformat(about["speaks_for"]) if about.get("speaks_for") else None
    staged.title = about.get("review_title", "")[:300]
    staged.reading = reading.as_json()
    carry_over(staged)


def remembered(partnership: Partnership) -> dict[str, str]:
    """What the partnership's people said that headings mean: columns by headings."""
    return dict(HeadingMeaning.objects.filter(partnership=partnership).values_list("heading", "column"))


def next_reference(partnership: Partnership, kind: Kind, on: dt.date | None) -> str:
    """A reference that no review of the partnership has yet: DHR-2016-1."""
    begin = f"{KINDS[kind].short}-{on.year}-" if on else f"{KINDS[kind].short}-"
    taken = set(partnership.reviews.filter(reference__startswith=begin).values_list("reference", flat=True))
    return next(f"{begin}{number}" for number in range(1, len(taken) + 2) if f"{begin}{number}" not in taken)


def read(plan_import: PlanImport) -> None:
    """Read a file that was received, and let it wait to be confirmed; or say why it cannot be read.

    Raises Lost where somebody else has it by now.
    """
    by = plan_import.uploaded_by or COMMAND
    try:
        if plan_import.attempts > leases.MOST_ATTEMPTS:
            raise Unreadable(GAVE_UP)
        with plan_import.file.open("rb") as kept:
            data = kept.read()
        reading = _reading(plan_import, data, by, or_ask=True)
    except Unreadable as sentence:
        _settle(plan_import, by, "import.unreadable", **leases.let_go(State.UNREADABLE), problem=str(sentence))
        return
    _say(plan_import, reading)
    storage, before = plan_import.file.storage, str(plan_import.file.name)
    _without_macros(plan_import, data)
    now = str(plan_import.file.name)
    names = ("kind", "speaks_for", "title", "reading", "choices", "file_name")
    facts: dict[str, Any] = {name: getattr(plan_import, name) for name in names} | {"file": now}
    facts["reference"] = next_reference(plan_import.partnership, Kind(plan_import.kind), plan_import.speaks_for)
    try:
        _settle(plan_import, by, "import.staged", rows=len(reading.rows), **leases.let_go(State.STAGED), **facts)
    except BaseException:
        before, now = now, before
        raise
    finally:
        if before != now:
            storage.delete(before)


def _without_macros(plan_import: PlanImport, data: bytes) -> None:
    """Keep the document and not its code, as is done at once with a file that is read at once."""
    name, kept = without_macros(plan_import.file_name, data)
    if kept != data:
        plan_import.file_name = name
        _store(plan_import, kept)


@transaction.atomic
def _settle(plan_import: PlanImport, by: User | System, event: str, *, rows: int = 0, **values: Any) -> None:
    leases.hold(plan_import)
    leases.advance(plan_import, **values)
    audit.record(event, by=by, about=plan_import, partnership=plan_import.partnership_id, rows=rows)
