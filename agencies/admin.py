"""Partnerships, agencies and people, as coordinators, the Strategic Group and site administrators read them."""

from __future__ import annotations

from typing import Any, ClassVar, cast

from django import forms
from django.contrib import admin
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest

from agencies import admin_logs, memberships, succession
from agencies.agency_forms import AddAgency, DescribeAgency
from agencies.models import Agency, AgencyName, Contact, Membership, Partnership, Succession, User
from agencies.partnership_forms import DescribePartnership
from agencies.permissions import objects_for
from agencies.person_forms import (
    CloseAccount,
    DeletePerson,
    EndAdministration,
    ReopenAccount,
    ResetSecondStep,
    UntieAccount,
)
from agencies.roles import ROLES, Container, Permission
from agencies.scoped_admin import ForSiteAdministrators, ScopedAdmin, ScopedInline
from agencies.scoped_lists import RelatedOnly
from agencies.typed_days import Day
from agencies.verb_pages import VerbForm

#: Importing the logs registers their pages too.
__all__ = ["AgencyAdmin", "PartnershipAdmin", "PersonAdmin", "SuccessionAdmin", "admin_logs"]

LIVE = Q(memberships__until__isnull=True)


class GiveRole(VerbForm):
    """Give somebody who has an account a role here."""

    slug = "give-role"
    heading = "Give somebody a role"
    button = "Give the role"
    permission = Permission.MANAGE_PEOPLE
    done = "The role is given."

    person = forms.ModelChoiceField(queryset=User.objects.none())
    role = forms.ChoiceField()
    on = Day(label="From")

    @classmethod
    def is_offered(cls, about: Agency | Partnership) -> bool:
        """While it exists."""
        return not getattr(about, "closed_on", None)

    def prepare(self) -> None:
        """Offer the people whom the giver sees, and the roles that they may grant here."""
        people = User.objects.filter(is_active=True).exclude(pk=self.by.pk)
        if not self.by.is_superuser:
            seen = objects_for(self.by, Permission.MANAGE_PEOPLE, Membership)
            people = people.filter(memberships__in=seen).distinct()
        kind = Container.AGENCY if isinstance(self.about, Agency) else Container.PARTNERSHIP
        field = cast("forms.ModelChoiceField[User]", self.fields["person"])
        field.queryset = people
        field.label_from_instance = _with_address  # type: ignore[method-assign,assignment]
        self.fields["role"].choices = [  # type: ignore[attr-defined]
            (code, role.code.label)
            for code, role in ROLES.items()
            if role.on == kind and memberships.may_grant(self.by, code, self.about)
        ]
        self.initial.setdefault("on", self.today)

    def carry_out(self) -> None:
        """Grant it."""
        data = self.cleaned_data
        memberships.grant(user=data["person"], role=data["role"], container=self.about, by=self.by, on=data["on"])


class DeleteAgency(VerbForm):
    """Take away an agency that was entered by mistake."""

    slug = "entered-by-mistake"
    heading = "Delete: entered by mistake"
    button = "Delete the agency"
    lead = "Only while nothing is known of it: no action, no person, no former name. It cannot be brought back."
    permission = Permission.EDIT_PLAN
    done = "The agency is deleted."

    def carry_out(self) -> None:
        """Delete it."""
        succession.delete(agency=self.about, by=self.by)


def _with_address(person: User) -> str:
    """Two people may have one name."""
    return f"{person.name} ({person.email})"


@admin.register(Partnership)
class PartnershipAdmin(ScopedAdmin):
    """The partnerships that one oversees."""

    list_display = ("name", "code", "group_name", "chasing_paused")
    search_fields = ("name",)
    verbs: ClassVar[tuple[type[VerbForm], ...]] = (DescribePartnership, GiveRole)


class NamesInline(ScopedInline):
    """What plans call the agency."""

    model = AgencyName
    view_permission = Permission.READ_AGENCY
    fields = ("name", "kind", "since", "until")


class ContactsInline(ScopedInline):
    """People at the agency without an account."""

    model = Contact
    view_permission = Permission.READ_AGENCY


class MembersInline(ScopedInline):
    """People at the agency with an account."""

    model = Membership
    view_permission = Permission.READ_PEOPLE
    fields = ("user", "role", "on", "until")


@admin.register(Agency)
class AgencyAdmin(ScopedAdmin):
    """The agencies of a partnership."""

    view_permission = Permission.READ_AGENCY
    list_display = ("name", "kind", "partnership", "members", "closed_on")
    list_filter = (("partnership", RelatedOnly), "kind")
    list_select_related = ("partnership",)
    search_fields = ("name", "names__name")
    inlines = (NamesInline, MembersInline, ContactsInline)
    adding = AddAgency
    verbs = (GiveRole, DescribeAgency, DeleteAgency)
    change_form_template = "admin/agencies/agency/change_form.html"

    def change_view(self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None) -> Any:
        """The agency, with the ways to its people, to how its updates go out, and to see the portal as they do."""
        found = self.object_or_404(request, object_id)
        asked = {"may_see_as": Permission.SEE_AS, "may_manage": Permission.MANAGE_PEOPLE}
        may = {name: self._may(request, permission, found) for name, permission in asked.items()}
        return super().change_view(request, object_id, form_url, {**may, **(extra_context or {})})

    def get_queryset(self, request: HttpRequest) -> QuerySet[Agency]:
        """With the number of people who belong there now."""
        return super().get_queryset(request).annotate(members=Count("memberships", filter=LIVE))

    @admin.display(description="people with an account", ordering="members")
    def members(self, agency: Any) -> int:
        """How many people belong there now."""
        return int(agency.members)


@admin.register(Succession)
class SuccessionAdmin(ScopedAdmin):
    """Which agency took over from which."""

    list_display = ("predecessor", "successor", "on")
    list_select_related = ("predecessor", "successor")


@admin.register(User)
class PersonAdmin(ForSiteAdministrators):
    """People with an account. Addresses, passwords and factors are changed by their owners only."""

    list_display = ("name", "email", "is_active", "administers", "may_enter_admin", "last_login")
    list_filter = ("is_active",)
    search_fields = ("name", "email")
    fields = ("name", "email", "is_active", "administers", "joined_at", "last_login")
    verbs = (ResetSecondStep, EndAdministration, CloseAccount, ReopenAccount, UntieAccount, DeletePerson)

    @admin.display(description="site administrator", boolean=True, ordering="is_superuser")
    def administers(self, person: User) -> bool:
        """Whether they administer the site."""
        return person.is_superuser

    @admin.display(description="may enter the admin site", boolean=True, ordering="is_staff")
    def may_enter_admin(self, person: User) -> bool:
        """Whether a role opens the admin door to them."""
        return person.is_staff
