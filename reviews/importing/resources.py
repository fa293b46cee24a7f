"""The rows of a plan as django-import-export runs them: each field checked, each row judged, saved by one plural verb.

The library gives fields and widgets, row results and errors, and one transaction. It does not read the file (the
sandbox does), does not find rows to overwrite (a plan only adds), and does not save (``plans.add_many`` does).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import tablib
from django.core.exceptions import ValidationError
from import_export.fields import Field
from import_export.instance_loaders import BaseInstanceLoader
from import_export.resources import Resource
from import_export.results import Result
from import_export.widgets import Widget

from agencies.models import Agency
from reviews.importing.lines import to_lines
from reviews.models import Action
from reviews.plan_lines import MilestoneLine, RecommendationLine
from reviews.statuses import Status

#: What a plan that is brought in may say of an action.
STATUSES = tuple(Status)


@dataclass
class PlanRow:
    """One row as it will be brought in, every field of its right kind."""

    reference: str = ""
    action_reference: str = ""
    theme: str = ""
    recommendation: str = ""
    scope: str = ""
    action: str = ""
    agencies: tuple[Agency, ...] = ()
    addressee: str = ""
    owner: str = ""
    milestones: str = ""
    target_date: dt.date | None = None
    target_date_as_written: str = ""
    revised_date: dt.date | None = None
    revised_date_as_written: str = ""
    status: Status = Status.NOT_RECORDED
    status_as_written: str = ""
    progress: str = ""
    next_steps: str = ""
    evidence: str = ""
    agency_response: str = ""
    barriers: str = ""
    completed_on: dt.date | None = None
    outcome: str = ""
    next_review_on: dt.date | None = None
    steps: tuple[MilestoneLine, ...] = ()
    by_lead: Mapping[int, OfLead] = field(default_factory=dict)

    def __str__(self) -> str:
        """The library asks each row for its words, and nobody reads them: not more than there must be."""
        return self.reference


@dataclass(frozen=True)
class OfLead:
    """What our own papers say for one of several leads alone."""

    status: Status
    progress: str = ""
    next_steps: str = ""
    evidence: str = ""
    barriers: str = ""
    completed_on: dt.date | None = None
    outcome: str = ""


class Words(Widget):
    """Words of at most so many letters. What is kept only as written is cut; what identifies is refused."""

    def __init__(self, most: int = 0, *, cut: bool = False) -> None:
        """``most`` letters, or any number."""
        super().__init__()
        self.most, self.cut = most, cut

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> str:
        """The words. Raises ValueError with a sentence."""
        words = str(value or "")
        words = words if words.strip() else ""
        if not self.most or len(words) <= self.most:
            return words
        if self.cut:
            return f"{words[: self.most - 1]}…"
        raise ValueError(f"This is longer than {self.most} letters. Shorten it.")


class Day(Widget):
    """A day as the reading gives it."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> dt.date | None:
        """The day, or none. Raises ValueError with a sentence."""
        if not value:
            return None
        try:
            return dt.date.fromisoformat(str(value))
        except ValueError as error:
            raise ValueError("This is not a day that exists. Enter it as day, month and year.") from error


class StatusWidget(Widget):
    """A status that a plan may bring in."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Status:
        """The status; Not recorded where the plan gives none. Raises ValueError with a sentence."""
        if not value:
            return Status.NOT_RECORDED
        if value not in STATUSES:
            raise ValueError("Choose one of the statuses of the list.")
        return Status(value)


class Agencies(Widget):
    """Printed names as agencies: ``found`` holds those that are settled, each from the person's own partnership."""

    def __init__(self, found: Mapping[str, Agency]) -> None:
        """``found`` gives the agency for each printed name."""
        super().__init__()
        self.found = found

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> tuple[Agency, ...]:
        """The agencies. Raises ValueError with a sentence."""
        if not value:
            raise ValueError("Enter the lead agency, or leave the row out.")
        if missing := [name for name in value if name not in self.found]:
            raise ValueError(f"Choose which agency “{missing[0][:80]}” is.")
        return tuple(dict.fromkeys(self.found[name] for name in value))


class Steps(Widget):
    """Steps with their dates, as our own papers give them."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> tuple[MilestoneLine, ...]:
        """The steps. Raises ValueError with a sentence."""
        days = ("due_on", "achieved_on")
        return tuple(MilestoneLine(**{**step, **{day: Day().clean(step[day]) for day in days}}) for step in value or ())


class ByLead(Agencies):
    """What each lead says for itself, by its printed name in our own papers."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> dict[int, OfLead]:  # type: ignore[override]
        """What each agency says, by its key. Raises ValueError with a sentence."""
        return {
            self.found[name].pk: OfLead(
                **{
                    **said,
                    "status": StatusWidget().clean(said["status"]),
                    "completed_on": Day().clean(said["completed_on"]),
                }
            )
            for name, said in (value or {}).items()
            if name in self.found
        }


