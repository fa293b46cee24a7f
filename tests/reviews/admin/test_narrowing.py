"""Filters of lists at 200 agencies: typed and found among what one oversees, with and without scripts."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from agencies import finding
from agencies.models import Agency
from tests.test_wall_posts import everything
from tests.walking import admin_pages, is_silent
from tests.world import MARKER, Side, World

pytestmark = pytest.mark.django_db
ACTIONS, PARTS = "admin:reviews_action_changelist", "admin:reviews_assignment_changelist"
#: The list, the parameter of its filter by agency, and what the filter goes by in an address of Django's own making.
BY_AGENCY = [(ACTIONS, "agency"), (PARTS, "agency__id__exact")]


@pytest.fixture
def here(world: World, client: Client) -> Side:
    """The side whose coordinator is signed in."""
    client.force_login(world.here.people.coordinator)
    return world.here


@pytest.fixture
def many(here: Side) -> list[Agency]:
    """200 agencies more, numbered."""
    rows = [Agency(partnership=here.partnership, name=f"Trust {number:03}x") for number in range(200)]
    return Agency.objects.bulk_create(rows)


def look(client: Client, page: str, name: str, words: str, **more: Any) -> Any:
    return client.get(page, {"look_in": name, "look_for": words, **more})


@pytest.mark.parametrize(("name", "parameter"), BY_AGENCY)
def test_a_few_agencies_stand_there_as_links_and_200_are_typed_and_found(
    name: str, parameter: str, here: Side, client: Client, request: pytest.FixtureRequest
) -> None:
    page = reverse(name)
    few = client.get(page).content.decode()
    assert f"?{parameter}={here.agencies.police.pk}" in few
    assert "look_for" not in few
    many = request.getfixturevalue("many")
    shown = client.get(page).content.decode()
    assert many[7].name not in shown
    assert f'data-finds="{parameter}"' in shown
    assert "agencies/finding.js" in shown
    assert client.get(page, {"finds": parameter, "words": "trust 00"}).json()["fit"][:2] == ["Trust 000x", "Trust 001x"]
    answer = look(client, page, parameter, "borough police", p="3")
    assert answer.url == f"{page}?{parameter}={here.agencies.police.pk}"
    listed = client.get(answer.url)
    assert listed.context["cl"].result_count > 0
    assert 'class="selected"' in listed.content.decode().split(f'value="{parameter}"')[1].split("</details>")[0]
    assert here.agencies.police.name in listed.content.decode()


def test_what_fits_several_is_chosen_from_links_and_what_fits_none_is_said(
    here: Side, client: Client, many: list[Agency]
) -> None:
    page = reverse(ACTIONS)
    several = look(client, page, "agency", "trust 01", status__exact="in_progress").content.decode()
    assert "12 fit what you typed. Choose one of them." in several
    assert f'href="?status__exact=in_progress&amp;agency={many[10].pk}"' in several or (
        f'href="?agency={many[10].pk}&amp;status__exact=in_progress"' in several
    )
    assert 'value="trust 01"' in several
    assert "look_" not in "".join(part.split('"')[0] for part in several.split('href="')[1:])
    for words, sentence in (("nowhere", "Nothing here fits"), ("trust", "More than 50 fit")):
        answer = look(client, page, "agency", words)
        assert sentence in answer.content.decode()
        assert answer.context["cl"].result_count == client.get(page).context["cl"].result_count
    assert look(client, page, "agency", " ", agency=many[3].pk, status__exact="in_progress").url == (
        f"{page}?status__exact=in_progress"
    )


def test_the_lists_cost_the_same_at_200_agencies(
    here: Side, client: Client, many: list[Agency], django_assert_max_num_queries: Any
) -> None:
    for name, parameter in BY_AGENCY:
        for asked in ({}, {parameter: here.agencies.police.pk}):
            with django_assert_max_num_queries(20):
                page = client.get(reverse(name), asked)
            assert page.content.decode().count("Trust ") == 0


def test_nothing_of_the_twin_is_found_or_offered_by_any_filter(
    world: World, here: Side, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(finding, "MOST_OPTIONS", 0)
    before, names = everything(), 0
    for _, _, prefix in admin_pages():
        page = client.get(reverse(f"{prefix}changelist"))
        if page.status_code != 200:
            continue
        assert is_silent(page)
        for spec in page.context["cl"].filter_specs:
            name = getattr(spec, "finds", "")
            if not name:
                continue
            names += 1
            url = reverse(f"{prefix}changelist")
            for words in (MARKER, MARKER[:5]):
                assert client.get(url, {"finds": name, "words": words}).json() == {"fit": []}
                answer = look(client, url, name, words)
                assert (answer.status_code, "Nothing here fits" in answer.content.decode()) == (200, True), (url, name)
    assert names > 10
    assert everything() == before


@pytest.mark.parametrize("name", ["nonsense", "status", "agency__name__contains", "", "agency\x00", "9" * 40])
def test_what_is_no_filter_finds_nothing(name: str, here: Side, client: Client) -> None:
    page = reverse(PARTS)
    assert client.get(page, {"finds": name or "x", "words": "police"}).status_code in (200, 302)
    assert look(client, page, name, "police").status_code == 302
