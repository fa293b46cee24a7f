"""``python -m benchmarks.importing``: what it costs to bring in a plan of 10,000 rows, beside a flat COPY of the rows.

It starts a PostgreSQL of its own. The plan is staged as the sandbox would read it; measured is all that follows the
press on *Bring in the plan*, in one process. The flat COPY puts the same rows, as they were read, into one table of
text columns without an index or a key, and commits: what the database alone needs to take so many words.

Both are said by the clock and as processor time of this process and of the database's, which stays the same
while others use the machine. They are done in turns.
"""

from __future__ import annotations

import argparse
import datetime as dt
import os
import sys
import tempfile
import time
from collections.abc import Callable
from typing import Any

import django

from tests.servers import running_postgres

#: The most that bringing a plan in may cost, as a multiple of the flat COPY, and in seconds.
MOST_TIMES, MOST_SECONDS = 60, 5
#: How often each is done. The fastest counts: whatever else the machine does only ever adds.
ROUNDS = 5
DAY = dt.date(2026, 3, 31)
AGENCIES = tuple(
    f"{place} {body}"
    for place in ("Northfield", "Southgate", "Easton", "Westbury", "Riverside", "Hillside", "Harbour", "Meadow")
    for body in ("Police", "Hospital Trust", "Housing Association", "Adult Services", "Probation Service")
)
STATUSES = ("in_progress", "not_started", "complete", "ongoing")
COLUMNS = (
    *("reference", "recommendation", "action", "agencies", "owner", "target_date", "status", "progress", "next_steps"),
    *("action_reference", "theme", "scope", "milestones", "target_date_as_written", "revised_date"),
    *("revised_date_as_written", "status_as_written", "evidence", "agency_response", "barriers", "completed_on"),
    *("outcome", "place"),
)


def main() -> None:
    """Measure, print, and end with 1 where a limit is passed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=10_000)
    number = parser.parse_args().rows
    server = running_postgres()
    address = next(server)
    try:
        with tempfile.TemporaryDirectory(prefix="benchmark-") as folder:
            os.environ |= {"DATA_DIR": folder, "BENCHMARK_DATABASE": address}
            os.environ["DJANGO_SETTINGS_MODULE"] = "benchmarks.settings"
            django.setup()
            held = _measure(number)
    finally:
        next(server, None)
    sys.exit(not held)


def a_plan(number: int) -> list[dict[str, Any]]:
    """So many rows as the sandbox gives them; each its own recommendation."""
    return [
        dict.fromkeys(COLUMNS, "")
        | {
            "reference": str(n),
            "recommendation": f"The board should see to it that part {n} of what was learnt is known to all who work "
            "there, and to those who come after them.",
            "action": f"Hold a day for part {n}, and write to all who could not come.",
            "agencies": [AGENCIES[n % len(AGENCIES)]],
            "owner": "Head of service",
            "target_date": DAY.isoformat(),
            "target_date_as_written": "31/03/2026",
            "revised_date": None,
            "completed_on": None,
            "status": STATUSES[n % 4],
            "status_as_written": STATUSES[n % 4],
            "progress": f"Part {n} was held in May; forty people came, and asked for another.",
            "next_steps": "Hold the next one.",
            "place": f"Plan!A{n + 1}",
            "problems": [],
        }
        for n in range(1, number + 1)
    ]


def _measure(number: int) -> bool:
    import logging

    from django.core.management import call_command

    logging.disable(logging.INFO)
    call_command("migrate", verbosity=0)
    from agencies.models import Agency, Partnership

    partnership = Partnership.objects.create(code="BENCH", name="Bench")
    Agency.objects.bulk_create(Agency(partnership=partnership, name=name) for name in AGENCIES)
    rows = a_plan(number)
    copied, brought = [], []
    for _ in range(ROUNDS):
        copied.append(_seconds(lambda: _flat_copy(rows)))
        brought.append(_seconds(_confirming(partnership, rows)))
    return _print(number, copied, brought)


def _seconds(call: Callable[[], object]) -> tuple[float, float]:
    """By the clock, and of processor time here and in the database."""
    from benchmarks.cost import database_seconds

    started, here, there = time.perf_counter(), time.process_time(), database_seconds()
    call()
    took = time.perf_counter() - started
    return took, time.process_time() - here + database_seconds() - there


def _flat_copy(rows: list[dict[str, Any]]) -> None:
    from django.db import connection, transaction

    values = [tuple(str(row[name] or "") for name in COLUMNS) for row in rows]
    names = ", ".join(f"{name} text" for name in COLUMNS)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS flat; CREATE TABLE flat ({names})")
        with cursor.copy("COPY flat FROM STDIN") as copy:
            for row in values:
                copy.write_row(row)


def _confirming(partnership: Any, rows: list[dict[str, Any]]) -> Callable[[], object]:
    from agencies.actors import COMMAND
    from reviews.importing import staging
    from reviews.models import PlanImport

    number = PlanImport.objects.count() + 1
    staged = PlanImport.objects.create(
        partnership=partnership,
        reference=f"BENCH-{number}",
        title="A plan",
        speaks_for=DAY,
        file_name="plan.xlsx",
        sha256=f"{number:064}",
        reading={"problems": [], "rows": rows},
    )
    return lambda: staging.confirm(plan_import=staged, by=COMMAND, on=DAY)


def _print(number: int, copied: list[tuple[float, float]], brought: list[tuple[float, float]]) -> bool:
    flat, flat_work = (min(found) for found in zip(*copied, strict=True))
    plan, plan_work = (min(found) for found in zip(*brought, strict=True))
    print(f"{number:,} rows, PostgreSQL, the best of {ROUNDS}\n")
    print(f"{'':26}{'by the clock':>14}{'processor time':>16}{'limit':>8}")
    print(f"{'flat COPY of the rows':26}{flat:>12.3f} s{flat_work:>14.3f} s")
    print(f"{'bringing the plan in':26}{plan:>12.3f} s{plan_work:>14.3f} s{MOST_SECONDS:>6} s")
    print(f"{'as a multiple of the COPY':26}{plan / flat:>14.1f}{plan_work / flat_work:>16.1f}{MOST_TIMES:>8}")
    return plan_work / flat_work <= MOST_TIMES and plan_work <= MOST_SECONDS


if __name__ == "__main__":
    main()
