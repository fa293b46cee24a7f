"""Files that are damaged, disguised or made to harm: each gives a sentence in time, and never an exception."""

import io
import resource
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest

from reviews.importing import running, sandbox
from reviews.importing.running import read_file
from reviews.importing.understanding.tables import Unreadable
from tests.reviews.importing import documents, plans

ROOT = Path(__file__).resolve().parents[3]


def an_archive(**parts: bytes | str) -> bytes:
    """A zip file; in the names of its parts ``__`` stands for a slash and ``_`` for a dot."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/").replace("_", "."), content)
    return stream.getvalue()


def repacked(data: bytes, part: str, content: bytes) -> bytes:
    """A workbook or document with one of its parts replaced."""
    stream = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as old,
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as new,
    ):
        for name in old.namelist():
            new.writestr(name, content if name == part else old.read(name))
    return stream.getvalue()


SHEET = "xl/worksheets/sheet1.xml"
NAMESPACE = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
REPORT = plans.the_report_as_xlsx()
WORD = documents.the_report_as_docx()
DOCUMENT = "word/document.xml"
WORD_NAMESPACE = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
HUGE_SPANS = (
    '<w:tbl><w:tblGrid><w:gridCol w:w="99999999999"/></w:tblGrid>'
    + '<w:tr><w:trPr><w:gridBefore w:val="999999999"/></w:trPr>'
    '<w:tc><w:tcPr><w:gridSpan w:val="999999999"/></w:tcPr><w:p><w:r><w:t>x</w:t></w:r></w:p></w:tc></w:tr>'
    * 50
    + "</w:tbl>"
)
ODS_HEAD = (
    '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet>'
)
ODS_MIME = "application/vnd.oasis.opendocument.spreadsheet"
LAUGHS = (
    '<!DOCTYPE x [<!ENTITY a "ha">'
    + "".join(f'<!ENTITY {new} "{f"&{old};" * 12}">' for old, new in zip("abcdefgh", "bcdefghi", strict=True))
    + "]>"
)


def a_sheet(cells: bytes) -> bytes:
    """REPORT with these cells as its only row."""
    head = f"<worksheet {NAMESPACE}><sheetData><row>".encode()
    return repacked(REPORT, SHEET, head + cells + b"</row></sheetData></worksheet>")


def a_bomb() -> bytes:
    """A sheet of 200 MB, which packs into a few hundred kilobytes."""
    return a_sheet(b" " * 200_000_000)


def a_bomb_of_cells() -> bytes:
    """Six million cells in what looks like a file of moderate size."""
    return a_sheet(b"".join(b'<c r="A%d"><v>1</v></c>' % (row % 1_000_000 + 1) for row in range(6_000_000)))


def a_document(body: str, declared: str = "", encoding: str = "utf-8") -> bytes:
    """A Word document with this body, after a declaration."""
    content = f'<?xml version="1.0" encoding="{encoding}"?>{declared}<w:document {WORD_NAMESPACE}><w:body>{body}'
    return repacked(WORD, DOCUMENT, f"{content}</w:body></w:document>".encode(encoding))


def a_word_bomb() -> bytes:
    """A document of 100 MB, which packs into a few hundred kilobytes."""
    return a_document(" " * 100_000_000)


def a_bomb_of_words() -> bytes:
    """Millions of empty paragraphs in one cell, in a part of a size that may be."""
    return a_document("<w:tbl><w:tr><w:tc>" + "<w:p/>" * 6_000_000 + "</w:tc></w:tr></w:tbl>")


def a_bomb_of_rows() -> bytes:
    """More rows than any plan has."""
    row = "<w:tr><w:tc><w:p><w:r><w:t>x</w:t></w:r></w:p></w:tc></w:tr>"
    return a_document(f"<w:tbl>{row * 30_000}</w:tbl>")


def a_long_cell() -> bytes:
    """A cell of a hundred million letters."""
    return a_sheet(b'<c r="A1" t="inlineStr"><is><t>' + b"a" * 100_000_000 + b"</t></is></c>")


def a_huge_merge() -> bytes:
    """A sheet that merges every cell that a sheet can have."""
    merge = f'<worksheet {NAMESPACE}><sheetData/><mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells></worksheet>'
    return repacked(REPORT, SHEET, merge.encode())


def entities_in_ods() -> bytes:
    content = (
        f'<?xml version="1.0"?>{LAUGHS}{ODS_HEAD}<table:table><table:table-row><table:table-cell><text:p>&i;</text:p>'
    )
    closing = "</table:table-cell></table:table-row></table:table></office:spreadsheet></office:body>"
    closing += "</office:document-content>"
    return an_archive(mimetype=ODS_MIME, content_xml=content + closing, **{"META-INF__manifest_xml": "<m/>"})


def a_repeated_row() -> bytes:
    row = (
        '<table:table-row table:number-rows-repeated="1000000"><table:table-cell><text:p>x</text:p></table:table-cell>'
    )
    closing = "</table:table-row></table:table></office:spreadsheet></office:body></office:document-content>"
    content = f'{ODS_HEAD}<table:table table:name="Plan">{row}{closing}'
    return an_archive(mimetype=ODS_MIME, content_xml=content, **{"META-INF__manifest_xml": "<m/>"})


def an_ods(body: str) -> bytes:
    """A spreadsheet of LibreOffice with this in its only cell."""
    closing = "</table:table-cell></table:table-row></table:table></office:spreadsheet></office:body>"
    opening = f"{ODS_HEAD}<table:table table:name='Plan'><table:table-row><table:table-cell>"
    content = f"{opening}{body}{closing}</office:document-content>"
    return an_archive(mimetype=ODS_MIME, content_xml=content, **{"META-INF__manifest_xml": "<m/>"})


HOSTILE = {
    "empty": ("plan.xlsx", b"", "empty"),
    "text as xlsx": ("plan.xlsx", plans.the_report_as_csv(), "Give it the ending .csv"),
    "ods as xlsx": ("plan.xlsx", plans.the_report_as_ods(), "Give it the ending .ods"),
    "pdf": ("plan.csv", b"%PDF-1.7 ...", "PDF"),
    "web page": ("plan.csv", b"<html><table><tr><td>Recommendation</td></tr></table>", "web page"),
    "other ending": ("plan.exe", b"MZ", "cannot be brought in"),
    "no ending": ("plan", b"Recommendation,Status", "cannot be brought in"),
    "old xls": ("plan.xlsx", b"\xd0\xcf\x11\xe0" + b"\0" * 600, "before 2007"),
    "password": ("plan.xlsx", b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le"), "password"),
    "word document as xlsx": ("plan.xlsx", an_archive(word__document_xml="<w/>"), "Give it the ending .docx"),
    "xlsx as word document": ("plan.docx", REPORT, "Give it the ending .xlsx"),
    "old doc": ("plan.docx", b"\xd0\xcf\x11\xe0" + b"\0" * 600, "before 2007"),
    "word document with a password": (
        "plan.docx",
        b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le"),
        "password",
    ),
    "truncated word document": ("plan.docx", WORD[: len(WORD) // 2], "damaged or was cut off"),
    "broken word document": ("plan.docx", repacked(WORD, DOCUMENT, b"<w:document"), "damaged"),
    "not a word document": ("plan.docx", repacked(WORD, DOCUMENT, b"\0\1\2"), "damaged"),
    "word document of another kind": ("plan.docx", repacked(WORD, DOCUMENT, b"<html/>"), "damaged"),
    "word document without words": ("plan.docx", a_document(""), "headings of an action plan"),
    "entities in docx": ("plan.docx", a_document("&i;", LAUGHS), "damaged"),
    "entities in an attribute of docx": ("plan.docx", a_document('<w:p w:x="&i;"/>', LAUGHS), "damaged"),
    "entities in lists of docx": (
        "plan.docx",
        repacked(WORD, "word/numbering.xml", f"{LAUGHS}<x>&i;</x>".encode()),
        "damaged",
    ),
    "entities from elsewhere": (
        "plan.docx",
        a_document("&x;", '<!DOCTYPE x [<!ENTITY x SYSTEM "file:///etc/passwd">]>'),
        "damaged",
    ),
    "entities in docx of another encoding": ("plan.docx", a_document("&i;", LAUGHS, encoding="utf-16"), "damaged"),
    "document type from elsewhere": ("plan.docx", a_document("", '<!DOCTYPE x SYSTEM "http://x.example/">'), "damaged"),
    "bomb in docx": ("plan.docx", a_word_bomb, "far more"),
    "bomb of words": ("plan.docx", a_bomb_of_words, ""),
    "bomb of rows": ("plan.docx", a_bomb_of_rows, "more than 20,000 rows"),
    "tables in tables": (
        "plan.docx",
        a_document("<w:tbl><w:tr><w:tc>" * 400 + "</w:tc></w:tr></w:tbl>" * 400),
        "damaged",
    ),
    "huge spans": ("plan.docx", a_document(HUGE_SPANS), "headings of an action plan"),
    "other archive": ("plan.xlsx", an_archive(a_txt="a"), "folder of other files"),
    "truncated": ("plan.xlsx", REPORT[: len(REPORT) // 2], "damaged or was cut off"),
    "broken sheet": ("plan.xlsx", repacked(REPORT, SHEET, b"<worksheet"), "damaged"),
    "not a sheet": ("plan.xlsx", repacked(REPORT, SHEET, b"\0\1\2"), "damaged"),
    "no workbook in it": ("plan.xlsx", an_archive(xl__workbook_xml="<workbook/>"), "damaged"),
    "nuls": ("plan.csv", b"Recommendation,Status\n\0\0\0", "not a table of text"),
    "nuls in text": ("plan.txt", b"Recommendation\tStatus\n\0\0\0", "not a table of text"),
    "word document as text": ("plan.txt", WORD, "Give it the ending .docx"),
    "text of tabs": ("plan.txt", b"\t" * 20_000_000, "headings of an action plan"),
    "text of lines": ("plan.txt", b"a\tb\n" * 30_000, "more than 20,000 lines"),
    "text of one cell": ("plan.txt", b"Recommendation\tStatus\n" + b"x" * 200_000, "letters"),
    "open quote": ("plan.csv", b'Recommendation,Status\n"' + b"x" * 200_000, "quotation mark"),
    "bomb": ("plan.xlsx", a_bomb, "far more"),
    "bomb of cells": ("plan.xlsx", a_bomb_of_cells, "far more"),
    "long cell": ("plan.xlsx", a_long_cell, ""),
    "huge merge": ("plan.xlsx", a_huge_merge(), "headings of an action plan"),
    "entities in xlsx": ("plan.xlsx", repacked(REPORT, SHEET, f"{LAUGHS}<worksheet>&i;</worksheet>".encode()), ""),
    "entities in ods": ("plan.ods", entities_in_ods(), "damaged"),
    "entities in shared words": (
        "plan.xlsx",
        repacked(REPORT, "xl/styles.xml", f"{LAUGHS}<styleSheet>&i;</styleSheet>".encode()),
        "damaged",
    ),
    "sheet that leads elsewhere": (
        "plan.xlsx",
        repacked(
            REPORT,
            "xl/_rels/workbook.xml.rels",
            b'<x><Relationship Id="rId1" Type="x/worksheet" Target="../../../../etc/passwd"/></x>',
        ),
        "damaged",
    ),
    "deep sheet": ("plan.xlsx", a_sheet(b"<c><is>" * 5_000 + b"</is></c>" * 5_000), "damaged"),
    "deep ods": ("plan.ods", an_ods("<text:p>" + "<text:span>" * 50_000 + "</text:span>" * 50_000 + "</text:p>"), ""),
    "bomb in ods": ("plan.ods", lambda: an_ods(" " * 200_000_000), "far more"),
    "nuls in ods": ("plan.ods", an_ods("<text:p>\0</text:p>"), "damaged"),
    "old ending": ("plan.xls", b"\xd0\xcf\x11\xe0" + b"\0" * 600, "save it as .docx or .xlsx"),
    "binary workbook": ("plan.xlsx", an_archive(xl__workbook_bin="x"), "folder of other files"),
    "text as workbook with macros": ("plan.xlsm", plans.the_report_as_csv(), "Give it the ending .csv"),
    "half a workbook with macros": ("plan.xlsm", REPORT[:2000], "damaged or was cut off"),
    "columns of spaces": ("plan.txt", b"a  b\n" * 250_000, "more than 200,000 lines"),
    "one long line": ("plan.txt", b"Recommendation  Status  " * 20_000, "letters"),
    "encrypted ods": (
        "plan.ods",
        an_archive(mimetype=ODS_MIME, content_xml="x", **{"META-INF__manifest_xml": "<encryption-data/>"}),
        "password",
    ),
    "repeated row": ("plan.ods", a_repeated_row(), "more than 20,000 rows"),
    "no plan": ("plan.csv", b"Name,Telephone\nHillside,020", "headings of an action plan"),
}


@pytest.mark.parametrize(("name", "data", "sentence"), HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_file_gives_a_sentence_in_time(name, data, sentence):
    data = data() if callable(data) else data  # the large ones are made when they are wanted
    started = time.monotonic()
    with pytest.raises(Unreadable) as raised:
        read_file(data, name)
    assert time.monotonic() - started < 12
    assert sentence in str(raised.value)
    assert str(raised.value).endswith(".")
    assert "Traceback" not in str(raised.value)


def test_a_sheet_that_declares_a_million_rows_and_holds_ten_is_read():
    with zipfile.ZipFile(io.BytesIO(REPORT)) as archive:
        sheet = archive.read(SHEET)
    declared = sheet.replace(b'<dimension ref="A1:E10"', b'<dimension ref="A1:XFD1048576"')
    far = b'<row r="1048576"><c r="A1048576"/></row></sheetData>'
    assert declared != sheet
    data = repacked(REPORT, SHEET, declared.replace(b"</sheetData>", far))
    assert len(read_file(data, "plan.xlsx").rows) == len(plans.REPORT)


HARMFUL = (
    "<script>alert(1)</script>",
    "=cmd|' /C calc'!A0",
    "@SUM(1)",
    "+44",
    "{{7*7}}",
    "${x}",
    "\u202egnp.exe",
    "]]>",
)


@pytest.mark.parametrize("name", ["plan.xlsx", "plan.docx", "plan.ods", "plan.csv", "plan.txt"])
def test_markup_and_formulas_in_cells_are_words_like_any_other(name):
    rows = [("Recommendation", "Lead agency", "Status"), *((f"Say {words}", "School", "Ongoing") for words in HARMFUL)]
    read = read_file(plans.written(rows, name), name).rows
    assert [row["recommendation"] for row in read] == [f"Say {words}".replace("\u202e", "") for words in HARMFUL]


def living(group: int) -> list[str]:
    """The states of the processes of a group that have not ended."""
    states = subprocess.run(["ps", "-o", "stat=", "-g", str(group)], capture_output=True, text=True, check=False)
    return [line for line in states.stdout.splitlines() if not line.strip().startswith("Z")]


def test_a_process_that_hangs_is_ended_with_whatever_it_started(monkeypatch):
    monkeypatch.setattr(running, "SECONDS", 1)
    real = subprocess.Popen
    started = []

    def sleeper(command, **options):
        code = "import subprocess, time; subprocess.Popen(['sleep', '60']); time.sleep(60)"
        started.append(real([sys.executable, "-c", code], **options))
        return started[0]

    monkeypatch.setattr(subprocess, "Popen", sleeper)
    before = time.monotonic()
    with pytest.raises(Unreadable, match="stopped"):
        read_file(REPORT, "plan.xlsx")
    assert time.monotonic() - before < 10
    assert started[0].poll() is not None
    monkeypatch.undo()
    while left := living(started[0].pid):
        assert time.monotonic() - before < 20, left


def test_the_sandbox_imports_no_django_and_inherits_nothing_of_ours(monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "a secret")
    code = (
        "import sys, os; from reviews.importing import ours, readers, sandbox; "
        "from reviews.importing.understanding import plan; "
        "from reviews.importing.readers import docx, xlsx, ods, csv, txt; print('django' in sys.modules)"
    )
    said = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "False"
    options = {}
    real = subprocess.Popen
    monkeypatch.setattr(subprocess, "Popen", lambda command, **given: options.update(given) or real(command, **given))
    read_file(REPORT, "plan.xlsx")
    assert set(options["env"]) == {"LANG", "PATH"}
    assert options["start_new_session"] is True


def test_the_sandbox_limits_itself_before_it_reads():
    code = (
        "import resource as r; from reviews.importing import sandbox; sandbox.limit(); "
        "print([r.getrlimit(x)[0] for x in (r.RLIMIT_AS, r.RLIMIT_CPU, r.RLIMIT_FSIZE, r.RLIMIT_NOFILE)])"
    )
    said = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    most = [sandbox.MEMORY, sandbox.SECONDS, sandbox.MAX_OUTPUT + 4096, sandbox.OPEN_FILES]
    assert said.stdout.strip() == str(most)


@pytest.mark.parametrize("want", [MemoryError, RecursionError, SystemError])
def test_want_of_memory_is_said_as_such(want, monkeypatch, capsysbinary):
    """What the reader's own parts raise depends on where the memory ends."""

    def fail(*_):
        raise want

    monkeypatch.setattr(sandbox, "limit", lambda: None)
    monkeypatch.setattr(sandbox, "answer", fail)
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"{}\n")))
    sandbox.main()
    assert b"far more memory" in capsysbinary.readouterr().out


def test_an_answer_that_stops_short_is_no_answer():
    for output in (
        b"",
        b'{"review_title": "x"}\n{"row": {}}',
        b'{"review_title": "x"}\n{"row": {}}\n{"end": 2}',
        b"not json",
    ):
        with pytest.raises(Unreadable):
            running._parse(output)


@pytest.mark.slow
def test_a_plan_of_ten_thousand_rows_is_read_within_half_of_the_processor_time_allowed(monkeypatch):
    monkeypatch.setattr(running, "SECONDS", 60)  # other tests may hold the processor meanwhile
    headings = ("Ref", "Recommendation", "Action", "Lead agency", "Target date", "Progress", "Next steps", "Status")
    words = "Work with partners goes on as planned and was looked at in each quarter of the year."
    row = ("Listen to families.", "Hold a day.", "Hillside Police", "31/03/2027", words, words, "In progress")
    data = plans.a_plan(*((str(number), *row) for number in range(10_000)), headings=headings)
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
    assert len(read_file(data, "plan.xlsx").rows) == 10_000
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before < sandbox.SECONDS / 2
