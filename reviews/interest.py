"""Who has an interest in what the group decides of an action: who belongs to an agency that answers for it.

An interest is shown, and whoever has one records no decision alone. It follows from who belongs where, so that nobody
declares it and nobody forgets to.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import TruncDate
from django.utils import timezone

from agencies.actors import System
from agencies.models import Agency, Membership, Succession, User
from agencies.roles import Container, Permission, RoleCode, roles_with
from reviews.models import Action, Assignment, ProgressUpdate

#: How many are named; a sentence with more is not read.
NAMED = 3
MOST = 20


@dataclass(frozen=True)
class Interest:
    """Somebody who oversees the action and ``belongs`` to an agency that answers for it, or claimed for it."""

    person: User
    agency: Agency
    belongs: bool = True

    def __str__(self) -> str:
        return f"{self.person}, who {'belongs to' if self.belongs else 'reported on it for'} {self.agency}"


def interests(action: Action, *, at: dt.datetime | None = None) -> list[Interest]:
    """The coordinators and people of the group who have an interest in ``action`` now, or had one at the moment
    ``at``.
    """
    lines = _lines(action, at)
    overseers = _live(at).filter(
        partnership=action.review.partnership_id,
        role__in=roles_with(Permission.READ_PLAN, Container.PARTNERSHIP),
        user__is_active=True,
    )
    rows = _live(at).filter(Exists(overseers.filter(user=OuterRef("user"))), agency__in=_all(lines))
    rows = rows.select_related("user", "agency").order_by("user__name", "agency__name", "pk")
    found = [Interest(row.user, row.agency) for row in rows[:MOST] if row.agency]
    return found + _who_claimed(action, lines, overseers, at, but={one.person.pk for one in found})


def _who_claimed(
    action: Action,
    lines: dict[int, set[int]],
    overseers: QuerySet[Membership],
    at: dt.datetime | None,
    *,
    but: Collection[int],
) -> list[Interest]:
    """Those of ``overseers`` who recorded or released a claim, and have no interest besides, as those in ``but`` do."""
    oversees = overseers.exclude(user__in=but)
    claims = _claims(action, lines).filter(
        Exists(oversees.filter(user=OuterRef("recorded_by"))) | Exists(oversees.filter(user=OuterRef("released_by")))
    )
    if at is not None:
        claims = claims.filter(recorded_at__lte=at)
    rows = claims.select_related("recorded_by", "released_by", "agency").order_by("pk")[:MOST]
    who = set(oversees.values_list("user", flat=True)) if rows else set()
    claimed = ((person, row.agency) for row in rows for person in (row.recorded_by, row.released_by))
    found = {person.pk: Interest(person, agency, belongs=False) for person, agency in claimed if person}
    return [one for key, one in found.items() if key in who]


def interest_of(person: User, action: Action) -> list[Agency]:
    """The agencies answering for ``action`` to which ``person`` belongs, or for which they said that it is complete.

    To belong to one that took over from such an agency, or from which that took over, is the same: whoever goes along
    when an agency is succeeded takes the interest with them.
    """
    lines = _lines(action, None)
    belongs = _live(None).filter(user=person, agency__in=_all(lines)).order_by().values_list("agency")
    claimed = _claims(action, lines).filter(Q(recorded_by=person) | Q(released_by=person)).values_list("agency")
    concerned = {pk for (pk,) in belongs.union(claimed)}
    rows = Agency.objects.filter(pk__in=[pk for pk, line in lines.items() if line & concerned])
    return list(rows.order_by("name", "pk")[:NAMED])


def why_not_alone(action: Action, by: User | System) -> str:
    """Why ``by`` does not record a decision on ``action``, and who does; empty where they have no interest in it."""
    own = [] if isinstance(by, System) else interest_of(by, action)
    if not own:
        return ""
    said = f"{_said(own)} and do not record the group's decision on it alone. "
    others = list(_who_may(action)[:NAMED])
    if others:
        return f"{said}{_listed(others, 'or')} can record it."
    return f"{said}Ask a site administrator to name a chair or coordinator who belongs to none of these agencies."


def why_not_move(action: Action, by: User | System) -> str:
    """Why ``by`` does not move the date of ``action`` without somebody's agreement; empty where they may."""
    own = [] if isinstance(by, System) else interest_of(by, action)
    return f"{_said(own)} and do not move its date alone. Say who agreed, and where." if own else ""


