"""Where pages of Django admin lead: never to a page that its reader is told does not exist."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import resolve, reverse

from reviews.models import PlanImport
from tests.walking import admin_pages, asked_by
from tests.world import World, days

pytestmark = [pytest.mark.django_db, pytest.mark.either]

LINK = re.compile(r'href="(/admin/[^"#?]*)[^"]*"')


@pytest.mark.parametrize("who", ["coordinator", "chair"])
def test_no_page_leads_where_its_reader_may_not_go(who: str, world: World, client: Client) -> None:
    person = getattr(world.here.people, who)
    client.force_login(person)
    leads: dict[str, tuple[str, str]] = {}  # one way of each kind, and from which page
    pages_seen: set[str] = set()
    for model, model_admin, prefix in admin_pages():
        if not model_admin.has_view_permission(asked_by(person)):
            continue
        pages = [reverse(f"{prefix}changelist")]
        if row := model_admin.get_queryset(asked_by(person)).first():
            pages += [reverse(f"{prefix}change", args=[row.pk]), reverse(f"{prefix}history", args=[row.pk])]
        for page in pages:
            answer = client.get(page)
            assert answer.status_code == 200, (model, page)
            for where in set(LINK.findall(answer.content.decode())) - pages_seen:
                leads.setdefault(resolve(where).view_name, (page, where))
            pages_seen |= set(pages)
    assert len(leads) > 25
    leads.pop("admin:reviews_import_file", None)  # the plan brought in of the standing cast has a row and no file
    dead = [way for way in leads.values() if client.get(way[1]).status_code not in (200, 302)]
    assert not dead


def test_a_person_is_named_in_plain_words_and_linked_for_a_site_administrator(world: World, client: Client) -> None:
    update, person = world.here.plans.update, world.here.people.member
    page, where = (reverse(f"admin:{name}_change", args=[row.pk]) for name, row in (
        ("reviews_progressupdate", update), ("agencies_user", person)
    ))  # fmt: skip
    client.force_login(world.here.people.coordinator)
    shown = client.get(page).content.decode()
    assert person.name in shown
    assert where not in shown
    assert reverse("admin:agencies_agency_change", args=[update.agency_id]) in shown
    client.force_login(world.superuser)
    assert where in client.get(page).content.decode()


def test_the_chairs_log_names_a_plan_brought_in_without_a_link(world: World, client: Client) -> None:
    staged = PlanImport.objects.filter(partnership=world.here.partnership).first()
    address = reverse("admin:reviews_planimport_change", args=[staged.pk])
    client.force_login(world.here.people.coordinator)
    client.get(address)
    log = reverse("admin:agencies_opened_changelist")
    assert address in client.get(log).content.decode()
    client.force_login(world.here.people.chair)
    assert address not in client.get(log).content.decode()


def test_rows_about_an_action_are_found_by_its_words_and_their_own(world: World, client: Client) -> None:
    client.force_login(world.here.people.coordinator)

    def found(model: str, **asked: str) -> int:
        answer = client.get(reverse(f"admin:reviews_{model}_changelist"), asked)
        return int(answer.context["cl"].result_count)

    for model, words in (
        *(("assignment", "write the guide"), ("assignment", "Borough Police"), ("milestone", "write the guide")),
        *(("milestone", "first chapter"), ("signoff", "publish a leaflet"), ("signoff", "meeting")),
        *(("targetdate", "write the guide"), ("progressupdate", "write the guide"), ("evidence", "write the guide")),
    ):
        assert found(model, q=words), (model, words)
        assert not found(model, q=f"{words} nowhere"), model


def test_actions_are_narrowed_to_a_month_by_their_target_dates(world: World, client: Client) -> None:
    client.force_login(world.here.people.coordinator)
    day = days(14)
    asked = {"target_date__year": day.year, "target_date__month": day.month}
    answer = client.get(reverse("admin:reviews_action_changelist"), asked)
    shown = {action.pk for action in answer.context["cl"].result_list}
    assert world.here.plans.of_police.pk in shown
    assert world.here.plans.joint.pk not in shown, "it has no date"
