"""manage.py begin: how a portal in production gets its first partnership and people."""

from __future__ import annotations

import re
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from agencies.models import AuditEntry, Invitation, Partnership, User
from agencies.post import AccountMail
from reviews.chasing import delivery
from reviews.models import Notice
from tests.factories import PASSWORD, a_person

pytestmark = pytest.mark.django_db
FACTS = {"partnership": "haringey", "name": "Haringey partnership", "administrator": "site@example.org"}


def begun(**changes: str) -> str:
    out = StringIO()
    call_command("begin", stdout=out, **(FACTS | changes))
    return out.getvalue()


def test_the_administrator_chooses_a_password_by_the_link_in_one_mail(client, mailoutbox):
    said = begun(coordinator="anna@example.org")
    assert "mail with a link" in said
    user = User.objects.get()
    assert (user.is_superuser, user.is_staff, user.has_usable_password()) == (True, True, False)
    assert Invitation.objects.get().partnership == Partnership.objects.get(code="haringey")
    assert set(AuditEntry.objects.values_list("actor", flat=True)) == {"system:command"}
    delivery.deliver_waiting()
    mail = next(mail for mail in mailoutbox if mail.to == ["site@example.org"])
    assert PASSWORD not in said + mail.body
    page = client.get(re.search(r"https?://[^/\s]+(/accounts/\S+)", mail.body)[1], follow=True)
    client.post(page.request["PATH_INFO"], {"password1": PASSWORD, "password2": PASSWORD})
    user.refresh_from_db()
    assert user.check_password(PASSWORD)


def test_said_again_it_makes_and_mails_nothing_twice():
    begun(coordinator="anna@example.org")
    assert "nothing was mailed to them" in begun(coordinator="Anna@example.org").splitlines()[-1]
    assert Notice.objects.filter(kind=AccountMail.INVITATION).count() == 1
    assert "already" in begun()
    assert "made" in begun(partnership="enfield", name="Enfield partnership")
    assert (User.objects.count(), Partnership.objects.count()) == (1, 2)
    assert Notice.objects.filter(kind=AccountMail.PASSWORD_RESET).count() == 1


def test_mails_say_to_ask_the_coordinator_or_whom_one_says():
    begun(coordinator="anna@example.org")
    there = Partnership.objects.get()
    assert (there.contact_email, there.group_name) == ("anna@example.org", "Strategic Group")
    begun(coordinator="bo@example.org", contact="dhr@example.org", group="VAWG Group")
    there.refresh_from_db()
    assert (there.contact_email, there.group_name) == ("dhr@example.org", "VAWG Group")
    begun(coordinator="bo@example.org")
    there.refresh_from_db()
    assert there.contact_email == "dhr@example.org", "what was said stays"


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"contact": "nobody"}, "Address for questions: Enter a valid"),
        ({"partnership": "Har ingey"}, "Code of the partnership"),
        ({"name": " "}, "Name of the partnership"),
        ({"administrator": "site"}, "not an e-mail address"),
        ({"administrator": "person@example.org"}, "not a site administrator"),
        ({"administrator_name": " "}, "Enter your name"),
        ({"coordinator": "anna"}, "not an e-mail address"),
    ],
)
def test_what_cannot_be_is_refused_and_leaves_nothing(changes, sentence):
    a_person(email="person@example.org")
    with pytest.raises(CommandError, match=sentence):
        begun(**changes)
    assert not Partnership.objects.exists()
    assert not User.objects.filter(is_superuser=True).exists()
    assert not Notice.objects.exists()
