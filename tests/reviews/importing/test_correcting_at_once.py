"""A corrected file comes in while somebody writes in the same plan: neither overwrites the other or hangs."""

import threading
from unittest import mock

import pytest
from django.db import connection

from agencies.actors import COMMAND
from reviews import editing, plans
from reviews.importing.again import updating
from reviews.models import Action, Recommendation
from tests.factories import TODAY
from tests.reviews.importing.files import a_file, a_row, brought_in
from tests.reviews.importing.test_updating import EARLIER, confirm
from tests.world import make_world

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

#: Longer than a verb takes that waits for nobody.
A_WHILE = 1


def reword(row: Recommendation):
    plans.reword(recommendation=row, text="Hear families.", by=COMMAND, on=TODAY, reason="Clearer")


def describe(row: Recommendation):
    editing.describe_recommendation(recommendation=row, by=COMMAND, reference="7", addressee="All")


def test_what_is_written_in_a_recommendation_while_a_corrected_file_comes_in_is_kept():
    world = make_world()
    says = {"reference": "1", "recommendation": "Listen to families."}
    rows = [a_row(**says, action="Hold a day for families."), a_row(**says, action="Print a guide for them.")]
    review = brought_in(world, rows, on=EARLIER)
    recommendation = review.recommendations.get()
    errors, threads = [], []

    def run(verb):
        try:
            verb(recommendation)
        except Exception as error:  # noqa: BLE001 -- whatever it is, the test says that there is none
            errors.append(error)
        finally:
            connection.close()

    def read_present(*given):
        found = looked(*given)
        if not threads:
            threads.extend(threading.Thread(target=run, args=(verb,)) for verb in (reword, describe))
            for thread in threads:
                thread.start()
                thread.join(A_WHILE)
        return found

    looked = updating.read_present
    changed = [{**row, "recommendation": "Listen to families and friends.", "scope": "local"} for row in rows]
    with mock.patch.object(updating, "read_present", read_present):
        confirm(a_file(world, [{**changed[0], "action": "Hold two days for families."}, changed[1]], review))
    for thread in threads:
        thread.join(30)
    assert errors == []
    recommendation.refresh_from_db()
    assert len(threads) == 2
    assert recommendation.wordings.count() == 3
    assert recommendation.text == recommendation.wordings.in_force().latest().text == "Hear families."
    assert (recommendation.reference, recommendation.scope, recommendation.addressee) == ("7", "local", "All")
    assert {action.sort_key for action in Action.objects.filter(review=review)} == {"00000007"}
