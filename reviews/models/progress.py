"""What agencies report: drafts, dated updates, claims of completion and evidence."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from agencies.days import in_words
from agencies.models import Agency
from reviews.models.action import Action
from reviews.models.dated import Dated
from reviews.models.standing import Standing
from reviews.statuses import Status


class Report(models.Model):
    """The words of an update."""

    progress = models.TextField("what has been done", blank=True)
    next_steps = models.TextField(blank=True)
    status = models.CharField(max_length=20, choices=Status, blank=True)
    next_review_on = models.DateField(null=True, blank=True)
    obstacles = models.TextField("what stands in the way", blank=True)
    help_wanted = models.TextField("help wanted from the group", blank=True)

    class Meta:
        abstract = True


class ProgressUpdate(Report, Dated):
    """One dated report by an agency on an action. ``status`` is empty for a supporting agency.

    ``source`` says how it came: reported in the portal, recorded for an agency that told the coordinator, or brought in
    with a plan. What was brought in is not an update by the agency: it does not end a silence.
    ``outcome`` is what a plan that was brought in says has changed; beside a claim, the claim says so instead.
    """

    class Source(models.TextChoices):
        REPORTED = "reported", "Reported by the agency"
        RECORDED_FOR = "recorded_for", "Recorded for the agency"
        IMPORTED = "imported", "Brought in with the plan"

    action = models.ForeignKey(Action, on_delete=models.PROTECT, related_name="updates")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="updates")
    source = models.CharField(max_length=20, choices=Source, default=Source.REPORTED)
    given_by = models.CharField("who gave it", max_length=300, blank=True)
    status_as_written = models.CharField(max_length=300, blank=True)
    outcome = models.TextField("what changed, as the plan brought in says", blank=True)
    token = models.UUIDField("form it was written in", null=True, blank=True, editable=False)
    released_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta(Dated.Meta):
        indexes = (
            models.Index(fields=("action", "agency", "-on"), name="updates_of_an_action"),
            models.Index(fields=("action", "agency"), name="updates_that_ask_for_help", condition=~Q(help_wanted="")),
        )
        constraints = (models.UniqueConstraint(fields=("action", "recorded_by", "token"), name="a_form_is_sent_once"),)

    def __str__(self) -> str:
        return f"{self.agency}, {in_words(self.on)}"


class Claim(models.Model):
    """The agency says that the action is complete: what an update with the status *awaiting* claims."""

    stands_by: ClassVar[str] = "update__action__stands"

    update = models.OneToOneField(ProgressUpdate, on_delete=models.PROTECT, related_name="claim")
    completed_on = models.DateField()
    what_changed = models.TextField()
    no_evidence_reason = models.TextField("why there is no evidence", blank=True)

    objects = Standing()
    everything = models.Manager["Claim"]()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"Complete on {in_words(self.completed_on)}"


class Draft(models.Model):
    """What a person has written on an action and not sent: ``answers`` as typed, half a date included.

    Only its author reads it. ``token`` is that of the form it was written in. It is kept by its author, or for them
    when their session had ended (``KEPT``), or handed over by ``written_by``, who left.
    """

    class Kind(models.TextChoices):
        OWN = "own", "Kept by its author"
        KEPT = "kept", "Came when the session had ended"
        HANDED = "handed", "Handed over by somebody who left"
        RETURNED = "returned", "Returned by the agency's lead"
        ASIDE = "aside", "Put aside when its author began another"

    action = models.ForeignKey(Action, on_delete=models.PROTECT, related_name="drafts")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="drafts")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="drafts")
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.OWN)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    token = models.UUIDField(default=uuid.uuid4, editable=False)
    answers = models.JSONField(default=dict)
    note = models.CharField("why it came back", max_length=500, blank=True)
    saved_at = models.DateTimeField()

    class Meta:
        default_permissions = ()
        constraints = (
            models.UniqueConstraint(
                fields=("action", "agency", "author", "kind"),
                condition=Q(kind__in=("own", "kept")),
                name="one_draft_an_author_and_part",
            ),
            models.CheckConstraint(
                condition=Q(kind="handed", written_by__isnull=False) | (~Q(kind="handed") & Q(written_by__isnull=True)),
                name="a_draft_handed_over_says_whose_it_was",
            ),
        )

    def __str__(self) -> str:
        return f"Draft by {self.written_by or self.author}"


class StagedFile(models.Model):
    """A file that ``owner`` has chosen in the form ``token`` and not sent yet. It waits beside the evidence."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    action = models.ForeignKey(Action, on_delete=models.PROTECT, related_name="+")
    token = models.UUIDField()
    file = models.FileField(upload_to="evidence", max_length=300)
    file_name = models.CharField(max_length=200)
    content_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    staged_at = models.DateTimeField()

    class Meta:
        default_permissions = ()
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(fields=("owner", "token", "sha256"), name="a_file_waits_once_in_a_form"),
        )

    def __str__(self) -> str:
        return self.file_name


