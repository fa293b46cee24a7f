"""Mails about accounts: rows first like every mail, with words and secrets made only when they are sent."""

from __future__ import annotations

import datetime as dt
import logging
import re
from pathlib import Path

import allauth
import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.conf import settings as portal_settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from agencies import post
from agencies.actors import SCHEDULE
from agencies.models import Membership, User
from agencies.post import AccountMail
from portal import account_adapter
from reviews import tasks
from reviews.chasing import delivery, outbox, planning
from reviews.chasing.kinds import registered
from reviews.models import Notice, Why
from tests.factories import TODAY
from tests.world import World

PASSWORD = "correct horse battery staple"
ANOTHER = "another quiet long password"
SITE = "https://actions.example.gov.uk"
LINK = re.compile(r"https?://[^/\s]+(/accounts/\S+)")


@pytest.fixture
def person(db) -> User:
    """Somebody with an account."""
    user = User.objects.create_user("ada@example.org", PASSWORD, name="Ada Okafor")
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


@pytest.fixture
def signed_in(client: Client, person: User) -> Client:
    client.post("/accounts/login/", {"login": person.email, "password": PASSWORD})
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    return client


def ask_for_reset(client: Client, email: str, **extra: object):
    return client.post("/accounts/password/reset/", {"email": email}, follow=True, **extra)


def link_in(message) -> str:
    return LINK.search(message.body)[1]


def without_tokens(page: bytes) -> str:
    """A page without what differs each time anyway."""
    return re.sub(r'(value|nonce)="[\w+/=-]{20,}"', "", page.decode())


def reasons() -> list[tuple[str, str, str]]:
    return list(Notice.objects.order_by("pk").values_list("kind", "state", "why"))


class TestReset:
    """A link for choosing a new password."""

    def test_the_answer_and_the_work_are_the_same_whether_the_address_is_known(self, client, person, mailoutbox):
        ask_for_reset(client, "nobody@example.org")  # what is done once a process is done
        with CaptureQueriesContext(
            connection,
        ) as known_work:
            known = ask_for_reset(client, "ada@example.org")
        with CaptureQueriesContext(connection) as unknown_work:
            unknown = ask_for_reset(client, "eve@example.org")
        assert without_tokens(known.content) == without_tokens(unknown.content).replace("eve@", "ada@")
        assert tables_of(known_work) == tables_of(unknown_work)
        assert not mailoutbox
        delivery.deliver_waiting()
        assert [message.to for message in mailoutbox] == [["ada@example.org"]]
        assert reasons()[1:] == [("password_reset", "sent", ""), ("password_reset", "dropped", Why.NO_ACCOUNT)]

    def test_a_worker_is_asked_at_once_and_told_nothing(
        self, client, person, monkeypatch, django_capture_on_commit_callbacks
    ):
        asked: list[tuple] = []
        monkeypatch.setattr(tasks.deliver, "apply_async", lambda *args, **kwargs: asked.append((args, kwargs)))
        with django_capture_on_commit_callbacks(execute=True):
            ask_for_reset(client, "ada@example.org")
        assert asked == [(((), {}), {})]

    def test_the_link_comes_from_the_settings_never_from_the_host_header(self, client, person, settings, mailoutbox):
        settings.SITE_URL = SITE
        settings.ALLOWED_HOSTS = ["*"]
        ask_for_reset(client, "ada@example.org", headers={"host": "evil.example.com"})
        delivery.deliver_waiting()
        assert "evil" not in mailoutbox[0].body + mailoutbox[0].subject
        assert f"{SITE}/accounts/password/reset/key/" in mailoutbox[0].body
        assert "actions.example.gov.uk" in mailoutbox[0].body.splitlines()[-1]

    def test_the_link_works_once_and_its_use_is_told(self, client, person, mailoutbox):
        ask_for_reset(client, "ada@example.org")
        delivery.deliver_waiting()
        form_page = client.get(link_in(mailoutbox[0]))
        client.post(form_page.url, {"password1": ANOTHER, "password2": ANOTHER})
        person.refresh_from_db()
        assert person.check_password(ANOTHER)
        client.session.flush()
        assert client.get(link_in(mailoutbox[0])).status_code == 200  # no form, only the word that it has been used
        delivery.deliver_waiting()
        assert [message.subject for message in mailoutbox] == ["Choose a new password", "Your password was changed"]

    def test_a_mail_server_that_is_down_delays_it_and_the_page_does_not_notice(self, client, person, smtp_sink):
        smtp_sink.refuse = "451 Later, ada@example.org"
        assert ask_for_reset(client, "ada@example.org").status_code == 200
        assert delivery.deliver_waiting() == {"failed": 1}
        smtp_sink.refuse = ""
        notice = Notice.objects.get()
        assert delivery.deliver_waiting(clock=lambda: notice.retry_at) == {"sent": 1}
        (message,) = smtp_sink.messages
        assert message["Message-ID"] == outbox.message_id(notice)
        assert client.get(LINK.search(message.get_content())[1]).status_code == 302

    def test_the_secret_is_in_the_mail_and_nowhere_else(self, client, person, mailoutbox, caplog):
        caplog.set_level(logging.DEBUG)
        ask_for_reset(client, "ada@example.org")
        delivery.deliver_waiting()
        secret = link_in(mailoutbox[0]).rstrip("/").rpartition("/")[2]
        assert len(secret) > 30
        kept = f"{list(Notice.objects.values())} {caplog.text}"
        for word in (secret, secret.partition("-")[2], "ada@", "Choose a new"):
            assert word not in kept

    def test_nobody_whose_account_was_closed_meanwhile_gets_a_link(self, client, person, mailoutbox):
        ask_for_reset(client, "ada@example.org")
        User.objects.update(is_active=False)
        assert delivery.deliver_waiting() == {"dropped": 1}
        assert not mailoutbox


