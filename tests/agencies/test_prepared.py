"""A question that is built once gives what the ORM would give each time it is asked, and is planned once."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest
from django.db import connection
from django.db.models import QuerySet
from django.test import Client
from django.test.utils import CaptureQueriesContext

from agencies.lookups import among
from agencies.models import Agency
from agencies.prepared import Blank, Keys, ask
from tests.world import World

pytestmark = pytest.mark.django_db


def _agencies() -> QuerySet[Agency]:
    return Agency.objects.filter(among("pk", Keys("keys"))).select_related("partnership").order_by("pk")


def found(keys: Iterable[int]) -> tuple[list[Agency], str]:
    """The agencies with these keys, and what the database was asked for them."""
    with CaptureQueriesContext(connection) as queries:
        rows: list[Agency] = ask(_agencies, keys=keys)
    return rows, queries[0]["sql"]


@pytest.mark.parametrize("number", [0, 1, 2, 3])
def test_the_rows_are_those_of_the_query_set_for_any_number_of_keys(world: World, number: int) -> None:
    keys = [*Agency.objects.order_by("pk").values_list("pk", flat=True)[:number]]
    for _ in range(2):  # the second time from what was kept
        rows, _ = found(keys)
        assert [(row.pk, row.name, row.partnership.name) for row in rows] == [
            (row.pk, row.name, row.partnership.name) for row in Agency.objects.filter(pk__in=keys).order_by("pk")
        ]


def test_one_key_is_compared_as_such_and_several_as_a_list(world: World) -> None:
    one, other = Agency.objects.order_by("pk")[:2]
    (_, single), (_, several) = found([one.pk]), found({one.pk, other.pk})
    listed = "ANY" if connection.vendor == "postgresql" else "json_each"
    assert listed in several
    assert listed not in single


def test_a_blank_beside_the_keys_is_filled_in_each_time(world: World) -> None:
    one, other = Agency.objects.order_by("pk")[:2]

    def question() -> QuerySet[Any, Any]:
        return Agency.objects.order_by().filter(among("pk", Keys("keys")), pk=Blank("pk")).values_list("name")

    assert ask(question, keys=[one.pk, other.pk], pk=one.pk) == [(one.name,)]
    assert ask(question, keys=[one.pk, other.pk], pk=other.pk) == [(other.name,)]
    assert ask(question, keys=[one.pk], pk=other.pk) == []


def test_no_key_is_too_great_for_the_database(world: World) -> None:
    def question() -> QuerySet[Any, Any]:
        return Agency.objects.filter(pk=Blank("pk"))

    assert ask(question, pk=2**63) == []


def test_postgresql_plans_a_page_once_for_a_connection(world: World) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("only PostgreSQL keeps plans for a connection")
    client = Client()
    client.force_login(world.here.people.member, backend="agencies.backends.SignInBackend")
    for _ in range(12):  # it prepares what it was asked five times, and keeps a plan after five more
        assert client.get("/actions/").status_code == 200
    with connection.cursor() as cursor:
        cursor.execute("SELECT statement FROM pg_prepared_statements WHERE generic_plans = 0 AND custom_plans > 5")
        assert [statement for (statement,) in cursor.fetchall()] == []
        cursor.execute("SELECT count(*) FROM pg_prepared_statements WHERE generic_plans > 0")
        assert cursor.fetchone()[0] >= 6
