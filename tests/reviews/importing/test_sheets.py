"""What is read of the cells of a workbook as its XML has them: each kind of value, and what merging does to it."""

import io
import zipfile

import pytest

from reviews.importing.readers.formats import day_of, shown_number, shows_day
from reviews.importing.readers.xlsx import read
from reviews.importing.understanding.tables import Table
from tests.reviews.importing import plans

NS = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
STYLES = (
    f'<styleSheet {NS}><numFmts count="2"><numFmt numFmtId="164" formatCode="0000"/>'
    '<numFmt numFmtId="165" formatCode="&quot;R&quot;0.00"/></numFmts><fonts/>'
    '<fills><fill><patternFill patternType="none"/></fill>'
    '<fill><patternFill patternType="solid"><fgColor indexed="12"/></patternFill></fill></fills>'
    '<cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="17"/><xf numFmtId="9"/><xf numFmtId="164"/>'
    '<xf numFmtId="165"/><xf numFmtId="20"/><xf fillId="1"/></cellXfs>'
    "<colors><indexedColors>{}</indexedColors></colors></styleSheet>"
)
PALETTE = "<rgbColor rgb='00000000'/>" * 12 + "<rgbColor rgb='0000B050'/>"
SHARED = (
    f"<sst {NS}><si><t>plain</t></si><si><r><t>in </t></r><r><rPr/><t>parts</t></r>"
    "<rPh sb='0' eb='1'><t>spoken</t></rPh></si></sst>"
)


def a_book(sheet: str, workbook: str = "", styles: str = STYLES.format(""), strict: bool = False) -> bytes:
    """A workbook of one sheet with this XML in it."""
    parts = {
        "xl/workbook.xml": f'<workbook {NS} xmlns:r="urn:r">{workbook}<sheets><sheet name="Plan" sheetId="1" r:id="a"/>'
        '<sheet name="Hidden" state="hidden" sheetId="2" r:id="a"/><sheet name="Chart" r:id="d"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": '<Relationships><Relationship Id="a" Type="x/worksheet" Target="/xl/one.xml"/>'
        '<Relationship Id="b" Type="x/styles" Target="styles.xml"/>'
        '<Relationship Id="d" Type="x/chartsheet" Target="c"/>'
        '<Relationship Id="c" Type="x/sharedStrings" Target="words.xml"/></Relationships>',
        "xl/one.xml": f"<worksheet {NS}>{sheet}</worksheet>",
        "xl/styles.xml": styles,
        "xl/words.xml": SHARED,
    }
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, content in parts.items():
            usual = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
            strict_name = "http://purl.oclc.org/ooxml/spreadsheetml/main"
            archive.writestr(name, content.replace(usual, strict_name) if strict else content)
    return stream.getvalue()


def the_sheet(rows: str, *more: str, **book: str) -> Table:
    [table] = read(a_book(f"{''.join(more[:1])}<sheetData>{rows}</sheetData>{''.join(more[1:])}", **book))
    return table


def the_cell(xml: str, **book: str):
    return the_sheet(f'<row r="3"><c r="B3" {xml}</c></row>', **book).rows[0].cells[1]


@pytest.mark.parametrize(
    ("xml", "text"),
    {
        't="s"><v>0</v>': "plain",
        't="s"><v>1</v>': "in parts",
        't="inlineStr"><is><t>here</t></is>': "here",
        't="inlineStr"><is><r><t>in </t></r><r><t>runs</t></r></is>': "in runs",
        't="str"><f>A1&amp;B1</f><v>joined</v>': "joined",
        't="b"><v>1</v>': "Yes",
        "><v>12</v>": "12",
        "><v>1.50</v>": "1.5",
        's="3"><v>0.25</v>': "25%",
        's="4"><v>7</v>': "0007",
        's="5"><v>1.1</v>': "R1.10",
        's="6"><v>0.5</v>': "0.5",
        "><f>1+1</f><v>2</v>": "2",
    }.items(),
)
def test_a_cell_shows_what_excel_shows(xml, text):
    cell = the_cell(xml)
    assert (cell.text, cell.place, cell.lost) == (text, "Plan!B3", False)


@pytest.mark.parametrize(
    ("xml", "lost"),
    {
        "><f>A1</f>": True,
        "><f>A1</f><v/>": True,
        't="e"><v>#REF!</v>': True,
        't="str"><f>IF(A1="","","x")</f><v></v>': False,
        's="1">': False,
    }.items(),
)
def test_a_formula_of_which_no_value_is_kept_is_lost_and_one_that_gives_nothing_is_blank(xml, lost):
    rows = f'<row r="3"><c r="A3" t="inlineStr"><is><t>x</t></is></c><c r="B3" {xml}</c></row>'
    cell = the_sheet(rows).rows[0].cells[1]
    assert (cell.text, cell.lost) == ("", lost)