def tables_of(work: CaptureQueriesContext) -> list[str]:
    """What was done in which table, without the values."""
    return [re.sub(r"'[^']*'|s\d+_x\d+", "?", query["sql"])[:60] for query in work]


def change_password(client: Client, person: User) -> None:
    form = {"oldpassword": PASSWORD, "password1": ANOTHER, "password2": ANOTHER}
    assert client.post("/accounts/password/change/", form).status_code == 302


def set_up_app(client: Client, person: User) -> None:
    page = client.get("/accounts/2fa/totp/activate/")
    counter = next(yield_hotp_counters_from_time())
    code = format_hotp_value(hotp_value(page.context["form"].secret, counter))
    assert client.post("/accounts/2fa/totp/activate/", {"code": code}).status_code == 302


class TestNews:
    """What happened to an account is told to its owner."""

    @pytest.mark.parametrize(
        ("happening", "subjects"),
        [
            (change_password, {"Your password was changed"}),
            (set_up_app, {"An authenticator app was set up", "New recovery codes were made"}),
        ],
    )
    def test_the_owner_hears_of_it(
        self, signed_in, person, mailoutbox, happening, subjects, django_capture_on_commit_callbacks
    ):
        with django_capture_on_commit_callbacks(execute=True):
            happening(signed_in, person)
        assert not mailoutbox
        delivery.deliver_waiting()
        assert {message.subject for message in mailoutbox} <= subjects
        assert mailoutbox
        assert [message.to for message in mailoutbox] == [[person.email]] * len(mailoutbox)
        assert f"{timezone.localdate():%B %Y} at " in mailoutbox[0].body

    def test_the_old_address_hears_of_a_new_one_that_was_confirmed(self, signed_in, person, mailoutbox):
        signed_in.post("/accounts/email/", {"action_add": "", "email": "ada@new.example"})
        delivery.deliver_waiting()
        (confirming,) = mailoutbox
        assert (confirming.to, confirming.subject) == (["ada@new.example"], "Confirm your e-mail address")
        signed_in.post(link_in(confirming))
        person.refresh_from_db()
        assert person.email == "ada@new.example"
        assert Notice.objects.latest("pk").address == "ada@example.org"
        delivery.deliver_waiting()
        news = mailoutbox[1]
        assert (news.to, news.subject) == (["ada@example.org"], "Your e-mail address was changed")
        assert "new.example" not in news.body
        assert set(Notice.objects.values_list("address", flat=True)) == {""}, "forgotten once it was written to"

    def test_a_person_without_a_row_for_the_old_address_hears_of_it_too(self, signed_in, person, mailoutbox):
        EmailAddress.objects.all().delete()
        signed_in.post("/accounts/email/", {"action_add": "", "email": "ada@new.example"})
        delivery.deliver_waiting()
        signed_in.post(link_in(mailoutbox[0]))
        delivery.deliver_waiting()
        assert mailoutbox[1].to == ["ada@example.org"]

    def test_an_address_with_which_somebody_else_signs_in_by_now_is_not_confirmed(self, signed_in, person, mailoutbox):
        signed_in.post("/accounts/email/", {"action_add": "", "email": "ada@new.example"})
        delivery.deliver_waiting()
        User.objects.create_superuser("ada@new.example", PASSWORD, name="Somebody Else")  # as a command does
        answer = signed_in.post(link_in(mailoutbox[0]), follow=True)
        assert "ada@new.example cannot be confirmed" in answer.content.decode()
        person.refresh_from_db()
        assert person.email == "ada@example.org"
        assert EmailAddress.objects.get(user=person, primary=True).email == "ada@example.org"
        assert not EmailAddress.objects.get(email="ada@new.example").verified

    @pytest.mark.parametrize(
        "letters", ["\N{LATIN CAPITAL LETTER I WITH DOT ABOVE}", "x@" + "b" * 60 + (".c" + "c" * 59) * 4]
    )
    def test_what_cannot_be_kept_is_no_new_address(self, letters, signed_in, person):
        typed = letters + (".example" if "@" in letters else "@new.example")
        answer = signed_in.post("/accounts/email/", {"action_add": "", "email": typed})
        assert "e-mail address" in str(answer.context["form"].errors["email"])
        assert EmailAddress.objects.get().email == "ada@example.org"

    def test_an_old_address_is_kept_for_another_try(self, person, smtp_sink):
        post.queue(kind=AccountMail.ADDRESS_CHANGED, person=person, address="ada@old.example")
        smtp_sink.refuse = "451 Later"
        delivery.deliver_waiting()
        notice = Notice.objects.get()
        smtp_sink.refuse = ""
        assert delivery.deliver_waiting(clock=lambda: notice.retry_at) == {"sent": 1}
        assert smtp_sink.recipients == [["ada@old.example"]]

    def test_no_address_is_confirmed_that_was_withdrawn_meanwhile(self, signed_in, person, mailoutbox):
        signed_in.post("/accounts/email/", {"action_add": "", "email": "ada@new.example"})
        signed_in.post("/accounts/email/", {"action_remove": "", "email": "ada@new.example"})
        delivery.deliver_waiting()
        assert reasons() == [("confirm_address", "dropped", Why.SETTLED), ("address_removed", "sent", "")]
        assert [message.to for message in mailoutbox] == [["ada@example.org"]]


