"""Claiming messages and saying what became of them: leases, tries, and who may claim what."""

from __future__ import annotations

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from itertools import chain

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone

from agencies.actors import SCHEDULE
from agencies.models import Partnership
from reviews.chasing import outbox, planning
from reviews.models import Line, Notice, Why
from tests.factories import TODAY, a_partnership, a_person
from tests.reviews.chasing.conftest import Chased, days

SECONDS_OF_ONE_CONVERSATION = 6  # answers of the mail server: to greeting, hello, sender, recipient, data, end


def queued(number: int, partnership: Partnership) -> list[Notice]:
    """Messages that wait."""
    return [
        Notice.objects.create(partnership=partnership, person=a_person(password=None), key=f"test:{place}")
        for place in range(number)
    ]


@pytest.fixture
def notice(chased: Chased) -> Notice:
    """One message that waits, with a line."""
    chased.action(days(-3))
    planning.plan_run(partnership=chased.partnership, on=TODAY, by=SCHEDULE)
    return Notice.objects.get()


def claimed(now: dt.datetime) -> Notice:
    (row,) = outbox.claim(now)
    return row


def test_a_claimed_message_is_nobody_elses_until_its_lease_has_run_out(notice: Notice) -> None:
    now = timezone.now()
    first = claimed(now)
    assert (first.state, first.attempts) == (Notice.State.SENDING, 1)
    assert outbox.claim(now) == []
    assert outbox.claim(now + outbox.lease() - dt.timedelta(seconds=1)) == []
    second = claimed(now + outbox.lease())
    assert (second.pk, second.attempts) == (first.pk, 2)
    assert second.leased_by != first.leased_by


def test_who_lost_the_lease_marks_nothing(notice: Notice) -> None:
    now = timezone.now()
    lost = claimed(now)
    held = claimed(now + outbox.lease())
    assert not outbox.mark_sent(lost, notice.lines.all(), now)
    assert not outbox.mark_failed(lost, "smtp_451", now)
    assert not outbox.drop(lost, Why.LEFT)
    assert not outbox.renew(lost, now + outbox.lease())
    assert Line.objects.get().state == Line.State.QUEUED
    assert outbox.mark_sent(held, notice.lines.all(), now)
    assert Line.objects.get().state == Line.State.SENT


def test_a_long_batch_renews_its_lease(chased: Chased) -> None:
    queued(3, chased.partnership)
    now = timezone.now()
    batch = outbox.claim(now)
    assert outbox.renew(batch[0], now)
    assert Notice.objects.filter(lease_until=now + outbox.lease()).count() == 3
    later = now + outbox.lease() * 0.6
    assert outbox.renew(batch[1], later)
    assert Notice.objects.filter(lease_until=later + outbox.lease()).count() == 3


def test_a_failed_message_waits_longer_each_time_and_is_given_up_in_the_end(notice: Notice) -> None:
    now = timezone.now()
    waited = []
    for _ in outbox.RETRY_MINUTES:
        outbox.mark_failed(claimed(now), "smtp_451", now)
        notice.refresh_from_db()
        assert notice.state == Notice.State.FAILED
        assert outbox.claim(notice.retry_at - dt.timedelta(seconds=1)) == []
        waited.append((notice.retry_at - now).total_seconds() / 60)
        now = notice.retry_at
    assert waited == sorted(waited) == list(outbox.RETRY_MINUTES)
    outbox.mark_failed(claimed(now), "smtp_451", now)
    notice.refresh_from_db()
    assert (notice.state, notice.retry_at, notice.why) == (Notice.State.FAILED, None, "smtp_451")
    assert Line.objects.values_list("state", "why").get() == (Line.State.DROPPED, Why.GAVE_UP)
    assert outbox.claim(now + dt.timedelta(days=9)) == []


def test_what_was_given_up_is_sent_by_a_later_run(chased: Chased, notice: Notice, mailoutbox) -> None:
    now = timezone.now()
    Notice.objects.update(attempts=outbox.MOST_ATTEMPTS - 1)
    outbox.mark_failed(claimed(now), "ConnectionRefusedError", now)
    chased.run(days(1))
    assert [message.to for message in mailoutbox] == [[chased.lead.email]]


def test_a_message_that_ends_its_worker_each_time_is_not_tried_for_ever(notice: Notice) -> None:
    now = timezone.now()
    for _ in range(outbox.MOST_ATTEMPTS):
        assert claimed(now)
        now += outbox.lease()
    assert outbox.claim(now) == []
    notice.refresh_from_db()
    assert (notice.state, notice.why) == (Notice.State.FAILED, Why.GAVE_UP)
    assert Line.objects.get().state == Line.State.DROPPED


def test_what_was_claimed_and_not_tried_is_given_back_untried(chased: Chased) -> None:
    queued(2, chased.partnership)
    now = timezone.now()
    outbox.release(outbox.claim(now), now)
    assert set(Notice.objects.values_list("state", "attempts", "leased_by")) == {(Notice.State.QUEUED, 0, "")}
    assert outbox.claim(now) == []
    assert len(outbox.claim(now + outbox.RELEASED_FOR)) == 2


def test_looking_for_nothing_takes_one_read_and_no_write(db, django_assert_num_queries) -> None:
    with django_assert_num_queries(1):
        assert outbox.claim(timezone.now()) == []


@pytest.mark.django_db(transaction=True)
def test_four_that_claim_at_once_share_the_messages(tmp_path) -> None:
    wanted = {notice.pk for notice in queued(60, a_partnership())}

    def claim_all(_: int) -> list[int]:
        got: list[int] = []
        while batch := outbox.claim(timezone.now(), limit=4):
            got += [notice.pk for notice in batch]
        connection.close()
        return got

    with ThreadPoolExecutor(4) as pool:
        got = list(chain.from_iterable(pool.map(claim_all, range(4))))
    assert len(got) == len(wanted)
    assert set(got) == wanted
    assert set(Notice.objects.values_list("attempts", flat=True)) == {1}


def test_the_message_id_follows_from_the_key_alone(notice: Notice) -> None:
    first = outbox.message_id(notice)
    assert outbox.message_id(Notice.objects.get()) == first
    assert outbox.message_id(Notice(key=f"{notice.key}1")) != first
    assert first.endswith(f"@{settings.SITE_HOST}>")


def test_a_whole_conversation_with_the_mail_server_fits_into_half_a_lease() -> None:
    assert settings.EMAIL_TIMEOUT * SECONDS_OF_ONE_CONVERSATION < settings.NOTICE_LEASE_SECONDS / 2
