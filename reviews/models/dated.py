"""What every dated row has: the day it speaks for, the moment it was recorded, and voiding instead of deletion."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.utils import timezone

from agencies.actors import System, person
from reviews.models.standing import Standing

if TYPE_CHECKING:
    from agencies.models import User

#: So many letters has the reason for which a row is taken back, or is another than before.
LONGEST_REASON = 500


class DatedQuerySet(models.QuerySet[Any]):
    """Dated rows. They are read through ``in_force``; what was voided stays for the history."""

    def in_force(self) -> Self:
        """The rows that were not voided."""
        return self.filter(voided_at__isnull=True)

    def void(self, *, by: User | System, reason: str) -> bool:
        """Strike out those of these rows that stand; whether any did. Verbs judge who may, and the ``reason``."""
        struck = self.in_force().update(voided_at=timezone.now(), voided_by=person(by), void_reason=reason)
        return struck > 0


class Dated(models.Model):
    """A row that is added and never changed. ``on`` is the day it is about, ``recorded_at`` when it was entered."""

    stands_by: ClassVar[str] = "action__stands"

    on = models.DateField("speaks for")
    recorded_at = models.DateTimeField("recorded", default=timezone.now)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    voided_at = models.DateTimeField(null=True, blank=True)
    voided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    void_reason = models.CharField(max_length=LONGEST_REASON, blank=True)

    objects = Standing.from_queryset(DatedQuerySet)()
    everything = DatedQuerySet.as_manager()

    class Meta:
        abstract = True
        default_permissions = ()
        ordering = ("on", "recorded_at", "pk")
        get_latest_by = ("on", "recorded_at", "pk")
