"""Logs that hold ids and codes only.

Nobody's words may reach a log: no free text, address, query string, form data or cell. Our own modules log
ids and codes and are printed as written. What a library logs is printed as its template, with numbers; its
words are left out. An exception is its class, the constraint it broke and the lines of ours it passed through.
"""

import json
import logging
import os
import re
import traceback
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.template import TemplateDoesNotExist, TemplateSyntaxError
from gunicorn.glogging import Logger

from config.about import AT_HAND, method

OURS = ("agencies", "reviews", "portal", "config")
ROOT = Path(__file__).resolve().parent.parent
SAFE_KEYS = {"name", "id"}  # of a Celery task: what it is called, and which message it was
STANDARD_FIELDS = set(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName", "request"}
ABOUT_OUR_CODE = (TemplateSyntaxError, TemplateDoesNotExist, ImportError, SyntaxError)  # these quote nobody
SQLITE_CONSTRAINT = re.compile(r"(?:UNIQUE|CHECK|NOT NULL) constraint failed: (?:index ')?([\w., ]+)'?$")


class CodesOnly(logging.Formatter):
    """One JSON object a line: when, how grave, who says it, what happened, which request or task, and ids."""

    def format(self, record: logging.LogRecord) -> str:
        """The record as a line that holds ids and codes only."""
        return json.dumps(facts(record), default=lambda value: type(value).__name__)


class PlainCodes(logging.Formatter):
    """The same for people's eyes: time, level, what happened, then everything else as name=value."""

    def format(self, record: logging.LogRecord) -> str:
        """The record as a line, and a line more for each place that an error passed through."""
        said = facts(record)
        at = f"{said.pop('at')[:19].replace('T', ' ')}Z"
        happened = " ".join(said.pop("event").split())
        start = f"{at} {said.pop('level'):8}{said.pop('from')}: {happened}"
        where = said.pop("where", [])
        rest = [f"{name}={plain(value)}" for name, value in said.items() if value is not None]
        return "\n    ".join([" ".join([start, *rest]), *where])


FORMS: dict[str, type[logging.Formatter]] = {"plain": PlainCodes, "json": CodesOnly}


def lines() -> logging.Formatter:
    """The form of line that LOG_FORMAT asks for: `plain`, which is the default, or `json`."""
    wanted = os.environ.get("LOG_FORMAT", "plain")
    if wanted not in FORMS:
        raise ValueError(f"LOG_FORMAT is {wanted!r}; it may be {' or '.join(FORMS)}.")
    return FORMS[wanted]()


class WebLogger(Logger):
    """gunicorn's logger in the same form: its own would print the address with its query string."""

    def setup(self, cfg: Any) -> None:
        """Set gunicorn's log up as usual, then change how lines look."""
        super().setup(cfg)
        for handler in self.error_log.handlers:
            handler.setFormatter(lines())


def facts(record: logging.LogRecord) -> dict[str, Any]:
    """What a record says, in ids and codes."""
    said: dict[str, Any] = {
        "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
        "level": record.levelname.lower(),
        "from": record.name,
        "event": event(record),
        **AT_HAND.get(),
    }
    if is_ours(record):
        said |= {key: value for key, value in vars(record).items() if key not in STANDARD_FIELDS}
    if record.exc_info and record.exc_info[1]:
        error = record.exc_info[1]
        said |= {"error": error_code(error), "where": own_lines(error)}
        if isinstance(error, ABOUT_OUR_CODE):
            said["says"] = str(error)
    return said


def plain(value: object) -> str:
    """A value as one word of a line; quoted where it is more than one."""
    word = str(value)
    return word if word and word.isprintable() and " " not in word else json.dumps(word)


def is_ours(record: logging.LogRecord) -> bool:
    """Whether one of our modules wrote the record."""
    return record.name.partition(".")[0] in OURS


def event(record: logging.LogRecord) -> str:
    """What happened, without a word that a person typed."""
    request = getattr(record, "request", None)
    if request is not None:
        return f"{getattr(record, 'status_code', '')} {method(request)} {route(request)}".strip()
    if is_ours(record):
        return record.getMessage()
    if record.exc_info and not record.args:
        return f"error in {record.module}"
    args: Any = record.args
    if isinstance(args, dict):
        args = {key: value if key in SAFE_KEYS else without_words(value) for key, value in args.items()}
    elif args:
        args = tuple(without_words(value) for value in args)
    try:
        return str(record.msg) % args if args else str(record.msg)
    except (TypeError, ValueError):
        return str(record.msg)


def route(request: Any) -> str:
    """The pattern that a request met, never its path: a path may carry a secret."""
    match = getattr(request, "resolver_match", None)
    return match.route if match else "(no such page)"


def without_words(value: object) -> object:
    """A number as it is; anything else only as a mark that something stood here."""
    return value if isinstance(value, int | float) else "…"


def error_code(error: BaseException) -> str:
    """An exception by its class and, for a database error, the constraint it broke."""
    diagnosis = getattr(error.__cause__, "diag", None)
    constraint = getattr(diagnosis, "constraint_name", None)
    if constraint is None and (found := SQLITE_CONSTRAINT.match(str(error))):
        constraint = found[1]
    return f"{type(error).__name__}({constraint})" if constraint else type(error).__name__


def own_lines(error: BaseException) -> list[str]:
    """The lines of the portal that the exception passed through, innermost last."""
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if _is_own(frame.filename)]
    return [f"{Path(frame.filename).relative_to(ROOT)}:{frame.lineno} {frame.name}" for frame in frames]


def _is_own(filename: str) -> bool:
    path = Path(filename)
    return path.is_relative_to(ROOT) and path.relative_to(ROOT).parts[0] in OURS
