"""Memberships in Django admin. The forms stand in this layer, as whoever leaves leaves work behind."""

from __future__ import annotations

from typing import Any, ClassVar, cast

from django import forms
from django.contrib import admin

from agencies import memberships
from agencies.models import Membership
from agencies.roles import ROLES, Container, Permission
from agencies.scoped_admin import ScopedAdmin
from agencies.scoped_lists import RelatedOnly
from agencies.verb_pages import VerbForm
from reviews import leaving


class ChangeRole(VerbForm):
    """Give a member another role in the same place."""

    slug = "change-role"
    heading = "Change the role"
    permission = Permission.MANAGE_PEOPLE
    done = "The role is changed."
    about: Membership

    role = forms.ChoiceField(label="New role")

    @classmethod
    def is_offered(cls, about: Membership) -> bool:
        """While the membership lasts."""
        return about.until is None

    def prepare(self) -> None:
        """Offer the roles that they may grant here."""
        kind = Container.AGENCY if self.about.agency_id else Container.PARTNERSHIP
        cast("forms.ChoiceField", self.fields["role"]).choices = [
            (code, role.code.label)
            for code, role in ROLES.items()
            if role.on == kind
            and code != self.about.role
            and memberships.may_grant(self.by, code, self.about.container)
        ]

    def carry_out(self) -> Membership:
        """Change it; the page of the new membership comes next."""
        return leaving.change_role(membership=self.about, role=self.cleaned_data["role"], by=self.by)


class EndMembership(VerbForm):
    """End what a person may do here, and say who takes over."""

    slug = "end"
    heading = "End this membership"
    button = "End it now"
    lead = "The person is signed out and loses what this role permits at once. What they wrote stays."
    permission = Permission.MANAGE_PEOPLE
    done = "The membership has ended."
    about: Membership

    to = forms.ModelChoiceField(
        label="Who takes over?",
        queryset=Membership.objects.none(),
        required=False,
        empty_label="Nobody yet",
        help_text="The actions that the person sees to and what they have begun go to this colleague; those of a "
        "restricted review only if the colleague is named to read it.",
    )

    @classmethod
    def is_offered(cls, about: Membership) -> bool:
        """While the membership lasts."""
        return about.until is None

    def prepare(self) -> None:
        """Offer the colleagues who report for the agency; in a partnership nothing is handed over."""
        if self.about.agency_id is None:
            del self.fields["to"]
        else:
            cast("forms.ModelChoiceField[Membership]", self.fields["to"]).queryset = leaving.heirs_of(self.about)

    def carry_out(self) -> None:
        """End it."""
        leaving.leave(membership=self.about, by=self.by, to=self.cleaned_data.get("to"))


@admin.register(Membership)
class MembershipAdmin(ScopedAdmin):
    """Who belongs where, and who did."""

    view_permission = Permission.READ_PEOPLE
    list_display = ("user", "role", "where", "on", "until")
    list_filter = (("agency", RelatedOnly), ("partnership", RelatedOnly), "role", "until")
    list_select_related = ("user", "agency", "partnership")
    search_fields = ("user__name", "user__email")
    verbs: ClassVar[Any] = (ChangeRole, EndMembership)

    @admin.display(description="at")
    def where(self, membership: Membership) -> str:
        """The agency or partnership."""
        return str(membership.agency or membership.partnership)
