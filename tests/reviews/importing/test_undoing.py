"""An import is undone as if it had not come, unless people have built on it: then it says what stands in the way."""

import datetime as dt
from unittest import mock

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.base import ContentFile
from django.urls import reverse
from django.utils import timezone

from agencies.actors import COMMAND
from agencies.models import AuditEntry
from agencies.refusals import Refused
from reviews import as_at, drafts, editing, evidence, milestones, parts, plans, progress, sign_off, voiding
from reviews.importing import leases, staging, undoing, work
from reviews.importing.again import taking_back
from reviews.importing.again.comparing import LEADS
from reviews.importing.staged import CREATE
from reviews.models import Action, Line, Part, PlanImport, Recommendation, TargetDate
from reviews.plan_lines import ActionLine, LeadLine, RecommendationLine
from reviews.progress import Report
from reviews.statuses import Decision, Status
from tests.factories import TODAY
from tests.reviews.importing.files import a_file, a_row, brought_in

pytestmark = pytest.mark.django_db

State = PlanImport.State
stand = work._stand
EARLIER = TODAY - dt.timedelta(days=60)
ROWS = (
    a_row(
        reference="1",
        recommendation="Listen to families.",
        action="Hold a day for families each spring.",
        status="in_progress",
        progress="A hall was found.",
        target_date="2026-06-30",
        milestones="Find a hall",
        owner="Head of training",
    ),
    a_row(reference="2", recommendation="Share what is known.", action="Sign it.", status="complete"),
)


@pytest.fixture
def plan(world) -> PlanImport:
    """A plan that was brought in."""
    brought_in(world, ROWS, on=EARLIER, is_restricted=False)
    return PlanImport.objects.latest("pk")


def undo(plan: PlanImport, by=COMMAND) -> PlanImport:
    undoing.undo(plan_import=plan, by=by)
    plan.refresh_from_db()
    return plan


def test_nothing_of_it_stands_and_nothing_is_deleted(world, plan):
    coordinator = world.here.people.coordinator
    assert undo(plan, coordinator).state == State.UNDONE
    assert (plan.undone_by, plan.review.recommendations.count()) == (coordinator, 0)
    assert not plan.review.actions.exists()
    assert Action.everything.filter(came_with=plan).count() == 2
    assert Recommendation.everything.filter(came_with=plan).count() == 2
    entry = AuditEntry.objects.get(event="import.undone")
    assert (entry.actor, entry.about_id) == (f"user:{coordinator.pk}", plan.pk)


def test_a_second_press_does_nothing_more(plan):
    assert undo(plan).undone_at == undo(plan).undone_at
    assert AuditEntry.objects.filter(event="import.undone").count() == 1


def test_a_corrected_file_can_be_brought_into_the_review_which_stays_and_counts_from_one_again(world, plan):
    undo(plan)
    review = brought_in(world, [a_row(recommendation="Listen.", action="Hold a day.")], review=plan.review)
    assert review == plan.review
    assert [action.label for action in review.actions.all()] == ["1"]


def test_agencies_that_were_made_stay(world):
    rows = [a_row(recommendation="Listen.", agencies=["Harbour Trust"])]
    brought_in(world, rows, choices={"agencies": {"Harbour Trust": CREATE}})
    undo(PlanImport.objects.latest("pk"))
    assert world.here.partnership.agencies.filter(name="Harbour Trust").exists()


def test_what_did_not_come_in_or_was_undone_cannot_be(world, plan):
    with pytest.raises(Refused, match="Only a plan that was brought in"):
        undo(a_file(world, ROWS))
    undo(plan)
    with pytest.raises(Refused, match="was undone"):
        staging.confirm(plan_import=plan, by=COMMAND, on=TODAY)


@pytest.mark.parametrize("who", ["lead", "chair", "partnership_observer"])
def test_only_who_may_edit_the_plan_undoes_one(world, plan, who):
    with pytest.raises(PermissionDenied):
        undo(plan, getattr(world.here.people, who))


def update(world, action):
    person, agency = world.here.people.lead, world.here.agencies.police
    report = Report(progress="Done since.", status=Status.IN_PROGRESS)
    progress.submit(action=action, agency=agency, by=COMMAND, on=TODAY, report=report, given_by=str(person))


def attach(world, action):
    evidence.attach(
        action=action, agency=world.here.agencies.police, by=COMMAND, on=TODAY, link="https://example.org/minutes"
    )


def own(world, action):
    owner = world.here.people.lead.memberships.get(until=None)
    parts.give_owner(assignment=action.assignments.get(), by=COMMAND, owner=owner)


def draft(world, action):
    drafts.save_draft(
        action=action, agency=world.here.agencies.police, by=world.here.people.lead, answers={"progress": "Half"},
        token="7d444840-9dc0-11d1-b245-5ffdce74fad2",
    )  # fmt: skip


def remind(world, action):
    Line.objects.create(person=world.here.people.lead, action=action, stage="due_7", anchor="date:1", state="sent")


