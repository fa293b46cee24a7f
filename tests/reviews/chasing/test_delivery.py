"""Messages on their way to a real mail server, which refuses, hangs, goes away and comes back."""

from __future__ import annotations

import datetime as dt
import time

import pytest
from django.conf import settings as portal_settings
from django.utils import timezone

from agencies import memberships
from agencies.actors import EXAMPLE, SCHEDULE
from agencies.models import User
from agencies.roles import RoleCode
from reviews import reviewing
from reviews.chasing import delivery, outbox, planning
from reviews.models import Action, Line, Notice, Review, TargetDate, Why
from reviews.statuses import Status
from tests.factories import TODAY, a_member, a_reader
from tests.reviews.chasing.conftest import Chased, days
from tests.servers import MailSink


@pytest.fixture
def planned(chased: Chased) -> Notice:
    """The lead's digest of today with two actions, waiting."""
    chased.action(days(-3))
    chased.action(days(7))
    planning.plan_run(partnership=chased.partnership, on=TODAY, by=SCHEDULE)
    return Notice.objects.get()


def settled(notice: Notice) -> tuple[str, str, list[tuple[str, str]]]:
    """State and reason of the message, and of its lines."""
    notice.refresh_from_db()
    return notice.state, notice.why, list(notice.lines.order_by("pk").values_list("state", "why"))


def at(moment: dt.datetime):
    """A clock that stands."""
    return lambda: moment


def test_a_digest_reaches_the_mail_server(planned: Notice, chased: Chased, smtp_sink: MailSink) -> None:
    assert delivery.deliver_waiting() == {"sent": 1}
    (message,) = smtp_sink.messages
    assert smtp_sink.recipients == [[chased.lead.email]]
    assert message["To"] == chased.lead.email
    assert message["From"] == portal_settings.DEFAULT_FROM_EMAIL
    assert message["Reply-To"] == chased.partnership.contact_email
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Message-ID"] == outbox.message_id(planned)
    assert message["Subject"] == "Action plans: 1 overdue, 1 due within a week"
    assert message.get_content_type() == "text/plain"
    assert settled(planned) == ("sent", "", [("sent", ""), ("sent", "")])
    assert planned.message_id == message["Message-ID"]
    assert delivery.deliver_waiting() == {}
    assert len(smtp_sink.messages) == 1


def test_a_refusal_for_now_is_tried_again_later(planned: Notice, smtp_sink: MailSink) -> None:
    smtp_sink.refuse = "451 Later"
    assert delivery.deliver_waiting() == {"failed": 1}
    assert settled(planned) == ("failed", "smtp_451", [("queued", ""), ("queued", "")])
    smtp_sink.refuse = ""
    assert delivery.deliver_waiting() == {}
    assert delivery.deliver_waiting(clock=at(planned.retry_at)) == {"sent": 1}
    assert len(smtp_sink.messages) == 1


def test_an_address_that_does_not_exist_is_not_tried_again(planned: Notice, smtp_sink: MailSink) -> None:
    smtp_sink.handle_RCPT = unknown_recipient  # type: ignore[attr-defined]
    assert delivery.deliver_waiting() == {"failed": 1}
    assert settled(planned) == ("failed", "smtp_550", [("dropped", Why.REFUSED), ("dropped", Why.REFUSED)])
    assert planned.retry_at is None


async def unknown_recipient(*_: object) -> str:
    """A mail server that knows nobody."""
    return "550 No such user here"


def test_a_mail_server_that_hangs_fails_the_message_in_time_and_keeps_no_lock(
    planned: Notice, smtp_sink: MailSink, settings
) -> None:
    settings.EMAIL_TIMEOUT = 0.5
    smtp_sink.hang = 2
    started = time.monotonic()
    assert delivery.deliver_waiting() == {"failed": 1}
    assert time.monotonic() - started < 2
    state, why, lines = settled(planned)
    assert (state, lines) == ("failed", [("queued", ""), ("queued", "")])
    assert why in ("TimeoutError", "SMTPServerDisconnected")
    smtp_sink.hang = 0
    assert delivery.deliver_waiting(clock=at(planned.retry_at)) == {"sent": 1}
    assert {message["Message-ID"] for message in smtp_sink.messages} == {outbox.message_id(planned)}


def test_a_mail_server_that_is_away_is_asked_once_and_the_rest_given_back(chased: Chased, settings) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    a_member(RoleCode.AGENCY_LEAD, chased.agency)
    a_member(RoleCode.AGENCY_LEAD, chased.agency)
    chased.action(days(-3))
    planning.plan_run(partnership=chased.partnership, on=TODAY, by=SCHEDULE)
    assert delivery.deliver_waiting() == {"failed": 1}
    assert sorted(Notice.objects.values_list("state", "attempts")) == [("failed", 1), ("queued", 0), ("queued", 0)]


def test_killed_between_the_servers_yes_and_our_commit_the_same_message_id_goes_again(
    planned: Notice, smtp_sink: MailSink, monkeypatch
) -> None:
    def killed(*_: object) -> None:
        raise SystemExit

    with monkeypatch.context() as patched:
        patched.setattr(outbox, "mark_sent", killed)
        with pytest.raises(SystemExit):
            delivery.deliver_waiting()
    assert settled(planned)[0] == "sending"
    assert delivery.deliver_waiting() == {}
    assert delivery.deliver_waiting(clock=at(planned.lease_until)) == {"sent": 1}
    assert [message["Message-ID"] for message in smtp_sink.messages] == [outbox.message_id(planned)] * 2


