"""The pages of a plan that is being read, brought in or undone, and of one that is; and how that is undone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from agencies.refusals import Refused
from agencies.roles import Permission
from agencies.verb_pages import VerbForm
from reviews import bringing_in
from reviews.importing import undoing
from reviews.models import PlanImport

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

State = PlanImport.State
_WAITING = {State.READING: "being read", State.CONFIRMING: "being brought in", State.UNDOING: "being undone"}


class Undo(VerbForm):
    """Take back what an import has brought in, where nobody has built on it."""

    slug = "undo"
    heading = "Undo bringing this plan in"
    button = "Undo it"
    lead = (
        "Every recommendation and action that came with this file leaves the plan at once, and nobody sees them any "
        "more. What the file changed in actions that were there before is changed back, and stays in their history, "
        "struck out. Nothing is deleted. The review stays, so that a corrected file can be brought into it; agencies "
        "that were made stay, too."
    )
    permission = Permission.EDIT_PLAN
    done = "It is undone."
    about: PlanImport

    @classmethod
    def is_offered(cls, about: PlanImport) -> bool:
        """Once it was brought in."""
        return about.state == State.CONFIRMED

    def carry_out(self) -> None:
        """Undo it; what stands in the way is listed, with links to it."""
        try:
            bringing_in.undo(plan_import=self.about, by=self.by)
        except undoing.BuiltOn as built:
            raise Refused(_listed(built)) from built


def _listed(built: undoing.BuiltOn) -> SafeString:
    items = format_html_join(
        "", "<li>{} ({}){}</li>", ((one.words, one.number, _links(one)) for one in built.obstacles)
    )
    return format_html(
        "People have built on this plan since it was brought in. Change it in the plan itself.<ul>{}</ul>", items
    )


def _links(obstacle: undoing.Obstacle) -> SafeString:
    if not obstacle.actions:
        return SafeString("")
    links = format_html_join(
        ", ",
        '<a href="{}">action {}</a>',
        ((reverse("admin:reviews_action_change", args=[one.pk]), one.label) for one in obstacle.actions),
    )
    more = " and others" if obstacle.number > len(obstacle.actions) else ""
    return format_html(": on {}{}", links, more)


def state_page(request: HttpRequest, staged: PlanImport, context: dict[str, Any]) -> HttpResponse:
    """The page of an import that does not wait to be confirmed: how far it is, or what became of it."""
    if staged.state in PlanImport.AT_WORK:
        context |= {"what": _WAITING[State(staged.state)], "title": f"The plan is {_WAITING[State(staged.state)]}"}
        return TemplateResponse(request, "admin/reviews/planimport/work.html", context)
    return TemplateResponse(request, "admin/reviews/planimport/done.html", context)


def in_numbers(staged: PlanImport) -> str:
    """How much came in: "28 recommendations, 30 actions; 2 rows left out"."""
    names = (("recommendations", "recommendation"), ("actions", "action"), ("updated", "action changed"))
    said = [_number(staged.counts.get(key, 0), words) for key, words in names if staged.counts.get(key)]
    left = staged.counts.get("left_out", 0)
    return ", ".join(said) + (f"; {_number(left, 'row')} left out" if left else "")


def _number(number: int, words: str) -> str:
    first, _, rest = words.partition(" ")
    return f"{number:,} {first}{'' if number == 1 else 's'} {rest}".strip()
