"""The Celery application and the whole schedule.

Partnerships' hours and calendars are data; what stands here is only how often somebody looks. No task
carries state: long jobs are rows with a lease, so a lost message costs minutes and nothing else.
"""

import logging
import os
from typing import Any

from celery import Celery, Task
from celery.schedules import crontab
from celery.signals import setup_logging
from kombu.exceptions import OperationalError

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

log = logging.getLogger(__name__)


class PatientTask(Task):
    """A task that may be asked for while the broker is away.

    The caller has already written the row that the task would work on, and the sweep finds it a minute
    later. So an unreachable broker delays the work; it never becomes somebody's error page.
    """

    abstract = True

    def apply_async(self, *args: Any, **kwargs: Any) -> Any:
        """Send the task; if the broker cannot be reached, say so in the log and let the sweep find the work."""
        try:
            return super().apply_async(*args, **kwargs)
        except OperationalError:
            log.warning("broker unreachable, left for the sweep: %s", self.name)
            return None


@setup_logging.connect
def keep_logging_as_set(**_: Any) -> None:
    """Leave logging as the settings have it: Celery's own would print exceptions word by word."""


app = Celery("portal", task_cls=PatientTask)
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.conf.beat_schedule = {
    "tick": {"task": "reviews.tasks.tick", "schedule": 300.0, "options": {"expires": 290}},
    "sweep": {"task": "reviews.tasks.sweep", "schedule": 60.0, "options": {"expires": 55}},
    "housekeeping": {"task": "reviews.tasks.housekeeping", "schedule": crontab(hour="3", minute="30")},
}
