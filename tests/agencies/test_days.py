"""Every verb that records something as of a day refuses a day on which it cannot have been."""

import ast
import datetime as dt
import importlib
import inspect
import pkgutil
from pathlib import Path

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

import agencies
import reviews
from agencies import memberships, succession
from agencies.actors import EXAMPLE
from agencies.models import AuditEntry, Membership
from agencies.refusals import Refused
from agencies.roles import RoleCode
from reviews import editing, evidence, milestones, parts, plans, progress, readers, reviewing, sign_off, succeeding
from reviews.as_at import plan_as_at
from reviews.models import Assignment, Part, PlanImport, Reader
from reviews.plan_lines import ActionLine, RecommendationLine
from reviews.progress import Report
from reviews.projection import project
from reviews.statuses import Status
from tests.factories import TODAY, a_person

pytestmark = pytest.mark.django_db

SAID = Report(progress="The guide is done.", status=Status.IN_PROGRESS)
DECIDED = {"by": EXAMPLE, "decided_at": "The meeting"}

#: One call of every verb that takes the day of what it records.
VERBS = {
    "agencies.memberships.grant": lambda side, on: memberships.grant(
        user=a_person(), role=RoleCode.AGENCY_MEMBER, container=side.agencies.police, by=EXAMPLE, on=on
    ),
    "agencies.memberships.end": lambda side, on: memberships.end(
        membership=side.people.lead.memberships.get(), by=EXAMPLE, on=on
    ),
    "agencies.succession.record": lambda side, on: succession.record(
        predecessor=side.agencies.advisory_group, successor=side.agencies.council, by=EXAMPLE, on=on
    ),
    "agencies.succession.rename": lambda side, on: succession.rename(
        agency=side.agencies.school, name="Hillside Academy", by=EXAMPLE, on=on
    ),
    "reviews.editing.add_action": lambda side, on: editing.add_action(
        recommendation=side.plans.recommendation, line=ActionLine("Listen."), by=EXAMPLE, on=on
    ),
    "reviews.editing.add_recommendation": lambda side, on: editing.add_recommendation(
        review=side.plans.published, text="Listen.", by=EXAMPLE, on=on
    ),
    "reviews.editing.reword_action": lambda side, on: editing.reword_action(
        action=side.plans.of_police, text="Write the whole guide.", by=EXAMPLE, on=on, reason="Clearer"
    ),
    "reviews.evidence.attach": lambda side, on: evidence.attach(
        action=side.plans.of_police, agency=side.agencies.police, by=EXAMPLE, on=on, link="https://example.org/"
    ),
    "reviews.evidence.attach_all": lambda side, on: evidence.attach_all(
        action=side.plans.of_police, agency=side.agencies.police, by=EXAMPLE, on=on,
        pieces=[evidence.Piece(link="https://example.org/")],
    ),
    "reviews.parts.change_part": lambda side, on: parts.change_part(
        assignment=side.plans.of_police.assignments.get(), part=Part.SUPPORTING, by=EXAMPLE, on=on
    ),
    "reviews.parts.hand_over": lambda side, on: parts.hand_over(
        assignment=side.plans.of_police.assignments.get(), agency=side.agencies.council, by=EXAMPLE, on=on
    ),
    "reviews.plans.add": lambda side, on: plans.add(
        review=side.plans.published, line=RecommendationLine("Listen."), by=EXAMPLE, on=on
    ),
    "reviews.plans.add_many": lambda side, on: plans.add_many(
        review=side.plans.published, lines=[RecommendationLine("Listen.")], by=EXAMPLE, on=on
    ),
    "reviews.plans.add_piece": lambda side, on: plans.add_piece(
        review=side.plans.published, lines=[RecommendationLine("Listen.")], by=EXAMPLE, on=on,
        came_with=PlanImport.objects.create(partnership=side.partnership),
    ),
    "reviews.plans.assign": lambda side, on: plans.assign(
        action=side.plans.of_police, agency=side.agencies.council, by=EXAMPLE, on=on
    ),
    "reviews.plans.change_target_date": lambda side, on: plans.change_target_date(
        action=side.plans.of_police, date=TODAY, by=EXAMPLE, on=on, reason="Staff are ill."
    ),
    "reviews.plans.end_assignment": lambda side, on: plans.end_assignment(
        assignment=side.plans.of_police.assignments.get(), by=EXAMPLE, on=on
    ),
    "reviews.succeeding.succeed": lambda side, on: succeeding.succeed(
        predecessor=side.agencies.police, successor=side.agencies.council, by=EXAMPLE, on=on
    ),
    "reviews.succeeding.close": lambda side, on: succeeding.close(
        agency=side.agencies.advisory_group, by=EXAMPLE, on=on
    ),
    "reviews.succeeding.move_open_actions": lambda side, on: succeeding.move_open_actions(
        predecessor=side.agencies.police, successor=side.agencies.council, by=EXAMPLE, on=on
    ),
    "reviews.plans.reword": lambda side, on: plans.reword(
        recommendation=side.plans.recommendation, text="Train everybody.", by=EXAMPLE, on=on, reason="Clearer"
    ),
    "reviews.reviewing.start_chasing": lambda side, on: reviewing.start_chasing(
        review=side.plans.published, by=EXAMPLE, on=on
    ),
    "reviews.progress.check_report": lambda side, on: progress.check_report(
        action=side.plans.of_police, agency=side.agencies.police, by=EXAMPLE, on=on, report=SAID, given_by="By post"
    ),
    "reviews.progress.submit": lambda side, on: progress.submit(
        action=side.plans.of_police, agency=side.agencies.police, by=EXAMPLE, on=on, report=SAID, given_by="By post"
    ),
    "reviews.progress.submit_locked": lambda side, on: progress.submit_locked(
        action=side.plans.of_police, agency=side.agencies.police, by=EXAMPLE, on=on, report=SAID, given_by="By post"
    ),
    "reviews.readers.admit_to_panel": lambda side, on: readers.admit_to_panel(
        review=side.plans.restricted, user=side.people.lead, by=EXAMPLE, on=on
    ),
    "reviews.readers.end": lambda side, on: readers.end(reader=side.people.named.readings.get(), by=EXAMPLE, on=on),
    "reviews.readers.name_reader": lambda side, on: readers.name_reader(
        review=side.plans.restricted, user=side.people.lead, agency=side.agencies.police, by=EXAMPLE, on=on
    ),
    "reviews.sign_off.not_pursue": lambda side, on: sign_off.not_pursue(
        action=side.plans.of_police, on=on, reason="No longer needed", **DECIDED
    ),
    "reviews.sign_off.reopen": lambda side, on: sign_off.reopen(
        action=side.plans.complete, on=on, reason="It did not hold", **DECIDED
    ),
    "reviews.sign_off.send_back": lambda side, on: sign_off.send_back(
        action=side.plans.awaiting, on=on, reason="No evidence", **DECIDED
    ),
    "reviews.sign_off.sign_off": lambda side, on: sign_off.sign_off(action=side.plans.awaiting, on=on, **DECIDED),
    "reviews.milestones.achieve": lambda side, on: milestones.achieve(
        milestone=side.plans.of_police.milestones.get(), by=EXAMPLE, on=on
    ),
    "reviews.milestones.add": lambda side, on: milestones.add(
        action=side.plans.of_police, text="The second chapter", by=EXAMPLE, on=on
    ),
}  # fmt: skip
#: To these ``on`` is today, as the edge has read it: nobody types it.
GIVEN_TODAY = {
    "reviews.chasing.planning.plan_run",
    "reviews.bringing_in.confirm",
    "reviews.importing.confirming.begin",
    "reviews.importing.again.updating.apply",
    "reviews.importing.work.confirm",
    "reviews.importing.staging.speak_for",
    "agencies.confirming.ask_those_due",
    "agencies.confirming.confirm",
    "reviews.leaving.end_unconfirmed",
    "reviews.readers.close",
    "reviews.readers.end_those_due",
}
#: Whoever calls these has judged the day, or it is today.
JUDGED_BEFORE = {"reviews.following.follow"}
#: They say what the verb would say, and write nothing.
ONLY_ASK = {"reviews.progress.check_report"}
#: They write a part of what their caller writes one entry of the audit about.
WITHIN_A_VERB = {"reviews.plans.add_piece"}
#: Reminders may well start on a day to come.
MAY_BE_TO_COME = {"reviews.reviewing.start_chasing"}

