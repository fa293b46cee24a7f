"""Drafts belong to their author; when she leaves they are handed over, and nobody else reads them on the way."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.base import ContentFile
from django.utils import timezone

from agencies import memberships
from agencies.actors import EXAMPLE, System
from agencies.models import AuditEntry, User
from agencies.refusals import Refused
from reviews import drafts, progress, waiting_files
from reviews.as_at import plan_as_at
from reviews.models import Draft, ProgressUpdate, StagedFile
from reviews.statuses import Status
from tests.factories import TODAY, join
from tests.world import Side, World

pytestmark = pytest.mark.django_db
SAID = {"progress": "Half of it.", "next_review_on": ["40", "", ""]}


@pytest.fixture
def here(world: World) -> Side:
    return world.here


def save(here: Side, by, action=None, agency=None, **facts) -> Draft:
    where = {"action": action or here.plans.of_police, "agency": agency or here.agencies.police}
    return drafts.save_draft(**{**where, "by": by, "answers": SAID, "token": uuid.uuid4()} | facts)


def leave(person) -> None:
    memberships.end(membership=person.memberships.get(until=None), by=EXAMPLE, on=TODAY)


@pytest.mark.parametrize("who", ["observer", "health_lead", "leaver", "chair", "panel_reader"])
def test_only_those_who_may_report_keep_a_draft(here: Side, who: str) -> None:
    with pytest.raises(PermissionDenied):
        save(here, getattr(here.people, who))
    assert not Draft.objects.exists()


def test_a_coordinator_keeps_one_for_an_agency_without_accounts(here: Side) -> None:
    assert save(here, here.people.coordinator, here.plans.of_school, here.agencies.school).answers == SAID


def test_each_author_and_agency_has_one_and_the_last_save_counts(here: Side) -> None:
    person = here.people.lead
    join(person, "agency_member", here.agencies.health)
    for agency in (here.agencies.police, here.agencies.health):
        token = uuid.uuid4()
        for said in ("One", "Two"):
            save(here, person, here.plans.joint, agency, answers={"progress": said}, token=token)
    save(here, here.people.member, here.plans.joint)
    assert Draft.objects.count() == 3
    assert Draft.objects.filter(answers={"progress": "Two"}).count() == 2


def test_a_draft_from_another_form_is_put_aside_and_not_lost(here: Side) -> None:
    first = save(here, here.people.member, answers={"progress": "In one window"})
    second = save(here, here.people.member, answers={"progress": "In the other"})
    first.refresh_from_db()
    assert (first.kind, second.kind) == (Draft.Kind.ASIDE, Draft.Kind.OWN)
    save(here, here.people.member, token=first.token, source=first.pk, answers={"progress": "In one window, later"})
    said = {draft.kind: draft.answers["progress"] for draft in Draft.objects.all()}
    assert said == {"own": "In one window, later", "aside": "In the other"}


def test_windows_in_turn_keep_one_draft_each_and_sending_one_takes_only_it(here: Side) -> None:
    person, tokens = here.people.member, {"A": uuid.uuid4(), "B": uuid.uuid4()}
    for turn in range(3):
        for name, token in tokens.items():
            save(here, person, token=token, answers={"progress": f"{name}{turn}"})
    assert sorted(draft.answers["progress"] for draft in Draft.objects.all()) == ["A2", "B2"]
    progress.submit(
        action=here.plans.of_police, agency=here.agencies.police, by=person, on=TODAY, token=tokens["B"],
        report=progress.Report(progress="B2", status=Status.IN_PROGRESS),
    )  # fmt: skip
    assert [draft.answers["progress"] for draft in Draft.objects.all()] == ["A2"]


def test_a_draft_changes_nothing_that_anybody_counts_or_prints(here: Side) -> None:
    plan = plan_as_at(here.plans.published, TODAY)
    before = list(ProgressUpdate.objects.values_list("pk", flat=True)), here.plans.of_police.silent_since
    save(here, here.people.member, answers={"progress": "Secret", "status": Status.ONGOING})
    here.plans.of_police.refresh_from_db()
    assert (list(ProgressUpdate.objects.values_list("pk", flat=True)), here.plans.of_police.silent_since) == before
    assert plan_as_at(here.plans.published, TODAY) == plan


def test_more_than_any_report_is_refused(here: Side) -> None:
    with pytest.raises(Refused):
        save(here, here.people.member, answers={"progress": "x" * (drafts.MOST_CHARACTERS + 1)})


class TestHandingOver:
    """Somebody leaves: what they had written goes to a person who may send it."""

    def hand(self, here: Side, **facts) -> int:
        people = here.people
        return drafts.hand_over_drafts(
            **{"of": people.member, "to": people.lead, "agency": here.agencies.police, "by": people.lead} | facts
        )

    def test_drafts_and_their_files_change_hands_and_say_whose_they_were(self, here: Side) -> None:
        draft = save(here, here.people.member)
        own = save(here, here.people.lead)
        facts = {"action": here.plans.of_police, "by": here.people.member, "token": draft.token}
        waiting_files.stage(**facts, file=ContentFile(b"%PDF-1.7", name="register.pdf"))
        assert self.hand(here) == 1
        draft.refresh_from_db()
        assert (draft.author, draft.written_by, draft.answers) == (here.people.lead, here.people.member, SAID)
        assert StagedFile.objects.get().owner == here.people.lead
        assert Draft.objects.filter(pk=own.pk, kind=Draft.Kind.OWN).exists()
        entry = AuditEntry.objects.filter(event="drafts.handed_over").latest("pk")
        assert entry.detail["actions"] == [here.plans.of_police.pk]
        assert "Half" not in str(entry.detail)

    def test_only_who_manages_the_agencys_people_hands_over(self, here: Side) -> None:
        save(here, here.people.member)
        for who in (here.people.member, here.people.health_lead, here.people.chair):
            with pytest.raises(PermissionDenied):
                self.hand(here, by=who)

    def test_what_the_heir_may_not_read_goes_to_the_coordinator(self, here: Side) -> None:
        save(here, here.people.named, here.plans.restricted_of_police)
        assert self.hand(here, of=here.people.named) == 1
        assert Draft.objects.get().author == here.people.coordinator

    def test_taking_it_up_makes_it_ones_own(self, here: Side) -> None:
        draft = save(here, here.people.member)
        save(here, here.people.lead, answers={"progress": "Her own"})
        self.hand(here)
        save(here, here.people.lead, token=draft.token, source=draft.pk)
        assert sorted(Draft.objects.values_list("kind", flat=True)) == ["aside", "own"]


class TestTooLate:
    """Words that came when the session had ended, or the access."""

    def late(self, here: Side, of, **facts) -> None:
        where = {"action": here.plans.of_police, "agency": here.agencies.police, "token": uuid.uuid4()}
        drafts.keep_unsent(**where | {"of": of, "answers": SAID} | facts)

    def test_they_wait_for_their_author_beside_her_own_draft(self, here: Side) -> None:
        save(here, here.people.member)
        for _ in range(2):
            self.late(here, here.people.member)
        kinds = Draft.objects.filter(author=here.people.member).values_list("kind", flat=True)
        assert sorted(kinds) == ["kept", "own"]

    def test_those_of_a_second_form_do_not_replace_those_of_the_first(self, here: Side) -> None:
        for said in ("One", "Two"):
            self.late(here, here.people.member, answers={"progress": said})
        said = {draft.kind: draft.answers["progress"] for draft in Draft.objects.all()}
        assert said == {"aside": "One", "kept": "Two"}

    def test_sending_or_discarding_another_form_leaves_them(self, here: Side) -> None:
        person, where = here.people.lead, {"action": here.plans.of_police, "agency": here.agencies.police}
        self.late(here, person)
        sent = save(here, person)
        report = progress.Report(progress="Sent", status=Status.IN_PROGRESS)
        progress.submit(**where, by=person, report=report, on=TODAY, token=sent.token)
        assert [draft.kind for draft in Draft.objects.all()] == ["kept"]
        draft = save(here, person)
        with pytest.raises(PermissionDenied):
            drafts.discard_draft(draft=draft, by=here.people.member)
        drafts.discard_draft(draft=draft, by=person)
        assert [draft.kind for draft in Draft.objects.all()] == ["kept"]

    def test_a_leavers_go_to_a_lead_once(self, here: Side) -> None:
        leave(here.people.member)
        token = uuid.uuid4()
        for said in ("One", "Two"):
            self.late(here, here.people.member, token=token, answers={"progress": said})
        draft = Draft.objects.get()
        assert (draft.author, draft.written_by) == (here.people.lead, here.people.member)
        assert draft.answers == {"progress": "Two"}

    def test_after_a_week_they_stay_with_whoever_may_still_write_and_go_on_where_not(self, here: Side) -> None:
        self.late(here, here.people.member)
        self.late(here, here.people.named)
        leave(here.people.named)
        soon, late = timezone.now() + dt.timedelta(days=6), timezone.now() + dt.timedelta(days=8)
        drafts.sweep_unsent(now=soon, by=System("schedule"))
        assert Draft.objects.count() == 2
        drafts.sweep_unsent(now=late, by=System("schedule"))
        now = {draft.author: draft.kind for draft in Draft.objects.all()}
        assert now == {here.people.member: "aside", here.people.lead: "handed"}


@pytest.mark.parametrize(("limit", "most"), [("MOST_WAITING", 2), ("MOST_BYTES", 16)])
def test_one_person_has_only_so_much_waiting_in_all_forms(
    here: Side, monkeypatch: pytest.MonkeyPatch, limit: str, most: int
) -> None:
    monkeypatch.setattr(waiting_files, limit, most)

    def stage(by: User, words: bytes, token: uuid.UUID) -> StagedFile:
        file = ContentFile(b"%PDF-1.7" + words, name="register.pdf")
        return waiting_files.stage(action=here.plans.of_police, by=by, token=token, file=file)

    first = uuid.uuid4()
    stage(here.people.member, b"", first)
    if limit == "MOST_WAITING":
        stage(here.people.member, b"2", uuid.uuid4())
    with pytest.raises(Refused, match="no room for another file") as refused:
        stage(here.people.member, b"3", uuid.uuid4())
    assert refused.value.field == "file"
    assert stage(here.people.member, b"", first), "the same file again is the same one"
    assert stage(here.people.lead, b"3", uuid.uuid4()), "a colleague has room of their own"
