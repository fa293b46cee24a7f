"""An action, who answers for it, and its dates. The fields marked as projection follow from dated rows."""

from __future__ import annotations

import datetime as dt
import re
from typing import ClassVar, Self

from django.db import models
from django.db.models import Q

from agencies.models import Agency, Contact, Membership
from agencies.prepared import Day
from reviews.models.dated import Dated
from reviews.models.lateness import by_lateness, due_on, lateness
from reviews.models.review import Recommendation, Review
from reviews.models.standing import InPlan, Standing
from reviews.statuses import CLOSED, OPEN, Status, Timing, timing


def natural(reference: str) -> str:
    """A key by which references sort as people count: 2 before 10, 2a after 2, 15.2 before 15.10."""
    return re.sub(r"\d+", lambda digits: digits[0].zfill(8), reference.casefold())[:120]


class ActionQuerySet(models.QuerySet["Action"]):
    """Actions, asked in the words of the field."""

    def open(self) -> Self:
        """Those on which an agency still has work to do."""
        return self.filter(status__in=OPEN)

    def closed(self) -> Self:
        """Those that are complete or not pursued."""
        return self.filter(status__in=CLOSED)

    def timed(self, on: dt.date | Day) -> Self:
        """Each with ``due_on`` and ``lateness`` as on the day ``on``, to filter and count by."""
        return self.annotate(due_on=due_on()).annotate(lateness=lateness(on))

    def latest_first(self, on: dt.date | Day) -> Self:
        """Overdue longest, due soonest, no date, ongoing by review date, awaiting, complete; ties by reference."""
        return self.timed(on).order_by(*by_lateness())


class Action(InPlan):
    """What one or more agencies undertake towards a recommendation.

    ``text`` may be empty where a plan gives only the recommendation: then the recommendation itself is the action.
    ``status``, ``target_date``, ``next_review_on``, ``claimed_on`` and ``silent_since`` are projections of dated rows,
    written by ``reviews.projection`` only.
    """

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="actions")
    recommendation = models.ForeignKey(Recommendation, on_delete=models.PROTECT, related_name="actions")
    order = models.PositiveIntegerField()
    reference = models.CharField(max_length=40, blank=True)
    sort_key = models.CharField(max_length=120, editable=False)
    text = models.TextField("what will be done", blank=True)
    change_expected = models.TextField(blank=True)
    agency_response = models.TextField("the agency's response", blank=True)
    original_target_date = models.DateField(null=True, blank=True, editable=False)
    target_date = models.DateField(null=True, blank=True, editable=False)
    target_as_written = models.CharField(max_length=300, blank=True, editable=False)
    next_review_on = models.DateField(null=True, blank=True, editable=False)
    status = models.CharField(max_length=20, choices=Status, default=Status.NOT_STARTED, editable=False)
    claimed_on = models.DateField("completed on, as claimed", null=True, blank=True, editable=False)
    silent_since = models.DateField(null=True, blank=True, editable=False)

    objects = Standing.from_queryset(ActionQuerySet)()
    everything = ActionQuerySet.as_manager()

    class Meta:
        ordering = ("review", "order", "pk")
        default_permissions = ()
        indexes = (
            models.Index(fields=("review", "order"), name="actions_in_plan_order"),
            models.Index(fields=("status", "target_date"), name="actions_by_status_and_date"),
            models.Index(due_on(), condition=models.Q(status__in=OPEN), name="open_actions_by_day"),
            models.Index(fields=("came_with",), condition=Q(came_with__isnull=False), name="actions_of_an_import"),
        )

    def __str__(self) -> str:
        return f"{self.label}: {self.words}"[:120]

    @property
    def label(self) -> str:
        """How people refer to it: its own reference, the recommendation's, or its place in the plan."""
        return self.reference or self.recommendation.reference or str(self.order)

    def sort_by(self) -> str:
        """What ``sort_key`` should be, by its own number, its recommendation's and its place in the plan."""
        return natural(self.label)

    @property
    def words(self) -> str:
        """What will be done; the recommendation where the plan gives no action of its own."""
        return self.text or self.recommendation.text

    def timing(self, on: dt.date) -> Timing:
        """How late it is on the day ``on``."""
        return timing(
            Status(self.status),
            target=self.target_date,
            review=self.next_review_on,
            claimed_on=self.claimed_on,
            on=on,
        )


class ActionWording(Dated):
    """What an action said from a day on, and why it was changed."""

    action = models.ForeignKey(Action, on_delete=models.PROTECT, related_name="wordings")
    text = models.TextField(blank=True)
    reason = models.CharField(max_length=500, blank=True)

    def __str__(self) -> str:
        return self.text[:80]


