"""To whom a message about an agency's action goes: its owner there, or else the agency's leads.

Nobody is written to about an action that they may not read, and those who merely may read it are not written to.
"""

from __future__ import annotations

from collections import defaultdict
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from agencies.holdings import is_waived, remembered_for
from agencies.models import Membership, Partnership, User
from agencies.permissions import held_in, objects_for
from agencies.roles import Container, Permission, RoleCode
from reviews.models import Action, Why

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from reviews.models import Assignment


class Recipients:
    """The recipients for many assignments of one partnership: a few questions, and one for all who hold the same."""

    def __init__(self, partnership: Partnership, rows: QuerySet[Assignment]) -> None:
        """``rows`` are the assignments that will be asked about; they are used as a subquery."""
        self._partnership, self._rows = partnership, rows

    def of(self, row: Assignment) -> tuple[list[User], Why | None]:
        """Whom to write to about ``row``, which comes with its owner; nobody, and why.

        An owner who has left, has no address or may not read the action is no owner here: the leads are asked.
        """
        owner = row.owner
        live = owner and owner.until is None and owner.agency_id == row.agency_id and owner.user.is_active
        why = Why.NO_RECIPIENT
        for people in ([owner.user] if owner and live else [], self._leads.get(row.agency_id, [])):
            readers = [person for person in people if row.action_id in self._readable_by(person)]
            reachable = [person for person in readers if has_address(person)]
            if reachable:
                return reachable, None
            if people:
                why = Why.NO_ADDRESS if readers else Why.NO_RIGHT
        return [], why

    @cached_property
    def _leads(self) -> dict[int, list[User]]:
        leads: dict[int, list[User]] = defaultdict(list)
        live = Membership.objects.filter(
            until__isnull=True,
            role=RoleCode.AGENCY_LEAD,
            user__is_active=True,
            agency__in=self._rows.order_by().values("agency"),
        )
        for membership in live.select_related("user"):
            if membership.agency_id:
                leads[membership.agency_id].append(membership.user)
        return leads

    def _readable_by(self, person: User) -> frozenset[int]:
        return self._readable.get(person.pk, frozenset())

    @cached_property
    def _readable(self) -> dict[int, frozenset[int]]:
        """What each person who may be written to reads of the actions: who holds the same reads the same."""
        people = {person.pk: person for leads in self._leads.values() for person in leads}
        people |= {row.owner.user.pk: row.owner.user for row in self._rows if row.owner}
        alike: dict[Any, list[User]] = defaultdict(list)
        found: dict[int, frozenset[int]] = {}
        with remembered_for(people):
            for person in people.values():
                alike[_what_decides(person)].append(person)
            actions = self._rows.order_by().values("action")
            for group in alike.values():
                rows = objects_for(group[0], Permission.READ_ACTION, Action).filter(pk__in=actions)
                found |= dict.fromkeys((person.pk for person in group), frozenset(rows.values_list("pk", flat=True)))
        return found


def _what_decides(person: User) -> Any:
    """All that decides which actions ``person`` reads; whoever enters a restricted review does so by name."""
    held = tuple(held_in(person, Permission.READ_ACTION, container) for container in Container)
    entered = held_in(person, Permission.ENTER_RESTRICTED, Container.REVIEW)
    return person.is_active, is_waived(person), held, (entered and person.pk)


def has_address(person: User) -> bool:
    """Whether a message can be addressed to ``person``."""
    try:
        validate_email(person.email)
    except ValidationError:
        return False
    return True
