"""`manage.py export_plan`: stable, scripted, and plain about what it cannot do."""

import csv
import io
import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError
from docx import Document

from agencies import audit
from portal.papers.layouts import FOUR_COLUMNS, SEVEN_COLUMNS
from tests.factories import a_partnership, a_review


def exported(*options: str) -> str:
    out = io.StringIO()
    call_command("export_plan", *options, stdout=out, stderr=io.StringIO())
    return out.getvalue()


def refused(*options: str) -> str:
    with pytest.raises(CommandError) as error:
        exported(*options)
    return str(error.value)


def test_the_update_report_is_written_to_a_word_file(review, tmp_path):
    exported("DHR/1", "--format", "docx", "--output", str(tmp_path / "report.docx"))

    table = Document(str(tmp_path / "report.docx")).tables[0]
    assert [cell.text for cell in table.rows[0].cells] == [heading.words for heading in FOUR_COLUMNS]
    assert len(table.rows) == 1 + 7


def test_the_statutory_layout_has_its_own_columns(review, tmp_path):
    exported("DHR/1", "--format", "xlsx", "--layout", "statutory", "--output", str(tmp_path / "plan.xlsx"))

    page = openpyxl.load_workbook(tmp_path / "plan.xlsx")["Plan"]
    assert [cell.value for cell in page[3]] == [heading.words for heading in SEVEN_COLUMNS]


def test_text_goes_to_standard_output(review):
    rows = list(csv.DictReader(io.StringIO(exported("DHR/1", "--format", "csv").lstrip("\ufeff"))))

    assert len(rows) == 7
    assert rows[0]["Organisation"] == "Borough Police"


def test_each_time_is_written_down_as_the_commands_doing(review, tmp_path):
    exported("DHR/1", "--format", "csv", "--as-at", "2026-02-10")
    exported("DHR/1", "--format", "xlsx", "--layout", "statutory", "--output", str(tmp_path / "plan.xlsx"))
    refused("DHR/1", "--format", "csv", "--output", str(tmp_path / "no" / "plan.csv"))

    taken = audit.about(review).filter(event="review.exported").order_by("pk")
    assert {(entry.actor, entry.partnership_id) for entry in taken} == {("system:command", review.partnership_id)}
    assert [entry.detail for entry in taken] == [
        {"format": "csv", "layout": "update-report", "as_at": "2026-02-10"},
        {"format": "xlsx", "layout": "statutory", "as_at": "2026-03-02"},
    ]


def test_as_at_an_earlier_day(review):
    assert "as at 10 February 2026" in exported("DHR/1", "--format", "html", "--as-at", "2026-02-10")


def test_refused_for_a_day_that_has_not_come(review):
    assert "has not come yet" in refused("DHR/1", "--format", "csv", "--as-at", "2026-03-03")


def test_refused_for_what_is_no_day(review):
    assert "--as-at" in refused("DHR/1", "--format", "csv", "--as-at", "3/3/2026")


def test_refused_kindly_for_a_format_to_come(review):
    assert refused("DHR/1", "--format", "pdf") == (
        "Plans cannot be had as pdf yet. Choose one of: docx, html, xlsx, ods, csv."
    )


def test_refused_for_a_review_that_is_not_there(review):
    assert refused("DHR/2", "--format", "csv") == "There is no review DHR/2."


def test_two_partnerships_with_one_reference_are_told_apart(review, partnership):
    a_review(a_partnership(code="elsewhere"), reference="DHR/1")

    assert "--partnership borough or --partnership elsewhere" in refused("DHR/1", "--format", "csv")
    assert "Borough Police" in exported("DHR/1", "--format", "csv", "--partnership", "borough")
    assert "Borough Police" not in exported("DHR/1", "--format", "csv", "--partnership", "elsewhere")


def test_refused_where_the_file_cannot_be_written(review, tmp_path):
    assert "cannot be written: No such file or directory" in refused(
        "DHR/1", "--format", "csv", "--output", str(tmp_path / "no" / "plan.csv")
    )


def test_a_refusal_leaves_no_trace_and_says_so_by_its_exit_code(tmp_path):
    command = [sys.executable, "manage.py", "export_plan", "DHR/1", "--format", "pdf"]
    environment = {"DATA_DIR": str(tmp_path), "PATH": "/usr/bin:/bin"}

    ended = subprocess.run(command, cwd=Path(settings.BASE_DIR), env=environment, capture_output=True, text=True)

    assert ended.returncode == 1
    assert "Traceback" not in ended.stderr
    assert "Choose one of" in ended.stderr
