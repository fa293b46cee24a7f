"""The plan as an OpenDocument spreadsheet: real text, real dates, headings on every page, and nothing that is run."""

import io
import zipfile

import pytest
from odf import style, table, teletype
from odf.opendocument import load

from portal.papers.formats import export
from portal.papers.layouts import statutory
from tests.portal.papers.conftest import NASTY

pytestmark = pytest.mark.either


@pytest.fixture
def book(plan):
    return load(io.BytesIO(export(plan, "ods").data))


def sheet_of(book):
    return book.spreadsheet.getElementsByType(table.Table)[0]


def cells(row):
    return row.getElementsByType(table.TableCell)


def words(cell):
    return "\n".join(teletype.extractText(paragraph) for paragraph in cell.childNodes)


def the_style(book, name):
    return next(one for one in book.automaticstyles.getElementsByType(style.Style) if one.getAttribute("name") == name)


def the_columns(book):
    """The cells of the first action, by the heading that stands over them."""
    headings, first = sheet_of(book).getElementsByType(table.TableRow)[2:4]
    return dict(zip(map(words, cells(headings)), cells(first), strict=True))


def test_text_is_text_whatever_it_begins_with(book):
    for heading, said in (
        ("Progress against recommendations", NASTY),
        ("Next Steps", "+1 more team"),
        ("Barriers", "@home"),
    ):
        cell = the_columns(book)[heading]
        assert (words(cell), cell.getAttribute("valuetype")) == (said, "string")
    assert not any(cell.getAttribute("formula") for cell in sheet_of(book).getElementsByType(table.TableCell))


def test_dates_are_dates_and_days_are_numbers(book):
    row = the_columns(book)

    assert (row["Target date"].getAttribute("valuetype"), row["Target date"].getAttribute("datevalue")) == (
        "date",
        "2026-02-18",
    )
    assert words(row["Target date"]) == "18/02/2026"
    assert (row["Days overdue"].getAttribute("valuetype"), row["Days overdue"].getAttribute("value")) == ("float", "5")


def test_the_row_of_headings_is_repeated_on_each_page(book):
    (repeated,) = sheet_of(book).getElementsByType(table.TableHeaderRows)

    assert [words(cell) for cell in cells(repeated)] == list(the_columns(book))


def test_columns_are_as_wide_as_their_words_need_and_wrap(book):
    columns = sheet_of(book).getElementsByType(table.TableColumn)
    widths = [the_style(book, one.getAttribute("stylename")).firstChild.getAttribute("columnwidth") for one in columns]
    wide, narrow = widths[2], widths[0]

    assert list(the_columns(book))[:3] == ["Organisation", "Reference", "Recommendation"]
    assert (narrow, wide) == ("34mm", "84mm")
    look = the_style(book, the_columns(book)["Recommendation"].getAttribute("stylename"))
    assert look.getElementsByType(style.TableCellProperties)[0].getAttribute("wrapoption") == "wrap"


def test_it_names_nobody_but_the_publisher_and_hides_no_sheet(plan, book):
    with zipfile.ZipFile(io.BytesIO(export(plan, "ods").data)) as archive:
        about = archive.read("meta.xml").decode()

    assert about.count("Borough Partnership") == 2
    assert "2026-03-02T12:00:00" in about
    assert [one.getAttribute("name") for one in book.spreadsheet.getElementsByType(table.Table)] == ["Plan", "Key"]


def test_the_statutory_layout_has_its_seven_columns(plan):
    rows = sheet_of(load(io.BytesIO(export(plan, "ods", "statutory").data))).getElementsByType(table.TableRow)

    assert [words(cell) for cell in cells(rows[2])] == [heading.words for heading in statutory(plan).headings]
    assert len(rows) == 3 + len(plan.actions)
