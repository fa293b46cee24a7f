"""The wall against what is posted: with the twin's numbers in any field nothing changes, and no word is echoed."""

from __future__ import annotations

from typing import Any

import pytest
from django import forms
from django.apps import apps
from django.db.models import Model
from django.test import Client
from django.urls import reverse

from agencies.models import Opened, User
from agencies.verb_pages import VerbForm
from tests.factories import TODAY
from tests.walking import admin_pages, admin_urls, is_silent, row_of
from tests.world import Side, World

pytestmark = pytest.mark.either


@pytest.fixture
def signed_in(world: World, client: Client) -> Client:
    """The coordinator of the partnership here, at the admin site."""
    client.force_login(world.here.people.coordinator)
    return client


def everything() -> dict[str, list[dict[str, Any]]]:
    """Every row of the portal, people and their permissions included."""
    models: list[type[Model]] = [
        model
        for model in (*apps.get_app_config("agencies").get_models(), *apps.get_app_config("reviews").get_models())
        if model is not Opened  # that a page was opened is written, whoever opens it
    ]
    kept = {model._meta.label: list(model._default_manager.order_by("pk").values()) for model in models}
    kept["themes"] = list(apps.get_model("reviews.Recommendation").themes.through.objects.order_by("pk").values())
    return kept


def verb_forms() -> list[tuple[Any, type[VerbForm], str]]:
    """Each form of the admin site with where it is sent: model, form, name of its address."""
    pages = admin_pages()
    verbs = [(model, form, f"admin:{own.verb_name(form)}") for model, own, _ in pages for form in own.verbs]
    return verbs + [(model, own.adding, f"{prefix}add") for model, own, prefix in pages if own.adding]


def on_each(*wanted: Any) -> pytest.MarkDecorator:
    """Run a test once for each of the forms."""
    return pytest.mark.parametrize(
        ("model", "form_class", "name"), [pytest.param(*one, id=f"{one[1].__name__}, {one[2]}") for one in wanted]
    )


FORMS = verb_forms()
ABOUT_A_ROW = [one for one in FORMS if not one[2].endswith("_add")]
CHOOSING_ROWS = [
    one for one in FORMS if any(isinstance(field, forms.ModelChoiceField) for field in one[1].base_fields.values())
]


def filled(form: VerbForm, side: Side) -> dict[str, Any]:
    """Something for every field of ``form``; rows to choose from are those of ``side``."""
    return {name: _something(field, side) for name, field in form.fields.items()}


def _something(field: forms.Field, side: Side) -> Any:
    if isinstance(field, forms.ModelChoiceField):
        model = field.queryset.model
        return side.people.leaver.pk if model is User else row_of(model, side).pk
    if isinstance(field, forms.ChoiceField):
        return next((value for value, _ in field.choices if value), "")
    if isinstance(field, forms.DateField):
        return TODAY.isoformat()
    return "words"


def related(form: VerbForm) -> list[str]:
    """The fields of ``form`` in which a row is chosen."""
    return [name for name, field in form.fields.items() if isinstance(field, forms.ModelChoiceField)]


@on_each(*CHOOSING_ROWS)
def test_no_form_takes_a_row_of_the_twin(
    model: type[Model], form_class: type[VerbForm], name: str, world: World, signed_in: Client
) -> None:
    about = None if name.endswith("_add") else row_of(model, world.here)
    form = form_class(by=world.here.people.coordinator, about=about, on=TODAY)
    url = reverse(name, args=[about.pk] if about else [])
    for chosen in related(form):
        data = filled(form, world.here) | {chosen: _something(form.fields[chosen], world.there)}
        before = everything()
        answer = signed_in.post(url, data)
        assert answer.status_code == 200, "the form again, with the field marked"
        assert chosen in answer.context["form"].errors, chosen
        assert is_silent(answer)
        assert everything() == before


@on_each(*ABOUT_A_ROW)
def test_no_form_reaches_a_row_of_the_twin(
    model: type[Model], form_class: type[VerbForm], name: str, world: World, signed_in: Client
) -> None:
    there = row_of(model, world.there)
    form = form_class(by=world.there.people.coordinator, about=there, on=TODAY)
    before = everything()
    for side in (world.here, world.there):
        answer = signed_in.post(reverse(name, args=[there.pk]), filled(form, side))
        assert answer.status_code == 404
        assert is_silent(answer)
    assert everything() == before


@on_each(*(one for one in FORMS if one[1].base_fields))
def test_an_invalid_form_echoes_only_what_was_typed(
    model: type[Model], form_class: type[VerbForm], name: str, world: World, signed_in: Client
) -> None:
    about = None if name.endswith("_add") else row_of(model, world.here)
    form = form_class(by=world.here.people.coordinator, about=about, on=TODAY)
    numbers = {field: str(row_of(model, world.there).pk) for field in form.fields}
    before = everything()
    for data in ({}, numbers, dict.fromkeys(form.fields, "x")):
        answer = signed_in.post(reverse(name, args=[about.pk] if about else []), data)
        assert is_silent(answer)
        if answer.status_code == 302:  # a form of words alone takes any: what it wrote is the next beginning
            before = everything()
        assert everything() == before


def test_djangos_own_forms_and_actions_change_nothing(world: World, signed_in: Client) -> None:
    """Each address of the site, about a row of either side, with every field that Django's own form would read."""
    before = everything()
    for side in (world.here, world.there):
        chosen = {model._meta.model_name: row_of(model, side).pk for model, _, _ in admin_pages()}
        for url, row in admin_urls(side):
            if url.endswith(("/change/", "/history/")) or row is None:
                data = {
                    **{field.name: str(side.partnership.pk) for field in (row or side.partnership)._meta.fields},
                    **chosen,
                    "_save": "Save",
                    "action": "delete_selected",
                    "_selected_action": [str(side.partnership.pk), str(side.plans.published.pk)],
                    "post": "yes",
                    "_saveasnew": "1",
                    "form-TOTAL_FORMS": "1",
                    "form-INITIAL_FORMS": "1",
                    "form-0-id": str(side.plans.published.pk),
                    "is_superuser": "on",
                    "is_staff": "on",
                }
                assert signed_in.post(url, data).status_code in (200, 302, 400, 403, 404), url
                assert everything() == before, url


def test_nobody_below_the_coordinator_uses_the_coordinators_forms(world: World, client: Client) -> None:
    """The chair sees the same rows, and their forms answer 403 unless the chair holds what they ask for."""
    chair = world.here.people.chair
    client.force_login(chair)
    before = everything()
    refused = 0
    for model, model_admin, _ in admin_pages():
        for form in model_admin.verbs:
            about = row_of(model, world.here)
            if not chair.has_perm(f"{model._meta.app_label}.{form.permission}", about):
                url = reverse(f"admin:{model_admin.verb_name(form)}", args=[about.pk])
                seen = chair.has_perm(f"{model._meta.app_label}.{model_admin.view_permission}", about)
                assert client.get(url).status_code == client.post(url).status_code == (403 if seen else 404), url
                refused += 1
    assert refused
    assert everything() == before
