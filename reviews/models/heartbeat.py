"""When the schedule was last heard of."""

from __future__ import annotations

from django.db import models

from agencies.days import in_words


class Heartbeat(models.Model):
    """One kind of scheduled work, and when it last came to its end.

    It is no history: the row is written over each time. It stands in the database and not in the cache so that a
    restarted broker does not look like a schedule that never ran.
    """

    name = models.CharField(max_length=30, primary_key=True)
    at = models.DateTimeField("last finished at")

    class Meta:
        verbose_name = "sign of life of the schedule"
        verbose_name_plural = "signs of life of the schedule"
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.name}, {in_words(self.at)} {self.at:%H:%M}"
