"""A workbook with macros is a plan like any other, whose macros are neither run nor kept."""

import hashlib
import io
import zipfile

import openpyxl
import pytest

from reviews.importing import staging
from reviews.importing.macros import without_macros
from reviews.importing.running import read_file
from reviews.importing.tables import Unreadable
from tests.reviews.importing import documents, plans
from tests.world import World

CODE = b"\xd0\xcf\x11\xe0 Sub AutoOpen() Shell End Sub"
TYPES = "[Content_Types].xml"
RELATED = "xl/_rels/workbook.xml.rels"
MACRO_TYPE = b"application/vnd.ms-excel.sheet.macroEnabled.main+xml"
PLAIN_TYPE = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"


def with_macros(data: bytes, folder: str = "xl") -> bytes:
    """A workbook as Excel saves it with macros: the code, what it is, and to what it belongs."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(stream, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name == TYPES:
                more = b'<Override PartName="/xl/vbaProject.bin" ContentType="application/vnd.ms-office.vbaProject"/>'
                content = content.replace(PLAIN_TYPE, MACRO_TYPE).replace(b"</Types>", more + b"</Types>")
            elif name == RELATED:
                more = b'<Relationship Id="rId99" Type="http://x.example/vbaProject" Target="vbaProject.bin"/>'
                content = content.replace(b"</Relationships>", more + b"</Relationships>")
            new.writestr(name, content)
        new.writestr(f"{folder}/vbaProject.bin", CODE)
    return stream.getvalue()


WORKBOOK = with_macros(plans.the_report_as_xlsx())


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
        assert MACRO_TYPE not in whole
    assert openpyxl.load_workbook(io.BytesIO(data)).active["A1"].value.startswith("Riverbank")
    assert read_file(data, name).rows == read_file(WORKBOOK, "plan.xlsm").rows


@pytest.mark.parametrize(
    ("name", "data", "folder"),
    [("plan.xlsx", plans.the_report_as_xlsx(), "xl"), ("plan.docx", documents.the_report_as_docx(), "word")],
)
def test_code_under_a_name_without_macros_is_not_kept_either(name, data, folder):
    assert without_macros(name, data) == (name, data)
    kept, stripped = without_macros(name, with_macros(data, folder))
    assert (kept, CODE in stripped) == (name, False)
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
        assert CODE not in kept.read()
