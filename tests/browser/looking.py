"""What to look for on a page: axe, width, pictures."""

from __future__ import annotations

import os

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

from tests.browser.conftest import SCREENSHOTS, WIDTHS

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

#: Ask axe for what is wrong and for no more: all that is right with a page would cost ten times as much to hand over.
VIOLATIONS = "(options) => axe.run(options).then((found) => found.violations)"

#: What sticks out at the right, if the page can be scrolled that way.
OUTSIDE = """() => {
  const width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= width) return [];
  return [...document.body.querySelectorAll("*")]
    .filter((element) => element.getBoundingClientRect().right > width)
    .map((element) => element.outerHTML.slice(0, 150));
}"""

#: Labels of stacked cells that begin left of their card, where they run into other words or out of sight.
LABELS_OUTSIDE = """() => [...document.querySelectorAll("td[data-label]")].filter((cell) => {
    const label = getComputedStyle(cell, "::before");
    const begins = parseFloat(label.marginLeft) + parseFloat(getComputedStyle(cell).paddingLeft);
    return label.display !== "none" && begins < 0;
  }).map((cell) => cell.outerHTML.slice(0, 150))"""


def axe_clean(page: Page) -> None:
    """Not one violation of WCAG 2.2 AA or of axe's best practice, as the page stands now."""
    # Django admin's forms.css imports another sheet, which axe would load into the page as an inline style.
    preload = "/admin/" not in page.url
    options = {"runOnly": {"type": "tag", "values": RULES}, "preload": preload, "resultTypes": ["violations"]}
    if not page.evaluate("'axe' in window"):  # once for each page; and what comes last in it is not to be handed over
        page.evaluate(f"{AXE_SCRIPT};0")
    found = page.evaluate(VIOLATIONS, options)
    told = [f"{each['id']}: {each['help']}: {node['html'][:200]}" for each in found for node in each["nodes"]]
    assert not told, "\n".join([page.url, *told])


def fits(page: Page, width: int = 320) -> None:
    """Nothing makes the page scroll sideways on a narrow phone, or on a wide screen at four times the size.

    Nor does the label of a stacked cell begin left of its card.
    """
    before = page.viewport_size
    page.set_viewport_size({"width": width, "height": 800})
    too_wide = page.evaluate(OUTSIDE) + page.evaluate(LABELS_OUTSIDE)
    page.set_viewport_size(before or {"width": width, "height": 800})
    assert not too_wide, "\n".join([f"{page.url} at {width} px, what sticks out:", *too_wide])


def picture(page: Page, name: str) -> None:
    """Keep what the page looks like in tests/screenshots, for eyes, where the environment says ``SCREENSHOTS=1``."""
    if not os.environ.get("SCREENSHOTS"):
        return
    SCREENSHOTS.mkdir(exist_ok=True)
    page.screenshot(path=SCREENSHOTS / f"{name}.png", full_page=True)


def open_page(page: Page, address: str, status: int = 200) -> None:
    """Go to an address and be there: not on the sign-in page, not on an error page."""
    response = page.goto(address)
    assert response is not None
    landed = "/" + page.url.partition("://")[2].partition("/")[2]
    assert (response.status, landed) == (status, address), f"{address} ended as {response.status} at {landed}"


def look(page: Page, name: str) -> None:
    """All of it, at a desk and on a phone."""
    for width in WIDTHS.values():
        page.set_viewport_size({"width": width, "height": 900})
        axe_clean(page)
        picture(page, f"{name}-{width}")
    fits(page)
