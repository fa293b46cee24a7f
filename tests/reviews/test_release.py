"""Updates that wait for release within their agency: who releases, and that until then they are nothing to anybody."""

from __future__ import annotations

import datetime as dt
import random
import uuid
from typing import Any

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.core.files.base import ContentFile
from django.utils import timezone

from agencies import memberships
from agencies.actors import EXAMPLE, System
from agencies.models import AuditEntry
from agencies.refusals import Refused
from agencies.releasing import set_release
from agencies.roles import RoleCode
from reviews import drafts, evidence, parts, plans, progress, release, reporting, returning, waiting_files
from reviews.as_at import plan_as_at
from reviews.models import Action, Assignment, Draft, Evidence, Part, ProgressUpdate, StagedFile, Submission
from reviews.progress import Completion, Report
from reviews.projection import project
from reviews.reading.lists import own_agencies
from reviews.reading.own_words import reads_own
from reviews.reading.waiting import hidden_at, waiting_at
from reviews.statuses import Status
from tests.factories import TODAY, a_member
from tests.reviews.test_concurrency import at_once
from tests.world import Side, World, make_world

pytestmark = pytest.mark.django_db
REPORT = Report(progress="The guide is printed.", status=Status.NOT_STARTED)


@pytest.fixture
def here(world: World) -> Side:
    set_release(agency=world.here.agencies.police, required=True, by=world.here.people.lead)
    return world.here


def sending(here: Side, **facts: Any) -> reporting.Sending:
    usual = {"action": here.plans.of_police, "agency": here.agencies.police, "by": here.people.member, "on": TODAY}
    return reporting.Sending(**{**usual, "report": REPORT, **facts})


def hand_in(here: Side, *, token: uuid.UUID | None = None, **facts: Any) -> Submission:
    how: dict[str, Any] = {"answers": {"progress": "As typed"}, "has_evidence": True, "seen": None}
    return release.hand_in(sending(here, **facts), token=token or uuid.uuid4(), **how)


def everything(here: Side) -> list[Any]:
    """What anybody could count or print of the plan."""
    actions = [vars(action) for action in Action.objects.order_by("pk")]
    for facts in actions:
        facts.pop("_state")
    return [actions, plan_as_at(here.plans.published, TODAY), ProgressUpdate.objects.count()]


@pytest.mark.parametrize("who", ["member", "observer", "chair", "health_lead"])
def test_only_leads_and_coordinators_say_whether_updates_wait(here: Side, who: str) -> None:
    with pytest.raises(PermissionDenied):
        set_release(agency=here.agencies.police, required=False, by=getattr(here.people, who))
    set_release(agency=here.agencies.police, required=False, by=here.people.coordinator)
    assert AuditEntry.objects.filter(event="agency.release_set").count() == 2


def test_nothing_of_it_counts_until_a_lead_releases_it(here: Side) -> None:
    before = everything(here)
    row = hand_in(here)
    assert everything(here) == before
    update = release.release(submission=row, by=here.people.lead)
    assert (update.recorded_by, update.released_by) == (here.people.member, here.people.lead)
    assert (update.progress, update.on, update.token) == (REPORT.progress, TODAY, row.token)
    assert Action.objects.get(pk=row.action_id).status == Status.NOT_STARTED
    assert release.release(submission=row, by=here.people.lead) == update, "pressed twice"
    assert ProgressUpdate.objects.count() == before[2] + 1


@pytest.mark.parametrize("who", ["member", "observer", "coordinator", "chair", "health_lead", "leaver"])
def test_nobody_but_a_lead_releases_returns_or_goes_round(here: Side, who: str) -> None:
    row, person = hand_in(here), getattr(here.people, who)
    for verb in (release.release, release.send_back):
        with pytest.raises(PermissionDenied):
            verb(submission=row, by=person, **({"reason": "No"} if verb is release.send_back else {}))
    if who != "coordinator":
        with pytest.raises((PermissionDenied, Refused)):
            progress.submit(**vars(sending(here, by=person)))
        with pytest.raises((PermissionDenied, Refused)):
            evidence.attach(
                action=row.action, agency=row.agency, by=person, on=TODAY, title="Leak", link="https://example.org"
            )
    assert ProgressUpdate.objects.filter(action=row.action).count() == 1