#: What stands in the world of the tests before these, since later than 2003.
FOLLOWING = (
    "agencies.memberships.end",
    "agencies.succession.record",
    "reviews.editing.add_action",
    "reviews.editing.reword_action",
    "reviews.evidence.attach",
    "reviews.parts.change_part",
    "reviews.parts.hand_over",
    "reviews.plans.assign",
    "reviews.plans.change_target_date",
    "reviews.plans.end_assignment",
    "reviews.plans.reword",
    "reviews.reviewing.start_chasing",
    "reviews.progress.submit",
    "reviews.progress.submit_locked",
    "reviews.readers.end",
    "reviews.sign_off.sign_off",
    "reviews.milestones.achieve",
    "reviews.milestones.add",
)
LONG_AGO = (dt.date.min, dt.date(1900, 1, 1), dt.date(1999, 12, 31))


def verbs_taking_a_day() -> set[str]:
    """Every public function of the two lower layers that acts for somebody as of a day."""
    found = set()
    for package in (agencies, reviews):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if ".migrations" in module.name or ".management" in module.name or ".example" in module.name:
                continue
            source = Path(inspect.getsourcefile(importlib.import_module(module.name)) or "").read_text()
            for node in ast.parse(source).body:
                if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
                    taken = {argument.arg for argument in node.args.kwonlyargs}
                    if {"on", "by"} <= taken:
                        found.add(f"{module.name}.{node.name}")
    return found


