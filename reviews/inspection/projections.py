"""What is worked out from other rows must say what they say: status, dates and words of today, and permission rows."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from django.db import transaction
from django.utils import timezone

from agencies import memberships
from agencies.actors import COMMAND
from reviews import reader_shadows, readers
from reviews.inspection.findings import Finding, counted
from reviews.models import Action, Recommendation
from reviews.projection import lock, lock_recommendations, project, project_words

#: How many recommendations or actions are locked at a time.
CHUNK = 200
BY_ITSELF = "Run manage.py check_portal --mend."


def projections(*, mend: bool) -> Iterator[Finding]:
    """Work out every action's status and dates anew, and what each says by its wordings; find where they differ."""
    wrong = _look(Action, lambda keys: project(lock(keys)), mend=mend)
    words = _look(Recommendation, lambda keys: project_words(lock_recommendations(keys)), mend=mend)
    words += _look(Action, _words_of_actions, mend=mend)
    if wrong:
        what = counted(
            wrong,
            "action or assignment shows a status or date that does not follow from its history",
            "actions or assignments show a status or date that does not follow from their history",
        )
        yield Finding(f"{what}.", BY_ITSELF, mended=mend)

    if words:
        what = counted(
            words,
            "recommendation or action does not say what the last of its wordings does, or sorts by another number",
            "recommendations or actions do not say what the last of their wordings does, or sort by other numbers",
        )
        yield Finding(f"{what}.", BY_ITSELF, mended=mend)


def _look(model: type[Recommendation | Action], work_out: Callable[[list[int]], int], *, mend: bool) -> int:
    """Let ``work_out`` write a few rows at a time, and keep that when ``mend`` says so; how many changed."""
    changed = 0
    keys = list(model.everything.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(keys), CHUNK):
        with transaction.atomic():
            changed += work_out(keys[start : start + CHUNK])
            if not mend:
                transaction.set_rollback(True)
    return changed


def _words_of_actions(keys: list[int]) -> int:
    lock_recommendations(Recommendation.objects.filter(actions__in=keys))  # by whose numbers they may sort
    return project_words(lock(keys))


def permissions(*, mend: bool) -> Iterator[Finding]:
    """Find permission rows that no membership or reading role stands behind, or that are missing."""
    checks: tuple[tuple[str, Callable[[], int], Callable[[], None]], ...] = (
        ("of memberships", memberships.shadow_differences, memberships.rebuild_shadows),
        ("of memberships, in who may enter Django admin", _wrong_doors, memberships.rebuild_shadows),
        ("of readers of reviews", reader_shadows.shadow_differences, reader_shadows.rebuild_shadows),
    )
    for name, differences, rebuild in checks:
        if number := differences():
            if mend:
                rebuild()
            words = counted(number, "permission differs", "permissions differ")
            yield Finding(f"{words} from the truth {name}.", BY_ITSELF, mended=mend)


def readings(*, mend: bool) -> Iterator[Finding]:
    """Find people who still read restricted reviews for an agency to which they do not belong any more."""
    orphans = list(readers.without_belonging().select_related("review__partnership"))
    if not orphans:
        return
    if mend:
        with transaction.atomic():
            for reader in orphans:
                readers.close(reader=reader, by=COMMAND, on=max(timezone.localdate(), reader.on))
    what = counted(
        len(orphans),
        "person is still named to read a restricted review for an agency to which they do not belong",
        "people are still named to read restricted reviews for agencies to which they do not belong",
    )
    yield Finding(f"{what}.", BY_ITSELF, mended=mend)


def _wrong_doors() -> int:
    return memberships.wrong_doors().count()
