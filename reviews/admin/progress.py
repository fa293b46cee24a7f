"""What agencies reported and showed, and what the group decided of it."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest

from agencies.parts import Way
from agencies.roles import Permission
from agencies.scoped_admin import ScopedAdmin, ScopedInline
from agencies.scoped_lists import shortened
from reviews.admin.filters import Offering
from reviews.admin.plan_forms import Achieve
from reviews.admin.void_forms import Void, VoidDecision, VoidUpdate
from reviews.interest import interests
from reviews.models import Evidence, Milestone, ProgressUpdate, SignOff, TargetDate

#: How a row was taken back; empty fields are left out of its page.
VOIDED = ("voided_at", "voided_by", "void_reason")
#: What a claim of completion says beside its update.
CLAIMED = ("completed_on", "what_changed", "no_evidence_reason")


#: By what a row about an action is found: what the action, or its recommendation, says.
OF_ITS_ACTION = (
    *("action__reference", "action__text"),
    *("action__recommendation__reference", "action__recommendation__text"),
)


class OfAnAction(ScopedAdmin):
    """What the lists of rows about an action share."""

    tells_of_a_case = True
    show_facets = admin.ShowFacets.NEVER
    date_hierarchy = "on"

    @admin.display(description="action", ordering="action__sort_key")
    def about(self, row: Any) -> str:
        """The first words of the action."""
        return shortened(str(row.action), 60)


class EvidenceInline(ScopedInline):
    """What came with the update."""

    model = Evidence
    view_permission = Permission.READ_EVIDENCE
    fields = ("title", "kind", "file_name", "link", "where_held", "void_reason")
    ways = (Way("change", "Open"),)


@admin.register(ProgressUpdate)
class ProgressUpdateAdmin(OfAnAction):
    """Submitted updates; drafts are their author's alone."""

    list_display = ("on", "agency", "about", "status", "source", "recorded_by", "voided_at")
    list_filter = (("agency", Offering), ("action__review", Offering), "status", "source")
    list_select_related = ("agency", "action__recommendation", "recorded_by")
    search_fields = ("progress", "next_steps", *OF_ITS_ACTION)
    verbs = (VoidUpdate,)
    inlines = (EvidenceInline,)
    fields = (
        *("action", "agency", "on", "status", "status_as_written", *CLAIMED),
        *("progress", "next_steps", "next_review_on"),
        *("obstacles", "outcome", "help_wanted", "source", "given_by", "recorded_at", "recorded_by", *VOIDED),
    )

    def get_fields(self, request: HttpRequest, obj: Model | None = None) -> Any:
        """With what is claimed, where it is a claim."""
        claim = getattr(obj, "claim", None)
        return [
            name
            for name in super().get_fields(request, obj)
            if name not in CLAIMED or getattr(claim, name, None) not in (None, "")
        ]

    @admin.display(description="completed on")
    def completed_on(self, update: ProgressUpdate) -> dt.date:
        """The day on which the agency says that it was complete."""
        return update.claim.completed_on

    @admin.display(description="what changed")
    def what_changed(self, update: ProgressUpdate) -> str:
        """What is different because of it."""
        return update.claim.what_changed

    @admin.display(description="why there is no evidence")
    def no_evidence_reason(self, update: ProgressUpdate) -> str:
        """Why nothing shows it."""
        return update.claim.no_evidence_reason


@admin.register(Evidence)
class EvidenceAdmin(OfAnAction):
    """What shows that an action was done. Files are opened in the portal, through its own door."""

    view_permission = Permission.READ_EVIDENCE
    list_display = ("title", "kind", "agency", "about", "on", "voided_at")
    list_filter = (("agency", Offering), ("action__review", Offering), "kind")
    list_select_related = ("agency", "action__recommendation")
    search_fields = ("title", *OF_ITS_ACTION)
    fields = ("title", "kind", "agency", "action", "file_name", "size", "link", "where_held", "on", "recorded_by")


@admin.register(SignOff)
class SignOffAdmin(OfAnAction):
    """Decisions of the group."""

    list_display = ("on", "decision", "plan", "about", "decided_at", "recorded_by", "voided_at")
    list_filter = (("action__review", Offering), "decision")
    list_select_related = ("action__recommendation", "action__review", "recorded_by")
    ordering = ("-on", "-recorded_at", "-pk")
    search_fields = ("decided_at", "reason", *OF_ITS_ACTION)
    verbs = (VoidDecision,)
    fields = (
        *("action", "decision", "on", "decided_at", "reason", "recorded_at", "recorded_by", "who_had_an_interest"),
        *VOIDED,
    )

    @admin.display(description="review", ordering="action__review__reference")
    def plan(self, decision: SignOff) -> str:
        """Its review, by the reference alone."""
        return decision.action.review.reference

    @admin.display(description="who had an interest")
    def who_had_an_interest(self, decision: SignOff) -> str:
        """Who oversaw it and belonged to an agency that answered for the action."""
        return "; ".join(str(row) for row in interests(decision.action, at=decision.recorded_at)) or "nobody"


@admin.register(TargetDate)
class TargetDateAdmin(OfAnAction):
    """Target dates, the original and every one since."""

    list_display = ("on", "date", "about", "reason", "asked_by", "agreed_by", "voided_at")
    list_filter = (("action__review", Offering),)
    list_select_related = ("action__recommendation", "asked_by")
    search_fields = ("reason", "agreed_by", "as_written", *OF_ITS_ACTION)
    verbs = (Void,)
    fields = (
        *("action", "date", "as_written", "on", "reason", "asked_by", "agreed_by", "recorded_at", "recorded_by"),
        *VOIDED,
    )


@admin.register(Milestone)
class MilestoneAdmin(OfAnAction):
    """Steps towards actions."""

    list_display = ("text", "about", "due_on", "achieved_on", "voided_at")
    list_filter = (("action__review", Offering),)
    list_select_related = ("action__recommendation",)
    search_fields = ("text", "due_as_written", *OF_ITS_ACTION)
    verbs = (Achieve, Void)
    fields = (
        *("action", "text", "due_on", "due_as_written", "achieved_on", "achieved_recorded_at"),
        *("on", "recorded_at", "recorded_by"),
        *VOIDED,
    )
