"""What the headings of a partnership's plans mean, where somebody said so."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone

from agencies.models import Partnership


class HeadingMeaning(models.Model):
    """A correction that holds for every plan that the partnership brings in: this heading means that field.

    ``heading`` is as a page shows it, in small letters; ``column`` is a value of ``Column`` in
    ``reviews.importing.understanding.columns``.
    A row is replaced when somebody says otherwise and goes when it is taken back: it is a habit of reading and no fact
    about a plan. The audit keeps who did what.
    """

    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="heading_meanings")
    heading = models.CharField(max_length=200)
    column = models.CharField("read as", max_length=30)
    recorded_at = models.DateTimeField("said on", default=timezone.now)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", verbose_name="said by"
    )

    class Meta:
        ordering = ("heading", "pk")
        verbose_name = "heading that was explained"
        verbose_name_plural = "headings that were explained"
        default_permissions = ()
        constraints = (
            models.UniqueConstraint(fields=("partnership", "heading"), name="heading_means_one_thing_in_a_partnership"),
        )

    def __str__(self) -> str:
        return f"“{self.heading}”"
