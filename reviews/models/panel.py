"""Who was asked to read a review as its panel does."""

from __future__ import annotations

from django.db import models

from agencies.models import Invitation
from reviews.models.review import Review


class PanelInvitation(models.Model):
    """Which review an invitation opens, and until when; without a day, until the review is published."""

    invitation = models.OneToOneField(Invitation, on_delete=models.PROTECT, related_name="panel")
    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="panel_invitations")
    ends_on = models.DateField("may read until", null=True, blank=True)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.invitation.email}, {self.review}"
