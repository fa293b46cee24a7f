"""The rows of the outbox: claiming messages, and saying what became of them.

Every step is one short conditional UPDATE. A message is claimed for a while (its lease); whoever is killed in between
loses nothing, because the lease runs out and anybody may claim it again. No transaction is open while a mail server is
spoken to.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import uuid
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q

from agencies.post import AccountMail
from reviews.models import Line, Notice, Why

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from agencies.models import Partnership

#: How many messages are claimed at a time. A commit for each halves the speed.
BATCH = 50
#: Minutes until a failed message is tried again, by how often it was tried.
RETRY_MINUTES = (1, 5, 15, 60, 120, 240, 480)
MOST_ATTEMPTS = len(RETRY_MINUTES) + 1
#: How long a message that could not even be tried waits for its turn.
RELEASED_FOR = dt.timedelta(minutes=1)

#: How long the send log keeps mail about accounts that is done with.
ACCOUNT_MAIL_KEPT = dt.timedelta(days=30)

_STATE = Notice.State
#: What a partnership's pause holds back.
HELD = Q(kind=Notice.Kind.RETURNED, partnership__chasing_paused=True)
_REMINDERS_LAST = F("run").asc(nulls_first=True)


def lease() -> dt.timedelta:
    """How long a claimed message belongs to whoever claimed it."""
    return dt.timedelta(seconds=settings.NOTICE_LEASE_SECONDS)


def message_id(notice: Notice) -> str:
    """The Message-ID of a message: the same however often it is sent, so that a mail program shows it once."""
    return f"<{hashlib.sha256(notice.key.encode()).hexdigest()[:32]}@{settings.SITE_HOST}>"


def waiting(now: dt.datetime) -> QuerySet[Notice]:
    """What may be claimed: new, due to be tried again, or left by somebody whose lease has run out.

    During a pause reminders are claimed and dropped, because a later run selects them again; what no run would select
    again (``HELD``) waits for the end of the pause.
    """
    return Notice.objects.exclude(HELD).filter(
        Q(state=_STATE.QUEUED, retry_at__isnull=True)
        | Q(state__in=(_STATE.QUEUED, _STATE.FAILED), retry_at__lte=now)
        | Q(state=_STATE.SENDING, lease_until__lte=now)
    )


def waiting_lines(partnership: Partnership) -> QuerySet[Line]:
    """The lines of messages that are not sent yet and that nobody is sending."""
    return Line.objects.filter(
        notice__partnership=partnership,
        notice__state__in=(_STATE.QUEUED, _STATE.FAILED),
        notice__kind=Notice.Kind.DIGEST,
        state=Line.State.QUEUED,
    )


def claim(now: dt.datetime, *, limit: int = BATCH) -> list[Notice]:
    """Claim up to ``limit`` messages, the oldest first. Nobody else gets them until their lease has run out.

    Reminders come last: they are many, and nobody waits at a screen for one.
    """
    if not waiting(now).exists():  # asked each minute: take no write lock for nothing
        return []
    token = uuid.uuid4().hex
    with transaction.atomic():
        _give_up(now)
        rows = waiting(now).order_by(_REMINDERS_LAST, "pk").select_for_update(skip_locked=True, of=("self",))
        keys = list(rows.values_list("pk", flat=True)[:limit])
        waiting(now).filter(pk__in=keys).update(
            state=_STATE.SENDING,
            leased_by=token,
            lease_until=now + lease(),
            retry_at=None,
            attempts=F("attempts") + 1,
        )
    return list(
        _with_facts(Notice.objects.filter(leased_by=token, state=_STATE.SENDING)).order_by(_REMINDERS_LAST, "pk")
    )


def renew(notice: Notice, now: dt.datetime) -> bool:
    """Whether ``notice`` is still ours; if half of its lease is gone, its whole batch gets a new one."""
    if notice.lease_until and notice.lease_until - now > lease() / 2:
        return True
    Notice.objects.filter(leased_by=notice.leased_by, state=_STATE.SENDING).update(lease_until=now + lease())
    return _ours(notice).exists()


def release(notices: Iterable[Notice], now: dt.datetime) -> None:
    """Give back what was claimed and not tried, because the mail server is not there."""
    keys = [notice.pk for notice in notices]
    tokens = {notice.leased_by for notice in notices}
    Notice.objects.filter(pk__in=keys, leased_by__in=tokens, state=_STATE.SENDING).update(
        state=_STATE.QUEUED,
        leased_by="",
        lease_until=None,
        retry_at=now + RELEASED_FOR,
        attempts=F("attempts") - 1,
    )


@transaction.atomic
def mark_sent(notice: Notice, lines: Iterable[Line], now: dt.datetime) -> bool:
    """The mail server has taken it. False where it is not ours any more: then somebody else sends it again."""
    if not _settle(notice, state=_STATE.SENT, sent_at=now, message_id=message_id(notice), why=""):
        return False
    Line.objects.filter(pk__in=[line.pk for line in lines]).update(state=Line.State.SENT, why="")
    return True


@transaction.atomic
def mark_failed(notice: Notice, why: str, now: dt.datetime, *, for_good: bool = False) -> bool:
    """It could not be sent. It is tried again later, unless that is hopeless: then the next day's run may send it."""
    if for_good or notice.attempts >= MOST_ATTEMPTS:
        line_why = Why.REFUSED if for_good else Why.GAVE_UP
        return _settle(notice, state=_STATE.FAILED, retry_at=None, why=why) and _free(notice, line_why)
    minutes = RETRY_MINUTES[max(notice.attempts - 1, 0)]
    return _settle(notice, state=_STATE.FAILED, retry_at=now + dt.timedelta(minutes=minutes), why=why)


