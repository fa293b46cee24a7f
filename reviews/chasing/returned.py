"""The message that a claim was returned: queued with the decision itself, sent by the next sweep."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from reviews.chasing.recipients import Recipients
from reviews.models import Line, Notice, Stage

if TYPE_CHECKING:
    from reviews.models import SignOff


@transaction.atomic
def queue_returned(decision: SignOff) -> list[Notice]:
    """Queue a message to the people of each agency that leads on the action; call it in the decision's transaction.

    Nothing is mailed about a plan whose chasing has not been started. While the partnership's mail is paused the
    messages wait.
    """
    action = decision.action
    review = action.review
    today = timezone.localtime(decision.recorded_at).date()  # the meeting may have been before reminders were started
    if review.chasing_from is None or review.chasing_from > today:
        return []
    rows = action.assignments.current().leading().select_related("owner__user").order_by("order", "pk")
    recipients = Recipients(review.partnership, rows)
    people = {person.pk: person for row in rows for person in recipients.of(row)[0]}
    notices = Notice.objects.bulk_create(
        Notice(
            partnership=review.partnership,
            person=person,
            kind=Notice.Kind.RETURNED,
            key=f"returned:{decision.pk}:{person.pk}",
        )
        for person in people.values()
    )
    Line.objects.bulk_create(
        Line(notice=row, person=row.person, action=action, stage=Stage.RETURNED, anchor=f"sign_off:{decision.pk}")
        for row in notices
    )
    return notices