def test_every_mail_of_the_library_has_a_kind_or_a_reason() -> None:
    elsewhere = {
        *("account/email/password_reset_key", "account/email/email_confirmation"),  # asked for by name
        "account/email/base", "account/email/email_confirm",  # no mails
        *("account/email/account_already_exists", "account/email/email_confirmation_signup"),  # sign-up is closed
        "account/email/unknown_account",  # ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS is off
        *("account/email/login_code", "account/email/password_reset_code"),  # codes by mail are off
    }  # fmt: skip
    assert not portal_settings.ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS
    templates = Path(allauth.__file__).parent / "templates"
    of_library = {
        str(file.relative_to(templates)).removesuffix("_message.txt")
        for app in ("account", "mfa", "socialaccount")
        for file in (templates / app / "email").glob("*_message.txt")
    }
    assert of_library == elsewhere | set(account_adapter.NEWS)


def test_a_mail_of_the_library_without_a_kind_is_not_sent(mailoutbox, monkeypatch) -> None:
    said: list[tuple] = []
    monkeypatch.setattr(account_adapter.log, "error", lambda *words: said.append(words))
    account_adapter.AccountAdapter().send_mail("account/email/login_code", "ada@example.org", {"code": "123456"})
    assert not mailoutbox
    assert said == [("account mail without a kind: %s", "account/email/login_code")]


