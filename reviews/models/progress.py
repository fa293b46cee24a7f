"""What agencies report: drafts, dated updates, claims of completion and evidence."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from agencies.models import Agency
from reviews.models.action import Action
from reviews.models.dated import Dated
from reviews.statuses import Status


class Report(models.Model):
    """The words of an update, the same in a draft and in what was submitted."""

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

    class Meta(Dated.Meta):
        indexes = (models.Index(fields=("action", "agency", "-on"), name="updates_of_an_action"),)

    def __str__(self) -> str:
        return f"{self.agency}, {self.on:%-d %B %Y}"


class Claim(models.Model):
    """The agency says that the action is complete: what an update with the status *awaiting* claims."""

    update = models.OneToOneField(ProgressUpdate, on_delete=models.PROTECT, related_name="claim")
    completed_on = models.DateField()
    what_changed = models.TextField()
    no_evidence_reason = models.TextField("why there is no evidence", blank=True)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"Complete on {self.completed_on:%-d %B %Y}"


class Draft(Report):
    """An update that its author has not submitted. Nobody else sees it."""

    action = models.ForeignKey(Action, on_delete=models.PROTECT, related_name="drafts")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="drafts")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="drafts")
    saved_at = models.DateTimeField()

    class Meta:
        default_permissions = ()
        constraints = (models.UniqueConstraint(fields=("action", "author"), name="one_draft_an_author_and_action"),)

    def __str__(self) -> str:
        return f"Draft by {self.author}"


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
    where_held = models.CharField(max_length=500, blank=True)

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
