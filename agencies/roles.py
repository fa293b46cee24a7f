"""What each role may do: the table that a partnership reads and signs off.

A role is held on one container (an agency, a partnership or a review). What it permits reaches everything under that
container and nothing beside it. Change the table here and run ``manage.py makemigrations`` and ``check_portal --mend``.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import TextChoices


class Permission(TextChoices):
    """Everything that somebody may or may not do. Code names are verb and noun."""

    READ_ACTION = "read_action", "read an action and its submitted updates"
    UPDATE_ACTION = "update_action", "report progress and attach evidence"
    CLAIM_COMPLETION = "claim_completion", "say that an action is complete"
    READ_EVIDENCE = "read_evidence", "open evidence"
    READ_AGENCY = "read_agency", "see an agency and its contacts"
    READ_PEOPLE = "read_people", "see who belongs to an agency or partnership"
    MANAGE_PEOPLE = "manage_people", "invite people, change their role, end their access"
    NAME_READERS = "name_readers", "name who at the agency reads a restricted review"
    ENTER_RESTRICTED = "enter_restricted", "read the agency's actions in a review that is restricted"
    READ_PLAN = "read_plan", "read a review's whole plan and its papers"
    EDIT_PLAN = "edit_plan", "bring in, edit and assign a plan"
    RECORD_FOR_AGENCY = "record_for_agency", "record what an agency reported by other means"
    RUN_CHASING = "run_chasing", "start and pause chasing, read the send log"
    RECORD_DECISION = "record_decision", "record the group's decision on a claim"
    READ_COUNTS = "read_counts", "see counts, never the words"
    READ_LOG = "read_log", "read who did what and who opened what"
    SEE_AS = "see_as", "look at the portal as an agency's people see it"


class Container(TextChoices):
    """What a role is held on."""

    AGENCY = "agency", "an agency"
    PARTNERSHIP = "partnership", "a partnership"
    REVIEW = "review", "one review"


class RoleCode(TextChoices):
    """The roles, by the names that people use for them."""

    AGENCY_LEAD = "agency_lead", "Agency lead (SPOC)"
    AGENCY_MEMBER = "agency_member", "Agency member"
    AGENCY_OBSERVER = "agency_observer", "Agency observer"
    COORDINATOR = "coordinator", "Coordinator"
    GROUP_MEMBER = "group_member", "Strategic Group member"
    GROUP_CHAIR = "group_chair", "Strategic Group chair"
    PARTNERSHIP_OBSERVER = "partnership_observer", "Partnership observer"
    PANEL_READER = "panel_reader", "Panel reader"
    NAMED_READER = "named_reader", "Named reader of a restricted review"


@dataclass(frozen=True)
class Role:
    """One line of the table. ``granted_by`` leaves out the site administrator, who may grant every role."""

    code: RoleCode
    on: Container
    admin_door: bool
    may: frozenset[Permission]
    granted_by: tuple[RoleCode, ...] = ()


_P, _R = Permission, RoleCode
_OBSERVE = frozenset({_P.READ_ACTION, _P.READ_EVIDENCE, _P.READ_AGENCY})
_TAKE_PART = _OBSERVE | {_P.UPDATE_ACTION, _P.CLAIM_COMPLETION}
_OVERSEE = frozenset({_P.READ_ACTION, _P.READ_PLAN, _P.READ_EVIDENCE, _P.READ_AGENCY, _P.READ_PEOPLE, _P.READ_COUNTS})
_RUN = frozenset({_P.EDIT_PLAN, _P.RECORD_FOR_AGENCY, _P.RUN_CHASING, _P.RECORD_DECISION, _P.MANAGE_PEOPLE})
_WATCH = frozenset({_P.READ_LOG, _P.SEE_AS})

TABLE: tuple[Role, ...] = (
    Role(
        _R.AGENCY_LEAD,
        Container.AGENCY,
        admin_door=False,
        may=_TAKE_PART | {_P.READ_PEOPLE, _P.MANAGE_PEOPLE, _P.NAME_READERS},
        granted_by=(_R.COORDINATOR, _R.AGENCY_LEAD),
    ),
    Role(
        _R.AGENCY_MEMBER,
        Container.AGENCY,
        admin_door=False,
        may=_TAKE_PART,
        granted_by=(_R.AGENCY_LEAD, _R.COORDINATOR),
    ),
    Role(
        _R.AGENCY_OBSERVER,
        Container.AGENCY,
        admin_door=False,
        may=_OBSERVE,
        granted_by=(_R.AGENCY_LEAD, _R.COORDINATOR),
    ),
    Role(_R.COORDINATOR, Container.PARTNERSHIP, admin_door=True, may=_OVERSEE | _RUN | _WATCH),
    Role(_R.GROUP_MEMBER, Container.PARTNERSHIP, admin_door=True, may=_OVERSEE, granted_by=(_R.GROUP_CHAIR,)),
    Role(_R.GROUP_CHAIR, Container.PARTNERSHIP, admin_door=True, may=_OVERSEE | {_P.RECORD_DECISION} | _WATCH),
    Role(
        _R.PARTNERSHIP_OBSERVER,
        Container.PARTNERSHIP,
        admin_door=False,
        may=frozenset({_P.READ_COUNTS}),
        granted_by=(_R.COORDINATOR,),
    ),
    Role(
        _R.PANEL_READER,
        Container.REVIEW,
        admin_door=False,
        may=frozenset({_P.READ_ACTION, _P.READ_PLAN}),
        granted_by=(_R.COORDINATOR,),
    ),
    Role(
        _R.NAMED_READER,
        Container.REVIEW,
        admin_door=False,
        may=frozenset({_P.ENTER_RESTRICTED}),
        granted_by=(_R.AGENCY_LEAD, _R.COORDINATOR),  # the coordinator names leads only: they cannot name themselves
    ),
)

ROLES: dict[str, Role] = {role.code.value: role for role in TABLE}
#: What one sees who sees the portal as an agency does: what its observers see. Nothing of it writes.
SEEN_AS_AGENCY = ROLES[_R.AGENCY_OBSERVER].may
GROUP_ROLES = (_R.GROUP_MEMBER, _R.GROUP_CHAIR)


def codes_on(container: Container) -> list[str]:
    """The codes of the roles that are held on this kind of container."""
    return [role.code.value for role in TABLE if role.on == container]


def roles_with(permission: str, container: Container) -> list[str]:
    """The codes of the roles on ``container`` that carry ``permission``."""
    return [role.code.value for role in TABLE if role.on == container and permission in role.may]


def permissions_on(container: Container) -> tuple[tuple[str, str], ...]:
    """Code name and words of each permission that some role carries on ``container``, for a model's Meta."""
    carried = {permission for role in TABLE if role.on == container for permission in role.may}
    return tuple((permission.value, f"May {permission.label}") for permission in Permission if permission in carried)
