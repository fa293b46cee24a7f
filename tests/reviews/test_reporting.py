"""A report with its evidence: both or neither, once, and never over a colleague's."""

from __future__ import annotations

import uuid

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction

from agencies.refusals import Refused
from reviews import reporting, waiting_files
from reviews.evidence import Piece
from reviews.models import Claim, Evidence, ProgressUpdate, StagedFile
from reviews.progress import Completion, Report
from reviews.statuses import Status
from tests.factories import TODAY, an_update
from tests.reviews.test_concurrency import at_once
from tests.world import World, make_world

REPORT = Report(progress="The guide is printed.", status=Status.IN_PROGRESS)


def a_file(world: World, token: uuid.UUID) -> Piece:
    """A file that waits in the form ``token``."""
    file = ContentFile(b"%PDF-1.7 the register", name="register.pdf")
    here = world.here
    staged = waiting_files.stage(action=here.plans.of_police, by=here.people.member, token=token, file=file)
    return Piece(staged=staged)


def report(world: World, **facts: object) -> ProgressUpdate:
    here = world.here
    usual = {"action": here.plans.of_police, "agency": here.agencies.police, "by": here.people.member, "on": TODAY}
    facts = {**usual, "report": REPORT, "seen": here.plans.update.pk, **facts}
    how = {name: facts.pop(name) for name in ("seen", "pieces", "token") if name in facts}
    return reporting.send(reporting.Sending(**facts), **how)


def test_an_update_comes_with_its_evidence(world: World) -> None:
    update = report(world, pieces=[a_file(world, uuid.uuid4()), Piece(title="Minutes", link="https://example.org")])
    assert {piece.title for piece in update.evidence.all()} == {"register.pdf", "Minutes"}


def test_a_refused_piece_takes_the_update_with_it_and_the_file_waits_on(world: World) -> None:
    file = a_file(world, uuid.uuid4())
    with pytest.raises(Refused, match="Choose a file"):
        report(world, pieces=[file, Piece()])
    assert world.here.plans.of_police.updates.count() == 1
    assert not Evidence.objects.filter(kind="file").exists()
    waits = StagedFile.objects.get()
    assert default_storage.exists(waits.file.name)
    assert report(world, pieces=[Piece(staged=waits)]).evidence.count() == 1


def test_the_same_report_again_is_the_same_report(world: World) -> None:
    token = uuid.uuid4()
    file = a_file(world, token)
    first = report(world, pieces=[file], token=token)
    assert report(world, pieces=[file], token=token) == first
    assert first.evidence.count() == 1
    with pytest.raises(IntegrityError), transaction.atomic():
        an_update(world.here.plans.of_police, world.here.agencies.police, world.here.people.member, token=token)


def test_a_form_is_its_authors_alone(world: World) -> None:
    token = uuid.uuid4()
    first = report(world, token=token)
    assert report(world, token=token, by=world.here.people.lead, seen=first.pk) != first


@pytest.mark.parametrize(
    "other", [{"report": Report(progress="Other words.", status=Status.IN_PROGRESS)}, {"by": None}]
)
def test_another_report_meanwhile_is_given_back(world: World, other: dict[str, object]) -> None:
    first = report(world)
    if "by" in other:  # a colleague, who happens to use the same words
        other = {"by": world.here.people.lead}
    with pytest.raises(reporting.Overtaken) as overtaken:
        report(world, **other)
    assert list(overtaken.value.since) == [first]
    assert report(world, **other, seen=first.pk) != first


def test_a_claim_is_not_taken_for_the_update_before_it(world: World) -> None:
    first = report(world)
    completion = Completion(TODAY, "Every officer has it.", "On paper only.")
    with pytest.raises(reporting.Overtaken):
        report(world, completion=completion)
    token = uuid.uuid4()
    claimed = report(world, completion=completion, seen=first.pk, token=token)
    assert report(world, completion=completion, seen=first.pk, token=token) == claimed
    assert Claim.objects.filter(update__action=world.here.plans.of_police).count() == 1


def test_a_claim_without_evidence_gives_the_reason(world: World) -> None:
    Evidence.objects.all().delete()
    with pytest.raises(Refused) as refused:
        report(world, completion=Completion(TODAY, "Every officer has it."))
    assert refused.value.field == "no_evidence_reason"


def test_strangers_learn_nothing_from_what_came_meanwhile(world: World) -> None:
    an_update(world.here.plans.of_police, world.here.agencies.police)
    for user in (world.stranger, world.there.people.lead):
        with pytest.raises(PermissionDenied):
            report(world, by=user, seen=0)


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_two_presses_at_one_moment_store_once() -> None:
    world = make_world()
    token = uuid.uuid4()
    file = a_file(world, token)
    assert at_once(*(lambda: report(world, pieces=[file], token=token) for _ in range(4))) == []
    update = world.here.plans.of_police.updates.latest("pk")
    assert world.here.plans.of_police.updates.count() == 2
    assert update.evidence.count() == 1
