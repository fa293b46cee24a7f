"""Reviews, their recommendations and their themes."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest

from agencies.parts import Way
from agencies.roles import Permission
from agencies.scoped_admin import ScopedAdmin, ScopedInline
from agencies.scoped_lists import RelatedOnly, ScopedList
from reviews.admin.plan_forms import AddAction, AddRecommendation, DescribeRecommendation, MoveDown, MoveUp, Reword
from reviews.admin.review_forms import AddReview, Describe, LiftRestriction, Restrict, StartChasing, StopChasing
from reviews.models import Action, PublishedName, Reader, Recommendation, Review, Theme
from reviews.statuses import OPEN


class ReadersInline(ScopedInline):
    """Who reads it while it is restricted."""

    model = Reader
    view_permission = Permission.READ_PEOPLE
    fields = ("user", "role", "agency", "on", "ends_on", "until")


class PublishedNamesInline(ScopedInline):
    """How its papers call the agencies."""

    model = PublishedName
    fields = ("agency", "name")


class RecommendationsInline(ScopedInline):
    """What the report recommends, in the order of the plan."""

    model = Recommendation
    fields = ("reference", "text", "addressee")
    ways = (Way("change", "Open"), Way("move_up", "Up", presses=True), Way("move_down", "Down", presses=True))


class ActionsInline(ScopedInline):
    """What is undertaken towards it, in order."""

    model = Action
    fields = ("reference", "what", "status", "target_date")
    ways = (Way("change", "Open"), Way("move_up", "Up", presses=True), Way("move_down", "Down", presses=True))

    @admin.display(description="what will be done")
    def what(self, action: Action) -> str:
        """Its words."""
        return action.text or "as recommended"


class WithOpenActions(ScopedList):
    """The list of reviews, each with the number of actions on which there is work to do."""

    def get_queryset(self, request: HttpRequest, *args: Any, **options: Any) -> QuerySet[Any]:
        """Counted review by review, so that a page costs its own rows."""
        mine = Action.objects.filter(review=OuterRef("pk"), status__in=OPEN, stands=True)
        number = mine.order_by().values("review").annotate(number=Count("pk")).values("number")
        self.root_queryset = self.root_queryset.annotate(open=Coalesce(Subquery(number), 0))
        return super().get_queryset(request, *args, **options)


@admin.register(Review)
class ReviewAdmin(ScopedAdmin):
    """The reviews of one's partnerships."""

    tells_of_a_case = True
    list_display = ("reference", "title", "kind", "stage", "is_restricted", "chasing_from", "actions_open")
    list_display_links = ("reference", "title")
    list_filter = (("partnership", RelatedOnly), "kind", "stage", "is_restricted")
    search_fields = ("reference", "title")
    inlines = (RecommendationsInline, ReadersInline, PublishedNamesInline)
    adding = AddReview
    change_form_template = "admin/reviews/review/change_form.html"
    verbs = (Describe, AddRecommendation, LiftRestriction, Restrict, StartChasing, StopChasing)
    fields = (
        *("partnership", "kind", "reference", "title", "pseudonym", "chair", "stage", "is_restricted", "introduction"),
        *("report_on", "agreed_on", "quality_on", "published_on", "chasing_from"),
    )

    def get_changelist(self, request: HttpRequest, **options: Any) -> type[ScopedList]:
        """The list that counts; a single review, or the choices of a filter, need no numbers."""
        return WithOpenActions

    @admin.display(description="open actions", ordering="open")
    def actions_open(self, review: Any) -> int:
        """How many actions still need work."""
        return int(review.open)


@admin.register(Recommendation)
class RecommendationAdmin(ScopedAdmin):
    """What the reports say should happen."""

    tells_of_a_case = True
    list_display = ("reference", "text", "review", "addressee", "scope")
    list_display_links = ("reference", "text")
    list_filter = (("review", RelatedOnly), ("themes", RelatedOnly), "scope")
    list_select_related = ("review",)
    search_fields = ("reference", "text", "addressee")
    inlines = (ActionsInline,)
    verbs = (Reword, DescribeRecommendation, AddAction, MoveUp, MoveDown)
    fields = ("review", "reference", "text", "addressee", "scope", "themes")


@admin.register(Theme)
class ThemeAdmin(ScopedAdmin):
    """What gathers recommendations of several reviews."""

    list_display = ("name", "partnership")
    list_select_related = ("partnership",)
