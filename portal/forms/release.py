"""What is asked of a lead who returns an update to its author."""

from __future__ import annotations

from portal.forms.base import PortalForm
from portal.forms.fields import WordsField


class ReturnForm(PortalForm):
    """Why it goes back."""

    reason = WordsField(
        label="What is still wanted?",
        max_length=500,
        rows=3,
        help_text="Only its author reads this.",
        error_messages={"required": "Say what is still wanted."},
    )
