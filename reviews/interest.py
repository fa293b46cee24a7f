"""Who has an interest in what the group decides of an action: who belongs to an agency that answers for it.

An interest is shown, and whoever has one records no decision alone. It follows from who belongs where, so that nobody
declares it and nobody forgets to.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from agencies.actors import System
from agencies.models import Agency, Membership, User
from agencies.roles import Container, Permission, RoleCode, roles_with
from reviews.models import Action, Assignment, ProgressUpdate

#: How many are named; a sentence with more is not read.
NAMED = 3
MOST = 20


@dataclass(frozen=True)
class Interest:
    """Somebody who oversees the action and belongs to an agency that answers for it."""

    person: User
    agency: Agency

    def __str__(self) -> str:
        return f"{self.person}, who belongs to {self.agency}"


def interests(action: Action, *, at: dt.datetime | None = None) -> list[Interest]:
    """The coordinators and people of the group who have an interest in ``action`` now, or had one at the moment
    ``at``.
    """
    overseers = _live(at).filter(
        user=OuterRef("user"),
        partnership=action.review.partnership_id,
        role__in=roles_with(Permission.READ_PLAN, Container.PARTNERSHIP),
    )
    rows = _live(at).filter(Exists(overseers), agency__in=_answering(action, at), user__is_active=True)
    rows = rows.select_related("user", "agency").order_by("user__name", "agency__name", "pk")
    return [Interest(row.user, row.agency) for row in rows[:MOST] if row.agency]


def interest_of(person: User, action: Action) -> list[Agency]:
    """The agencies answering for ``action`` to which ``person`` belongs, or for which they said that it is complete."""
    belongs = _live(None).filter(user=person, agency=OuterRef("pk"))
    claimed = _claims_by(action).filter(recorded_by=person, agency=OuterRef("pk"))
    rows = Agency.objects.filter(pk__in=_answering(action, None)).filter(Exists(belongs) | Exists(claimed))
    return list(rows.order_by("name", "pk")[:NAMED])


def why_not_alone(action: Action, by: User | System) -> str:
    """Why ``by`` does not record a decision on ``action``, and who does; empty where they have no interest in it."""
    own = [] if isinstance(by, System) else interest_of(by, action)
    if not own:
        return ""
    answers = "answers" if len(own) == 1 else "answer"
    said = f"You belong to {_listed(own, 'and')}, which {answers} for this action, or reported on it for them: "
    said += "you have an interest, and do not record the group's decision on it alone. "
    others = list(_who_may(action)[:NAMED])
    if others:
        return f"{said}{_listed(others, 'or')} can record it."
    return f"{said}Ask a site administrator to name a chair or coordinator who belongs to none of these agencies."


def _who_may(action: Action) -> QuerySet[User]:
    """Those who record decisions in this partnership and have no interest in this one."""
    of_group = _live(None).filter(
        user=OuterRef("pk"),
        partnership=action.review.partnership_id,
        role__in=roles_with(Permission.RECORD_DECISION, Container.PARTNERSHIP),
    )
    chairs = of_group.filter(role=RoleCode.GROUP_CHAIR)
    belongs = _live(None).filter(user=OuterRef("pk"), agency__in=_answering(action, None))
    claimed = _claims_by(action).filter(recorded_by=OuterRef("pk"), agency__in=_answering(action, None))
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


def _claims_by(action: Action) -> QuerySet[ProgressUpdate]:
    """The claims that agencies' own people made; who records for an agency without accounts has no interest by that."""
    rows = ProgressUpdate.everything.standing().order_by()
    own: QuerySet[ProgressUpdate] = rows.filter(
        action=action, source=ProgressUpdate.Source.REPORTED, claim__isnull=False
    )
    return own


def _listed(rows: list[Agency] | list[User], word: str) -> str:
    *before, last = [str(row) for row in rows]
    return f"{', '.join(before)} {word} {last}" if before else last
