"""Who reads a review: people of the panel, and those whom an agency's lead names while it is restricted."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from agencies import audit
from agencies.actors import System, person
from agencies.columns import most_letters
from agencies.days import check_day, in_words
from agencies.models import Agency, Membership, Partnership, User
from agencies.permissions import holds, require
from agencies.refusals import Refused
from agencies.roles import Permission, RoleCode
from reviews import drafts
from reviews.models import Assignment, Promise, Reader, Review
from reviews.projection import lock_for
from reviews.reader_shadows import lock_people, project

if TYPE_CHECKING:
    from django.db.models import QuerySet

#: The longest statement of confidentiality.
MOST_LETTERS = most_letters(Partnership, "confidentiality_statement")


@transaction.atomic
def name_reader(*, review: Review, user: User, agency: Agency, by: User | System, on: dt.date | None = None) -> Reader:
    """Let somebody of ``agency`` read that agency's actions in a restricted review, once they accept confidentiality.

    A lead names people of her agency but not herself: another lead does, or whoever may manage the agency's people.
    """
    _check_may_name(user, agency, by)
    if not Assignment.objects.current().filter(agency=agency, action__review=review).exists():
        raise PermissionDenied("the agency has no part in this review")
    if not Membership.objects.filter(user=user, agency=agency, until__isnull=True).exists():
        raise Refused(f"{user} does not belong to {agency}.", field="user")
    return _admit(review, user, RoleCode.NAMED_READER, by, on, agency=agency)


@transaction.atomic
def set_named(
    *, review: Review, agency: Agency, people: Sequence[User], among: Sequence[User], shown: Collection[int], by: User
) -> None:
    """Let those of ``among`` who are in ``people`` read the agency's actions in ``review``, and no other of them.

    ``shown`` are the people whom the page showed as named: only what was changed on it is done, and whom somebody else
    has named or taken off meanwhile stays so.
    """
    lock_people(user.pk for user in among if (user in people) != (user.pk in shown))
    live = Reader.objects.filter(review=review, agency=agency, until__isnull=True, user__in=among)
    named = {reader.user_id: reader for reader in live.select_related("review__partnership", "agency", "user")}
    for user in among:
        if (user in people) == (user.pk in shown):
            continue
        if user in people and user.pk not in named:
            name_reader(review=review, user=user, agency=agency, by=by)
        elif user not in people and user.pk in named:
            end(reader=named[user.pk], by=by)


@transaction.atomic
def admit_to_panel(
    *, review: Review, user: User, by: User | System, on: dt.date | None = None, ends_on: dt.date | None = None
) -> Reader:
    """Let somebody of the review panel read the whole review, until ``ends_on``; without a day, until publication.

    Refused without a day once the report is published.
    """
    require(by, Permission.MANAGE_PEOPLE, review.partnership)
    check_last_day(review, ends_on)
    return _admit(review, user, RoleCode.PANEL_READER, by, on, ends_on=ends_on)


@transaction.atomic
def read_until(*, reader: Reader, ends_on: dt.date | None, by: User | System) -> Reader:
    """Give somebody of the panel another last day; without one they read until the report is published."""
    require(by, Permission.MANAGE_PEOPLE, reader.review.partnership)
    lock_people([reader.user_id])
    reader = Reader.objects.select_related("review").get(pk=reader.pk)
    if reader.until or reader.role != RoleCode.PANEL_READER:
        raise Refused("They no longer read this review.")
    check_last_day(reader.review, ends_on)
    if ends_on and ends_on < reader.on:
        raise Refused("The last day of reading cannot lie before the first.", field="ends_on")
    if ends_on != reader.ends_on:
        reader.ends_on = ends_on
        reader.save(update_fields=["ends_on"])
        facts = {"partnership": reader.review.partnership_id, "row": reader.pk}
        audit.record("reader.last_day_changed", by=by, about=reader.review, **facts)
    return reader


def check_last_day(review: Review, ends_on: dt.date | None) -> None:
    """Refuse to let somebody of the panel read until a publication that has been."""
    if ends_on is None and review.published_on:
        sentence = f"{review.reference} was published on {in_words(review.published_on)}. Give the last day of reading."
        raise Refused(sentence, field="ends_on")


@transaction.atomic
def end(*, reader: Reader, by: User | System, on: dt.date | None = None) -> None:
    """End a reading role; what it permitted is gone at once."""
    if reader.agency:
        _check_may_name(reader.user, reader.agency, by)
    else:
        require(by, Permission.MANAGE_PEOPLE, reader.review.partnership)
    if on:
        check_day(on, after={"The beginning of this reading": reader.on})
    close(reader=reader, by=by, on=on or max(timezone.localdate(), reader.on))


@transaction.atomic
def accept(*, partnership: Partnership, by: User, seen: str | None = None) -> Promise:
    """Accept the partnership's statement of confidentiality, as it is worded now: what ``by`` was named for opens.

    ``seen`` is the ``mark_of`` the words that were shown; refused where they were changed meanwhile.
    """
    partnership = Partnership.objects.select_for_update(no_key=True).get(pk=partnership.pk)  # nobody rewords it now
    if seen is not None and seen != mark_of(partnership):
        raise Refused("The statement was changed while you read it. Read it as it is now, then accept it.")
    lock_people([by.pk])
    waiting = waiting_for(by).filter(review__partnership=partnership)
    if not waiting.exists():
        raise Refused("Nothing waits for you to accept this statement.")
    kept = Promise.objects.create(
        partnership=partnership, user=by, statement=partnership.confidentiality_statement, at=timezone.now()
    )
    reviews = list(waiting.values_list("review_id", flat=True))
    waiting.update(accepted_at=kept.at)
    for review in reviews:
        project(review, by.pk)
    audit.record("confidentiality.accepted", by=by, about=kept, partnership=partnership.pk, reviews=reviews)
    return kept


def mark_of(partnership: Partnership) -> str:
    """What tells one wording of the partnership's statement from another."""
    return hashlib.sha256(partnership.confidentiality_statement.encode()).hexdigest()


