"""How many examples are made up for what takes long."""

import os


def examples(number: int) -> int:
    """As many as ``number`` where the environment says ``EXAMPLES=all``, as before a change goes in; else a third."""
    return number if os.environ.get("EXAMPLES") == "all" else number // 3
