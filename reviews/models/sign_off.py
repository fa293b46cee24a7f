"""What the Strategic Group decided of an action."""

from __future__ import annotations

from django.db import models

from agencies.days import in_words
from reviews.models.action import Action
from reviews.models.dated import Dated
from reviews.statuses import Decision


class SignOff(Dated):
    """One decision on a whole action: signed off, carried over from a plan, returned, reopened, not pursued."""

    action = models.ForeignKey(Action, on_delete=models.PROTECT, related_name="sign_offs")
    decision = models.CharField(max_length=20, choices=Decision)
    reason = models.TextField("reason, as the agencies read it", blank=True)
    decided_at = models.CharField("meeting or chair's action", max_length=300, blank=True)

    def __str__(self) -> str:
        return f"{self.get_decision_display()}, {in_words(self.on)}"
