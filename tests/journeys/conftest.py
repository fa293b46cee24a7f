"""Journeys use the browser that the tests of pages use."""

from tests.browser.conftest import browser

__all__ = ["browser"]
