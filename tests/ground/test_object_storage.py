"""Files in a bucket: the portal's own pages and commands work on it as on a folder."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client

from config.keeping import archive, files
from config.object_storage import file_store
from reviews.models import Evidence
from tests.buckets import Bucket, running_bucket
from tests.ground.test_keeping import TOOLS
from tests.world import World

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n"


@pytest.fixture
def bucket(settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bucket]:
    """A bucket in which this portal keeps its files."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "portal")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    with running_bucket() as bucket:
        settings.STORAGES = settings.STORAGES | {"default": file_store(bucket.url)}
        yield bucket


def test_a_file_keeps_its_name_and_no_other_takes_it(bucket: Bucket) -> None:
    assert default_storage.save("evidence/a.pdf", ContentFile(PDF)) == "evidence/a.pdf"
    assert default_storage.save("evidence/a.pdf", ContentFile(b"other")) != "evidence/a.pdf"
    assert bucket.kept["portal/evidence/a.pdf"] == PDF
    with default_storage.open("evidence/a.pdf") as file:
        assert file.read() == PDF
    assert default_storage.size("evidence/a.pdf") == len(PDF)
    assert len(list(files.names())) == 2
    default_storage.delete("evidence/a.pdf")
    assert not default_storage.exists("evidence/a.pdf")
    with pytest.raises(FileNotFoundError):
        default_storage.open("evidence/a.pdf")
    assert bucket.signed, "every request says who we are"


def test_evidence_goes_into_the_bucket_and_comes_out_of_it(bucket: Bucket, world: World, client: Client) -> None:
    action = world.here.plans.of_police
    client.force_login(world.here.people.lead)
    file = SimpleUploadedFile("register.pdf", PDF, content_type="application/pdf")
    client.post(f"/actions/{action.pk}/evidence/add/", {"file": [file], "title": "The register"})
    piece = Evidence.objects.get(title="The register")
    assert bucket.kept == {f"portal/{piece.file.name}": PDF}
    answer = client.get(f"/evidence/{piece.pk}/file/")
    assert b"".join(answer.streaming_content) == PDF
    assert "attachment" in answer.headers["Content-Disposition"]
    bucket.kept.clear()
    lost = client.get(f"/evidence/{piece.pk}/file/", follow=True)
    assert "This file cannot be found any more" in lost.content.decode()


def test_a_backup_takes_the_files_of_the_bucket_too(
    bucket: Bucket, transactional_db, settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", f"{TOOLS}{os.pathsep}{os.environ['PATH']}")
    settings.DATA_DIR = tmp_path
    default_storage.save("evidence/deep/a.pdf", ContentFile(PDF))
    call_command("backup", str(tmp_path / "portal.tar.gz"), verbosity=0)
    parts = {name: content.read() for name, content in archive.members(tmp_path / "portal.tar.gz")}
    assert parts["files/evidence/deep/a.pdf"] == PDF


@pytest.mark.parametrize(
    ("address", "options"),
    [
        ("s3://evidence", {"bucket_name": "evidence", "endpoint_url": None, "region_name": "eu-west-2"}),
        ("s3://evidence?region=eu-west-1&prefix=portal", {"region_name": "eu-west-1", "location": "portal"}),
        ("s3://e?endpoint=https://minio.example.gov.uk", {"endpoint_url": "https://minio.example.gov.uk"}),
    ],
)
def test_the_address_of_a_bucket(address: str, options: dict[str, str | None]) -> None:
    made = file_store(address)["OPTIONS"]
    assert options.items() <= made.items()
    assert made["file_overwrite"] is False


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ("/srv/files", "cannot be read"),
        ("s3://", "cannot be read"),
        ("s3://evidence/folder", "cannot be read"),
        ("s3://evidence?secret=x", "Keys are not part of it"),
        ("s3://evidence?endpoint=http://minio.example.gov.uk", "without https"),
    ],
)
def test_an_address_that_is_none_stops_the_start(address: str, sentence: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=sentence):
        file_store(address)
