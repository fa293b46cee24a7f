"""The pieces of a page. Load with ``{% load components %}``; each is shown in the gallery of the browser tests.

Whatever is handed in is escaped; a block's own markup is kept. Tags of what is told (status, lateness) always carry
words and a shape; colour comes last.
"""

from __future__ import annotations

from datetime import date
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

from django import template
from django.forms import BaseForm, BaseFormSet, RadioSelect
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from agencies import presses
from portal.shapes import shape
from portal.templatetags.dates import date_with, day
from reviews.statuses import MEANINGS, Lateness, Status, Timing

if TYPE_CHECKING:
    from reviews.models import Action

register = template.Library()

#: How each status looks: the ending of its CSS class, and its shape.
STATUS_LOOKS: dict[Status, tuple[str, str]] = {
    Status.NOT_RECORDED: ("not-recorded", "dashed"),
    Status.NOT_STARTED: ("not-started", "ring"),
    Status.IN_PROGRESS: ("in-progress", "half"),
    Status.ONGOING: ("ongoing", "circling"),
    Status.AWAITING: ("awaiting", "waiting"),
    Status.COMPLETE: ("complete", "tick"),
    Status.NOT_PURSUED: ("not-pursued", "struck"),
}

LATENESS_LOOKS: dict[Lateness, tuple[str, str]] = {
    Lateness.NO_DATE: ("no-date", "dash"),
    Lateness.ON_TIME: ("on-time", "calendar"),
    Lateness.DUE_SOON: ("due-soon", "clock"),
    Lateness.OVERDUE: ("overdue", "warning"),
}

#: What the key says of each lateness.
LATENESS_MEANINGS: dict[Lateness, str] = {
    Lateness.NO_DATE: "The plan gives no target date.",
    Lateness.ON_TIME: "The target date is more than four weeks away.",
    Lateness.DUE_SOON: "The target date falls within the next four weeks.",
    Lateness.OVERDUE: "The target date has passed.",
}


@register.simple_tag
@lru_cache(maxsize=4096, typed=True)  # typed: what is safe and what is not are different words
def tag(words: str, look: str = "neutral", drawing: str = "bar") -> SafeString:
    """Any tag of your own: ``{% tag "Restricted" drawing="stop" %}``. For statuses and lateness use theirs."""
    return format_html('<span class="app-tag app-tag--{}">{}<span>{}</span></span>', look, shape(drawing), words)


@register.simple_tag
def status_tag(status: str) -> SafeString:
    """A status, from the value kept on an action or an assignment: ``{% status_tag action.status %}``."""
    known = Status(status)
    look, drawing = STATUS_LOOKS[known]
    return tag(known.label, look, drawing)


@register.simple_tag
def lateness_tag(timing: Timing) -> SafeString:
    """Lateness, from ``reviews.statuses.timing(…)``; a closed action is neither late nor on time, and shows nothing."""
    if timing.lateness == Lateness.CLOSED:
        return SafeString("")
    look, drawing = LATENESS_LOOKS[timing.lateness]
    return tag(timing.words, look, drawing)


@register.simple_tag
def lateness_today(action: Action) -> SafeString:
    """How late an action is today; ``lateness_tag`` where the page has worked that out."""
    return lateness_tag(action.timing(timezone.localdate()))


@register.simple_tag
@cache  # it says the same to everybody
def status_key() -> SafeString:
    """The key to every status and lateness, for the foot of a list or a plan."""
    said = {
        "statuses": [(status, MEANINGS[status]) for status in Status],
        "latenesses": [
            (tag(late.label, *LATENESS_LOOKS[late]), meaning) for late, meaning in LATENESS_MEANINGS.items()
        ],
    }
    return render_to_string("portal/components/key.html", said)


@register.simple_tag(name="shape")
def shape_tag(name: str, css: str = "app-tag__shape") -> SafeString:
    """One drawing by its name, for the few places where no tag fits."""
    return shape(name, css)