def test_a_leads_own_updates_and_what_is_recorded_for_the_agency_do_not_wait(here: Side) -> None:
    reporting.send(sending(here, by=here.people.lead))
    reporting.send(sending(here, by=here.people.coordinator, given_by="Joel Marsh, by telephone"))
    assert not Submission.objects.exists()


def test_a_claim_waits_whole_with_its_files(here: Side) -> None:
    token = uuid.uuid4()
    file = ContentFile(b"%PDF-1.7 register", name="register.pdf")
    waiting_files.stage(action=here.plans.of_police, by=here.people.member, token=token, file=file)
    row = hand_in(here, token=token, report=Report(progress="Done."), completion=Completion(TODAY, "Everybody knows."))
    drafts.sweep_unsent(now=timezone.now() + dt.timedelta(days=30), by=System("schedule"))
    assert StagedFile.objects.count() == 1
    update = release.release(submission=row, by=here.people.lead)
    assert update.claim.what_changed == "Everybody knows."
    assert Evidence.objects.get(update=update).title == "register.pdf"
    assert Action.objects.get(pk=row.action_id).status == Status.AWAITING


def test_returned_it_is_its_authors_draft_again_with_a_reason(here: Side) -> None:
    row = hand_in(here)
    with pytest.raises(Refused, match="still wanted"):
        release.send_back(submission=row, by=here.people.lead, reason=" ")
    release.send_back(submission=row, by=here.people.lead, reason="Name the month.")
    draft = Draft.objects.get()
    assert (draft.author, draft.kind, draft.note) == (here.people.member, Draft.Kind.RETURNED, "Name the month.")
    assert draft.answers == {"progress": "As typed"}
    assert hand_in(here, token=draft.token).pk != row.pk
    assert "Name" not in str(list(AuditEntry.objects.values("detail")))


def test_its_author_takes_it_back_as_a_draft_with_its_files(here: Side) -> None:
    token = uuid.uuid4()
    file = ContentFile(b"%PDF-1.7 register", name="register.pdf")
    waiting_files.stage(action=here.plans.of_police, by=here.people.member, token=token, file=file)
    row = hand_in(here, token=token)
    for other in (here.people.lead, here.people.named, here.people.coordinator):
        with pytest.raises(PermissionDenied):
            release.take_back(submission=row, by=other)
    draft = release.take_back(submission=row, by=here.people.member)
    assert (draft.author, draft.answers, draft.note) == (here.people.member, {"progress": "As typed"}, "")
    assert StagedFile.objects.get().token == draft.token
    with pytest.raises(Refused, match="already"):
        release.release(submission=row, by=here.people.lead)
    assert hand_in(here, token=draft.token).pk != row.pk
    with pytest.raises(Refused, match="already"):
        release.take_back(submission=row, by=here.people.member)


def test_what_the_agency_said_in_the_meantime_is_seen_before_a_release(here: Side) -> None:
    row = hand_in(here)
    assert release.newer_than(row) == []
    with time_machine.travel(timezone.now() + dt.timedelta(days=1)):
        newer = reporting.send(sending(here, by=here.people.lead, report=Report("Newer", status=Status.IN_PROGRESS)))
    assert release.newer_than(row) == [newer]
    with pytest.raises(reporting.Overtaken):
        release.release(submission=row, by=here.people.lead, seen=0)
    assert Action.objects.get(pk=row.action_id).status == Status.IN_PROGRESS
    release.release(submission=row, by=here.people.lead, seen=newer.pk)


def test_its_author_reads_it_when_the_agency_answers_no_more_but_not_about_a_restricted_review(here: Side) -> None:
    row, restricted = hand_in(here), hand_in(here, action=here.plans.restricted_of_police, by=here.people.named)
    Assignment.objects.filter(agency=here.agencies.police).update(until=TODAY, ended_at=timezone.now())
    assert release.may_read(here.people.member, row)
    assert not release.may_read(here.people.named, restricted)
    assert not release.may_read(here.people.named, row)
    memberships.end(membership=here.people.member.memberships.get(until=None), by=EXAMPLE, on=TODAY)
    assert not release.may_read(here.people.member, row)


