"""How many invitations go out in a day: to one address, and from one sender."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone

from agencies.actors import System
from agencies.days import in_words
from agencies.models import Agency, AuditEntry, Invitation, Partnership, User
from agencies.refusals import Refused

A_DAY = dt.timedelta(days=1)
#: So often is one address mailed in a day about one place.
MOST_IN_A_DAY = 3
#: So many people does one person ask in a day to one place: more than any agency brings in, and too few for a flood.
MOST_FROM_ONE = 50
#: What the audit says of each mail.
MAILED = ("invitation.sent", "invitation.sent_again")


def check_not_too_often(email: str, container: Agency | Partnership, by: User | System) -> None:
    """Refuse a person who has this address mailed again and again, or a crowd of addresses, about this place.

    By one invitation or by several. What the portal itself sends is not counted.
    """
    if isinstance(by, System):
        return
    now = timezone.now()
    here = Invitation.objects.filter(**{"agency" if isinstance(container, Agency) else "partnership": container})
    asked = here.filter(email=email).values("pk")
    mailed = AuditEntry.objects.filter(about_kind=Invitation._meta.label_lower, about_id__in=asked, event__in=MAILED)
    last = list(mailed.filter(at__gt=now - A_DAY).order_by("-at").values_list("at", flat=True)[:MOST_IN_A_DAY])
    if len(last) == MOST_IN_A_DAY:
        raise Refused(
            f"This address was sent {MOST_IN_A_DAY} invitations within a day. You can send another from "
            f"{_moment(last[-1] + A_DAY)}. Meanwhile, ask whether the mail was put among unwanted mail.",
            field="email",
        )
    mine = here.filter(recorded_by=by, asked_at__gt=now - A_DAY).order_by("-asked_at")
    sent = list(mine.values_list("asked_at", flat=True)[:MOST_FROM_ONE])
    if len(sent) == MOST_FROM_ONE:
        raise Refused(
            f"You have sent {MOST_FROM_ONE} invitations to {container} within a day, as many as go out at once. You "
            f"can send the next from {_moment(sent[-1] + A_DAY)}. If it cannot wait, ask somebody else to.",
            field="email",
        )


def _moment(at: dt.datetime) -> str:
    at = timezone.localtime(at)
    return f"{at:%-I:%M}{at:%p}".lower() + f" on {in_words(at)}"
