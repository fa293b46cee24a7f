"""That a whole plan was taken away as a file, by whom: each time is written down, apart from looking at it."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from agencies import audit

if TYPE_CHECKING:
    from agencies.actors import System
    from agencies.models import User
    from reviews.models import Review


def write_down(review: Review, *, by: User | System, extension: str, layout: str, as_at: dt.date) -> None:
    """Record that ``by`` took the plan of ``review`` away, in which form and as at which day."""
    what = {"format": extension, "layout": layout, "as_at": as_at.isoformat()}
    audit.record("review.exported", by=by, about=review, partnership=review.partnership_id, **what)