def test_a_day_counts_from_1900_or_from_1904_as_the_workbook_says():
    shown = the_cell('s="1"><v>43525</v>')
    assert (str(shown.date), shown.text, shown.month_only) == ("2019-03-01", "01/03/2019", False)
    assert str(the_cell('s="1"><v>42063</v>', workbook='<workbookPr date1904="1"/>').date) == "2019-03-01"
    month = the_cell('s="2"><v>43525</v>')
    assert (month.text, month.month_only) == ("Mar-19", True)
    assert str(the_cell('t="d" s="1"><v>2019-03-01T00:00:00</v>').date) == "2019-03-01"


@pytest.mark.parametrize(("number", "day"), [(1, "1900-01-01"), (59, "1900-02-28"), (61, "1900-03-01"), (0, "None")])
def test_the_day_that_there_never_was_is_counted_as_excel_counts_it(number, day):
    assert str(day_of(number, since_1904=False)) == day


@pytest.mark.parametrize("number", ["-5", "1e308", "9999999999"])
def test_a_number_that_is_no_day_is_kept_as_a_number(number):
    cell = the_cell(f's="1"><v>{number}</v>')
    assert (cell.date, bool(cell.text)) == (None, True)


@pytest.mark.parametrize(
    ("style", "is_day"),
    {"dd/mm/yyyy": True, "mmm": True, "[$-809]d mmm": True, "h:mm": False, "mm:ss": False, '"day" 0': False,
     "#,##0": False, "General": False, "[Red]0": False, 'yyyy"d"': True}.items(),
)  # fmt: skip
def test_a_format_of_days_is_told_from_one_of_times_and_numbers(style, is_day):
    assert shows_day(style) is is_day


@pytest.mark.parametrize(
    ("number", "style", "shown"),
    [(1234.5, "#,##0.00", "1,234.50"), (-3, "0.0", "-3.0"), (5, '0" days"', "5 days"), (2.0, "General", "2"),
     (1.10, "0.00", "1.10"), (3, "# ?/?", "3")],
)  # fmt: skip
def test_a_number_shows_its_noughts_and_the_words_around_it(number, style, shown):
    assert shown_number(number, style) == shown


def test_a_palette_of_the_workbooks_own_counts():
    rows = '<row><c s="7" t="inlineStr"><is><t>x</t></is></c></row>'
    assert the_sheet(rows).rows[0].cells[0].colour == "0000FF"
    assert the_sheet(rows, styles=STYLES.format(PALETTE)).rows[0].cells[0].colour == "00B050"


def test_rows_and_cells_without_a_reference_stand_after_the_one_before():
    rows = '<row r="4"><c r="B4"><v>1</v></c><c><v>2</v></c></row><row><c><v>3</v></c></row>'
    table = the_sheet(rows)
    assert [(cell.text, cell.place) for row in table.rows for cell in row.cells] == [
        ("", "Plan!A4"), ("1", "Plan!B4"), ("2", "Plan!C4"), ("3", "Plan!A5"),
    ]  # fmt: skip


def test_a_merged_area_shows_its_words_in_each_row_whether_or_not_the_file_holds_its_cells():
    rows = '<row r="1"><c r="A1"><v>7</v></c><c r="C1"><v>1</v></c></row><row r="2"><c r="C2"><v>2</v></c></row>'
    rows += '<row r="9"><c r="A9" s="1"/></row>'
    table = the_sheet(rows, "", '<mergeCells><mergeCell ref="A1:B2"/><mergeCell ref="A5:XFD1048576"/></mergeCells>')
    first, second = table.rows
    assert [(cell.text, cell.width, cell.below, cell.covered) for cell in first.cells] == [
        ("7", 2, False, False), ("", 1, False, True), ("1", 1, False, False),
    ]  # fmt: skip
    assert [(cell.text, cell.width, cell.below, cell.covered) for cell in second.cells] == [
        ("7", 2, True, False), ("", 1, False, True), ("2", 1, False, False),
    ]  # fmt: skip


def test_hidden_rows_and_columns_are_known_and_hidden_sheets_and_charts_are_none():
    columns = '<cols><col min="2" max="3" hidden="1"/><col min="5" max="16384" hidden="0"/></cols>'
    table = the_sheet(
        '<row r="2" hidden="1"><c r="A2"><v>1</v></c></row><row r="3"><c r="A3"><v>1</v></c></row>', columns
    )
    assert (table.hidden_columns, [row.hidden for row in table.rows]) == ({1, 2}, [True, False])


def test_a_workbook_saved_as_strict_open_xml_is_read_like_any_other():
    [table] = read(a_book('<sheetData><row><c t="s"><v>1</v></c></row></sheetData>', strict=True))
    assert table.rows[0].cells[0].text == "in parts"


def test_a_sheet_of_a_million_rows_that_are_only_drawn_holds_none_of_them():
    drawn = "".join(f'<row r="{number}"><c r="A{number}" s="7"/></row>' for number in range(5, 40_005))
    table = the_sheet(f'<row r="1"><c r="A1"><v>1</v></c></row>{drawn}')
    assert len(table.rows) == 1
    assert len(read(plans.the_report_as_xlsx())[0].rows) == len(plans.REPORT) + 2
