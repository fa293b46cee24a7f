"""Whether one cell holds more than one recommendation."""

from __future__ import annotations

import re

_OBLIGES = re.compile(r"\b(?:should|must)\b", re.IGNORECASE)
_GOES_ON = re.compile(r"^(?:this|these|it|they|such|that|he|she)\b", re.IGNORECASE)
_RUN_TOGETHER = re.compile(r"(?:[a-z,;)]|[A-Z]{2}) (?:To [a-z]+|That [a-z]+|The (?:\w+ ){1,3}(?:should|must|would))\b")


def holds_several(text: str) -> bool:
    """Whether a cell seems to hold more than one recommendation: each begins anew, or obliges somebody anew."""
    lines = [line for line in text.split("\n") if line]
    begun = [line for line in lines if re.match(r"(?:To|That|The) [a-z]", line)]
    if len(begun) > 1 or _RUN_TOGETHER.search(text):
        return True
    sentences = re.split(r"(?<=[.;])\s+", text)
    obliging = [one for one in sentences if _OBLIGES.search(one)]
    return len(obliging) > 1 and any(not _GOES_ON.match(one) for one in obliging[1:])
