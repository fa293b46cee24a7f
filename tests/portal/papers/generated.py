"""Plans as at a day, made up by hypothesis: every field that a paper may print, in words that try to break it."""

from __future__ import annotations

import datetime as dt

from hypothesis import strategies as st

from reviews.as_at_model import ActionAsAt, AgencyPart, PlanAsAt, RecommendationAsAt, Step, TargetAsAt
from reviews.models import Part
from reviews.statuses import Status, timing
from tests.factories import TODAY

NAMES = (
    "Borough Police", "Norfolk and Suffolk NHS Foundation Trust", "Drug and Alcohol Action Team", "Haringey CCG",
    "Fire, Rescue & Resilience", "The Advice Line (TAL)", "Housing / Homelessness Service", "police and crime panel",
)  # fmt: skip
BEGINNINGS = (
    "", "", "", "=", "+", "-", "@", "\t", "'", "''=", "• ", "1. ", "2) ", "a) ", "(i) ", "  ", "And ", "total ",
    "Progress: ", "Step: ", "What changed: ", "Recommendation 4: ", "Action: ",
)  # fmt: skip
PHRASES = (
    "train the teams", "Brief all wards", "SUM(A1:A9)", "1 of 12 done", "“quoted”; with, commas", "<b>&amp;</b>",
    "ask?", "By 31/03/2017.", "3 May 2026", "who, how & when", "Recommendation 3: share", "Action 2: tell", "Complete",
    "Should a team  leave", "T\to do", "née Zoë 🙂", "Next Steps", "Not yet", "(due soon)", "“", "Outcome: none",
)  # fmt: skip
WRITTEN = ("31/03/2026", "3/4/26", "By 31/03/2026", "March 2026", "Spring 2026", "31 September 2026", "When we can",
           "Ongoing", "Q3\n2026/27", "TBC", "12 March 2026")  # fmt: skip

days = st.dates(dt.date(2020, 1, 1), dt.date(2030, 12, 31))
lines = st.tuples(st.sampled_from(BEGINNINGS), st.sampled_from(PHRASES)).map("".join)
#: Words of one line or several, with empty lines between.
texts = st.lists(lines, min_size=1, max_size=4).flatmap(
    lambda found: st.sampled_from(("\n", "\n\n", " ")).map(lambda between: between.join(found))
)
some_texts = st.one_of(st.just(""), texts)
references = st.sampled_from(("", "1", "2a", "R1", "15.10.1", "A-3/b", "12."))
#: A day and the words as written: either may be missing, and they need not agree.
dates = st.tuples(st.none() | days, st.just("") | st.sampled_from(WRITTEN))
steps = st.builds(lambda text, due, achieved: Step(text, *due, achieved), lines.map(str.strip), dates, st.none() | days)


@st.composite
def parts(draw: st.DrawFn) -> tuple[AgencyPart, ...]:
    """One lead or two, who say the same or not."""
    names = draw(st.lists(st.sampled_from(NAMES), min_size=1, max_size=2, unique=True))
    joint = Part.LEAD if len(names) == 1 else Part.JOINT
    one = draw(said())
    each = [one if draw(st.booleans()) else draw(said()) for _ in names]
    return tuple(
        AgencyPart(agency_id=number, name=name, now_called="", part=joint, since=TODAY, owner="", **words)
        for number, (name, words) in enumerate(zip(names, each, strict=True))
    )


def said() -> st.SearchStrategy[dict[str, object]]:
    """What one lead reports, and where it stands."""
    return st.fixed_dictionaries({
        "status": st.sampled_from(Status),
        "progress": some_texts,
        "next_steps": some_texts,
        "obstacles": some_texts,
        "help_wanted": some_texts,
        "evidence": some_texts,
        "what_changed": some_texts,
        "completed_on": st.none() | days,
    })  # fmt: skip


@st.composite
def actions(draw: st.DrawFn) -> ActionAsAt:
    """An action with its leads, dates and steps; its status is the least advanced of its leads'."""
    leads = draw(parts())
    status = min((lead.status for lead in leads), key=list(Status).index)
    first, now = draw(dates), draw(dates)
    now = now if any(now) else first
    text = draw(some_texts)
    return ActionAsAt(
        pk=0,
        label="",
        reference=draw(references),
        text=text,
        change_expected="",
        agency_response=draw(some_texts),
        status=status,
        timing=timing(status, target=now[0], review=None, claimed_on=None, on=TODAY),
        target=TargetAsAt(*now, *(first if any(first) else now), 1),
        next_review_on=draw(st.none() | days),
        claimed_on=None,
        silent_since=None,
        leads=leads,
        supporting=(),
        milestones=tuple(draw(st.lists(steps, max_size=3))),
        decisions=(),
        recorded_later=(),
    )


@st.composite
def plans(draw: st.DrawFn) -> PlanAsAt:
    """A plan of a few recommendations, no two of which read the same."""
    asked = draw(st.lists(texts, min_size=1, max_size=4, unique_by=lambda text: text.strip()))
    return PlanAsAt(
        review_id=0, reference="DHR/1", title="Review (Adult A)", kind="", pseudonym="", chair="", partnership="B",
        group_name="Group", introduction="", dates=(), on=TODAY, known_at=None, footnotes=(),
        recommendations=tuple(
            RecommendationAsAt(
                pk=number, order=number, reference=draw(references), text=text, addressee="",
                scope=draw(st.sampled_from(("", "Local", "National"))),
                themes=tuple(sorted(draw(st.sets(st.sampled_from(("Training", "Sharing; asking")))))),
                actions=tuple(draw(st.lists(actions(), min_size=1, max_size=3))), recorded_later=(),
            )
            for number, text in enumerate(asked)
        ),
    )  # fmt: skip
