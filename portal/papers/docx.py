"""The paper as a Word document: landscape, its columns as in the founding report, headings repeated on each page."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from portal.papers.paper import Cell, Group, Look, Paper, Paragraph, day, printable
from reviews.export_mark import BETWEEN, BOOKMARK, EXPORT_NOTE, STYLE, Says

PAGE = (Mm(297), Mm(210))
MARGIN = Mm(18)
SHADE = "F1EBF0"
GREY = RGBColor(0x48, 0x49, 0x49)


def render(paper: Paper) -> bytes:
    """The paper as a .docx file."""
    document = Document()
    _set_page(document, paper)
    _set_type(document)
    _set_properties(document, paper)
    document.add_heading(printable(paper.title), level=0)
    document.add_paragraph(paper.subtitle, style="Subtitle")
    document.add_paragraph(printable(paper.publisher))
    for words in paper.introduction:
        document.add_paragraph(printable(words))
    if paper.groups:
        _add_table(document, paper)
        _add_note(document)
    _add_foot(document, paper)
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def _set_page(document: Any, paper: Paper) -> None:
    section = document.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = PAGE
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = MARGIN
    foot = section.footer.paragraphs[0]
    foot.add_run(printable(f"{paper.reference} · as at {day(paper.on)} · page "))
    _add_field(foot, "PAGE")
    foot.add_run(" of ")
    _add_field(foot, "NUMPAGES")


def _set_type(document: Any) -> None:
    """Arial throughout, British spelling, black headings: a paper for a meeting, not a brochure."""
    for name, size in (("Normal", 10), ("Title", 18), ("Subtitle", 13), ("Heading 2", 12), ("Footer", 8)):
        style = document.styles[name]
        style.font.name, style.font.size, style.font.italic = "Arial", Pt(size), False
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for theme in [key for key in fonts.attrib if key.endswith("Theme")]:
            del fonts.attrib[theme]
        for script in ("w:ascii", "w:hAnsi", "w:cs", "w:eastAsia"):
            fonts.set(qn(script), "Arial")
        if name != "Normal":
            style.font.color.rgb = RGBColor(0, 0, 0)
            for ornament in ("w:pPr/w:pBdr", "w:rPr/w:spacing", "w:rPr/w:kern"):
                for found in style.element.findall(ornament, style.element.nsmap):
                    found.getparent().remove(found)
    document.styles["Title"].font.bold = True
    for language in document.styles.element.iter(qn("w:lang")):
        language.set(qn("w:val"), "en-GB")
    document.styles["Normal"].paragraph_format.space_after = Pt(6)
    _add_styles(document)


def _add_styles(document: Any) -> None:
    """A style for each thing that a paragraph may say: by it the paper is understood when it is brought in again."""
    for says in Says:
        style = document.styles.add_style(f"{STYLE}{says}", WD_STYLE_TYPE.PARAGRAPH)
        style.base_style = document.styles["Normal"]
        style.paragraph_format.space_after = Pt(3)
    document.styles.add_style(BETWEEN, WD_STYLE_TYPE.CHARACTER)


def _set_properties(document: Any, paper: Paper) -> None:
    """Every property by us: a document's own would tell who made it, with what, and when."""
    facts = document.core_properties
    facts.title, facts.subject = printable(f"{paper.title}: {paper.subtitle}"), paper.reference
    facts.author = facts.last_modified_by = printable(paper.publisher)
    facts.comments = facts.keywords = facts.category = ""
    facts.language, facts.revision = "en-GB", 1
    facts.created = facts.modified = dt.datetime.combine(paper.on, dt.time(12))
    package = document.part.package
    for key, link in list(package.rels.items()):
        if link.reltype.endswith(("/thumbnail", "/extended-properties")):
            del package.rels[key]  # the picture and the program's name of the library's own template


def _add_table(document: Any, paper: Paper) -> None:
    table = document.add_table(rows=1, cols=len(paper.headings), style="Table Grid")
    table.alignment, table.autofit = WD_TABLE_ALIGNMENT.LEFT, False
    _pad(table)
    widths = [int((PAGE[0] - 2 * MARGIN) * heading.share / 100) for heading in paper.headings]
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
    for cell, heading, width in zip(table.rows[0].cells, paper.headings, widths, strict=True):
        cell.width = width
        _write(cell, (Paragraph(heading.words, Look.STRONG),))
        _shade(cell)
    _mark(table.rows[0], "w:tblHeader")
    _mark(table.rows[0], "w:cantSplit")
    for group in paper.groups:
        for number, (place, row) in enumerate(zip(group.places, group.rows, strict=True)):
            added = _add_row(table, _headed(group, row) if number == 0 else row, widths)
            if number == 0 and len(group.names) > 1:
                _part_names(added.cells[0].paragraphs[0], group.names)
            _mark_place(added.cells[0].paragraphs[0], place)


