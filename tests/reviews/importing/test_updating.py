"""A corrected file brought into the plan that it made: what changes, what stays, and that nothing is lost."""

import datetime as dt

import pytest
from django.apps import apps

from agencies.actors import COMMAND
from agencies.models import Succession
from agencies.refusals import Refused
from reviews import as_at, plans
from reviews.importing import staging, undoing
from reviews.importing.again.comparing import LEADS, NEW, SAME
from reviews.models import Action, Notice, PlanImport, ProgressUpdate, SignOff
from reviews.projection import project
from reviews.statuses import Decision, Status
from tests.factories import TODAY, an_update
from tests.reviews.importing.files import a_file, a_row, beside, brought_in

pytestmark = pytest.mark.django_db

EARLIER = TODAY - dt.timedelta(days=60)
PLAN = (
    a_row(
        reference="1",
        recommendation="Listen to families.",
        action="Hold a day for families each spring.",
        action_reference="1.1",
        status="in_progress",
        progress="A hall was found.",
        next_steps="Invite them.",
        target_date="2026-06-30",
        owner="Head of training",
        milestones="Find a hall",
    ),
    a_row(
        reference="1",
        recommendation="Listen to families.",
        action="Print a guide in four languages.",
        action_reference="1.2",
        agencies=["Borough Police", "Riverside Health Trust"],
        status="not_started",
    ),
    a_row(
        reference="2",
        recommendation="Share what is known.",
        action="Sign the protocol.",
        action_reference="2.1",
        status="complete",
        progress="Signed.",
        completed_on="2025-11-30",
    ),
)


@pytest.fixture
def review(world):
    """The plan of sixty days ago."""
    return brought_in(world, PLAN, on=EARLIER)


def corrected(world, review, number=0, **says):
    """The same file but for one row."""
    rows = [{**row, **says} if place == number else row for place, row in enumerate(PLAN)]
    return a_file(world, rows, review)


def confirm(plan: PlanImport, by=COMMAND):
    return staging.confirm(plan_import=plan, by=by, on=TODAY)


def everything_but_imports():
    """How many rows every table holds, the audit and the imports left aside."""
    skipped = {"agencies.AuditEntry", "reviews.PlanImport"}
    return {
        model._meta.label: model._base_manager.count()
        for model in apps.get_models()
        if model._meta.label not in skipped
    }


def test_the_same_file_again_changes_nothing(world, review):
    before = everything_but_imports()
    for _ in range(2):
        assert confirm(a_file(world, PLAN, review)) == review
    assert everything_but_imports() == before


def test_a_field_that_is_empty_in_the_file_wipes_nothing(world, review):
    before = everything_but_imports()
    bare = [
        a_row(reference=row["reference"], recommendation=row["recommendation"], action=row["action"]) for row in PLAN
    ]
    confirm(a_file(world, bare, review))
    assert everything_but_imports() == before


def test_words_change_and_what_they_were_stays_on_record(world, review):
    action = review.actions.first()
    was = as_at.plan_as_at(review, TODAY)
    known_at = action.wordings.get().recorded_at
    rows = [{**row, "recommendation": "Listen to families and friends."} for row in PLAN[:2]]
    rows[0]["action"] = "Hold a day for families each spring and autumn."

    confirm(a_file(world, [*rows, PLAN[2]], review))

    action.refresh_from_db()
    assert action.text == "Hold a day for families each spring and autumn."
    assert action.recommendation.text == "Listen to families and friends."
    last = action.wordings.latest()
    assert (last.on, last.reason.startswith("As in plan-")) == (TODAY, True)
    assert as_at.plan_as_at(review, TODAY, known_at).actions[0].text == was.actions[0].text
    assert action.recommendation.wordings.count() == 2
    assert review.actions.count() == 3


def test_a_date_changes_and_the_first_is_kept(world, review):
    confirm(corrected(world, review, target_date="2026-09-30"))
    action = review.actions.first()
    assert (action.target_date, action.original_target_date) == (dt.date(2026, 9, 30), dt.date(2026, 6, 30))
    assert action.target_dates.latest().on == TODAY


