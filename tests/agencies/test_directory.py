"""Agencies are added by hand, and said what they are; a name means one of them."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from agencies import directory, succession
from agencies.models import Agency, AgencyKind, AgencyName, AuditEntry
from agencies.refusals import Refused
from tests.world import Side, World, days

ADD = "admin:agencies_agency_add"


@pytest.fixture
def here(world: World) -> Side:
    return world.here


def add(here: Side, name: str, **facts: object) -> Agency:
    return directory.add_agency(
        **{"partnership": here.partnership, "name": name, "kind": "charity", "by": here.people.coordinator} | facts
    )


def test_an_agency_is_added_with_its_kind_and_other_names(here: Side, world: World) -> None:
    new = add(here, "  Borough  Refuge ", other_names=["BR", "The Refuge", "br", "Borough Refuge", " "])
    assert (new.name, new.kind) == ("Borough Refuge", AgencyKind.CHARITY)
    assert set(new.names.values_list("name", "kind")) == {("BR", "short"), ("The Refuge", "variant")}
    entry = AuditEntry.objects.get(event="agency.added")
    assert (entry.about_id, entry.partnership_id, entry.detail) == (new.pk, here.partnership.pk, {"kind": "charity"})
    assert add(here, "Refuge", by=world.superuser)


def test_a_name_that_is_known_is_refused_with_what_to_do(here: Side, world: World) -> None:
    AgencyName.objects.create(agency=here.agencies.council, name="Social Services")
    succession.rename(agency=here.agencies.school, name="Hillside Academy", by=here.people.coordinator, on=days(-9))
    closed = here.agencies.former_group.name
    refusals = {
        "borough police": "already an agency called Borough Police. Use that one.",
        closed: "which no longer exists. If this is another body",
        "social services": f"Social Services is another name of {here.agencies.council}. Use that one.",
        "Hillside School": "is a former name of Hillside Academy.",
        " ": "at least one letter",
        "x" * 201: "at most 200",
    }
    for name, words in refusals.items():
        with pytest.raises(Refused, match=words) as refused:
            add(here, name)
        assert refused.value.field == "name"
    with pytest.raises(Refused, match="Use that one") as refused:
        add(here, "Refuge", other_names=["Social Services"])
    assert refused.value.field == "other_names"
    with pytest.raises(Refused, match="at most 100 other names"):
        add(here, "Refuge", other_names=[f"Refuge {number}" for number in range(101)])
    assert not Agency.objects.filter(name="Refuge").exists(), "nothing is half added"
    assert add(here, world.there.agencies.police.name), "beside the wall the name is free"


@pytest.mark.parametrize("who", ["lead", "member_of_group", "chair", "partnership_observer"])
def test_only_coordinators_and_site_administrators_add_and_describe(who: str, here: Side, world: World) -> None:
    for by in (getattr(here.people, who), world.there.people.coordinator):
        with pytest.raises(PermissionDenied):
            add(here, "Refuge", by=by)
        with pytest.raises(PermissionDenied):
            directory.describe(agency=here.agencies.police, kind="police", other_names=[], by=by)


def test_a_guessed_kind_and_the_other_names_are_mended_at_the_admin_site(here: Side, client: Client) -> None:
    client.force_login(here.people.coordinator)
    school = here.agencies.school
    AgencyName.objects.create(agency=school, name="Hilside")
    AgencyName.objects.create(agency=school, name="Hill Primary", kind=AgencyName.Kind.FORMER, until=days(-500))
    page = reverse("admin:agencies_agency_describe", args=[school.pk])
    shown = client.get(page).context["form"]
    assert shown.initial["other_names"] == "Hilside"
    sent = {"kind": "charity", "other_names": "HS\r\nHillside", "seen": shown.seen}
    assert client.post(page, sent).status_code == 302
    school.refresh_from_db()
    assert school.kind == AgencyKind.CHARITY
    assert {(row.name, row.kind) for row in school.names.all()} == {
        ("HS", "short"), ("Hillside", "variant"), ("Hill Primary", "former"),
    }  # fmt: skip
    assert "You did something else here since" in client.post(page, sent).content.decode()


def test_an_agency_is_added_at_the_admin_site_once(here: Side, world: World, client: Client) -> None:
    client.force_login(here.people.coordinator)
    assert reverse(ADD) in client.get(reverse("admin:agencies_agency_changelist")).content.decode()
    form = client.get(reverse(ADD)).context["form"]
    assert form.initial["partnership"] == here.partnership.pk
    sent = {
        "partnership": here.partnership.pk,
        "name": "Refuge",
        "kind": "charity",
        "other_names": "",
        "press": form.mark,
    }
    for _ in range(2):
        made = client.post(reverse(ADD), sent)
        agency = Agency.objects.get(name="Refuge")
        assert made.headers["Location"] == reverse("admin:agencies_agency_change", args=[agency.pk])
    again = client.post(reverse(ADD), {key: sent[key] for key in sent if key != "press"})
    assert "already an agency called Refuge" in again.content.decode()
    client.force_login(here.people.chair)
    assert client.get(reverse(ADD)).status_code == 403


def test_what_was_added_by_mistake_is_deleted_with_its_names(here: Side) -> None:
    mistake = add(here, "Refuje", other_names=["RFJ"])
    succession.delete(agency=mistake, by=here.people.coordinator)
    assert not AgencyName.objects.filter(name="RFJ").exists()
