"""The words of a message: enough to act on, and nothing about the case."""

import datetime as dt

from django.urls import resolve

from reviews.chasing.composing import ACTIONS_PATH, HEADINGS, Entry, compose
from reviews.models import Action, Line, Stage
from tests.factories import TODAY
from tests.reviews.chasing.conftest import Chased, days

SITE = "https://actions.example.gov.uk"


def composed(*entries: Entry, questions_to: str = "office@haringey.example"):
    return compose(entries, sender="Haringey community safety partnership", questions_to=questions_to, site=SITE)


def test_a_message_counts_by_stage_and_links_each_action() -> None:
    words = composed(
        Entry(1, "DHR1", Stage.OVERDUE, dt.date(2026, 2, 18)),
        Entry(2, "DHR1", Stage.DUE_7, dt.date(2026, 3, 9)),
        Entry(3, "SAR4", Stage.OVERDUE, dt.date(2026, 2, 20), is_review=True),
    )
    assert words.subject == "Action plans: 2 overdue, 1 due within a week"
    assert (
        "2 actions overdue\n"
        f"- DHR1, target date 18 February 2026: {SITE}/actions/1/\n"
        f"- SAR4, next review 20 February 2026: {SITE}/actions/3/\n"
        "\n"
        "1 action due within a week\n"
        f"- DHR1, target date 9 March 2026: {SITE}/actions/2/\n"
        "\n"
        f"All your actions: {SITE}/actions/\n"
    ) in words.body
    assert "Questions: office@haringey.example\n" in words.body
    assert words.body.endswith("Haringey community safety partnership\n")


def test_one_action_reads_as_one() -> None:
    body = composed(Entry(1, "DHR1", Stage.DUE_1, TODAY), questions_to="").body
    assert "this action." in body
    assert "1 action due now" in body
    assert "ask your partnership's coordinator" in body


def test_every_stage_has_a_heading() -> None:
    assert set(HEADINGS) == set(Stage)


def test_names_are_not_turned_into_markup() -> None:
    assert (
        "A & B <council>"
        in compose([Entry(1, "R", Stage.DUE_1)], sender="A & B <council>", questions_to="", site=SITE).body
    )


def test_a_message_carries_no_case_detail(chased: Chased, mailoutbox) -> None:
    """Everything that somebody typed about the case carries a marker; no byte of the message may."""
    chased.action(days(-3), text="MARKER action", change_expected="MARKER change", reference="MARKER-2a")
    type(chased.review).objects.update(title="MARKER title", pseudonym="MARKER Adult A", chair="MARKER chair")
    type(chased.recommendation).objects.update(text="MARKER text", reference="MARKER-2")
    type(chased.agency).objects.update(name="MARKER police")
    type(chased.lead).objects.update(name="MARKER Finch")
    chased.run(TODAY)
    (message,) = mailoutbox
    assert message.to == [chased.lead.email]
    assert "MARKER" not in message.message().as_string()
    assert (
        f"DHR1, target date 27 February 2026: http://localhost:8000/actions/{Action.objects.get().pk}/" in message.body
    )
    assert Line.objects.get().state == Line.State.SENT


def test_links_lead_to_the_pages_of_the_portal() -> None:
    assert resolve(ACTIONS_PATH).url_name == "action-list"
    assert resolve(f"{ACTIONS_PATH}17/").url_name == "action-detail"
