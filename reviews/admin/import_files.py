"""The files that a plan's page hands over: as it came, and the rows that were not taken. To keep, not to show."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import PurePath

from django.http import FileResponse

from reviews.importing.returned import as_workbook
from reviews.importing.staged import StagedRow
from reviews.models import PlanImport
from reviews.uploads import ALLOWED


def original(staged: PlanImport) -> FileResponse:
    """The file as it came."""
    ending = staged.file_name.rsplit(".", 1)[-1].lower()
    content_type = ALLOWED[ending][0] if ending in ALLOWED else "application/octet-stream"
    return _kept(
        FileResponse(staged.file.open("rb"), as_attachment=True, filename=staged.file_name, content_type=content_type)
    )


def not_taken(staged: PlanImport, rows: Sequence[StagedRow]) -> FileResponse:
    """These rows as a workbook, called after the file."""
    name = f"{PurePath(staged.file_name).stem}-not-taken.xlsx"
    data = io.BytesIO(as_workbook(staged, rows))
    return _kept(FileResponse(data, as_attachment=True, filename=name, content_type=ALLOWED["xlsx"][0]))


def _kept(answer: FileResponse) -> FileResponse:
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Content-Security-Policy"] = "sandbox"
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
