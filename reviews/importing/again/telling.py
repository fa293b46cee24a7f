"""A comparison told in values and in lines: what the command prints."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from reviews.importing.again.comparing import NEW, Compared, Comparison, Verdict
from reviews.importing.again.present import Present


def as_json(comparison: Comparison) -> dict[str, Any]:
    """Counts, each row with its verdict and the fields that are otherwise, and the actions that are missing."""
    return {
        "counts": comparison.counts,
        "rows": [_row(row) for row in comparison.rows if not row.row.row.left_out],
        "missing": [_action(one) for one in comparison.missing],
    }


def as_lines(told: dict[str, Any]) -> Iterator[str]:
    """The same in words; unchanged rows are only counted."""
    counts = told["counts"]
    yield (
        f"{counts['new']} new, {counts['changed']} changed, {counts['unchanged']} unchanged, "
        f"{counts['unsure']} unsure, {counts['missing']} missing from this file (they stay)"
    )
    for row in told["rows"]:
        if row["verdict"] == Verdict.UNSURE:
            yield f"{row['place']:12} may be {' or '.join(one['label'] for one in row['maybe'])}, or new"
        for change in row["changes"]:
            left = f" (left as it is: {change['why_not']})" if change["why_not"] else ""
            said = f"{change['was']!r} → {change['now']!r}"
            yield f"{row['place']:12} {row['action']['label']} {change['field']}: {said}{left}"
    for one in told["missing"]:
        yield f"{'missing':12} {one['label']}: {one['words']}"


def answers_to_all(comparison: Comparison, how: str) -> dict[int, str]:
    """An answer for each row that somebody would be asked about: that it is ``new``, or what it is ``likest``."""
    answers, taken = dict[int, str](), set[int]()
    for row in comparison.of(Verdict.UNSURE):
        free = [one.action.pk for one in row.maybe if one.action.pk not in taken]
        answers[row.number] = str(free[0]) if how == "likest" and free else NEW
        taken |= set(free[:1])
    return answers


def _row(row: Compared) -> dict[str, Any]:
    made = [one.field for one in row.to_apply]
    return {
        "number": row.number,
        "place": row.row.row.place,
        "verdict": row.verdict.value,
        "action": _action(row.present) if row.present else None,
        "changes": [
            {"field": one.field, "was": one.was, "now": one.now, "why_not": one.why_not or _not_made(one.field in made)}
            for one in row.changes
        ],
        "maybe": [_action(one) for one in row.maybe],
    }


def _not_made(made: bool) -> str:
    return "" if made else "Lead agencies change only when that is asked for, too."


def _action(present: Present) -> dict[str, Any]:
    action = present.action
    return {"id": action.pk, "label": action.label, "words": " ".join(action.words.split())[:120]}
