"""A plan comes in by pieces: none of it is there before all of it is, whoever is killed or forbidden meanwhile."""

import datetime as dt
from unittest import mock

import pytest
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from agencies import memberships
from agencies.actors import COMMAND
from agencies.models import AuditEntry
from agencies.refusals import Refused
from reviews import bringing_in, plans, tasks
from reviews.importing import confirming, leases, pieces, staging, work
from reviews.importing.staged import CREATE
from reviews.models import Action, Assignment, Notice, PlanImport, Recommendation, Review
from reviews.plan_lines import ActionLine, RecommendationLine
from tests.factories import TODAY, a_review
from tests.reviews.importing.files import a_file, a_row

pytestmark = pytest.mark.django_db

State = PlanImport.State
ROWS = [
    a_row(reference=f"{number}", recommendation=f"Listen to family {number}.", action=f"Hold day {number}.")
    for number in range(1, 8)
]


@pytest.fixture(autouse=True)
def small_pieces(monkeypatch):
    """Three actions a piece, so that seven rows are three pieces; more than two are left to a worker."""
    monkeypatch.setattr(pieces.new_actions, "__kwdefaults__", {"size": 3})
    monkeypatch.setattr(bringing_in, "SHORT_PLAN", 2)


class Killed(BaseException):
    """As a worker is killed: nothing catches it."""


def killed_in_piece(number: int):
    """Whoever brings a plan in is killed in this piece, after its rows are written and before they are committed."""
    calls = []

    def write(**values):
        add(**values)
        calls.append(1)
        if len(calls) == number:
            raise Killed

    add = plans.add_piece
    return mock.patch.object(plans, "add_piece", write)


def everything():
    """How many rows each table holds, but for the audit and the imports themselves."""
    skipped = {"agencies.AuditEntry", "reviews.PlanImport"}
    return {m._meta.label: m._base_manager.count() for m in apps.get_models() if m._meta.label not in skipped}


def run_out(plan: PlanImport) -> None:
    PlanImport.objects.filter(pk=plan.pk).update(lease_until=timezone.now() - dt.timedelta(seconds=1))


@pytest.mark.parametrize("piece", [1, 2, 3])
def test_a_worker_that_is_killed_in_any_piece_loses_nothing_and_nothing_is_written_twice(world, piece):
    plan = a_file(world, ROWS)
    with killed_in_piece(piece), pytest.raises(Killed):
        staging.confirm(plan_import=plan, by=COMMAND, on=TODAY)
    plan.refresh_from_db()
    assert (plan.state, plan.done, plan.total) == (State.CONFIRMING, 3 * (piece - 1), 7)
    assert not Action.objects.filter(review=plan.review).exists()
    assert Action.everything.filter(review=plan.review).count() == plan.done

    work.go_on(plan.pk)
    assert not Action.objects.filter(review=plan.review).exists(), "its lease had not run out"
    run_out(plan)
    work.go_on(plan.pk)

    plan.refresh_from_db()
    assert plan.state == State.CONFIRMED
    assert list(plan.review.actions.order_by("order").values_list("text", flat=True)) == [row["action"] for row in ROWS]
    assert plan.counts == {"recommendations": 7, "actions": 7, "left_out": 0, "updated": 0}


def test_killed_before_the_last_step_none_of_it_stands_and_afterwards_all(world):
    plan = a_file(world, ROWS)
    with mock.patch.object(work, "_stand", side_effect=Killed), pytest.raises(Killed):
        staging.confirm(plan_import=plan, by=COMMAND, on=TODAY)
    plan.refresh_from_db()
    assert plan.done == 7
    assert not plan.review.recommendations.exists()
    run_out(plan)
    work.go_on(plan.pk)
    assert plan.review.recommendations.count() == 7


def test_the_sweep_asks_for_what_was_left_behind_and_for_nothing_else(world, monkeypatch):
    asked = []
    monkeypatch.setattr(tasks.go_on_with_import, "delay", asked.append)
    left, held, waits = (a_file(world, ROWS) for _ in range(3))
    for plan, lease in ((left, {}), (held, leases.fresh())):
        confirming.begin(plan_import=plan, by=COMMAND, on=TODAY, **lease)
    tasks.sweep()
    assert asked == [left.pk]
    assert waits.state == State.STAGED


