"""Actions and who answers for them: the list that the Strategic Group oversees, and what it can do from there."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest
from django.utils import timezone

from agencies.scoped_admin import RelatedOnly, ScopedAdmin, ScopedInline
from reviews.admin.decisions import NotPursueForm, ReopenForm, SendBackForm, SignOffForm
from reviews.admin.running import Assign, ChangeTargetDate, EndAssignment, RecordUpdate
from reviews.models import Action, Assignment, Milestone, ProgressUpdate, SignOff, TargetDate
from reviews.statuses import Lateness


class LatenessFilter(admin.SimpleListFilter):
    """How the actions stand to their target dates today."""

    title = "lateness"
    parameter_name = "lateness"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """The words of lateness."""
        return [(late.value, late.label) for late in Lateness]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Those that are so; all of them for a word that is none of ours."""
        return queryset.filter(lateness=self.value()) if self.value() in Lateness.values else queryset


class AssignmentsInline(ScopedInline):
    """Who answers for it, and who did."""

    model = Assignment
    fields = ("agency", "part", "status", "on", "until")


class TargetDatesInline(ScopedInline):
    """Its target date, and every date before."""

    model = TargetDate
    fields = ("date", "as_written", "on", "reason", "asked_by", "agreed_by")
    fk_name = "action"


class MilestonesInline(ScopedInline):
    """Its steps."""

    model = Milestone
    fields = ("text", "due_on", "due_as_written", "achieved_on")


class UpdatesInline(ScopedInline):
    """What its agencies reported."""

    model = ProgressUpdate
    fields = ("on", "agency", "status", "progress", "next_steps", "source", "given_by", "voided_at")


class SignOffsInline(ScopedInline):
    """What the group decided."""

    model = SignOff
    fields = ("on", "decision", "decided_at", "reason", "voided_at")


@admin.register(Action)
class ActionAdmin(ScopedAdmin):
    """The actions of one's plans: what is late first."""

    list_display = ("label", "what", "review", "leads", "status", "target_date", "late")
    list_display_links = ("label", "what")
    list_filter = ("status", LatenessFilter, ("review", RelatedOnly), ("assignments__agency", RelatedOnly))
    list_select_related = ("review", "recommendation")
    search_fields = ("reference", "text", "recommendation__reference", "recommendation__text")
    inlines = (AssignmentsInline, UpdatesInline, SignOffsInline, TargetDatesInline, MilestonesInline)
    verbs = (SignOffForm, SendBackForm, RecordUpdate, ChangeTargetDate, Assign, NotPursueForm, ReopenForm)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Action]:
        """With who answers for each, and how late it is today."""
        leading = Assignment.objects.current().leading().select_related("agency").order_by("order", "pk")
        rows: Any = super().get_queryset(request)
        return rows.timed(timezone.localdate()).prefetch_related(
            Prefetch("assignments", leading, to_attr="leading_now")
        )

    @admin.display(description="no.", ordering="sort_key")
    def label(self, action: Action) -> str:
        """How people refer to it."""
        return action.label

    @admin.display(description="what will be done")
    def what(self, action: Action) -> str:
        """The first of its words."""
        return action.words if len(action.words) <= 100 else f"{action.words[:99]}…"

    @admin.display(description="answered for by")
    def leads(self, action: Any) -> str:
        """Its lead agencies."""
        return ", ".join(str(row.agency) for row in action.leading_now)

    @admin.display(description="lateness", ordering="due_on")
    def late(self, action: Action) -> str:
        """How late it is today."""
        return action.timing(timezone.localdate()).words


@admin.register(Assignment)
class AssignmentAdmin(ScopedAdmin):
    """Which agency answers for which action, and which did."""

    list_display = ("agency", "action", "part", "status", "on", "until", "last_update_on")
    list_filter = (("agency", RelatedOnly), ("action__review", RelatedOnly), "part", "status", "until")
    list_select_related = ("agency", "action__recommendation")
    verbs = (EndAssignment,)