def _said(own: list[Agency]) -> str:
    answers, one = ("answers", "that") if len(own) == 1 else ("answer", "one of those")
    said = f"You belong to {_listed(own, 'and')}, which {answers} for this action, or to an agency before or after "
    return f"{said}{one}, or reported on it for them: you have an interest,"


def _who_may(action: Action) -> QuerySet[User]:
    """Those who record decisions in this partnership and have no interest in this one."""
    of_group = _live(None).filter(
        user=OuterRef("pk"),
        partnership=action.review.partnership_id,
        role__in=roles_with(Permission.RECORD_DECISION, Container.PARTNERSHIP),
    )
    chairs = of_group.filter(role=RoleCode.GROUP_CHAIR)
    lines = _lines(action, None)
    belongs = _live(None).filter(user=OuterRef("pk"), agency__in=_all(lines))
    claims = _claims(action, lines)
    claimed = claims.filter(Q(recorded_by=OuterRef("pk")) | Q(released_by=OuterRef("pk")))
    rows = User.objects.filter(Exists(of_group), ~Exists(belongs), ~Exists(claimed), is_active=True)
    return rows.annotate(chairs=Exists(chairs)).order_by("-chairs", "name", "pk")


def _live(at: dt.datetime | None) -> QuerySet[Membership]:
    if at is None:
        return Membership.objects.filter(until__isnull=True)
    day = timezone.localtime(at).date()
    return Membership.objects.filter(Q(until__isnull=True) | Q(until__gte=day), on__lte=day, recorded_at__lte=at)


def _answering(action: Action, at: dt.datetime | None) -> QuerySet[Assignment, int]:
    rows = Assignment.everything.leading().filter(action=action).order_by()
    if at is None:
        return rows.current().values_list("agency", flat=True)
    stood = rows.filter(Q(ended_at__isnull=True) | Q(ended_at__gt=at), recorded_at__lte=at)
    return stood.values_list("agency", flat=True)


def _lines(action: Action, at: dt.datetime | None) -> dict[int, set[int]]:
    """Each agency that answers for ``action``, with those from which it took over and those that took over from it."""
    answering = set(_answering(action, at))
    known = Succession.objects.filter(predecessor__partnership=action.review.partnership_id)
    if at is not None:
        known = known.filter(recorded_at__lte=at)
    steps = list(known.order_by().values_list("predecessor", "successor"))
    back = [(successor, predecessor) for predecessor, successor in steps]
    return {pk: _reached(pk, steps) | _reached(pk, back) for pk in answering}


def _reached(first: int, steps: Iterable[tuple[int, int]]) -> set[int]:
    """``first`` and all to which ``steps`` lead from it."""
    found, before = {first}, set[int]()
    while found != before:
        before = set(found)
        found |= {to for start, to in steps if start in before}
    return found


def _all(lines: dict[int, set[int]]) -> set[int]:
    return set().union(*lines.values())


def _claims(action: Action, lines: dict[int, set[int]]) -> QuerySet[ProgressUpdate]:
    """The claims by which who recorded or released them has an interest: those of agencies' own people.

    One that was recorded for an agency is of these too, unless the agency had no accounts then: it could not speak for
    itself, and somebody had to.
    """
    accounts = Membership.objects.filter(
        Q(until__isnull=True) | Q(until__gte=OuterRef("day")),
        agency=OuterRef("agency"),
        recorded_at__lte=OuterRef("recorded_at"),
    )
    own = Q(source=ProgressUpdate.Source.REPORTED) | Q(Exists(accounts), source=ProgressUpdate.Source.RECORDED_FOR)
    rows = ProgressUpdate.everything.in_force().annotate(day=TruncDate("recorded_at"))
    rows = rows.filter(own, action=action, claim__isnull=False)
    found: QuerySet[ProgressUpdate] = rows.filter(agency__in=_all(lines)).order_by()
    return found


def _listed(rows: list[Agency] | list[User], word: str) -> str:
    *before, last = [str(row) for row in rows]
    return f"{', '.join(before)} {word} {last}" if before else last
