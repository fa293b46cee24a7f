"""Who still belongs: each agency's lead is asked twice a year; access that nobody confirms ends a month later."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F, Q
from django.db.models.functions import Coalesce, Greatest

from agencies import audit, memberships, post
from agencies.models import Agency, Membership, User
from agencies.permissions import require
from agencies.post import AccountMail
from agencies.refusals import Refused
from agencies.roles import Permission

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from django.db.models import QuerySet

    from agencies.actors import System

#: How long a confirmation holds, and how long after the question access ends.
HOLDS = dt.timedelta(days=182)
NOTICE = dt.timedelta(days=30)
#: How long before the end the question is repeated.
AGAIN = dt.timedelta(days=14)


@transaction.atomic
def confirm(*, agency: Agency, by: User | System, on: dt.date, shown: Collection[str] | None = None) -> int:
    """Say that everybody at ``agency`` belongs there still; how many they are.

    ``shown`` are the numbers of the memberships on the page: who came meanwhile was seen by nobody. Refused where none
    of them belongs there any more.
    """
    require(by, Permission.MANAGE_PEOPLE, agency)
    live = Membership.objects.filter(agency=agency, until__isnull=True)
    if shown is not None:
        live = live.filter(pk__in=[pk for pk in live.values_list("pk", flat=True) if str(pk) in shown])
    number = live.update(confirmed_on=on)
    if number == 0:
        raise Refused(
            "Nobody is confirmed: the people here are not those whom the page showed. Look at them once more."
        )
    audit.record("agency.people_confirmed", by=by, about=agency, partnership=agency.partnership_id, number=number)
    return number


def unconfirmed(agency: Agency) -> QuerySet[Membership]:
    """Those at ``agency`` about whom its lead was asked and has not answered."""
    return _asked().filter(agency=agency)


def ends_on(agency: Agency) -> dt.date | None:
    """The day on which the first unconfirmed access at ``agency`` ends; None where nobody was asked about."""
    asked_on = unconfirmed(agency).order_by("asked_on").values_list("asked_on", flat=True).first()
    return asked_on + NOTICE if asked_on else None


@transaction.atomic
def ask_those_due(*, on: dt.date, by: System) -> int:
    """Ask for each agency whose last confirmation is half a year old, and once more before access ends; how many.

    The mail goes to its leads, else to the partnership's coordinators; the second time to both, as a lead may be away.
    Where there is neither, nobody is asked, and nothing ends. While the question is open it is put again each month:
    what did not arrive may arrive then.
    """
    live = Membership.objects.filter(agency__isnull=False, until__isnull=True)
    since = Greatest(F("on"), Coalesce("confirmed_on", "on"))
    due = live.annotate(since=since).filter(Q(asked_on=None) | Q(asked_on__lte=F("since")), since__lte=on - HOLDS)
    open_ = _asked().filter(asked_on__lte=on - NOTICE + AGAIN)
    asked = 0
    for agency in Agency.objects.filter(Q(memberships__in=due) | Q(memberships__in=open_)).distinct():
        leads, coordinators = answerable_for(agency)
        people = leads or coordinators
        if people and Membership.objects.filter(pk__in=due.filter(agency=agency).values("pk")).update(asked_on=on):
            _mail(agency, people, key=on.isoformat())
            audit.record("agency.people_asked_about", by=by, about=agency, partnership=agency.partnership_id)
            asked += 1
        elif first := open_.filter(agency=agency).order_by("asked_on").first():
            months = (on - (first.asked_on or on)).days // NOTICE.days
            _mail(agency, [*leads, *coordinators], key=f"{first.asked_on}:again{months or ''}")
    return asked


def run_out(*, on: dt.date) -> QuerySet[Membership]:
    """The access that nobody confirmed within a month of being asked, whether or not the question arrived."""
    return _asked().filter(asked_on__lte=on - NOTICE).select_related("user", "agency").order_by("pk")


def tell_ended(agency: Agency, people: Iterable[User], *, on: dt.date) -> None:
    """Tell ``people`` that access at ``agency`` ended on the day ``on`` as nobody had confirmed it."""
    _mail(agency, people, key=on.isoformat(), kind=AccountMail.PEOPLE_ENDED)


def open_questions() -> QuerySet[Membership]:
    """The memberships about which somebody was asked and nobody has answered."""
    return _asked()


@transaction.atomic
def ask_anew(*, by: System) -> int:
    """Forget every open question, so that it is put once more, with its whole month; how many people it is about.

    For after a restore: whoever answered since the backup would lose access by the question of before.
    """
    number = _asked().update(asked_on=None)
    if number:
        audit.record("people.ask_anew", by=by, about=None, number=number)
    return number


def answerable_for(agency: Agency) -> tuple[list[User], list[User]]:
    """The leads of ``agency``, and the coordinators of its partnership who are not among them."""
    leads, coordinators = memberships.leads_of(agency), memberships.coordinators_of(agency.partnership_id)
    return list(leads.order_by("pk")), list(coordinators.exclude(pk__in=leads.values("pk")).order_by("pk"))


def _asked() -> QuerySet[Membership]:
    """Lasting memberships about which the question is open."""
    open_ = Q(confirmed_on__isnull=True) | Q(confirmed_on__lt=F("asked_on"))
    return Membership.objects.filter(open_, agency__isnull=False, until__isnull=True, asked_on__isnull=False)


def _mail(agency: Agency, people: Iterable[User], *, key: str, kind: AccountMail = AccountMail.CONFIRM_PEOPLE) -> None:
    """Ask for one mail a person; asking again with the same key asks for nothing."""
    for person in people:
        post.queue(
            kind=kind,
            person=person,
            about=agency.pk,
            partnership=agency.partnership,
            key=f"{kind.value}:{agency.pk}:{person.pk}:{key}",
        )
