"""The forms by which the Strategic Group's decisions on an action are recorded."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from django import forms

from agencies.roles import Permission
from agencies.typed_days import Day
from agencies.verb_pages import VerbForm
from reviews import policies, sign_off
from reviews.interest import interests, why_not_alone
from reviews.models import Action
from reviews.reading.claims import claims_on
from reviews.statuses import Decision

DECIDED_AT = "The meeting and its date, or whose chair's action it was."


class DecisionForm(VerbForm):
    """What every decision says: the day, and where it was taken."""

    permission = Permission.RECORD_DECISION
    group = "Decide"
    to_list = True
    once = True
    above = "admin/reviews/action/before_deciding.html"
    decision: Decision
    verb: ClassVar[Callable[..., object]]
    about: Action

    decided_at = forms.CharField(label="Decided at", help_text=DECIDED_AT, max_length=300)
    on = Day(label="On")

    @classmethod
    def is_offered(cls, about: Action) -> bool:
        """Where the action stands so that it can be decided."""
        return not policies.why_not_decide(about, cls.decision)

    def prepare(self) -> None:
        """Today is the likeliest day."""
        self.initial.setdefault("on", self.today)

    def shown_above(self) -> dict[str, Any]:
        """What the agencies claim, and who has an interest."""
        return {
            "claims": claims_on(self.about, self.by),
            "interests": interests(self.about),
            "why_not_alone": why_not_alone(self.about, self.by),
        }

    def carry_out(self) -> None:
        """Record it."""
        type(self).verb(action=self.about, by=self.by, **self.cleaned_data)


class SignOffForm(DecisionForm):
    """Agree that it is complete."""

    slug = "sign-off"
    heading = "Sign off"
    button = "Sign off"
    lead = "The Strategic Group agrees that this action is complete."
    done = "The action is signed off."
    decision = Decision.SIGNED_OFF
    verb = staticmethod(sign_off.sign_off)


class ReasonedForm(DecisionForm):
    """A decision that the agencies read the reason of."""

    reason = forms.CharField(
        label="Reason", help_text="The agencies read this.", widget=forms.Textarea(attrs={"rows": 4})
    )
    field_order = ("reason", "decided_at", "on")


class SendBackForm(ReasonedForm):
    """Return a claim."""

    slug = "send-back"
    heading = "Return to the agency"
    button = "Return it"
    lead = "The Strategic Group does not agree yet. The action is in progress again and its target date counts."
    done = "The claim is returned."
    decision = Decision.RETURNED
    verb = staticmethod(sign_off.send_back)


class ReopenForm(ReasonedForm):
    """Take back that it is closed."""

    slug = "reopen"
    heading = "Reopen"
    button = "Reopen it"
    lead = "The action is taken up again, for example because the change did not hold."
    done = "The action is open again."
    decision = Decision.REOPENED
    verb = staticmethod(sign_off.reopen)


class NotPursueForm(ReasonedForm):
    """Decide that it will not be done."""

    slug = "not-pursue"
    heading = "Do not pursue"
    button = "Record that it will not be done"
    lead = "The Strategic Group decides that this action will not be done."
    done = "The action is not pursued."
    decision = Decision.NOT_PURSUED
    verb = staticmethod(sign_off.not_pursue)
