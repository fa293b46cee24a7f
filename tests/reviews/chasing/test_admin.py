"""Reminders in Django admin: who will be mailed next, the runs, the send log, the pause."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.urls import reverse

from agencies.actors import SCHEDULE
from agencies.models import Partnership, User
from agencies.roles import RoleCode
from reviews import reviewing
from reviews.chasing import delivery, planning
from reviews.models import Line, Notice, Run
from tests.factories import TODAY, a_member, a_recommendation, an_action
from tests.world import MARKER, World, days

pytestmark = pytest.mark.either

NEXT = "admin:reviews_run_next"
SEND_LOG = "admin:reviews_notice_changelist"


@pytest.fixture
def chasing(world: World) -> World:
    """Both sides chase their published plan."""
    for side in (world.here, world.there):
        reviewing.start_chasing(review=side.plans.published, by=SCHEDULE, on=days(-200))
    return world


def page(who: User, url: str, **asked: str) -> tuple[int, str]:
    """Code and text of a page."""
    client = Client()
    client.force_login(who)
    response = client.get(url, asked)
    return response.status_code, response.content.decode()


def sent(side) -> Run:
    """The day's run of one side, sent."""
    run = planning.plan_run(partnership=side.partnership, on=TODAY, by=SCHEDULE)
    assert run is not None
    delivery.deliver_waiting()
    return run


def test_who_will_be_mailed_next_is_what_the_run_then_sends(chasing: World) -> None:
    here = chasing.here
    code, text = page(here.people.coordinator, reverse(NEXT))
    assert code == 200
    assert "2 March 2026" in text
    assert here.people.lead.email in text
    assert "7 days before" not in text
    run = sent(here)
    assert run.expected == text.count('<span class="quiet">') == 1
    rows = Line.objects.filter(notice__run=run)
    assert all(reverse("admin:reviews_action_change", args=[row.action_id]) in text for row in rows)
    _, text = page(here.people.coordinator, reverse(NEXT))
    assert "3 March 2026" in text
    assert "Nobody is to be reminded of anything." in text


def test_another_day_can_be_looked_at(chasing: World) -> None:
    here = chasing.here
    _, text = page(here.people.coordinator, reverse(NEXT), on="2026-03-09")
    assert "9 March 2026" in text
    assert "7 days before" in text
    code, text = page(here.people.coordinator, reverse(NEXT), on="the ninth")
    assert code == 200
    assert "Enter a real date" in text
    assert not Run.objects.filter(on__gte=TODAY).exists()


def test_about_whom_nobody_is_written_to_stands_there_with_the_reason(chasing: World) -> None:
    here = chasing.here
    action = an_action(a_recommendation(here.plans.published), here.agencies.school, target_date=days(-3))
    for text in (
        page(here.people.coordinator, reverse(NEXT))[1],
        page(here.people.coordinator, reverse("admin:reviews_run_change", args=[sent(here).pk]))[1],
    ):
        assert "Nobody to write to" in text
        assert reverse("admin:reviews_action_change", args=[action.pk]) in text


def test_why_nothing_will_be_mailed_is_said(chasing: World) -> None:
    here = chasing.here
    reviewing.stop_chasing(review=here.plans.published, by=SCHEDULE)
    assert "have not been started for any plan" in page(here.people.coordinator, reverse(NEXT))[1]
    Partnership.objects.update(chasing_paused=True)
    assert "Reminders are paused for this partnership." in page(here.people.coordinator, reverse(NEXT))[1]
    Partnership.objects.update(chasing_paused=False)
    sent(here)
    assert "planned already" in page(here.people.coordinator, reverse(NEXT), on=f"{TODAY}")[1]


def test_each_sees_their_own_partnerships_mail_only(chasing: World) -> None:
    here, there = chasing.here, chasing.there
    runs = {side: sent(side) for side in (here, there)}
    for url in (reverse(NEXT), reverse(SEND_LOG), reverse("admin:reviews_run_changelist")):
        code, text = page(here.people.coordinator, url)
        assert code == 200
        assert MARKER not in text
    foreign = reverse("admin:reviews_run_change", args=[runs[there].pk])
    assert page(here.people.coordinator, foreign)[0] == 404
    code, text = page(here.people.coordinator, reverse(SEND_LOG), run=f"{runs[there].pk}")
    assert MARKER not in text
    assert here.people.lead.name not in text


