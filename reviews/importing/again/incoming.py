"""The rows of a file as a plan would take them, and the words by which rows are compared."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from agencies.models import Agency
from reviews.importing.again.likeness import Card
from reviews.importing.lines import to_lines
from reviews.importing.resources import PlanResource, PlanRow, StatusWidget
from reviews.importing.staged import StagedRow
from reviews.plan_lines import ActionLine, RecommendationLine
from reviews.statuses import Status


def bare(text: object) -> str:
    """Words without what a format does to them: line breaks, spaces in a row, kinds of spaces."""
    return " ".join(unicodedata.normalize("NFKC", str(text or "")).split())


@dataclass(frozen=True)
class Incoming:
    """One row: as it is staged, with every field of its right kind, and as the lines of a plan."""

    row: StagedRow
    says: PlanRow
    recommendation: RecommendationLine
    action: ActionLine

    @property
    def number(self) -> int:
        """Its number in the file."""
        return self.row.number

    @property
    def date_key(self) -> str:
        """By when, as one word to compare."""
        line = self.action
        date = line.revised_date or line.target_date
        return date.isoformat() if date else bare(line.revised_as_written or line.target_as_written)

    @property
    def card(self) -> Card:
        """What tells it from another row."""
        return Card(
            key=self.number,
            recommendation=bare(self.recommendation.text),
            action=bare(self.action.text),
            reference=bare(self.recommendation.reference),
            action_reference=bare(self.action.reference),
            agencies=frozenset(agency.pk for agency in self.says.agencies),
            rest=(self.date_key, str(self.says.status), bare(self.action.report.progress)),
        )


def incoming(rows: Sequence[StagedRow], found: Mapping[str, Agency]) -> list[Incoming]:
    """``rows`` as a plan takes them. A printed name that is not in ``found`` stands for an agency yet to come."""
    names = {name: None for row in rows for name in row.fields.get("agencies") or () if name not in found}
    agencies = {**found, **{name: Agency(pk=-place, name=name) for place, name in enumerate(names, 1)}}
    says = [_says(row, agencies) for row in rows]
    lines = ((line, action) for line in to_lines(says) for action in line.actions)
    return [Incoming(row, said, *line) for row, said, line in zip(rows, says, lines, strict=True)]


def _says(row: StagedRow, agencies: Mapping[str, Agency]) -> PlanRow:
    """Every field as its widget cleans it; what it would refuse is kept as it is: such a row cannot come in yet."""
    fields, said = row.for_import, PlanRow()
    for name, field in PlanResource.fields.items():
        try:
            setattr(said, name, field.widget.clean(fields.get(name)))
        except ValueError:
            setattr(said, name, str(fields.get(name) or "") if field.default == "" else None)
    said.agencies = tuple(dict.fromkeys(agencies[name] for name in fields.get("agencies") or ()))
    try:
        said.status = StatusWidget().clean(fields.get("status"))
    except ValueError:
        said.status = Status.NOT_RECORDED
    return said
