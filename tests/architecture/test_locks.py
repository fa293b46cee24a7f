"""Who may is asked when the lock is got: a right that ended while somebody waited for it grants nothing."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tests.architecture.test_house_rules import Function, modules, tree

#: What waits for a lock on a plan. The last of them asks by itself, and asks too early where another follows it.
LOCKS = {"lock", "lock_one", "lock_recommendations", "lock_for"}
QUESTIONS = {"require", "holds", "held", "may_write", "may_release", "lock_for"}


def calls(function: ast.AST) -> list[tuple[int, str]]:
    """What a function calls by a plain name, line by line."""
    found = (node for node in ast.walk(function) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name))
    return sorted((node.lineno, node.func.id) for node in found if isinstance(node.func, ast.Name))


def asked_too_early(code: ast.AST) -> Iterator[str]:
    """The functions that ask who may, then wait for a lock, and never ask again."""
    for node in ast.walk(code):
        if isinstance(node, Function):
            made = calls(node)
            locked = [line for line, name in made if name in LOCKS]
            asked = [line for line, name in made if name in QUESTIONS]
            if locked and asked and max(asked) < max(locked):
                yield node.name


def test_no_verb_asks_who_may_and_then_waits_for_a_lock() -> None:
    found = {path: list(asked_too_early(tree(path))) for path in modules() if path.parts[0] == "reviews"}
    assert {path: names for path, names in found.items() if names} == {}


def test_a_verb_that_asks_too_early_is_found() -> None:
    verb = "def verb(action, by):\n    {}\n    {}\n    action.save()\n"
    ask, lock = "require(by, 'x', action)", "lock_one(action)"
    assert list(asked_too_early(ast.parse(verb.format(ask, lock)))) == ["verb"]
    assert list(asked_too_early(ast.parse(verb.format("lock_for(by, 'x', action)", lock)))) == ["verb"]
    assert not list(asked_too_early(ast.parse(verb.format(lock, ask))))