def test_one_message_that_cannot_be_built_does_not_keep_the_others(chased: Chased, mailoutbox, monkeypatch) -> None:
    other = a_member(RoleCode.AGENCY_LEAD, chased.agency)
    chased.action(days(-3))
    planning.plan_run(partnership=chased.partnership, on=TODAY, by=SCHEDULE)
    build = delivery.addressed

    def broken_for_one(notice, words):
        if notice.person == chased.lead:
            raise ZeroDivisionError
        return build(notice, words)

    monkeypatch.setattr(delivery, "addressed", broken_for_one)
    assert delivery.deliver_waiting() == {"failed": 1, "sent": 1}
    assert [message.to for message in mailoutbox] == [[other.email]]
    assert Notice.objects.get(person=chased.lead).why == "ZeroDivisionError"


# What was true when it was planned need not be true when it is sent.


def close_it(chased: Chased, action: Action) -> None:
    Action.objects.filter(pk=action.pk).update(status=Status.COMPLETE)
    action.assignments.update(status=Status.COMPLETE)


def claim_it(chased: Chased, action: Action) -> None:
    action.assignments.update(status=Status.AWAITING)


def move_it(chased: Chased, action: Action) -> None:
    TargetDate.objects.create(action=action, date=days(90), on=TODAY, reason="Agreed")
    Action.objects.filter(pk=action.pk).update(target_date=days(90))


def give_it_an_owner(chased: Chased, action: Action) -> None:
    owner = a_member(RoleCode.AGENCY_MEMBER, chased.agency)
    action.assignments.update(owner=owner.memberships.get())


def restrict_it(chased: Chased, action: Action) -> None:
    Review.objects.update(is_restricted=True)


def stop_it(chased: Chased, action: Action) -> None:
    reviewing.stop_chasing(review=action.review, by=EXAMPLE)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (close_it, Why.CLOSED),
        (claim_it, Why.MOVED),
        (move_it, Why.MOVED),
        (give_it_an_owner, Why.MOVED),
        (restrict_it, Why.NO_RIGHT),
        (stop_it, Why.STOPPED),
    ],
)
def test_an_action_that_needs_no_reminder_any_more_is_left_out(chased: Chased, mailoutbox, change, why) -> None:
    action = chased.action(days(-3))
    planning.plan_run(partnership=chased.partnership, on=TODAY, by=SCHEDULE)
    change(chased, action)
    assert delivery.deliver_waiting() == {"dropped": 1}
    assert not mailoutbox
    assert settled(Notice.objects.get()) == ("dropped", Why.NOTHING_LEFT, [("dropped", why)])


def test_the_rest_of_a_digest_is_still_sent(planned: Notice, chased: Chased, mailoutbox) -> None:
    late, soon = Action.objects.order_by("target_date")
    close_it(chased, late)
    assert delivery.deliver_waiting() == {"sent": 1}
    assert mailoutbox[0].subject == "Action plans: 1 due within a week"
    assert dict(planned.lines.values_list("action", "state")) == {late.pk: "dropped", soon.pk: "sent"}


def test_who_has_left_since_is_not_written_to(planned: Notice, chased: Chased, mailoutbox) -> None:
    memberships.end(membership=chased.lead.memberships.get(), by=EXAMPLE)
    assert delivery.deliver_waiting() == {"dropped": 1}
    assert not mailoutbox


@pytest.mark.parametrize(
    ("facts", "why"), [({"is_active": False}, Why.LEFT), ({"email": "not an address"}, Why.NO_ADDRESS)]
)
def test_a_closed_account_and_a_lost_address_are_not_written_to(planned, chased, mailoutbox, facts, why) -> None:
    User.objects.filter(pk=chased.lead.pk).update(**facts)
    assert delivery.deliver_waiting() == {"dropped": 1}
    assert settled(planned) == ("dropped", why, [("dropped", why)] * 2)


def test_a_pause_holds_what_was_planned_and_its_end_sends_it(planned: Notice, chased: Chased, mailoutbox) -> None:
    chased.partnership.chasing_paused = True
    chased.partnership.save()
    assert delivery.deliver_waiting() == {"dropped": 1}
    assert settled(planned) == ("dropped", Why.PAUSED, [("dropped", Why.PAUSED)] * 2)
    chased.partnership.chasing_paused = False
    chased.partnership.save()
    chased.run(days(1))
    assert [message.subject for message in mailoutbox] == ["Action plans: 1 overdue, 1 due within a week"]


def test_who_may_read_a_restricted_action_again_is_written_to_by_the_next_run(chased: Chased, mailoutbox) -> None:
    action = chased.action(days(-3))
    planning.plan_run(partnership=chased.partnership, on=TODAY, by=SCHEDULE)
    restrict_it(chased, action)
    delivery.deliver_waiting()
    a_reader(chased.lead, chased.review, agency=chased.agency)
    chased.run(days(1))
    assert len(mailoutbox) == 1
    assert sorted(Line.objects.values_list("state", "why")) == [("dropped", Why.NO_RIGHT), ("sent", "")]


def test_a_late_retry_still_says_what_was_planned(planned: Notice, chased: Chased, smtp_sink: MailSink) -> None:
    """A message of Friday that goes out on Sunday is judged by Friday's dates, and gives dates, not distances."""
    smtp_sink.refuse = "451 Later"
    delivery.deliver_waiting()
    smtp_sink.refuse = ""
    assert delivery.deliver_waiting(clock=at(timezone.now() + dt.timedelta(days=2))) == {"sent": 1}
    assert "target date 9 March 2026" in smtp_sink.messages[0].get_content()
