"""The frame: who is shown which way, the first page, and pages for when something is wrong."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.test import Client, RequestFactory
from django.urls import reverse

from agencies.models import User
from portal.nav import ITEMS
from portal.views import errors
from reviews.chasing import delivery
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def person() -> User:
    return User.objects.create_user("amina@agency.example", "four quiet words together", name="Amina Yusuf")


def test_every_way_leads_somewhere() -> None:
    assert all(reverse(item.url_name).startswith("/") for item in ITEMS)


def test_strangers_are_shown_only_the_way_in(client: Client) -> None:
    page = client.get("/privacy/").content.decode()
    assert "Sign in" in page
    assert all(words not in page for words in ("Your actions", "Oversight", "Sign out"))


def test_oversight_is_shown_to_those_with_the_admin_door(client: Client, person: User) -> None:
    client.force_login(person)
    assert "Oversight" not in client.get("/account/").content.decode()
    User.objects.filter(pk=person.pk).update(is_staff=True)
    assert "Oversight" in client.get("/account/").content.decode()


def test_the_page_one_is_on_is_marked(client: Client, person: User) -> None:
    client.force_login(person)
    page = client.get("/account/").content.decode()
    assert page.count("aria-current") == 1


def test_the_first_page_asks_strangers_to_sign_in(client: Client) -> None:
    assert client.get("/").headers["Location"] == "/accounts/login/?next=/"


def test_nobody_makes_an_account_for_themselves(client: Client) -> None:
    for answer in (client.get("/accounts/signup/"), client.post("/accounts/signup/", {"email": "a@b.example"})):
        assert "Accounts here are by invitation" in answer.content.decode()
    assert not User.objects.exists()


def test_what_is_not_there_says_nothing_of_what_was_asked(client: Client) -> None:
    answer = client.get("/reviews/adult-a-secret/")
    assert answer.status_code == 404
    assert "adult-a-secret" not in answer.content.decode()


def test_the_wrong_method_gets_a_page_that_keeps_the_right_ones(client: Client) -> None:
    answer = client.post("/privacy/")
    assert answer.status_code == 405
    assert answer.headers["Allow"] == "GET, HEAD"
    assert "cannot be opened like that" in answer.content.decode()


def test_a_form_from_elsewhere_gets_a_kind_answer(person: User) -> None:
    answer = Client(enforce_csrf_checks=True).post("/accounts/login/", {"login": person.email})
    assert answer.status_code == 403
    assert "Please send this again" in answer.content.decode()


@pytest.mark.parametrize("said", [{"progress": "x" * 3_200_000}, {f"field{number}": "" for number in range(1100)}])
def test_who_pastes_more_than_a_form_holds_is_told_so(person: User, said: dict[str, str]) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(person)
    client.cookies[settings.CSRF_COOKIE_NAME] = "x" * 32
    page = client.post("/actions/1/update/", said)
    assert page.status_code == 413
    assert "too long to send at once" in page.content.decode()
    for path in ("draft", "files"):
        answer = client.post(f"/actions/1/{path}/", said)
        assert (answer.status_code, list(answer.json())) == (413, ["problem"])


def test_error_pages_stand_without_a_person_or_a_session() -> None:
    bare = RequestFactory().get("/")
    for view, status in ((errors.bad_request, 400), (errors.forbidden, 403), (errors.not_found, 404)):
        assert view(bare).status_code == status


def test_the_last_page_stands_when_its_styles_do_not(monkeypatch: pytest.MonkeyPatch) -> None:
    def lost(_name: str) -> str:
        raise ValueError("not in the manifest")

    monkeypatch.setattr(errors.staticfiles_storage, "url", lost)
    answer = errors.server_error(RequestFactory().get("/"))
    assert answer.status_code == 500
    assert "something went wrong" in answer.content.decode()
    assert "stylesheet" not in answer.content.decode()


def test_every_page_carries_a_policy_without_inline_styles(client: Client) -> None:
    answer = client.get("/accounts/login/")
    policy = answer.headers["Content-Security-Policy"]
    assert "unsafe-inline" not in policy
    assert 'style="' not in answer.content.decode()


def test_account_mails_are_in_our_words(client: Client, person: User, mailoutbox: list) -> None:
    client.post("/accounts/password/reset/", {"email": person.email})
    client.force_login(person)
    client.post("/accounts/reauthenticate/", {"password": "four quiet words together"})
    new = "another four quiet words"
    old = "four quiet words together"
    client.post("/accounts/password/change/", {"oldpassword": old, "password1": new, "password2": new})
    delivery.deliver_waiting()
    assert [mail.subject for mail in mailoutbox] == ["Choose a new password", "Your password was changed"]
    assert "/accounts/password/reset/key/" in mailoutbox[0].body
    assert "partnership's coordinator" in mailoutbox[1].body
    assert all("{" not in mail.body and "Hello from" not in mail.body for mail in mailoutbox)


def test_who_belongs_reads_whom_to_ask_and_a_stranger_does_not(world: World, client: Client) -> None:
    here, there = world.here, world.there
    for side in (here, there):
        side.partnership.contact_email = f"ask{side.partnership.pk}@questions.example"
        side.partnership.save()
    pages = (reverse("help"), "/accessibility/", "/privacy/", "/no-such-page/")
    for address in pages:
        assert "questions.example" not in client.get(address).content.decode()
    client.force_login(world.stranger)
    for address in (*pages, reverse("your-account")):
        assert "questions.example" not in client.get(address).content.decode()
    for person in (here.people.member, here.people.panel_reader, here.people.partnership_observer):
        client.force_login(person)
        for address in (*pages, reverse("your-account")):
            page = client.get(address).content.decode()
            assert f"mailto:{here.partnership.contact_email}" in page, (person, address)
            assert there.partnership.contact_email not in page
    client.force_login(here.people.member)
    refused = client.get(reverse("people-agency", args=[here.agencies.police.pk]))
    assert refused.status_code == 403
    assert here.partnership.contact_email in refused.content.decode()


@pytest.mark.parametrize(
    ("who", "said", "unsaid"),
    [
        ("member", ["Your agency’s actions"], ["As a lead", "counts what needs", "Update report"]),
        ("lead", ["Your agency’s actions", "As a lead"], ["Update report"]),
        ("chair", ["Update report", "counts what needs the group"], ["As a lead"]),
        ("panel_reader", ["Update report"], ["counts what needs", "Your agency’s actions"]),
        ("partnership_observer", ["how plans stand in numbers"], ["Update report"]),
    ],
)
def test_help_speaks_to_each_in_their_part(
    who: str, said: list[str], unsaid: list[str], world: World, client: Client
) -> None:
    client.force_login(getattr(world.here.people, who))
    page = client.get(reverse("help")).content.decode()
    assert all(words in page for words in said)
    assert not any(words in page for words in unsaid)


def test_the_statements_say_who_answers_and_where_to_complain(client: Client, settings) -> None:
    page = client.get("/accessibility/").content.decode()
    assert all(words in page for words in ("partially compliant", "23 November 2026", "equalityadvisoryservice.com"))
    page = client.get("/privacy/").content.decode()
    assert all(words in page for words in ("controllers", "article 6(1)(e)", "ico.org.uk", "who the data protection"))
    settings.PRIVACY_NOTICE_URL = "https://council.example/privacy"
    assert 'href="https://council.example/privacy"' in client.get("/privacy/").content.decode()
