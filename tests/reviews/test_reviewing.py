"""A review is opened, described and chased by verbs: allowed, wrong person, wrong moment, audited."""

import pytest
from django.core.exceptions import PermissionDenied

from agencies.models import AuditEntry
from agencies.refusals import Refused
from reviews import reviewing
from reviews.kinds import Kind, PlanStage
from reviews.models import Review
from tests.factories import TODAY

pytestmark = pytest.mark.django_db


@pytest.fixture
def here(world):
    return world.here


def test_open_review_opens_a_restricted_review(here):
    review = reviewing.open_review(
        partnership=here.partnership, kind=Kind.DARDR, reference="R9", title="Adult C", by=here.people.coordinator
    )
    assert review.is_restricted
    assert AuditEntry.objects.filter(event="review.created", about_id=review.pk).count() == 1


def test_open_review_refused_to_those_who_do_not_run_the_partnerships_plans(world, here):
    before = Review.objects.count()
    for person in (here.people.lead, here.people.chair, world.there.people.coordinator, world.stranger):
        with pytest.raises(PermissionDenied):
            reviewing.open_review(partnership=here.partnership, kind=Kind.SAR, reference="X", title="X", by=person)
    assert Review.objects.count() == before


def test_open_review_refused_when_the_reference_is_taken_or_the_kind_has_no_such_step(here):
    facts = {"partnership": here.partnership, "title": "X", "by": here.people.coordinator}
    with pytest.raises(Refused, match="already a review"):
        reviewing.open_review(kind=Kind.SAR, reference=here.plans.published.reference, **facts)
    with pytest.raises(Refused, match="no step"):
        reviewing.open_review(kind=Kind.SAR, reference="S1", stage=PlanStage.QUALITY, **facts)


def test_describe_changes_facts_and_refuses_names_it_does_not_know(here):
    reviewing.describe(review=here.plans.published, by=here.people.coordinator, chair="Dr Ada Moss")
    assert Review.objects.get(pk=here.plans.published.pk).chair == "Dr Ada Moss"
    with pytest.raises(TypeError):
        reviewing.describe(review=here.plans.published, by=here.people.coordinator, partnership=None)


def test_describe_lets_nobody_read_more(here):
    with pytest.raises(TypeError, match="is_restricted"):
        reviewing.describe(review=here.plans.restricted, by=here.people.coordinator, is_restricted=False)
    assert Review.objects.get(pk=here.plans.restricted.pk).is_restricted


def test_chasing_starts_and_stops_with_the_coordinator(here):
    review = reviewing.start_chasing(review=here.plans.published, by=here.people.coordinator, on=TODAY)
    assert review.chasing_from == TODAY
    with pytest.raises(PermissionDenied):
        reviewing.stop_chasing(review=review, by=here.people.chair)
    assert reviewing.stop_chasing(review=review, by=here.people.coordinator).chasing_from is None