@transaction.atomic
def drop(notice: Notice, why: str) -> bool:
    """It is not to be sent, and why. Its keys are free again, so that a release can send it."""
    return _settle(notice, state=_STATE.DROPPED, retry_at=None, why=why) and _free(notice, why)


def drop_lines(reasons: Mapping[int, str]) -> None:
    """Take lines out of a message that is being sent, each for its reason, and free their keys."""
    for why in sorted(set(reasons.values())):
        keys = [pk for pk, reason in reasons.items() if reason == why]
        Line.objects.filter(pk__in=keys, state=Line.State.QUEUED).update(state=Line.State.DROPPED, why=why)


def forget_account_mail(now: dt.datetime) -> None:
    """Remove old mail about accounts: unlike a reminder, it is no part of what a partnership has done about a plan."""
    done = Q(state__in=(_STATE.SENT, _STATE.DROPPED)) | Q(state=_STATE.FAILED, retry_at__isnull=True)
    Notice.objects.filter(done, kind__in=AccountMail.values, queued_at__lt=now - ACCOUNT_MAIL_KEPT).delete()


def _give_up(now: dt.datetime) -> None:
    """What has ended its worker again and again is not tried for ever."""
    killers = Notice.objects.filter(state=_STATE.SENDING, lease_until__lte=now, attempts__gte=MOST_ATTEMPTS)
    Line.objects.filter(notice__in=killers, state=Line.State.QUEUED).update(state=Line.State.DROPPED, why=Why.GAVE_UP)
    killers.update(state=_STATE.FAILED, why=Why.GAVE_UP, leased_by="", lease_until=None, address="")


def _settle(notice: Notice, **values: object) -> bool:
    if values.get("retry_at") is None:
        values["address"] = ""  # kept for no longer than it takes to write to it
    return bool(_ours(notice).update(leased_by="", lease_until=None, **values))


def _free(notice: Notice, why: str) -> bool:
    Line.objects.filter(notice=notice, state=Line.State.QUEUED).update(state=Line.State.DROPPED, why=why)
    return True


def _ours(notice: Notice) -> QuerySet[Notice]:
    return Notice.objects.filter(pk=notice.pk, state=_STATE.SENDING, leased_by=notice.leased_by)


def _with_facts(rows: QuerySet[Notice]) -> QuerySet[Notice]:
    return rows.select_related("person", "partnership", "run")