def test_a_long_plan_is_left_to_a_worker_and_the_second_press_begins_nothing(world, monkeypatch):
    asked = []
    monkeypatch.setattr(tasks.go_on_with_import, "delay", asked.append)
    monkeypatch.setattr(bringing_in.transaction, "on_commit", lambda call: call())
    plan, coordinator = a_file(world, ROWS), world.here.people.coordinator
    for _ in range(2):
        assert bringing_in.confirm(plan_import=plan, by=coordinator, on=TODAY).state == State.CONFIRMING
    assert asked == [plan.pk]
    with pytest.raises(Refused, match="at this moment"):
        staging.settle(plan_import=plan, by=coordinator, title="Another")
    tasks.go_on_with_import(plan.pk)
    plan.refresh_from_db()
    assert (plan.state, plan.confirmed_by) == (State.CONFIRMED, coordinator)
    entry = AuditEntry.objects.get(event="import.confirmed")
    assert (entry.actor, entry.detail["actions"]) == (f"user:{coordinator.pk}", 7)
    assert not AuditEntry.objects.filter(event="plan.added").exists()
    assert not Notice.objects.filter(lines__action__review=plan.review).exists()


def test_what_is_known_to_fail_is_not_begun(world):
    plan = a_file(world, [*ROWS, a_row(recommendation="Ask.", agencies=["Nobody Knows Us"])])
    before = everything()
    with pytest.raises(Refused, match="Nobody Knows Us"):
        staging.confirm(plan_import=plan, by=COMMAND, on=TODAY)
    plan.refresh_from_db()
    assert (plan.state, everything()) == (State.STAGED, before)


def test_a_rule_that_forbids_it_in_the_middle_puts_it_back_with_the_sentence_and_leaves_no_row(world):
    plan, before = a_file(world, ROWS), everything()
    with killed_in_piece(2), pytest.raises(Killed):
        staging.confirm(plan_import=plan, by=COMMAND, on=TODAY)
    agency = world.here.agencies.police
    type(agency).objects.filter(pk=agency.pk).update(closed_on=TODAY)
    run_out(plan)
    work.go_on(plan.pk)
    plan.refresh_from_db()
    assert (plan.state, plan.done, plan.review, plan.confirmed_by) == (State.STAGED, 0, None, None)
    assert "no longer exists" in plan.problem
    assert everything() == before

    type(agency).objects.filter(pk=agency.pk).update(closed_on=None)
    review = staging.confirm(plan_import=plan, by=COMMAND, on=TODAY)
    plan.refresh_from_db()
    assert (review.actions.count(), plan.problem) == (7, "")


def test_killed_while_it_is_taken_away_the_rest_is_taken_away_later(world):
    plan, before = a_file(world, ROWS), everything()
    with killed_in_piece(3), pytest.raises(Killed):
        staging.confirm(plan_import=plan, by=COMMAND, on=TODAY)
    PlanImport.objects.filter(pk=plan.pk).update(problem="It cannot be.")
    run_out(plan)
    with mock.patch("reviews.importing.clearing._recommendations_go", side_effect=Killed), pytest.raises(Killed):
        work.go_on(plan.pk)
    run_out(plan)
    work.go_on(plan.pk)
    plan.refresh_from_db()
    assert (plan.state, plan.problem, everything()) == (State.STAGED, "It cannot be.", before)


def test_who_may_not_any_more_brings_nothing_in(world, monkeypatch):
    monkeypatch.setattr(tasks.go_on_with_import, "delay", lambda pk: None)
    plan, coordinator = a_file(world, ROWS), world.here.people.coordinator
    bringing_in.confirm(plan_import=plan, by=coordinator, on=TODAY)
    memberships.end(membership=coordinator.memberships.get(until=None), by=COMMAND, on=TODAY)
    work.go_on(plan.pk)
    plan.refresh_from_db()
    assert plan.state == State.STAGED
    assert "may no longer bring plans in" in plan.problem


def test_what_ends_its_workers_again_and_again_is_given_up_and_says_so(world):
    plan = a_file(world, ROWS)
    confirming.begin(plan_import=plan, by=COMMAND, on=TODAY)
    with mock.patch.object(plans, "add_piece", side_effect=Killed):
        for _ in range(leases.MOST_ATTEMPTS - 1):
            with pytest.raises(Killed):
                work.go_on(plan.pk)
            run_out(plan)
    work.go_on(plan.pk)
    plan.refresh_from_db()
    assert plan.state == State.STAGED
    assert "could not finish" in plan.problem


def test_who_was_only_slow_finds_the_lease_lost_and_writes_nothing(world):
    plan = a_file(world, ROWS)
    slow = confirming.begin(plan_import=plan, by=COMMAND, on=TODAY, **leases.fresh())
    run_out(plan)
    work.go_on(plan.pk)
    with pytest.raises(leases.Lost):
        work.bring_in(slow.staged, COMMAND, looked=slow)
    assert Action.objects.filter(review__imports=plan).count() == 7


def test_a_fault_of_our_own_lets_go_of_the_lease_so_that_the_next_sweep_tries_again(world):
    plan = a_file(world, ROWS)
    with mock.patch.object(plans, "add_piece", side_effect=RuntimeError("no")), pytest.raises(RuntimeError):
        staging.confirm(plan_import=plan, by=COMMAND, on=TODAY)
    assert list(leases.waiting(timezone.now())) == [plan]


