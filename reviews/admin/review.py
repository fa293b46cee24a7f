"""Reviews and recommendations, and the forms that open a review and start its reminders."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest

from agencies.models import Partnership
from agencies.roles import Permission
from agencies.scoped_admin import RelatedOnly, ScopedAdmin, ScopedInline
from agencies.verb_pages import Choice, Day, VerbForm
from reviews import plans
from reviews.kinds import Kind
from reviews.models import PublishedName, Reader, Recommendation, Review, Theme
from reviews.statuses import OPEN


class AddReview(VerbForm):
    """Open a review by hand; bringing in its plan can make one too."""

    heading = "Add a review"
    lead = "It is restricted to named readers until you publish it."
    permission = Permission.EDIT_PLAN
    done = "The review is added."

    partnership = Choice(Partnership, Permission.EDIT_PLAN)
    kind = forms.ChoiceField(choices=Kind, initial=Kind.DARDR)
    reference = forms.CharField(max_length=40)
    title = forms.CharField(label="Title", max_length=300)
    pseudonym = forms.CharField(label="Name used for the person who died", max_length=100, required=False)
    chair = forms.CharField(label="Independent chair", max_length=200, required=False)

    def prepare(self) -> None:
        """Where there is one partnership, it is chosen."""
        offered = self.choices("partnership")
        if len(offered[:2]) == 1:
            self.initial.setdefault("partnership", offered[0].pk)

    def carry_out(self) -> Review:
        """Make it."""
        data = dict(self.cleaned_data)
        return plans.create_review(by=self.by, kind=Kind(data.pop("kind")), title=data.pop("title"), **data)


class StartChasing(VerbForm):
    """Let reminders go out."""

    slug = "start-chasing"
    heading = "Start reminders"
    button = "Start reminders"
    lead = "From this day on, people are reminded of what is due and chased for what is late. Nothing goes out before."
    permission = Permission.RUN_CHASING
    done = "Reminders go out from that day."
    about: Review

    on = Day(label="From")

    @classmethod
    def is_offered(cls, about: Review) -> bool:
        """While they have not started."""
        return about.chasing_from is None

    def prepare(self) -> None:
        """Today is the likeliest day."""
        self.initial.setdefault("on", self.today)

    def carry_out(self) -> None:
        """Start."""
        plans.start_chasing(review=self.about, by=self.by, on=self.cleaned_data["on"])


class StopChasing(VerbForm):
    """Let no more reminders go out."""

    slug = "stop-chasing"
    heading = "Stop reminders"
    button = "Stop reminders"
    lead = "Nothing more is mailed about this plan until you start again."
    permission = Permission.RUN_CHASING
    done = "Reminders have stopped."
    about: Review

    @classmethod
    def is_offered(cls, about: Review) -> bool:
        """While they go out."""
        return about.chasing_from is not None

    def carry_out(self) -> None:
        """Stop."""
        plans.stop_chasing(review=self.about, by=self.by)


class ReadersInline(ScopedInline):
    """Who reads it while it is restricted."""

    model = Reader
    view_permission = Permission.READ_PEOPLE
    fields = ("user", "role", "agency", "on", "ends_on", "until")


class PublishedNamesInline(ScopedInline):
    """How its papers call the agencies."""

    model = PublishedName
    fields = ("agency", "name")


@admin.register(Review)
class ReviewAdmin(ScopedAdmin):
    """The reviews of one's partnerships."""

    list_display = ("reference", "title", "kind", "stage", "is_restricted", "chasing_from", "actions_open")
    list_display_links = ("reference", "title")
    list_filter = (("partnership", RelatedOnly), "kind", "stage", "is_restricted")
    search_fields = ("reference", "title")
    inlines = (ReadersInline, PublishedNamesInline)
    adding = AddReview
    verbs = (StartChasing, StopChasing)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Review]:
        """With the number of actions on which there is work to do."""
        return super().get_queryset(request).annotate(open=Count("actions", filter=Q(actions__status__in=OPEN)))

    @admin.display(description="open actions", ordering="open")
    def actions_open(self, review: Any) -> int:
        """How many actions still need work."""
        return int(review.open)


@admin.register(Recommendation)
class RecommendationAdmin(ScopedAdmin):
    """What the reports say should happen."""

    list_display = ("reference", "text", "review", "addressee", "scope")
    list_display_links = ("reference", "text")
    list_filter = (("review", RelatedOnly), ("themes", RelatedOnly), "scope")
    list_select_related = ("review",)
    search_fields = ("reference", "text", "addressee")


@admin.register(Theme)
class ThemeAdmin(ScopedAdmin):
    """What gathers recommendations of several reviews."""

    list_display = ("name", "partnership")
    list_select_related = ("partnership",)
