"""Of a plan that has come in by half, or was undone, nobody finds anything: no page, list, count, paper or reminder.

Every page that a person can open is read before the plan came, and again afterwards: it must say the same. Once all of
the plan is there it must not, or the silence before proved nothing.
"""

import datetime as dt
import io
import json
import re
from unittest import mock

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.test import Client
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from agencies.actors import COMMAND
from agencies.models import User
from reviews import reviewing
from reviews.as_at import plan_as_at
from reviews.importing import pieces, staging, undoing, work
from reviews.inspection import walls
from reviews.models import (
    Action,
    Assignment,
    Claim,
    Evidence,
    Milestone,
    PlanImport,
    ProgressUpdate,
    Recommendation,
    SignOff,
    TargetDate,
    Theme,
)
from tests.factories import TODAY
from tests.reviews.importing.files import a_file, a_row
from tests.walking import ADMIN, ALL
from tests.world import World

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

WORD = "Saltmarsh"
SOON = TODAY + dt.timedelta(days=20)
#: Rows of every sort that a plan can bring: late, soon, claimed, complete, joint, with steps, evidence and a theme.
ROWS = [
    a_row(
        reference=f"S{number}",
        theme=f"{WORD} theme",
        recommendation=f"{WORD}: listen to family {number}.",
        action=f"{WORD}: hold day {number}.",
        agencies=agencies,
        status=status,
        progress=f"{WORD}: a hall was found.",
        milestones=f"{WORD}: find a hall",
        evidence=f"{WORD}: the minutes",
        target_date=date,
        owner=f"{WORD} officer",
    )
    for number, (status, date, agencies) in enumerate(
        [
            ("in_progress", "2024-01-31", ["Borough Police"]),
            ("not_started", SOON.isoformat(), ["Borough Police", "Riverside Health Trust"]),
            ("awaiting", "2024-02-28", ["Borough Police"]),
            ("complete", None, ["Riverside Health Trust"]),
        ],
        1,
    )
]
#: Pages that tell of imports themselves, or count or date their own being looked at.
OF_IMPORTS = ("planimport", "import_", "auditentry", "opened", "headingmeaning")
PEOPLE = ("lead", "coordinator", "member_of_group", "panel_reader")


class Killed(BaseException):
    """As a worker is killed."""


@pytest.fixture
def plan(world: World, monkeypatch) -> PlanImport:
    """A plan on its way into a review that agencies read and that is chased; three pieces."""
    monkeypatch.setattr(pieces.new_actions, "__kwdefaults__", {"size": 2})
    reviewing.start_chasing(review=world.here.plans.published, by=COMMAND, on=TODAY)
    return a_file(world, ROWS, review=world.here.plans.published)


def half_there(plan: PlanImport) -> None:
    """All rows are written, and the worker is killed before they stand."""
    with mock.patch.object(work, "_stand", side_effect=Killed), pytest.raises(Killed):
        staging.confirm(plan_import=plan, by=COMMAND, on=TODAY)
    assert Action.everything.filter(came_with=plan).count() == len(ROWS)


def finish(plan: PlanImport) -> None:
    PlanImport.objects.filter(pk=plan.pk).update(lease_until=timezone.now() - dt.timedelta(seconds=1))
    work.go_on(plan.pk)


def pages(world: World) -> list[str]:
    """Every address of lists, and those of the review's own pages and papers."""
    found = []
    for address in ALL:
        if address.name and not address.name.startswith(("account_", "mfa_", "socialaccount", "health", "metrics")):
            try:
                found.append(reverse(address.name))
            except NoReverseMatch:
                continue
    review = world.here.plans.published.pk
    found += [
        reverse(name, args=[review]) for name in ("review-detail", "review-report", "admin:reviews_review_change")
    ]
    found += [reverse("review-export", kwargs={"pk": review, "extension": kind}) for kind in ("csv", "html")]
    found += [reverse(name, args=[world.here.agencies.police.pk]) for name in ("people-agency", "people-readers")]
    return [url for url in found if not any(words in url.replace("-", "") for words in OF_IMPORTS)]


