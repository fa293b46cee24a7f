"""What is typed into any form of the portal outlives the session, and is offered to whoever typed it."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from lxml import html

from agencies import kept, memberships
from agencies.actors import EXAMPLE
from agencies.models import KeptForm, User
from agencies.refusals import Refused
from reviews import readers
from tests.factories import TODAY
from tests.portal.conftest import SignedIn
from tests.test_url_walk import PAGES
from tests.walking import ALL
from tests.world import Side, World

#: Pages with a form in which one types, whose words nobody could be given back, and why.
NOT_KEPT = {"invitation": "who opens it has no account yet, and chooses a password"}
TYPED = "input[@type='text' or @type='email' or @type='url' or @type='number' or not(@type)]"
KEPT = "We kept what you"


def typed_into(page: Any) -> Iterator[tuple[Any, dict[str, str]]]:
    """Each form of ``page`` that is posted and in which one types, with something for each place."""
    for form in html.fromstring(page.content.decode()).xpath("//form[@method='post']"):
        names = [place.name for place in form.xpath(f".//{TYPED} | .//textarea") if place.name]
        if names:
            yield form, {name: answer(form, name, number) for number, name in enumerate(names)}


def answer(form: Any, name: str, number: int) -> str:
    """Something that fits the place."""
    kind = form.inputs[name].get("type")
    if name.endswith(("_day", "_month", "_year")):
        return {"day": "7", "month": "May", "year": "2031"}[name.rpartition("_")[2]]
    return {"email": "kept@marker.example", "url": "https://marker.example/"}.get(kind, f"Kept words {number}")


def pages_with_a_form(side: Side, signed_in: SignedIn) -> Iterator[tuple[str, User, str, Any, dict[str, str]]]:
    """The name of each page in which one types, its owner, its address, the form, and what is typed into it."""
    own = {address.name for address in ALL}
    for name, page in PAGES.items():
        if page.method != "get" or name in NOT_KEPT or name not in own:
            continue
        owner, url = page.owner(side), reverse(name, kwargs=page.args(side))
        answered = signed_in(owner).get(url)
        if answered.status_code == 200 and answered.headers["Content-Type"].startswith("text/html"):
            for form, typed in typed_into(answered):
                yield name, owner, url, form, typed


def sent(form: Any, typed: dict[str, str]) -> dict[str, Any]:
    """Everything that a browser sends with what was typed."""
    told: dict[str, Any] = {}
    for name, value in form.form_values():
        told.setdefault(name, []).append(value)
    return told | typed


def test_every_form_in_which_one_types_is_kept_and_offered(world: World, signed_in: SignedIn) -> None:
    proved = set()
    for name, owner, url, form, typed in pages_with_a_form(world.here, signed_in):
        to = form.get("action") or ""
        answered = Client().post(url + to if to.startswith("?") else to or url, sent(form, typed), follow=True)
        assert answered.redirect_chain[-1][0].startswith(reverse("account_login")), name
        assert KEPT in answered.content.decode(), name
        back = signed_in(owner).get(url)
        shown = {place: (again.fields[place] or "").strip() for again, found in typed_into(back) for place in found}
        assert {place: shown.get(place) for place in typed} == typed, name
        proved.add(name)
    assert {
        *("action-update", "action-claim", "update-take-back", "submission-detail", "evidence-add"),
        *("evidence-withdraw", "people-agency-invite", "people-partnership-invite", "people-statement"),
        *("contact-add", "contact-change", "agency-rename", "agency-succeed", "agency-close"),
    } <= proved


def kept_at(client: Client, url: str, **typed: Any) -> None:
    """Open the form at ``url``, and send ``typed`` with it, without a session."""
    (form, _) = next(typed_into(client.get(url)))
    Client().post(url, sent(form, typed))


def test_nobody_else_is_offered_it_and_its_person_until_it_is_sent(world: World, signed_in: SignedIn) -> None:
    here = world.here
    url = reverse("people-agency-invite", args=[here.agencies.police.pk])
    kept_at(signed_in(here.people.lead), url, email="maya@example.org", role="agency_observer")
    assert "maya@example.org" not in signed_in(here.people.coordinator).get(url).content.decode()
    for _ in ("opened", "reloaded"):
        client = signed_in(here.people.lead)
        page = client.get(url)
        assert page.context["form"].initial == {"email": "maya@example.org", "role": "agency_observer"}
        assert "Nothing is saved yet" in page.content.decode()
    (form, _) = next(typed_into(page))
    assert client.post(url, sent(form, {"email": "no address"})).status_code == 200
    assert "maya@example.org" in client.get(url).content.decode(), "what was not taken may still be lost"
    assert client.post(url, sent(form, {})).status_code == 302
    assert client.get(url).context["form"].initial == {}
    assert not KeptForm.objects.exists()


def test_what_was_seen_is_offered_for_a_day(world: World, signed_in: SignedIn) -> None:
    url, lead = reverse("people-agency-invite", args=[world.here.agencies.police.pk]), world.here.people.lead
    kept_at(signed_in(lead), url, email="maya@example.org")
    now = timezone.now()
    for hours, is_there in ((0, True), (23, True), (25, False)):
        with time_machine.travel(now + dt.timedelta(hours=hours), tick=False):
            assert ("maya@example.org" in signed_in(lead).get(url).content.decode()) is is_there, hours
    kept.sweep(now=now + dt.timedelta(hours=25))
    assert not KeptForm.objects.exists()


@pytest.mark.parametrize("is_signed_in", [True, False])
def test_who_may_not_open_the_form_any_more_is_shown_her_words(
    world: World, signed_in: SignedIn, is_signed_in: bool
) -> None:
    here, lead = world.here, world.here.people.lead
    client, url = signed_in(lead), reverse("people-agency-invite", args=[here.agencies.police.pk])
    (form, _) = next(typed_into(client.get(url)))
    words = {"email": "maya@example.org"}
    memberships.end(membership=lead.memberships.get(until=None), by=EXAMPLE, on=TODAY)
    answered = (signed_in(lead) if is_signed_in else Client()).post(url, sent(form, words))
    assert answered.status_code == (404 if is_signed_in else 302)
    assert ("maya@example.org" in answered.content.decode()) is is_signed_in
    for _ in ("opened", "reloaded"):
        page = signed_in(lead).get(url)
        assert (page.status_code, "What you had written" in page.content.decode()) == (404, True)
        assert "maya@example.org" in page.content.decode()
    other = signed_in(here.people.member).get(url)
    assert "maya@example.org" not in other.content.decode()


def test_signing_in_anew_in_another_window_keeps_it_too(world: World) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(world.here.people.coordinator)
    url = reverse("people-statement", args=[world.here.partnership.pk])
    (form, _) = next(typed_into(browser.get(url)))
    answered = browser.post(url, sent(form, {"text": "Not a word.", "csrfmiddlewaretoken": "of another session"}))
    assert answered.headers["Location"] == url
    assert "Not a word." in browser.get(url).content.decode()


def test_a_statement_that_somebody_changed_meanwhile_is_shown_beside_it(world: World, signed_in: SignedIn) -> None:
    here = world.here
    url = reverse("people-statement", args=[here.partnership.pk])
    kept_at(signed_in(here.people.coordinator), url, text="Not a word.")
    seen = readers.mark_of(here.partnership)
    readers.word_statement(partnership=here.partnership, text="Be quiet.", by=here.people.coordinator, seen=seen)
    page = signed_in(here.people.coordinator).get(url).content.decode()
    assert "Not a word." in page
    assert re.search(r"It says now:.*Be quiet\.", page, re.S)
    with pytest.raises(Refused):
        readers.word_statement(partnership=here.partnership, text="Mine.", by=here.people.coordinator, seen=seen)


def test_what_is_sent_while_one_sees_as_an_agency_is_kept(world: World, signed_in: SignedIn) -> None:
    here = world.here
    client, url = signed_in(here.people.coordinator), reverse("people-statement", args=[here.partnership.pk])
    (form, _) = next(typed_into(client.get(url)))
    client.post(reverse("see-as", args=[here.agencies.police.pk]))
    answered = client.post(url, sent(form, {"text": "Not a word."}))
    assert (answered.status_code, "What you wrote is kept" in answered.content.decode()) == (403, True)
    client.post(reverse("see-as-end"))
    assert "Not a word." in client.get(url).content.decode()