class _NothingStands(BaseInstanceLoader):
    """A plan only adds rows, so no row of it is ever looked up."""

    def get_instance(self, row: Any) -> None:
        return None


def _words(name: str, most: int = 0, *, cut: bool = False) -> Field:
    return Field(attribute=name, column_name=name, widget=Words(most, cut=cut), default="")


def _day(name: str) -> Field:
    return Field(attribute=name, column_name=name, widget=Day(), default=None)


class PlanResource(Resource):
    """Checks the rows of one plan and, unless it is a dry run, hands all of them to ``save`` at once."""

    reference = _words("reference", 40)
    action_reference = _words("action_reference", 40)
    theme = _words("theme", 200, cut=True)
    recommendation = _words("recommendation")
    scope = _words("scope", 10, cut=True)
    action = _words("action")
    addressee = _words("addressee", 500, cut=True)
    owner = _words("owner", 500, cut=True)
    milestones = _words("milestones")
    target_date = _day("target_date")
    target_date_as_written = _words("target_date_as_written", 300, cut=True)
    revised_date = _day("revised_date")
    revised_date_as_written = _words("revised_date_as_written", 300, cut=True)
    status_as_written = _words("status_as_written", 300, cut=True)
    progress = _words("progress")
    next_steps = _words("next_steps")
    evidence = _words("evidence")
    agency_response = _words("agency_response")
    barriers = _words("barriers")
    completed_on = _day("completed_on")
    outcome = _words("outcome")
    next_review_on = _day("next_review_on")
    steps = Field(attribute="steps", column_name="steps", widget=Steps(), default=())

    class Meta:
        instance_loader_class = _NothingStands
        import_id_fields: tuple[str, ...] = ()
        skip_diff = True  # there is nothing to compare with
        use_bulk = True  # no savepoint for each row; the verb saves in bulk

    def __init__(
        self, found: Mapping[str, Agency], save: Callable[[Sequence[RecommendationLine]], list[Action]] | None = None
    ) -> None:
        """``found`` gives the agency for each printed name; ``save`` takes the plan."""
        super().__init__()
        self.fields["agencies"] = Field(attribute="agencies", column_name="agencies", widget=Agencies(found))
        self.fields["by_lead"] = Field(attribute="by_lead", column_name="by_lead", widget=ByLead(found))
        self.fields["status"] = Field(attribute="status", column_name="status", widget=StatusWidget())
        self.save = save
        self._fields: list[Field] | None = None
        self.rows: list[PlanRow] = []
        self.actions: list[Action] = []

    def check(self, rows: Sequence[Mapping[str, Any]]) -> Result:
        """What stands in the way of these rows, without a transaction: nothing is written."""
        return self.import_data_inner(_dataset(rows), True, False, False, False)

    def bring_in(self, rows: Sequence[Mapping[str, Any]]) -> Result:
        """Check and save these rows. Call it in a transaction, and let no error in the result pass."""
        return self.import_data(_dataset(rows), use_transactions=False)

    def import_instance(self, instance: Any, row: Any, **kwargs: Any) -> None:
        """Clean what a row says. Most cells of a long plan are empty, and a row begins so; who answers must be said."""
        errors = {}
        for column in self.get_import_fields():
            value = row[column.column_name]
            if value or column.column_name == "agencies":
                try:
                    setattr(instance, column.attribute, column.widget.clean(value, row))
                except ValueError as error:
                    errors[column.attribute] = ValidationError(str(error), code="invalid")
        if errors:
            raise ValidationError(errors)

    def get_import_fields(self) -> list[Field]:
        """Always the same, so that they are looked up once and not for each row."""
        if self._fields is None:
            self._fields = super().get_import_fields()
        return self._fields

    def init_instance(self, row: Any = None) -> PlanRow:
        """A row to fill."""
        return PlanRow()

    def validate_instance(self, instance: PlanRow, import_validation_errors: Any = None, **kwargs: Any) -> None:
        """A row says something that should happen."""
        errors = dict(import_validation_errors or {})
        if not instance.recommendation and not instance.action:
            errors["recommendation"] = "Enter the recommendation or the action, or leave the row out."
        super().validate_instance(instance, errors, validate_unique=False)

    def save_instance(self, instance: PlanRow, is_create: bool, row: Any, **kwargs: Any) -> None:
        """Keep it for the verb that saves all of them."""
        self.rows.append(instance)

    def after_import(self, dataset: Any, result: Any, **kwargs: Any) -> None:
        """Hand the whole plan to the verb."""
        if self.save and not result.has_validation_errors() and not result.has_errors():
            self.actions = self.save(to_lines(self.rows))


def _dataset(rows: Sequence[Mapping[str, Any]]) -> tablib.Dataset:
    names = [*PlanResource.fields, "agencies", "status", "by_lead"]
    return tablib.Dataset(*([row.get(name) for name in names] for row in rows), headers=names)
