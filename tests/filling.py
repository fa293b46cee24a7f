"""The forms of a page as somebody fills them in who means well, so that one field at a time can be filled in badly."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urljoin, urlsplit

from django.test import Client
from django.urls import Resolver404, resolve
from django.utils import timezone

from tests.sending import read

#: What is typed into an empty box of each kind.
TYPED = {
    "email": "new.person@example.org",
    "url": "https://example.org/report",
    "number": "7",
    "password": "a quiet river at night",
    "search": "police",
}
#: Never filled in badly by the loop: it is Django's own, and off in tests.
TOKEN = "csrfmiddlewaretoken"


@dataclass
class Filled:
    """A form: where it stands, where it is sent, what is sent with it, and the kind of each of its fields."""

    url: str
    method: str
    to: str
    said: dict[str, Any] = field(default_factory=dict)
    kinds: dict[str, str] = field(default_factory=dict)

    @property
    def key(self) -> tuple[str, ...]:
        """What the same form has in common wherever it stands: the address's name, and the fields."""
        path = urlsplit(self.to).path
        try:
            name = resolve(path).view_name
        except Resolver404:
            name = path
        return (self.method, name, *sorted(self.said))


def filled_forms(client: Client, url: str) -> Iterator[Filled]:
    """Each form of the page, once for each of its buttons with a name or place of its own, and as a script saves it."""
    page = read(client, url)
    for form in [] if page is None else page.forms:
        method = (form.method or "get").lower()
        buttons = form.xpath(".//*[self::button or self::input][@type='submit'][@name or @formaction]")
        for pressed in buttons or [None]:
            to = form.get("action") or ""
            to = to if pressed is None else pressed.get("formaction", to)
            one = Filled(url, method, urljoin(url, to))
            for box in form.inputs:
                _fill(one, box)
            for radio in form.xpath(".//input[@type='radio'][@name]"):
                one.said[radio.name] = one.said[radio.name] or [radio.get("value", "on")]
            if pressed is not None and pressed.get("name"):
                one.said[pressed.get("name")] = pressed.get("value", "")
                one.kinds[pressed.get("name")] = "submit"
            yield one
        if saved := form.get("data-save"):
            yield replace(one, to=urljoin(url, saved))


def _fill(form: Filled, box: Any) -> None:
    kind = box.get("type", box.tag)
    if not box.name or kind in ("submit", "button", "image"):
        return
    form.kinds[box.name] = kind
    if kind in ("checkbox", "radio"):
        ticked = form.said.setdefault(box.name, [])
        if box.get("checked") is not None:
            ticked.append(box.get("value", "on"))
    elif kind == "select":
        form.said[box.name] = box.value or next((value for value in box.value_options if value), "")
    elif kind == "file":
        form.said.setdefault(box.name, [])
    else:
        shown = (box.value or "").removeprefix("\n")  # a browser drops the line end after <textarea>
        form.said[box.name] = shown if kind == "hidden" else (shown or _typed(kind, box.name))


def _typed(kind: str, name: str) -> str:
    today = timezone.localdate()
    for part in ("day", "month", "year"):
        if name.endswith(f"_{part}"):
            return str(getattr(today, part))
    return today.isoformat() if kind == "date" else TYPED.get(kind, "Words that somebody wrote")
