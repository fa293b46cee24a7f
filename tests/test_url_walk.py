"""Every address of the portal, asked by four people: nobody, a stranger, a reader without the right, its owner.

The rule is 302 to sign-in, 404, 403, 200; and the owner gets 404 for the same thing of the twin partnership, and where
nothing is. An address that answers otherwise says why in the table. A new address fails here until it has a line.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.db.models import Max
from django.test import Client
from django.urls import NoReverseMatch, reverse

from agencies import invitations
from agencies.models import User
from reviews import waiting_files
from reviews.models import PlanImport
from tests.factories import a_draft, a_kept_mail, a_session, a_submission
from tests.walking import ADMIN, ALL, Address, admin_pages, admin_urls, row_of
from tests.world import MARKER, Side, World

Args = dict[str, Any]


@dataclass(frozen=True)
class Page:
    """One line of the table: how to make the address, who its people are, what each is answered, and why."""

    args: Callable[[Side], Args] = lambda side: {}
    owner: Callable[[Side], User] = lambda side: side.people.member
    reader: Callable[[Side], User] | None = None
    anonymous: int = 302
    stranger: int = 404
    owned: int = 200
    read: int = 403
    method: str = "get"
    why: str = ""
    is_secret: bool = False  # whoever has the address is whom it was mailed to: there is no side to tell apart

    @property
    def is_exception(self) -> bool:
        """Whether it answers otherwise than the rule."""
        return (self.anonymous, self.stranger, self.owned, self.read) != (302, 404, 200, 403)


def public(why: str) -> Page:
    """A page for everybody."""
    return Page(anonymous=200, stranger=200, why=why)


def for_whoever_signs_in(why: str, **facts: Any) -> Page:
    """A page that shows each person their own things, a stranger none."""
    return Page(stranger=200, why=why, **facts)


def of_an_action(**facts: Any) -> Page:
    """A page about an action of the police."""
    return Page(args=lambda side: {"pk": side.plans.of_police.pk}, **facts)


def of_the_police(**facts: Any) -> Page:
    """A page about the people of the police."""
    args = {"args": lambda side: {"pk": side.agencies.police.pk}} | facts
    return Page(owner=lambda side: side.people.lead, reader=lambda side: side.people.member, **args)


def of_the_police_for_the_coordinator() -> Page:
    """A page about what becomes of the police; their lead sees the agency and decides nothing of the kind."""
    return Page(
        args=lambda side: {"pk": side.agencies.police.pk},
        owner=lambda side: side.people.coordinator,
        reader=lambda side: side.people.lead,
    )


def of_the_partnership() -> Page:
    """A page about the people of the partnership itself."""
    return Page(
        args=lambda side: {"pk": side.partnership.pk},
        owner=lambda side: side.people.coordinator,
        reader=lambda side: side.people.partnership_observer,
    )


def of_a_member(**facts: Any) -> Page:
    """A page about one person's part at the police; the group sees who belongs there and changes nothing."""
    args = {"args": lambda side: {"pk": side.people.member.memberships.get().pk}} | facts
    return Page(owner=lambda side: side.people.lead, reader=lambda side: side.people.member_of_group, **args)


def of_evidence(**facts: Any) -> Page:
    """A page about evidence that health gave on an action which the police lead with them."""
    return Page(
        args=lambda side: {"pk": side.plans.health_evidence.pk},
        owner=lambda side: side.people.health_lead,
        reader=lambda side: side.people.member,
        **facts,
    )


def a_waiting_file(side: Side) -> dict[str, int]:
    """A file of an update that waits for release, gone from the store: no walk leaves one open."""
    row = a_submission(side.plans.of_police, side.agencies.police, side.people.member)
    pdf = ContentFile(b"%PDF-1.7 register", name="register.pdf")
    file = waiting_files.stage(action=row.action, by=row.author, token=row.token, file=pdf)
    file.file.delete(save=False)
    return {"pk": row.pk, "file": file.pk}


