"""Tables that become cards on a phone. Load with ``{% load tables %}``.

``{% table "Actions of your agencies" "Action|Agency|Target date|Status" %}``
``{% row late=True %}{% row_heading %}…{% endrow_heading %}{% cell "Agency" %}…{% endcell %}…{% endrow %}``
``{% endtable %}``

Each part carries its role, because a table whose rows are laid out as blocks is no longer a table for screen readers.
``{% count_list %}`` and ``{% count %}`` are the numbers that stand above a list and lead into it.
"""

from __future__ import annotations

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

register = template.Library()


@register.simple_block_tag
def table(content: str, caption: str, headings: str, show_caption: bool = False, stacked: bool = True) -> SafeString:
    """A table: its caption (read out; shown with ``show_caption``) and its headings, parted by ``|``.

    A heading that ends in ``#`` is of numbers and is set to the right.
    """
    heads = format_html_join(
        "",
        '<th class="govuk-table__header{}" scope="col" role="columnheader">{}</th>',
        (
            (" govuk-table__header--numeric" if words.endswith("#") else "", words.removesuffix("#"))
            for words in headings.split("|")
        ),
    )
    return format_html(
        '<table class="govuk-table app-table{}" role="table"><caption class="govuk-table__caption {}">{}</caption>'
        '<thead class="govuk-table__head" role="rowgroup"><tr class="govuk-table__row" role="row">{}</tr></thead>'
        '<tbody class="govuk-table__body" role="rowgroup">{}</tbody></table>',
        " app-table--stacked" if stacked else "",
        "govuk-table__caption--m" if show_caption else "govuk-visually-hidden",
        caption,
        heads,
        content,
    )


@register.simple_block_tag
def row(content: str, late: bool = False) -> SafeString:
    """One row. ``late`` draws a line at its edge; the words that say so stand in a cell."""
    return format_html(
        '<tr class="govuk-table__row{}" role="row">{}</tr>', " app-table__row--late" if late else "", content
    )


@register.simple_block_tag
def row_heading(content: str) -> SafeString:
    """The cell that names its row: the action, the agency. It is the first, and heads the card on a phone."""
    return format_html(
        '<th class="govuk-table__header govuk-table__header--row" scope="row" role="rowheader">{}</th>', content
    )


@register.simple_block_tag
def cell(content: str, label: str = "", numeric: bool = False) -> SafeString:
    """A cell. ``label`` is its column's heading, shown above it on a phone."""
    return format_html(
        '<td class="govuk-table__cell{}" role="cell"{}>{}</td>',
        " govuk-table__cell--numeric" if numeric else "",
        format_html(' data-label="{}"', label) if label else "",
        content,
    )


@register.simple_block_tag
def count_list(content: str) -> SafeString:
    """A few numbers in a row, each a ``count``."""
    return format_html('<ul class="app-counts">{}</ul>', content)


@register.simple_tag
def count(number: int, words: str, href: str = "", late: bool = False) -> SafeString:
    """One number and what it counts, leading to that list: ``{% count 3 "overdue" href=url late=True %}``."""
    label = format_html('<a class="app-counts__link" href="{}">{}</a>', href, words) if href else words
    return format_html(
        '<li class="app-counts__item{}"><span class="app-counts__number">{}</span> {}</li>',
        " app-counts__item--late" if late and number else "",
        number,
        label,
    )
