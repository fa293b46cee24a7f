"""Rows for tests, made as plainly as they can be. What has a verb and matters to a test is made by the verb there."""

from __future__ import annotations

import datetime as dt
import itertools
import uuid
from pathlib import Path
from typing import Any

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth.models import Permission as PermissionRow
from django.core.mail import EmailMessage
from django.test import Client
from django.utils import timezone

from agencies import memberships
from agencies.actors import EXAMPLE
from agencies.models import Agency, AgencyKind, Contact, Membership, Partnership, User
from agencies.roles import ROLES, RoleCode
from reviews.kinds import Kind
from reviews.models import (
    Action,
    Assignment,
    Claim,
    Draft,
    Evidence,
    Part,
    ProgressUpdate,
    Reader,
    Recommendation,
    Review,
    ReviewUserPermission,
    Submission,
    TargetDate,
)
from reviews.statuses import Status

#: The day on which tests stand unless they say otherwise.
TODAY = dt.date(2026, 3, 2)
#: Every person of a test signs in with this.
PASSWORD = "correct horse battery staple"

_numbers = itertools.count(1)


def a_partnership(**facts: Any) -> Partnership:
    """A partnership with a name and code of its own."""
    number = next(_numbers)
    return Partnership.objects.create(**{"code": f"partnership-{number}", "name": f"Partnership {number}"} | facts)


def an_agency(partnership: Partnership, **facts: Any) -> Agency:
    """An agency in ``partnership``."""
    return Agency.objects.create(
        **{"partnership": partnership, "name": f"Agency {next(_numbers)}", "kind": AgencyKind.OTHER} | facts
    )


def a_contact(agency: Agency, **facts: Any) -> Contact:
    """Somebody at ``agency`` without an account."""
    return Contact.objects.create(**{"agency": agency, "name": f"Contact {next(_numbers)}"} | facts)


def a_person(**facts: Any) -> User:
    """A person who can sign in with ``PASSWORD`` and belongs nowhere yet."""
    number = next(_numbers)
    facts = {"email": f"person-{number}@example.org", "name": f"Person {number}", "password": PASSWORD} | facts
    return User.objects.create_user(**facts)


def a_member(role: str, container: Agency | Partnership, **facts: Any) -> User:
    """A person with ``role`` at an agency or in a partnership since a year before the day of the tests."""
    person = a_person(**facts)
    join(person, role, container)
    return person


def join(person: User, role: str, container: Agency | Partnership) -> Membership:
    """Give ``person`` a role, as the portal's own verb does."""
    return memberships.grant(user=person, role=role, container=container, by=EXAMPLE, on=TODAY - dt.timedelta(days=365))


def a_review(partnership: Partnership, **facts: Any) -> Review:
    """A review in ``partnership``: published, unless ``is_restricted`` says otherwise."""
    number = next(_numbers)
    return Review.objects.create(
        **{
            "partnership": partnership,
            "kind": Kind.DHR,
            "reference": f"DHR{number}",
            "title": f"Review {number}",
            "is_restricted": False,
        }
        | facts
    )


def a_reader(person: User, review: Review, *, agency: Agency | None = None) -> Reader:
    """Let ``person`` read ``review``: named by ``agency`` and having accepted, or of the panel without one."""
    role = RoleCode.NAMED_READER if agency else RoleCode.PANEL_READER
    rows = PermissionRow.objects.filter(
        content_type__app_label="reviews", content_type__model="review", codename__in=ROLES[role].may
    )
    ReviewUserPermission.objects.bulk_create(
        (ReviewUserPermission(user=person, content_object=review, permission=row) for row in rows),
        ignore_conflicts=True,  # another agency named them, too
    )
    accepted_at = timezone.now() if agency else None
    return Reader.objects.create(
        review=review, user=person, role=role, agency=agency, on=TODAY, accepted_at=accepted_at
    )


def a_recommendation(review: Review, **facts: Any) -> Recommendation:
    """A recommendation at the end of ``review``'s plan."""
    order = facts.pop("order", review.recommendations.count() + 1)
    facts = {"reference": str(order), "text": f"Recommendation {order}"} | facts
    return Recommendation.objects.create(review=review, order=order, **facts)


