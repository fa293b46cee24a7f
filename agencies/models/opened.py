"""Who looked at what."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from agencies.days import in_words


class Opened(models.Model):
    """Somebody opened one thing of a case on one day: once a person, thing and day, so that it does not grow endlessly.

    Ids and codes only, no foreign keys, never changed. ``seen_as`` is the agency as whose people an overseer looked at
    it, 0 where they looked as themselves.
    """

    on = models.DateField("day")
    first_at = models.DateTimeField("first opened at", default=timezone.now)
    person_id = models.BigIntegerField()
    partnership_id = models.BigIntegerField(null=True)
    about_kind = models.CharField(max_length=40)
    about_id = models.BigIntegerField()
    seen_as = models.BigIntegerField(default=0)

    class Meta:
        ordering = ("-on", "-pk")
        verbose_name = "page that was opened"
        verbose_name_plural = "pages that were opened"
        default_permissions = ()
        constraints = (
            models.UniqueConstraint(
                fields=("about_kind", "about_id", "person_id", "on", "seen_as"), name="opened_once_a_person_and_day"
            ),
        )
        indexes = (
            models.Index(fields=("partnership_id", "-on"), name="opened_by_partnership"),
            models.Index(fields=("person_id", "-on"), name="opened_by_whom"),
            models.Index(fields=("-on",), name="opened_by_day"),
        )

    def __str__(self) -> str:
        return f"Opened on {in_words(self.on)}"
