"""The wall: nothing of the twin partnership is seen, guessed or changed from here, by any way through the admin."""

from django.contrib import admin
from django.test import Client
from django.urls import reverse

from agencies.scoped_admin import ScopedAdmin, ScopedInline
from tests.world import MARKER, World


def test_every_admin_page_and_inline_is_scoped() -> None:
    for model_admin in admin.site._registry.values():
        assert isinstance(model_admin, ScopedAdmin), model_admin
        for inline in model_admin.inlines:
            assert issubclass(inline, ScopedInline), inline


def test_lists_and_rows_show_nothing_of_the_twin(world: World, client: Client) -> None:
    client.force_login(world.here.people.coordinator)
    for model in admin.site._registry:
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        pages = [client.get(reverse(f"{name}_changelist"))]
        pages += [client.get(reverse(f"{name}_change", args=[row.pk])) for row in model.objects.all()]
        for page in pages:
            assert page.status_code in (200, 403, 404)
            assert MARKER.lower() not in page.content.decode().lower(), page.request["PATH_INFO"]