def test_what_a_leaver_handed_in_is_not_lost(here: Side) -> None:
    first, second = hand_in(here), hand_in(here)
    memberships.end(membership=here.people.member.memberships.get(until=None), by=EXAMPLE, on=TODAY)
    assert release.release(submission=first, by=here.people.lead).recorded_by == here.people.member
    release.send_back(submission=second, by=here.people.lead, reason="Once more")
    assert Draft.objects.get().author == here.people.lead


def test_evidence_that_stands_is_withdrawn_by_a_lead_or_the_coordinator(here: Side) -> None:
    piece = here.plans.evidence
    with pytest.raises(Refused, match="A lead"):
        evidence.withdraw(evidence=piece, by=here.people.member, reason="Mine")
    evidence.withdraw(evidence=piece, by=here.people.lead, reason="The wrong year")
    piece.refresh_from_db()
    assert piece.voided_by == here.people.lead


def numbers_waiting(here: Side) -> list[int]:
    return [agency.waiting for _, agency in own_agencies(here.people.lead) if agency.leads]


def test_what_a_lead_may_not_read_is_not_counted_as_waiting_for_them(here: Side) -> None:
    hand_in(here)
    hand_in(here, action=here.plans.restricted_of_police, by=here.people.named)
    listed = len(waiting_at(here.agencies.police, here.people.lead))
    assert numbers_waiting(here) == [listed] == [1]
    assert hidden_at(here.agencies.police, here.people.lead) == 1


def test_a_closed_action_takes_no_release(here: Side) -> None:
    row = hand_in(here)
    Action.objects.filter(pk=row.action_id).update(status=Status.COMPLETE)
    with pytest.raises(Refused, match="closed"):
        release.release(submission=row, by=here.people.lead)
    assert Submission.objects.get().outcome == Submission.Outcome.WAITING


def test_where_the_agencys_part_ends_it_goes_back_to_its_author_who_reads_it(here: Side) -> None:
    row, coordinator = hand_in(here), here.people.coordinator
    part = row.action.assignments.get(agency=row.agency)
    plans.end_assignment(assignment=part, by=coordinator, on=TODAY)
    row.refresh_from_db()
    draft = Draft.objects.get()
    assert (row.outcome, row.decided_by) == (Submission.Outcome.RETURNED, coordinator)
    assert (draft.author, draft.kind, draft.answers) == (row.author, Draft.Kind.RETURNED, row.answers)
    assert "Borough Police has no part in this action any more" in draft.note
    assert numbers_waiting(here) == [0]
    assert release.may_read(row.author, row)
    assert reads_own(row.author, draft)
    assert not reads_own(here.people.leaver, draft)


def test_a_leavers_goes_on_to_somebody_who_may_send_it(here: Side) -> None:
    row = hand_in(here)
    memberships.end(membership=here.people.member.memberships.get(until=None), by=EXAMPLE, on=TODAY)
    plans.end_assignment(assignment=row.action.assignments.get(agency=row.agency), by=here.people.coordinator, on=TODAY)
    draft = Draft.objects.get()
    assert (draft.author, draft.written_by) == (here.people.coordinator, here.people.member)


def test_where_the_agency_only_gets_another_part_it_waits_on(here: Side) -> None:
    row = hand_in(here, action=here.plans.supported, report=Report(progress="We helped."))
    part = row.action.assignments.current().get(agency=row.agency)
    parts.change_part(assignment=part, part=Part.LEAD, by=here.people.coordinator, on=TODAY)
    row.refresh_from_db()
    assert row.outcome == Submission.Outcome.WAITING


