"""Journeys use the browser that the tests of pages use; it is one for the whole process."""
