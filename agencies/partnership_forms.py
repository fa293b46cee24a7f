"""The form by which coordinators and site administrators say what their partnership is called."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django import forms

from agencies import partnerships
from agencies.models import Partnership
from agencies.roles import Permission
from agencies.verb_pages import VerbForm

if TYPE_CHECKING:
    from django.db.models import Field


def _most(name: str) -> int | None:
    return cast("Field[Any, Any]", Partnership._meta.get_field(name)).max_length


class DescribePartnership(VerbForm):
    """Say what the partnership and its group are called, and whom people write to."""

    slug = "describe"
    heading = "Names and address for questions"
    lead = "Every paper prints these names, and every mail gives the address."
    permission = Permission.EDIT_PLAN
    once = True
    about: Partnership

    name = forms.CharField(label="Name of the partnership", max_length=_most("name"))
    group_name = forms.CharField(
        label="Name of its Strategic Group",
        max_length=_most("group_name"),
        help_text="As papers call it, such as Violence Against Women and Girls Strategic Group.",
    )
    contact_email = forms.EmailField(
        label="Address for questions",
        max_length=_most("contact_email"),
        required=False,
        help_text="One that somebody reads while you are away. Agencies find it in every mail.",
    )

    def prepare(self) -> None:
        """What is so now stands there."""
        for name in partnerships.FACTS:
            self.initial.setdefault(name, getattr(self.about, name))

    def carry_out(self) -> None:
        """Keep it."""
        partnerships.describe(partnership=self.about, by=self.by, **self.cleaned_data)
