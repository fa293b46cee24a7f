"""Which formats a plan can be had in, and how each is made from the one read model."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from portal.papers import csv, docx, html, ods, xlsx
from portal.papers.layouts import LAYOUTS, UPDATE_REPORT
from portal.papers.paper import Paper
from portal.papers.sheet import Sheet, paper_sheet, plan_sheet
from reviews.as_at_model import PlanAsAt


@dataclass(frozen=True)
class Format:
    """A format: what a link calls it, its content type, and how it is rendered from a paper or from data."""

    words: str
    content_type: str
    of_paper: Callable[[Paper], bytes] | None = None
    of_sheet: Callable[[Sheet], bytes] | None = None


FORMATS: dict[str, Format] = {
    "docx": Format(
        "Word document, to print or edit",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        of_paper=docx.render,
    ),
    "html": Format("Web page that stands by itself", "text/html; charset=utf-8", of_paper=html.render),
    "xlsx": Format(
        "Excel workbook, one row an action",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        of_sheet=xlsx.render,
    ),
    "ods": Format(
        "OpenDocument spreadsheet, one row an action",
        "application/vnd.oasis.opendocument.spreadsheet",
        of_sheet=ods.render,
    ),
    "csv": Format("CSV file, one row an action", "text/csv; charset=utf-8", of_sheet=csv.render),
}
#: Named in the stable command; not offered yet.
NOT_YET = ("pdf",)


@dataclass(frozen=True)
class Export:
    """A file, ready to be saved or sent."""

    name: str
    content_type: str
    data: bytes


def export(plan: PlanAsAt, extension: str, layout: str = UPDATE_REPORT) -> Export:
    """``plan`` as a file; KeyError for a format or layout that is not offered.

    Word and web pages carry the layout as it is printed. Workbooks and CSV carry the plan as data: the update report's
    columns and whatever else is known, or the statutory columns.
    """
    form, paper = FORMATS[extension], LAYOUTS[layout](plan)
    if form.of_paper:
        data = form.of_paper(paper)
    elif form.of_sheet:
        data = form.of_sheet(plan_sheet(plan, paper) if layout == UPDATE_REPORT else paper_sheet(paper))
    else:
        raise KeyError(extension)
    return Export(paper.file_name(extension), form.content_type, data)
