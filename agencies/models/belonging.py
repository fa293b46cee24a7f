"""Who belongs where, in which role, and who was asked to."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone
from guardian.models import UserObjectPermissionBase

from agencies.models.bodies import Agency, Partnership
from agencies.models.people import User
from agencies.roles import Container, RoleCode, codes_on

#: A role is held, or offered, in one container that takes it.
IN_ONE_CONTAINER = Q(agency__isnull=False, partnership__isnull=True, role__in=codes_on(Container.AGENCY)) | Q(
    agency__isnull=True, partnership__isnull=False, role__in=codes_on(Container.PARTNERSHIP)
)


class Membership(models.Model):
    """A person's role at one agency or in one partnership, from ``on`` until it ended. Never deleted.

    Twice a year its lead is asked (``asked_on``) whether everybody at an agency belongs there still (``confirmed_on``).
    """

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="memberships", verbose_name="person")
    agency = models.ForeignKey(Agency, null=True, blank=True, on_delete=models.PROTECT, related_name="memberships")
    partnership = models.ForeignKey(
        Partnership, null=True, blank=True, on_delete=models.PROTECT, related_name="memberships"
    )
    role = models.CharField(max_length=30, choices=RoleCode)
    on = models.DateField()
    until = models.DateField(null=True, blank=True)
    confirmed_on = models.DateField("said to belong still", null=True, blank=True)
    asked_on = models.DateField("lead asked whether they belong still", null=True, blank=True)
    recorded_at = models.DateTimeField(default=timezone.now)
    recorded_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("on", "pk")
        default_permissions = ()
        constraints = (
            models.CheckConstraint(
                condition=IN_ONE_CONTAINER, name="a_membership_is_of_one_container_that_takes_its_role"
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

    @property
    def container(self) -> Agency | Partnership:
        """Where the role is held."""
        return self.agency or self.partnership  # type: ignore[return-value]  # the database holds that one is there


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