class TargetDate(Dated):
    """The date by which an action should be done, from ``on`` on. The first is the original and is kept for ever."""

    action = models.ForeignKey(Action, on_delete=models.PROTECT, related_name="target_dates")
    date = models.DateField(null=True, blank=True)
    as_written = models.CharField(max_length=300, blank=True)
    reason = models.CharField(max_length=500, blank=True)
    asked_by = models.ForeignKey(Agency, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    agreed_by = models.CharField("who agreed, and where", max_length=300, blank=True)

    def __str__(self) -> str:
        return str(self.date or self.as_written or "no date")


class Milestone(Dated):
    """A step towards an action, with a date of its own where the plan gives one.

    That it was achieved is mostly said later than the step itself, at ``achieved_recorded_at``. Where it was said
    before that was kept, this is the moment of the audit's entry, or that of the step where there is none.
    """

    action = models.ForeignKey(Action, on_delete=models.PROTECT, related_name="milestones")
    order = models.PositiveIntegerField(default=1)
    text = models.TextField()
    due_on = models.DateField(null=True, blank=True)
    due_as_written = models.CharField(max_length=300, blank=True)
    achieved_on = models.DateField(null=True, blank=True)
    achieved_recorded_at = models.DateTimeField("achievement recorded", null=True, blank=True)

    class Meta(Dated.Meta):
        ordering = ("order", "recorded_at", "pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(achieved_on__isnull=True, achieved_recorded_at__isnull=True)
                | Q(achieved_on__isnull=False, achieved_recorded_at__isnull=False),
                name="an_achieved_milestone_says_when_that_was_recorded",
            ),
        )

    def __str__(self) -> str:
        return self.text[:80]


class Part(models.TextChoices):
    """What an agency does for an action."""

    LEAD = "lead", "Lead"
    JOINT = "joint", "Joint lead"
    SUPPORTING = "supporting", "Supporting"


LEADING = (Part.LEAD, Part.JOINT)


class AssignmentQuerySet(models.QuerySet["Assignment"]):
    """Assignments, asked in the words of the field."""

    def current(self) -> Self:
        """Those that have not ended."""
        return self.filter(until__isnull=True)

    def leading(self) -> Self:
        """Those of a lead or joint lead: they carry a status."""
        return self.filter(part__in=LEADING)


class Assignment(models.Model):
    """An agency answers for an action, or helps with it, from ``on`` until it ended.

    ``status``, ``claimed_on`` and ``last_update_on`` are projections: where this agency says the action stands.
    ``initial_status`` and ``initial_claimed_on`` are what they begin with: where the agency before it left off.
    """

    stands_by: ClassVar[str] = "action__stands"

    action = models.ForeignKey(Action, on_delete=models.PROTECT, related_name="assignments")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="assignments")
    part = models.CharField(max_length=10, choices=Part, default=Part.LEAD)
    order = models.PositiveSmallIntegerField(default=1)
    on = models.DateField()
    until = models.DateField(null=True, blank=True)
    recorded_at = models.DateTimeField()
    ended_at = models.DateTimeField("end recorded", null=True, blank=True)
    initial_status = models.CharField(max_length=20, choices=Status, default=Status.NOT_STARTED)
    initial_claimed_on = models.DateField(null=True, blank=True)
    owner = models.ForeignKey(Membership, null=True, blank=True, on_delete=models.PROTECT, related_name="owned")
    owner_contact = models.ForeignKey(Contact, null=True, blank=True, on_delete=models.PROTECT, related_name="owned")
    owner_as_worded = models.CharField(max_length=500, blank=True)
    status = models.CharField(max_length=20, choices=Status, default=Status.NOT_STARTED, editable=False)
    claimed_on = models.DateField(null=True, blank=True, editable=False)
    last_update_on = models.DateField(null=True, blank=True, editable=False)

    objects = Standing.from_queryset(AssignmentQuerySet)()
    everything = AssignmentQuerySet.as_manager()

    class Meta:
        ordering = ("action", "order", "pk")
        default_permissions = ()
        constraints = (
            models.UniqueConstraint(
                fields=("action", "agency"), condition=Q(until__isnull=True), name="an_agency_once_on_an_action"
            ),
            models.CheckConstraint(
                condition=Q(owner__isnull=True) | Q(owner_contact__isnull=True), name="an_owner_is_member_or_contact"
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True, ended_at__isnull=True) | Q(until__isnull=False, ended_at__isnull=False),
                name="an_ended_assignment_says_when_that_was_recorded",
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=models.F("on")),
                name="an_assignment_ends_after_it_began",
            ),
        )
        indexes = (
            models.Index(fields=("agency", "action"), condition=Q(until__isnull=True), name="an_agencys_own_actions"),
        )

    def __str__(self) -> str:
        return f"{self.agency} ({self.get_part_display().lower()})"

    @property
    def is_leading(self) -> bool:
        """Whether this agency answers for the action; a supporting one only helps."""
        return self.part in LEADING
