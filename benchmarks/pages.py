"""What is measured: pages of an agency's lead and of a coordinator, and the planning of a day's reminders."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable
from functools import partial
from random import Random
from typing import Any

import lxml.html
from django.db import connection
from django.test import Client
from django.utils import timezone

from agencies import directory, memberships
from agencies.actors import EXAMPLE, SCHEDULE
from agencies.models import Agency, Membership, User
from agencies.roles import RoleCode
from benchmarks.cost import Request, Server, compare, database_seconds
from reviews import reviewing
from reviews.chasing.planning import plan_run
from reviews.example import bulk
from reviews.models import Action, Review
from reviews.statuses import Status

ROUNDS = 40
OWN_ACTIONS = 50  # one page of *Your actions*, however large the portal is


def size_of(actions: int) -> bulk.Size:
    """From 10,000 actions on 50 reviews, 200 agencies and 2,000 people; fewer round fewer actions, for a quick look."""
    return bulk.Size(
        reviews=min(50, max(5, actions // 200)),
        actions=actions,
        agencies=min(200, max(20, actions // 50)),
        people=min(2000, max(40, actions // 5)),
    )


def measure(actions: int) -> dict[str, Any]:
    """Fill the empty database with so many actions, and measure; figures are seconds of processor time."""
    today, started = timezone.localdate(), time.perf_counter()
    for _ in bulk.make(size_of(actions), today):
        pass
    filled = time.perf_counter() - started
    requests = _requests(today)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")  # as autovacuum does within a minute
    pages = {
        name: {"seconds": cost.seconds, "queries": cost.queries} for name, cost in compare(requests, ROUNDS).items()
    }
    return {"filled": filled, "pages": pages, "planning": _planning(today)}


def _requests(today: dt.date) -> dict[str, Request]:
    review = Review.objects.order_by("pk").first()
    lead, agency = _agency_of_its_own(review, today)
    coordinator = Membership.objects.get(role=RoleCode.COORDINATOR, partnership=review.partnership).user
    action = Action.objects.filter(assignments__agency=agency, status=Status.IN_PROGRESS).order_by("pk")[0]
    portal, admin = _server(lead), _server(coordinator)
    return {
        "constant": lambda _: partial(portal.get, "/constant/"),
        "Your actions": lambda _: partial(portal.get, "/actions/"),
        "one action": lambda _: partial(portal.get, f"/actions/{action.pk}/"),
        "write an update": partial(_write, portal, action),
        "send an update": partial(_send, portal, action),
        "constant, coordinator": lambda _: partial(admin.get, "/constant/"),
        "plan page": lambda _: partial(admin.get, f"/reviews/{review.pk}/"),
        "admin: actions": lambda _: partial(admin.get, "/admin/reviews/action/"),
        "admin: overview": lambda _: partial(admin.get, "/admin/"),
    }


def _agency_of_its_own(review: Review, today: dt.date) -> tuple[User, Agency]:
    """A lead whose agency has the same few actions whatever the size of the rest."""
    agencies = directory.add_agencies(partnership=review.partnership, names=["Measured Trust"], by=EXAMPLE)
    bulk.make_actions(review, agencies, OWN_ACTIONS, Random(1), today)  # noqa: S311 -- no secrets
    lead = User.objects.create(email="measured@bulk.example", name="Measured Lead")
    memberships.grant(user=lead, role=RoleCode.AGENCY_LEAD, container=agencies[0], by=EXAMPLE)
    return lead, agencies[0]


def _server(person: User) -> Server:
    client = Client()
    client.force_login(person, backend="agencies.backends.SignInBackend")
    return Server({name: morsel.value for name, morsel in client.cookies.items()})


def _write(server: Server, action: Action, number: int) -> Callable[[], object]:
    """Open the form, which is not measured, and take it to the page that asks for a check, which is."""
    address = f"/actions/{action.pk}/update/"
    fields = _form(server.get(address)) | {
        "progress": f"Training was given to {number} teams.",
        "status": "in_progress",
    }
    return partial(server.post, address, fields)


def _send(server: Server, action: Action, number: int) -> Callable[[], object]:
    """Write another update, which is not measured, and send it from that page, which is."""
    checking = _write(server, action, ROUNDS + number + 10)()
    return partial(server.post, checking, _form(server.get(checking)))


def _form(page: str) -> dict[str, str]:
    """What a browser would send of the last form of this page: the one below the header's."""
    form = lxml.html.fromstring(page).forms[-1]
    return {name: value.removeprefix("\n") for name, value in form.fields.items() if value is not None}


def _planning(today: dt.date) -> dict[str, float]:
    review = Review.objects.order_by("pk").first()
    for row in Review.objects.filter(partnership=review.partnership):
        reviewing.start_chasing(review=row, by=SCHEDULE, on=today)
    here, database = time.process_time(), database_seconds()
    run = plan_run(partnership=review.partnership, on=today, by=SCHEDULE)
    seconds = time.process_time() - here + database_seconds() - database
    return {"seconds": seconds, "messages": run.expected if run else 0}