def the_site_administrator(_: Side) -> User:
    """The one superuser."""
    return User.objects.get(is_superuser=True)


#: The portal's own addresses by their names.
PAGES: dict[str, Page] = {
    "home": for_whoever_signs_in("it leads each person to what is theirs", owned=302),
    "action-list": for_whoever_signs_in("whoever belongs to no agency is told so"),
    "action-detail": of_an_action(),
    "action-update": of_an_action(reader=lambda side: side.people.observer),
    "action-check": of_an_action(
        reader=lambda side: side.people.observer, owned=302, why="nothing is written yet: to the form"
    ),
    "action-draft": of_an_action(reader=lambda side: side.people.observer, method="post"),
    "draft-list": for_whoever_signs_in("it shows one's own drafts; whoever has none is told so"),
    "draft-discard": Page(
        args=lambda side: {"pk": a_draft(side.plans.of_police, side.agencies.police, side.people.member).pk},
        reader=lambda side: side.people.lead,
        read=404,
        why="a draft is its author's alone",
    ),
    "action-files": of_an_action(
        reader=lambda side: side.people.observer,
        method="post",
        anonymous=401,
        owned=400,
        why="a script asks, and is told that one is signed out; no file came with it",
    ),
    "action-claim": of_an_action(reader=lambda side: side.people.observer),
    "update-take-back": Page(
        args=lambda side: {"pk": side.plans.update.pk},
        owner=lambda side: side.people.member,
        reader=lambda side: side.people.lead,
    ),
    "action-owner": Page(
        args=lambda side: {"pk": side.plans.of_police.pk, "agency": side.agencies.police.pk},
        owner=lambda side: side.people.lead,
        reader=lambda side: side.people.member,
    ),
    "milestone-reached": Page(
        args=lambda side: {"pk": side.plans.of_police.pk, "step": side.plans.of_police.milestones.get().pk},
        owner=lambda side: side.people.member,
        reader=lambda side: side.people.observer,
    ),
    "agency-release": Page(
        args=lambda side: {"pk": side.agencies.police.pk},
        owner=lambda side: side.people.lead,
        reader=lambda side: side.people.member,
    ),
    "submission-detail": Page(
        args=lambda side: {"pk": a_submission(side.plans.of_police, side.agencies.police, side.people.member).pk},
        owner=lambda side: side.people.lead,
        reader=lambda side: side.people.named,
        read=404,
        why="a colleague reads the action, and does not learn here what another has handed in",
    ),
    "submission-file": Page(
        args=a_waiting_file,
        owner=lambda side: side.people.lead,
        reader=lambda side: side.people.named,
        read=404,
        owned=302,
        why="a colleague reads nothing here; a lead is told that the file is gone from the store",
    ),
    "evidence-add": of_an_action(reader=lambda side: side.people.observer),
    "evidence-file": of_evidence(
        owned=302, why="this piece is a link: back to the action, which says that it is no file"
    ),
    "evidence-withdraw": of_evidence(),
    "review-list": for_whoever_signs_in("whoever reads no plan is told so", owner=lambda side: side.people.chair),
    "review-detail": Page(
        args=lambda side: {"pk": side.plans.published.pk}, owner=lambda side: side.people.member_of_group
    ),
    "invitation": Page(
        args=lambda side: {"secret": invitations.make_link(side.invitation)},
        owner=lambda side: side.people.two_agencies,
        anonymous=200,
        stranger=403,
        is_secret=True,
        why="somebody new has no account yet; another account is told that the invitation went to another address",
    ),
    "count-list": Page(owner=lambda side: side.people.partnership_observer),
    "mail-list": Page(owner=the_site_administrator),
    "mail-detail": Page(args=lambda side: {"name": a_kept_mail()}, owner=the_site_administrator),
    "review-report": Page(
        args=lambda side: {"pk": side.plans.published.pk}, owner=lambda side: side.people.member_of_group
    ),
    "review-export": Page(
        args=lambda side: {"pk": side.plans.published.pk, "extension": "docx"},
        owner=lambda side: side.people.member_of_group,
    ),
    "see-as": Page(
        args=lambda side: {"pk": side.agencies.police.pk},
        owner=lambda side: side.people.chair,
        reader=lambda side: side.people.member_of_group,
    ),
    "see-as-end": Page(
        method="post", stranger=302, owned=302, why="it ends what one began oneself; nothing of anybody is named"
    ),
    "account-name": for_whoever_signs_in("it is about the person"),
    "your-account": for_whoever_signs_in("it is about the person"),
    "help": public("how one gets in; whoever has signed in reads about their own part"),
    "accessibility": public("the accessibility statement"),
    "privacy": public("the privacy notice"),
    "health": public("a load balancer signs in nowhere; it says only that the process answers"),
    "health-ready": Page(
        anonymous=503, stranger=503, owned=503, why="monitors sign in nowhere; codes and ages; no schedule runs here"
    ),
    "health-part": Page(
        args=lambda side: {"part": "database"}, anonymous=200, stranger=200, why="monitors sign in nowhere; a code"
    ),
    "metrics": Page(anonymous=404, owned=404, why="off unless a token is set, which then is the only way in"),
}

