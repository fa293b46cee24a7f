"""What has happened in the example's plans of today: some of everything that a coordinator has to deal with."""

from __future__ import annotations

from reviews.example.happenings import Claimed, Decided, Happening, Postponed, Reported, Showed
from reviews.example.plans_of_today import CURRENT, TWIN
from reviews.statuses import Decision, Status

#: Since how many days before loading the plan in delivery is chased.
CHASED_SINCE = 60

LETTER = """Lea Bridge Homes: the log of requests to move

Since the log began, every request that mentions fear was read by a manager within
three working days. This letter belongs to the example; nothing in it happened.
"""

STARTED, NOT_STARTED, ONGOING = Status.IN_PROGRESS, Status.NOT_STARTED, Status.ONGOING

STORY: dict[str, tuple[Happening, ...]] = {
    CURRENT: (
        Reported(
            110,
            "police.lead",
            "1.1",
            STARTED,
            "The briefing is being written with Lantern.",
            "Agree dates with the five team inspectors.",
        ),
        Postponed(75, "mental-health.lead", "1.2", 30, "The new record system goes live a quarter later than planned."),
        Showed(
            72,
            "probation.lead",
            "5.1",
            "Lists sent since the spring",
            where_held="Probation's case system, folder MARAC lists",
        ),
        Claimed(
            70,
            "probation.lead",
            "5.1",
            "Lists have gone to the MARAC every fortnight for three months.",
            "Eleven families were offered support who were not known before.",
        ),
        Reported(
            66,
            "police.lead",
            "3.1",
            STARTED,
            "The force's draft of the protocol is with adult social care.",
            "Wait for comments, then choose the ten cases.",
        ),
        Reported(
            50,
            "children.lead",
            "6.1",
            ONGOING,
            "Every visit record now begins with the child's words; managers read ten a month.",
            "Look at the next ten.",
            review_in=14,
        ),
        Claimed(
            45,
            "lantern.lead",
            "2.1",
            "The leaflet is printed in three of the six languages.",
            "More people from those communities ring.",
            "The leaflets are on our website.",
        ),
        Reported(
            41,
            "police.member",
            "1.1",
            STARTED,
            "Three of the five teams have been briefed. Officers ask for a card to carry.",
            "Brief the two night teams; print the card.",
            obstacles="Night teams cannot be taken off duty together.",
            help_wanted="Could the hospital lend a room near the night base?",
        ),
        Reported(33, "homes.lead", "4.1", STARTED, "The log is kept since last month.", "Gather a quarter's figures."),
        Showed(33, "homes.lead", "4.1", "Letter about the log", words=LETTER),
        Showed(
            33,
            "homes.lead",
            "4.1",
            "Procedure for urgent moves",
            link="https://homes.example/procedures/urgent-moves",
        ),
        Reported(
            30,
            "coordinator",
            "8.1",
            NOT_STARTED,
            "The recommendation has been received and noted.",
            "It is looked at when the guidance is revised.",
            given_by="Jo Tamworth, by e-mail",
            agency="home-office",
        ),
        Reported(28, "children.member", "6.2", STARTED, "Two workers are named; a third is being hired."),
        Reported(
            24,
            "mental-health.lead",
            "1.2",
            STARTED,
            "The question is agreed and in the test system. Forty staff have practised asking it.",
            "Go live with the new system.",
        ),
        Decided(
            22,
            "chair",
            "2.1",
            Decision.RETURNED,
            "The action asks for six languages. Please claim again when the other three are out.",
        ),
        Decided(22, "chair", "5.1", Decision.SIGNED_OFF),
        Decided(22, "chair", "7.3", Decision.NOT_PURSUED, "The hospital's new record system does this already."),
        Reported(
            20, "two.agencies", "1.2", "", "The board asks all of its providers for the same question.", agency="icb"
        ),
        Reported(
            15,
            "hospital.lead",
            "1.3",
            STARTED,
            "62 of 90 staff are trained. The adviser's number stands on every desk.",
            "Train the rest at the two away days.",
        ),
        Reported(9, "adults.member", "3.2", STARTED, "Adult social care can read the chronology.", "Add the police."),
        Claimed(
            6,
            "homes.lead",
            "4.1",
            "Every request to move that mentions fear is logged, and a manager reads the log each Monday.",
            "Tenants wait four days for an answer; it was nineteen.",
        ),
        Reported(0, "police.lead", "1.1", STARTED, "Four of the five teams have been briefed.", draft=True),
    ),
    TWIN: (Reported(35, "police.lead", "1.1", STARTED, "There is a draft.", agency="m-police"),),
}
