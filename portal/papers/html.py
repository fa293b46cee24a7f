"""The paper as one page that stands by itself: no file beside it, no script, good to print and to send."""

from __future__ import annotations

from django.template.loader import render_to_string

from portal.papers.paper import Paper


def render(paper: Paper) -> bytes:
    """The paper as an HTML file."""
    return render_to_string("portal/papers/standalone.html", {"paper": paper}).encode()
