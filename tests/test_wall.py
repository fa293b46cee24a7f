"""The wall: whoever oversees one partnership sees nothing of its twin by any way through the admin.

Everything in the twin carries a marker word; here it is looked for in every answer. What is posted is tried in
``test_wall_posts``.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import reverse

from agencies.models import User
from agencies.roles import RoleCode
from agencies.scoped_admin import ScopedAdmin, ScopedInline
from tests.factories import a_member, join
from tests.walking import admin_pages, admin_urls, is_silent, row_of
from tests.world import MARKER, Side, World

Overseer = Callable[[Side], User]
OVERSEERS: dict[str, Overseer] = {
    "coordinator": lambda side: side.people.coordinator,
}


@pytest.fixture(params=OVERSEERS)
def signed_in(request: pytest.FixtureRequest, world: World, client: Client) -> Client:
    """An overseer of the partnership here, at the admin site."""
    client.force_login(OVERSEERS[request.param](world.here))
    return client


def test_every_admin_page_and_inline_is_scoped() -> None:
    for model_admin in admin.site._registry.values():
        assert isinstance(model_admin, ScopedAdmin), model_admin
        for inline in model_admin.inlines:
            assert issubclass(inline, ScopedInline), inline


def test_what_is_looked_for_can_be_found(world: World, client: Client) -> None:
    """The twin has a row of every kind and its lists show the marker: else silence would prove nothing."""
    client.force_login(world.superuser)
    silent = {model for model, _, prefix in admin_pages() if is_silent(client.get(reverse(f"{prefix}changelist")))}
    assert not silent


def test_lists_in_every_order_and_way_are_silent(world: World, signed_in: Client) -> None:
    for _, _, prefix in admin_pages():
        url = reverse(f"{prefix}changelist")
        for asked in ("", "?o=-1.2", "?all=&p=1", "?p=99", "?_popup=1&_to_field=id&_facets=True", "?e=1"):
            assert is_silent(signed_in.get(url + asked)), url + asked


def test_every_filter_offers_and_finds_nothing_of_the_twin(world: World, signed_in: Client) -> None:
    for _, model_admin, prefix in admin_pages():
        url = reverse(f"{prefix}changelist")
        page = signed_in.get(url)
        if page.status_code != 200:
            continue  # the list of people, which is the site administrators'
        offered = set(re.findall(r'href="(\?[^"]*)"', page.content.decode()))
        for link in sorted(offered):
            assert is_silent(signed_in.get(url + html.unescape(link))), url + link
        for item in model_admin.list_filter:
            if not isinstance(item, tuple):
                continue
            field = model_admin.model
            for part in item[0].split("__"):
                field = field._meta.get_field(part).related_model
            foreign = signed_in.get(url, {f"{item[0]}__id__exact": row_of(field, world.there).pk})
            nothing = signed_in.get(url, {f"{item[0]}__id__exact": 10**9})
            assert is_silent(foreign), (url, item)
            assert found_by(foreign) == found_by(nothing), (url, item)


def found_by(page: Any) -> int | None:
    """How many rows the list has found; None where it sent the asker on."""
    return page.context["cl"].result_count if page.status_code == 200 else None


def test_search_finds_nothing_of_the_twin(world: World, signed_in: Client) -> None:
    for _, model_admin, prefix in admin_pages():
        url = reverse(f"{prefix}changelist")
        page = signed_in.get(url, {"q": MARKER})
        if page.status_code == 200 and model_admin.search_fields:
            assert page.context["cl"].result_count == 0, url
        assert is_silent(signed_in.get(url, {"q": "a"})), url


@pytest.mark.either
@pytest.mark.parametrize(
    "typed",
    [
        "review__partnership__name__startswith=",
        "partnership__name__contains=",
        "agency__partnership__contact_email__startswith=",
        "action__review__partnership__code=",
        "recorded_by__password__startswith=",
        "user__password__startswith=",
        "user__memberships__agency__name__contains=",
        "name__contains=",
        "nonsense=",
    ],
)
def test_typed_lookups_are_refused_whatever_they_would_find(typed: str, world: World, signed_in: Client) -> None:
    for _, _, prefix in admin_pages():
        url = reverse(f"{prefix}changelist")
        codes = {signed_in.get(f"{url}?{typed}{word}").status_code for word in (MARKER, "Haringey", "a")}
        assert codes <= {400, 403}, url
        assert len(codes) == 1, url


@pytest.mark.either
def test_the_twins_rows_are_the_same_404_as_missing_ones(world: World, signed_in: Client) -> None:
    for url, row in admin_urls(world.there):
        if row is None:
            continue
        missing = url.replace(f"/{row.pk}/", "/999999999/")
        for asked in (url, f"{url}?_popup=1&_to_field=id", f"{url}?_changelist_filters=q%3D"):
            foreign, nothing = signed_in.get(asked), signed_in.get(asked.replace(url, missing))
            assert (foreign.status_code, nothing.status_code) == (404, 404), asked
            assert without_secrets(foreign) == without_secrets(nothing), asked
            assert is_silent(foreign), asked


def without_secrets(response: Any) -> str:
    """The page without what differs from one request to the next."""
    return re.sub(r'(nonce|value)="[^"]*"', "", response.content.decode())


@pytest.mark.either
def test_ones_own_rows_and_forms_say_nothing_of_the_twin(world: World, signed_in: Client) -> None:
    for url, _ in admin_urls(world.here):
        for asked in (url, f"{url}?_popup=1"):
            assert is_silent(signed_in.get(asked)), asked


def test_a_form_takes_no_first_value_from_its_address(world: World, signed_in: Client) -> None:
    for url, row in admin_urls(world.here):
        if row is None:
            typed = {"partnership": world.there.partnership.pk, "review": world.there.plans.published.pk}
            assert signed_in.get(url, typed).status_code in (200, 400, 403), url
            assert is_silent(signed_in.get(url, typed)), url


def test_autocomplete_offers_nothing_of_the_twin(world: World, signed_in: Client) -> None:
    asked = 0
    for model, _, _ in admin_pages():
        for field in (*model._meta.fields, *model._meta.many_to_many):
            if not field.is_relation:
                continue
            query = {"app_label": model._meta.app_label, "model_name": model._meta.model_name, "field_name": field.name}
            for term in ("", "a", MARKER):
                answer = signed_in.get(reverse("admin:autocomplete"), query | {"term": term})
                assert answer.status_code in (200, 403, 404), query
                assert is_silent(answer), query
                asked += answer.status_code == 200
    assert asked, "some relation is searched"


def test_autocomplete_does_not_search_in_people(world: World, signed_in: Client) -> None:
    query = {"app_label": "agencies", "model_name": "membership", "field_name": "user"}
    assert signed_in.get(reverse("admin:autocomplete"), query | {"term": ""}).status_code == 403


def test_the_first_pages_are_silent(world: World, signed_in: Client) -> None:
    for url in (reverse("admin:index"), *(reverse("admin:app_list", args=[app]) for app in ("agencies", "reviews"))):
        page = signed_in.get(url)
        assert page.status_code == 200
        assert is_silent(page), url
    text = signed_in.get(reverse("admin:index")).content.decode()
    assert world.here.plans.restricted.title in text
    assert "recent-actions" not in text


def test_other_addresses_give_nothing_away(world: World, signed_in: Client) -> None:
    there = world.there
    for path in (
        f"r/1/{there.partnership.pk}/",
        f"reviews/review/{there.plans.published.pk}/",
        f"reviews/review/{there.plans.published.pk}/delete/",
        f"reviews/review/{there.plans.published.pk}/change",
        f"agencies/agency/{there.agencies.police.pk}/permissions/",
        f"agencies/user/{there.people.lead.pk}/password/",
        f"reviews/action/{there.plans.of_police.pk}%00/change/",
        "reviews/action/export/",
        "reviews/action/import/",
        "auth/group/",
    ):
        answer = signed_in.get(reverse("admin:index") + path, follow=True)
        assert answer.status_code == 404, path
        assert is_silent(answer), path


@pytest.mark.either
def test_the_wall_stands_for_the_groups_people_as_well(world: World, client: Client) -> None:
    """They have the same door with other permissions; every list and every row of either side, in one walk."""
    for person in (world.here.people.chair, world.here.people.member_of_group):
        client.force_login(person)
        for url, _ in (*admin_urls(world.here), (reverse("admin:index"), None)):
            assert is_silent(client.get(url)), (person, url)
        for url, row in admin_urls(world.there):
            answer = client.get(url)
            assert row is None or answer.status_code == 404, (person, url)
            assert is_silent(answer), (person, url)


def test_who_oversees_two_partnerships_reads_both_labelled_and_acts_in_each_by_its_own_role(
    world: World, client: Client
) -> None:
    here, there = world.here, world.there
    both = a_member(RoleCode.COORDINATOR, here.partnership, name="Bo Thoms")
    join(both, RoleCode.GROUP_MEMBER, there.partnership)
    client.force_login(both)
    for url in (reverse("admin:index"), reverse("review-list")):
        page = client.get(url).content.decode()
        assert here.partnership.name in page, url
        assert there.partnership.name in page, url
    for side, allowed in ((here, 200), (there, 403)):
        row = side.plans.of_police
        assert client.get(reverse("admin:reviews_action_change", args=[row.pk])).status_code == 200
        assert client.get(reverse("admin:reviews_action_assign", args=[row.pk])).status_code == allowed
    offered = client.get(reverse("admin:reviews_action_assign", args=[here.plans.of_police.pk]))
    assert MARKER not in str(offered.context["form"]), "no agency of one partnership is offered to the other's action"


def test_who_is_of_agencies_in_two_partnerships_finds_the_actions_of_both(world: World, client: Client) -> None:
    both = a_member(RoleCode.AGENCY_MEMBER, world.here.agencies.police)
    join(both, RoleCode.AGENCY_OBSERVER, world.there.agencies.police)
    client.force_login(both)
    page = client.get(reverse("action-list")).content.decode()
    for side, may_update in ((world.here, 200), (world.there, 403)):
        assert side.agencies.police.name in page
        assert side.plans.published.reference in page
        assert client.get(reverse("action-update", args=[side.plans.of_police.pk])).status_code == may_update
        assert client.get(reverse("action-detail", args=[side.plans.of_health.pk])).status_code == 404