def decide(world, action):
    sign_off.not_pursue(action=action, on=TODAY, reason="No longer needed", by=COMMAND, decided_at="Meeting of May")


def add_action(world, action):
    editing.add_action(recommendation=action.recommendation, line=ActionLine("One more."), by=COMMAND, on=TODAY)


def void_milestone(world, action):
    voiding.void(row=action.milestones.get(), by=COMMAND, reason="A slip")


BUILT = {
    "Progress updates": update,
    "Evidence": attach,
    "Decisions of the group": decide,
    "Drafts": draft,
    "Reminders": remind,
    "Changes of the target date": lambda world, action: plans.change_target_date(
        action=action, date=TODAY, by=COMMAND, on=TODAY, reason="Staff are ill."
    ),
    "Changes of the wording": lambda world, action: editing.reword_action(
        action=action, text="Hold two days.", by=COMMAND, on=TODAY, reason="Clearer"
    ),
    "Changes of the wording of recommendations": lambda world, action: plans.reword(
        recommendation=action.recommendation, text="Hear families.", by=COMMAND, on=TODAY, reason="Clearer"
    ),
    "Actions added to its recommendations": add_action,
    "Agencies and owners that were changed": lambda world, action: plans.assign(
        action=action, agency=world.here.agencies.council, by=COMMAND, on=TODAY, part=Part.SUPPORTING
    ),
    "Agencies and owners that were changed ": own,
    "Milestones": void_milestone,
    "Details that were changed": lambda world, action: milestones.achieve(
        milestone=action.milestones.get(), by=COMMAND, on=TODAY
    ),
    "Details that were changed ": lambda world, action: editing.describe_recommendation(
        recommendation=action.recommendation, by=COMMAND, scope="local"
    ),
}


@pytest.mark.parametrize("words", BUILT)
def test_what_people_built_on_it_stands_in_the_way_and_is_named(world, plan, words):
    action = plan.review.actions.first()
    BUILT[words](world, action)
    with pytest.raises(undoing.BuiltOn) as built:
        undo(plan)
    assert words.strip() in {one.words for one in built.value.obstacles}
    plan.refresh_from_db()
    assert (plan.state, plan.review.actions.filter(pk=action.pk).exists()) == (State.CONFIRMED, True)


def test_what_is_done_elsewhere_in_the_review_stands_in_nobodys_way(world, plan):
    led = ActionLine("Do it.", leads=(LeadLine(world.here.agencies.police),))
    plans.add(review=plan.review, line=RecommendationLine("By hand.", actions=(led,)), by=COMMAND, on=TODAY)
    update(world, plan.review.actions.latest("order"))
    assert undo(plan).state == State.UNDONE
    assert [row.text for row in plan.review.recommendations.all()] == ["By hand."]


def test_the_page_names_what_stands_in_the_way_with_links_and_undoes_once_nothing_does(world, plan, client):
    client.force_login(world.here.people.coordinator)
    page, url = (reverse(f"admin:reviews_planimport_{name}", args=[plan.pk]) for name in ("change", "undo"))
    assert url in client.get(page).content.decode()
    action = plan.review.actions.first()
    own(world, action)
    refused = client.post(url).content.decode()
    assert reverse("admin:reviews_action_change", args=[action.pk]) in refused
    assert "Agencies and owners that were changed (1)" in refused
    parts.give_owner(assignment=action.assignments.get(), by=COMMAND)
    assert "was undone on" not in client.get(page).content.decode()
    assert client.post(url).url == page
    assert "That was undone on" in client.get(page).content.decode()


def corrected(world, plan) -> PlanImport:
    """A file that changes something of every sort in the first action, and adds one below its recommendation."""
    changed = {
        **ROWS[0],
        "action": "Hold a day each spring and autumn.",
        "recommendation": "Listen to families and friends.",
        "target_date": "2026-09-30",
        "progress": "Two halls were found.",
        "milestones": "Find two halls",
        "owner": "Head of families",
        "scope": "local",
        "theme": "Families",
        "agencies": ["Riverside Health Trust"],
        "agency_response": "Accepted.",
    }
    new = {**changed, "action": "Print a guide.", "progress": "", "milestones": "", "status": None}
    brought_in(world, [changed, new, ROWS[1]], review=plan.review, choices={LEADS: [1]})
    return PlanImport.objects.latest("pk")


def facts(plan: PlanImport) -> list[dict]:
    """What the plan says now, as people read it."""
    found = []
    for action in plan.review.actions.order_by("order"):
        parts_now = action.assignments.current().values_list("agency__name", "owner_as_worded", "status")
        found.append(
            {
                "action": action.text,
                "recommendation": action.recommendation.text,
                "scope": action.recommendation.scope,
                "themes": [theme.name for theme in action.recommendation.themes.all()],
                "response": action.agency_response,
                "dates": (action.target_date, action.status),
                "parts": list(parts_now),
                "steps": [step.text for step in action.milestones.in_force()],
                "said": [row.progress for row in action.updates.in_force()],
                "sorted": action.sort_key,
            }
        )
    return found