def signed_in(world: World) -> dict[User, Client]:
    """Everybody, signed in once: a page that says when somebody last was is the same from then on."""
    people = [*(getattr(world.here.people, name) for name in PEOPLE), world.superuser]
    clients = {user: Client() for user in people}
    for user, client in clients.items():
        client.force_login(user)
    return clients


def read(client: Client, urls: list[str]) -> dict[str, str]:
    """What each page says to ``client``, without what is new each time it is asked for."""
    said = {}
    cache.clear()  # on a slow machine the overview's counts are kept for a moment
    for url in urls:
        response = client.get(url)
        text = (b"".join(response) if response.streaming else response.content).decode(errors="replace")
        text = re.sub(
            r'(csrfmiddlewaretoken" value|nonce|name="seen" value|name="(press|opened)" value)="[^"]*"', "", text
        )
        said[url] = f"{response.status_code} {text}"
    return said


def reminders() -> str:
    printed = io.StringIO()
    call_command("send_reminders", "--dry-run", "--format", "json", "--on", TODAY.isoformat(), stdout=printed)
    return json.dumps(json.loads(printed.getvalue()), sort_keys=True)


@pytest.mark.either
def test_nobody_finds_anything_of_it_by_half_and_nobody_once_it_is_undone(world, plan):
    urls, review = pages(world), world.here.plans.published
    clients = signed_in(world)
    before = {user: read(client, urls) for user, client in clients.items()}
    paper, mail = plan_as_at(review, TODAY), reminders()
    assert sum(said.startswith("200") for said in before[world.superuser].values()) > 25

    half_there(plan)
    for user, said in before.items():
        now = read(clients[user], urls)
        assert {url for url in urls if now[url] != said[url]} == set(), user
    assert (plan_as_at(review, TODAY), reminders()) == (paper, mail)

    finish(plan)
    there = read(clients[world.here.people.coordinator], urls)
    assert sum(WORD in text for text in there.values()) > 8, "what is looked for can be found"
    assert WORD in read(clients[world.here.people.lead], urls)[reverse("action-list")]
    assert plan_as_at(review, TODAY) != paper
    assert reminders() != mail

    plan.refresh_from_db()
    undoing.undo(plan_import=plan, by=COMMAND)
    for user, said in before.items():
        now = read(clients[user], urls)
        assert {url for url in urls if now[url] != said[url]} == set(), user
    assert (plan_as_at(review, TODAY), reminders()) == (paper, mail)


def rows_that_do_not_stand(plan: PlanImport) -> list:
    actions = Action.everything.filter(came_with=plan)
    hanging = (Assignment, ProgressUpdate, SignOff, TargetDate, Milestone, Evidence)
    found = [
        actions[0],
        Recommendation.everything.filter(came_with=plan)[0],
        Theme.everything.get(name=f"{WORD} theme"),
        *(model.everything.filter(action__in=actions)[0] for model in hanging),
    ]
    assert Claim.everything.filter(update__action__in=actions).exists()
    return found


@pytest.mark.either
@pytest.mark.parametrize("undone", [False, True])
def test_a_typed_address_of_any_of_its_rows_leads_nowhere(world, plan, undone):
    half_there(plan)
    if undone:
        finish(plan)
        plan.refresh_from_db()
        undoing.undo(plan_import=plan, by=COMMAND)
    clients = signed_in(world).values()
    for row in rows_that_do_not_stand(plan):
        name = f"{row._meta.app_label}_{row._meta.model_name}_"
        of_it = [address for address in ADMIN if address.name.startswith(f"admin:{name}")]
        of_it += [address for address in ALL if row._meta.model is Action and address.name.startswith("action-")]
        of_it += [
            address
            for address in ALL
            if row._meta.model is Evidence and address.name in ("evidence-file", "evidence-withdraw")
        ]
        for address in of_it:
            try:
                url = reverse(address.name, args=[row.pk])
            except NoReverseMatch:
                continue
            for client in clients:
                response = client.get(url, follow=True)
                assert response.status_code in (403, 404, 405), (url, response.status_code)
                assert WORD not in response.content.decode()
    assert not Claim.objects.filter(update__action__came_with=plan).exists()


def test_check_portal_looks_at_all_of_it_and_finds_nothing_wrong(world, plan):
    half_there(plan)
    assert [finding.words for finding in walls.walls()] == []
    finish(plan)
    assert list(walls.walls()) == []
