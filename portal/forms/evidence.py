"""What is asked about evidence: several files, a link, where it is held; and why it is withdrawn."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any, cast

from django import forms
from django.core.validators import URLValidator
from django.http import QueryDict

from portal.forms.base import PortalForm
from portal.forms.fields import FilesField, LineField
from reviews.evidence import Piece
from reviews.models import StagedFile
from reviews.uploads import ALLOWED

_KINDS = ", ".join(sorted(ALLOWED))


class WebAddressField(forms.URLField):
    """An address on the web; without ``https://`` in front it is added."""

    default_validators = [URLValidator(schemes=["http", "https"])]  # noqa: RUF012 -- as Django declares it

    def __init__(self, **options: Any) -> None:
        """An address, understood as one that is encrypted."""
        super().__init__(assume_scheme="https", max_length=1000, **options)
        self.error_messages["invalid"] = "Enter a web address, like https://www.example.org/minutes"


class EvidenceQuestions(PortalForm):
    """The questions about evidence, in every form that takes some."""

    says_optional = False

    file = FilesField(
        label="Files (if you have any)",
        required=False,
        help_text=f"Several at once if you like, each up to 20 MB: {_KINDS}. Leave out names of people where you can.",
    )
    link = WebAddressField(label="A link (if it is on a website)", required=False)
    where_held = LineField(
        label="Where it is held (if it stays with you)",
        required=False,
        max_length=500,
        help_text="For example: training register, with the learning and development team.",
    )
    token = forms.CharField(widget=forms.HiddenInput, required=False)
    title = LineField(
        label="What it shows",
        required=False,
        max_length=200,
        help_text="For a link, or for what you hold. A file may go by its own name. Everybody with a part in this "
        "action reads these words.",
    )

    def __init__(self, *args: Any, initial: dict[str, Any] | None = None, **options: Any) -> None:
        """Every form that is opened has a token of its own, by which it is sent once and its files are found."""
        super().__init__(*args, initial={"token": str(uuid.uuid4())} | (initial or {}), **options)
        try:
            self.form_token = uuid.UUID(str(self["token"].value()))
        except ValueError:  # it was lost on the way
            self.renew()

    def renew(self, **answers: Any) -> None:
        """Make this another form, with a token of its own and these ``answers``; what was typed stays."""
        self.form_token = uuid.uuid4()
        data = cast("QueryDict", self.data).copy()
        for name, answer in ({"token": self.form_token} | answers).items():
            data[self.add_prefix(name)] = str(answer)
        self.data = data

    def clean(self) -> dict[str, Any]:
        """A link and a place need words of their own: others read those, and not the link or the place."""
        answers = super().clean() or self.cleaned_data
        if (answers.get("link") or answers.get("where_held")) and not answers.get("title"):
            self.add_error("title", "Say in a few words what the link, or what you hold, shows.")
        return answers

    def pieces(self, waiting: Sequence[StagedFile]) -> list[Piece]:
        """Everything that was given, with the files that wait. The words of ``title`` go with a single file too."""
        answers = self.cleaned_data
        title = answers.get("title", "")
        alone = len(waiting) == 1 and not answers.get("link") and not answers.get("where_held")
        given = [Piece(title=title if alone else "", staged=file) for file in waiting]
        if answers.get("link"):
            given.append(Piece(title=title, link=answers["link"]))
        if answers.get("where_held"):
            given.append(Piece(title=title, where_held=answers["where_held"]))
        return given
