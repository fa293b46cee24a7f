"""The parts of a row on its page: so many at a time, each with the ways on from it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.forms.models import BaseInlineFormSet

#: So many parts of a row stand on one page.
AT_A_TIME = 25


@dataclass(frozen=True)
class Way:
    """Where one goes from a part: the end of its address's name, and the words. ``presses`` acts at once."""

    to: str
    words: str
    presses: bool = False


class Parts(BaseInlineFormSet):
    """The parts of one row, a page of them. ``number`` is the page asked for, as it was typed.

    ``asked`` is what else the address of the row says, such as the list from which it was opened.
    """

    number = ""
    page_name = ""
    asked = ""
    ways: tuple[Way, ...] = ()
    pages: Page[Any]

    def get_queryset(self) -> Any:
        """One page of them; counted and read once."""
        if not hasattr(self, "pages"):
            self.pages = Paginator(super().get_queryset(), AT_A_TIME).get_page(self.number)
            self._parts = list(self.pages.object_list)
        return self._parts
