"""The house stays one that a newcomer can read: small files, honest names, nothing of one machine."""

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
APPS = ("agencies", "reviews", "portal", "config")
LONGEST_MODULE, LONGEST_TEST_MODULE, LONGEST_FUNCTION, LONGEST_TEMPLATE = 400, 500, 50, 120
LONG_MODULE, LONG_FUNCTION = 300, 30
FEW = 20  # a budget for the tail: one in this many may be long, none longer than the longest
VAGUE_NAMES = {"actions", "services", "utils", "util", "helpers", "managers", "common", "misc"}
REGISTRIES = re.compile(r"registry\.npmjs|pypi\.org|pythonhosted|npmmirror|yarnpkg\.com", re.IGNORECASE)
MACHINE_PATHS = re.compile(r"(?<![\w.])/(?:home|root|Users|work|opt)/\w")
BINARY = {".png", ".jpg", ".ico", ".docx", ".xlsx", ".ods", ".pdf", ".woff2"}
ME = Path(__file__).relative_to(ROOT)

Function = ast.FunctionDef | ast.AsyncFunctionDef


def tracked(*patterns: str) -> list[Path]:
    """The repository's files, and those about to be, relative to its root."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "--", *patterns]
    said = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [Path(line) for line in said.splitlines() if (ROOT / line).is_file()]


def modules() -> list[Path]:
    """Our Python modules; migrations are written by Django."""
    return [path for path in tracked(*(f"{app}/**.py" for app in APPS)) if "migrations" not in path.parts]


def tree(path: Path) -> ast.Module:
    """A module's syntax."""
    return ast.parse((ROOT / path).read_text())


def length(path: Path) -> int:
    """How many lines a file has."""
    return len((ROOT / path).read_text().splitlines())


def functions(path: Path) -> Iterator[tuple[str, int]]:
    """Each function of a module, as its place, with its length: docstrings are free."""
    for node in ast.walk(tree(path)):
        if isinstance(node, Function):
            words = node.body[0]
            free = (words.end_lineno or 0) - words.lineno + 1 if ast.get_docstring(node) else 0
            yield f"{path}:{node.lineno} {node.name}", (node.end_lineno or 0) - node.lineno + 1 - free


def test_no_module_is_too_long():
    lengths = {str(path): length(path) for path in modules()}
    assert not {path: lines for path, lines in lengths.items() if lines > LONGEST_MODULE}
    long = [path for path, lines in lengths.items() if lines > LONG_MODULE]
    assert len(long) <= max(1, len(lengths) // FEW), long


def test_no_function_is_too_long():
    lengths = {place: lines for path in modules() for place, lines in functions(path)}
    assert not {place: lines for place, lines in lengths.items() if lines > LONGEST_FUNCTION}
    long = [place for place, lines in lengths.items() if lines > LONG_FUNCTION]
    assert len(long) <= max(1, len(lengths) // FEW), long


def test_no_test_module_is_too_long():
    assert not {str(path): length(path) for path in tracked("tests/**.py") if length(path) > LONGEST_TEST_MODULE}


def test_no_template_is_too_long():
    assert not {str(path): length(path) for path in tracked("**.html") if length(path) > LONGEST_TEMPLATE}


def test_no_module_has_a_vague_name():
    assert not [str(path) for path in modules() if VAGUE_NAMES & {*path.parts, path.stem}]


def test_public_names_are_explained():
    silent = []
    for path in modules():
        module = tree(path)
        named = [node for node in module.body if isinstance(node, Function | ast.ClassDef) and node.name[0] != "_"]
        explained = [(str(path), module), *((f"{path}:{node.lineno} {node.name}", node) for node in named)]
        silent += [place for place, node in explained if getattr(node, "body", None) and not ast.get_docstring(node)]
    assert not silent


@pytest.mark.parametrize("forbidden", [REGISTRIES, MACHINE_PATHS], ids=["registry hosts", "machine paths"])
def test_nothing_belongs_to_one_machine(forbidden):
    found = []
    for path in tracked():
        if path.suffix not in BINARY and path != ME:
            lines = (ROOT / path).read_text(errors="replace").splitlines()
            found += [f"{path}:{number}" for number, line in enumerate(lines, 1) if forbidden.search(line)]
    assert not found


def test_every_requirement_is_pinned_and_has_its_reason():
    for path in (ROOT / "requirements.txt", ROOT / "requirements-dev.txt"):
        for line in path.read_text().splitlines():
            if line and not line.startswith(("#", "-")):
                assert re.fullmatch(r"[\w.\[\],-]+==[\w.]+ +# \S.*", line), line


def test_what_the_requirements_pull_in_is_pinned():
    pinned = {line.partition("==")[0].lower().replace("_", "-") for line in lines_of("constraints.txt")}
    named = {re.split(r"[\[=]", line)[0].lower() for line in lines_of("requirements.txt", "requirements-dev.txt")}
    assert named <= pinned


def lines_of(*names: str) -> list[str]:
    """The requirement lines of files, without comments and options."""
    lines = [line for name in names for line in (ROOT / name).read_text().splitlines()]
    return [line for line in lines if line and not line.startswith(("#", "-"))]
