"""Who was asked by mail to take a role."""

from __future__ import annotations

import datetime as dt

from django.db import models
from django.db.models import Q
from django.utils import timezone

from agencies.models.belonging import IN_ONE_CONTAINER
from agencies.models.bodies import Agency, Partnership
from agencies.models.people import User
from agencies.roles import RoleCode

#: What is open, and given with the place itself; to the panels of several reviews one may be invited at a time.
_OPEN_TO_THE_PLACE = Q(accepted_at__isnull=True, withdrawn_at__isnull=True) & ~Q(role=RoleCode.PANEL_READER)
#: A role on one review is offered by the partnership; the layer above keeps on which.
_OF_A_PANEL = Q(agency__isnull=True, partnership__isnull=False, role=RoleCode.PANEL_READER)
#: For how long a link opens.
LASTS = dt.timedelta(days=7)


class Invitation(models.Model):
    """An address was asked to take a role at an agency or in a partnership. Open until it is accepted or withdrawn.

    ``asked_at`` is when it was last asked for; a week later its links open no more, and it can be asked for again.
    """

    class State(models.TextChoices):
        WAITING = "waiting", "Invited"
        EXPIRED = "expired", "Invitation has run out"
        ACCEPTED = "accepted", "Accepted"
        WITHDRAWN = "withdrawn", "Withdrawn"

    email = models.EmailField("e-mail address")
    agency = models.ForeignKey(Agency, null=True, blank=True, on_delete=models.PROTECT, related_name="invitations")
    partnership = models.ForeignKey(
        Partnership, null=True, blank=True, on_delete=models.PROTECT, related_name="invitations"
    )
    role = models.CharField(max_length=30, choices=RoleCode)
    recorded_at = models.DateTimeField(default=timezone.now)
    recorded_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)
    accepted_at = models.DateTimeField(null=True, blank=True)
    accepted_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-asked_at", "-pk")
        default_permissions = ()
        constraints = (
            models.CheckConstraint(
                condition=IN_ONE_CONTAINER | _OF_A_PANEL,
                name="an_invitation_is_to_one_container_that_takes_its_role",
            ),
            models.UniqueConstraint(
                fields=("email", "agency"),
                condition=Q(accepted_at__isnull=True, withdrawn_at__isnull=True),
                name="one_open_invitation_to_an_agency",
            ),
            models.UniqueConstraint(
                fields=("email", "partnership"),
                condition=_OPEN_TO_THE_PLACE,
                name="one_open_invitation_to_a_partnership",
            ),
            models.CheckConstraint(
                condition=Q(accepted_at__isnull=True) | Q(withdrawn_at__isnull=True),
                name="an_invitation_is_accepted_or_withdrawn",
            ),
        )

    def __str__(self) -> str:
        return f"{self.email}: {self.get_role_display()}, {self.container}"

    @property
    def container(self) -> Agency | Partnership:
        """Where the role is held."""
        return self.agency or self.partnership  # type: ignore[return-value]  # the database holds that one is there

    @property
    def expires_at(self) -> dt.datetime:
        """From when on none of its links opens."""
        return self.asked_at + LASTS

    def state(self, now: dt.datetime) -> Invitation.State:
        """What has become of it."""
        if self.accepted_at:
            return self.State.ACCEPTED
        if self.withdrawn_at:
            return self.State.WITHDRAWN
        return self.State.WAITING if now < self.expires_at else self.State.EXPIRED


class InvitationLink(models.Model):
    """A link that stands in one mail. Its secret was made while that mail was built; only its hash is kept."""

    invitation = models.ForeignKey(Invitation, on_delete=models.CASCADE, related_name="links")
    hash = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"link of invitation {self.invitation_id}"
