"""The one account of who did what."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from agencies.days import in_words


class AuditEntry(models.Model):
    """One thing that somebody did: ids and codes only, no words of a case, no foreign keys, never changed."""

    at = models.DateTimeField(default=timezone.now)
    event = models.CharField(max_length=60)
    actor = models.CharField(max_length=40)
    partnership_id = models.BigIntegerField(null=True)
    about_kind = models.CharField(max_length=40)
    about_id = models.BigIntegerField(null=True)
    detail = models.JSONField(default=dict)
    #: Which press of a button led to it; see ``agencies.presses``.
    press = models.UUIDField(null=True, editable=False)

    class Meta:
        ordering = ("-at", "-pk")
        verbose_name_plural = "audit entries"
        default_permissions = ()
        constraints = (
            models.UniqueConstraint(
                fields=("actor", "press"),
                condition=models.Q(press__isnull=False),
                name="a_press_is_carried_out_once",
            ),
        )
        indexes = (
            models.Index(fields=("about_kind", "about_id"), name="audit_by_what_it_is_about"),
            models.Index(fields=("partnership_id", "-at"), name="audit_by_partnership"),
            models.Index(fields=("actor", "-at"), name="audit_by_whom"),
            models.Index(fields=("-at",), name="audit_by_moment"),
        )

    def __str__(self) -> str:
        return f"{self.words}, {in_words(timezone.localtime(self.at))}, {timezone.localtime(self.at):%H:%M}"

    @property
    def words(self) -> str:
        """The event as a page says it: "membership.granted" is "Membership granted"."""
        return self.event.replace(".", " ").replace("_", " ").capitalize()
