"""Who will be mailed next, the runs and the send log, as they look."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from agencies.actors import SCHEDULE
from agencies.models import User
from reviews import reviewing
from reviews.chasing import delivery, planning
from reviews.models import Notice, Run
from tests.browser.looking import look
from tests.factories import TODAY, a_recommendation, an_action
from tests.world import World, days, make_world

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def world(transactional_db) -> World:
    """The standing cast, where the browser's server sees it too."""
    return make_world()


def test_the_reminders_of_a_partnership(page: Page, world: World, come_as: Callable[[User], None]) -> None:
    here = world.here
    reviewing.start_chasing(review=here.plans.published, by=SCHEDULE, on=days(-200))
    an_action(a_recommendation(here.plans.published), here.agencies.school, target_date=days(-3))
    come_as(here.people.coordinator)
    page.goto(f"/admin/reviews/run/next/?on={TODAY}")
    look(page, "who-will-be-mailed-next")
    planning.plan_run(partnership=here.partnership, on=TODAY, by=SCHEDULE)
    delivery.deliver_waiting()
    page.goto("/admin/reviews/run/")
    look(page, "runs")
    page.goto(f"/admin/reviews/run/{Run.objects.latest('pk').pk}/change/")
    look(page, "run")
    page.goto("/admin/reviews/notice/")
    look(page, "send-log")
    page.goto(f"/admin/reviews/notice/{Notice.objects.filter(state='sent').get().pk}/change/")
    look(page, "send-log-message")
    page.goto(f"/admin/agencies/partnership/{here.partnership.pk}/arrange-reminders/")
    look(page, "arrange-reminders")