@register.simple_tag
def drawn(svg: str) -> SafeString:
    """A drawing that the server made (a code to scan), put into the page itself: our policy loads no data addresses."""
    return SafeString(svg[svg.index("<svg") :])


@register.inclusion_tag("portal/components/error_summary.html")
def error_summary(*forms: BaseForm | BaseFormSet) -> dict[str, Any]:
    """Above the heading of a page with a form: every problem, each a link to its field. Nothing when all is well."""
    return {"problems": [problem for form in forms if form for problem in _problems(form)]}


def _problems(form: BaseForm | BaseFormSet) -> list[tuple[str, str]]:
    """(id of the field or "", message) for everything wrong with a form or each form of a set."""
    if isinstance(form, BaseFormSet):
        own = [("", str(message)) for message in form.non_form_errors()] if form.is_bound else []
        return own + [problem for each in form.forms for problem in _problems(each)]
    if not form.is_bound:
        return []
    found = []
    for name, messages in form.errors.items():
        target = first_id(form[name]) if name in form.fields else ""
        found += [(target, str(message)) for message in messages]
    return found


def first_id(field: Any) -> str:
    """The id of the control that takes the focus: of several boxes, the first."""
    if isinstance(field.field.widget, RadioSelect):  # checkboxes are a kind of it
        return f"{field.auto_id}_0"
    if field.widget_type == "daymonthyear":
        return f"{field.auto_id}_day"
    return field.id_for_label or field.auto_id


@register.inclusion_tag("portal/components/pagination.html", takes_context=True)
def pagination(context: template.Context, page: Any, name: str = "page") -> dict[str, Any]:
    """Links to the other pages of a list; filters in the address are kept. Nothing when there is one page."""
    pages = list(page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1))
    query = context["request"].GET.copy()

    def address(number: int) -> str:
        query[name] = str(number)
        return f"?{query.urlencode()}"

    return {
        "page": page,
        "links": [(number, address(number) if isinstance(number, int) else "") for number in pages],
        "previous": address(page.number - 1) if page.has_previous() else "",
        "next": address(page.number + 1) if page.has_next() else "",
    }


@register.simple_tag
def back_link(href: str, words: str = "Back") -> SafeString:
    """One step back, for ``{% block before %}``: ``{% back_link list_url "Your actions" %}``."""
    return format_html('<nav aria-label="Back"><a class="govuk-back-link" href="{}">{}</a></nav>', href, words)


@register.simple_tag
def breadcrumbs(*steps: str) -> SafeString:
    """The way here, for ``{% block before %}``: words and address in turn: ``{% breadcrumbs "Plans" plans_url %}``."""
    items = format_html_join(
        "",
        '<li class="govuk-breadcrumbs__list-item"><a class="govuk-breadcrumbs__link" href="{}">{}</a></li>',
        ((href, words) for words, href in zip(steps[::2], steps[1::2], strict=True)),
    )
    return format_html(
        '<nav class="govuk-breadcrumbs govuk-breadcrumbs--collapse-on-mobile" aria-label="Breadcrumb">'
        '<ol class="govuk-breadcrumbs__list">{}</ol></nav>',
        items,
    )


@register.simple_tag
def button(
    words: str, href: str = "", look: str = "", name: str = "", value: str = "", element: str = ""
) -> SafeString:
    """A button that sends its form, or with ``href`` a link that looks like one. ``look``: secondary, warning, link.

    ``element`` is its id. A page has one primary button: give every other a look.
    """
    css = "app-button-link" if look == "link" else f"govuk-button govuk-button--{look}" if look else "govuk-button"
    if href:
        return format_html('<a class="{}" href="{}" draggable="false">{}</a>', css, href, words)
    extras = format_html_join(
        "", ' {}="{}"', ((k, v) for k, v in (("name", name), ("value", value), ("id", element)) if v)
    )
    return format_html(
        '<button type="submit" class="{}"{} data-module="govuk-button" data-prevent-double-click="true">{}</button>',
        css,
        extras,
        words,
    )


