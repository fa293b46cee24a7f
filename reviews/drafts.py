"""What is written and not yet sent: drafts, words that came too late, and the files that wait with them.

Nobody reads a draft but its author; no list, count, paper or plan as at a day knows of it.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Literal

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from agencies import audit, memberships
from agencies.actors import System
from agencies.models import Agency, User
from agencies.permissions import held, holds, require
from agencies.prepared import Blank, ask
from agencies.refusals import Refused
from agencies.roles import Permission
from reviews import waiting_files
from reviews.models import Action, Draft, ProgressUpdate, Review, StagedFile, Submission
from reviews.projection import lock_one
from reviews.sent_words import another, has_said

if TYPE_CHECKING:
    from django.db.models import QuerySet

#: Characters that one draft holds: several times what one report may say.
MOST_CHARACTERS = 200_000
#: For how long words that came after the end of a session wait for their author.
KEPT_FOR = dt.timedelta(days=7)
#: For how long a form still brings the words of somebody whose access ended: no session lives longer.
LEAVER_HEARD_FOR = dt.timedelta(days=1)
#: So soon after the first words of such a form may the last come: a press follows the saving by time.
AT_ONCE = dt.timedelta(minutes=2)
#: Who records that words came too late.
ENDED = System("ended session")


class AlreadySent(Exception):
    """What was written in this form has been sent, or handed in for release."""


def may_write(user: User, action: Action, agency: Agency) -> bool:
    """Whether ``user`` may report on ``action``: as one of the agency's people, or recording what it told them."""
    may = held(user, (Permission.RECORD_FOR_AGENCY, Permission.UPDATE_ACTION), action)
    if Permission.RECORD_FOR_AGENCY in may:
        return True
    return Permission.UPDATE_ACTION in may and holds(user, Permission.UPDATE_ACTION, agency)


def sent_from(action: Action, by: User, token: uuid.UUID) -> ProgressUpdate | None:
    """The update that ``by`` sent from the form ``token``; None while there is none."""
    rows: list[ProgressUpdate] = ask(_sent_from, action=action.pk, by=by.pk, token=token)
    return rows[0] if rows else None


def _sent_from() -> QuerySet[ProgressUpdate]:
    token = Blank("token", ProgressUpdate._meta.get_field("token"))
    return ProgressUpdate.everything.order_by("pk").filter(action=Blank("action"), recorded_by=Blank("by"), token=token)


def handed_in_from(action: Action, by: User, token: uuid.UUID) -> Submission | None:
    """What ``by`` handed in for release from the form ``token``."""
    rows: list[Submission] = ask(_handed_in_from, action=action.pk, by=by.pk, token=token)
    return rows[0] if rows else None


def _handed_in_from() -> QuerySet[Submission]:
    token = Blank("token", Submission._meta.get_field("token"))
    return Submission.objects.order_by("pk").filter(action=Blank("action"), author=Blank("by"), token=token)


def token_of(said: str) -> uuid.UUID | None:
    """The token that a form sent; None when it is none."""
    try:
        return uuid.UUID(said)
    except ValueError:
        return None


@transaction.atomic
def save_draft(
    *, action: Action, agency: Agency, by: User, answers: Mapping[str, Any], token: uuid.UUID, source: int | None = None
) -> Draft:
    """Keep what ``by`` has written so far; of one form the last save counts. Nobody else sees it.

    What they had kept from another form is put aside, so that taking up one draft loses no other.

    ``source`` is the key of a draft that was handed over or kept for them, which this one takes up. AlreadySent when
    the form has been sent: a save that was under way must not bring it back.
    """
    check_length(answers)
    lock_one(action)
    if not may_write(by, action, agency):
        raise PermissionDenied("may not report on this action for this agency")
    if sent_from(action, by, token) or handed_in_from(action, by, token):
        raise AlreadySent
    written = drafts_of(action, agency, by)
    own = next((each for each in written if each.kind == Draft.Kind.OWN), None)
    if own and own.token != token and own.answers != dict(answers):
        own.kind = Draft.Kind.ASIDE
        own.save(update_fields=["kind"])
        own = None
    taken_up = [each.pk for each in written if each.kind != Draft.Kind.OWN and _is_taken_up(each, source, token)]
    if taken_up:
        Draft.objects.filter(pk__in=taken_up).delete()
    draft = own or Draft(action=action, agency=agency, author=by, kind=Draft.Kind.OWN)
    draft.answers, draft.token, draft.saved_at = dict(answers), token, timezone.now()
    draft.save()
    return draft