def test_progress_changes_by_an_update_that_came_with_the_plan_and_keeps_what_it_does_not_say(world, review):
    action = review.actions.first()
    silent = action.silent_since
    confirm(corrected(world, review, progress="A hall was booked.", next_steps="", status="ongoing"))
    action.refresh_from_db()
    update = action.updates.latest()
    assert (update.progress, update.next_steps) == ("A hall was booked.", "Invite them.")
    assert (update.source, update.on) == (ProgressUpdate.Source.IMPORTED, TODAY)
    assert (action.status, action.silent_since) == (Status.ONGOING, silent)
    assert not Notice.objects.filter(lines__action__review=review).exists()


def test_each_joint_lead_has_its_own_words_where_the_cell_names_them(world, review):
    words = "Borough Police\nDrafted it.\nRiverside Health Trust\nRead the draft."
    confirm(corrected(world, review, 1, progress=words))
    said = {row.agency.name: row.progress for row in review.actions.all()[1].updates.filter(on=TODAY)}
    assert said == {"Borough Police": "Drafted it.", "Riverside Health Trust": "Read the draft."}
    found = beside(corrected(world, review, 1, progress=words))
    assert found.counts["unchanged"] == 3


def test_complete_in_the_file_is_carried_over_and_can_be_corrected_by_another(world, review):
    confirm(corrected(world, review, status="complete", completed_on="2026-02-01"))
    action = review.actions.first()
    assert (action.status, action.sign_offs.get().decision) == (Status.COMPLETE, Decision.CARRIED_OVER)
    confirm(corrected(world, review, status="in_progress"))
    action.refresh_from_db()
    assert action.status == Status.IN_PROGRESS
    assert action.sign_offs.count() == 1


def test_what_the_group_signed_off_here_stands(world, review):
    action = review.actions.first()
    SignOff.objects.create(action=action, decision=Decision.SIGNED_OFF, on=EARLIER)
    Action.objects.filter(pk=action.pk).update(status=Status.COMPLETE)
    plan = corrected(world, review, status="ongoing", progress="A hall was booked.")
    assert all("closed" in change.why_not for change in beside(plan).rows[0].changes)
    confirm(plan)
    action.refresh_from_db()
    assert action.status == Status.COMPLETE
    assert action.updates.count() == 1


def test_what_an_agency_reported_after_the_files_day_stands(world, review):
    action, police = review.actions.first(), world.here.agencies.police
    an_update(action, police, on=TODAY - dt.timedelta(days=5), progress="We held it.", status="ongoing")
    Action.objects.filter(pk=action.pk).update(status="ongoing")
    rows = [{**PLAN[0], "progress": "A hall was booked.", "status": "not_started"}, *PLAN[1:]]
    plan = a_file(world, rows, review, on=TODAY - dt.timedelta(days=20))
    assert ["later" in one.why_not or "after" in one.why_not for one in beside(plan).rows[0].changes] == [True, True]
    before = everything_but_imports()
    confirm(plan)
    assert everything_but_imports() == before


def test_what_was_changed_here_since_the_same_file_came_in_is_not_set_back(world, review):
    action = review.actions.first()
    by = world.here.people.coordinator
    plans.change_target_date(action=action, date=dt.date(2026, 12, 31), by=by, on=TODAY, reason="The hall is shut.")
    before = everything_but_imports()
    confirm(corrected(world, review, 1, progress=""))
    assert everything_but_imports() == before


def test_lead_agencies_change_only_when_that_is_ticked(world, review):
    action = review.actions.first()
    plan = corrected(world, review, agencies=["Adult Services"])
    confirm(plan)
    assert [part.agency.name for part in action.assignments.current()] == ["Borough Police"]

    again = corrected(world, review, agencies=["Lantern Housing Association"], progress="They began.")
    again.choices = {LEADS: [1]}
    again.save()
    confirm(again)

    part = action.assignments.current().get()
    assert (part.agency.name, part.status) == ("Lantern Housing Association", Status.IN_PROGRESS)
    assert action.assignments.exclude(until=None).get().agency.name == "Borough Police"


def test_a_row_may_be_left_as_it_is(world, review):
    plan = corrected(world, review, progress="A hall was booked.")
    plan.choices = {"left": [1]}
    plan.save()
    before = everything_but_imports()
    confirm(plan)
    assert everything_but_imports() == before
    assert beside(corrected(world, review, progress="A hall was booked.")).counts["changed"] == 1


