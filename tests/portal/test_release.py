"""Release through the pages: handed in, seen from outside as a date only, released or returned."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.db import connection
from django.test import Client
from django.utils import timezone

from agencies import audit, memberships, presses
from agencies.models import AuditEntry
from agencies.post import AccountMail
from agencies.releasing import set_release
from agencies.roles import RoleCode
from reviews.chasing.kinds import kind_of
from reviews.models import Action, Draft, Notice, StagedFile, Submission, Why
from reviews.statuses import Status
from tests.factories import TODAY, a_member, a_submission, an_update, join
from tests.portal.conftest import SignedIn
from tests.portal.test_progress import PDF, a_pdf, send, update
from tests.reviews.test_concurrency import at_once
from tests.world import Side, World, days, make_world

SAID = "The guide is at the printer."


@pytest.fixture
def here(world: World) -> Side:
    set_release(agency=world.here.agencies.police, required=True, by=world.here.people.lead)
    return world.here


@pytest.fixture
def joint(here: Side) -> Action:
    """Police and health lead it together, the council helps."""
    return here.plans.joint


@pytest.fixture
def row(here: Side, signed_in: SignedIn, joint: Action) -> Submission:
    """What a member of the police handed in."""
    said = update(joint, progress=SAID, file=a_pdf(), seen="0")
    page = send(signed_in(here.people.member), f"/actions/{joint.pk}/update/", said)
    assert "Handed in." in words(page)
    return Submission.objects.get()


def words(page: Any) -> str:
    return page.content.decode()


def test_outside_the_agency_nothing_is_read_but_with_whom_and_since_when(
    here: Side, signed_in: SignedIn, joint: Action, row: Submission
) -> None:
    people = here.people
    for outsider in (people.health_lead, people.council_observer, people.coordinator, people.chair):
        page = words(signed_in(outsider).get(f"/actions/{joint.pk}/"))
        assert "With Borough Police since 2 March 2026." in page
        assert SAID not in page
        assert "Joel Marsh" not in page
        assert signed_in(outsider).get(f"/submissions/{row.pk}/").status_code == 404
    report = signed_in(people.chair).get(f"/reviews/{joint.review_id}/report/")
    assert SAID not in words(report)
    signed_in(people.lead).get(f"/submissions/{row.pk}/")
    for overseer in (people.member_of_group, people.chair, people.coordinator):
        client = signed_in(overseer)
        pages = [client.get(f"/admin/reviews/action/{joint.pk}/history/")]
        if overseer != people.member_of_group:
            pages += [client.get("/admin/agencies/auditentry/"), client.get("/admin/agencies/opened/")]
        for page in pages:
            assert page.status_code == 200
            assert "submission" not in words(page).lower()
        assert pages[0].context["entries"] == []
    assert not audit.changes(joint), "so that no form of theirs is stopped by it"
    for inside in (people.member, people.lead):
        assert SAID in words(signed_in(inside).get(f"/submissions/{row.pk}/"))
    assert signed_in(people.member).post(f"/submissions/{row.pk}/", {"release": "1"}).status_code == 403


def test_a_lead_finds_and_releases_it(here: Side, signed_in: SignedIn, joint: Action, row: Submission) -> None:
    client = signed_in(here.people.lead)
    assert "1 update of Borough Police" in words(client.get("/actions/"))
    assert f"/submissions/{row.pk}/" in words(client.get(f"/agencies/{here.agencies.police.pk}/release/"))
    page = client.post(f"/submissions/{row.pk}/", {"release": "1"}, follow=True)
    assert "The update is released." in words(page)
    assert "Joel Marsh, released by Amara Finch" in words(page)
    assert joint.updates.latest("pk").evidence.get().title == "register.pdf"
    assert SAID in words(signed_in(here.people.health_lead).get(f"/actions/{joint.pk}/"))
    again = client.post(f"/submissions/{row.pk}/", {"release": "1"}, follow=True)
    assert "The update is released." in words(again)
    assert joint.updates.count() == 2


def test_two_leads_who_return_it_hear_of_one_another(here: Side, signed_in: SignedIn, row: Submission) -> None:
    other = a_member(RoleCode.AGENCY_LEAD, here.agencies.police)
    signed_in(here.people.lead).post(f"/submissions/{row.pk}/", {"release": "1"})
    page = words(signed_in(other).post(f"/submissions/{row.pk}/", {"reason": "Say when."}, follow=True))
    assert "This was already released." in page
    assert "Say when." in page, "what was written is there to be taken elsewhere"


def test_a_reason_that_came_without_a_session_is_shown_although_another_lead_has_released(
    here: Side, signed_in: SignedIn, row: Submission
) -> None:
    other, url = a_member(RoleCode.AGENCY_LEAD, here.agencies.police), f"/submissions/{row.pk}/"
    stamp = re.search(r'name="opened" value="([^"]+)"', words(signed_in(other).get(url)))
    assert stamp
    Client().post(url, {"reason": "Say when.", "opened": stamp[1]})
    signed_in(here.people.lead).post(url, {"release": "1"})
    page = words(signed_in(other).get(url))
    assert "Nothing was returned. You had written:" in page
    assert "Say when." in page


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_two_presses_at_the_same_moment_lead_to_the_same_page(time_machine) -> None:
    here = make_world().here
    set_release(agency=here.agencies.police, required=True, by=here.people.lead)
    row = a_submission(here.plans.joint, here.agencies.police, here.people.member)
    browsers = [Client(), Client()]
    for browser in browsers:
        browser.force_login(here.people.lead)
    answers: list[Any] = []
    said = {"release": "1", "seen": "0", "press": presses.fresh()}
    errors = at_once(
        *(lambda browser=browser: answers.append(browser.post(f"/submissions/{row.pk}/", said)) for browser in browsers)
    )
    connection.close()
    assert not errors
    assert [answer.url for answer in answers] == [f"/actions/{here.plans.joint.pk}/"] * 2
    told = [str(message) for answer in answers for message in get_messages(answer.wsgi_request)]
    assert all("already" not in words for words in told), told
    assert here.plans.joint.updates.filter(token=row.token).count() == 1


def test_returned_it_comes_back_to_its_author_with_words_and_file(
    here: Side, signed_in: SignedIn, joint: Action, row: Submission
) -> None:
    lead, author, address = signed_in(here.people.lead), signed_in(here.people.member), f"/actions/{joint.pk}/update/"
    assert "Say what is still wanted" in words(lead.post(f"/submissions/{row.pk}/", {}))
    lead.post(f"/submissions/{row.pk}/", {"reason": "Say which printer."})
    page = author.get(address)
    assert "Say which printer." in words(page)
    assert "register.pdf" in words(page)
    form = page.context["form"]
    again = {name: form[name].value() for name in ("token", "source")}
    send(author, address, update(joint, progress="At Hill and Sons.", seen="0") | again)
    assert Submission.objects.filter(outcome="waiting").get().progress == "At Hill and Sons."


def test_its_files_are_opened_by_whoever_may_read_it_while_it_waits(
    here: Side, signed_in: SignedIn, joint: Action, row: Submission
) -> None:
    file = StagedFile.objects.get()
    address = f"/submissions/{row.pk}/files/{file.pk}/"
    for inside in (here.people.member, here.people.lead):
        assert address in words(signed_in(inside).get(f"/submissions/{row.pk}/"))
        answer = signed_in(inside).get(address)
        assert b"".join(answer.streaming_content) == PDF
        assert answer.headers["Content-Disposition"] == 'attachment; filename="register.pdf"'
        assert answer.headers["Content-Security-Policy"] == "sandbox"
    assert AuditEntry.objects.filter(event="submission.file_opened", about_id=joint.pk).count() == 2
    for outside in (here.people.named, here.people.observer, here.people.coordinator, here.people.health_lead):
        assert signed_in(outside).get(address).status_code == 404
    foreign = a_submission(here.plans.of_police, here.agencies.police, here.people.member)
    assert signed_in(here.people.lead).get(f"/submissions/{foreign.pk}/files/{file.pk}/").status_code == 404
    signed_in(here.people.lead).post(f"/submissions/{row.pk}/", {"reason": "More"})
    assert signed_in(here.people.lead).get(address).status_code == 404


def test_its_author_takes_it_back(here: Side, signed_in: SignedIn, joint: Action, row: Submission) -> None:
    author, lead, address = signed_in(here.people.member), signed_in(here.people.lead), f"/submissions/{row.pk}/"
    assert "Take it back" not in words(lead.get(address))
    assert lead.post(address, {"take_back": "1"}).status_code == 403
    assert "Take it back" in words(author.get(address))
    page = author.post(address, {"take_back": "1"}, follow=True)
    assert page.context["form"]["progress"].value() == SAID
    assert "register.pdf" in words(page)
    assert "Take it back" not in words(author.get(address))


def test_a_lead_reads_what_came_since_before_it_goes(
    here: Side, signed_in: SignedIn, joint: Action, row: Submission
) -> None:
    Submission.objects.update(submitted_at=dt.datetime.combine(days(-1), dt.time(12), tzinfo=dt.UTC))
    lead, address = signed_in(here.people.lead), f"/submissions/{row.pk}/"
    assert "The lead was quicker." not in words(lead.get(address))
    newer = an_update(joint, here.agencies.police, here.people.lead, progress="The lead was quicker.", on=TODAY)
    page = lead.post(address, {"release": "1", "seen": "0"}, follow=True)
    assert "The lead was quicker." in words(page)
    assert Submission.objects.get().outcome == Submission.Outcome.WAITING
    assert f'name="seen" value="{newer.pk}"' in words(page)
    lead.post(address, {"release": "1", "seen": newer.pk})
    assert Submission.objects.get().outcome == Submission.Outcome.RELEASED


def test_an_author_whose_agency_answers_no_more_reads_their_own_words_and_nothing_else(
    here: Side, signed_in: SignedIn, joint: Action, row: Submission
) -> None:
    joint.assignments.filter(agency=here.agencies.police).update(until=TODAY, ended_at=timezone.now())
    page = words(signed_in(here.people.member).get(f"/submissions/{row.pk}/"))
    assert SAID in page
    assert joint.words not in page
    assert "does not answer for this action any more" in page
    assert "Take it back" not in page


def test_pressing_twice_hands_in_once(here: Side, signed_in: SignedIn, joint: Action) -> None:
    client, said = signed_in(here.people.member), update(joint, progress=SAID, seen="0")
    page = client.get(f"/actions/{joint.pk}/update/")
    said["token"] = page.context["form"]["token"].value()
    for _ in range(2):
        send(client, f"/actions/{joint.pk}/update/", said)
    assert Submission.objects.count() == 1


def test_the_switch_is_for_leads_and_the_coordinator(here: Side, signed_in: SignedIn) -> None:
    police, address = here.agencies.police, f"/agencies/{here.agencies.police.pk}/release/"
    assert signed_in(here.people.member).post(address, {"required": "no"}).status_code == 403
    assert signed_in(here.people.health_lead).post(address, {"required": "no"}).status_code == 404
    page = signed_in(here.people.coordinator).post(address, {"required": "no"}, follow=True)
    assert "go out at once" in words(page)
    police.refresh_from_db()
    assert not police.releases_updates


def test_who_leads_elsewhere_releases_only_there(here: Side, signed_in: SignedIn, row: Submission) -> None:
    join(here.people.health_lead, "agency_member", here.agencies.police)
    assert signed_in(here.people.health_lead).get(f"/submissions/{row.pk}/").status_code == 404


def test_what_was_returned_is_said_in_the_list_and_on_the_actions_page(
    here: Side, signed_in: SignedIn, row: Submission
) -> None:
    signed_in(here.people.lead).post(f"/submissions/{row.pk}/", {"reason": "Say how many officers."})
    member = signed_in(here.people.member)
    assert "Returned to you" in words(member.get("/actions/"))
    assert "An update of yours was returned to you" in words(member.get(f"/actions/{row.action_id}/"))
    assert "returned to you" not in words(signed_in(here.people.lead).get(f"/actions/{row.action_id}/"))


def test_evidence_by_itself_is_offered_only_to_whom_it_is_open(
    here: Side, signed_in: SignedIn, row: Submission
) -> None:
    member, lead = signed_in(here.people.member), signed_in(here.people.lead)
    page, form = f"/actions/{row.action_id}/", f"/actions/{row.action_id}/evidence/add/"
    assert form in words(lead.get(page))
    assert form not in words(member.get(page))
    assert "give evidence with an update" in words(member.get(page))
    assert "Give evidence with an update, and it waits" in words(member.get(form))


def test_its_leads_are_mailed_that_it_waits_and_its_author_that_it_was_returned(
    here: Side, signed_in: SignedIn, row: Submission
) -> None:
    people = here.people
    waits = Notice.objects.get(kind=AccountMail.UPDATE_WAITS)
    assert (waits.person, waits.about_id) == (people.lead, row.pk)
    letter = a_letter(waits)
    assert f"/submissions/{row.pk}/" in letter
    assert SAID not in letter
    signed_in(people.lead).post(f"/submissions/{row.pk}/", {"reason": "Say how many officers."})
    assert kind_of(waits).what_still_holds(waits).why_not == Why.SETTLED
    returned = Notice.objects.get(kind=AccountMail.UPDATE_RETURNED)
    assert returned.person == people.member
    assert f"/actions/{row.action_id}/update/" in a_letter(returned)
    assert "how many officers" not in a_letter(returned)
    assert (waits.partnership, returned.partnership) == (None, None), "the coordinator reads the send log"
    Draft.objects.get().delete()
    assert kind_of(returned).what_still_holds(returned).why_not == Why.SETTLED


def test_who_may_not_read_or_release_it_any_more_is_not_mailed(here: Side, row: Submission) -> None:
    waits = Notice.objects.get(kind=AccountMail.UPDATE_WAITS)
    lead = here.people.lead.memberships.get(agency=here.agencies.police)
    memberships.change_role(membership=lead, role="agency_member", by=here.people.coordinator)
    waits.refresh_from_db()
    assert kind_of(waits).what_still_holds(waits).why_not == Why.NO_RIGHT


def a_letter(notice: Notice) -> str:
    """The mail that would go now."""
    found = kind_of(notice).what_still_holds(notice)
    assert not found.why_not
    return kind_of(notice).compose(notice, found).body


def test_a_lead_reads_that_releasing_takes_a_claim_back(here: Side, signed_in: SignedIn, row: Submission) -> None:
    lead, url = signed_in(here.people.lead), f"/submissions/{row.pk}/"
    assert "takes back the claim" not in words(lead.get(url))
    row.action.assignments.filter(agency=row.agency).update(status=Status.AWAITING)
    assert "This takes back the claim of Borough Police" in words(lead.get(url))
    Submission.objects.update(status="")
    assert "takes back the claim" not in words(lead.get(url))
