"""A corrected file changes the plan that it is brought into: by dated rows beside those that are there, never instead.

Every row speaks for the file's own day and says "As in" the file. What an agency reported later stands; nothing is
mailed, and no silence ends. Who may do it is asked once for the whole file.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils import timezone

from agencies import audit
from agencies.actors import System, person
from agencies.models import Agency, User
from agencies.permissions import require
from agencies.refusals import Refused
from agencies.roles import Permission
from reviews import parts, plans
from reviews.bulk_rows import nothing_is_garbage
from reviews.importing.again.before import Before
from reviews.importing.again.comparing import Compared, Comparison, Verdict, changes_now
from reviews.importing.again.facts import changed as changed_facts
from reviews.importing.again.facts import facts_of, merged
from reviews.importing.again.locking import lock_all
from reviews.importing.again.present import Present, read_present
from reviews.models import (
    Action,
    ActionWording,
    Assignment,
    Claim,
    Dated,
    Evidence,
    Milestone,
    Part,
    PlanImport,
    ProgressUpdate,
    Recommendation,
    RecommendationWording,
    Review,
    SignOff,
    TargetDate,
    Theme,
)
from reviews.models.dated import LONGEST_REASON
from reviews.plan_rows import NAMED_IN_PLAN, PlanRows
from reviews.projection import project, project_words
from reviews.statuses import CLOSED, REPORTABLE, Decision, Status

#: The keys of the rows that were added, by the label of their model; "voided:" before it: of those that were struck.
Made = dict[str, list[int]]
#: Facts of an action, and of its recommendation, that have no history.
_FACTS = {"action_reference": "reference", "agency_response": "agency_response"}
_FACTS_ABOVE = {"reference": "reference", "scope": "scope"}


def apply(
    *, staged: PlanImport, comparison: Comparison, by: User | System, on: dt.date, only: Iterable[int] | None = None
) -> tuple[Made, dict[int, int]]:
    """Change what the file says otherwise, and add its new actions to the recommendations that are there.

    ``only`` are the numbers of the rows to do, where they are done piece by piece. Gives what was made, and which
    action each new row became. Refused, with the place of the row, where a verb refuses; then nothing is written.
    """
    review = staged.review
    assert review is not None  # a file that makes a new review is compared with nothing  # noqa: S101
    wanted = None if only is None else set(only)
    rows = [row for row in comparison.rows if not row.left and (wanted is None or row.number in wanted)]
    changed = [row for row in rows if row.verdict == Verdict.CHANGED and row.to_apply]
    added = [row for row in rows if row.verdict == Verdict.NEW and row.under]
    if not changed and not added:
        return {}, {}
    with nothing_is_garbage(), transaction.atomic():
        lock_all(review, [*changed, *added])
        require(by, Permission.EDIT_PLAN, review)
        actions = {row.present.action.pk for row in changed if row.present}
        before = facts_of(actions)
        writer = _Writer(staged, review, by, staged.speaks_for or on)
        writer.change(changed, comparison.was)
        became = _add(added, review, by, writer)
        audit.record(
            "plan.corrected",
            by=by,
            about=review,
            partnership=review.partnership_id,
            file=staged.pk,
            changed=len(changed),
            added=len(added),
        )
        return merged(writer.made(), changed_facts(before, facts_of(actions))), became


def _add(rows: Sequence[Compared], review: Review, by: User | System, writer: _Writer) -> dict[int, int]:
    """Put each new action under its recommendation, after those that it has; by the number of the row."""
    place, above = (
        plans.next_place(Action, review),
        Recommendation.objects.in_bulk([row.under.pk for row in rows if row.under]),
    )
    made = PlanRows(review, person(by), writer.on, 0, place, ProgressUpdate.Source.IMPORTED, came_with=writer.staged)
    actions = made.add_each([(above[row.under.pk], row.row.action) for row in rows if row.under])
    return {row.number: action.pk for row, action in zip(rows, actions, strict=True)}


@dataclass
class _Writer:
    """Collects the rows of all changes, writes them in bulk, and projects the actions once."""

    staged: PlanImport
    review: Review
    by: User | System
    on: dt.date
    dated: dict[type[Any], list[Any]] = field(default_factory=lambda: defaultdict(list))
    added: Made = field(default_factory=lambda: defaultdict(list))
    reworded: set[int] = field(default_factory=set)
    renumbered: set[int] = field(default_factory=set)

    @property
    def reason(self) -> str:
        """Why something changes."""
        return f"As in {self.staged.file_name}"[:LONGEST_REASON]

    def made(self) -> Made:
        """The keys of all that was written."""
        for model, rows in self.dated.items():
            if issubclass(model, Dated):  # a claim stands and falls with its update
                self.added[model._meta.label] += [row.pk for row in rows]
        return {label: keys for label, keys in self.added.items() if keys}

    def change(self, rows: Sequence[Compared], was: Before) -> None:
        """Look again at the actions, which are locked, and write what is still otherwise."""
        keys = [row.present.action.pk for row in rows if row.present]
        for row in rows:
            self._give(row)
        plan = read_present(self.review, keys)
        for row in rows:
            if row.present and row.present.action.pk in plan:  # else it was undone meanwhile
                self._change(changes_now(row, plan[row.present.action.pk], self.on, was))
        for model, made in self.dated.items():
            model._default_manager.bulk_create(made, batch_size=500)
        self._save_facts(list(plan.values()))
        project([one.action for one in plan.values()])  # read after other agencies were put on them

    def _change(self, row: Compared) -> None:
        present = row.present
        assert present is not None  # noqa: S101
        said = {change.field: change for change in row.to_apply}
        for name, change in said.items():
            if name in _FACTS:
                setattr(present.action, _FACTS[name], change.now)
        self._reword(present, {name: change.value or change.now for name, change in said.items()})
        self._milestones(present, said["milestones"].value if "milestones" in said else ([], []))
        for name in ("target_date", "revised_date"):
            if name in said:
                date, written = said[name].value
                self._dated(TargetDate, action=present.action, date=date, as_written=written, reason=self.reason)
        if "owner" in said:
            for part in present.leads:
                part.owner_as_worded = said["owner"].now
        self._report(row, present, {name: change.value for name, change in said.items()})

    def _reword(self, present: Present, said: Mapping[str, Any]) -> None:
        if "action" in said:
            present.action.text = said["action"]
            self._dated(ActionWording, action=present.action, text=said["action"], reason=self.reason)
        recommendation = present.recommendation
        if recommendation.pk in self.reworded:
            return
        of_it = {name: words for name, words in said.items() if name in (*_FACTS_ABOVE, "recommendation", "theme")}
        if not of_it:
            return
        self.reworded.add(recommendation.pk)
        for name in of_it.keys() & _FACTS_ABOVE.keys():
            setattr(recommendation, _FACTS_ABOVE[name], of_it[name])
        self.renumbered.update({recommendation.pk} if "reference" in of_it else ())
        if text := of_it.get("recommendation"):
            recommendation.text = text
            self._dated(RecommendationWording, recommendation=recommendation, text=text, reason=self.reason)
        for theme in of_it.get("theme", ()):
            found, _ = Theme.everything.get_or_create(partnership_id=self.review.partnership_id, name=theme)
            recommendation.themes.add(found)

    def _milestones(self, present: Present, steps: tuple[Sequence[Any], Sequence[Milestone]]) -> None:
        new, gone = steps
        first = max((step.order for step in present.milestones), default=0) + 1
        for order, line in enumerate(new, first):
            self._dated(Milestone, action=present.action, order=order, **line.facts(timezone.now()))
        if new and gone:
            keys = [step.pk for step in gone]
            Milestone.objects.filter(pk__in=keys).void(by=self.by, reason=self.reason)
            self.added[f"voided:{Milestone._meta.label}"] += keys

    def _report(self, row: Compared, present: Present, said: Mapping[str, Any]) -> None:
        """One update for each lead of which something is said otherwise; and the decision where all is complete."""
        names = {"progress": "progress", "next_steps": "next_steps", "barriers": "obstacles", "outcome": "outcome"}
        status, done = said.get("status"), said.get("completed_on")
        says = row.row.says
        for part in present.leads:
            marks = (status or {}).get(part.pk) or (says.status if done else None)
            words = {to: said[name][part.pk] for name, to in names.items() if part.pk in said.get(name, {})}
            moves = bool(marks) and marks != Status.COMPLETE and (part.status != marks or bool(done))
            claims = marks == Status.AWAITING if moves else part.status == Status.AWAITING and "outcome" in words
            if words or moves or "next_review" in said:
                said_now = marks if moves and marks else Status.AWAITING if claims else ""
                update = self._update(present, part, words, said_now, says.status_as_written)
                update.next_review_on = said.get("next_review")
                if claims:
                    self._claim(part, update, row)
            if "evidence" in said:
                held = {"kind": Evidence.Kind.HELD, "title": NAMED_IN_PLAN, "where_held": said["evidence"]}
                self._dated(Evidence, action=present.action, agency_id=part.agency_id, **held)
        if Status.COMPLETE in (status or {}).values() or (done and says.status == Status.COMPLETE):
            last = max((one.on for one in (*present.updates, *present.sign_offs)), default=dt.date.min)
            day = max(min(says.completed_on or self.on, self.on), min(last, self.on))
            self._dated(SignOff, action=present.action, decision=Decision.CARRIED_OVER, on=day)

    def _claim(self, part: Assignment, update: ProgressUpdate, row: Compared) -> None:
        """What the agency says of completion, in the words of the file."""
        day = min(row.row.says.completed_on or part.claimed_on or self.on, self.on)
        changed = row.row.action.report.outcome or update.outcome
        update.outcome = ""
        self.dated[Claim].append(Claim(update=update, completed_on=day, what_changed=changed))

    def _update(
        self, present: Present, part: Assignment, words: Mapping[str, str], status: Status | str, as_written: str
    ) -> ProgressUpdate:
        """What the file says now, with all that was said last and that it does not say otherwise."""
        last = present.last_of(part)
        kept = {
            name: getattr(last, name)
            for name in ("progress", "next_steps", "obstacles", "help_wanted", "status_as_written")
            if last
        }
        kept["outcome"] = present.said_by(part, "outcome")  # of a claim, too
        update: ProgressUpdate = self._dated(
            ProgressUpdate,
            action=present.action,
            agency_id=part.agency_id,
            source=ProgressUpdate.Source.IMPORTED,
            **{**kept, **words, "status": status, **({"status_as_written": as_written} if status else {})},
        )
        return update

    def _give(self, row: Compared) -> None:
        """Change who answers, by the verbs that do so on the page of the action; who is new says what the file says."""
        change = next((one for one in row.to_apply if one.field == "agencies"), None)
        present = row.present
        if change is None or present is None:
            return
        added, ended = change.value
        closed = present.action.status in CLOSED  # who is put on it while others are there does not open it
        try:
            for part in () if closed else ended:
                plans.end_assignment(assignment=part, by=self.by, on=self.on)
            for agency in added:
                self._put(row, present, agency)
            for part in ended if closed else ():
                plans.end_assignment(assignment=part, by=self.by, on=self.on)
        except Refused as refused:
            raise Refused(f"{row.row.row.place}: {refused.sentence}", field="rows") from refused

    def _put(self, row: Compared, present: Present, agency: Agency) -> None:
        helping = next((part for part in present.parts if part.agency_id == agency.pk and not part.is_leading), None)
        if helping:
            parts.change_part(assignment=helping, part=Part.LEAD, by=self.by, on=self.on)
        else:
            plans.assign(action=present.action, agency=agency, part=Part.LEAD, by=self.by, on=self.on)
        report, status = row.row.action.report, row.row.says.status
        says = {"progress": report.progress, "next_steps": report.next_steps, "obstacles": report.obstacles}
        if any(says.values()) or status in REPORTABLE:
            self._dated(
                ProgressUpdate,
                action=present.action,
                agency=agency,
                source=ProgressUpdate.Source.IMPORTED,
                status=status if status in REPORTABLE and present.action.status not in CLOSED else "",
                **says,
            )

    def _dated(self, model: type[Dated], **values: Any) -> Any:
        values = {"on": self.on, "recorded_at": timezone.now(), "recorded_by": person(self.by)} | values
        row = model(**values)
        self.dated[model].append(row)
        return row

    def _save_facts(self, plan: Sequence[Present]) -> None:
        """Write what has no rows of its own, and the wordings in force."""
        above = {one.recommendation.pk: one.recommendation for one in plan}
        Recommendation.objects.bulk_update(list(above.values()), ["reference", "scope", "text"], batch_size=500)
        actions = [one.action for one in plan]
        Action.objects.bulk_update(actions, ["reference", "agency_response", "text"], batch_size=500)
        own = Action.everything.filter(pk__in=[action.pk for action in actions])
        moved = own | Action.everything.filter(recommendation__in=self.renumbered)
        project_words(list(moved.select_related("recommendation")))
        leads = [part for one in plan for part in one.leads if part.until is None]
        Assignment.objects.bulk_update(leads, ["owner_as_worded"], batch_size=500)