@register.simple_block_tag
def inset(content: str) -> SafeString:
    """Something to notice in passing."""
    return format_html('<div class="govuk-inset-text">{}</div>', content)


@register.simple_block_tag
def warning(content: str) -> SafeString:
    """Something that cannot be undone, or must not be missed. Text only, no paragraphs."""
    return format_html(
        '<div class="govuk-warning-text"><span class="govuk-warning-text__icon" aria-hidden="true">!</span>'
        '<strong class="govuk-warning-text__text"><span class="govuk-visually-hidden">Warning</span>{}</strong></div>',
        content,
    )


@register.simple_block_tag
def details(content: str, words: str, opened: bool = False) -> SafeString:
    """What only some need: ``{% details "How sign-off works" %}…{% enddetails %}``."""
    return format_html(
        '<details class="govuk-details"{}><summary class="govuk-details__summary">'
        '<span class="govuk-details__summary-text">{}</span></summary>'
        '<div class="govuk-details__text">{}</div></details>',
        SafeString(" open") if opened else "",
        words,
        content,
    )


@register.simple_block_tag
def quoted(content: str) -> SafeString:
    """Wording as it stands in a report or a plan; give paragraphs: ``{{ wording|linebreaks }}``."""
    return format_html('<div class="app-quoted">{}</div>', content)


@register.simple_block_tag
def summary_list(content: str) -> SafeString:
    """What is known of one thing, in rows of ``summary_row``."""
    return format_html('<dl class="govuk-summary-list">{}</dl>', content)


@register.simple_block_tag
def summary_row(content: str, label: str, href: str = "", change: str = "Change") -> SafeString:
    """One row: ``{% summary_row "Target date" href=url %}…{% endsummary_row %}``; with ``href`` a link to change it."""
    action = (
        format_html(
            '<dd class="govuk-summary-list__actions"><a class="govuk-link" href="{}">{}'
            '<span class="govuk-visually-hidden"> {}</span></a></dd>',
            href,
            change,
            label[:1].lower() + label[1:],
        )
        if href
        else ""
    )
    return format_html(
        '<div class="govuk-summary-list__row{}"><dt class="govuk-summary-list__key">{}</dt>'
        '<dd class="govuk-summary-list__value">{}</dd>{}</div>',
        "" if href else " govuk-summary-list__row--no-actions",
        label,
        content,
        action,
    )


@register.simple_block_tag
def timeline(content: str) -> SafeString:
    """What happened, newest first, in ``timeline_item`` rows."""
    return format_html('<ol class="app-timeline">{}</ol>', content)


@register.simple_block_tag
def timeline_item(
    content: str, heading: str, on: date, by: str = "", late_entry: date | None = None, main: bool = False
) -> SafeString:
    """One entry: the day it speaks for, who, and ``late_entry``, the day it was recorded if that was later.

    ``main`` fills the dot: for what changed the action's status.
    """
    about = format_html("{}{}", date_with(on), f" · {by}" if by else "")
    if late_entry:
        about = format_html("{} · recorded later, on {}", about, day(late_entry))
    return format_html(
        '<li class="app-timeline__item{}"><h3 class="app-timeline__heading">{}</h3>'
        '<p class="app-timeline__about">{}</p><div class="app-timeline__body">{}</div></li>',
        " app-timeline__item--main" if main else "",
        heading,
        about,
        content,
    )


@register.simple_tag(takes_context=True)
def press_mark(context: dict[str, Any]) -> SafeString:
    """The mark by which a press of this form's button is known again; the same until it is carried out."""
    request = context.get("request")
    mark = (request.POST.get(presses.FIELD) if request else "") or presses.fresh()
    return format_html('<input type="hidden" name="{}" value="{}">', presses.FIELD, mark)
