"""The kinds of review, each with its name, its steps and its words, as a table."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import TextChoices


class Kind(TextChoices):
    """What sort of review it is, under the name it had when it was held."""

    DHR = "dhr", "Domestic Homicide Review"
    DARDR = "dardr", "Domestic Abuse Related Death Review"
    SAR = "sar", "Safeguarding Adults Review"
    CSPR = "cspr", "Child Safeguarding Practice Review"
    OWHR = "owhr", "Offensive Weapons Homicide Review"
    NHS = "nhs", "NHS homicide investigation"


class PlanStage(TextChoices):
    """How far a plan has come."""

    WRITING = "writing", "Being written"
    AGREED = "agreed", "Agreed by the group"
    QUALITY = "quality", "With the quality assurance body"
    DELIVERY = "delivery", "In delivery"
    CONCLUDED = "concluded", "Concluded"


@dataclass(frozen=True)
class KindWords:
    """What a kind calls its steps. ``quality_body`` is empty where nobody outside judges the report."""

    short: str
    quality_body: str
    steps: tuple[PlanStage, ...]


_ALL = tuple(PlanStage)
_LOCAL = (PlanStage.WRITING, PlanStage.AGREED, PlanStage.DELIVERY, PlanStage.CONCLUDED)
_PANEL = "Home Office Quality Assurance Panel"

KINDS: dict[Kind, KindWords] = {
    Kind.DHR: KindWords("DHR", _PANEL, _ALL),
    Kind.DARDR: KindWords("DARDR", _PANEL, _ALL),
    Kind.SAR: KindWords("SAR", "", _LOCAL),
    Kind.CSPR: KindWords("CSPR", "Child Safeguarding Practice Review Panel", _ALL),
    Kind.OWHR: KindWords("OWHR", "Secretary of State", _ALL),
    Kind.NHS: KindWords("NHS", "NHS England regional team", _ALL),
}


class Scope(TextChoices):
    """How far a recommendation reaches."""

    LOCAL = "local", "Local"
    REGIONAL = "regional", "Regional"
    NATIONAL = "national", "National"
