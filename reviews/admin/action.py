"""Actions and who answers for them: the list that the Strategic Group oversees, and what it can do from there."""

from __future__ import annotations

import datetime as dt
from typing import Any, cast
from urllib.parse import urlencode

from django.contrib import admin
from django.contrib.admin.views.main import ORDER_VAR
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest, QueryDict
from django.utils import timezone
from django.utils.html import format_html

from agencies.models import User
from agencies.parts import Way
from agencies.roles import Permission
from agencies.scoped_admin import ScopedAdmin, ScopedInline
from agencies.scoped_lists import PRESERVED, came_from, shortened
from agencies.verb_pages import VerbForm
from reviews import policies
from reviews.admin.decisions import DecisionForm, NotPursueForm, ReopenForm, SendBackForm, SignOffForm
from reviews.admin.filters import (
    AnsweredForBy,
    AskingFilter,
    LatenessFilter,
    Offering,
    OpenFilter,
    OwnerlessFilter,
    SilentFilter,
    claimed,
)
from reviews.admin.next_claim import next_claim
from reviews.admin.paging import BY_CLAIM, LatestFirst
from reviews.admin.part_forms import Assign, ChangePart, EndAssignment, GiveOwner, HandOver
from reviews.admin.plan_forms import AddMilestone, DescribeAction, MoveDown, MoveUp, RewordAction
from reviews.admin.progress import OF_ITS_ACTION
from reviews.admin.running import ChangeTargetDate
from reviews.admin.searching import searched
from reviews.models import Action, Assignment, Milestone, ProgressUpdate, SignOff, TargetDate
from reviews.models.lateness import by_lateness
from reviews.reading.claims import claims_on
from reviews.statuses import Status


class AssignmentsInline(ScopedInline):
    """Who answers for it, and who did."""

    model = Assignment
    verbose_name_plural = "agencies that answer for it"
    fields = ("agency", "part", "status", "sees_to_it", "on", "until")
    ways = (Way("change", "Open"),)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Assignment]:
        """With who is named."""
        return super().get_queryset(request).select_related("agency", "owner__user", "owner_contact")

    @admin.display(description="who sees to it")
    def sees_to_it(self, assignment: Assignment) -> str:
        """The person named, while they belong there."""
        return owner_in_words(assignment)


def owner_in_words(assignment: Assignment) -> str:
    """Who at the agency sees to the action; what the plan that was brought in says, where nobody was named since."""
    if assignment.owner:
        left = " (left)" if assignment.owner.until else ""
        return f"{assignment.owner.user}{left}"
    return str(assignment.owner_contact or assignment.owner_as_worded or "nobody yet")


class TargetDatesInline(ScopedInline):
    """Its target date, and every date before."""

    model = TargetDate
    fields = ("date", "as_written", "on", "reason", "asked_by", "agreed_by", "void_reason")
    fk_name = "action"
    ways = (Way("change", "Open"),)


class MilestonesInline(ScopedInline):
    """Its steps."""

    model = Milestone
    fields = ("text", "due_on", "due_as_written", "achieved_on", "void_reason")
    ways = (Way("change", "Open"),)


class UpdatesInline(ScopedInline):
    """What its agencies reported."""

    model = ProgressUpdate
    fields = ("on", "agency", "status", "progress", "next_steps", "obstacles", "help_wanted", "given_by", "void_reason")
    ordering = ("-on", "-recorded_at", "-pk")
    ways = (Way("change", "Open"),)


class SignOffsInline(ScopedInline):
    """What the group decided."""

    model = SignOff
    verbose_name_plural = "decisions of the group"
    fields = ("on", "decision", "decided_at", "reason", "void_reason")
    ordering = ("-on", "-recorded_at", "-pk")
    ways = (Way("change", "Open"),)


def is_of_claims(request: HttpRequest) -> bool:
    """Whether the list is that of the claims that wait for the group."""
    return request.GET.get("status__exact") == Status.AWAITING


