"""People with an account."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.crypto import salted_hmac


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

    #: The agency as whose people this person looks at the portal during this request: set by ``portal.seeing`` only.
    seeing_as: int | None = None

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


class FormerName(models.Model):
    """A name that a person had here until ``until``. What they did stands under their present one."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="former_names", verbose_name="person")
    name = models.CharField(max_length=200)
    until = models.DateTimeField()

    class Meta:
        ordering = ("until", "pk")
        default_permissions = ()

    def __str__(self) -> str:
        return self.name
