"""ScopedAdmin by itself: what a new admin page is refused for, how a verb's refusal is shown, who reads people."""

from __future__ import annotations

from unittest import mock

import pytest
from django.contrib import admin
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.db import OperationalError
from django.test import Client
from django.urls import reverse
from django.utils.html import escape

from agencies.admin_site import OversightSite
from agencies.models import Agency, Membership
from agencies.refusals import Refused
from agencies.roles import RoleCode
from agencies.scoped_admin import ScopedAdmin, ScopedInline
from agencies.scoped_lists import RelatedOnly
from reviews.models import Action, Assignment, Review
from tests.factories import TODAY, a_person
from tests.world import World


class PlainInline(admin.TabularInline):
    """Django's, which knows no wall."""

    model = Assignment


class GoodInline(ScopedInline):
    """Ours."""

    model = Assignment


def errors_of(**attributes: object) -> set[str]:
    """The ids of what ``manage.py check`` says of an admin of actions with these attributes."""
    wrong = type("TriedAdmin", (ScopedAdmin,), attributes)(Action, admin.site)
    return {error.id for error in wrong.check()}


@pytest.mark.parametrize(
    ("attributes", "expected"),
    [
        ({"list_filter": ("review",)}, {"agencies.E010"}),
        ({"list_filter": ("review__partnership__name",)}, {"agencies.E010"}),
        ({"list_filter": (("review", admin.RelatedFieldListFilter),)}, {"agencies.E010"}),
        ({"list_filter": (("review", admin.RelatedOnlyFieldListFilter),)}, {"agencies.E010"}),
        ({"list_filter": (("text", admin.AllValuesFieldListFilter),)}, {"agencies.E010"}),
        ({"list_filter": ("text",)}, {"agencies.E010"}),
        ({"inlines": (PlainInline,)}, {"agencies.E011"}),
        ({"list_display": ("pk", "text"), "list_editable": ("text",)}, {"agencies.E012"}),
        ({"actions": ("delete_selected",)}, {"agencies.E012"}),
        ({"list_filter": ("status", "target_date", ("review", RelatedOnly)), "inlines": (GoodInline,)}, set()),
    ],
)
def test_an_admin_page_that_opens_the_wall_is_an_error_of_the_check(
    attributes: dict[str, object], expected: set[str]
) -> None:
    assert errors_of(**attributes) == expected


def test_the_site_takes_no_admin_that_is_not_scoped() -> None:
    site = OversightSite()
    with pytest.raises(ImproperlyConfigured, match="ScopedAdmin"):
        site.register(Agency)
    with pytest.raises(ImproperlyConfigured, match="ScopedAdmin"):
        site.register([Agency], admin.ModelAdmin)
    assert not site.is_registered(Agency)
    site.register(Agency, ScopedAdmin)
    assert site.is_registered(Agency)


def test_djangos_ways_of_writing_are_shut() -> None:
    own = admin.site.get_model_admin(Review)
    for way in ("save_model", "save_formset", "save_related", "delete_model", "delete_queryset"):
        with pytest.raises(PermissionDenied):
            getattr(own, way)(None, None, None, None)


def the_page(membership: Membership, verb: str) -> str:
    return reverse(f"admin:agencies_membership_{verb}", args=[membership.pk])


def test_a_verbs_refusal_is_an_error_on_the_same_form(world: World, client: Client) -> None:
    client.force_login(world.here.people.coordinator)
    url = reverse("admin:agencies_agency_give_role", args=[world.here.agencies.police.pk])
    data = {"person": world.here.people.member.pk, "role": RoleCode.AGENCY_LEAD, "on": "2026-03-01"}
    answer = client.post(url, data)
    assert answer.status_code == 200
    assert "already Agency member" in answer.content.decode()
    assert world.here.people.member.memberships.filter(role=RoleCode.AGENCY_LEAD).count() == 0


def test_two_who_wait_for_one_another_are_asked_to_press_again(world: World, client: Client) -> None:
    client.force_login(world.here.people.coordinator)
    url = reverse("admin:agencies_agency_describe", args=[world.here.agencies.police.pk])
    ended = OperationalError("deadlock detected")
    ended.__cause__ = type("Cause", (Exception,), {"sqlstate": "40P01"})()
    with mock.patch("agencies.directory.describe", side_effect=ended):
        answer = client.post(url, {"kind": "police", "other_names": ""})
    assert answer.status_code == 200
    assert "Press again." in answer.content.decode()


def test_a_refusal_about_a_field_stands_at_the_field(world: World, client: Client) -> None:
    client.force_login(world.here.people.coordinator)
    url = reverse("admin:agencies_agency_give_role", args=[world.here.agencies.police.pk])
    data = {"person": world.here.people.health_lead.pk, "role": RoleCode.AGENCY_MEMBER, "on": "2999-01-01"}
    assert "in the future" in str(client.post(url, data).context["form"].errors["on"])


def test_each_problem_is_told_first_and_leads_to_where_it_is_mended(world: World, client: Client) -> None:
    client.force_login(world.here.people.coordinator)
    urls = (
        reverse("admin:agencies_agency_give_role", args=[world.here.agencies.police.pk]),
        reverse("admin:reviews_review_describe", args=[world.here.plans.published.pk]),
    )
    for url in urls:
        answer = client.post(url, {"on": "the 31st", "published_on": "the 31st"})
        page, form = answer.content.decode(), answer.context["form"]
        told = form.problems()
        assert len(told) == sum(len(errors) for errors in form.errors.values()) > 1
        for target, words in told:
            assert f'<a href="#{target}">{escape(words)}</a>' in page
            assert f'id="{target}"' in page