def drafts_of(action: Action, agency: Agency, by: User) -> list[Draft]:
    """What ``by`` has written for ``agency`` and not sent, the earliest first."""
    return ask(_drafts_of, action=action.pk, agency=agency.pk, author=by.pk)


def _drafts_of() -> QuerySet[Draft]:
    rows = Draft.objects.filter(action=Blank("action"), agency=Blank("agency"), author=Blank("author"))
    return rows.select_related("written_by").order_by("pk")


def _is_taken_up(draft: Draft, source: int | None, token: uuid.UUID) -> bool:
    """Whether what is saved comes in the place of ``draft``: it was begun from it, or is of the same form."""
    return draft.pk == source or (draft.kind in (Draft.Kind.KEPT, Draft.Kind.ASIDE) and draft.token == token)


def check_length(answers: Mapping[str, Any]) -> None:
    """Refuse what is longer than any report."""
    if sum(len(str(answer)) for answer in answers.values()) > MOST_CHARACTERS:
        raise Refused(f"This is too long to be kept. Shorten it to {MOST_CHARACTERS:,} characters.", field="progress")


@transaction.atomic
def discard_draft(*, draft: Draft, by: User) -> None:
    """Throw away a draft of ``by``'s own, and the files that waited with it."""
    if draft.author != by:
        raise PermissionDenied("only its author throws a draft away")
    for file in StagedFile.objects.filter(owner=by, action=draft.action, token=draft.token):
        waiting_files.throw_away(file)
    Draft.objects.filter(pk=draft.pk, author=by).delete()


@transaction.atomic
def keep_unsent(*, action: Action, agency: Agency, of: User, token: uuid.UUID, answers: Mapping[str, Any]) -> bool:
    """Keep words that ``of`` sent when their session had ended, or their access. They are asked for no permission.

    They wait for ``of`` alone, who is offered them after signing in; words kept from another form are put aside. What
    was written after the form was sent is kept as another form's; the very words that were sent are not kept. If
    ``of`` may not report on the action any more, they are handed over, as drafts are when somebody leaves: once from
    each form, and beside what was handed over, for it is somebody else's by then. False when they are not kept.
    """
    check_length(answers)
    lock_one(action)  # the press and the saving by time come at once
    while sent := sent_from(action, of, token) or handed_in_from(action, of, token):
        if has_said(sent, answers):
            return True
        token = another(token, sent)
        if isinstance(sent, ProgressUpdate):
            answers = {**answers, "seen": str(sent.pk)}  # whoever sent it knows of it
    if may := may_write(of, action, agency):
        return _keep(action, agency, of, token, answers, may=may)
    late = uuid.uuid5(token, "access ended")
    handed = Draft.objects.filter(action=action, written_by=of, kind=Draft.Kind.HANDED)
    if handed.filter(token__in=(token, late), answers=dict(answers)).exists():
        return True
    if audit.about(action).filter(event="draft.kept", detail__of=of.pk, detail__form=str(late)).exists():
        just_now = handed.filter(token=late, saved_at__gt=timezone.now() - AT_ONCE)
        return just_now.update(answers=dict(answers)) > 0  # it says when the first of them came
    return _keep(action, agency, of, late, answers, may=may)


