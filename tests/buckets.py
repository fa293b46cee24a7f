"""A storage on loopback that speaks as much S3 as the portal needs."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, unquote, urlsplit
from xml.sax.saxutils import escape


class Bucket(ThreadingHTTPServer):
    """What was stored, by key."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answers)
        self.kept: dict[str, bytes] = {}
        self.signed = True

    @property
    def url(self) -> str:
        """Its address, as FILES_URL takes it."""
        return f"s3://evidence?endpoint=http://127.0.0.1:{self.server_port}&prefix=portal"


class Answers(BaseHTTPRequestHandler):
    """PUT, GET, HEAD, DELETE and listing of one bucket."""

    server: Bucket
    protocol_version = "HTTP/1.1"

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    @property
    def key(self) -> str:
        """What is asked for, within the bucket."""
        return unquote(urlsplit(self.path).path).removeprefix("/evidence").removeprefix("/")

    def answer(self, status: int, body: bytes = b"", length: int | None = None) -> None:
        self.server.signed &= self.headers.get("Authorization", "").startswith("AWS4-HMAC-SHA256")
        self.send_response(status)
        self.send_header("Content-Length", str(len(body) if length is None else length))
        self.send_header("Last-Modified", "Mon, 02 Mar 2026 12:00:00 GMT")
        self.send_header("ETag", '"0"')
        self.end_headers()
        self.wfile.write(body)

    def do_PUT(self) -> None:
        self.server.kept[self.key] = self.rfile.read(int(self.headers["Content-Length"]))
        self.answer(200)

    def do_HEAD(self) -> None:
        found = self.server.kept.get(self.key)
        self.answer(404 if found is None else 200, length=len(found or b""))

    def do_GET(self) -> None:
        if not self.key:
            return self.answer(200, self.listing())
        found = self.server.kept.get(self.key)
        return self.answer(404 if found is None else 200, found or b"")

    def do_DELETE(self) -> None:
        self.server.kept.pop(self.key, None)
        self.answer(204)

    def listing(self) -> bytes:
        prefix = parse_qs(urlsplit(self.path).query).get("prefix", [""])[0]
        below = [key.removeprefix(prefix) for key in self.server.kept if key.startswith(prefix)]
        folders = sorted({rest.partition("/")[0] for rest in below if "/" in rest})
        files = sorted(rest for rest in below if "/" not in rest)
        keys = "".join(f"<Contents><Key>{escape(prefix + rest)}</Key><Size>1</Size></Contents>" for rest in files)
        more = "".join(
            f"<CommonPrefixes><Prefix>{escape(prefix + rest)}/</Prefix></CommonPrefixes>" for rest in folders
        )
        return f"<ListBucketResult><IsTruncated>false</IsTruncated>{keys}{more}</ListBucketResult>".encode()


@contextmanager
def running_bucket() -> Iterator[Bucket]:
    """A bucket while it is needed."""
    bucket = Bucket()
    thread = threading.Thread(target=bucket.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield bucket
    finally:
        bucket.shutdown()
        thread.join()
        bucket.server_close()
