"""Taking back and returning: each asks for nothing but the reason."""

from __future__ import annotations

from portal.forms.base import PortalForm
from portal.forms.fields import WordsField
from reviews.models.dated import LONGEST_REASON


def reason(label: str, *, read_by: str, missing: str) -> WordsField:
    """A question for a reason, with who will read it, and what is said when there is none."""
    return WordsField(
        label=label,
        max_length=LONGEST_REASON,
        rows=3,
        help_text=f"{read_by} reads this.",
        error_messages={"required": missing},
    )


EVERYBODY = "Everybody with a part in this action"


class WithdrawForm(PortalForm):
    """Why evidence is taken back."""

    reason = reason("Why is it withdrawn?", read_by=EVERYBODY, missing="Say why this evidence is withdrawn.")


class TakeBackForm(PortalForm):
    """Why an update is taken back."""

    reason = reason("Why do you take it back?", read_by=EVERYBODY, missing="Say why this update is taken back.")


class ReturnForm(PortalForm):
    """Why an update goes back to its author."""

    reason = reason("What is still wanted?", read_by="Only its author", missing="Say what is still wanted.")
