"""A claim that the group returns is told to the agency's people at once, once, and to nobody else."""

from __future__ import annotations

import pytest
from django.core.management import call_command
from django.utils import timezone

from agencies.models import Partnership, User
from agencies.refusals import Refused
from reviews import progress, sign_off
from reviews.chasing import arrangements, delivery
from reviews.inspection.health import oldest_waiting_mail
from reviews.models import Action, Line, Notice, Review
from reviews.projection import project
from reviews.statuses import Status
from tests.factories import TODAY, a_claim, an_update
from tests.reviews.chasing.conftest import Chased, days


@pytest.fixture
def claimed(chased: Chased) -> Action:
    """An action that its agency has claimed to be complete."""
    action = chased.action(days(90))
    a_claim(an_update(action, chased.agency, chased.lead, status=Status.AWAITING, on=days(-3)))
    project([action])
    assert Action.objects.get().status == Status.AWAITING
    return action


def send_back(action: Action, by: User) -> None:
    sign_off.send_back(
        action=action, by=by, on=TODAY, reason="MARKER: show the training records.", decided_at="Meeting"
    )


def test_the_agencys_lead_is_told_without_the_reason(claimed: Action, chased: Chased, chair, mailoutbox) -> None:
    send_back(claimed, chair)
    assert delivery.deliver_waiting() == {"sent": 1}
    (message,) = mailoutbox
    assert message.to == [chased.lead.email]
    assert message.subject == "Action plans: 1 returned"
    assert f"- DHR1: http://localhost:8000/actions/{claimed.pk}/" in message.body
    assert "asks for more" in message.body
    assert "MARKER" not in message.message().as_string()
    assert delivery.deliver_waiting() == {}


def test_each_return_is_told_anew(claimed: Action, chased: Chased, chair, mailoutbox, time_machine) -> None:
    send_back(claimed, chair)
    delivery.deliver_waiting()
    time_machine.move_to(f"{TODAY}T13:00:00Z", tick=False)
    progress.submit(
        action=claimed, agency=chased.agency, by=chased.lead, on=TODAY, report=progress.Report(progress="Shown."),
        completion=progress.Completion(completed_on=TODAY, what_changed="All", no_evidence_reason="Held by us."),
    )  # fmt: skip
    time_machine.move_to(f"{TODAY}T14:00:00Z", tick=False)
    send_back(claimed, chair)
    delivery.deliver_waiting()
    assert len({message.extra_headers["Message-ID"] for message in mailoutbox}) == 2


def test_a_return_that_is_refused_tells_nobody(claimed: Action, chair) -> None:
    with pytest.raises(Refused):
        sign_off.send_back(action=claimed, by=chair, on=TODAY, reason="", decided_at="Meeting")
    assert not Notice.objects.exists()


def test_nothing_is_told_of_a_plan_that_is_not_chased(claimed: Action, chair) -> None:
    Review.objects.update(chasing_from=None)
    send_back(claimed, chair)
    assert not Notice.objects.exists()


@pytest.mark.parametrize(("starts", "told"), [(0, {"sent": 1}), (1, {})])
def test_a_meeting_before_reminders_started_is_told_of_too(
    claimed: Action, chased: Chased, chair, mailoutbox, starts: int, told: dict[str, int]
) -> None:
    Review.objects.update(chasing_from=days(starts))
    sign_off.send_back(action=claimed, by=chair, on=days(-2), reason="Show them.", decided_at="Meeting")
    assert delivery.deliver_waiting() == told
    assert [message.to for message in mailoutbox] == [[chased.lead.email]] * len(told)


def test_it_waits_for_the_end_of_a_pause(claimed: Action, chased: Chased, coordinator, chair, mailoutbox) -> None:
    arrangements.pause(partnership=chased.partnership, by=coordinator)
    send_back(claimed, chair)
    assert delivery.deliver_waiting() == {}
    assert Notice.objects.get().state == Notice.State.QUEUED
    assert oldest_waiting_mail(timezone.now()) is None, "it waits for a person, not for a worker"
    arrangements.resume(partnership=chased.partnership, by=coordinator)
    assert delivery.deliver_waiting() == {"sent": 1}
    assert not Partnership.objects.get().chasing_paused


def test_it_is_not_sent_once_the_agency_has_claimed_again(claimed: Action, chased: Chased, chair, mailoutbox) -> None:
    send_back(claimed, chair)
    Action.objects.update(status=Status.AWAITING)
    assert delivery.deliver_waiting() == {"dropped": 1}
    assert not mailoutbox
    assert Line.objects.get().why == "closed"


def test_it_is_not_sent_to_who_may_not_read_the_action_any_more(claimed: Action, chair, mailoutbox) -> None:
    send_back(claimed, chair)
    Review.objects.update(is_restricted=True)
    assert delivery.deliver_waiting() == {"dropped": 1}
    assert Line.objects.get().why == "no_right"


def test_the_reminders_of_the_day_go_on_beside_it(claimed: Action, chased: Chased, chair, mailoutbox) -> None:
    chased.action(days(-3))
    send_back(claimed, chair)
    call_command("send_reminders", on=TODAY)
    assert sorted(message.subject for message in mailoutbox) == [
        "Action plans: 1 overdue",
        "Action plans: 1 returned",
    ]
    assert not Notice.objects.filter(sent_at=None).exists()
