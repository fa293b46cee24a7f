"""A workbook with macros is a plan like any other, whose macros are neither run nor kept."""

import hashlib
import io
import zipfile

import openpyxl
import pytest

from reviews.importing import staging
from reviews.importing.macros import without_macros
from reviews.importing.running import read_file
from reviews.importing.understanding.tables import Unreadable
from tests.reviews.importing import documents, plans
from tests.world import World

WORKBOOK = plans.with_macros(plans.the_report_as_xlsx())


def test_a_workbook_with_macros_is_read_like_one_without():
    assert read_file(WORKBOOK, "plan.xlsm").rows == read_file(plans.the_report_as_xlsx(), "plan.xlsx").rows
    with pytest.raises(Unreadable, match="it is a Word document"):
        read_file(documents.the_report_as_docx(), "plan.xlsm")


def test_what_is_kept_of_it_is_a_workbook_without_code():
    name, data = without_macros("plan.xlsm", WORKBOOK)
    assert name == "plan.xlsx"
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        whole = b"".join(archive.read(part) for part in archive.namelist())
        assert b"vba" not in (whole + "".join(archive.namelist()).encode()).lower()
        assert plans.MACRO_TYPE not in whole
    assert openpyxl.load_workbook(io.BytesIO(data)).active["A1"].value.startswith("Riverbank")
    assert read_file(data, name).rows == read_file(WORKBOOK, "plan.xlsm").rows


@pytest.mark.parametrize(
    ("name", "data", "folder"),
    [("plan.xlsx", plans.the_report_as_xlsx(), "xl"), ("plan.docx", documents.the_report_as_docx(), "word")],
)
def test_code_under_a_name_without_macros_is_not_kept_either(name, data, folder):
    assert without_macros(name, data) == (name, data)
    kept, stripped = without_macros(name, plans.with_macros(data, folder))
    assert (kept, plans.CODE in stripped) == (name, False)
    assert read_file(stripped, name).rows == read_file(data, name).rows


@pytest.mark.django_db
def test_the_import_keeps_the_workbook_and_the_hash_of_what_came(world: World):
    staged = staging.stage(
        partnership=world.here.partnership, name="plan.xlsm", data=WORKBOOK, by=world.here.people.coordinator
    )
    assert staged.file_name == "plan.xlsx"
    assert str(staged.file.name).endswith(".xlsx")
    assert staged.sha256 == hashlib.sha256(WORKBOOK).hexdigest()
    with staged.file.open() as kept:
        assert plans.CODE not in kept.read()
