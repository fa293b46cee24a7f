"""The outbox: a mail is a row first, and the row is the memory that it was sent.

A Run is one partnership's day. A Notice is one message to one person. A Line is one reason for it: an action that has
reached a stage. Notices hold keys, never words: the message is built when it is sent.
"""

from __future__ import annotations

from django.conf import settings
from django.contrib.humanize.templatetags.humanize import ordinal
from django.db import models
from django.db.models import Q
from django.utils import timezone

from agencies.days import in_words
from agencies.models import Partnership
from agencies.post import AccountMail
from reviews.models.action import Action


class Why(models.TextChoices):
    """Why somebody was not written to. Each is said in the run record or beside the message."""

    NO_RECIPIENT = "no_recipient", "Nobody to write to: the action has no owner with an account, the agency no lead"
    NO_RIGHT = "no_right", "The people to write to may not read the action"
    NO_ADDRESS = "no_address", "The people to write to have no usable e-mail address"
    OVER_CAP = "over_cap", "The most messages of one day were reached; it follows the next day"
    PAUSED = "paused", "The partnership's mail is paused"
    STOPPED = "stopped", "The plan is no longer chased"
    CLOSED = "closed", "The agency has nothing more to do on the action"
    MOVED = "moved", "The date, or whom to write to, has changed since"
    OVERTAKEN = "overtaken", "A later reminder took its place before it was sent"
    LEFT = "left", "The person's account is closed"
    NOTHING_LEFT = "nothing_left", "None of its actions needs a reminder any more"
    REFUSED = "refused", "The mail server refused the address"
    GAVE_UP = "gave_up", "Tried too often without success"
    NO_ACCOUNT = "no_account", "Nobody has an account with the address that was typed"
    RESTORED = "restored", "It waited on the day of a backup that was restored"
    SETTLED = "settled", "What it asks for was done or withdrawn before it was sent"


class Run(models.Model):
    """One partnership's reminders of one local day. A second run of the day stops at the constraint.

    ``expected`` counts its messages; ``left_out`` has, for each reason in ``Why``, the ids of the actions for which
    nobody was written to.
    """

    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="runs")
    on = models.DateField("day")
    started_at = models.DateTimeField("planned at", default=timezone.now)
    expected = models.PositiveIntegerField("messages expected", default=0)
    left_out = models.JSONField(default=dict)

    class Meta:
        ordering = ("-on", "-pk")
        verbose_name = "day of reminders"
        verbose_name_plural = "days of reminders"
        default_permissions = ()
        constraints = (models.UniqueConstraint(fields=("partnership", "on"), name="one_run_a_partnership_and_day"),)

    def __str__(self) -> str:
        return f"{self.partnership}, {in_words(self.on)}"