def test_what_a_corrected_file_changed_is_changed_back_and_stays_in_the_history(world, plan):
    before, paper = facts(plan), as_at.plan_as_at(plan.review, TODAY)
    again = corrected(world, plan)
    assert facts(plan) != before
    assert again.counts["updated"] == 1
    undo(again)
    assert facts(plan) == before
    action = plan.review.actions.first()
    assert TargetDate.objects.filter(action=action, voided_at__isnull=False).count() == 1
    assert [one.text for one in as_at.plan_as_at(plan.review, TODAY).actions] == [one.text for one in paper.actions]
    assert undo(plan).state == State.UNDONE, "what a later file did and was taken back stands in nobody's way"


def test_the_first_import_is_not_undone_while_a_later_one_builds_on_it(world, plan):
    corrected(world, plan)
    with pytest.raises(undoing.BuiltOn):
        undo(plan)


def reword(world, action):
    BUILT["Changes of the wording of recommendations"](world, action)


def describe(world, action):
    editing.describe_recommendation(recommendation=action.recommendation, by=COMMAND, reference="1b", scope="regional")


@pytest.mark.parametrize(
    ("change", "words"),
    [(reword, "Changes of the wording of recommendations"), (describe, "Details that were changed")],
)
def test_what_people_change_in_a_recommendation_that_a_corrected_file_changed_stands_in_its_way(
    world, plan, change, words
):
    again = corrected(world, plan)
    action = plan.review.actions.first()
    change(world, action)
    changed = facts(plan)
    with pytest.raises(undoing.BuiltOn) as built:
        undo(again)
    assert [one.words for one in built.value.obstacles] == [words]
    assert action in built.value.obstacles[0].actions
    assert facts(plan) == changed


def test_what_people_change_while_it_is_taken_back_is_not_overwritten(world, plan):
    """As between two pieces of the work, or while a plan that could not be finished is put back."""
    again = corrected(world, plan)
    first = plan.review.actions.first()
    reword(world, first)
    describe(world, first)
    BUILT["Changes of the wording"](world, first)
    with mock.patch.object(undoing, "in_the_way", return_value=[]):
        undo(again)
    first.refresh_from_db()
    above = first.recommendation
    assert (above.text, above.reference, above.scope) == ("Hear families.", "1b", "regional")
    assert (first.text, first.agency_response, first.sort_key) == ("Hold two days.", "", "00000001b")
    assert as_at.plan_as_at(plan.review, TODAY).recommendations[0].text == above.text


class Killed(BaseException):
    """As a worker is killed."""


def test_killed_while_changes_are_taken_back_the_rest_is_taken_back_later(world, plan, monkeypatch):
    before = facts(plan)
    again = corrected(world, plan)
    monkeypatch.setattr(taking_back, "SIZE", 2)
    calls = []

    def renewed(plan_import, **values):
        calls.append(1)
        if len(calls) == 3:
            raise Killed
        advance(plan_import, **values)

    advance = leases.advance
    with mock.patch.object(leases, "advance", renewed), pytest.raises(Killed):
        undo(again)
    again.refresh_from_db()
    assert again.state == State.UNDOING
    PlanImport.objects.filter(pk=again.pk).update(lease_until=timezone.now() - dt.timedelta(seconds=1))
    work.go_on(again.pk)
    again.refresh_from_db()
    assert (again.state, facts(plan)) == (State.UNDONE, before)


def test_a_verb_on_an_action_that_was_undone_meanwhile_says_so(world, plan):
    action = plan.review.actions.first()
    undo(plan)
    with pytest.raises(Refused, match="was undone"):
        plans.change_target_date(action=action, date=TODAY, by=COMMAND, on=TODAY, reason="x")


def test_the_file_stays_for_those_with_the_right(world, plan, client):
    plan.file.save("kept.csv", ContentFile(b"Ref,Recommendation"), save=True)
    undo(plan)
    client.force_login(world.here.people.coordinator)
    response = client.get(reverse("admin:reviews_import_file", args=[plan.pk]))
    assert b"".join(response) == b"Ref,Recommendation"
    plan.file.delete(save=False)


def test_a_decision_carried_over_is_no_obstacle(plan):
    assert plan.review.actions.get(text="Sign it.").sign_offs.get().decision == Decision.CARRIED_OVER
    assert undoing.in_the_way(plan) == []


def test_what_is_undone_while_a_file_that_adds_to_it_comes_in_is_added_to_by_nothing(world, plan):
    """Neither sees the other's rows before they stand: who comes second is refused."""
    more = a_file(world, [*ROWS, {**ROWS[0], "action": "Print a guide in four languages."}], plan.review)
    with mock.patch.object(work, "_stand", lambda batch: (undo(plan), stand(batch))), pytest.raises(Refused) as refused:
        staging.confirm(plan_import=more, by=COMMAND, on=TODAY)
    assert "was undone" in refused.value.sentence
    assert not Action.objects.filter(recommendation__stands=False).exists()
    more.refresh_from_db()
    assert (more.state, Action.everything.filter(came_with=more).count()) == (State.STAGED, 0)
