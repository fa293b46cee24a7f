"""The pages about people, each as it is first opened: nothing axe objects to, nothing too wide, pictures to look at."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from agencies.models import User
from reviews import panel, readers
from tests.browser.looking import axe_clean, fits, open_page, picture
from tests.world import World, make_world

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def world(transactional_db) -> World:
    """The standing cast, where the browser's server sees it too."""
    return make_world()


def test_every_page_about_people_is_clean_and_fits_a_phone(
    page: Page, world: World, come_as: Callable[[User], None]
) -> None:
    here = world.here
    police, partnership = here.agencies.police.pk, here.partnership.pk
    named = {"review": here.plans.restricted, "agency": here.agencies.police, "by": here.people.lead}
    readers.name_reader(user=here.people.member, **named)
    panel.invite(review=here.plans.restricted, email="chair@example.org", by=here.people.coordinator)
    shown = {
        here.people.coordinator: {
            "people-list": "/people/",
            "people-of-partnership": f"/people/partnerships/{partnership}/",
            "agency-add": f"/people/partnerships/{partnership}/agencies/add/?after={police}",
            "agency-close": f"/people/agencies/{police}/close/",
            "agency-succeed": f"/people/agencies/{police}/succeed/",
            "people-statement": f"/people/partnerships/{partnership}/statement/",
            "people-panel": f"/people/partnerships/{partnership}/panel/",
            "people-panel-invite": f"/people/partnerships/{partnership}/panel/invite/",
            "people-panel-reader": f"/people/panel/{here.people.panel_reader.readings.get().pk}/",
            "people-role": f"/people/members/{here.people.member.memberships.get().pk}/role/",
        },
        here.people.lead: {
            "people-readers": f"/people/agencies/{police}/readers/",
            "people-readers-name": f"/people/agencies/{police}/readers/{here.plans.restricted.pk}/",
            "people-invitation": f"/people/invitations/{here.invitation.pk}/",
            "people-contact": f"/people/agencies/{police}/contacts/add/",
            "account-sessions": "/accounts/sessions/",
            "account-name": "/account/name/",
        },
        here.people.member: {"confidentiality": f"/confidentiality/{partnership}/"},
    }
    page.set_viewport_size({"width": 375, "height": 900})
    for person, addresses in shown.items():
        come_as(person)
        for name, address in addresses.items():
            open_page(page, address)
            axe_clean(page)
            fits(page)
            picture(page, f"{name}-375")