PAGES |= {
    "people-list": for_whoever_signs_in(
        "whoever looks after nobody is told so; a lead is led to the agency", owner=lambda side: side.people.coordinator
    ),
    "people-agency": of_the_police(),
    "people-agency-invite": of_the_police(),
    "people-partnership": of_the_partnership(),
    "people-partnership-invite": of_the_partnership(),
    "people-readers": of_the_police(),
    "people-readers-name": of_the_police(
        args=lambda side: {"pk": side.agencies.police.pk, "review_pk": side.plans.restricted.pk}
    ),
    "people-statement": of_the_partnership(),
    "people-panel": of_the_partnership(),
    "people-panel-invite": of_the_partnership(),
    "people-panel-reader": Page(
        args=lambda side: {"pk": side.people.panel_reader.readings.get().pk},
        owner=lambda side: side.people.coordinator,
        reader=lambda side: side.people.member_of_group,
    ),
    "confidentiality": Page(args=lambda side: {"pk": side.partnership.pk}, owner=lambda side: side.people.named),
    "people-confirm": of_the_police(
        method="post", owned=302, why="it leads back to the page whose people are confirmed"
    ),
    "contact-add": of_the_police(),
    "contact-change": Page(
        args=lambda side: {"pk": side.contact.pk},
        owner=lambda side: side.people.coordinator,
        reader=lambda side: side.people.member_of_group,
    ),
    "agency-add": of_the_partnership(),
    "agency-rename": of_the_police_for_the_coordinator(),
    "agency-succeed": of_the_police_for_the_coordinator(),
    "agency-close": Page(  # of one that answers for nothing any more: others are shown what stands in the way
        args=lambda side: {"pk": side.agencies.advisory_group.pk},
        owner=lambda side: side.people.coordinator,
        reader=lambda side: side.people.chair,
    ),
    "people-second-step": Page(
        args=lambda side: {"pk": side.people.member.memberships.get().pk},
        owner=lambda side: side.people.coordinator,
        reader=lambda side: side.people.lead,
    ),
    "sign-in-again": Page(stranger=302, owned=302, why="whoever has a password is asked for that"),
    "session-end": Page(
        args=lambda side: {"pk": a_session(side.people.member).pk},
        owned=302,
        method="post",
        why="it leads back to where one is signed in",
    ),
    "people-role": of_a_member(),
    "people-leave": of_a_member(),
    "people-invitation": of_a_member(args=lambda side: {"pk": side.invitation.pk}),
}

