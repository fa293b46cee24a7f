"""The plans that are under way in the example. Their dates stand round the day on which the example is loaded."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from agencies.models import Agency
from reviews.kinds import Kind, Scope, Stage
from reviews.models import Part
from reviews.plan_lines import ActionLine, LeadLine, MilestoneLine, RecommendationLine, ReportLine
from reviews.statuses import Status

CURRENT, RESTRICTED, TWIN = "DARDR-2025-1", "DARDR-2026-1", "DARDR-M1"

#: How many days before loading each plan was agreed: the day for which its first rows speak.
AGREED = {CURRENT: 240, RESTRICTED: 30, TWIN: 200}

Day = Callable[[int], dt.date]
Agencies = dict[str, Agency]


def facts(reference: str, day: Day) -> dict[str, Any]:
    """What is known of a review, as ``plans.create_review`` takes it."""
    agreed = day(-AGREED[reference])
    of_each: dict[str, dict[str, Any]] = {
        CURRENT: {
            "kind": Kind.DARDR,
            "title": "Domestic Abuse Related Death Review (Adult J)",
            "pseudonym": "Adult J",
            "chair": "Anselm Rooke",
            "stage": Stage.DELIVERY,
            "is_restricted": False,
            "report_on": agreed - dt.timedelta(days=60),
            "agreed_on": agreed,
            "quality_on": agreed + dt.timedelta(days=45),
            "published_on": agreed + dt.timedelta(days=60),
            "introduction": "The review asked what agencies knew, and what they could have done together. "
            "Each agency reports on its own actions.",
        },
        RESTRICTED: {
            "kind": Kind.DARDR,
            "title": "Domestic Abuse Related Death Review (Adult L)",
            "pseudonym": "Adult L",
            "chair": "Imogen Hale",
            "stage": Stage.AGREED,
            "report_on": agreed - dt.timedelta(days=30),
            "agreed_on": agreed,
        },
        TWIN: {
            "kind": Kind.DARDR,
            "title": "Domestic Abuse Related Death Review (Adult M)",
            "pseudonym": "Adult M",
            "stage": Stage.DELIVERY,
            "is_restricted": False,
            "report_on": agreed,
            "published_on": agreed,
        },
    }
    return of_each[reference]


def lines(reference: str, agencies: Agencies, day: Day) -> list[RecommendationLine]:
    """The recommendations and actions of a plan, as ``plans.add_many`` takes them."""
    return {CURRENT: _current, RESTRICTED: _restricted, TWIN: _twin}[reference](agencies, day)


def _leads(agencies: Agencies, *keys: str, supporting: tuple[str, ...] = ()) -> tuple[LeadLine, ...]:
    part = Part.LEAD if len(keys) == 1 else Part.JOINT
    return (
        *(LeadLine(agencies[key], part) for key in keys),
        *(LeadLine(agencies[key], Part.SUPPORTING) for key in supporting),
    )


def _current(agencies: Agencies, day: Day) -> list[RecommendationLine]:
    return [*_about_recognising(agencies, day), *_about_working_together(agencies, day), *_about_later(agencies, day)]


def _about_recognising(agencies: Agencies, day: Day) -> list[RecommendationLine]:
    return [
        RecommendationLine(
            "Everybody who meets adults at risk can recognise controlling behaviour, and ask about it safely.",
            reference="1",
            addressee="Borough Police, Riverside Mental Health NHS Trust, North Middlesex University Hospital Trust",
            scope=Scope.LOCAL,
            themes=("Recognising control",),
            actions=(
                ActionLine(
                    "Brief every response team on control that leaves no mark, and on what to ask when the two are "
                    "apart.",
                    reference="1.1",
                    leads=_leads(agencies, "police"),
                    target_date=day(-12),
                    milestones=(
                        MilestoneLine("Briefing written with Lantern", due_on=day(-90), achieved_on=day(-84)),
                        MilestoneLine("All five teams briefed", due_on=day(-12)),
                    ),
                    change_expected="Officers record control as well as injury.",
                ),
                ActionLine(
                    "Put a routine question about safety at home into the assessment form, to be asked alone.",
                    reference="1.2",
                    leads=_leads(agencies, "mental-health", supporting=("icb",)),
                    target_date=day(-60),
                ),
                ActionLine(
                    "Train emergency department staff to ask, and to call the hospital's own adviser.",
                    reference="1.3",
                    leads=_leads(agencies, "hospital", supporting=("lantern",)),
                    target_date=day(21),
                    change_expected="Referrals from the emergency department rise.",
                ),
            ),
        ),
        RecommendationLine(
            "People whose first language is not English can find help in their own.",
            reference="2",
            addressee="Lantern Domestic Abuse Service",
            scope=Scope.LOCAL,
            themes=("Reaching everybody",),
            actions=(
                ActionLine(
                    "Publish the leaflet on where to turn in the borough's six most spoken languages.",
                    reference="2.1",
                    leads=_leads(agencies, "lantern"),
                    target_date=day(-8),
                ),
            ),
        ),
    ]


def _about_working_together(agencies: Agencies, day: Day) -> list[RecommendationLine]:
    return [
        RecommendationLine(
            "Police and adult social care tell each other what they know of an adult at risk within a day.",
            reference="3",
            addressee="Borough Police and Haringey Adult Social Care",
            scope=Scope.LOCAL,
            themes=("Sharing information",),
            actions=(
                ActionLine(
                    "Agree a protocol for sharing what is known, and test it on ten cases.",
                    reference="3.1",
                    leads=_leads(agencies, "police", "adults", supporting=("lantern",)),
                    target_date=day(-45),
                ),
                ActionLine(
                    "Give both teams read access to the shared chronology.",
                    reference="3.2",
                    leads=_leads(agencies, "adults"),
                    target_date=day(5),
                ),
            ),
        ),
        RecommendationLine(
            "A tenant who asks to move because of abuse has an answer within a week.",
            reference="4",
            addressee="Lea Bridge Homes",
            scope=Scope.LOCAL,
            actions=(
                ActionLine(
                    "Log every request to move that mentions fear, and have a manager read the log weekly.",
                    reference="4.1",
                    leads=_leads(agencies, "homes"),
                    target_date=day(10),
                ),
                ActionLine(
                    "Replace locks within 24 hours where the police ask.",
                    reference="4.2",
                    leads=_leads(agencies, "homes"),
                    target_date=day(75),
                ),
            ),
        ),
        RecommendationLine(
            "People on licence who have used violence are known to the agencies that meet their families.",
            reference="5",
            addressee="North London Probation",
            scope=Scope.REGIONAL,
            actions=(
                ActionLine(
                    "Send the MARAC a list of new licences every fortnight.",
                    reference="5.1",
                    leads=_leads(agencies, "probation"),
                    target_date=day(-40),
                ),
            ),
        ),
    ]


def _about_later(agencies: Agencies, day: Day) -> list[RecommendationLine]:
    complete = LeadLine(agencies["hospital"], status=Status.COMPLETE)
    return [
        RecommendationLine(
            "Children are asked how they are, in words they understand.",
            reference="6",
            addressee="Haringey Children and Young People's Service",
            scope=Scope.LOCAL,
            themes=("Hearing children",),
            actions=(
                ActionLine(
                    "Record the child's own words at every visit.", reference="6.1", leads=_leads(agencies, "children")
                ),
                ActionLine(
                    "Offer each bereaved child a named worker for two years.",
                    reference="6.2",
                    leads=_leads(agencies, "children"),
                    target_date=day(130),
                ),
            ),
        ),
        RecommendationLine(
            "Services for alcohol and drugs know what to do when a client is in danger.",
            reference="7",
            addressee="Drug and Alcohol Action Team",
            scope=Scope.LOCAL,
            actions=(
                ActionLine(
                    "Write the referral routes for danger into the next contract.",
                    reference="7.1",
                    leads=_leads(agencies, "daat"),
                    target_as_written="When the contract is next let",
                ),
                ActionLine(
                    "Name a lead for domestic abuse at the hospital.",
                    reference="7.2",
                    leads=(complete,),
                    target_date=day(-250),
                    report=ReportLine(status_as_written="Complete"),
                ),
                ActionLine(
                    "Buy a separate recording system for disclosures.",
                    reference="7.3",
                    leads=_leads(agencies, "hospital"),
                    target_date=day(-30),
                ),
            ),
        ),
        RecommendationLine(
            "National guidance says what a landlord may tell the police without consent.",
            reference="8",
            addressee="Home Office",
            scope=Scope.NATIONAL,
            actions=(
                ActionLine(
                    "Consider the point when the guidance is next revised.",
                    reference="8.1",
                    leads=_leads(agencies, "home-office"),
                    target_date=day(100),
                ),
            ),
        ),
    ]


def _restricted(agencies: Agencies, day: Day) -> list[RecommendationLine]:
    return [
        RecommendationLine(
            "A call about a person who was at risk before is never closed without a second pair of eyes.",
            reference="1",
            addressee="Borough Police",
            scope=Scope.LOCAL,
            actions=(
                ActionLine(
                    "Have a sergeant read each such call before it is closed.",
                    reference="1a",
                    leads=_leads(agencies, "police"),
                    target_date=day(60),
                ),
            ),
        ),
        RecommendationLine(
            "The family is told what happens next, by one person, at every step.",
            reference="2",
            addressee="Lantern Domestic Abuse Service and Borough Police",
            scope=Scope.LOCAL,
            actions=(
                ActionLine(
                    "Name one person for the family, and tell all agencies who it is.",
                    reference="2a",
                    leads=_leads(agencies, "lantern", "police"),
                    target_date=day(25),
                ),
            ),
        ),
    ]


def _twin(agencies: Agencies, day: Day) -> list[RecommendationLine]:
    return [
        RecommendationLine(
            "Marlbridge agencies agree who visits first.",
            reference="1",
            addressee="Marlbridge Police and Marlbridge Homes",
            scope=Scope.LOCAL,
            actions=(
                ActionLine(
                    "Write and sign an agreement on first visits in Marlbridge.",
                    reference="1.1",
                    leads=_leads(agencies, "m-police", "m-homes"),
                    target_date=day(-20),
                ),
                ActionLine(
                    "Train Marlbridge's visiting nurses together with housing officers.",
                    reference="1.2",
                    leads=_leads(agencies, "m-health"),
                    target_date=day(14),
                ),
            ),
        ),
    ]
