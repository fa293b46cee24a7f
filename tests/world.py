"""The standing cast of the tests: the Haringey borough, its agencies, people and plans, and a twin behind the wall.

Both sides are made by the same function, so that whatever exists here exists there too; every name, word and address
over there carries ``MARKER``, which must never be seen from here. All people are invented.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from agencies import memberships
from agencies.actors import EXAMPLE
from agencies.models import Agency, AgencyKind, AgencyName, Contact, Invitation, Opened, Partnership, Succession, User
from agencies.roles import RoleCode
from reviews.kinds import PlanStage
from reviews.models import (
    Action,
    ActionWording,
    Evidence,
    HeadingMeaning,
    Line,
    Milestone,
    Notice,
    PlanImport,
    ProgressUpdate,
    PublishedName,
    Recommendation,
    RecommendationWording,
    Review,
    Run,
    SignOff,
    Stage,
    Theme,
)
from reviews.statuses import Decision, Status
from tests.factories import (
    TODAY,
    a_claim,
    a_contact,
    a_link,
    a_member,
    a_partnership,
    a_person,
    a_reader,
    a_recommendation,
    a_review,
    an_action,
    an_agency,
    an_assignment,
    an_update,
    join,
)

#: In every name and word of the twin partnership, and nowhere else.
MARKER = "Quillfeather"


def days(number: int) -> dt.date:
    """The day ``number`` days after the day of the tests."""
    return TODAY + dt.timedelta(days=number)


@dataclass(frozen=True)
class Agencies:
    """The agencies of one side."""

    police: Agency
    health: Agency
    council: Agency
    housing: Agency
    advisory_group: Agency
    school: Agency  # has no accounts, only a contact
    former_group: Agency  # closed; the advisory group took over from it


@dataclass(frozen=True)
class People:
    """The people of one side, by what they are. Those without an agency in their name are of the police."""

    lead: User
    member: User
    observer: User
    named: User  # a member, and named by the police as a reader of the restricted review
    leaver: User  # was a member until last week
    inactive: User  # is a member, but the account is switched off
    health_lead: User
    two_agencies: User  # member of health and of housing
    council_observer: User
    coordinator: User
    member_of_group: User
    chair: User
    partnership_observer: User
    panel_reader: User  # of the restricted review


@dataclass(frozen=True)
class Plans:
    """The reviews of one side and their actions, by who answers for them."""

    published: Review
    restricted: Review
    theme: Theme
    recommendation: Recommendation
    of_police: Action
    of_police_overdue: Action
    of_health: Action
    joint: Action  # police and health together, the council helps
    supported: Action  # the council's, the police helps
    formerly_of_police: Action  # housing's now
    awaiting: Action  # claimed by the police
    complete: Action  # housing's
    of_school: Action
    restricted_of_police: Action
    restricted_of_health: Action
    update: ProgressUpdate  # by the police, on of_police
    health_update: ProgressUpdate  # by health, on joint
    evidence: Evidence  # of the police, on of_police
    health_evidence: Evidence  # of health, on joint


@dataclass(frozen=True)
class Side:
    """One partnership with everything in it. Agencies, people and plans are reached straight from here."""

    partnership: Partnership
    agencies: Agencies
    people: People
    plans: Plans
    contact: Contact  # of the school
    invitation: Invitation  # of the member of two agencies, to observe the police too


@dataclass(frozen=True)
class World:
    """Both sides of the wall, and the two people who belong to neither."""

    here: Side
    there: Side
    superuser: User
    stranger: User  # has an account and belongs nowhere


def make_world() -> World:
    """Make everything. The fixture ``world`` does so for a test."""
    return World(
        here=_side("Haringey borough", "haringey", ""),
        there=_side(f"{MARKER} borough", MARKER.lower(), f"{MARKER} "),
        superuser=a_person(name="Sam Okoro", email="site@example.org", is_superuser=True, is_staff=True),
        stranger=a_person(name="Robin Nowhere", email="stranger@example.org"),
    )


def _side(name: str, code: str, mark: str) -> Side:
    partnership = a_partnership(
        name=f"{name} community safety partnership",
        code=code,
        group_name=f"{mark}Violence Against Women and Girls Strategic Group",
        contact_email=f"office@{code}.example",
    )
    agencies = _agencies(partnership, mark)
    people = _people(partnership, agencies, code, mark)
    contact = a_contact(agencies.school, name=f"{mark}Ines Whitlock", post=f"{mark}Head", email=f"head@{code}.example")
    plans = _plans(partnership, agencies, people, mark)
    _what_happened(agencies, people, plans, mark)
    _what_was_mailed(partnership, people, plans, mark)
    _what_was_opened(partnership, people, plans)
    invitation = Invitation.objects.create(
        email=people.two_agencies.email, role=RoleCode.AGENCY_OBSERVER, agency=agencies.police, recorded_by=people.lead
    )
    return Side(partnership, agencies, people, plans, contact, invitation)


def _agencies(partnership: Partnership, mark: str) -> Agencies:
    def made(name: str, kind: AgencyKind, **facts: object) -> Agency:
        return an_agency(partnership, name=f"{mark}{name}", kind=kind, **facts)

    police = made("Borough Police", AgencyKind.POLICE)
    AgencyName.objects.create(agency=police, name=f"{mark}BP", kind=AgencyName.Kind.SHORT)
    return Agencies(
        police=police,
        health=made("Riverside Health Trust", AgencyKind.HEALTH),
        council=made("Adult Services", AgencyKind.COUNCIL),
        housing=made("Lantern Housing Association", AgencyKind.HOUSING),
        advisory_group=made("Advisory Group", AgencyKind.GROUP),
        school=made("Hillside School", AgencyKind.EDUCATION),
        former_group=made("Domestic Violence Forum", AgencyKind.GROUP, closed_on=days(-400)),
    )


def _people(partnership: Partnership, agencies: Agencies, code: str, mark: str) -> People:
    def who(post: str, name: str, role: RoleCode, container: Agency | Partnership) -> User:
        return a_member(role, container, name=f"{mark}{name}", email=f"{post}@{code}.example")

    police = agencies.police
    leaver = who("leaver", "Lee Arden", RoleCode.AGENCY_MEMBER, police)
    memberships.end(membership=leaver.memberships.get(), by=EXAMPLE, on=days(-7))
    inactive = who("inactive", "Ira Quiet", RoleCode.AGENCY_MEMBER, police)
    User.objects.filter(pk=inactive.pk).update(is_active=False)
    inactive.refresh_from_db()
    two = who("two", "Tariq Both", RoleCode.AGENCY_MEMBER, agencies.health)
    join(two, RoleCode.AGENCY_MEMBER, agencies.housing)
    panel_reader = a_person(name=f"{mark}Petra Chairwell", email=f"panel@{code}.example")
    return People(
        lead=who("lead", "Amara Finch", RoleCode.AGENCY_LEAD, police),
        member=who("member", "Joel Marsh", RoleCode.AGENCY_MEMBER, police),
        observer=who("observer", "Nadia Stone", RoleCode.AGENCY_OBSERVER, police),
        named=who("named", "Priya Dale", RoleCode.AGENCY_MEMBER, police),
        leaver=leaver,
        inactive=inactive,
        health_lead=who("health", "Hal Rivers", RoleCode.AGENCY_LEAD, agencies.health),
        two_agencies=two,
        council_observer=who("council", "Cleo Watts", RoleCode.AGENCY_OBSERVER, agencies.council),
        coordinator=who("coordinator", "Morgan Ellery", RoleCode.COORDINATOR, partnership),
        member_of_group=who("group", "Grace Adeyemi", RoleCode.GROUP_MEMBER, partnership),
        chair=who("chair", "Colm Brady", RoleCode.GROUP_CHAIR, partnership),
        partnership_observer=who("councillor", "Vera Lund", RoleCode.PARTNERSHIP_OBSERVER, partnership),
        panel_reader=panel_reader,
    )


def _plans(partnership: Partnership, agencies: Agencies, people: People, mark: str) -> Plans:
    published = a_review(
        partnership, reference=f"{mark}DHR1", title=f"{mark}Adult A", pseudonym=f"{mark}Adult A",
        chair=f"{mark}Chris Independent", introduction=f"{mark}Introduction", stage=PlanStage.DELIVERY,
    )  # fmt: skip
    restricted = a_review(partnership, reference=f"{mark}DHR2", title=f"{mark}Adult B", is_restricted=True)
    a_reader(people.named, restricted, agency=agencies.police)
    a_reader(people.panel_reader, restricted)
    theme = Theme.objects.create(partnership=partnership, name=f"{mark}Listening")
    first = a_recommendation(published, text=f"{mark}Share what is known.", addressee=f"{mark}All agencies")
    first.themes.add(theme)
    second = a_recommendation(published, text=f"{mark}Train all staff.", addressee=f"{mark}Police")
    hidden = a_recommendation(restricted, text=f"{mark}Keep families informed.")

    def action(
        text: str, *leads: Agency, of: Recommendation = second, supporting: tuple[Agency, ...] = (), **facts: object
    ) -> Action:
        return an_action(of, *leads, supporting=supporting, text=f"{mark}{text}", **facts)

    of_police = action("Write the guide", agencies.police, target_date=days(14))
    joint = action("Agree a protocol", agencies.police, agencies.health, of=first, supporting=(agencies.council,))
    formerly = action("Review the tenancies", agencies.housing, target_date=days(200))
    an_assignment(formerly, agencies.police, until=days(-100))
    return Plans(
        published=published,
        restricted=restricted,
        theme=theme,
        recommendation=second,
        of_police=of_police,
        of_police_overdue=action("Train the officers", agencies.police, target_date=days(-12)),
        of_health=action("Train the nurses", agencies.health, target_date=days(60)),
        joint=joint,
        supported=action("Run the campaign", agencies.council, supporting=(agencies.police,), target_date=days(5)),
        formerly_of_police=formerly,
        awaiting=action("Appoint a lead", agencies.police, status=Status.AWAITING, claimed_on=days(-3)),
        complete=action("Publish a leaflet", agencies.housing, status=Status.COMPLETE),
        of_school=action("Teach about respect", agencies.school, status=Status.NOT_STARTED),
        restricted_of_police=action("Call the family", agencies.police, of=hidden, target_date=days(30)),
        restricted_of_health=action("Write to the family", agencies.health, of=hidden),
        update=an_update(of_police, agencies.police, people.member, progress=f"{mark}The guide is half written."),
        health_update=an_update(joint, agencies.health, people.health_lead, progress=f"{mark}A draft is agreed."),
        evidence=a_link(of_police, agencies.police, people.member, title=f"{mark}Draft guide"),
        health_evidence=a_link(joint, agencies.health, people.health_lead, title=f"{mark}Draft protocol"),
    )


def _what_happened(agencies: Agencies, people: People, plans: Plans, mark: str) -> None:
    """At least one row of every other kind, so that tests which walk all models find one on either side."""
    by = {"recorded_by": people.coordinator, "on": days(-20)}
    Succession.objects.create(predecessor=agencies.former_group, successor=agencies.advisory_group, on=days(-400))
    PublishedName.objects.create(review=plans.published, agency=agencies.school, name=f"{mark}School")
    Milestone.objects.create(action=plans.of_police, text=f"{mark}First chapter", due_as_written=f"{mark}soon", **by)
    ActionWording.objects.create(action=plans.of_police, text=f"{mark}Write a guide", reason=f"{mark}slip", **by)
    RecommendationWording.objects.create(recommendation=plans.recommendation, text=f"{mark}Train staff.", **by)
    SignOff.objects.create(
        action=plans.complete, decision=Decision.SIGNED_OFF, decided_at=f"{mark}meeting", reason=f"{mark}done", **by
    )
    claim = an_update(plans.awaiting, agencies.police, people.member, status=Status.AWAITING, on=days(-3))
    a_claim(claim, what_changed=f"{mark}Everybody knows whom to ask.")


def _what_was_opened(partnership: Partnership, people: People, plans: Plans) -> None:
    """One page, opened by the lead."""
    Opened.objects.create(
        on=days(-1),
        person_id=people.lead.pk,
        partnership_id=partnership.pk,
        about_kind=plans.of_police._meta.label_lower,
        about_id=plans.of_police.pk,
    )


def _what_was_mailed(partnership: Partnership, people: People, plans: Plans, mark: str) -> None:
    run = Run.objects.create(partnership=partnership, on=days(-1), expected=1)
    notice = Notice.objects.create(
        run=run, partnership=partnership, person=people.lead, key=f"{mark}digest", message_id=f"{mark}message"
    )
    Line.objects.create(
        notice=notice, person=people.lead, action=plans.of_police_overdue, stage=Stage.OVERDUE, anchor="date"
    )
    PlanImport.objects.create(
        partnership=partnership, reference=f"{mark}DHR3", title=f"{mark}Adult C", speaks_for=days(-60),
        file_name=f"{mark}plan.xlsx", sha256="0" * 64, uploaded_by=people.coordinator, file="imports/none.xlsx",
        reading=_what_was_read(mark), choices={"dated": True},
    )  # fmt: skip
    HeadingMeaning.objects.create(
        partnership=partnership, heading=f"{mark}what it is about", column="theme", recorded_by=people.coordinator
    )


def _what_was_read(mark: str) -> dict[str, object]:
    """One row of a plan that waits, with something to choose in every cell."""
    texts = ("reference", "theme", "scope", "owner", "progress", "next_steps", "outcome", "evidence", "milestones")
    problems = [
        {"level": "warning", "column": column, "code": code, "message": f"{mark}problem", "place": f"{mark}Plan!A2"}
        for column, code in (("target_date", "impossible_date"), ("status", "blank_status"), ("agency", "all_agencies"))
    ]
    row: dict[str, object] = {name: f"{mark}{name}" for name in (*texts, "barriers", "agency_response")}
    row |= {"recommendation": f"{mark}To listen. To learn.", "action": "", "agencies": [f"{mark}Quay Team"]}
    row |= {"target_date": None, "target_date_as_written": f"31 September 2026 {mark}", "place": f"{mark}Plan!A2"}
    row |= {"status": None, "status_as_written": f"{mark}x", "completed_on": None, "problems": problems}
    return {"columns": {f"{mark}Heading": "theme"}, "problems": [], "rows": [row]}