class Submission(Report):
    """An update that waits within its agency until a lead releases it, where the agency wants that.

    Outside the agency it is nothing but "with the agency since"; released, it becomes an update.
    """

    class Outcome(models.TextChoices):
        WAITING = "waiting", "Waits for release"
        RELEASED = "released", "Released"
        RETURNED = "returned", "Returned to its author"

    action = models.ForeignKey(Action, on_delete=models.PROTECT, related_name="submissions")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="submissions")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    token = models.UUIDField()
    submitted_at = models.DateTimeField()
    on = models.DateField("speaks for")
    completed_on = models.DateField(null=True, blank=True)
    what_changed = models.TextField(blank=True)
    no_evidence_reason = models.TextField(blank=True)
    answers = models.JSONField("as it was typed", default=dict)
    outcome = models.CharField(max_length=10, choices=Outcome, default=Outcome.WAITING)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    update = models.OneToOneField(ProgressUpdate, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        default_permissions = ()
        ordering = ("submitted_at", "pk")
        constraints = (
            models.UniqueConstraint(fields=("author", "token"), name="a_form_waits_for_release_once"),
            models.CheckConstraint(
                condition=Q(outcome="waiting", decided_at__isnull=True, update__isnull=True)
                | Q(outcome="released", decided_at__isnull=False, update__isnull=False)
                | Q(outcome="returned", decided_at__isnull=False, update__isnull=True),
                name="a_submission_waits_or_was_decided",
            ),
        )

    def __str__(self) -> str:
        return f"{self.agency}, {in_words(self.on)}"


class Evidence(Dated):
    """A file, a link, or a note of where the agency holds it, that shows an action was done."""

    class Kind(models.TextChoices):
        FILE = "file", "A file"
        LINK = "link", "A link"
        HELD = "held", "Held by the agency"

    action = models.ForeignKey(Action, on_delete=models.PROTECT, related_name="evidence")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="evidence")
    update = models.ForeignKey(ProgressUpdate, null=True, blank=True, on_delete=models.PROTECT, related_name="evidence")
    kind = models.CharField(max_length=10, choices=Kind)
    title = models.CharField(max_length=200)
    file = models.FileField(upload_to="evidence", max_length=300, blank=True)
    file_name = models.CharField(max_length=200, blank=True)
    content_type = models.CharField(max_length=100, blank=True)
    size = models.PositiveBigIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True)
    link = models.URLField(max_length=1000, blank=True)
    where_held = models.TextField(blank=True)

    class Meta(Dated.Meta):
        verbose_name_plural = "evidence"
        constraints = (
            models.CheckConstraint(
                condition=(Q(kind="file", link="", where_held="") & ~Q(file=""))
                | (Q(kind="link", file="", where_held="") & ~Q(link=""))
                | (Q(kind="held", file="", link="") & ~Q(where_held="")),
                name="evidence_is_a_file_a_link_or_held",
            ),
        )

    def __str__(self) -> str:
        return self.title