def _headed(group: Group, row: tuple[Cell, ...]) -> tuple[Cell, ...]:
    """The first row of a group: its name in bold above what is asked, its footnotes below."""
    if not group.name:
        return row
    name = Paragraph(group.name, Look.STRONG, Says.AGENCY)
    return ((name, *row[0], *(Paragraph(note, Look.SMALL) for note in group.footnotes)), *row[1:])


def _part_names(line: Any, names: tuple[str, ...]) -> None:
    """Write joint leads as a paper does, "A and B", each name apart: a name may hold an "and" of its own."""
    for run in list(line.runs):
        run._r.getparent().remove(run._r)
    for number, name in enumerate(names):
        if number:
            line.add_run(" and ", style=BETWEEN).bold = True
        line.add_run(printable(name)).bold = True


def _mark_place(line: Any, place: tuple[int, int]) -> None:
    """Keep in a bookmark where a row stands in the plan: a report by organisations is in another order."""
    begin, end = OxmlElement("w:bookmarkStart"), OxmlElement("w:bookmarkEnd")
    for one in (begin, end):
        one.set(qn("w:id"), str(1 + place[0] * 100_000 + place[1]))
    begin.set(qn("w:name"), BOOKMARK.format(*place))
    line._p.append(begin)
    line._p.append(end)


def _add_row(table: Any, cells: tuple[Cell, ...], widths: list[int]) -> Any:
    row = table.add_row()
    _mark(row, "w:cantSplit")
    for cell, content, width in zip(row.cells, cells, widths, strict=True):
        cell.width = width
        _write(cell, content)
    return row


def _write(cell: Any, content: Cell) -> None:
    for place, paragraph in enumerate(content):
        line = cell.paragraphs[0] if place == 0 else cell.add_paragraph()
        line._p.style = f"{STYLE}{paragraph.says}".replace(" ", "")
        run = line.add_run(printable(paragraph.words))
        run.bold = paragraph.look is Look.STRONG or None
        if paragraph.look is Look.SMALL:
            run.font.size, run.font.color.rgb = Pt(8.5), GREY


def _add_note(document: Any) -> None:
    run = document.add_paragraph().add_run(EXPORT_NOTE)
    run.font.size, run.font.color.rgb = Pt(8.5), GREY


def _add_foot(document: Any, paper: Paper) -> None:
    for group in paper.groups:
        if not group.name:
            for footnote in group.footnotes:
                document.add_paragraph(printable(footnote))
    if paper.recorded_later:
        document.add_heading("Recorded after this paper", level=2)
        for words in paper.recorded_later:
            document.add_paragraph(printable(words), style="List Bullet")
    document.add_heading("Key to the statuses", level=2)
    for words, meaning in paper.key:
        line = document.add_paragraph()
        line.paragraph_format.space_after = Pt(2)
        line.add_run(f"{words}: ").bold = True
        line.add_run(meaning)


def _pad(table: Any) -> None:
    """Some air above and below the words of each cell, in twentieths of a point."""
    margins = OxmlElement("w:tblCellMar")
    for side in ("top", "bottom"):
        margin = OxmlElement(f"w:{side}")
        margin.set(qn("w:w"), "50")
        margin.set(qn("w:type"), "dxa")
        margins.append(margin)
    table._tbl.tblPr.insert_element_before(margins, "w:tblLook", "w:tblCaption", "w:tblDescription")


def _shade(cell: Any) -> None:
    shade = OxmlElement("w:shd")
    for name, value in (("val", "clear"), ("color", "auto"), ("fill", SHADE)):
        shade.set(qn(f"w:{name}"), value)
    cell._tc.get_or_add_tcPr().append(shade)


def _mark(row: Any, name: str) -> None:
    row._tr.get_or_add_trPr().append(OxmlElement(name))


def _add_field(paragraph: Any, code: str) -> None:
    """A number that Word works out: the page, or how many there are."""
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), code)
    run = OxmlElement("w:r")
    text = OxmlElement("w:t")
    text.text = "1"
    run.append(text)
    field.append(run)
    paragraph._p.append(field)
