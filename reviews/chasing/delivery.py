"""From a claimed row to a mail server's yes: look again, build the message, send it, say what became of it."""

from __future__ import annotations

import datetime as dt
import logging
import time
from collections import Counter
from collections.abc import Callable, Sequence
from smtplib import SMTPException, SMTPRecipientsRefused, SMTPResponseException
from types import TracebackType
from typing import Any, Self

from django.core import mail
from django.core.mail.backends.smtp import EmailBackend as SMTPBackend
from django.utils import timezone

from reviews.chasing import outbox
from reviews.chasing.kinds import Letter, kind_of
from reviews.models import Notice

log = logging.getLogger(__name__)

Clock = Callable[[], dt.datetime]

#: A task comes to an end by itself; what is left waits for the next minute's sweep.
LONGEST_SECONDS = 240
_GOING_AWAY = 421
_FOR_GOOD = 500


class ServerAway(Exception):
    """The mail server cannot be spoken to, so that trying the next message is useless. ``why`` is a code."""

    def __init__(self, why: str) -> None:
        """Keep the code."""
        super().__init__(why)
        self.why = why


class NotTaken(Exception):
    """The mail server did not take this message. ``for_good`` says that it never will."""

    def __init__(self, why: str, *, for_good: bool = False) -> None:
        """Keep the code, and whether to try again."""
        super().__init__(why)
        self.why, self.for_good = why, for_good


class Postbox:
    """A connection to the mail server, opened for the first message and kept for the rest of the batch."""

    def __init__(self) -> None:
        """Nothing is opened yet."""
        self._connection: Any = None

    def __enter__(self) -> Self:
        """Use it as a context, so that the connection is closed."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Close the connection; a server that is gone already is no matter."""
        self._close()

    def send(self, message: mail.EmailMessage) -> None:
        """Hand ``message`` over. Raises NotTaken for this message, ServerAway for all of them."""
        if self._connection is None:
            self._connection = self._opened()
        try:
            taken = self._connection.send_messages([message])
        except SMTPRecipientsRefused as error:
            codes = [code for code, _ in error.recipients.values()]
            raise NotTaken(f"smtp_{min(codes)}", for_good=min(codes) >= _FOR_GOOD) from error
        except SMTPResponseException as error:
            if error.smtp_code == _GOING_AWAY:
                raise ServerAway(f"smtp_{error.smtp_code}") from error
            raise NotTaken(f"smtp_{error.smtp_code}") from error
        except (OSError, SMTPException) as error:  # unreachable, too slow, gone in the middle
            raise ServerAway(type(error).__name__) from error
        if not taken:
            raise NotTaken("not_taken")
        if not isinstance(self._connection, SMTPBackend):
            self._close()  # so that each message gets a file of its own

    def _opened(self) -> Any:
        connection = mail.get_connection()
        try:
            connection.open()
        except SMTPResponseException as error:  # also where our own name and password are refused
            raise ServerAway(f"smtp_{error.smtp_code}") from error
        except (OSError, SMTPException) as error:
            raise ServerAway(type(error).__name__) from error
        return connection

    def _close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def deliver_waiting(*, clock: Clock = timezone.now, seconds: float = LONGEST_SECONDS) -> Counter[str]:
    """Send what waits, batch by batch, until nothing does; how many were sent, failed or dropped.

    Stops when the mail server is away, and after ``seconds``: the sweep goes on where this ended.
    """
    counts: Counter[str] = Counter()
    end = time.monotonic() + seconds
    while time.monotonic() < end and (batch := outbox.claim(clock())):
        if not deliver(batch, counts, clock=clock):
            break
    return counts


def deliver(batch: Sequence[Notice], counts: Counter[str], *, clock: Clock = timezone.now) -> bool:
    """Send a claimed batch. False where the mail server is away; then the rest is given back untried."""
    with Postbox() as postbox:
        for place, notice in enumerate(batch):
            if not outbox.renew(notice, clock()):
                continue
            try:
                counts[_deliver_one(notice, postbox, clock)] += 1
            except ServerAway as away:
                log.warning("mail server away: %s", away.why, extra={"notice": notice.pk})
                outbox.mark_failed(notice, away.why, clock())
                counts["failed"] += 1
                outbox.release(batch[place + 1 :], clock())
                return False
    return True


def _deliver_one(notice: Notice, postbox: Postbox, clock: Clock) -> str:
    try:
        kind = kind_of(notice)
        found = kind.what_still_holds(notice)
        outbox.drop_lines(found.dropped)
        if found.why_not:
            outbox.drop(notice, found.why_not)
            return "dropped"
        letter = kind.compose(notice, found)
        postbox.send(addressed(notice, letter))
    except ServerAway:
        raise
    except NotTaken as refusal:
        log.warning("mail not taken: %s", refusal.why, extra={"notice": notice.pk})
        outbox.mark_failed(notice, refusal.why, clock(), for_good=refusal.for_good)
        return "failed"
    except Exception as error:  # one message that cannot be built must not keep the others
        log.exception("mail could not be built", extra={"notice": notice.pk})
        outbox.mark_failed(notice, type(error).__name__[:60], clock())
        return "failed"
    if not outbox.mark_sent(notice, found.lines, clock()):
        log.warning("lease lost while sending; it may be sent again", extra={"notice": notice.pk})
    return "sent"


def addressed(notice: Notice, letter: Letter) -> mail.EmailMessage:
    """The message as it is handed over. It says of itself that it is automatic, so that absence notes stay silent."""
    return mail.EmailMessage(
        subject=letter.subject,
        body=letter.body,
        to=[letter.to],
        reply_to=[letter.reply_to] if letter.reply_to else None,
        headers={
            "Message-ID": outbox.message_id(notice),
            "Auto-Submitted": "auto-generated",
            "X-Auto-Response-Suppress": "All",
        },
    )
