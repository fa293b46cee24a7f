"""The example: what a newcomer finds after `make run`."""

import datetime as dt
from io import StringIO
from pathlib import Path

import pytest
from allauth.account.models import EmailAddress
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError
from django.utils import timezone

from agencies.memberships import shadow_differences
from agencies.models import Partnership, User
from agencies.permissions import objects_for
from agencies.roles import Permission
from reviews.example import adult_a, cast, loading, plans_of_today
from reviews.example.sign_in import sign_ins, table
from reviews.models import Action, Evidence, Review
from reviews.projection import project
from reviews.statuses import Lateness, Status, timing


@pytest.fixture
def example(db) -> Review:
    """The example, loaded today; its plan in delivery."""
    call_command("load_example", verbosity=0)
    return Review.objects.get(reference=plans_of_today.CURRENT)


@pytest.mark.either
def test_adult_a_has_its_recommendations_addressees_and_statuses(example):
    actions = list(Action.objects.filter(review__reference=adult_a.REFERENCE).prefetch_related("assignments"))

    assert len(actions) == 28
    assert len({action.recommendation.addressee for action in actions}) == 14
    assert [action.status for action in actions if action.status == Status.COMPLETE] == [Status.COMPLETE] * 16
    assert sum(action.status == Status.IN_PROGRESS for action in actions) == 3
    assert sum(action.status == Status.ONGOING for action in actions) == 3
    assert sum(action.status == Status.NOT_RECORDED for action in actions) == 6
    assert max(len(action.assignments.all()) for action in actions) == 2


@pytest.mark.either
def test_the_plan_of_today_shows_every_status_and_lateness(example):
    today = timezone.localdate()
    actions = list(example.actions.all())

    assert {action.status for action in actions} == set(Status) - {Status.NOT_RECORDED}
    assert {
        timing(
            Status(action.status),
            target=action.target_date,
            review=action.next_review_on,
            claimed_on=action.claimed_on,
            on=today,
        ).lateness
        for action in actions
    } == set(Lateness)
    assert example.chasing_from < today
    assert {evidence.kind for evidence in Evidence.objects.all()} == set(Evidence.Kind)


def test_the_projections_and_the_permission_shadows_are_true(example):
    assert project(list(Action.objects.all())) == 0
    assert shadow_differences() == 0


@pytest.mark.either
def test_somebody_of_the_example_signs_in_with_the_password_shown(example, client):
    answer = client.post("/accounts/login/", {"login": "police.lead@haringey.example", "password": cast.PASSWORD})

    assert answer.status_code == 302
    assert client.session["_auth_user_id"] == str(User.objects.get(email="police.lead@haringey.example").pk)
    assert EmailAddress.objects.filter(verified=True, primary=True).count() == len(cast.PEOPLE)


@pytest.mark.either
def test_the_twin_partnership_is_behind_the_wall(example):
    here = User.objects.get(email="coordinator@haringey.example")
    there = User.objects.get(email="coordinator@marlbridge.example")

    seen_here = set(objects_for(here, Permission.READ_PLAN, Review).values_list("reference", flat=True))
    seen_there = set(objects_for(there, Permission.READ_PLAN, Review).values_list("reference", flat=True))

    assert seen_here == {adult_a.REFERENCE, plans_of_today.CURRENT, plans_of_today.RESTRICTED}
    assert seen_there == {plans_of_today.TWIN}


@pytest.mark.either
@pytest.mark.parametrize(("mailbox", "sees"), [("police.lead", True), ("police.member", False), ("panel", True)])
def test_the_restricted_review_is_read_by_those_named(example, mailbox, sees):
    person = User.objects.get(email=f"{mailbox}@haringey.example")

    readable = objects_for(person, Permission.READ_ACTION, Action).filter(review__reference=plans_of_today.RESTRICTED)

    assert readable.exists() is sees


def test_load_example_does_nothing_a_second_time(example):
    before = Action.objects.count(), User.objects.count()
    out = StringIO()

    call_command("load_example", stdout=out)

    assert "already here" in out.getvalue()
    assert (Action.objects.count(), User.objects.count()) == before


def test_load_example_refused_outside_the_embedded_default(db, settings):
    settings.EMBEDDED = False

    with pytest.raises(CommandError, match="passwords that everybody knows"):
        call_command("load_example")

    assert not Partnership.objects.exists()


def test_load_example_refused_where_an_address_is_taken(db):
    User.objects.create_user("Chair@Haringey.example", name="Somebody else")

    with pytest.raises(CommandError, match=r"chair@haringey\.example"):
        call_command("load_example")

    assert not Partnership.objects.exists()


def test_the_people_are_shown_only_where_the_example_is(db):
    before, after = StringIO(), StringIO()

    call_command("load_example", people=True, stdout=before)
    call_command("load_example", verbosity=0)
    call_command("load_example", people=True, stdout=after)

    assert before.getvalue() == ""
    assert cast.PASSWORD in after.getvalue()
    assert table() in after.getvalue()


def test_the_table_names_everybody_once():
    shown = [one.email for one in sign_ins()]

    assert len(set(shown)) == len(shown) == len(cast.PEOPLE)


def test_the_readme_shows_the_same_people_and_password():
    readme = (Path(settings.BASE_DIR) / "README.md").read_text()

    assert f"`{cast.PASSWORD}`" in readme
    for one in sign_ins():
        if ".member@" not in one.email:
            assert f"| {one.email} | {one.name} | {one.role} |" in readme


def test_check_portal_finds_nothing_wrong_in_it(example):
    out = StringIO()

    call_command("check_portal", stdout=out)

    assert "!" not in out.getvalue()


@pytest.mark.parametrize("day", [dt.date(2024, 2, 29), dt.date(2026, 3, 29), dt.date(2026, 12, 31)])
def test_the_example_loads_on_any_day(db, day, time_machine):
    time_machine.move_to(dt.datetime(day.year, day.month, day.day, 0, 30, tzinfo=dt.UTC))

    loading.load(timezone.localdate())

    assert project(list(Action.objects.all())) == 0