def test_every_verb_that_takes_a_day_is_tried_here():
    assert verbs_taking_a_day() == set(VERBS) | GIVEN_TODAY | JUDGED_BEFORE


@pytest.fixture
def here(world):
    side = world.here
    for row in (side.plans.of_police, side.plans.awaiting, side.plans.complete):
        row.wordings.create(text=row.text, on=TODAY - dt.timedelta(days=300))
    for recommendation in side.plans.published.recommendations.all():
        recommendation.wordings.create(text=recommendation.text, on=TODAY - dt.timedelta(days=300))
    return side


def refused(verb, side, day) -> Refused:
    """Call the verb as of ``day``; what it says, when it refuses and leaves nothing behind."""
    before = AuditEntry.objects.count()
    with pytest.raises(Refused) as refusal, transaction.atomic():
        verb(side, day)
    assert AuditEntry.objects.count() == before
    return refusal.value


def test_no_verb_takes_a_day_long_before_there_were_plans_or_one_to_come(here):
    tomorrow = timezone.localdate() + dt.timedelta(days=1)
    for name, verb in VERBS.items():
        for day in (*LONG_AGO, dt.date.max, *(() if name in MAY_BE_TO_COME else (tomorrow,))):
            refusal = refused(verb, here, day)
            assert refusal.field == "on", (name, day, refusal.sentence)


def test_every_verb_takes_today(here):
    for name, verb in VERBS.items():
        with transaction.atomic():
            before = AuditEntry.objects.count()
            verb(here, timezone.localdate())
            assert AuditEntry.objects.count() > before or name in ONLY_ASK | WITHIN_A_VERB, name
            transaction.set_rollback(True)


def test_what_follows_something_takes_no_day_before_it(here):
    for name in FOLLOWING:
        refusal = refused(VERBS[name], here, dt.date(2003, 3, 3))
        assert "that day or a later one" in refusal.sentence, name
        assert refusal.field == "on"


def test_nobody_joins_again_an_action_before_they_left_it(here):
    ended = here.plans.formerly_of_police.assignments.get(agency=here.agencies.police)
    with pytest.raises(Refused, match="The end of the earlier part"):
        plans.assign(action=ended.action, agency=ended.agency, by=EXAMPLE, on=ended.until - dt.timedelta(days=1))


def test_the_original_date_is_the_first_on_record_whatever_day_a_later_row_speaks_for(here):
    """As a verb refuses such a row now; one that stands from before does not take the original's place either."""
    action = here.plans.of_police
    original = action.original_target_date
    action.target_dates.create(date=dt.date(2030, 1, 1), on=dt.date(2001, 1, 1), reason="Slip")
    project([action])
    action.refresh_from_db()
    assert action.original_target_date == original
    shown = next(row for row in plan_as_at(action.review, timezone.localdate()).actions if row.pk == action.pk)
    assert (shown.target.original, shown.target.date) == (original, action.target_date)


def test_a_target_date_is_of_this_time(here):
    for date in (dt.date.min, dt.date(1999, 12, 31), dt.date(2099, 1, 1), dt.date.max):
        with pytest.raises(Refused) as refusal:
            plans.change_target_date(
                action=here.plans.of_police, date=date, by=EXAMPLE, on=timezone.localdate(), reason="Slip"
            )
        assert refusal.value.field == "date"


def test_the_days_of_a_review_itself_have_been(here):
    for day in (dt.date(1999, 12, 31), timezone.localdate() + dt.timedelta(days=1)):
        for name in ("report_on", "agreed_on", "quality_on", "published_on"):
            with pytest.raises(Refused) as refusal:
                reviewing.describe(review=here.plans.published, by=EXAMPLE, **{name: day})
            assert refusal.value.field == name


def test_the_database_holds_that_nothing_ends_before_it_began(here):
    for model in (Assignment, Membership, Reader):
        row = model.objects.order_by("pk").first()
        facts = {"ended_at": timezone.now()} if model is Assignment else {}
        with pytest.raises(IntegrityError), transaction.atomic():
            model.objects.filter(pk=row.pk).update(until=row.on - dt.timedelta(days=1), **facts)
