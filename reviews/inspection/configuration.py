"""How the portal is set up: settings, tables, broker, mail server, time zones."""

from __future__ import annotations

from collections.abc import Iterator
from smtplib import SMTPException
from zoneinfo import ZoneInfo

from celery import current_app
from django.conf import settings
from django.core import checks, mail
from django.core.mail.backends.smtp import EmailBackend as SMTPBackend
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from kombu.exceptions import OperationalError

from agencies.models import Partnership
from reviews.inspection.findings import Finding
from reviews.scanning import Answer, asked

#: Answers that a mail server gives for one message.
ANSWERS_A_MESSAGE = 6
BROKER_SECONDS = 3


def configuration() -> Iterator[Finding]:
    """Find what is set up wrongly or not there."""
    yield from _checks()
    yield from _broker()
    yield from _mail_server()
    yield from _scanner()
    for partnership in Partnership.objects.order_by("pk"):
        if not _is_zone(partnership.time_zone):
            yield Finding(
                f"Partnership {partnership.code} has the time zone {partnership.time_zone!r}, which does not exist.",
                f"Set one such as Europe/London. Until then its mail goes out by the clocks of {settings.TIME_ZONE}.",
            )


def _checks() -> Iterator[Finding]:
    """What ``manage.py check`` says; ``check --deploy`` in production."""
    messages = checks.run_checks(include_deployment_checks=not settings.EMBEDDED, databases=["default"])
    for message in messages:
        if message.level >= checks.WARNING and not message.is_silenced():
            yield Finding(f"{message.id}: {message.msg}", message.hint or "See manage.py check.")


def tables() -> Iterator[Finding]:
    """Find whether the database is as this version of the portal expects it. Nothing else can be asked before."""
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        yield Finding("The tables of the database are of an older version.", "Run manage.py migrate.")


def _broker() -> Iterator[Finding]:
    if not settings.REDIS_URL:
        return
    try:
        with current_app.connection_for_write() as broker:
            broker.ensure_connection(max_retries=1, timeout=BROKER_SECONDS)
    except (OSError, OperationalError):
        yield Finding(
            "The broker (REDIS_URL) does not answer.", "Start it. Nothing is lost meanwhile; mail and imports wait."
        )


def _mail_server() -> Iterator[Finding]:
    if settings.EMAIL_TIMEOUT * ANSWERS_A_MESSAGE >= settings.NOTICE_LEASE_SECONDS / 2:
        yield Finding(
            "EMAIL_TIMEOUT is so long that a message may be sent a second time while it is still being sent.",
            f"Set it below a twelfth of NOTICE_LEASE_SECONDS, which is {settings.NOTICE_LEASE_SECONDS}.",
        )
    server = mail.get_connection()
    if not isinstance(server, SMTPBackend):
        return
    try:
        with server:
            pass
    except SMTPException as error:
        yield Finding(
            f"The mail server refuses us ({type(error).__name__}).", "Check name, password and port in EMAIL_URL."
        )
    except OSError as error:
        yield Finding(
            f"The mail server cannot be reached ({type(error).__name__}).", "Check EMAIL_URL. Mail waits meanwhile."
        )


def _scanner() -> Iterator[Finding]:
    if settings.UPLOAD_SCANNER and asked(settings.UPLOAD_SCANNER, b"harmless") is not Answer.CLEAN:
        yield Finding(
            "The scanner of uploads does not say that a harmless file is clean.",
            "Start it, and look at UPLOAD_SCANNER. Until then no file is kept.",
        )


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return False
    return True
