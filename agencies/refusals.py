"""The one error by which a verb says no with a reason that a person can act on."""


class Refused(Exception):
    """A rule forbids this now. ``sentence`` is shown as it stands; ``field`` names the form field it is about."""

    def __init__(self, sentence: str, *, field: str | None = None) -> None:
        """Keep the sentence, and the field it is about."""
        super().__init__(sentence)
        self.sentence = sentence
        self.field = field
