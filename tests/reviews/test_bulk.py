"""Plans in bulk: as many as were asked for, true in every part, and never beside real ones."""

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from agencies.models import Agency, Membership, Partnership, User
from reviews.models import Action, Notice, ProgressUpdate, Review

SIZE = {"reviews": 3, "actions": 200, "agencies": 7, "users": 20, "verbosity": 0}


def test_as_many_are_made_as_were_asked_for_and_all_is_well(db, capsys):
    call_command("make_bulk_data", **SIZE)
    made = [model.objects.count() for model in (Review, Action, Agency, User, Membership)]
    assert made == [3, 200, 7, 20, 20]
    assert Partnership.objects.filter(reviews__isnull=False).distinct().count() == 2
    assert ProgressUpdate.objects.exists()
    assert not Notice.objects.exists()
    assert not any(user.has_usable_password() for user in User.objects.all())
    call_command("check_portal")


def test_the_same_seed_makes_the_same_and_may_be_run_again(db):
    call_command("make_bulk_data", **SIZE)
    first = list(Action.objects.order_by("pk").values_list("text", "status", "target_date"))
    call_command("make_bulk_data", **SIZE)
    assert list(Action.objects.order_by("pk").values_list("text", "status", "target_date")) == first * 2


@pytest.mark.parametrize(("wrong", "sentence"), [({"actions": 0}, "at least one"), ({}, "never mixed")])
def test_what_cannot_be_made_is_refused_and_nothing_is_made(world, wrong, sentence):
    before = Action.objects.count()
    with pytest.raises(CommandError, match=sentence):
        call_command("make_bulk_data", **SIZE | wrong)
    assert Action.objects.count() == before
