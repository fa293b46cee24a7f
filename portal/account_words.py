"""What the sign-in pages say when something is wrong, in place of the library's words."""

from __future__ import annotations

ACCOUNT_WORDS: dict[str, str] = {
    "account_inactive": "Your account is closed. Ask your agency’s lead or your partnership’s coordinator.",
    "duplicate_email": "That is the address you have already.",
    "email_password_mismatch": "The e-mail address or the password is not right. Check both and try again.",
    "email_taken": "That address cannot be used here.",
    "enter_current_password": "That is not your password.",
    "incorrect_code": "That code is not right, or it is too old. Try the next one.",
    "incorrect_password": "That is not your password.",
    "invalid_login": "The e-mail address or the password is not right.",
    "invalid_password_reset": "This link no longer works. Ask for a new one.",
    "same_as_current": "Choose something other than what you have now.",
    "too_many_login_attempts": "There have been too many attempts. Wait five minutes, then try again.",
    "unverified_primary_email": "Please confirm your e-mail address first.",
    "rate_limited": "That was too often in a short time. Wait a few minutes, then try again.",
}

SECOND_STEP_WORDS: dict[str, str] = {
    "add_email_blocked": "Stop using the second step first, then change your address.",
    "cannot_delete_authenticator": "Your part here needs a second step. Set up another before you remove this one.",
    "cannot_generate_recovery_codes": "Set up an authenticator app or a passkey first.",
    "incorrect_code": "That code is not right, or it is too old. Try the next one.",
    "unverified_email": "Please confirm your e-mail address first; its page can send you a link.",
}
