"""A scanner that is named is asked about every file before it is kept; without its word nothing is."""

from __future__ import annotations

import os
import sys
import time
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse

from agencies.refusals import Refused
from reviews import evidence, waiting_files
from reviews.importing import receiving
from reviews.inspection.configuration import configuration
from reviews.models import Evidence, PlanImport, StagedFile
from tests.factories import TODAY
from tests.world import Side, World

CLEAN, BAD = b"%PDF-1.7 minutes", b"%PDF-1.7 not-a-real-virus"
#: Reads a file, writes down what it was told, and finds one thing.
SCANNER = """
import os, sys
content = sys.stdin.buffer.read()
open(os.path.join(os.path.dirname(__file__), "asked"), "ab").write(content + b"\\n" + repr(dict(os.environ)).encode())
sys.exit(1 if b"not-a-real-virus" in content else 0)
"""


@pytest.fixture
def asked(settings: Any, tmp_path: Path) -> Path:
    """A small scanner; the file in which it writes what it was asked."""
    (tmp_path / "scanner.py").write_text(SCANNER)
    settings.UPLOAD_SCANNER = [sys.executable, str(tmp_path / "scanner.py")]
    settings.STORAGES = settings.STORAGES | {
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": tmp_path / "files", "base_url": None},
        }
    }
    return tmp_path / "asked"


@pytest.fixture
def here(world: World) -> Side:
    return world.here


def attach(here: Side, content: bytes) -> Evidence:
    file = ContentFile(content, name="minutes.pdf")
    by = here.people.member
    return evidence.attach(action=here.plans.of_police, agency=here.agencies.police, by=by, on=TODAY, file=file)


def stage(here: Side, content: bytes) -> StagedFile:
    file = ContentFile(content, name="minutes.pdf")
    return waiting_files.stage(action=here.plans.of_police, by=here.people.member, token=uuid.uuid4(), file=file)


def bring_in(here: Side, content: bytes) -> PlanImport:
    by = here.people.coordinator
    return receiving.receive(partnership=here.partnership, name="plan.csv", data=content, by=by)


@pytest.mark.parametrize("give", [attach, stage, bring_in])
def test_each_way_in_asks_it_and_keeps_nothing_that_it_finds(
    give: Any, asked: Path, here: Side, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SECRET_KEY", "nobody else's")
    row = give(here, CLEAN)
    assert CLEAN in asked.read_bytes()
    assert b"nobody else's" not in asked.read_bytes(), "it learns no secret"
    with row.file.open() as kept:
        assert kept.read() == CLEAN
    rows, files = type(row).objects.count(), list(asked.parent.rglob("files/*/*"))
    with pytest.raises(Refused, match="the virus scanner found something in it") as refused:
        give(here, BAD)
    assert refused.value.field == "file"
    assert (type(row).objects.count(), list(asked.parent.rglob("files/*/*"))) == (rows, files)


def noted(done: list[str], name: str, call: Callable[..., Any]) -> Callable[..., Any]:
    """``call``, which says in ``done`` that it was called."""

    def do(*args: Any, **values: Any) -> Any:
        done.append(name)
        return call(*args, **values)

    return do


def test_it_is_asked_before_the_action_is_locked(here: Side, monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[str] = []
    for name in ("check_clean", "lock_one"):
        monkeypatch.setattr(evidence, name, noted(done, name, getattr(evidence, name)))
    attach(here, CLEAN)
    assert done == ["check_clean", "lock_one"]
    assert "file" not in evidence.Piece.__dataclass_fields__, "what comes with an update was scanned when it was chosen"


@pytest.mark.parametrize(
    "command",
    [
        ["/no/such/scanner"],
        [sys.executable, "-c", "import sys; sys.exit(2)"],
        [sys.executable, "-c", "import os; os.kill(os.getpid(), 9)"],
        [sys.executable, "-c", "import time; time.sleep(60)"],
    ],
    ids=["not there", "a fault", "killed", "too slow"],
)
@pytest.mark.parametrize("give", [attach, stage, bring_in])
def test_while_it_does_not_answer_nothing_is_kept(
    give: Any, command: list[str], asked: Path, here: Side, settings: Any
) -> None:
    settings.UPLOAD_SCANNER, settings.UPLOAD_SCANNER_SECONDS = command, 0.3
    counts = [model.objects.count() for model in (Evidence, StagedFile, PlanImport)]
    with pytest.raises(Refused, match="the virus scanner did not answer"):
        give(here, CLEAN)
    assert [model.objects.count() for model in (Evidence, StagedFile, PlanImport)] == counts


def test_what_a_slow_one_has_started_ends_with_it(asked: Path, here: Side, settings: Any) -> None:
    pid = asked.parent / "pid"
    settings.UPLOAD_SCANNER = ["/bin/sh", "-c", f"sleep 60 & echo $! > {pid}; wait"]
    settings.UPLOAD_SCANNER_SECONDS = 0.5
    with pytest.raises(Refused):
        stage(here, CLEAN)
    ended = time.monotonic() + 5
    while _is_alive(int(pid.read_text())):
        assert time.monotonic() < ended
        time.sleep(0.02)


def _is_alive(pid: int) -> bool:
    try:
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text() and os.kill(pid, 0) is None
    except (OSError, ProcessLookupError):
        return False


def test_the_page_says_so_and_keeps_the_words(asked: Path, here: Side, client: Client) -> None:
    client.force_login(here.people.member)
    url = reverse("evidence-add", args=[here.plans.of_police.pk])
    sent = {"title": "Minutes of May", "file": ContentFile(BAD, name="minutes.pdf"), "token": str(uuid.uuid4())}
    page = client.post(url, sent).content.decode()
    assert "the virus scanner found something in it" in page
    assert "Minutes of May" in page
    script = client.post(reverse("action-files", args=[here.plans.of_police.pk]), sent | {"file": sent["file"].open()})
    assert (script.status_code, "virus scanner" in script.json()["problem"]) == (400, True)


@pytest.mark.parametrize(("ends_with", "is_said"), [(0, False), (1, True), (2, True)])
def test_looking_the_portal_over_finds_one_that_is_away(ends_with: int, is_said: bool, settings: Any, db: None) -> None:
    settings.UPLOAD_SCANNER = [sys.executable, "-c", f"import sys; sys.exit({ends_with})"]
    assert any("scanner of uploads" in finding.what for finding in configuration()) is is_said


def test_without_one_nothing_is_asked(here: Side, asked: Path, settings: Any) -> None:
    settings.UPLOAD_SCANNER = []
    assert stage(here, BAD).size == len(BAD)
    assert not asked.exists()
