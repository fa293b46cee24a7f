"""Taking back what was said and given: by whom, how long, and offered on the page to just those whom the verb lets."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from agencies import releasing
from agencies.models import Agency, User
from agencies.permissions import holds
from agencies.refusals import Refused
from agencies.roles import Permission
from portal.forms.reasons import ReturnForm, TakeBackForm, WithdrawForm
from reviews import evidence, progress, sign_off, voiding
from reviews.admin.void_forms import Void, VoidDecision, VoidUpdate
from reviews.models import Action, Evidence, ProgressUpdate, SignOff, TargetDate
from reviews.models.dated import LONGEST_REASON
from reviews.reading.one_action import read_action
from reviews.statuses import Status
from tests.factories import TODAY, a_link, an_update
from tests.world import Side

pytestmark = [pytest.mark.django_db]


@pytest.fixture(autouse=True)
def noon(time_machine: Any) -> None:
    """The clock stands at noon of the day of the tests."""
    time_machine.move_to(dt.datetime.combine(TODAY, dt.time(12), tzinfo=dt.UTC), tick=False)


def may(call: Callable[[], object]) -> bool:
    """Whether a verb does what it is asked; nothing stays of it."""
    try:
        with transaction.atomic():
            call()
            transaction.set_rollback(True)
    except (PermissionDenied, Refused):
        return False
    return True


def what_is_offered(action: Action, person: User) -> Iterator[tuple[object, bool, Callable[[], object]]]:
    """Every update and piece of evidence on the page, whether it is offered to take it back, and the verb that does."""
    shown = read_action(action, person, TODAY)
    for entry in shown.history:
        if isinstance(entry.update, ProgressUpdate):
            yield (
                entry,
                entry.may_take_back,
                partial(progress.void, update=entry.update, by=person, reason="A mistake"),
            )
    for piece in shown.evidence:
        yield piece, piece.may_withdraw, partial(evidence.withdraw, evidence=piece.row, by=person, reason="A mistake")


def given(action: Action, agency: Agency, by: User, **facts: Any) -> Evidence:
    """A link for the action, given a minute ago."""
    ago = timezone.now() - dt.timedelta(minutes=1)
    return a_link(action, agency, by, **{"title": "Letter of appointment", "recorded_at": ago, **facts})


@pytest.fixture
def here(world: Any) -> Side:
    return world.here


class TestEvidenceOfTheGroupsDecision:
    """What the group has signed off stays its proof."""

    def test_it_is_withdrawn_while_the_claim_waits(self, here: Side) -> None:
        piece = given(here.plans.awaiting, here.agencies.police, here.people.member)
        evidence.withdraw(evidence=piece, by=here.people.member, reason="It names a witness")
        assert not Evidence.objects.in_force().filter(pk=piece.pk).exists()

    def test_once_it_was_signed_off_only_a_coordinator_withdraws_it(self, here: Side) -> None:
        people, piece = here.people, given(here.plans.awaiting, here.agencies.police, here.people.member)
        sign_off.sign_off(action=here.plans.awaiting, by=people.chair, on=TODAY, decided_at="March meeting")
        for person in (people.member, people.lead):
            with pytest.raises(Refused, match=r"closed \(Complete\). Ask the coordinator"):
                evidence.withdraw(evidence=piece, by=person, reason="Not ours after all")
        evidence.withdraw(evidence=piece, by=people.coordinator, reason="It names a witness")

    def test_it_stays_the_groups_when_the_action_is_open_again_and_what_is_given_then_does_not(
        self, here: Side, time_machine: Any
    ) -> None:
        action, people = here.plans.awaiting, here.people
        piece = given(action, here.agencies.police, people.member)
        row = sign_off.sign_off(action=action, by=people.chair, on=TODAY, decided_at="March meeting")
        time_machine.shift(dt.timedelta(hours=1))
        sign_off.reopen(action=action, by=people.chair, on=TODAY, decided_at="April meeting", reason="It did not hold.")
        later = given(action, here.agencies.police, people.member, title="Second letter")
        with pytest.raises(Refused, match="signed off on this evidence"):
            evidence.withdraw(evidence=piece, by=people.lead, reason="Not ours after all")
        evidence.withdraw(evidence=later, by=people.lead, reason="The wrong year")
        SignOff.objects.filter(pk=row.pk).update(voided_at=timezone.now())
        evidence.withdraw(evidence=piece, by=people.lead, reason="The decision was recorded by mistake")

    def test_what_was_returned_is_withdrawn_and_given_anew(self, here: Side) -> None:
        action, people = here.plans.awaiting, here.people
        piece = given(action, here.agencies.police, people.member)
        sign_off.send_back(action=action, by=people.chair, on=TODAY, decided_at="March meeting", reason="Wrong letter.")
        evidence.withdraw(evidence=piece, by=people.member, reason="The wrong letter")


class TestReason:
    """One rule for every way to take back."""

    @pytest.mark.parametrize("what", ["update", "evidence", "date", "decision", "milestone"])
    def test_it_is_kept_whole_or_refused_with_words(self, here: Side, what: str) -> None:
        verb, row = self.taken_back(here, what)
        for reason, says in (("  ", "Say why"), ("x" * 501, "Shorten this to 500 characters")):
            with pytest.raises(Refused, match=says) as refused:
                verb(by=here.people.chair if what == "decision" else here.people.coordinator, reason=reason)
            assert refused.value.field == "reason"
        verb(by=here.people.chair if what == "decision" else here.people.coordinator, reason=f" {'x' * 500}\n")
        row.refresh_from_db()
        assert row.void_reason == "x" * 500

    def taken_back(self, here: Side, what: str) -> tuple[Callable[..., None], Any]:
        plans = here.plans
        if what == "update":
            return partial(progress.void, update=plans.update), plans.update
        if what == "evidence":
            return partial(evidence.withdraw, evidence=plans.evidence), plans.evidence
        TargetDate.objects.create(action=plans.joint, date=TODAY, on=TODAY - dt.timedelta(days=9))
        second = partial(TargetDate.objects.create, action=plans.joint, date=TODAY, on=TODAY)
        rows = {"date": second, "decision": plans.complete.sign_offs.get, "milestone": plans.of_police.milestones.get}
        row = rows[what]()
        return partial(voiding.void, row=row), row

    def test_every_form_that_asks_for_it_takes_as_much(self) -> None:
        for form in (Void, VoidDecision, VoidUpdate, WithdrawForm, TakeBackForm, ReturnForm):
            assert form.base_fields["reason"].max_length == LONGEST_REASON, form


class TestButtonAndRule:
    """The page offers to take back just what the verb takes back."""

    @pytest.mark.parametrize("released", [False, True])
    def test_they_agree_for_everybody_on_every_action(self, here: Side, released: bool) -> None:
        people = [person for person in vars(here.people).values() if person.is_active]
        for piece in (here.plans.awaiting, here.plans.complete):
            for agency, by in ((here.agencies.police, people[0]), (here.agencies.housing, here.people.two_agencies)):
                given(piece, agency, by)
                an_update(piece, agency, by, status=Status.IN_PROGRESS)
        an_update(here.plans.joint, here.agencies.police, here.people.lead)
        for agency in vars(here.agencies).values():
            releasing.set_release(agency=agency, required=released, by=here.people.coordinator)
        offered: list[bool] = []
        for action in Action.objects.filter(review=here.plans.published).select_related("review__partnership"):
            for person in people:
                if holds(person, Permission.READ_ACTION, action):
                    for what, is_offered, verb in what_is_offered(action, person):
                        assert is_offered == may(verb), (action, person, what)
                        offered.append(is_offered)
        assert {True, False} <= set(offered)

    def test_who_waits_for_release_is_offered_neither_and_a_lead_both(self, here: Side) -> None:
        action, people = here.plans.of_police, here.people

        def offered(person: User) -> set[bool]:
            shown = read_action(action, person, TODAY)
            return {entry.may_take_back for entry in shown.history} | {piece.may_withdraw for piece in shown.evidence}

        assert offered(people.member) == {True}
        releasing.set_release(agency=here.agencies.police, required=True, by=people.lead)
        assert offered(people.member) == {False}
        ProgressUpdate.objects.filter(action=action).update(recorded_by=people.lead)
        assert offered(people.lead) == {True}