def test_a_new_action_goes_under_the_recommendation_that_is_there_and_a_new_recommendation_to_the_end(world, review):
    under = a_row(reference="1", recommendation="Listen to families.", action="Ask them again.", action_reference="1.3")
    rows = [
        *PLAN[:2],
        under,
        PLAN[2],
        a_row(reference="3", recommendation="Learn.", action="Train.", action_reference="3.1"),
    ]
    plan = a_file(world, rows, review)
    assert beside(plan).counts == {"new": 2, "changed": 0, "unchanged": 3, "unsure": 0, "missing": 0}
    confirm(plan)
    first, second, third = review.recommendations.order_by("order")
    assert [action.reference for action in first.actions.order_by("order")] == ["1.1", "1.2", "1.3"]
    assert (second.actions.count(), third.text) == (1, "Learn.")
    assert beside(a_file(world, rows, review)).counts["unchanged"] == 5


def test_a_row_that_may_be_one_action_or_another_is_asked_about(world, review):
    rows = [*PLAN[:2], a_row(recommendation="Share what is known with all.", action="Agree how to share.")]
    plan = a_file(world, rows, review)
    found = beside(plan)
    assert [one.action.reference for one in found.rows[2].maybe] == ["2.1"]
    assert not found.missing
    with pytest.raises(Refused, match="which action it is"):
        confirm(plan)

    plan.choices = {SAME: {"3": NEW}}
    assert (beside(plan).counts["new"], beside(plan).missing[0].action.reference) == (1, "2.1")
    plan.choices = {SAME: {"3": str(found.rows[2].maybe[0].action.pk)}}
    plan.save()
    confirm(plan)
    assert review.actions.get(reference="2.1").text == "Agree how to share."
    assert beside(a_file(world, rows, review)).counts["unchanged"] == 3


def test_what_was_mended_before_is_mended_again(world):
    rows = [
        *PLAN,
        a_row(
            recommendation="Ask.",
            agencies=[],
            problems=[
                {"code": "unknown_agency", "level": "error", "column": "agency", "message": "", "place": "Plan!D5"}
            ],
        ),
    ]
    from reviews.importing import mending

    first = a_file(world, rows, on=EARLIER)
    mending.mend(plan_import=first, number=4, by=COMMAND, fields={"agencies": ["Adult Services"]})
    mending.mend(plan_import=first, number=1, by=COMMAND, fields={"action": "Hold a day for families in May."})
    mending.mend(plan_import=first, number=2, by=COMMAND, fields={}, left_out=True)
    review = confirm(first)
    before = everything_but_imports()

    again = staging.settle(plan_import=a_file(world, rows, on=TODAY), by=COMMAND, review=review)
    confirm(again)

    assert everything_but_imports() == before
    assert review.actions.first().text == "Hold a day for families in May."


def test_nothing_is_half_saved_when_one_row_is_refused(world, review):
    plan = corrected(world, review, progress="A hall was booked.", agencies=["Domestic Violence Forum"])
    plan.choices = {LEADS: [1], "agencies": {"Domestic Violence Forum": str(world.here.agencies.former_group.pk)}}
    plan.save()
    before = everything_but_imports()
    with pytest.raises(Refused, match="no longer exists"):
        confirm(plan)
    assert everything_but_imports() == before


def test_a_file_older_than_the_plan_changes_nothing_and_says_why(world, review):
    plan = corrected(world, review, progress="A hall was booked.")
    PlanImport.objects.filter(pk=plan.pk).update(speaks_for=EARLIER - dt.timedelta(days=1))
    plan.refresh_from_db()
    assert "came into the plan" in beside(plan).rows[0].changes[0].why_not


def test_a_plan_of_many_rows_is_compared_in_a_fixed_number_of_queries(world, django_assert_max_num_queries):
    review = brought_in(world, PLAN)
    with django_assert_max_num_queries(30):
        beside(a_file(world, PLAN, review))
    rows = [a_row(recommendation=f"Listen to family {number}.", progress=f"Heard {number}.") for number in range(60)]
    many = brought_in(world, rows)
    with django_assert_max_num_queries(30):
        assert beside(a_file(world, rows, many)).counts["unchanged"] == 60


def test_what_was_made_is_kept_with_the_import(world, review):
    plan = corrected(world, review, progress="A hall was booked.", target_date="2026-09-30", milestones="Find a tent")
    confirm(plan)
    plan.refresh_from_db()
    assert {"reviews.ProgressUpdate", "reviews.TargetDate", "reviews.Milestone"} <= set(plan.made)


