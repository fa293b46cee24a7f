"""E-mail addresses as we keep them."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from agencies.refusals import Refused

#: More than mail can be delivered to, and no more than a column holds.
MOST_LETTERS = 254


def check_address(email: str) -> None:
    """Refuse beside the field ``email`` what is no address, or one that is too long.

    It is asked about an address as it will be kept: some letters become two where they are written small.
    """
    try:
        validate_email(email)
    except ValidationError as error:
        raise Refused("Enter an e-mail address, like name@example.org.", field="email") from error
    if len(email) > MOST_LETTERS:
        raise Refused(f"An e-mail address has {MOST_LETTERS} letters at most.", field="email")
