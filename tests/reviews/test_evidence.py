"""Evidence: what is taken in, from whom, under which name, and how it is taken back."""

import contextlib
import io
import zipfile

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.base import ContentFile
from hypothesis import given
from hypothesis import strategies as st

from agencies.refusals import Refused
from reviews import evidence
from reviews.models import Evidence
from reviews.uploads import MOST_BYTES, checked, clean_name
from tests.factories import TODAY

PDF = b"%PDF-1.7 minutes"


@pytest.fixture
def here(world, settings, tmp_path):
    settings.STORAGES = settings.STORAGES | {
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": tmp_path, "base_url": None},
        }
    }
    return world.here


def attach(here, by=None, **changes):
    facts = {"action": here.plans.of_police, "agency": here.agencies.police, "on": TODAY}
    return evidence.attach(by=by or here.people.member, **facts | changes)


def a_zip(*members: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for member in members:
            archive.writestr(member, "x")
    return buffer.getvalue()


@pytest.mark.django_db
def test_attach_keeps_a_file_under_a_random_name(here):
    row = attach(here, file=ContentFile(PDF, name="../../Minutes\u202efdp.pdf"))
    assert row.file_name == "Minutesfdp.pdf"
    assert "Minutes" not in row.file.name
    with row.file.open() as kept:
        assert kept.read() == PDF
    assert (row.size, row.content_type, len(row.sha256)) == (len(PDF), "application/pdf", 64)


@pytest.mark.django_db
def test_attach_takes_a_link_or_a_place_and_refuses_nothing_at_all(here):
    assert attach(here, link="https://example.org/a").kind == Evidence.Kind.LINK
    assert attach(here, where_held="Locked cabinet").title == "Locked cabinet"
    with pytest.raises(Refused, match="Choose a file"):
        attach(here)


@pytest.mark.django_db
def test_attach_refused_to_others_and_leaves_nothing(world, here):
    before = Evidence.objects.count()
    for person in (here.people.observer, here.people.health_lead, world.there.people.lead, here.people.chair):
        with pytest.raises(PermissionDenied):
            attach(here, by=person, link="https://example.org/a")
    with pytest.raises(Refused, match="closed"):
        attach(here, by=here.people.two_agencies, action=here.plans.complete, agency=here.agencies.housing, link="x")
    assert Evidence.objects.count() == before


@pytest.mark.django_db
def test_withdraw_needs_a_reason_and_the_agency_that_gave_it(here):
    row = here.plans.evidence
    with pytest.raises(PermissionDenied):
        evidence.withdraw(evidence=row, by=here.people.health_lead, reason="No")
    with pytest.raises(Refused, match="Say why"):
        evidence.withdraw(evidence=row, by=here.people.member, reason=" ")
    evidence.withdraw(evidence=row, by=here.people.member, reason="It names a client.")
    assert not Evidence.objects.in_force().filter(pk=row.pk).exists()
    with pytest.raises(Refused, match="already"):
        evidence.withdraw(evidence=row, by=here.people.member, reason="Again")


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("run.exe", b"MZ", "not a kind of file"),
        ("page.html", b"<script>", "not a kind of file"),
        ("picture.svg", b"<svg/>", "not a kind of file"),
        ("empty.pdf", b"", "empty"),
        ("letter.pdf", b"MZ not a pdf", "not what its name says"),
        ("plan.xlsx", a_zip("word/document.xml"), "not what its name says"),
        ("plan.docx", b"PK\x03\x04 cut", "not what its name says"),
        ("plan.xlsm", a_zip("xl/workbook.xml", "xl/vbaProject.bin"), "not a kind of file"),
        ("plan.xlsx", a_zip("xl/workbook.xml", "xl/vbaProject.bin"), "not what its name says"),
        ("notes.txt", b"a\0b", "not what its name says"),
    ],
)
def test_a_file_is_refused_with_what_to_do(name, content, says):
    with pytest.raises(Refused, match=says) as refusal:
        checked(ContentFile(content, name=name))
    assert refusal.value.field == "file"


def test_a_file_over_the_size_is_refused():
    file = ContentFile(PDF, name="big.pdf")
    file.size = MOST_BYTES + 1
    with pytest.raises(Refused, match="20 MB"):
        checked(file)


def test_an_office_document_is_known_by_what_is_in_it():
    assert checked(ContentFile(a_zip("word/document.xml"), name="Plan.DOCX")).extension == "docx"


def test_a_document_that_needs_a_newer_zip_is_refused():
    content = bytearray(a_zip("word/document.xml"))
    content[content.index(b"PK\x01\x02") + 6] = 99  # the version that it takes to read it
    with pytest.raises(Refused, match="not what its name says"):
        checked(ContentFile(bytes(content), name="plan.docx"))


@given(st.data())
def test_a_spoilt_document_is_taken_or_refused_and_no_fault(data):
    content = bytearray(a_zip("word/document.xml"))
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    with contextlib.suppress(Refused):
        checked(ContentFile(bytes(content), name="plan.docx"))


@given(st.text())
def test_a_cleaned_name_has_no_path_control_or_direction_marks(name):
    cleaned = clean_name(name)
    assert 0 < len(cleaned) <= 120
    assert not set(cleaned) & set("/\\\0\n\r\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f")
    assert clean_name(cleaned) == cleaned
