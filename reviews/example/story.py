"""What has happened in the example's plans of today: updates, claims, decisions, and evidence, each by its verb."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.core.files.base import ContentFile

from agencies.actors import EXAMPLE
from agencies.models import Agency, User
from reviews import evidence, plans, progress, sign_off
from reviews.models import Action, ProgressUpdate, Review
from reviews.progress import Completion, Report
from reviews.statuses import Status

LETTER = b"""Lea Bridge Homes: the log of requests to move

Since the log began, every request that mentions fear was read by a manager within
three working days. This letter belongs to the example; nothing in it happened.
"""


@dataclass
class Story:
    """The hands that act in one review: its actions by reference, the agencies and the people."""

    review: Review
    agencies: dict[str, Agency]
    people: dict[str, User]
    today: dt.date

    def __post_init__(self) -> None:
        """Find the actions by their references."""
        self.actions: dict[str, Action] = {action.reference: action for action in self.review.actions.all()}

    def day(self, number: int) -> dt.date:
        """The day ``number`` days after loading; before it when negative."""
        return self.today + dt.timedelta(days=number)

    def reports(  # the columns of a table of updates
        self,
        person: str,
        reference: str,
        days_ago: int,
        status: str,
        done: str,
        next_steps: str = "",
        **more: str,
    ) -> ProgressUpdate:
        """Somebody of an agency reports on an action. The agency is what stands before the dot in ``person``."""
        review_in = int(more.pop("review_in", 0))
        return progress.submit(
            action=self.actions[reference],
            agency=self.agencies[more.pop("agency", person.split(".", maxsplit=1)[0])],
            by=self.people[person],
            on=self.day(-days_ago),
            report=Report(
                progress=done,
                next_steps=next_steps,
                status=status,
                next_review_on=self.day(review_in) if review_in else None,
                **more,
            ),
        )

    def claims(self, person: str, reference: str, days_ago: int, done: str, changed: str, why_none: str = "") -> None:
        """Somebody of the lead agency says that an action is complete."""
        progress.submit(
            action=self.actions[reference],
            agency=self.agencies[person.split(".", maxsplit=1)[0]],
            by=self.people[person],
            on=self.day(-days_ago),
            report=Report(progress=done),
            completion=Completion(self.day(-days_ago - 2), changed, why_none),
        )


def tell_current(story: Story) -> None:
    """The plan in delivery: some of everything that a coordinator has to deal with."""
    _late_and_slow(story)
    _going_well(story)
    _claimed_and_decided(story)
    plans.start_chasing(review=story.review, by=EXAMPLE, on=story.day(-60))


def tell_twin(story: Story) -> None:
    """Behind the wall, one update."""
    story.reports("police.lead", "1.1", 35, Status.IN_PROGRESS, "Marlbridge has a draft.", agency="m-police")


def _late_and_slow(story: Story) -> None:
    story.reports(
        "police.lead",
        "1.1",
        110,
        Status.IN_PROGRESS,
        "The briefing is being written with Lantern.",
        "Agree dates with the five team inspectors.",
    )
    story.reports(
        "police.member",
        "1.1",
        41,
        Status.IN_PROGRESS,
        "Three of the five teams have been briefed. Officers ask for a card to carry.",
        "Brief the two night teams; print the card.",
        obstacles="Night teams cannot be taken off duty together.",
        help_wanted="Could the hospital lend a room near the night base?",
    )
    plans.change_target_date(
        action=story.actions["1.2"],
        date=story.day(30),
        by=EXAMPLE,
        on=story.day(-75),
        reason="The new record system goes live a quarter later than planned.",
        asked_by=story.agencies["mental-health"],
        agreed_by="Strategic Group meeting",
    )
    story.reports(
        "mental-health.lead",
        "1.2",
        24,
        Status.IN_PROGRESS,
        "The question is agreed and in the test system. Forty staff have practised asking it.",
        "Go live with the new system.",
    )
    story.reports(
        "two.agencies", "1.2", 20, "", "The board asks all of its providers for the same question.", agency="icb"
    )
    story.reports(
        "police.lead",
        "3.1",
        66,
        Status.IN_PROGRESS,
        "The force's draft of the protocol is with adult social care.",
        "Wait for comments, then choose the ten cases.",
    )


def _going_well(story: Story) -> None:
    story.reports(
        "hospital.lead",
        "1.3",
        15,
        Status.IN_PROGRESS,
        "62 of 90 staff are trained. The adviser's number stands on every desk.",
        "Train the rest at the two away days.",
    )
    story.reports(
        "adults.member", "3.2", 9, Status.IN_PROGRESS, "Adult social care can read the chronology.", "Add the police."
    )
    story.reports(
        "children.lead",
        "6.1",
        50,
        Status.ONGOING,
        "Every visit record now begins with the child's words; managers read ten a month.",
        "Look at the next ten.",
        review_in="14",
    )
    story.reports("children.member", "6.2", 28, Status.IN_PROGRESS, "Two workers are named; a third is being hired.")
    progress.submit(
        action=story.actions["8.1"],
        agency=story.agencies["home-office"],
        by=story.people["coordinator"],
        on=story.day(-30),
        given_by="Jo Tamworth, by e-mail",
        report=Report(
            progress="The recommendation has been received and noted.",
            next_steps="It is looked at when the guidance is revised.",
            status=Status.NOT_STARTED,
        ),
    )
    progress.save_draft(
        action=story.actions["1.1"],
        agency=story.agencies["police"],
        by=story.people["police.lead"],
        report=Report(progress="Four of the five teams have been briefed.", status=Status.IN_PROGRESS),
    )


def _claimed_and_decided(story: Story) -> None:
    chair, actions = story.people["chair"], story.actions
    homes = story.reports(
        "homes.lead", "4.1", 33, Status.IN_PROGRESS, "The log is kept since last month.", "Gather a quarter's figures."
    )
    evidence.attach(
        action=actions["4.1"],
        agency=story.agencies["homes"],
        by=story.people["homes.lead"],
        on=story.day(-33),
        title="Letter about the log",
        file=ContentFile(LETTER, name="letter-about-the-log.txt"),
        update=homes,
    )
    evidence.attach(
        action=actions["4.1"],
        agency=story.agencies["homes"],
        by=story.people["homes.lead"],
        on=story.day(-33),
        title="Procedure for urgent moves",
        link="https://homes.example/procedures/urgent-moves",
    )
    story.claims(
        "homes.lead",
        "4.1",
        6,
        "Every request to move that mentions fear is logged, and a manager reads the log each Monday.",
        "Tenants wait four days for an answer; it was nineteen.",
    )
    story.claims(
        "lantern.lead",
        "2.1",
        45,
        "The leaflet is printed in three of the six languages.",
        "More people from those communities ring.",
        "The leaflets are on our website.",
    )
    sign_off.send_back(
        action=actions["2.1"],
        by=chair,
        on=story.day(-22),
        reason="The action asks for six languages. Please claim again when the other three are out.",
        decided_at="Strategic Group meeting",
    )
    evidence.attach(
        action=actions["5.1"],
        agency=story.agencies["probation"],
        by=story.people["probation.lead"],
        on=story.day(-72),
        title="Lists sent since the spring",
        where_held="Probation's case system, folder MARAC lists",
    )
    story.claims(
        "probation.lead",
        "5.1",
        70,
        "Lists have gone to the MARAC every fortnight for three months.",
        "Eleven families were offered support who were not known before.",
    )
    sign_off.sign_off(action=actions["5.1"], by=chair, on=story.day(-22), decided_at="Strategic Group meeting")
    sign_off.not_pursue(
        action=actions["7.3"],
        by=chair,
        on=story.day(-22),
        reason="The hospital's new record system does this already.",
        decided_at="Strategic Group meeting",
    )
