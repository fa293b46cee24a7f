"""The guide for those who run the portal names every setting there is, and none that is not."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.core.management import get_commands

pytestmark = pytest.mark.either
ROOT = Path(__file__).resolve().parent.parent.parent
GUIDE = ROOT / "docs" / "operations.md"
READ = re.compile(r"""(?:\benv(?:\.\w+)?|os\.environ\.get|os\.environ)[(\[]\s*"([A-Z][A-Z_]+)\"""")
#: Read by libraries, not by us.
OF_LIBRARIES = {"FORWARDED_ALLOW_IPS", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"}
#: Set by the portal for its own processes.
OUR_OWN = {"PROMETHEUS_MULTIPROC_DIR", "DJANGO_SETTINGS_MODULE"}


def read_by_the_portal() -> set[str]:
    """Every environment variable that a module reads."""
    modules = [path for app in ("config", "portal", "reviews", "agencies") for path in (ROOT / app).rglob("*.py")]
    return {name for path in modules for name in READ.findall(path.read_text())} - OUR_OWN


def explained() -> dict[str, str]:
    """Every variable in the guide's table with what is said of it."""
    section = GUIDE.read_text().split("## In production")[1].split("### On one machine")[0]
    rows = [line.split(" | ") for line in section.splitlines() if line.startswith("| `")]
    return {name: row[1] for row in rows for name in re.findall(r"`([A-Z_]+)`", row[0])}


def test_each_setting_is_explained_and_each_explained_is_one() -> None:
    assert len(read_by_the_portal()) > 15
    assert set(explained()) == read_by_the_portal() | OF_LIBRARIES
    assert all(len(words) > 15 for words in explained().values())


def test_the_example_of_an_environment_sets_only_what_is_explained() -> None:
    lines = (ROOT / "docs" / "deploy" / "portal.env.example").read_text().splitlines()
    assert {line.partition("=")[0] for line in lines if line and line[0] != "#"} <= set(explained())


def test_each_command_and_file_that_the_guide_names_is_there() -> None:
    guide = GUIDE.read_text()
    commands = set(re.findall(r"manage\.py ([a-z_]+)", guide))
    assert {"backup", "restore", "check_portal", "migrate"} <= commands <= set(get_commands())
    links = re.findall(r"\]\(([^)#]+)\)", guide)
    assert links
    assert not [link for link in links if not (GUIDE.parent / link).exists()]
