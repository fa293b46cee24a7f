"""The reviews that are under way in the example. Their dates stand round the day on which it is loaded."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from agencies.models import Agency
from reviews.kinds import Kind, PlanStage, Scope
from reviews.models import Part
from reviews.plan_lines import ActionLine, LeadLine, MilestoneLine, RecommendationLine, ReportLine
from reviews.statuses import Status

CURRENT, RESTRICTED, TWIN = "DARDR-2025-1", "DARDR-2026-1", "DARDR-M1"

#: How many days before loading each plan was agreed: the day for which its first rows speak.
AGREED = {CURRENT: 240, RESTRICTED: 30, TWIN: 200}

#: The day that is so many days after loading; before it when negative.
Day = Callable[[int], dt.date]


@dataclass(frozen=True)
class Do:
    """One action. ``due`` and the days of its ``steps`` (words, due, achieved) are counted from loading."""

    reference: str
    text: str
    by: tuple[str, ...]
    helped_by: tuple[str, ...] = ()
    due: int | None = None
    due_as_written: str = ""
    steps: tuple[tuple[str, int, int | None], ...] = ()
    change_expected: str = ""
    complete: bool = False

    def line(self, agencies: dict[str, Agency], day: Day) -> ActionLine:
        """As ``plans.add_many`` takes it."""
        part = Part.LEAD if len(self.by) == 1 else Part.JOINT
        status = Status.COMPLETE if self.complete else Status.NOT_STARTED
        return ActionLine(
            self.text,
            reference=self.reference,
            leads=(
                *(LeadLine(agencies[key], part, status) for key in self.by),
                *(LeadLine(agencies[key], Part.SUPPORTING) for key in self.helped_by),
            ),
            target_date=None if self.due is None else day(self.due),
            target_as_written=self.due_as_written,
            milestones=tuple(
                MilestoneLine(words, due_on=day(due), achieved_on=None if achieved is None else day(achieved))
                for words, due, achieved in self.steps
            ),
            change_expected=self.change_expected,
            report=ReportLine(status_as_written=status.label if self.complete else ""),
        )


@dataclass(frozen=True)
class Recommend:
    """One recommendation with what is done about it."""

    reference: str
    text: str
    to: str
    actions: tuple[Do, ...]
    scope: Scope = Scope.LOCAL
    theme: str = ""

    def line(self, agencies: dict[str, Agency], day: Day) -> RecommendationLine:
        """As ``plans.add_many`` takes it."""
        return RecommendationLine(
            self.text,
            reference=self.reference,
            addressee=self.to,
            scope=self.scope,
            themes=(self.theme,) if self.theme else (),
            actions=tuple(action.line(agencies, day) for action in self.actions),
        )


def facts(reference: str, day: Day) -> dict[str, Any]:
    """What is known of a review, as ``reviewing.open_review`` takes it."""
    agreed = day(-AGREED[reference])
    in_delivery = {"stage": PlanStage.DELIVERY, "is_restricted": False, "agreed_on": agreed}
    of_each: dict[str, dict[str, Any]] = {
        CURRENT: in_delivery
        | {
            "pseudonym": "Adult J",
            "chair": "Anselm Rooke",
            "report_on": agreed - dt.timedelta(days=60),
            "quality_on": agreed + dt.timedelta(days=45),
            "published_on": agreed + dt.timedelta(days=60),
            "introduction": "The review asked what agencies knew, and what they could have done together. "
            "Each agency reports on its own actions.",
        },
        RESTRICTED: {
            "pseudonym": "Adult L",
            "chair": "Imogen Hale",
            "stage": PlanStage.AGREED,
            "report_on": agreed - dt.timedelta(days=30),
            "agreed_on": agreed,
        },
        TWIN: in_delivery | {"pseudonym": "Adult M", "published_on": agreed + dt.timedelta(days=20)},
    }
    about = of_each[reference]
    return about | {"kind": Kind.DARDR, "title": f"Domestic Abuse Related Death Review ({about['pseudonym']})"}


PLANS: dict[str, tuple[Recommend, ...]] = {
    CURRENT: (
        Recommend(
            "1",
            "Everybody who meets adults at risk can recognise controlling behaviour, and ask about it safely.",
            "Borough Police, Riverside Mental Health NHS Trust, North Middlesex University Hospital Trust",
            theme="Recognising control",
            actions=(
                Do(
                    "1.1",
                    "Brief every response team on control that leaves no mark, and on what to ask when the two are "
                    "apart.",
                    ("police",),
                    due=-12,
                    steps=(("Briefing written with Lantern", -90, -84), ("All five teams briefed", -12, None)),
                    change_expected="Officers record control as well as injury.",
                ),
                Do(
                    "1.2",
                    "Put a routine question about safety at home into the assessment form, to be asked alone.",
                    ("mental-health",),
                    ("icb",),
                    due=-60,
                ),
                Do(
                    "1.3",
                    "Train emergency department staff to ask, and to call the hospital's own adviser.",
                    ("hospital",),
                    ("lantern",),
                    due=21,
                    change_expected="Referrals from the emergency department rise.",
                ),
            ),
        ),
        Recommend(
            "2",
            "People whose first language is not English can find help in their own.",
            "Lantern Domestic Abuse Service",
            theme="Reaching everybody",
            actions=(
                Do(
                    "2.1",
                    "Publish the leaflet on where to turn in the borough's six most spoken languages.",
                    ("lantern",),
                    due=-8,
                ),
            ),
        ),
        Recommend(
            "3",
            "Police and adult social care tell each other what they know of an adult at risk within a day.",
            "Borough Police and Haringey Adult Social Care",
            theme="Sharing information",
            actions=(
                Do(
                    "3.1",
                    "Agree a protocol for sharing what is known, and test it on ten cases.",
                    ("police", "adults"),
                    ("lantern",),
                    due=-45,
                ),
                Do("3.2", "Give both teams read access to the shared chronology.", ("adults",), due=5),
            ),
        ),
        Recommend(
            "4",
            "A tenant who asks to move because of abuse has an answer within a week.",
            "Lea Bridge Homes",
            actions=(
                Do(
                    "4.1",
                    "Log every request to move that mentions fear, and have a manager read the log weekly.",
                    ("homes",),
                    due=10,
                ),
                Do("4.2", "Replace locks within 24 hours where the police ask.", ("homes",), due=75),
            ),
        ),
        Recommend(
            "5",
            "People on licence who have used violence are known to the agencies that meet their families.",
            "North London Probation",
            scope=Scope.REGIONAL,
            actions=(Do("5.1", "Send the MARAC a list of new licences every fortnight.", ("probation",), due=-40),),
        ),
        Recommend(
            "6",
            "Children are asked how they are, in words they understand.",
            "Haringey Children and Young People's Service",
            theme="Hearing children",
            actions=(
                Do("6.1", "Record the child's own words at every visit.", ("children",)),
                Do("6.2", "Offer each bereaved child a named worker for two years.", ("children",), due=130),
            ),
        ),
        Recommend(
            "7",
            "Services for alcohol and drugs, and the hospital, know what to do when somebody is in danger.",
            "Drug and Alcohol Action Team, North Middlesex University Hospital Trust",
            actions=(
                Do(
                    "7.1",
                    "Write the referral routes for danger into the next contract.",
                    ("daat",),
                    due_as_written="When the contract is next let",
                ),
                Do("7.2", "Name a lead for domestic abuse at the hospital.", ("hospital",), due=-250, complete=True),
                Do("7.3", "Buy a separate recording system for disclosures.", ("hospital",), due=-30),
            ),
        ),
        Recommend(
            "8",
            "National guidance says what a landlord may tell the police without consent.",
            "Home Office",
            scope=Scope.NATIONAL,
            actions=(Do("8.1", "Consider the point when the guidance is next revised.", ("home-office",), due=100),),
        ),
    ),
    RESTRICTED: (
        Recommend(
            "1",
            "A call about a person who was at risk before is never closed without a second pair of eyes.",
            "Borough Police",
            actions=(Do("1a", "Have a sergeant read each such call before it is closed.", ("police",), due=60),),
        ),
        Recommend(
            "2",
            "The family is told what happens next, by one person, at every step.",
            "Lantern Domestic Abuse Service and Borough Police",
            actions=(
                Do(
                    "2a",
                    "Name one person for the family, and tell all agencies who it is.",
                    ("lantern", "police"),
                    due=25,
                ),
            ),
        ),
    ),
    TWIN: (
        Recommend(
            "1",
            "Marlbridge agencies agree who visits first.",
            "Marlbridge Police and Marlbridge Homes",
            actions=(
                Do("1.1", "Write and sign an agreement on first visits.", ("m-police", "m-homes"), due=-20),
                Do("1.2", "Train visiting nurses together with housing officers.", ("m-health",), due=14),
            ),
        ),
    ),
}
