"""A milestone of an action was reached: what its agency is asked."""

from __future__ import annotations

from portal.forms.base import PortalForm
from portal.forms.fields import DayMonthYearField


class ReachedForm(PortalForm):
    """The day on which it was reached."""

    on = DayMonthYearField(label="When was it reached?")