class Notice(models.Model):
    """One message to one person, from the moment it is due until it is sent, failed for good or dropped.

    Failed with ``retry_at`` is tried again then; failed without it is not. While it is being sent, ``leased_by`` names
    the batch that has it and ``lease_until`` the moment from which it is anybody's again.

    Messages about plans have a person and a partnership. Those about accounts (``agencies.post.AccountMail``) may have
    neither; ``about_id`` is then the row that the kind speaks of, and ``address`` one that no other row holds any more.
    """

    class Kind(models.TextChoices):
        DIGEST = "digest", "Reminders of the day"
        RETURNED = "returned", "A claim was returned"

    KINDS = (*Kind.choices, *AccountMail.choices)

    class State(models.TextChoices):
        QUEUED = "queued", "Waiting to be sent"
        SENDING = "sending", "Being sent"
        SENT = "sent", "Sent"
        FAILED = "failed", "Failed"
        DROPPED = "dropped", "Not sent"

    run = models.ForeignKey(Run, null=True, blank=True, on_delete=models.PROTECT, related_name="notices")
    partnership = models.ForeignKey(
        Partnership, null=True, blank=True, on_delete=models.PROTECT, related_name="notices"
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="notices"
    )
    kind = models.CharField(max_length=20, choices=KINDS, default=Kind.DIGEST)
    about_id = models.BigIntegerField(null=True, blank=True, editable=False)
    address = models.EmailField(blank=True, editable=False)
    key = models.CharField(max_length=120, unique=True)
    state = models.CharField(max_length=10, choices=State, default=State.QUEUED)
    queued_at = models.DateTimeField("planned at", default=timezone.now)
    attempts = models.PositiveSmallIntegerField("times tried", default=0)
    lease_until = models.DateTimeField(null=True, blank=True)
    leased_by = models.CharField(max_length=32, blank=True)
    retry_at = models.DateTimeField("tried again at", null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    message_id = models.CharField("Message-ID", max_length=200, blank=True)
    why = models.CharField("why it failed or was not sent", max_length=60, blank=True)

    class Meta:
        ordering = ("-queued_at", "-pk")
        verbose_name = "message"
        verbose_name_plural = "messages sent and waiting"
        default_permissions = ()
        constraints = (
            models.UniqueConstraint(
                fields=("run", "person", "kind"), condition=Q(run__isnull=False), name="one_digest_a_person_and_run"
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=("digest", "returned")) | Q(partnership__isnull=False, person__isnull=False),
                name="mail_about_plans_has_person_and_partnership",
            ),
        )
        indexes = (models.Index(fields=("state", "retry_at"), name="notices_to_be_sent"),)

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {in_words(timezone.localtime(self.queued_at))}"


class Stage(models.TextChoices):
    """Where in the series of reminders and chasers an action stands."""

    DUE_28 = "due_28", "28 days before"
    DUE_7 = "due_7", "7 days before"
    DUE_1 = "due_1", "the day before"
    OVERDUE = "overdue", "overdue"
    RETURNED = "returned", "returned by the group"


def stage_in_words(stage: str, number: int) -> str:
    """A stage, and which time where it repeats: "overdue, 3rd time"."""
    words = str(Stage(stage).label)
    return f"{words}, {ordinal(number + 1)} time" if number else words


class Line(models.Model):
    """One action in a message, at a stage. Its key is unique while the line is live; a dropped line frees its key.

    ``anchor`` is the row that the stage is counted from, so that a new date starts a new series: ``date:`` a target
    date, ``review:`` the update that set a date of next review, ``assignment:`` the agency's part in the action,
    ``start:`` the day on which the plan began to be chased, ``sign_off:`` a decision.
    """

    class State(models.TextChoices):
        QUEUED = "queued", "Waiting"
        SENT = "sent", "Sent"
        SUPERSEDED = "superseded", "Overtaken by a later stage"
        DROPPED = "dropped", "Not sent"

    notice = models.ForeignKey(Notice, null=True, blank=True, on_delete=models.PROTECT, related_name="lines")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    action = models.ForeignKey(Action, on_delete=models.PROTECT, related_name="chasing_lines")
    stage = models.CharField(max_length=20, choices=Stage)
    number = models.PositiveIntegerField("which time, for a stage that repeats", default=0)
    anchor = models.CharField("the row that the stage is counted from", max_length=60)
    state = models.CharField(max_length=12, choices=State, default=State.QUEUED)
    why = models.CharField(max_length=60, blank=True)

    class Meta:
        ordering = ("notice", "pk")
        verbose_name = "reminder"
        default_permissions = ()
        constraints = (
            models.UniqueConstraint(
                fields=("action", "person", "stage", "number", "anchor"),
                condition=~Q(state="dropped"),
                name="a_stage_is_sent_once_a_person",
            ),
        )

    def __str__(self) -> str:
        return f"{self.action}: {stage_in_words(self.stage, self.number)}"


def words_of(why: str) -> str:
    """A reason as people read it. Other codes, of the mail server or of an error, stay as they are."""
    return str(Why(why).label) if why in Why.values else why