def _keep(
    action: Action, agency: Agency, of: User, token: uuid.UUID, answers: Mapping[str, Any], *, may: bool
) -> Literal[True]:
    before = Draft.objects.filter(action=action, agency=agency, author=of)
    before.filter(kind=Draft.Kind.ASIDE, token=token).delete()
    others = before.filter(kind=Draft.Kind.KEPT).exclude(token=token)
    others.exclude(answers=dict(answers)).update(kind=Draft.Kind.ASIDE)
    kept, is_new = Draft.objects.update_or_create(
        action=action,
        agency=agency,
        author=of,
        kind=Draft.Kind.KEPT,
        defaults={"answers": dict(answers), "token": token, "saved_at": timezone.now()},
    )
    if not may and (heir := heir_of(action, agency)):
        hand(kept, heir)
    if is_new or not may:
        partnership = action.review.partnership_id
        audit.record("draft.kept", by=ENDED, about=action, partnership=partnership, of=of.pk, form=str(token))
    return True


@transaction.atomic
def hand_over_drafts(*, of: User, to: User | None, agency: Agency, by: User | System) -> int:
    """Give ``to`` what ``of`` has written for ``agency`` and not sent; how many drafts that were.

    Without ``to``, and on an action that they may not report on, a draft goes to a lead of the agency who
    may, else to a coordinator.
    """
    require(by, Permission.MANAGE_PEOPLE, agency)
    drafts = list(Draft.objects.filter(author=of, agency=agency).select_related("action", "agency", "author"))
    for draft in drafts:
        heir = to if to and may_write(to, draft.action, agency) else heir_of(draft.action, agency, but=of)
        if heir is not None:
            hand(draft, heir)
    if drafts:
        audit.record(
            "drafts.handed_over", by=by, about=agency, partnership=agency.partnership_id,
            of=of.pk, to=to.pk if to else None, actions=[draft.action_id for draft in drafts],
        )  # fmt: skip
    return len(drafts)


@transaction.atomic
def hand_on(*, of: User, review: Review, agency: Agency, by: User | System) -> None:
    """Give what ``of`` wrote on ``review`` and may send no more to a lead of the agency who may, else a coordinator."""
    handed = []
    rows = Draft.objects.filter(author=of, agency=agency, action__review=review)
    for draft in rows.select_related("action", "agency", "author"):
        if not may_write(of, draft.action, agency) and (heir := heir_of(draft.action, agency, but=of)):
            hand(draft, heir)
            handed.append(draft.action_id)
    if handed:
        audit.record(
            "drafts.handed_over", by=by, about=agency, partnership=agency.partnership_id, of=of.pk, actions=handed
        )


def heir_of(action: Action, agency: Agency, *, but: User | None = None) -> User | None:
    """Who takes over what nobody at ``agency`` may send: its longest-serving lead who may, else a coordinator.

    ``but`` is about to leave, and takes over nothing.
    """
    for people in (memberships.leads_of(agency), memberships.coordinators_of(agency.partnership_id)):
        for person in people.exclude(pk=but.pk if but else 0).order_by("memberships__on", "pk"):
            if may_write(person, action, agency):
                return person
    return None


def hand(draft: Draft, to: User) -> None:
    """Give a draft with its files to ``to``; it says whose it was. Called by verbs that have judged who may."""
    StagedFile.objects.filter(owner=draft.author, action=draft.action, token=draft.token).update(owner=to)
    draft.written_by = draft.written_by or draft.author
    draft.author, draft.kind = to, Draft.Kind.HANDED
    # Nothing where it was sent or thrown away meanwhile.
    Draft.objects.filter(pk=draft.pk).update(author=to, written_by=draft.written_by, kind=draft.kind)


@transaction.atomic
def sweep_unsent(*, now: dt.datetime, by: System) -> None:
    """Once a day: throw away files of no draft. Words that nobody came back for in a week stay with their author.

    Whose author may not send them any more go on to somebody who may; where there is nobody, they go.
    """
    for draft in Draft.objects.filter(kind=Draft.Kind.KEPT, saved_at__lt=now - KEPT_FOR).select_related(
        "action", "agency", "author"
    ):
        if may_write(draft.author, draft.action, draft.agency):
            Draft.objects.filter(pk=draft.pk).update(kind=Draft.Kind.ASIDE)
        elif heir := heir_of(draft.action, draft.agency):
            hand(draft, heir)
        else:
            draft.delete()
    waiting_files.sweep(now=now)
    audit.record("unsent.swept", by=by, about=None)
