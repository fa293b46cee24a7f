"""Why a backup or a restore does not go on."""


class CannotGoOn(Exception):
    """The message says why, that nothing was changed or what was, and what to do."""
