"""How much is tried of what could go on for ever."""

import os


def is_thorough() -> bool:
    """Whether the environment says ``EXAMPLES=all``, as before a change goes in."""
    return os.environ.get("EXAMPLES") == "all"


def examples(number: int) -> int:
    """How many examples are made up for what takes long: ``number`` in a thorough run, else a third."""
    return number if is_thorough() else number // 3
