"""A choice among many: some letters are typed, and what fits is found on the server, among what may be chosen.

A list of 2,000 people in a page is slow, and nobody finds anything in it. With scripts the browser offers what fits
while one types; without, the page comes back with a list of it. Either way nothing is found but what the form offers.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any, ClassVar, cast

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import Case, Model, Q, QuerySet, Value, When
from django.utils.html import format_html
from django.utils.safestring import SafeString

from agencies.keys import key_of

#: A list longer than this is searched instead of shown.
MOST_OPTIONS = 50
#: So many are offered while one types.
MOST_OFFERED = 12
#: No choice is called by more letters: a name has 200 at most, an address 254.
MOST_LETTERS = 500
#: So many words of what is typed are looked for. Each costs the database a join where a row has several names, and it
#: takes only so many; who types more of them means the whole of a choice.
MOST_WORDS = 8
#: Where no search finds what was typed, the labels of so many rows are read.
MOST_READ = 200

Fit = tuple[Any, str]


class FindWidget(forms.TextInput):
    """Where to type; the script fills the list of what fits."""

    class Media:
        js = ("agencies/finding.js",)

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        """The line and its list, empty at first."""
        offers = f"{(attrs or {}).get('id', name)}_fits"
        mine = {**(attrs or {}), "list": offers, "data-finds": name, "autocomplete": "off"}
        return format_html('{}<datalist id="{}"></datalist>', super().render(name, value, mine, renderer), offers)


class Finding(forms.Field, ABC):
    """What both sorts of choice share. What is typed may be the key of a choice, its words, or part of them."""

    default_error_messages: ClassVar[dict[str, Any]] = {"required": "Type part of the name."}

    @abstractmethod
    def fits(self, words: str, most: int) -> list[Fit]:
        """Up to ``most`` choices that have each of the ``words`` somewhere: their keys and their words."""

    @abstractmethod
    def chosen(self, key: str) -> Any:
        """The choice with this key; None where there is none."""

    def to_python(self, value: Any) -> Any:
        """The one that is meant. Where several fit, the field becomes a list of those."""
        words = " ".join(str(value or "").replace("\0", "").split())
        if not words:
            return None
        if len(words) > MOST_LETTERS:
            raise ValidationError("This is too long to look for. Type part of the name.")
        if (row := self.chosen(words)) is not None:
            return row
        fits = self.fits(words, MOST_OPTIONS + 1)
        exactly = [fit for fit in fits if fit[1].casefold() == words.casefold()]
        if len(words.split()) > MOST_WORDS and not exactly:
            raise ValidationError("Nothing here is called all that. Eight words of the name are enough.")
        if len(exactly or fits) == 1:
            return self.chosen(str((exactly or fits)[0][0]))
        if not fits:
            raise ValidationError("Nothing here fits what you typed. Try another part of the name.")
        if len(fits) > MOST_OPTIONS:
            raise ValidationError(f"More than {MOST_OPTIONS} fit what you typed. Type more of the name.")
        self.widget = forms.Select(choices=[("", f"Choose one of {len(fits)}"), *fits])
        raise ValidationError(f"{len(fits)} fit what you typed. Choose one of them.")


class FindRow(Finding, forms.ModelChoiceField):
    """A row of a query set, found by what its admin page is searched by."""

    def __init__(self, instead_of: forms.ModelChoiceField[Any]) -> None:
        """Ask what ``instead_of`` asks."""
        facts = _asked_by(instead_of)
        super().__init__(instead_of.queryset, widget=FindWidget, **facts)
        self.label_from_instance = instead_of.label_from_instance  # type: ignore[method-assign]

    def fits(self, words: str, most: int) -> list[Fit]:
        """Those whose names, however their page is searched, have each of the words; else whose label has them."""
        fits = [(row.pk, self.label_from_instance(row)) for row in self._with_each(_telling(words))[:most]]
        if fits:
            return fits
        asked = words.casefold().split()
        near = ((row.pk, self.label_from_instance(row)) for row in self._near(_telling(words)))
        return [fit for fit in near if all(word in fit[1].casefold() for word in asked)][:most]

    def _with_each(self, words: list[str]) -> QuerySet[Any]:
        """The rows that are found by every one of ``words``."""
        rows = cast("QuerySet[Any]", self.queryset)
        for word in words:
            rows = rows.filter(self._found_by(word))
        return rows.distinct() if words else rows.none()

    def _near(self, words: list[str]) -> list[Any]:
        """Those whose labels are worth reading: the ones found by most of ``words``; so many, and no more."""
        rows = cast("QuerySet[Any]", self.queryset)
        hits = (Case(When(self._found_by(word), then=1), default=0) for word in words)
        ranked = rows.annotate(hits=sum(hits, start=Value(0))).order_by("-hits", "pk")
        return list({row.pk: row for row in ranked[:MOST_READ]}.values())

    def _found_by(self, word: str) -> Q:
        some = Q(pk__in=[])  # what is searched by nothing is found by no word
        for name in admin.site.get_model_admin(cast("QuerySet[Any]", self.queryset).model).search_fields:
            some |= Q(**{f"{name}__icontains": word})
        return some

    def chosen(self, key: str) -> Model | None:
        """The row with this number."""
        number = key_of(key)
        return None if number is None else cast("QuerySet[Any]", self.queryset).filter(pk=number).first()

    def prepare_value(self, value: Any) -> Any:
        """A row is shown by its words."""
        return self.label_from_instance(value) if isinstance(value, Model) else value


class FindChoice(Finding, forms.ChoiceField):
    """One of a list of keys and words."""

    def __init__(self, instead_of: forms.ChoiceField) -> None:
        """Ask what ``instead_of`` asks."""
        facts = _asked_by(instead_of)
        super().__init__(choices=instead_of.choices, **facts)
        self.widget = FindWidget()

    def fits(self, words: str, most: int) -> list[Fit]:
        """Those whose words have each of them."""
        asked = words.casefold().split()
        return [fit for fit in self._offered() if all(word in fit[1].casefold() for word in asked)][:most]

    def chosen(self, key: str) -> str | None:
        """The key, where it is one."""
        return key if key in dict(self._offered()) else None

    def to_python(self, value: Any) -> str:
        """The key that is meant; "" for none."""
        return super().to_python(value) or ""

    def prepare_value(self, value: Any) -> Any:
        """A key is shown by its words."""
        return dict(self._offered()).get(value, value)

    def _offered(self) -> list[Fit]:
        return [(str(key), str(words)) for key, words in cast("list[Fit]", self.choices) if key]


def _telling(words: str) -> list[str]:
    """The words to look for, without the signs around them: the longest, for they tell most."""
    bare = {word.strip("(),:;") for word in words.split()} - {""}
    return sorted(bare, key=len, reverse=True)[:MOST_WORDS]


def _asked_by(field: forms.Field) -> dict[str, Any]:
    facts = {name: getattr(field, name) for name in ("label", "help_text", "required", "initial")}
    return facts | {"help_text": facts["help_text"] or "Type part of the name."}


def shorten_lists(fields: dict[str, forms.Field]) -> None:
    """Put a field that finds in the place of each whose list would be longer than ``MOST_OPTIONS``."""
    for name, field in fields.items():
        if isinstance(field, Finding | forms.ModelMultipleChoiceField):
            continue
        if isinstance(field, forms.ModelChoiceField):
            rows = cast("QuerySet[Any]", field.queryset)
            if len(rows.values_list("pk")[: MOST_OPTIONS + 1]) > MOST_OPTIONS:
                fields[name] = FindRow(field)
        elif type(field) is forms.ChoiceField and len(list(cast("list[Fit]", field.choices))) > MOST_OPTIONS:
            fields[name] = FindChoice(field)


def offers(field: forms.Field | None, words: str) -> list[str]:
    """What the browser offers for what is typed so far: the words of what fits, none for a field that finds nothing."""
    words = " ".join(words.replace("\0", "").split())
    if not isinstance(field, Finding) or not words or len(words) > MOST_LETTERS:
        return []
    return [fit[1] for fit in field.fits(words, MOST_OFFERED)]
