"""What these tests share: the clock begins at noon."""

from tests.clock import noon  # noqa: F401