def test_every_kind_but_the_invitation_is_made_by_somebody() -> None:
    assert {kind for kind, _ in Notice.KINDS} - registered() <= {AccountMail.INVITATION}


def test_asked_for_twice_under_one_key_it_is_one_mail(person, mailoutbox) -> None:
    for _ in range(2):
        post.queue(kind=AccountMail.PASSWORD_CHANGED, person=person, key="password:1")
    delivery.deliver_waiting()
    assert len(mailoutbox) == 1


def test_neither_a_pause_nor_a_run_of_reminders_holds_it_back(world: World, monkeypatch, mailoutbox) -> None:
    here = world.here
    here.plans.published.__class__.objects.filter(pk=here.plans.published.pk).update(
        chasing_from=TODAY.replace(year=2025)
    )
    planning.plan_run(partnership=here.partnership, on=TODAY, by=SCHEDULE)
    here.partnership.__class__.objects.update(chasing_paused=True)
    post.queue(kind=AccountMail.PASSWORD_RESET, person=here.people.lead, partnership=here.partnership)
    monkeypatch.setattr(outbox, "BATCH", 1)
    (first, *_) = outbox.claim(timezone.now())
    assert first.kind == AccountMail.PASSWORD_RESET
    Notice.objects.filter(pk=first.pk).update(state="queued")
    assert delivery.deliver_waiting()["sent"] == 1


@pytest.mark.parametrize("who", ["coordinator", "superuser"])
def test_only_site_administrators_see_what_concerns_no_partnership(world: World, client: Client, who: str) -> None:
    post.queue(kind=AccountMail.PASSWORD_RESET, person=world.here.people.lead)
    post.queue(kind=AccountMail.PASSWORD_RESET)
    client.force_login(world.superuser if who == "superuser" else world.here.people.coordinator)
    sees = who == "superuser"
    page = client.get("/admin/reviews/notice/?kind__exact=password_reset")
    assert page.context["cl"].result_count == (2 if sees else 0)
    for notice in Notice.objects.filter(partnership=None):
        assert client.get(f"/admin/reviews/notice/{notice.pk}/change/").status_code == (200 if sees else 404)


def test_housekeeping_forgets_old_mail_about_accounts_and_nothing_else(world: World) -> None:
    Membership.objects.update(confirmed_on=timezone.localdate())  # nobody is asked who still belongs
    reminders = Notice.objects.count()
    post.queue(kind=AccountMail.PASSWORD_RESET)
    post.queue(kind=AccountMail.PASSWORD_CHANGED, person=world.here.people.lead)
    delivery.deliver_waiting()
    Notice.objects.update(queued_at=timezone.now() - dt.timedelta(days=29))
    tasks.housekeeping()
    assert Notice.objects.count() == reminders + 2
    Notice.objects.update(queued_at=timezone.now() - dt.timedelta(days=31))
    post.queue(kind=AccountMail.PASSWORD_RESET)
    tasks.housekeeping()
    assert Notice.objects.count() == reminders + 1
