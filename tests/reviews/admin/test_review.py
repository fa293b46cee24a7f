"""A review in Django admin: its facts, who reads it, and the way from a plan brought in to the agencies' pages."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from agencies.models import AuditEntry
from agencies.refusals import Refused
from reviews import restriction, reviewing
from reviews.kinds import Kind, PlanStage
from reviews.models import Review
from reviews.statuses import OPEN
from tests.walking import admin_pages
from tests.world import Side, World

pytestmark = pytest.mark.django_db


@pytest.fixture
def here(world: World, client: Client) -> Side:
    """The side whose coordinator is signed in."""
    client.force_login(world.here.people.coordinator)
    return world.here


def page(review: Review, verb: str) -> str:
    return reverse(f"admin:reviews_review_{verb}", args=[review.pk])


def seen_by_the_lead(here: Side) -> int:
    """What the lead of the police is answered for her agency's action in the restricted review."""
    client = Client()
    client.force_login(here.people.lead)
    return client.get(reverse("action-detail", args=[here.plans.restricted_of_police.pk])).status_code


def test_the_agencies_read_a_review_once_its_restriction_is_lifted_and_not_before(here: Side, client: Client) -> None:
    review = here.plans.restricted
    assert seen_by_the_lead(here) == 404
    assert "Let the agencies read it" in client.get(page(review, "change")).content.decode()
    answer = client.post(page(review, "lift_restriction"), {"published_on": ""}, follow=True)
    assert "Let the agencies read it" not in answer.content.decode()
    assert seen_by_the_lead(here) == 200
    client.post(page(review, "restrict"))
    assert seen_by_the_lead(here) == 404


def test_lifting_keeps_the_day_of_publication_and_is_recorded(here: Side, client: Client) -> None:
    review = here.plans.restricted
    client.post(page(review, "lift_restriction"), {"published_on": "2026-02-01"})
    review.refresh_from_db()
    assert (review.is_restricted, review.published_on) == (False, dt.date(2026, 2, 1))
    assert AuditEntry.objects.filter(event="review.restriction_lifted", about_id=review.pk).count() == 1


def test_a_restriction_is_lifted_once_by_those_who_edit_the_plan_and_for_no_day_to_come(here: Side) -> None:
    review, by = here.plans.restricted, here.people.coordinator
    for nobody in (here.people.chair, here.people.lead):
        with pytest.raises(PermissionDenied):
            restriction.lift(review=review, by=nobody)
    with pytest.raises(Refused, match="in the future"):
        restriction.lift(review=review, by=by, published_on=timezone.localdate() + dt.timedelta(days=1))
    restriction.lift(review=review, by=by)
    with pytest.raises(Refused, match="not restricted any more"):
        restriction.lift(review=review, by=by)
    restriction.restrict(review=review, by=by)
    with pytest.raises(Refused, match="already"):
        restriction.restrict(review=review, by=by)


def facts(review: Review, **changes: str) -> dict[str, str]:
    """What the form of the facts sends."""
    return {"title": review.title, "stage": review.stage, "chair": review.chair} | changes


def test_the_facts_of_a_review_are_edited(here: Side, client: Client) -> None:
    review = here.plans.published
    assert review.title in client.get(page(review, "describe")).content.decode()
    client.post(
        page(review, "describe"), facts(review, stage=PlanStage.CONCLUDED, chair="Ada Moss", agreed_on="2026-01-09")
    )
    review.refresh_from_db()
    assert (review.stage, review.chair, review.agreed_on) == (PlanStage.CONCLUDED, "Ada Moss", dt.date(2026, 1, 9))
    assert "chair" in AuditEntry.objects.get(event="review.described").detail["fields"]


def test_who_only_takes_the_plan_away_meanwhile_is_in_nobodys_way(here: Side, client: Client) -> None:
    review = here.plans.published
    seen = client.get(page(review, "describe")).context["form"].seen
    reader = Client()
    reader.force_login(here.people.chair)
    assert reader.get(reverse("review-export", args=[review.pk, "csv"])).status_code == 200
    sent = facts(review, chair="Ada Moss") | {"seen": seen}
    assert client.post(page(review, "describe"), sent).status_code == 302
    review.refresh_from_db()
    assert review.chair == "Ada Moss"


def test_what_stays_as_it_was_is_not_recorded(here: Side) -> None:
    reviewing.describe(review=here.plans.published, by=here.people.coordinator, title=here.plans.published.title)
    assert not AuditEntry.objects.filter(event="review.described").exists()


@pytest.mark.parametrize("day", ["1999-12-31", "9999-12-31"])
def test_a_day_of_a_review_is_one_on_which_it_can_have_been(day: str, here: Side, client: Client) -> None:
    review = here.plans.published
    answer = client.post(page(review, "describe"), facts(review, quality_on=day))
    assert answer.context["form"].errors["quality_on"]
    review.refresh_from_db()
    assert review.quality_on is None


def test_only_the_steps_of_its_kind_are_offered(here: Side, client: Client) -> None:
    review = here.plans.published
    Review.objects.filter(pk=review.pk).update(kind=Kind.SAR)
    form = client.get(page(review, "describe")).context["form"]
    assert PlanStage.QUALITY not in dict(form.fields["stage"].choices)
    assert "quality_on" not in form.fields


def test_only_the_list_of_reviews_counts_and_it_counts_what_its_page_shows(here: Side, client: Client) -> None:
    review = here.plans.published
    expected = review.actions.filter(status__in=OPEN, stands=True).count()
    shown = client.get(reverse("admin:reviews_review_changelist"), {"o": "-7", "is_restricted__exact": "0"})
    assert [(row.pk, row.open) for row in shown.context["cl"].result_list] == [(review.pk, expected)]
    assert expected
    faceted = client.get(reverse("admin:reviews_review_changelist"), {"_facets": "True"})
    assert expected in [row.open for row in faceted.context["cl"].result_list]
    for url in (page(review, "change"), reverse("admin:reviews_recommendation_changelist")):
        with CaptureQueriesContext(connection) as asked:
            client.get(url)
        assert not [query["sql"] for query in asked if '"open"' in query["sql"]], url


def test_no_list_counts_all_its_rows_to_show_some() -> None:
    for model, own, _ in admin_pages():
        assert not own.show_full_result_count, model
