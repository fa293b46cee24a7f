"""How mails that other layers ask for come into the outbox, and on their way at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from reviews.models import Notice
from reviews.tasks import deliver

if TYPE_CHECKING:
    from agencies.post import Asked


@transaction.atomic
def take(asked: Asked) -> None:
    """Write the row. Once it is committed a worker is asked to send it; if none hears, the next sweep sends it."""
    Notice.objects.get_or_create(
        key=asked.key,
        defaults={
            "kind": asked.kind,
            "person": asked.person,
            "about_id": asked.about,
            "address": asked.address,
            "partnership": asked.partnership,
        },
    )
    transaction.on_commit(deliver.delay)
