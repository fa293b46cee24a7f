"""Measures one size on one database, and prints the figures as JSON: started by ``benchmarks``."""

import json
import logging
import sys

import django
from django.core.management import call_command

django.setup()
logging.disable(logging.INFO)  # a line a request belongs into a log, not round the table
call_command("migrate", verbosity=0)

from benchmarks.pages import measure  # noqa: E402 -- it imports models

json.dump(measure(int(sys.argv[1])), sys.stdout)
