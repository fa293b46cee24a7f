"""Contacts on the People page, and what they report with the mail in which they did."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from agencies.models import Contact
from agencies.refusals import Refused
from reviews import evidence, progress
from reviews.models import Evidence
from reviews.progress import Report
from reviews.statuses import Status
from reviews.uploads import checked
from tests.factories import TODAY, a_member
from tests.outlook import compound, message
from tests.portal.conftest import SignedIn
from tests.world import Side, World

pytestmark = pytest.mark.either

MAIL = b"From: Ines Whitlock <head@school.example>\r\nDate: Mon, 2 Mar 2026 09:00:00 +0000\r\n\r\nDone.\r\n"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504
OUTLOOK = compound(message())


@pytest.fixture
def here(world: World) -> Side:
    return world.here


def file(name: str, content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def test_contacts_are_noted_on_the_people_page(here: Side, signed_in: SignedIn) -> None:
    client = signed_in(here.people.coordinator)
    page = reverse("people-agency", args=[here.agencies.school.pk])
    assert "Ines Whitlock" in client.get(page).content.decode()
    answers = {"name": "Jo Bright", "post": "Deputy", "email": ""}
    added = client.post(reverse("contact-add", args=[here.agencies.school.pk]), answers, follow=True)
    assert "Jo Bright, Deputy is noted as a contact." in added.content.decode()
    change = reverse("contact-change", args=[Contact.objects.get(name="Jo Bright").pk])
    assert "Fill in" in client.post(change, answers | {"name": ""}).content.decode()
    client.post(change, {"end": "1"})
    assert "Jo Bright" not in client.get(page).content.decode()
    assert client.get(change).status_code == 404


def test_two_who_mend_one_contact_at_the_same_time_hear_of_one_another(here: Side, signed_in: SignedIn) -> None:
    first, second = signed_in(here.people.coordinator), signed_in(a_member("coordinator", here.partnership))
    change = reverse("contact-change", args=[here.contact.pk])
    shown = {client: client.get(change).context["seen"] for client in (first, second)}
    first.post(change, {"name": "Ines Whitlock-Jones", "post": "Head", "email": "", "seen": shown[first]})
    mine = {"name": "Ines Whitlock", "post": "Executive head", "email": "", "seen": shown[second]}
    answer = second.post(change, mine)
    words = answer.content.decode()
    assert "Somebody changed what is noted while you were writing." in words
    assert "Ines Whitlock-Jones, Head" in words
    assert 'value="Executive head"' in words
    here.contact.refresh_from_db()
    assert here.contact.post == "Head"
    second.post(change, mine | {"seen": answer.context["seen"]})
    here.contact.refresh_from_db()
    assert (here.contact.name, here.contact.post) == ("Ines Whitlock", "Executive head")


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [("answer.eml", MAIL, "message/rfc822"), ("answer.msg", OUTLOOK, "application/vnd.ms-outlook")],
)
def test_a_mail_is_taken_in_as_evidence_and_handed_over_unshown(
    name: str, content: bytes, kind: str, here: Side, signed_in: SignedIn, settings, tmp_path
) -> None:
    settings.STORAGES = settings.STORAGES | {
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": tmp_path}}
    }
    coordinator = here.people.coordinator
    action, school = here.plans.of_school, here.agencies.school
    piece = evidence.attach(action=action, agency=school, by=coordinator, on=TODAY, file=file(name, content))
    client = signed_in(coordinator)
    answer = client.get(reverse("evidence-file", args=[piece.pk]))
    assert answer.headers["Content-Type"] == kind
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["Content-Security-Policy"] == "sandbox"
    assert b"".join(answer) == content
    assert Evidence.objects.get(pk=piece.pk).file_name == name


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("page.eml", b"<html><script>alert(1)</script></html>"),
        ("program.eml", b"MZ\0\0From: a\r\nDate: b\r\n\r\n"),
        ("words.eml", b"Dear all,\r\nwe have done it.\r\n"),
        ("old.msg", OLE),
        ("named.msg", OLE + "__properties_version1.0".encode("utf-16-le") + b"\0" * 4096),
        ("installer.msg", compound({**message(), "Binary.program": b"MZ"})),
        ("mail.msg", MAIL),
        ("outlook.eml", OUTLOOK),
    ],
)
def test_what_only_calls_itself_a_mail_is_refused(name: str, content: bytes) -> None:
    with pytest.raises(Refused, match="is not what its name says"):
        checked(file(name, content))


def test_what_a_contact_told_is_shown_as_reported_and_recorded_by_whom(here: Side, signed_in: SignedIn) -> None:
    report = Report(progress="Every class has had the lessons.", status=Status.IN_PROGRESS)
    told = "Ines Whitlock, Head, by telephone"
    progress.submit(
        action=here.plans.of_school, agency=here.agencies.school, by=here.people.coordinator, report=report,
        on=TODAY, given_by=told,
    )  # fmt: skip
    page = signed_in(here.people.coordinator).get(reverse("action-detail", args=[here.plans.of_school.pk]))
    assert f"reported by {told}, recorded by Morgan Ellery" in page.content.decode()
