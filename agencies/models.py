"""Partnerships, agencies and people: who exists, and who belongs where."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.crypto import salted_hmac
from guardian.models import UserObjectPermissionBase

from agencies.roles import Container, RoleCode, codes_on, permissions_on


class UserManager(BaseUserManager["User"]):
    """Makes people. An address is kept in lower case, so that a person has one account however they type it."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        """Make a person who signs in with ``email``; without a password they cannot sign in yet."""
        user = self.model(email=self.normalize_email(email), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> User:
        """Make a site administrator."""
        return self.create_user(email, password, is_superuser=True, is_staff=True, **fields)

    @classmethod
    def normalize_email(cls, email: str | None) -> str:
        """The address without spaces around it, in lower case."""
        return (email or "").strip().lower()

    def get_by_natural_key(self, username: str | None) -> User:
        """The person with this address, in whatever case it is written."""
        return self.get(email=self.normalize_email(username))


class User(AbstractBaseUser, PermissionsMixin):
    """A person with an account. ``is_staff`` (the admin door) follows from memberships and is never typed."""

    email = models.EmailField("e-mail address", unique=True)
    name = models.CharField(max_length=200)
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField("may enter Django admin", default=False, editable=False)
    access_version = models.PositiveIntegerField(default=1, editable=False)
    joined_at = models.DateTimeField(default=timezone.now, editable=False)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        ordering = ("name", "pk")
        verbose_name = "person"
        verbose_name_plural = "people"
        constraints = (
            models.CheckConstraint(condition=Q(email=Lower("email")), name="addresses_are_kept_in_lower_case"),
        )

    def __str__(self) -> str:
        return self.name or self.email

    def get_full_name(self) -> str:
        """The name as the person writes it."""
        return self.name

    def get_short_name(self) -> str:
        """The same: names are never taken apart."""
        return self.name

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        # The access version is raised when access changes, which ends every session of the person at once.
        value = f"{self.password}:{self.access_version}"
        return salted_hmac("agencies.User.session", value, secret=secret, algorithm="sha256").hexdigest()


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

    class Meta:
        ordering = ("name",)
        verbose_name_plural = "agencies"
        default_permissions = ()
        permissions = permissions_on(Container.AGENCY)
        constraints = (models.UniqueConstraint("partnership", Lower("name"), name="agency_name_once_in_a_partnership"),)

    def __str__(self) -> str:
        return self.name


class AgencyName(models.Model):
    """Another name by which plans call an agency: a former name, an abbreviation, a variant."""

    class Kind(models.TextChoices):
        FORMER = "former", "Former name"
        SHORT = "short", "Abbreviation"
        VARIANT = "variant", "Also written"

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="names")
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.VARIANT)

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


class Membership(models.Model):
    """A person's role at one agency or in one partnership, from ``on`` until it ended. Never deleted."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="memberships")
    agency = models.ForeignKey(Agency, null=True, blank=True, on_delete=models.PROTECT, related_name="memberships")
    partnership = models.ForeignKey(
        Partnership, null=True, blank=True, on_delete=models.PROTECT, related_name="memberships"
    )
    role = models.CharField(max_length=30, choices=RoleCode)
    on = models.DateField()
    until = models.DateField(null=True, blank=True)
    recorded_at = models.DateTimeField(default=timezone.now)
    recorded_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("on", "pk")
        default_permissions = ()
        constraints = (
            models.CheckConstraint(
                condition=Q(agency__isnull=False, partnership__isnull=True, role__in=codes_on(Container.AGENCY))
                | Q(agency__isnull=True, partnership__isnull=False, role__in=codes_on(Container.PARTNERSHIP)),
                name="a_membership_is_of_one_container_that_takes_its_role",
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=models.F("on")),
                name="a_membership_ends_after_it_began",
            ),
            models.UniqueConstraint(
                fields=("user", "agency"), condition=Q(until__isnull=True), name="one_live_role_at_an_agency"
            ),
            models.UniqueConstraint(
                fields=("user", "partnership"), condition=Q(until__isnull=True), name="one_live_role_in_a_partnership"
            ),
        )

    def __str__(self) -> str:
        return f"{self.user}: {self.get_role_display()}, {self.agency or self.partnership}"


class AgencyUserPermission(UserObjectPermissionBase):
    """guardian's row: this person holds this permission on this agency. The shadow of a membership."""

    content_object = models.ForeignKey(Agency, on_delete=models.CASCADE)

    class Meta(UserObjectPermissionBase.Meta):
        default_permissions = ()


class PartnershipUserPermission(UserObjectPermissionBase):
    """guardian's row: this person holds this permission on this partnership. The shadow of a membership."""

    content_object = models.ForeignKey(Partnership, on_delete=models.CASCADE)

    class Meta(UserObjectPermissionBase.Meta):
        default_permissions = ()


class AuditEntry(models.Model):
    """One thing that somebody did: ids and codes only, no words of a case, no foreign keys, never changed."""

    at = models.DateTimeField(default=timezone.now)
    event = models.CharField(max_length=60)
    actor = models.CharField(max_length=40)
    partnership_id = models.BigIntegerField(null=True)
    about_kind = models.CharField(max_length=40)
    about_id = models.BigIntegerField(null=True)
    detail = models.JSONField(default=dict)

    class Meta:
        ordering = ("-at", "-pk")
        verbose_name_plural = "audit entries"
        default_permissions = ()
        indexes = (
            models.Index(fields=("about_kind", "about_id"), name="audit_by_what_it_is_about"),
            models.Index(fields=("partnership_id", "-at"), name="audit_by_partnership"),
        )

    def __str__(self) -> str:
        return f"{self.event} {self.about_kind} {self.about_id}"

    @property
    def words(self) -> str:
        """The event as a page says it: "membership.granted" is "Membership granted"."""
        return self.event.replace(".", " ").replace("_", " ").capitalize()
