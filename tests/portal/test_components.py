"""Components: total over what they tell, escaped, and readable."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.core.paginator import Paginator
from django.template import Context, Template
from django.test import RequestFactory

from portal.shapes import SHAPES
from portal.templatetags import components
from reviews.statuses import Lateness, Status, Timing

TAG_STYLES = Path("portal/styles/_tags.scss")


def render(source: str, **context: object) -> str:
    return Template("{% load components tables dates %}" + source).render(Context(context))


@pytest.mark.parametrize("status", Status)
def test_every_status_has_words_a_shape_and_a_style_of_its_own(status: Status) -> None:
    look, drawing = components.STATUS_LOOKS[status]
    assert str(status.label) in render("{% status_tag status %}", status=status.value)
    assert drawing in SHAPES
    assert f'"{look}":' in TAG_STYLES.read_text()


def test_no_two_statuses_share_a_shape() -> None:
    drawings = [drawing for _, drawing in components.STATUS_LOOKS.values()]
    assert len(set(drawings)) == len(Status)


@pytest.mark.parametrize("lateness", Lateness)
def test_lateness_is_told_in_words_unless_nothing_is_open(lateness: Lateness) -> None:
    page = render("{% lateness_tag timing %}", timing=Timing(lateness, -12 if lateness == Lateness.OVERDUE else None))
    if lateness == Lateness.CLOSED:
        assert page == ""
    else:
        assert ("Overdue by 12 days" if lateness == Lateness.OVERDUE else str(lateness.label)) in page
        assert "<svg" in page


def test_what_is_handed_in_is_escaped_and_markup_of_a_block_is_kept() -> None:
    page = render(
        "{% tag bad %}{% timeline_item bad day by=bad %}<p>{{ bad }}</p>{% endtimeline_item %}"
        "{% cell bad %}{{ bad }}{% endcell %}{% summary_row bad href=bad %}{{ bad }}{% endsummary_row %}"
        "{% table bad bad %}{% endtable %}{% count 1 bad href=bad %}{% button bad name=bad %}{% back_link bad bad %}"
        "{% breadcrumbs bad bad %}{% details bad %}{{ bad }}{% enddetails %}",
        bad="<script>\"'",
        day=None,
    )
    assert "<script>" not in page
    assert "&quot;" in page
    assert "<p>&lt;script&gt;" in page


def test_pages_of_a_list_keep_its_filters() -> None:
    request = RequestFactory().get("/", {"status": "ongoing", "page": "2"})
    page = render("{% pagination paged %}", paged=Paginator(range(60), 25).get_page(2), request=request)
    assert 'href="?status=ongoing&amp;page=3"' in page
    assert 'aria-current="page">2<' in page
    assert render("{% pagination paged %}", paged=Paginator(range(5), 25).get_page(1), request=request).strip() == ""


def luminance(colour: str) -> float:
    """As WCAG reckons it."""
    full = "".join(2 * figure for figure in colour) if len(colour) == 3 else colour
    parts = [int(full[place : place + 2], 16) / 255 for place in (0, 2, 4)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_every_tag_can_be_read_by_poor_eyes() -> None:
    pairs = re.findall(r'"([\w-]+)": \(#(\w+), #\w+, #(\w+)\)', TAG_STYLES.read_text())
    assert len(pairs) == len(Status) + 4
    assert {name: contrast(ground, text) for name, ground, text in pairs if contrast(ground, text) < 7} == {}


def test_plum_carries_white() -> None:
    assert contrast("4c1d45", "fff") > 7