@pytest.mark.parametrize("who", ["chair", "member_of_group"])
def test_the_send_log_is_for_those_who_run_the_chasing(chasing: World, who: str) -> None:
    person = getattr(chasing.here.people, who)
    for name in (NEXT, SEND_LOG, "admin:reviews_run_changelist"):
        assert page(person, reverse(name))[0] == 403


def test_the_run_record_counts_what_became_of_its_messages(chasing: World) -> None:
    here = chasing.here
    a_member(RoleCode.AGENCY_LEAD, here.agencies.police)
    run = sent(here)
    first = Notice.objects.filter(run=run).first()
    assert first is not None
    Notice.objects.filter(pk=first.pk).update(state="failed", why="smtp_550")
    url = reverse("admin:reviews_run_changelist")
    for column, count in (("expected", 2), ("sent", 1), ("waiting", 0), ("failed", 1), ("dropped", 0)):
        assert f'<td class="field-{column}">{count}</td>' in page(here.people.coordinator, url)[1]


def test_the_log_of_one_run_is_a_link_away_and_says_why(chasing: World) -> None:
    here = chasing.here
    run = sent(here)
    Line.objects.filter(notice__run=run).update(state="dropped", why="moved")
    Notice.objects.filter(run=run).update(state="dropped", why="nothing_left")
    _, text = page(here.people.coordinator, reverse("admin:reviews_run_change", args=[run.pk]))
    link = f"{reverse(SEND_LOG)}?run={run.pk}"
    assert link in text
    code, text = page(here.people.coordinator, urlsplit(link).path, run=f"{run.pk}")
    assert code == 200
    assert text.count('class="field-person') == 1
    assert "None of its actions needs a reminder any more" in text
    notice = Notice.objects.get(run=run)
    _, text = page(here.people.coordinator, reverse("admin:reviews_notice_change", args=[notice.pk]))
    assert "or whom to write to, has changed since" in text


@pytest.mark.parametrize("run", ["x", "0", "999999", "1 OR 1=1", "²"])
def test_a_run_that_is_not_one_leads_to_no_message(chasing: World, run: str) -> None:
    sent(chasing.here)
    code, text = page(chasing.here.people.coordinator, reverse(SEND_LOG), run=run)
    assert code in (200, 302)
    assert chasing.here.people.lead.name not in text


def test_the_pages_take_as_many_queries_for_many_messages_as_for_few(
    chasing: World, django_assert_max_num_queries
) -> None:
    here = chasing.here
    for _ in range(30):
        a_member(RoleCode.AGENCY_LEAD, here.agencies.police)
    run = sent(here)
    client = Client()
    client.force_login(here.people.coordinator)
    for url in (reverse(SEND_LOG), reverse("admin:reviews_run_changelist")):
        with django_assert_max_num_queries(25):
            assert client.get(url).status_code == 200
    assert run.expected == 31


def test_a_coordinator_pauses_and_arranges_the_mail_on_the_partnerships_page(chasing: World) -> None:
    here = chasing.here
    client = Client()
    client.force_login(here.people.coordinator)
    about = reverse("admin:agencies_partnership_change", args=[here.partnership.pk])

    def press(verb: str, **data: object) -> str:
        url = reverse(f"admin:agencies_partnership_{verb}", args=[here.partnership.pk])
        assert url in client.get(about).content.decode()
        return client.post(url, data, follow=True).content.decode()

    assert "Reminders are paused." in press("pause_reminders")
    assert "Reminders go out again." in press("resume_reminders")
    assert "no such time zone" in press("arrange_reminders", hour=9, time_zone="Haringey", daily_cap=5)
    press("arrange_reminders", hour=9, time_zone="Europe/London", daily_cap=5)
    here.partnership.refresh_from_db()
    assert (here.partnership.chasing_hour, here.partnership.daily_mail_cap) == (9, 5)