def waiting_for(user: User) -> QuerySet[Reader]:
    """What ``user`` was named to read and has not accepted confidentiality for."""
    return Reader.objects.filter(user=user.pk, role=RoleCode.NAMED_READER, until__isnull=True, accepted_at__isnull=True)


@transaction.atomic
def word_statement(*, partnership: Partnership, text: str, by: User | System, seen: str = "") -> Partnership:
    """Give the partnership's statement other words. Who accepted the old reads on; who is named next accepts these.

    ``seen`` is the mark of the wording that stood there while this one was written: if another has come since, it is
    refused, and nobody's words are lost unread.
    """
    partnership = lock_for(by, Permission.MANAGE_PEOPLE, partnership)
    text = text.strip()
    if not text or len(text) > MOST_LETTERS:
        raise Refused(f"Enter the statement, in {MOST_LETTERS:,} letters at most.", field="text")
    if text == partnership.confidentiality_statement:
        return partnership
    if seen and seen != mark_of(partnership):
        raise Refused("Somebody changed the statement while you were writing. Yours is not saved yet.", field="text")
    partnership.confidentiality_statement = text
    partnership.save(update_fields=["confidentiality_statement"])
    audit.record("confidentiality.worded", by=by, about=partnership, partnership=partnership.pk)
    return partnership


def close(*, reader: Reader, by: User | System, on: dt.date) -> None:
    """End a reading role in the transaction of a verb that has asked whether ``by`` may.

    What its person was writing, and may send no more, goes on to somebody who may.
    """
    lock_people([reader.user_id])
    if not Reader.objects.filter(pk=reader.pk, until__isnull=True).update(until=on):
        raise Refused("They no longer read this review.")
    project(reader.review_id, reader.user_id)
    audit.record("reader.ended", by=by, about=reader.review, partnership=reader.review.partnership_id, row=reader.pk)
    if reader.agency:
        drafts.hand_on(of=reader.user, review=reader.review, agency=reader.agency, by=by)


def end_with(membership: Membership, by: User | System) -> None:
    """End what somebody was named to read, as their membership ends: who comes back is named anew."""
    if membership.agency_id is None:
        return
    live = Reader.objects.filter(user=membership.user_id, agency=membership.agency_id, until__isnull=True)
    for reader in live.select_related("review__partnership"):
        close(reader=reader, by=by, on=max(timezone.localdate(), reader.on))


def without_belonging() -> QuerySet[Reader]:
    """The live readings for an agency of people who do not belong there: there must be none."""
    there = Membership.objects.filter(user=OuterRef("user"), agency=OuterRef("agency"), until__isnull=True)
    return Reader.objects.filter(~Exists(there), agency__isnull=False, until__isnull=True)


def end_those_due(*, on: dt.date, by: System) -> int:
    """End the reading roles whose last day has passed, be it the day of publication; how many. For the daily tick."""
    published = Q(role=RoleCode.PANEL_READER, ends_on__isnull=True, review__published_on__lt=on)
    due = Reader.objects.filter(Q(ends_on__lt=on) | published, until__isnull=True)
    return sum(_end_if(due, reader, user, on, by) for reader, user in due.values_list("pk", "user"))


@transaction.atomic
def _end_if(due: QuerySet[Reader], reader: int, user: int, on: dt.date, by: System) -> bool:
    """End a reading if it is due still: somebody may have ended it meanwhile, or given it another last day."""
    lock_people([user])
    found = due.select_related("review__partnership", "agency", "user").filter(pk=reader).first()
    if found is None:
        return False
    end(reader=found, by=by, on=on)
    return True


def _check_may_name(user: User, agency: Agency, by: User | System) -> None:
    if holds(by, Permission.NAME_READERS, agency):
        return
    require(by, Permission.MANAGE_PEOPLE, agency)
    lead = Membership.objects.filter(user=user, agency=agency, role=RoleCode.AGENCY_LEAD, until__isnull=True)
    if not lead.exists():
        raise PermissionDenied("the agency's lead names who else reads")


def _accepted_at(partnership: Partnership, user: User) -> dt.datetime | None:
    """When they accepted the statement as it is worded now."""
    kept = Promise.objects.filter(partnership=partnership, user=user)
    return kept.filter(statement=partnership.confidentiality_statement).values_list("at", flat=True).first()


def _admit(
    review: Review,
    user: User,
    role: RoleCode,
    by: User | System,
    on: dt.date | None,
    *,
    agency: Agency | None = None,
    ends_on: dt.date | None = None,
) -> Reader:
    if user == by:
        raise Refused("You cannot give a role to yourself. Ask somebody else who may.")
    lock_people([user.pk])
    if Reader.objects.filter(review=review, user=user, role=role, agency=agency, until__isnull=True).exists():
        raise Refused(f"{user} already reads this review.", field="user")
    on = on or timezone.localdate()
    check_day(on)
    if ends_on and ends_on < on:
        raise Refused("The last day of reading cannot lie before the first.", field="ends_on")
    reader = Reader.objects.create(
        review=review,
        user=user,
        role=role,
        agency=agency,
        on=on,
        ends_on=ends_on,
        recorded_by=person(by),
        accepted_at=_accepted_at(review.partnership, user) if agency else None,
    )
    project(review.pk, user.pk)
    audit.record("reader.admitted", by=by, about=review, partnership=review.partnership_id, row=reader.pk, role=role)
    return reader