def an_action(
    recommendation: Recommendation,
    *agencies: Agency,
    supporting: tuple[Agency, ...] = (),
    status: str = Status.IN_PROGRESS,
    **facts: Any,
) -> Action:
    """An action for which ``agencies`` answer, jointly if there are several, and with which ``supporting`` help."""
    order = facts.pop("order", recommendation.review.actions.count() + 1)
    target = facts.get("target_date")
    action = Action.objects.create(
        **{
            "review": recommendation.review,
            "recommendation": recommendation,
            "order": order,
            "sort_key": f"{order:06}",
            "text": f"Action {order}",
            "status": status,
            "original_target_date": target,
        }
        | facts
    )
    if target:
        TargetDate.objects.create(action=action, date=target, on=TODAY - dt.timedelta(days=300))
    part = Part.LEAD if len(agencies) == 1 else Part.JOINT
    for agency in agencies:
        an_assignment(action, agency, part=part, status=status, initial_status=status)
    for agency in supporting:
        an_assignment(action, agency, part=Part.SUPPORTING)
    return action


def an_assignment(action: Action, agency: Agency, **facts: Any) -> Assignment:
    """``agency`` answers for ``action`` since 300 days before the day of the tests."""
    facts = {"on": TODAY - dt.timedelta(days=300), "recorded_at": timezone.now()} | facts
    if "until" in facts:
        facts.setdefault("ended_at", timezone.now())
    return Assignment.objects.create(action=action, agency=agency, **facts)


def an_update(action: Action, agency: Agency, by: User | None = None, **facts: Any) -> ProgressUpdate:
    """A progress update that ``agency`` submitted a month before the day of the tests."""
    facts = {
        "on": TODAY - dt.timedelta(days=30),
        "progress": "Half of it is done.",
        "next_steps": "Do the other half.",
        "status": Status.IN_PROGRESS,
    } | facts
    return ProgressUpdate.objects.create(action=action, agency=agency, recorded_by=by, **facts)


def a_claim(update: ProgressUpdate, **facts: Any) -> Claim:
    """What ``update`` claims: completed on its own day."""
    facts = {"completed_on": update.on, "what_changed": "It is used every day."} | facts
    return Claim.objects.create(update=update, **facts)


def a_draft(action: Action, agency: Agency, author: User, **facts: Any) -> Draft:
    """What ``author`` has written and not sent, beside whatever else they have begun."""
    facts = {"kind": Draft.Kind.ASIDE, "answers": {"progress": "Half a thought"}, "saved_at": timezone.now()} | facts
    return Draft.objects.create(action=action, agency=agency, author=author, **facts)


def a_submission(action: Action, agency: Agency, author: User, **facts: Any) -> Submission:
    """What ``author`` handed in a day before the day of the tests, and still waits for release."""
    facts = {
        "token": uuid.uuid4(),
        "on": TODAY - dt.timedelta(days=1),
        "submitted_at": timezone.now(),
        "progress": "It waits.",
        "status": Status.ONGOING,
        "next_review_on": TODAY + dt.timedelta(days=90),
    } | facts
    return Submission.objects.create(action=action, agency=agency, author=author, **facts)


def a_link(action: Action, agency: Agency, by: User | None = None, **facts: Any) -> Evidence:
    """Evidence that is a link."""
    facts = {
        "on": TODAY - dt.timedelta(days=30),
        "kind": Evidence.Kind.LINK,
        "title": "Minutes",
        "link": "https://example.org/minutes",
    } | facts
    return Evidence.objects.create(action=action, agency=agency, recorded_by=by, **facts)


def a_session(person: User) -> UserSession:
    """A browser in which ``person`` is signed in."""
    client = Client(HTTP_USER_AGENT="Firefox on a desk")
    client.force_login(User.objects.get(pk=person.pk))
    key = client.session.session_key
    return UserSession.objects.update_or_create(
        session_key=key, defaults={"user": person, "ip": "192.0.2.7", "user_agent": "Firefox on a desk"}
    )[0]


def a_kept_mail(name: str = "kept", *, subject: str = "Hello", text: str = "Words") -> str:
    """A file with one message, as the embedded default keeps mail; its name without the ending."""
    message = EmailMessage(subject, text, to=["lead@example.org"], headers={"Message-ID": f"<{name}@localhost>"})
    folder = Path(settings.EMAIL_FILE_PATH)
    folder.mkdir(exist_ok=True)
    (folder / f"{name}.log").write_bytes(message.message().as_bytes() + b"\n" + b"-" * 79 + b"\n")
    return name
