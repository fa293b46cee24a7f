"""The settings of a worker that a test starts: the portal's own, on the test's database, broker and mail server."""

import json
import os

_given = json.loads(os.environ.pop("GIVEN_BY_THE_TEST"))
os.environ["DATA_DIR"] = _given["data_dir"]
os.environ["REDIS_URL"] = _given["redis_url"]
os.environ["EMAIL_URL"] = _given["email_url"]

from config.settings import *  # noqa: E402, F403
from config.settings import DATABASES  # noqa: E402

DATABASES["default"] |= _given["database"]
EMAIL_TIMEOUT = 1
NOTICE_LEASE_SECONDS = 4
CELERY_WORKER_CONCURRENCY = 2
CELERY_BEAT_SCHEDULE_FILENAME = f"{_given['data_dir']}/beat-schedule"
