"""Looking over a standing portal: what is wrong, in words for whoever runs it, and how to mend it.

``manage.py check_portal`` shows what these modules find.
"""

from reviews.inspection.findings import Finding

__all__ = ["Finding"]
