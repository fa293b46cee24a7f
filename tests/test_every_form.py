"""Every form, each of its fields in turn given what nobody should type: words and the right code, nothing half kept.

A run spreads all of it over all the forms, a value or a few in each field. ``EXAMPLES=all`` tries many of them in each,
and goes as everybody. ``test_bad_input`` then does what nobody has thought of.
"""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from allauth.account.models import EmailAddress
from django.db import connection
from django.test import Client
from django.urls import reverse

from agencies import invitations
from agencies.models import User
from agencies.roles import RoleCode
from reviews.models import Draft
from reviews.statuses import Status
from tests import nasty
from tests.examples import is_thorough
from tests.factories import a_draft
from tests.filling import TOKEN, Filled, filled_forms
from tests.sending import asked_for, pages
from tests.test_bad_input import ROLES
from tests.trying import Trying
from tests.walking import admin_urls
from tests.world import World

#: Into so many tests is each walk divided, so that workers share it.
PARTS = 12 if is_thorough() else 6
in_parts = pytest.mark.parametrize("part", range(PARTS))


def places(world: World) -> list[tuple[User | None, str]]:
    """Every page with whom it is for; in a thorough run with everybody there is."""
    here = world.here
    lists = {url for url, row in admin_urls(here) if row is None}
    found = [*pages(here), *((here.people.coordinator, url) for url in sorted(lists)), *more_places(world)]
    found = [(who, url) for who, url in found if not url.startswith(("/health/", "/accounts/logout"))]
    if is_thorough():
        everybody = [None, world.stranger, world.superuser, *(getattr(here.people, role) for role in ROLES)]
        found += [(who, url) for url in sorted({url for _, url in found}) for who in everybody]
    return list(dict.fromkeys(found))


def more_places(world: World) -> Iterator[tuple[User | None, str]]:
    """Pages of which the walks of other tests need not know who fills in their forms."""
    here = world.here
    police, member, lead = here.agencies.police, here.people.member, here.people.lead
    EmailAddress.objects.create(user=lead, email=lead.email, verified=True, primary=True)  # for a second step
    new = invitations.invite(
        email="new@example.org", role=RoleCode.AGENCY_MEMBER, container=police, by=here.people.lead
    )
    yield None, reverse("invitation", args=[invitations.make_link(new)])
    answers = {"progress": "Half a thought", "next_steps": "The other half", "status": Status.IN_PROGRESS}
    draft = a_draft(here.plans.of_police_overdue, police, member, kind=Draft.Kind.OWN, answers=answers)
    yield member, f"{reverse('action-check', args=[draft.action_id])}?agency={police.pk}"
    yield from ((world.superuser, url) for url, row in admin_urls(here) if url.startswith("/admin/agencies/user/"))


def forms_here(trying: Trying, found: list[tuple[User | None, str]]) -> Iterator[tuple[Client, Filled, int]]:
    """Each form on these pages, with how many values to try in each field; in a thorough run for each person."""
    seen: set[tuple[str, ...]] = set()
    by_whom = set()
    for who, url in found:
        client = trying.browser_of(who)
        for form in filled_forms(client, url):
            if form.key in seen and (not is_thorough() or (form.key, who) in by_whom):
                continue
            yield client, form, most_in_a_field() if form.key not in seen else 1
            seen.add(form.key)
            by_whom.add((form.key, who))


def most_in_a_field() -> int:
    """How many of the values that fit no kind of field are tried in each."""
    if not is_thorough():
        return 1
    return 12 if connection.vendor == "sqlite" else 4


def share(found: list[tuple[User | None, str]], part: int) -> list[tuple[User | None, str]]:
    """The pages of one test, each page whole."""
    urls = sorted({url for _, url in found})
    mine = set(urls[part::PARTS])
    return [(who, url) for who, url in found if url in mine]


@in_parts
def test_no_field_of_a_form_takes_what_it_cannot_keep(part: int, world: World) -> None:
    found = share(places(world), part)
    trying = Trying()
    for client, form, most in forms_here(trying, found):
        where = " ".join(form.key[:2])
        for name, kind in form.kinds.items():
            if name != TOKEN:
                for value in nasty.for_a_field(kind, name, where, most):
                    trying.send(client, form.method, form.to, form.said | {name: value}, form.url)
        trying.send(client, form.method, form.to, dict.fromkeys(nasty.POSTED_INSIDE, "") | form.said, form.url)
        for name in nasty.spread(nasty.POSTED_INSIDE, where, most):
            for value in nasty.spread(nasty.INSIDE, f"{where} {name}", 1):
                trying.send(client, form.method, form.to, form.said | {name: value}, form.url)
    assert not trying.wrong, "\n".join(trying.wrong)
    assert trying.sent > 50, "forms were found"
    assert trying.done > trying.sent / 10, "most forms are carried out where the one value is none of their business"


@in_parts
def test_no_parameter_of_a_page_takes_what_it_cannot_look_for(part: int, world: World) -> None:
    found = share(places(world), part)
    trying, seen = Trying(), set()
    for who, url in found:
        client = trying.browser_of(who)
        most = 1 if url in seen else most_in_a_field()
        seen.add(url)
        own = {name for to, name in asked_for(client, [url]) if to == urlsplit(url).path}
        for value in ("", "9" * 19):
            trying.send(client, "get", url, dict.fromkeys(nasty.ASKED_INSIDE, value))
        for name in sorted({*own, *nasty.spread(nasty.ASKED_INSIDE, url, most)}):
            for value in nasty.spread(nasty.INSIDE, f"{url} {name}", 1):
                trying.send(client, "get", url, {name: value})
    assert not trying.wrong, "\n".join(trying.wrong)
    assert trying.sent > 100


def test_the_walk_comes_to_what_is_not_open_to_everybody_at_any_time(world: World) -> None:
    found = [*more_places(world), (world.here.people.lead, reverse("mfa_activate_totp"))]
    found += [(world.here.people.member, reverse("action-update", args=[world.here.plans.of_police.pk]))]
    names = {form.key[1] for _, form, _ in forms_here(Trying(), found)}
    assert {"invitation", "action-check", "action-draft", "mfa_activate_totp"} <= names
    assert any(name.startswith("admin:agencies_user_") for name in names)
