"""The processes that make up the portal on one machine: started, watched, and stopped to the last one."""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

GRACE_SECONDS = 15
_libc = ctypes.CDLL(None)
_PR_SET_PDEATHSIG = 1


@dataclass(frozen=True)
class Child:
    """One part of the portal: its name, its process, and the log it writes."""

    name: str
    process: subprocess.Popen[bytes]
    log: Path

    def last_lines(self, count: int = 15) -> str:
        """What it said last."""
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-count:])


class Household:
    """All parts, in the order they were started; they are stopped in the opposite order."""

    def __init__(self, logs: Path) -> None:
        """Say where the parts write what they have to say."""
        self.logs = logs
        self.children: list[Child] = []
        logs.mkdir(mode=0o700, parents=True, exist_ok=True)

    def start(self, name: str, command: list[str]) -> Child:
        """Start one part in a process group of its own, so that the terminal's Ctrl-C reaches only the launcher."""
        log = self.logs / f"{name}.log"
        if log.exists():
            log.replace(log.with_suffix(".previous.log"))
        with log.open("wb") as output:
            process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                process_group=0,
                preexec_fn=_end_with_launcher,  # noqa: PLW1509 -- the launcher has no threads
            )
        child = Child(name, process, log)
        self.children.append(child)
        return child

    def dead(self) -> Child | None:
        """The first part that has ended, if any has."""
        return next((child for child in self.children if child.process.poll() is not None), None)

    def stop(self) -> None:
        """Ask each part to finish, latest first; whoever is still there after the grace period is ended."""
        for child in reversed(self.children):
            with contextlib.suppress(subprocess.TimeoutExpired):
                child.process.terminate()
                child.process.wait(timeout=GRACE_SECONDS)
        self.kill()

    def kill(self, *_: object) -> None:
        """End every part and whatever it has started, at once."""
        for child in self.children:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(child.process.pid, signal.SIGKILL)
        deadline = time.monotonic() + GRACE_SECONDS
        for child in self.children:
            child.process.wait(timeout=max(0.0, deadline - time.monotonic()))


def _end_with_launcher() -> None:
    """On Linux, have the part stopped even if the launcher is killed without a chance to stop it."""
    if sys.platform == "linux":
        _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
