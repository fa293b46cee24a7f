"""A plan that is being brought in, from upload to confirmation."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone

from agencies.days import in_words
from agencies.models import Partnership
from reviews.kinds import Kind
from reviews.models.review import Review


class PlanImport(models.Model):
    """One file brought in: what it was, what was read from it, who confirmed it. Confirmed at most once.

    ``reading`` is what the sandbox gave last; ``choices`` holds what people decided since: the agency for
    each printed name, and what was mended in which row. ``review`` is the plan it is added to; None makes a new one.

    While it is read, brought in or undone it belongs to ``leased_by`` until ``lease_until``; then anybody may go on
    with it. ``done`` of ``total`` rows are written. ``problem`` is the sentence that says why a file could not be read,
    or why it was not brought in after it had been confirmed. ``made`` has, for each model, the keys of the dated rows
    that were added to actions that had been there before; what is new says so itself (``InPlan.came_with``).
    """

    class State(models.TextChoices):
        READING = "reading", "Being read"
        UNREADABLE = "unreadable", "Could not be read"
        STAGED = "staged", "Waiting to be confirmed"
        CONFIRMING = "confirming", "Being brought in"
        CONFIRMED = "confirmed", "Brought in"
        UNDOING = "undoing", "Being undone"
        UNDONE = "undone", "Undone"
        DISCARDED = "discarded", "Discarded"

    #: Somebody, or some worker, is at it.
    AT_WORK = (State.READING, State.CONFIRMING, State.UNDOING)

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
    undone_at = models.DateTimeField(null=True, editable=False)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, editable=False, on_delete=models.PROTECT, related_name="+"
    )
    problem = models.TextField("what stood in the way", blank=True, editable=False)
    total = models.PositiveIntegerField("rows to bring in", default=0, editable=False)
    done = models.PositiveIntegerField("rows written so far", default=0, editable=False)
    attempts = models.PositiveSmallIntegerField(default=0, editable=False)
    leased_by = models.CharField(max_length=32, blank=True, editable=False)
    lease_until = models.DateTimeField(null=True, editable=False)
    counts = models.JSONField(default=dict, editable=False)
    made = models.JSONField(default=dict, editable=False)

    class Meta:
        ordering = ("-uploaded_at", "-pk")
        verbose_name = "plan brought in"
        verbose_name_plural = "plans brought in"
        default_permissions = ()
        indexes = (
            models.Index(
                fields=("lease_until",),
                condition=models.Q(state__in=("reading", "confirming", "undoing")),
                name="imports_at_work",
            ),
        )

    def __str__(self) -> str:
        return f"{self.file_name}, {in_words(timezone.localtime(self.uploaded_at))}"
