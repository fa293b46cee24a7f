"""The settings people run on, on a PostgreSQL of the benchmark's own; nobody is asked for a second factor."""

import os

import environ

from config.settings import *  # noqa: F403
from config.settings import STATIC_ROOT, STORAGES
from config.stores import database

# One connection throughout: its process is the one that is watched.
DATABASES = {
    "default": database(environ.Env().db_url_config(os.environ["BENCHMARK_DATABASE"])) | {"CONN_MAX_AGE": None}
}
ROOT_URLCONF = "benchmarks.urls"
SECOND_FACTOR_REQUIRED = False
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
STATIC_ROOT.mkdir(parents=True, exist_ok=True)