@admin.register(Action)
class ActionAdmin(ScopedAdmin):
    """The actions of one's plans: what is late first."""

    tells_of_a_case = True
    list_display = ("label", "what", "plan", "leads", "status", "day", "late")
    list_display_links = ("label", "what")
    list_filter = (
        *(LatenessFilter, "status", ("review", Offering), AnsweredForBy),
        *(AskingFilter, SilentFilter, OwnerlessFilter, OpenFilter),
    )
    show_facets = admin.ShowFacets.NEVER
    list_select_related = ("review", "recommendation")
    date_hierarchy = "target_date"
    search_fields = ("reference", "text", "recommendation__reference", "recommendation__text", "review__reference")
    searched_in = "Words or number of an action or its recommendation, a review’s reference, an agency’s name."
    inlines = (AssignmentsInline, UpdatesInline, SignOffsInline, TargetDatesInline, MilestonesInline)
    verbs = (
        *(SignOffForm, SendBackForm, ChangeTargetDate, Assign, RewordAction, DescribeAction, AddMilestone),
        *(MoveUp, MoveDown, NotPursueForm, ReopenForm),
    )
    change_form_template = "admin/reviews/action/change_form.html"
    fields = (
        *("review", "recommendation", "reference", "text", "change_expected", "agency_response", "status", "late"),
        *("target_date", "original_target_date", "target_as_written", "next_review_on", "claimed_on", "silent_since"),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Action]:
        """With who answers for each, and how late it is today."""
        leading = Assignment.objects.current().leading().select_related("agency").order_by("order", "pk")
        rows: Any = super().get_queryset(request)
        if is_of_claims(request):
            rows = rows.annotate(claimed=claimed())
        return rows.timed(timezone.localdate()).prefetch_related(
            Prefetch("assignments", leading, to_attr="leading_now")
        )

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[Any, bool]:
        """Those that have every word in what is searched; a phrase in quotation marks counts as one."""
        return searched(queryset, search_term, self.search_fields), False

    def get_list_display(self, request: HttpRequest) -> Any:
        """With the day of the claim, in the list of those that wait for the group."""
        return (*self.list_display, "claimed") if is_of_claims(request) else self.list_display

    def change_view(self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None) -> Any:
        """The action with what its agencies claim, and the way to where an update is recorded for one of them."""
        action = cast(Action, self.object_or_404(request, object_id))
        may = self._may(request, Permission.RECORD_FOR_AGENCY, action) and not policies.why_not_update(action)
        shown = {"may_record": may, "claims": claims_on(action, cast(User, request.user))}
        return super().change_view(request, object_id, form_url, {**shown, **(extra_context or {})})

    def words_done(self, request: HttpRequest, form_class: type[VerbForm]) -> str:
        """With the way to the next claim, for who goes through the list of those that wait."""
        done, came = super().words_done(request, form_class), came_from(request)
        if not issubclass(form_class, DecisionForm) or QueryDict(came).get("status__exact") != Status.AWAITING:
            return done
        first, count = next_claim(self, request, came, int(cast(Any, request.resolver_match).kwargs["object_id"]))
        if not count:
            return f"{done} No more claims wait in this list."
        more = f"{count} more wait{'s' if count == 1 else ''} in this list"
        if first is None:
            return f"{done} {more}; you have an interest in {'it' if count == 1 else 'those that come next'}."
        way = f"{self._page_of(first)}?{urlencode({PRESERVED: came})}"
        return format_html('{} <a href="{}">Next claim ({})</a>', done, way, more)

    def get_ordering(self, request: HttpRequest) -> Any:
        """Overdue longest, due soonest, and so on: it reads what ``get_queryset`` works out.

        Claims stand by the day that their column shows, so that the next claim is the next row.
        """
        return BY_CLAIM if is_of_claims(request) else by_lateness()

    def get_paginator(self, request: HttpRequest, queryset: Any, per_page: int, *args: Any, **options: Any) -> Any:
        """Pages by stretches, unless somebody wants another order."""
        if ORDER_VAR in request.GET or is_of_claims(request):
            return super().get_paginator(request, queryset, per_page, *args, **options)
        return LatestFirst(queryset, per_page, on=timezone.localdate())

    @admin.display(description="no.", ordering="sort_key")
    def label(self, action: Action) -> str:
        """How people refer to it."""
        return action.label

    @admin.display(description="what will be done")
    def what(self, action: Action) -> str:
        """The first of its words."""
        return shortened(action.words, 80)

    @admin.display(description="review", ordering="review__reference")
    def plan(self, action: Action) -> str:
        """Its review, by the reference alone."""
        return action.review.reference

    @admin.display(description="due", ordering="due_on")
    def day(self, action: Any) -> dt.date | None:
        """The day by which it is judged: its target date, or its next review where it is ongoing."""
        return cast("dt.date | None", action.due_on)

    @admin.display(description="claimed on", ordering="claimed")
    def claimed(self, action: Any) -> dt.date | None:
        """The day from which all its lead agencies have said that it is complete."""
        return cast("dt.date | None", action.claimed)

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

    tells_of_a_case = True
    list_display = ("agency", "about", "part", "status", "on", "until", "last_update_on")
    list_filter = (("agency", Offering), ("action__review", Offering), "part", "status", "until")
    show_facets = admin.ShowFacets.NEVER
    list_select_related = ("agency", "action__recommendation")
    search_fields = ("agency__name", *OF_ITS_ACTION)
    verbs = (GiveOwner, HandOver, ChangePart, EndAssignment)
    fields = ("action", "agency", "part", "status", "sees_to_it", "owner_as_worded", "on", "until", "last_update_on")

    @admin.display(description="who sees to it")
    def sees_to_it(self, assignment: Assignment) -> str:
        """The person named."""
        return owner_in_words(assignment)

    @admin.display(description="action", ordering="action__sort_key")
    def about(self, assignment: Assignment) -> str:
        """The first words of the action."""
        return shortened(str(assignment.action), 70)
