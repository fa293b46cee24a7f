"""Partnerships and agencies: what exists, under which names, and what took over from what."""

from __future__ import annotations

from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone

from agencies.models.people import User
from agencies.roles import Container, permissions_on

#: What a named reader of a restricted review accepts, until the partnership words its own.
CONFIDENTIALITY = (
    "What I read here is about a person who has died and those who loved them, and it is not published yet. "
    "I will use it only for my agency’s part in this review. I will not copy it, pass it on or speak of it to "
    "anybody who is not named for this review, at my agency or elsewhere. If I no longer need it for my work, "
    "I will say so, and my access will end."
)


class Partnership(models.Model):
    """A community safety partnership or other board that commissions reviews. Nothing crosses from one to another."""

    code = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=200)
    group_name = models.CharField("name of its Strategic Group", max_length=200, default="Strategic Group")
    contact_email = models.EmailField("address for questions", blank=True)
    chasing_hour = models.PositiveSmallIntegerField(
        "hour of the day at which mail goes out", default=8, validators=[MaxValueValidator(23)]
    )
    time_zone = models.CharField(max_length=60, default="Europe/London")
    chasing_paused = models.BooleanField(default=False)
    confidentiality_statement = models.TextField(default=CONFIDENTIALITY, max_length=5000)
    daily_mail_cap = models.PositiveIntegerField("most messages in one day", default=500)

    class Meta:
        ordering = ("name",)
        default_permissions = ()
        permissions = permissions_on(Container.PARTNERSHIP)

    def __str__(self) -> str:
        return self.name


class AgencyKind(models.TextChoices):
    """What sort of body an agency is."""

    POLICE = "police", "Police"
    HEALTH = "health", "NHS or other health body"
    COUNCIL = "council", "Council service"
    PROBATION = "probation", "Probation"
    HOUSING = "housing", "Housing provider"
    EDUCATION = "education", "School, college or university"
    CHARITY = "charity", "Charity"
    GROUP = "group", "Partnership group"
    NATIONAL = "national", "Government or national body"
    OTHER = "other", "Other"


class Agency(models.Model):
    """A body that answers for actions. It belongs to one partnership for good; elsewhere it is another row."""

    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="agencies")
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=20, choices=AgencyKind, default=AgencyKind.OTHER)
    closed_on = models.DateField("no longer exists since", null=True, blank=True)
    releases_updates = models.BooleanField("a lead releases each update", default=False)

    class Meta:
        ordering = ("name",)
        verbose_name_plural = "agencies"
        default_permissions = ()
        permissions = permissions_on(Container.AGENCY)
        constraints = (models.UniqueConstraint("partnership", Lower("name"), name="agency_name_once_in_a_partnership"),)

    def __str__(self) -> str:
        return self.name


class AgencyName(models.Model):
    """Another name by which plans call an agency: a former name, an abbreviation, a variant.

    A former name was the agency's from ``since`` (None: from the beginning) until the day before ``until``; where that
    day is not known, it stands in no paper.
    """

    class Kind(models.TextChoices):
        FORMER = "former", "Former name"
        SHORT = "short", "Abbreviation"
        VARIANT = "variant", "Also written"

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="names")
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.VARIANT)
    since = models.DateField(null=True, blank=True)
    until = models.DateField(null=True, blank=True)
    recorded_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("name",)
        default_permissions = ()
        constraints = (models.UniqueConstraint("agency", Lower("name"), name="other_name_once_an_agency"),)

    def __str__(self) -> str:
        return self.name


class Succession(models.Model):
    """From ``on``, ``successor`` answers in the place of ``predecessor`` ("now the ...")."""

    predecessor = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="successions")
    successor = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="precessions")
    on = models.DateField()
    recorded_at = models.DateTimeField(default=timezone.now)
    recorded_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("on", "pk")
        default_permissions = ()
        constraints = (
            models.UniqueConstraint(fields=("predecessor", "successor"), name="a_succession_is_recorded_once"),
            models.CheckConstraint(condition=~Q(predecessor=models.F("successor")), name="no_agency_succeeds_itself"),
        )

    def __str__(self) -> str:
        return f"{self.predecessor} → {self.successor}"


class Contact(models.Model):
    """Somebody at an agency who has no account."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="contacts")
    name = models.CharField(max_length=200)
    post = models.CharField(max_length=200, blank=True)
    email = models.EmailField("e-mail address", blank=True)
    until = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ("name", "pk")
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.name}, {self.post}" if self.post else self.name
