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

HANDED_OVER = (
    "The actions that the person sees to and what they have begun go to this colleague; those of a restricted review "
    "only if the colleague is named to read it."
)


def who_takes_over(label: str, help_text: str = HANDED_OVER) -> forms.ModelChoiceField:
    """A colleague; whom to offer the form knows."""
    rows = Membership.objects.none()
    return forms.ModelChoiceField(
        label=label, queryset=rows, required=False, empty_label="Nobody yet", help_text=help_text
    )


class Handing(VerbForm):
    """Says what hangs on the role, and asks who takes it over."""

    about: Membership

    def prepare(self) -> None:
        """Offer the colleagues who write for the place too, where there is something to take over."""
        work = leaving.work_of(self.about, seen_by=self.by)
        owned, place = len(work.owned) + work.unread, self.about.container
        hangs = [
            f"Actions that they see to: {owned}." if owned else "",
            f"Drafts not sent yet: {work.drafts}." if work.drafts else "",
            f"This is the last lead of {place}: invite another first." if work.is_last_lead else "",
            f"This is the last coordinator of {place}: invite another first." if work.is_last_coordinator else "",
        ]
        self.lead = " ".join([self.lead, *filter(None, hangs)]).strip()  # type: ignore[misc]  # said of this row
        if work.has_any:
            cast("forms.ModelChoiceField[Membership]", self.fields["to"]).queryset = leaving.heirs_of(self.about)
        else:
            del self.fields["to"]


class ChangeRole(Handing):
    """Give a member another role in the same place."""

    slug = "change-role"
    heading = "Change the role"
    permission = Permission.MANAGE_PEOPLE
    done = "The role is changed."

    role = forms.ChoiceField(label="New role")
    to = who_takes_over("Who takes over, if they do not report any more?")

    @classmethod
    def is_offered(cls, about: Membership) -> bool:
        """While the membership lasts."""
        return about.until is None

    def prepare(self) -> None:
        """Offer the roles that they may grant here."""
        super().prepare()
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
        return leaving.change_role(membership=self.about, by=self.by, **self.cleaned_data)


class EndMembership(Handing):
    """End what a person may do here, and say who takes over."""

    slug = "end"
    heading = "End this membership"
    button = "End it now"
    lead = "The person is signed out and loses what this role permits at once. What they wrote stays."
    permission = Permission.MANAGE_PEOPLE
    done = "The membership has ended."

    to = who_takes_over("Who takes over?")

    @classmethod
    def is_offered(cls, about: Membership) -> bool:
        """While the membership lasts."""
        return about.until is None

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