def test_a_corrected_file_can_be_undone_and_the_plan_says_what_it_said(world, review):
    before = [_told(action) for action in as_at.plan_as_at(review, TODAY).actions]
    first = {**PLAN[0], "reference": "9", "action": "Hold a day for families in May.", "owner": "Deputy head"}
    first |= {"status": "awaiting", "progress": "It was held.", "outcome": "They came.", "milestones": "Find a tent"}
    first |= {"target_date": "2026-12-31", "agency_response": "Accepted", "evidence": "Minutes of May"}
    second = {**PLAN[1], "agencies": ["Borough Police"], "reference": "9"}
    under = a_row(reference="9", recommendation="Listen to families.", action="Ask them again.", action_reference="1.3")
    third = {**PLAN[2], "theme": "Learning", "progress": "Signed by all."}
    plan = a_file(world, [first, second, under, third, a_row(recommendation="Learn.")], review, choices={LEADS: [2]})
    confirm(plan)
    assert [_told(action) for action in as_at.plan_as_at(review, TODAY).actions] != before
    found = beside(a_file(world, [first, second, under, third, a_row(recommendation="Learn.")], review))
    assert found.counts == {"new": 0, "changed": 0, "unchanged": 5, "unsure": 0, "missing": 0}

    undoing.undo(plan_import=plan, by=COMMAND)

    assert [_told(action) for action in as_at.plan_as_at(review, TODAY).actions] == before
    assert beside(a_file(world, PLAN, review)).counts["unchanged"] == 3


def _told(action):
    """What a paper says of an action, whoever's rows say it."""
    parts = [(part.name, part.status, part.progress, part.owner, part.what_changed) for part in action.leads]
    steps = [step.text for step in action.milestones]
    return action.text, action.reference, action.agency_response, action.status, action.target, parts, steps


def test_a_name_that_means_the_successor_now_is_no_other_lead(world, review):
    here = world.here
    Succession.objects.create(predecessor=here.agencies.council, successor=here.agencies.housing, on=TODAY)
    action = review.actions.first()
    action.assignments.update(agency=here.agencies.council)
    found = beside(corrected(world, review, agencies=["Lantern Housing Association"]))
    assert found.rows[0].changes == ()


def test_a_file_of_one_agency_in_between_does_not_let_the_whole_file_set_back_what_was_changed_here(world, review):
    action, by = review.actions.first(), world.here.people.coordinator
    plans.change_target_date(action=action, date=dt.date(2026, 12, 31), by=by, on=TODAY, reason="The hall is shut.")
    confirm(a_file(world, [{**PLAN[2], "progress": "Signed by all."}], review))
    before = everything_but_imports()
    rows = [*PLAN[:2], {**PLAN[2], "progress": "Signed by all."}]
    assert beside(a_file(world, rows, review)).counts["unchanged"] == 3
    confirm(a_file(world, rows, review))
    assert everything_but_imports() == before


def test_a_number_that_is_too_long_is_left_with_a_sentence(world, review):
    plan = corrected(world, review, action_reference="1.1 " + "and so on " * 9)
    assert "longer than 40" in beside(plan).rows[0].changes[0].why_not
    confirm(plan)
    assert review.actions.first().reference == "1.1"


def test_a_new_number_sorts_all_actions_of_the_recommendation_also_those_that_the_file_leaves_out(world):
    row = a_row(recommendation="Listen to families.", action="Hold a day for families each spring.")
    review = brought_in(world, [row, {**row, "action": "Print a guide in four languages."}], on=EARLIER)
    confirm(a_file(world, [{**row, "reference": "12"}], review))
    assert {action.sort_key for action in review.actions.all()} == {"00000012"}
    undoing.undo(plan_import=PlanImport.objects.latest("pk"), by=COMMAND)
    assert [action.sort_key for action in review.actions.all()] == ["00000001", "00000002"]


def test_a_lead_that_comes_in_with_its_own_words_leaves_the_status_where_all_of_them_say_it_is(world, review):
    says = {"agencies": ["Borough Police", "Riverside Health Trust"], "progress": "Both have begun."}
    rows = [{**PLAN[0], **says}, *PLAN[1:]]
    confirm(a_file(world, rows, review, choices={LEADS: [1]}))
    action = review.actions.first()
    assert {part.status for part in action.assignments.current()} == {Status.IN_PROGRESS}
    assert action.status == Status.IN_PROGRESS
    assert project([action]) == 0
