"""``python -m benchmarks``: fills a PostgreSQL of its own twice, measures both, and prints a table."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from typing import Any

import psycopg

from tests.servers import running_postgres

#: The most that each page may cost: as a multiple of the constant request, and of itself in the smaller portal.
LIMITS: dict[str, tuple[float | None, float | None]] = {
    "Your actions": (6, 1.1),
    "one action": (6, None),
    "write an update": (8, None),
    "send an update": (8, None),
    "plan page": (None, None),
    "admin: actions": (None, 1.5),
    "admin: overview": (None, 1.5),
}
ADMIN_QUERIES = 20


def main() -> None:
    """Measure, print, and end with 1 where a limit is passed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs=2, default=(10_000, 100_000), metavar="ACTIONS")
    small, large = parser.parse_args().sizes
    server = running_postgres()
    address = next(server)
    try:
        results = {size: _measure(address, size) for size in (small, large)}
    finally:
        next(server, None)
    sys.exit(not _print(results[small], results[large], small, large))


def _measure(address: str, size: int) -> Any:
    """Everything at one size, in a process and a database of its own."""
    name = f"bench{size}"
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")  # type: ignore[arg-type]
    head, question, options = address.partition("?")
    place = f"{head.rpartition('/')[0]}/{name}{question}{options}"
    with tempfile.TemporaryDirectory(prefix="benchmark-") as folder:
        environment = {"DATA_DIR": folder, "BENCHMARK_DATABASE": place, "DJANGO_SETTINGS_MODULE": "benchmarks.settings"}
        done = subprocess.run(
            [sys.executable, "-m", "benchmarks.one", str(size)],
            env=os.environ | environment,
            stdout=subprocess.PIPE,
            check=True,
        )
    return json.loads(done.stdout)


def _print(small: Any, large: Any, fewer: int, more: int) -> bool:
    """The table; whether every limit is held."""
    print(f"Processor time of server and database, PostgreSQL, {fewer:,} and {more:,} actions\n")
    print(f"{'':24}{'queries':>8}{'ms':>8}{'ms':>8}{'× constant':>12}{'limit':>7}{'growth':>8}{'limit':>7}")
    held = True
    for page, (most, most_growth) in LIMITS.items():
        constant = "constant, coordinator" if page.startswith(("admin", "plan")) else "constant"
        before, after = (result["pages"][page]["seconds"] for result in (small, large))
        times, growth = after / large["pages"][constant]["seconds"], after / before
        queries = large["pages"][page]["queries"]
        print(
            f"{page:24}{queries:>8}{before * 1000:>8.1f}{after * 1000:>8.1f}"
            f"{times:>12.1f}{most or '':>7}{growth:>8.2f}{most_growth or '':>7}"
        )
        held &= times <= (most or times) and growth <= (most_growth or growth)
        held &= queries <= ADMIN_QUERIES or not page.startswith("admin")
    for result, size in ((small, fewer), (large, more)):
        plan = result["planning"]
        print(
            f"\n{size:,}: filled in {result['filled']:.0f} s; a day's reminders of one partnership planned in ", end=""
        )
        print(f"{plan['seconds']:.2f} s ({plan['messages']} messages)", end="")
    constants = ", ".join(f"{result['pages']['constant']['seconds'] * 1000:.2f} ms" for result in (small, large))
    print(f"\nThe constant request: {constants}. {'Every limit is held.' if held else 'A limit is passed.'}")
    return held


if __name__ == "__main__":
    main()
