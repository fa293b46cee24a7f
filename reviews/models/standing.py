"""What a plan shows: the rows that stand, and not those of a plan that has come in by half or was undone.

A plan that is brought in is written piece by piece, and stands at once when the last piece is there. Until then,
and after it was undone, its recommendations and actions do not ``stand``, nor does what hangs on them. Default managers
give only what stands, so that no list, count, paper or message has to think of it; ``everything`` gives all, for the
engine, ``check_portal`` and the history of an import.
"""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models


class Standing(models.Manager[Any]):
    """Gives only what stands: by ``stands_by`` of the model, a field of its own or of what it hangs on."""

    def get_queryset(self) -> Any:
        """The rows that stand."""
        return super().get_queryset().filter(**{self.model.stands_by: True})


class InPlan(models.Model):
    """A row of a plan: with what import it came, if with any, and whether it stands."""

    stands_by: ClassVar[str] = "stands"

    came_with = models.ForeignKey(
        "reviews.PlanImport",
        null=True,
        blank=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
    )
    stands = models.BooleanField(default=True, db_default=True, editable=False)

    class Meta:
        abstract = True
