"""How gunicorn serves the portal, here and in production: `gunicorn -c python:config.web_server config.wsgi`."""

import os
import shutil
from pathlib import Path
from typing import Any

bind = [os.environ.get("WEB_BIND") or f"127.0.0.1:{os.environ.get('PORT', '8000')}"]
workers = int(os.environ.get("WEB_WORKERS", "2"))
threads = 4
timeout = 120
max_requests = 5000
max_requests_jitter = 500
logger_class = "config.logs.WebLogger"
control_socket_disable = True  # signals are enough; no door that nobody uses

# Each process counts into a file of its own, and any of them can tell what all have counted. The files are numbered by
# the process's seat, which its successor takes over, and not by its number: there are never more than there are seats.
_metrics = Path(os.environ.get("DATA_DIR") or Path(__file__).resolve().parent.parent / ".data") / "metrics"
if os.environ.get("METRICS_TOKEN"):
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(_metrics)


def on_starting(server: Any) -> None:
    """Forget what the run before has counted."""
    shutil.rmtree(_metrics, ignore_errors=True)
    if os.environ.get("METRICS_TOKEN"):
        _metrics.mkdir(mode=0o700, parents=True)


def pre_fork(server: Any, worker: Any) -> None:
    """Give a process that is about to start the first seat that is free."""
    taken = {getattr(other, "seat", None) for other in server.WORKERS.values()}
    worker.seat = next(seat for seat in range(len(taken) + 1) if seat not in taken)


def post_fork(server: Any, worker: Any) -> None:
    """Have it count into the file of its seat."""
    if os.environ.get("METRICS_TOKEN"):
        from prometheus_client import values

        values.ValueClass = values.MultiProcessValue(process_identifier=lambda: worker.seat)