def test_what_was_stranded_before_goes_back_in_the_night(here: Side) -> None:
    row, other = hand_in(here), hand_in(here, action=here.plans.of_police_overdue)
    row.action.assignments.filter(agency=row.agency).update(until=TODAY, ended_at=timezone.now())
    assert returning.give_back_stranded(by=System("schedule")) == 1
    assert returning.give_back_stranded(by=System("schedule")) == 0
    assert Draft.objects.get().action == row.action
    assert list(Submission.objects.filter(outcome=Submission.Outcome.WAITING)) == [other]


def test_what_a_leaver_handed_in_where_no_lead_is_left_goes_to_the_coordinator_in_the_night(here: Side) -> None:
    left, stays = hand_in(here), hand_in(here, by=here.people.named, action=here.plans.of_police_overdue)
    for person in (here.people.member, here.people.lead):
        memberships.end(membership=person.memberships.get(until=None), by=EXAMPLE, on=TODAY)
    assert returning.give_back_stranded(by=System("schedule")) == 1
    draft = Draft.objects.get()
    assert (draft.action, draft.author, draft.written_by) == (left.action, here.people.coordinator, here.people.member)
    assert release.take_back(submission=stays, by=here.people.named).author == here.people.named


@pytest.mark.parametrize("seed", range(4))
def test_whatever_waits_and_goes_all_readings_agree(here: Side, seed: int) -> None:
    """Handing in and returning change nothing; a release is as if its author had sent it at that moment."""
    project(list(Action.objects.all()))
    chance, waiting, known = random.Random(seed), [], everything(here)
    for step in range(8):
        deed = chance.choice(["hand_in", "hand_in", "release", "return"]) if waiting else "hand_in"
        if deed == "hand_in":
            status = chance.choice([Status.NOT_STARTED, Status.IN_PROGRESS])
            waiting.append(hand_in(here, report=Report(progress=f"Step {step}", status=status)))
        else:
            row = waiting.pop(chance.randrange(len(waiting)))
            if deed == "return":
                release.send_back(submission=row, by=here.people.lead, reason="Again")
            else:
                release.release(submission=row, by=here.people.lead)
                part = next(
                    part
                    for recommendation in plan_as_at(here.plans.published, TODAY).recommendations
                    for action in recommendation.actions
                    if action.pk == row.action_id
                    for part in action.leads
                )
                action = Action.objects.get(pk=row.action_id)
                assert (part.progress, part.status, action.status) == (row.progress, row.status, row.status)
                known = everything(here)
        assert everything(here) == known
        assert project([Action.objects.get(pk=here.plans.of_police.pk)]) == 0


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_two_leads_release_once() -> None:
    here = make_world().here
    set_release(agency=here.agencies.police, required=True, by=here.people.lead)
    row, token = None, uuid.uuid4()
    assert at_once(*(lambda: hand_in(here, token=token) for _ in range(2))) == []
    row = Submission.objects.get()
    leads, made = (here.people.lead, a_member(RoleCode.AGENCY_LEAD, here.agencies.police)), []
    errors = at_once(*(lambda lead=lead: made.append(release.release(submission=row, by=lead)) for lead in leads))
    assert errors == []
    assert len(made) == 2
    assert set(made) == {Submission.objects.get().update}
    assert here.plans.of_police.updates.count() == 2
    assert AuditEntry.objects.filter(event="submission.released").count() == 1


@pytest.mark.parametrize("first", ["send_back", "take_back"])
def test_what_was_returned_or_taken_back_is_not_released(here: Side, first: str) -> None:
    row = hand_in(here)
    by, how = (here.people.lead, {"reason": "Say when."}) if first == "send_back" else (here.people.member, {})
    getattr(release, first)(submission=row, by=by, **how)
    with pytest.raises(Refused, match="This was already"):
        release.release(submission=row, by=here.people.lead)


def test_what_was_released_and_taken_back_since_is_not_released_again(here: Side) -> None:
    row = hand_in(here)
    update = release.release(submission=row, by=here.people.lead)
    with pytest.raises(PermissionDenied):
        release.release(submission=row, by=here.people.member)
    progress.void(update=update, by=here.people.coordinator, reason="A slip.")
    with pytest.raises(Refused, match="This was already released"):
        release.release(submission=row, by=here.people.lead)
