"""Who sees to an action at its agency: what a lead is asked."""

from __future__ import annotations

from typing import Any, cast

from django import forms

from portal.forms.base import PortalForm
from reviews import parts


class OwnerForm(PortalForm):
    """One of the agency's people, one of its contacts, or nobody yet."""

    says_optional = False

    owner = forms.ChoiceField(
        label="Who sees to it?",
        required=False,
        help_text="Reminders go to them if they have an account. Their name stays inside your agency, and with the "
        "coordinator and the group.",
        error_messages={"invalid_choice": "Choose one of those who are listed. Somebody may have left meanwhile."},
    )

    def __init__(self, *args: Any, offered: dict[str, dict[str, Any]], **options: Any) -> None:
        """``offered`` comes from ``parts.could_own``."""
        super().__init__(*args, **options)
        choices = [(key, parts.owner_words(who)) for key, who in offered.items()]
        cast("forms.ChoiceField", self.fields["owner"]).choices = choices
