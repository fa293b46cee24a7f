"""How the lists of oversight are narrowed, and the same conditions for the counts that lead to them.

A count and the list behind its number use one condition, so that the two cannot say different things.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib import admin
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.http import HttpRequest
from django.utils import timezone

from agencies.keys import key_of
from agencies.models import Agency
from agencies.narrowing import FoundFilter
from agencies.permissions import objects_for
from agencies.roles import Permission
from agencies.scoped_lists import RelatedOnly, related
from reviews.models import LEADING, Assignment, ProgressUpdate
from reviews.statuses import OPEN, SILENT_DAYS, Lateness, Status

#: The part that a current lead agency has in an action, seen from the action.
LEADS_NOW = Q(assignments__until__isnull=True, assignments__part__in=LEADING)


def silent(on: dt.date) -> Q:
    """Parts of agencies from which nothing was heard for ``SILENT_DAYS``, though work is still theirs.

    Counted from the day on which they came to it, or from which the plan is chased, if that is later.
    """
    since = on - dt.timedelta(days=SILENT_DAYS)
    unheard = Q(last_update_on__isnull=True) | Q(last_update_on__lt=since)
    review = "action__review__chasing_from"
    unheard &= Q(**{f"{review}__isnull": True}) | Q(**{f"{review}__lt": since})
    return unheard & Q(until__isnull=True, part__in=LEADING, status__in=OPEN, on__lt=since)


def owned(on: dt.date) -> Q:
    """Parts for which somebody is named who still belongs to the agency, or is its contact."""
    member = Q(owner__isnull=False, owner__until__isnull=True, owner__agency=F("agency"))
    stays = Q(owner_contact__until__isnull=True) | Q(owner_contact__until__gte=on)
    return Q(until__isnull=True, part__in=LEADING) & (member | Q(owner_contact__isnull=False) & stays)


def asking() -> Q:
    """Parts of agencies that want help from the group, as they said last, while the action is not closed."""
    updates: Any = ProgressUpdate.everything.in_force()
    same = updates.filter(action=OuterRef("action"), agency=OuterRef("agency"))
    later = same.filter(
        Q(on__gt=OuterRef("on"))
        | Q(on=OuterRef("on"), recorded_at__gt=OuterRef("recorded_at"))
        | Q(on=OuterRef("on"), recorded_at=OuterRef("recorded_at"), pk__gt=OuterRef("pk"))
    )
    wanted = same.exclude(help_wanted="").exclude(Exists(later))
    return Q(Exists(wanted), until__isnull=True, action__status__in=(*OPEN, Status.AWAITING))


def claimed() -> Subquery:
    """The day on which an action was claimed: of its newest claim, as with several leads the last says so."""
    claims: Any = ProgressUpdate.everything.in_force().filter(action=OuterRef("pk"), claim__isnull=False)
    return Subquery(claims.order_by("-on").values("on")[:1])


def of_the_action(condition: Q) -> Exists:
    """Whether the action has a part that fits ``condition``."""
    return Exists(Assignment.everything.filter(condition, action=OuterRef("pk")))


class Offering(RelatedOnly):
    """A filter by a relation that offers what the person may see, whether or not it occurs in the list.

    For lists so long that to look for what occurs would cost more than the list itself.
    """

    @classmethod
    def rows_for(cls, path: str, request: HttpRequest, model_admin: Any) -> QuerySet[Any]:
        """The related rows, found through their own admin."""
        model = related(path, model_admin)
        own = model_admin.admin_site.get_model_admin(model)
        return objects_for(request.user, own.view_permission, model).order_by(*own.get_ordering(request))


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


class AnsweredForBy(FoundFilter):
    """The actions for which an agency answers now."""

    title = "agency that answers for it"
    parameter_name = "agency"

    @classmethod
    def rows_for(cls, path: str, request: HttpRequest, model_admin: Any) -> QuerySet[Any]:
        """The agencies that the person sees."""
        return objects_for(request.user, Permission.READ_AGENCY, Agency).order_by("name", "pk")

    def listed_for(self, chosen: int, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Its actions."""
        return queryset.filter(of_the_action(Q(agency=chosen, until__isnull=True, part__in=LEADING)))


class YesFilter(admin.SimpleListFilter):
    """A filter that is on or off."""

    words: str

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """The one thing to ask for."""
        return [("yes", self.words)]


class SilentFilter(YesFilter):
    """The actions about which a lead agency has been silent; with an agency chosen, about which that one has."""

    title = "silence"
    parameter_name = "silent"
    words = f"No report for {SILENT_DAYS} days"

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Those on which an agency still has to report and has not."""
        if self.value() != "yes":
            return queryset
        condition = silent(timezone.localdate())
        agency = key_of(request.GET.get(AnsweredForBy.parameter_name, ""))
        if agency is not None:
            condition &= Q(agency=agency)
        return queryset.filter(of_the_action(condition))


class OwnerlessFilter(YesFilter):
    """The open actions for which nobody is named."""

    title = "owner"
    parameter_name = "ownerless"
    words = "Nobody is named who sees to it"

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Those of them that are open."""
        return queryset.filter(ownerless(timezone.localdate())) if self.value() == "yes" else queryset


class AskingFilter(YesFilter):
    """The actions on which an agency wants help from the group."""

    title = "help"
    parameter_name = "asking"
    words = "Help wanted from the group"

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Those for which one asked in its last update."""
        return queryset.filter(of_the_action(asking())) if self.value() == "yes" else queryset


def ownerless(on: dt.date) -> Q:
    """Open actions of which no lead agency has named somebody who is still there."""
    return Q(~of_the_action(owned(on)), status__in=OPEN)


class OpenFilter(YesFilter):
    """The actions on which an agency has work to do."""

    title = "work"
    parameter_name = "open"
    words = "Work to do for an agency"

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """The open ones."""
        return queryset.filter(status__in=OPEN) if self.value() == "yes" else queryset
