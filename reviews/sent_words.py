"""Whether words that come late are those that were sent from the same form, or new ones."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from reviews.models import ProgressUpdate, Submission

#: The answers of a form that are words, and where it says that the action stands.
_SAID = ("progress", "next_steps", "obstacles", "help_wanted", "status", "what_changed", "no_evidence_reason")


def says(sent: ProgressUpdate | Submission, answers: Mapping[str, Any]) -> bool:
    """Whether ``sent`` says what stands in ``answers``, which are as they were typed."""
    if isinstance(sent, Submission):
        before = sent.answers
    else:
        claim = getattr(sent, "claim", None)
        before = {name: getattr(sent, name, "") or getattr(claim, name, "") for name in _SAID}
        if claim and not sent.next_steps:
            # What was to come by the update before is not said again when all is done.
            earlier = ProgressUpdate.objects.filter(action=sent.action_id, agency=sent.agency_id, pk__lt=sent.pk)
            carried = earlier.standing().order_by("-on", "-recorded_at", "-pk").first()
            before["next_steps"] = carried.next_steps if carried and answers.get("next_steps") else ""
    return all(before.get(name, "") == answers.get(name, "") for name in _SAID)


def another(token: uuid.UUID, sent: ProgressUpdate | Submission) -> uuid.UUID:
    """The form in which words go on that came after ``sent`` went from the form ``token``: always the same one."""
    return uuid.uuid5(token, f"{sent._meta.label_lower}-{sent.pk}")
