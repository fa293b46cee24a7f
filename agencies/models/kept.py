"""What was typed and could not be taken in."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class KeptForm(models.Model):
    """A form that came without a session, kept for whoever opened it until it is sent and taken.

    It is nobody else's to read, and is forgotten after a week, or a day after they saw it. It has no page and no
    history of its own.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    address = models.CharField(max_length=200)
    typed = models.JSONField()
    kept_at = models.DateTimeField()
    shown_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()
        constraints = (models.UniqueConstraint(fields=("user", "address"), name="kept_once_a_person_and_form"),)

    def __str__(self) -> str:
        return f"{self.address}, kept {self.kept_at:%Y-%m-%d}"
