"""Reviews and their plans in Django admin, each noun in a file of its own. Importing them registers their pages."""

from reviews.admin import action, chasing, import_headings, importing, membership, overview, progress, review

__all__ = ["action", "chasing", "import_headings", "importing", "membership", "overview", "progress", "review"]
