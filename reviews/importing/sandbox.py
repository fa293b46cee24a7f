"""The process in which files are read that strangers made: ``python -m reviews.importing.sandbox``.

It imports no Django and inherits no secret. Its first act is to limit itself: memory, processor time, file size, open
files, and a session of its own, so that it and whatever it might start are ended together. In comes one line of JSON
(``name`` of the file, ``known`` agencies, ``headings`` that a person corrected) and then the file; out come lines of
JSON, capped: what the file is, its rows, and ``{"end": rows}``. A file that cannot be read gives
``{"unreadable": sentence}``, with the tables that were found in it, and never an exception.
"""

import contextlib
import gc
import json
import os
import resource
import sys
from typing import Any

MEMORY = 500 * 1024 * 1024  # bytes of address space: a plan of 10,000 rows needs half of it
SECONDS = 10
MAX_OUTPUT = 48 * 1024 * 1024
OPEN_FILES = 32

TOO_MUCH = (
    "The file needs far more memory or time than a plan does, so reading it was stopped. "
    "Copy the table of the plan into a new document or workbook, without empty rows and columns, and bring that in."
)
NOT_UNDERSTOOD = (
    "The file could not be read. Open it in Word, Excel or LibreOffice, copy the table of the plan into a new document "
    "or workbook, save it as .docx or .xlsx and bring that in."
)


def limit() -> None:
    """Give up everything that reading a file does not need."""
    with contextlib.suppress(PermissionError):  # whoever started it may have given it a session already
        os.setsid()
    for what, most in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CPU, SECONDS),
        (resource.RLIMIT_FSIZE, MAX_OUTPUT + 4096),
        (resource.RLIMIT_NOFILE, OPEN_FILES),
        (resource.RLIMIT_CORE, 0),
    ):
        _, hard = resource.getrlimit(what)
        allowed = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(what, (allowed, allowed))


def answer(options: dict[str, Any], data: bytes) -> list[dict[str, Any]]:
    """The lines to print for a file."""
    from reviews.importing.readers import read
    from reviews.importing.understanding.plan import read_plan
    from reviews.importing.understanding.tables import Unreadable

    try:
        tables = read(data, str(options.get("name", "")))
        plan = read_plan(tables, options.get("known", ()), options.get("headings"))
    except Unreadable as sentence:
        return [{"unreadable": str(sentence), "tables": sentence.tables}]
    return [plan.about(), *({"row": row} for row in plan.rows), {"end": len(plan.rows)}]


def main() -> None:
    """Read standard input, print the answer, and end well whatever the file does."""
    limit()
    gc.disable()  # it lives for seconds, and walking over a long plan's cells again and again takes a fifth of them
    try:
        options = json.loads(sys.stdin.buffer.readline())
        lines = [json.dumps(line, ensure_ascii=False) for line in answer(options, sys.stdin.buffer.read())]
        output = "\n".join(lines).encode()
        if len(output) > MAX_OUTPUT:
            output = json.dumps({"unreadable": TOO_MUCH}).encode()
    except (MemoryError, RecursionError, SystemError):  # code in C may report its want of memory as a SystemError
        output = json.dumps({"unreadable": TOO_MUCH}).encode()
    except Exception as error:  # noqa: BLE001 -- a hostile file may raise anything; the name of the class is all we keep
        output = json.dumps({"unreadable": NOT_UNDERSTOOD, "error": type(error).__name__}).encode()
    sys.stdout.buffer.write(output)
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
