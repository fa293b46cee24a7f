"""The action plan of the Adult A review as it stood on 28 February 2016, in short words of our own.

Order, addressees and statuses are those of the published update report; one printed status that stood for several
recommendations stays with the first, and the others are not recorded.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from reviews.kinds import Kind, PlanStage
from reviews.statuses import Status

REFERENCE = "DHR-A"
#: The day for which the published update report speaks.
SPEAKS_FOR = dt.date(2016, 2, 28)
#: The operational group was renamed; the papers say so below its name.
RENAMED = ("operational", "advisory", dt.date(2014, 11, 1))

FACTS: dict[str, Any] = {
    "kind": Kind.DHR,
    "reference": REFERENCE,
    "title": "Domestic Homicide Review (Adult A)",
    "pseudonym": "Adult A",
    "chair": "Imogen Hale",
    "stage": PlanStage.DELIVERY,
    "is_restricted": False,
    "report_on": dt.date(2013, 2, 28),
    "introduction": (
        "Every agency to which a recommendation is addressed was asked what it has done. "
        "The table sets out the recommendations and the progress made to date."
    ),
}


@dataclass(frozen=True)
class Row:
    """One recommendation: to whom, what, and what the report of that day says of it."""

    to: tuple[str, ...]
    text: str
    status: Status = Status.COMPLETE
    progress: str = ""
    next_steps: str = ""


_S = Status
ROWS: tuple[Row, ...] = (
    Row(
        ("operational",),
        "Decide whether the borough's domestic violence services should name law firms that hold the family law "
        "quality mark: a family solicitor is sometimes the one professional who knows of the danger.",
        progress="A list of accredited local firms was gathered, sent round the partnership and put in the directory "
        "of services.",
        next_steps="N/A",
    ),
    Row(
        ("strategic",),
        "Plan a programme that teaches people to notice, answer and refer domestic violence, above all where it is "
        "not physical.",
        _S.IN_PROGRESS,
        "A campaign is planned for 2016, to start together with the new advocacy and GP services.",
        "Award the advocacy and IRIS contract in March 2016. Settle the campaign with the council's press office.",
    ),
    Row(
        ("haga",),
        "Keep its records for as long as the other agencies at the MARAC keep theirs.",
        progress="Paper files of clients in structured treatment are kept for seven years. Case notes are now in one "
        "system shared across the partnership.",
    ),
    Row(
        ("haga",),
        "Ask about domestic violence better at assessment, and train the staff who assess, with risk and the "
        "vulnerability of clients in mind.",
        progress="One assessment is used in all of the borough's substance misuse services and asks about abuse. "
        "Further questions, about partners and home, are being added.",
    ),
    Row(
        ("haga",),
        "Bring in expertise from outside, so that staff can work with people who use violence and judge the risk.",
        _S.ONGOING,
        "A full-time practitioner for abuse and substance misuse advises clients and staff. Training is repeated every "
        "year and is compulsory.",
    ),
    Row(
        ("haga",),
        "Offer people who use violence a service that takes risk, alcohol and abuse together.",
        _S.ONGOING,
        "Through the MARAC, a shared case system and closer work with probation, they are recognised at first contact.",
    ),
    Row(
        ("haga",),
        "Make the routes to and from community mental health services clear to everybody on both sides.",
        _S.ONGOING,
        "A mental health worker visits to assess clients. One shared assessment opens the door to both services.",
    ),
    Row(
        ("daat",),
        "Have the services it commissions train their staff to recognise, and refer, those who suffer and those who "
        "use domestic violence.",
        _S.IN_PROGRESS,
        "Four sessions about perpetrators were held. The service's own lead trains staff all year round.",
        "Commission a community programme for perpetrators, to which drug and alcohol services can refer. Planned "
        "start: April 2016.",
    ),
    Row(
        ("daat",),
        "Count the clients of commissioned services who are known to suffer or to use domestic violence, to see "
        "whether screening works.",
        progress="The services gather these figures and can report them whenever they are asked for.",
        next_steps="A route is agreed for clients who are found to use violence.",
    ),
    Row(
        ("daat",),
        "Leave commissioned services in no doubt that they must refer people who use violence to accredited services "
        "and to probation.",
        progress="Staff know the services that there are across the capital.",
    ),
    Row(
        ("daat",),
        "Write into the contract of every commissioned service how long files are kept.",
        progress="Contracts let since then have such a clause.",
    ),
    Row(
        ("hospital",),
        "Revise its guidance on domestic violence, and say in it where patients are referred.",
        next_steps="N/A",
    ),
    Row(
        ("university-a",),
        "Find, with agencies that know how, a way of telling young men about its support that speaks to them.",
        next_steps="N/A",
    ),
    Row(("university-b",), "Show the same advice on where to find help at all of its sites.", next_steps="N/A"),
    Row(
        ("probation-trust",),
        "Tell a GP whose patient is sentenced to treatment for alcohol or drugs, and check the quality of its work on "
        "hidden harm.",
        next_steps="N/A",
    ),
    Row(
        ("solicitor",),
        "Train staff who meet clients in danger, show where help is found, and think again about sending a letter on "
        "legal options and nothing else.",
        next_steps="N/A",
    ),
    Row(("school",), "Add domestic violence and separating parents to the training of peer mentors.", next_steps="N/A"),
    Row(("school",), "With its mentors, look again at how pupils learn where advice is found.", _S.NOT_RECORDED),
    Row(("school",), "Check that lessons about life and health cover abuse, risk and help.", _S.NOT_RECORDED),
    Row(
        ("circle",),
        "Search its files for other calls for a transfer or for help that went unanswered while its administration was "
        "weak.",
        next_steps="N/A",
    ),
    Row(("circle",), "Have systems that show early on which tenants may be in danger.", _S.NOT_RECORDED),
    Row(("circle",), "Give everybody, office staff too, the training that their post calls for.", _S.NOT_RECORDED),
    Row(("circle",), "Measure its policies on abuse and safeguarding against the best in housing.", _S.NOT_RECORDED),
    Row(("circle",), "Learn from the landlords who do this best, and do as they do.", _S.NOT_RECORDED),
    Row(("practice",), "Adopt a policy on domestic violence that has all staff trained.", next_steps="N/A"),
    Row(("practice",), "Put advice on help where patients see it, and weigh up the college's guidance."),
    Row(
        ("haringey-ccg", "enfield-ccg"),
        "Make sure that practices follow the college's guidance, and consider IRIS so that abuse is recognised sooner.",
        _S.IN_PROGRESS,
        "IRIS will be tried in 25 of the borough's practices, as part of the new advocacy service.",
        "Award the contract in March 2016, and open the service in June 2016.",
    ),
    Row(
        ("children",),
        "Find a way to honour a family friend who steps in for children bereaved overnight.",
        progress="The friend felt valued. In future such a carer is assessed for support and suitability.",
        next_steps="N/A",
    ),
)
