"""A plan that is being brought in, from upload to confirmation."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone

from agencies.models import Partnership
from reviews.kinds import Kind
from reviews.models.review import Review


class PlanImport(models.Model):
    """One file brought in: what it was, what was read from it, who confirmed it. Confirmed at most once.

    ``reading`` is what the sandbox gave and never changes; ``choices`` holds what people decided since: the agency for
    each printed name, and what was mended in which row. ``review`` is the plan it is added to; None makes a new one.
    """

    class State(models.TextChoices):
        STAGED = "staged", "Waiting to be confirmed"
        CONFIRMED = "confirmed", "Confirmed"
        DISCARDED = "discarded", "Discarded"

    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="imports")
    review = models.ForeignKey(Review, null=True, blank=True, on_delete=models.PROTECT, related_name="imports")
    reference = models.CharField("reference of the review", max_length=40, blank=True)
    title = models.CharField("title of the review", max_length=300, blank=True)
    kind = models.CharField("kind of review", max_length=10, choices=Kind, default=Kind.DARDR)
    is_restricted = models.BooleanField("restricted to named readers", default=True)
    speaks_for = models.DateField("date the document speaks for", null=True, blank=True)
    file = models.FileField(upload_to="imports", max_length=300)
    file_name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    reading = models.JSONField(default=dict, editable=False)
    choices = models.JSONField(default=dict, editable=False)
    state = models.CharField(max_length=10, choices=State, default=State.STAGED, editable=False)
    uploaded_at = models.DateTimeField(default=timezone.now, editable=False)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, editable=False, on_delete=models.PROTECT, related_name="+"
    )
    confirmed_at = models.DateTimeField(null=True, editable=False)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, editable=False, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ("-uploaded_at", "-pk")
        verbose_name = "plan brought in"
        verbose_name_plural = "plans brought in"
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.file_name}, {timezone.localtime(self.uploaded_at):%-d %B %Y}"