#: allauth's addresses are about the visitor's own account and name nothing else.
ABOUT_ONESELF = ("account_", "mfa_", "usersessions_", "socialaccount_", "openid_connect_")


#: Where allauth once had its pages of other providers: they lead to where those are now.
FORMER = "accounts/social/"

OWN = tuple(
    address
    for address in ALL
    if not address.name.startswith((*ABOUT_ONESELF, "admin:")) and not address.route.startswith(FORMER)
)


class Browsers(dict[User | None, Client]):
    """A browser for each person who asks, signed in once; and one in which nobody is."""

    def __missing__(self, who: User | None) -> Client:
        client = self[who] = Client()
        if who is not None:
            client.force_login(who)
        return client


@pytest.fixture
def browsers() -> Browsers:
    """No browser yet: each is there when somebody asks."""
    return Browsers()


def asked(browsers: Browsers, who: User | None, url: str, method: str = "get") -> int:
    """The code that ``who`` is answered; whatever it is, nobody keeps the answer to somebody who is signed in."""
    response = getattr(browsers[who], method)(url)
    if who is not None:
        assert {"private", "no-store"} <= set(response.headers.get("Cache-Control", "").split(", ")), url
    return response.status_code


def the_page(address: Address) -> Page:
    """Its line in the table."""
    if address.name not in PAGES:
        pytest.fail(
            f"“{address.route}” ({address.name}) has no line in PAGES of {__name__}. Add one, for example\n"
            f'    "{address.name}": Page(\n'
            '        args=lambda side: {"pk": side.plans.of_police.pk},    # makes the address, on either side\n'
            "        owner=lambda side: side.people.member,                # is answered 200\n"
            "        reader=lambda side: side.people.observer,             # sees the thing, lacks the right: 403\n"
            "    ),\n"
            "and say in why= what differs from 302, 404, 403, 200 (anonymous, stranger, reader, owner)."
        )
    return PAGES[address.name]


@pytest.mark.parametrize("address", OWN, ids=lambda address: address.name)
def test_each_page_answers_each_person_as_the_table_says(address: Address, world: World, browsers: Browsers) -> None:
    page = the_page(address)
    url = reverse(address.name, kwargs=page.args(world.here))
    answers = {
        "anonymous": asked(browsers, None, url, page.method),
        "stranger": asked(browsers, world.stranger, url, page.method),
        "owner": asked(browsers, page.owner(world.here), url, page.method),
    }
    expected = {"anonymous": page.anonymous, "stranger": page.stranger, "owner": page.owned}
    if page.reader:
        answers["reader"] = asked(browsers, page.reader(world.here), url, page.method)
        expected["reader"] = page.read
    assert answers == expected
    assert page.why or not page.is_exception, "an exception to the rule needs a reason"


@pytest.mark.parametrize("address", OWN, ids=lambda address: address.name)
def test_what_is_another_partnerships_and_what_is_not_are_the_same_404(
    address: Address, world: World, browsers: Browsers
) -> None:
    page = the_page(address)
    here, there = page.args(world.here), page.args(world.there)
    if here == there or page.is_secret:
        return  # the address names nothing that belongs to a partnership
    missing = {name: 10**9 if isinstance(value, int) else "nothing" for name, value in here.items()}
    owner = page.owner(world.here)
    for args in (there, missing):
        assert asked(browsers, owner, reverse(address.name, kwargs=args), page.method) == 404


def test_the_table_names_no_address_that_is_gone() -> None:
    assert set(PAGES) <= {address.name for address in OWN}


def test_account_pages_answer_everybody_and_name_nobody_else(world: World) -> None:
    for address in ALL:
        if not address.name.startswith(ABOUT_ONESELF):
            continue
        try:
            url = reverse(address.name)
        except NoReverseMatch:
            continue  # about a secret that was mailed, or a key of one's own
        for who in (None, world.stranger, world.here.people.lead):
            response = Browsers()[who].get(url)  # a page of these may sign one out
            assert response.status_code in (200, 302, 401, 404), url
            others = [name for name in (world.here.people.member.name, MARKER) if name in response.content.decode()]
            assert not others, url


