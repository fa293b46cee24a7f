"""Imports go one way."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_import_contracts_are_kept():
    # In a process of its own: import-linter's set-up of logging turns every other logger of its process off.
    command = [Path(sys.prefix) / "bin" / "lint-imports", "--no-cache"]
    said = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert said.returncode == 0, said.stdout + said.stderr
