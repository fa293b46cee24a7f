"""What a partnership is called, and whom mails say to ask, is for its coordinator and site administrators to say."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from agencies import partnerships
from agencies.models import AuditEntry
from agencies.refusals import Refused
from tests.world import Side, World

SAID = {"name": "Haringey CSP", "group_name": "VAWG Strategic Group", "contact_email": "dhr@haringey.example"}


@pytest.fixture
def here(world: World) -> Side:
    return world.here


def test_names_and_address_are_said_at_the_admin_site(here: Side, client: Client) -> None:
    client.force_login(here.people.coordinator)
    page = reverse("admin:agencies_partnership_describe", args=[here.partnership.pk])
    assert page in client.get(reverse("admin:agencies_partnership_change", args=[here.partnership.pk])).content.decode()
    form = client.get(page).context["form"]
    assert form.initial["name"] == here.partnership.name
    sent = {**SAID, "seen": form.seen}
    assert client.post(page, sent).status_code == 302
    here.partnership.refresh_from_db()
    assert {name: getattr(here.partnership, name) for name in SAID} == SAID
    assert AuditEntry.objects.get(event="partnership.described").detail == {}, "no words in the audit"
    assert "You did something else here since" in client.post(page, sent).content.decode()


@pytest.mark.parametrize("who", ["lead", "member_of_group", "chair", "partnership_observer"])
def test_nobody_else_says_it(who: str, here: Side, world: World) -> None:
    for by in (getattr(here.people, who), world.there.people.coordinator):
        with pytest.raises(PermissionDenied):
            partnerships.describe(partnership=here.partnership, by=by, name="Ours")


@pytest.mark.parametrize(
    ("field", "words"),
    [
        ("name", ""),
        ("name", "x" * 201),
        ("group_name", "  "),
        ("contact_email", "nobody"),
        ("contact_email", "x" * 400),
    ],
)
def test_what_cannot_be_is_refused_with_its_field(field: str, words: str, here: Side) -> None:
    with pytest.raises(Refused) as refused:
        partnerships.describe(partnership=here.partnership, by=here.people.coordinator, **{field: words})
    assert refused.value.field == field


def test_no_address_is_an_answer(here: Side) -> None:
    partnerships.describe(partnership=here.partnership, by=here.people.coordinator, contact_email="")
    here.partnership.refresh_from_db()
    assert here.partnership.contact_email == ""
