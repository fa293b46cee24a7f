"""Evidence by itself: given, opened, withdrawn, through the pages."""

from __future__ import annotations

import pytest
from django.core.files.storage import default_storage
from django.test import Client

from agencies.models import AuditEntry
from reviews.models import Action, Evidence
from tests.portal.conftest import SignedIn
from tests.portal.test_progress import PDF, a_pdf, problems
from tests.world import World


@pytest.fixture
def action(world: World) -> Action:
    """An action that police and health lead jointly."""
    return world.here.plans.joint


@pytest.fixture
def client(world: World, signed_in: SignedIn) -> Client:
    """Somebody of the police."""
    return signed_in(world.here.people.member)


@pytest.fixture
def given(client: Client, action: Action) -> Evidence:
    """A file that the police gave."""
    client.post(f"/actions/{action.pk}/evidence/add/", {"file": a_pdf("Übung “März”.pdf")})
    return Evidence.objects.get(kind="file")


def test_evidence_is_added_by_itself(client: Client, action: Action, given: Evidence) -> None:
    assert given.agency.name == "Borough Police"
    client.post(f"/actions/{action.pk}/evidence/add/", {"where_held": "Cabinet 4, Ms Secret", "title": "Minutes"})
    held = Evidence.objects.get(kind="held")
    assert (held.where_held, held.title) == ("Cabinet 4, Ms Secret", "Minutes")


def test_nothing_at_all_is_no_evidence(client: Client, action: Action) -> None:
    assert "Choose a file, give a link" in problems(client.post(f"/actions/{action.pk}/evidence/add/", {}))


def test_beside_a_bad_file_the_good_one_waits(client: Client, action: Action) -> None:
    page = client.post(f"/actions/{action.pk}/evidence/add/", {"file": [a_pdf(), a_pdf("bad.pdf", b"no")]})
    assert "not what its name says" in problems(page)
    assert "register.pdf" in page.content.decode()
    assert not Evidence.objects.filter(kind="file").exists()
    client.post(f"/actions/{action.pk}/evidence/add/", {"token": page.context["form"]["token"].value()})
    assert Evidence.objects.get(kind="file").title == "register.pdf"


def test_a_file_is_handed_over_and_never_shown(client: Client, given: Evidence) -> None:
    page = client.get(f"/evidence/{given.pk}/file/")
    assert b"".join(page.streaming_content) == PDF
    assert page.headers["Content-Disposition"].startswith("attachment;")
    assert "%C3%9Cbung" in page.headers["Content-Disposition"]
    assert page.headers["Content-Type"] == "application/pdf"
    assert page.headers["X-Content-Type-Options"] == "nosniff"
    assert page.headers["Content-Security-Policy"] == "sandbox"
    assert {part.strip() for part in page.headers["Cache-Control"].split(",")} == {"private", "no-store"}


def test_that_a_file_was_opened_is_kept(client: Client, world: World, given: Evidence) -> None:
    assert b"".join(client.get(f"/evidence/{given.pk}/file/").streaming_content) == PDF
    entry = AuditEntry.objects.get(event="evidence.opened")
    assert entry.actor == f"user:{world.here.people.member.pk}"
    assert entry.detail == {"evidence": given.pk}


def test_a_file_opens_to_its_agency_and_the_overseers_alone(world: World, signed_in: SignedIn, given: Evidence) -> None:
    people, address = world.here.people, f"/evidence/{given.pk}/file/"
    for user, code in (
        (people.observer, 200),
        (people.coordinator, 200),
        (people.chair, 200),
        (people.health_lead, 403),
        (people.council_observer, 403),
        (people.leaver, 404),
        (world.stranger, 404),
        (world.there.people.lead, 404),
        (world.there.people.coordinator, 404),
    ):
        page = signed_in(user).get(address)
        assert page.status_code == code, user
        if code == 200:
            assert b"".join(page.streaming_content) == PDF
    assert AuditEntry.objects.filter(event="evidence.opened").count() == 3


def test_a_link_has_no_file(client: Client, world: World) -> None:
    page = client.get(f"/evidence/{world.here.plans.evidence.pk}/file/", follow=True)
    assert "There is no file to open here." in page.content.decode()


def test_a_file_that_is_gone_is_said_kindly(client: Client, given: Evidence) -> None:
    default_storage.delete(given.file.name)
    page = client.get(f"/evidence/{given.pk}/file/", follow=True)
    assert "cannot be found any more" in page.content.decode()


def test_evidence_is_withdrawn_with_a_reason_and_opens_no_more(client: Client, given: Evidence) -> None:
    address = f"/evidence/{given.pk}/withdraw/"
    assert "Say why" in problems(client.post(address, {"reason": " "}))
    page = client.post(address, {"reason": "Names a witness"}, follow=True)
    assert "Names a witness" in page.content.decode()
    assert client.get(f"/evidence/{given.pk}/file/").status_code == 404
    assert client.post(address, {"reason": "Again"}).status_code == 404


def test_only_its_agency_and_the_coordinator_withdraw_evidence(
    world: World, signed_in: SignedIn, given: Evidence
) -> None:
    people, address = world.here.people, f"/evidence/{given.pk}/withdraw/"
    for user, code in (
        (people.observer, 403),
        (people.chair, 403),
        (people.health_lead, 403),
        (world.stranger, 404),
        (world.there.people.coordinator, 404),
        (people.coordinator, 302),
    ):
        assert signed_in(user).post(address, {"reason": "A mistake"}).status_code == code, user