def test_agencies_that_were_asked_for_are_made_once_whoever_goes_on(world):
    rows = [{**row, "agencies": ["Harbour Trust", "School"]} for row in ROWS]
    plan = a_file(world, rows, choices={"agencies": {"Harbour Trust": CREATE, "School": CREATE}})
    with killed_in_piece(2), pytest.raises(Killed):
        staging.confirm(plan_import=plan, by=COMMAND, on=TODAY)
    run_out(plan)
    work.go_on(plan.pk)
    plan.refresh_from_db()
    parts = Assignment.objects.filter(action__review=plan.review)
    assert set(parts.values_list("agency__name", flat=True)) == {"Harbour Trust", f"School ({plan.reference})"}
    assert parts.count() == 14


def test_somebody_who_changes_the_plan_while_it_is_looked_through_is_not_overruled(world):
    plan = a_file(world, ROWS)
    looked_through = confirming._look_through

    def mended_meanwhile(*given):
        found = looked_through(*given)
        if not PlanImport.objects.filter(title="Another").exists():
            staging.settle(plan_import=plan, by=COMMAND, title="Another")
        return found

    with mock.patch.object(confirming, "_look_through", mended_meanwhile):
        review = staging.confirm(plan_import=plan, by=COMMAND, on=TODAY)
    assert review.title == "Another"


def test_no_piece_writes_more_than_a_few_rows_in_one_transaction(world):
    """On SQLite nobody else writes meanwhile: what counts is how much is written, not how fast this machine is."""
    plan = a_file(world, ROWS)
    with CaptureQueriesContext(connection) as queries:
        staging.confirm(plan_import=plan, by=COMMAND, on=TODAY)
    written: list[int] = [0]
    for sql in (query["sql"] for query in queries):
        if sql.startswith(("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT")):
            written += [0]
        elif sql.startswith('INSERT INTO "reviews_action" '):
            written[-1] += sql.count("Hold day")
    assert max(written) == 3
    assert sum(written) == 7
    assert pieces.SIZE <= 500


def a_line(count: int, text: str = "Listen.") -> RecommendationLine:
    return RecommendationLine(text, actions=tuple(ActionLine(f"{text} {number}") for number in range(count)))


@pytest.mark.parametrize("counts", [(1, 1, 1), (3, 3), (2, 2, 2), (8,), (1, 7, 0, 2), (0, 0, 0, 0)])
def test_chunks_hold_no_more_than_they_may_and_every_action_once_in_its_order(counts):
    lines = [a_line(count, f"R{place}") for place, count in enumerate(counts)]
    chunks = list(pieces.in_chunks(lines, 3))
    assert all(rows <= 3 for rows, _, _ in chunks)
    seen = [action.text for _, chunk, _ in chunks for line in chunk for action in line.actions]
    assert seen == [action.text for line in lines for action in line.actions]
    whole = [line.text for _, chunk, continued in chunks for line in (chunk[1:] if continued else chunk)]
    assert whole == [line.text for line in lines]


def test_a_recommendation_with_very_many_actions_goes_over_several_pieces_and_is_one(world):
    rows = [a_row(reference="1", recommendation="Listen.", action=f"Hold day {number}.") for number in range(8)]
    review = staging.confirm(plan_import=a_file(world, rows), by=COMMAND, on=TODAY)
    assert review.recommendations.count() == 1
    texts = list(review.actions.order_by("order").values_list("text", flat=True))
    assert texts == [row["action"] for row in rows]


def test_what_is_added_by_hand_meanwhile_has_a_place_of_its_own(world):
    plan = a_file(world, ROWS, review=a_review(world.here.partnership))
    with killed_in_piece(3), pytest.raises(Killed):
        staging.confirm(plan_import=plan, by=COMMAND, on=TODAY)
    plans.add(review=plan.review, line=RecommendationLine("By hand."), by=COMMAND, on=TODAY)
    run_out(plan)
    work.go_on(plan.pk)
    orders = list(Recommendation.objects.filter(review=plan.review).values_list("order", flat=True))
    assert len(orders) == len(set(orders))


def test_a_review_in_which_somebody_has_begun_to_work_stays_when_the_plan_is_put_back(world):
    plan = a_file(world, ROWS)
    with killed_in_piece(2), pytest.raises(Killed):
        staging.confirm(plan_import=plan, by=COMMAND, on=TODAY)
    plan.refresh_from_db()
    plans.add(review=plan.review, line=RecommendationLine("By hand."), by=COMMAND, on=TODAY)
    PlanImport.objects.filter(pk=plan.pk).update(problem="It cannot be.")
    run_out(plan)
    work.go_on(plan.pk)
    plan.refresh_from_db()
    assert [row.text for row in Review.objects.get(pk=plan.review_id).recommendations.all()] == ["By hand."]