#: Addresses of the admin site that are neither about a kind of row nor about one row by its number alone.
OTHER_ADMIN = {
    "admin:index": lambda side: [],
    "admin:jsi18n": lambda side: [],
    "admin:login": lambda side: [],
    "admin:app_list": lambda side: ["reviews"],
    "admin:reviews_import_row": lambda side: [row_of(PlanImport, side).pk, 1],
    "admin:reviews_import_headings": lambda side: [row_of(PlanImport, side).pk],
    "admin:reviews_import_not_taken": lambda side: [row_of(PlanImport, side).pk],
    "admin:reviews_import_file": lambda side: [row_of(PlanImport, side).pk],
    "admin:reviews_import_compared": lambda side: [row_of(PlanImport, side).pk],
}
#: Those that answer nothing by themselves: autocomplete wants to know of what, the last one is the admin site's 404.
SILENT_ADMIN = {"admin:autocomplete", "admin:"}


def test_every_address_of_the_admin_site_is_walked() -> None:
    starts = tuple(prefix for _, _, prefix in admin_pages())
    left = {address.name for address in ADMIN if not address.name.startswith(starts)}
    assert left == set(OTHER_ADMIN) | SILENT_ADMIN, "say in OTHER_ADMIN how the address is made"


@pytest.mark.parametrize("name", OTHER_ADMIN)
def test_other_addresses_of_the_admin_site_have_the_same_door(name: str, world: World, browsers: Browsers) -> None:
    url = reverse(name, args=OTHER_ADMIN[name](world.here))
    assert asked(browsers, None, url) == 302
    for without_door in (world.stranger, world.here.people.lead):
        assert asked(browsers, without_door, url) == 404
    if "<int:pk>" in next(address.route for address in ADMIN if address.name == name):
        assert asked(browsers, world.there.people.coordinator, url) == 404


def test_the_admin_site_opens_to_those_with_its_door_and_shows_a_row_to_its_overseers_only(
    world: World, browsers: Browsers
) -> None:
    here, there = world.here, world.there
    for url, row in list(admin_urls(here)):
        assert asked(browsers, None, url) == 302, url
        for without_door in (world.stranger, here.people.lead, here.people.partnership_observer):
            assert asked(browsers, without_door, url) == 404, url
        people_list = "/agencies/user/" in url
        if row is not None:
            assert asked(browsers, there.people.coordinator, url) == 404, url
            assert asked(browsers, here.people.coordinator, url) == (404 if people_list else 200), url
        else:
            assert asked(browsers, here.people.coordinator, url) == (403 if people_list else 200), url
        assert asked(browsers, world.superuser, url) == 200, url


def test_in_the_admin_site_what_is_missing_is_404_too(world: World, browsers: Browsers) -> None:
    for model, _, prefix in admin_pages():
        last = model._default_manager.aggregate(last=Max("pk"))["last"] or 0
        for end in ("change", "history"):
            url = reverse(f"{prefix}{end}", args=[last + 1000])
            assert asked(browsers, world.here.people.coordinator, url) == 404, url
            assert asked(browsers, world.superuser, url) == 404, url


@pytest.mark.parametrize(
    "gone",
    ["logout/", "password_change/", "r/1/1/", "auth/group/", "account/emailaddress/", "mfa/authenticator/"],
)
def test_addresses_of_djangos_admin_that_are_not_routed(gone: str, world: World, browsers: Browsers) -> None:
    url = f"{reverse('admin:index')}{gone}"
    assert asked(browsers, world.superuser, url) == 404
    assert asked(browsers, world.here.people.chair, url) == 404
    assert asked(browsers, world.stranger, url) == 404