@pytest.mark.parametrize("raised", [PermissionDenied("x"), Refused("Not now.", field="no such field")])
def test_what_a_verb_raises_is_shown_and_not_a_broken_page(
    raised: Exception, world: World, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(**_: object) -> None:
        raise raised

    monkeypatch.setattr("agencies.memberships.end", refuse)
    client.force_login(world.here.people.coordinator)
    answer = client.post(the_page(world.here.people.member.memberships.get(), "end"))
    assert answer.status_code == 200
    assert answer.context["form"].non_field_errors() == [
        "Not now."
        if isinstance(raised, Refused)
        else "You may not do this here. Ask the coordinator of the partnership."
    ]


def test_a_coordinator_gives_changes_and_ends_roles(world: World, client: Client) -> None:
    here = world.here
    client.force_login(here.people.coordinator)
    url = reverse("admin:agencies_agency_give_role", args=[here.agencies.police.pk])
    assert (
        client.post(
            url, {"person": here.people.health_lead.pk, "role": "agency_member", "on": TODAY.isoformat()}
        ).status_code
        == 302
    )
    given = here.people.health_lead.memberships.get(agency=here.agencies.police)
    assert (given.role, given.recorded_by) == ("agency_member", here.people.coordinator)
    assert client.post(the_page(given, "change_role"), {"role": "agency_observer"}).status_code == 302
    changed = here.people.health_lead.memberships.get(agency=here.agencies.police, until__isnull=True)
    assert changed.role == "agency_observer"
    assert client.post(the_page(changed, "end")).status_code == 302
    changed.refresh_from_db()
    assert changed.until is not None
    history = client.get(reverse("admin:agencies_membership_history", args=[changed.pk])).content.decode()
    assert "Membership ended" in history
    assert str(here.people.coordinator) in history


def test_only_people_whom_one_manages_are_offered(world: World, client: Client) -> None:
    outsider = a_person()
    url = reverse("admin:agencies_agency_give_role", args=[world.here.agencies.police.pk])
    client.force_login(world.here.people.coordinator)
    offered = set(client.get(url).context["form"].fields["person"].queryset)
    assert world.here.people.health_lead in offered
    assert not offered & {outsider, world.stranger, world.superuser, world.here.people.coordinator}
    client.force_login(world.superuser)
    assert outsider in client.get(url).context["form"].fields["person"].queryset


def test_people_are_read_by_site_administrators_only_and_without_what_opens_doors(world: World, client: Client) -> None:
    url = reverse("admin:agencies_user_change", args=[world.here.people.lead.pk])
    client.force_login(world.here.people.coordinator)
    assert client.get(url).status_code == 404
    client.force_login(world.superuser)
    page = client.get(url).content.decode()
    assert world.here.people.lead.email in page
    for field in ("is_staff", "is_superuser", "groups", "user_permissions", "password", "access_version"):
        assert f"field-{field}" not in page


def test_history_says_who_did_what_from_the_audit(world: World, client: Client) -> None:
    client.force_login(world.here.people.coordinator)
    membership = world.here.people.leaver.memberships.get()
    page = client.get(reverse("admin:agencies_membership_history", args=[membership.pk])).content.decode()
    assert "Membership granted" in page
    assert "Membership ended" in page
    assert "the portal" in page


def test_a_row_is_found_where_the_address_names_no_field_to_look_in(world: World, client: Client) -> None:
    client.force_login(world.here.people.coordinator)
    address = reverse("admin:agencies_agency_change", args=[world.here.agencies.police.pk])
    for field, code in (("", 200), ("id", 200), ("name", 400)):
        assert client.get(address, {"_to_field": field}).status_code == code


@pytest.mark.parametrize(
    "after", ["x", "", "home", "//evil.example", "https://evil.example/", "\\\\evil.example", "\0"]
)
def test_sign_in_of_the_admin_site_leads_to_addresses_here_only(after: str, world: World, client: Client) -> None:
    client.force_login(world.here.people.coordinator)
    answer = client.get(reverse("admin:login"), {"next": after})
    assert (answer.status_code, answer.url) == (302, reverse("admin:index"))
    there = reverse("admin:agencies_agency_changelist") + "?q=police"
    assert client.get(reverse("admin:login"), {"next": there}).url == there


def test_the_way_to_all_rows_is_shown_only_where_some_were_left_out(world: World, client: Client) -> None:
    client.force_login(world.here.people.coordinator)
    for name in ("agency", "auditentry", "membership"):
        address = reverse(f"admin:agencies_{name}_changelist")
        assert "Show all" not in client.get(address).content.decode()
        assert "Show all" in client.get(address, {"q": "police"}).content.decode()
    narrowed = {"kind__exact": "police"}
    assert "Show all" in client.get(reverse("admin:agencies_agency_changelist"), narrowed).content.decode()
    assert "Show all" not in client.get(reverse("admin:reviews_review_changelist")).content.decode()


def test_a_list_says_what_it_is_filtered_by_and_leaves_each_out(world: World, client: Client) -> None:
    client.force_login(world.here.people.coordinator)
    actions, review = reverse("admin:reviews_action_changelist"), world.here.plans.published
    asked = {"lateness": "overdue", "review__id__exact": review.pk}
    shown = client.get(actions, asked)
    used = {each.title: (each.chosen, each.without) for each in shown.context["cl"].narrowed_by()}
    assert {title: chosen for title, (chosen, _) in used.items()} == {"lateness": "Overdue", "review": str(review)}
    assert used["lateness"][1] == f"?review__id__exact={review.pk}"
    page = shown.content.decode()
    assert "Lateness: <strong>Overdue</strong>" in page
    assert '<details class="narrow">' in page, "folded: the rows come first"
    assert "Clear all filters" in page
    assert "Clear all filters" not in client.get(actions).content.decode()
