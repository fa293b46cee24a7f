"""The pages that show what the embedded default would have mailed."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from django.core import mail
from django.urls import reverse

from agencies.actors import SCHEDULE
from agencies.roles import RoleCode
from reviews import reviewing
from reviews.chasing import delivery, planning
from tests.factories import TODAY, a_kept_mail, a_member
from tests.portal.conftest import SignedIn
from tests.world import World

pytestmark = pytest.mark.either

LIST = "mail-list"


@pytest.fixture(autouse=True)
def kept(settings, tmp_path: Path) -> Path:
    """Mail goes to files in a folder of the test."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = str(tmp_path)
    return tmp_path


def detail(name: str) -> str:
    return reverse("mail-detail", kwargs={"name": name})


def test_each_reminder_is_a_file_and_a_page_with_links_that_work(world: World, signed_in: SignedIn) -> None:
    here = world.here
    a_member(RoleCode.AGENCY_LEAD, here.agencies.police)
    reviewing.start_chasing(review=here.plans.published, by=SCHEDULE, on=TODAY.replace(year=2025))
    planning.plan_run(partnership=here.partnership, on=TODAY, by=SCHEDULE)
    sent = delivery.deliver_waiting()["sent"]
    client = signed_in(world.superuser)
    page = client.get(reverse(LIST))
    files = page.context["files"]
    assert len(files) == sent == 2
    assert all(len(file.mails) == 1 for file in files)
    (to_lead,) = [file for file in files if file.mails[0].to == here.people.lead.email]
    message = client.get(detail(to_lead.name)).content.decode()
    link = f"http://localhost:8000/actions/{here.plans.of_police_overdue.pk}/"
    assert f'<a href="{link}"' in message


def test_the_newest_stands_first(world: World, signed_in: SignedIn, kept: Path) -> None:
    for age, name in enumerate(("newest", "middle", "oldest")):
        a_kept_mail(name, subject=name)
        os.utime(kept / f"{name}.log", (10**9 - age, 10**9 - age))
    page = signed_in(world.superuser).get(reverse(LIST))
    assert [file.name for file in page.context["files"]] == ["newest", "middle", "oldest"]


def test_a_message_is_shown_as_text_and_never_as_a_page(world: World, signed_in: SignedIn) -> None:
    name = a_kept_mail(subject="<b>Bold</b>", text="<script>alert(1)</script>")
    client = signed_in(world.superuser)
    for url in (reverse(LIST), detail(name)):
        content = client.get(url).content.decode()
        assert "&lt;b&gt;Bold" in content
        assert "<script>alert" not in content


def test_messages_written_together_are_all_shown(world: World, signed_in: SignedIn) -> None:
    with mail.get_connection() as connection:
        for number in (1, 2):
            mail.EmailMessage(f"Number {number}", to=["a@example.org"], connection=connection).send()
    client = signed_in(world.superuser)
    (file,) = client.get(reverse(LIST)).context["files"]
    content = client.get(detail(file.name)).content.decode()
    assert "Number 1" in content
    assert "Number 2" in content


def test_an_empty_folder_and_an_empty_file_are_no_messages(world: World, signed_in: SignedIn, kept: Path) -> None:
    (kept / "opened.log").touch()
    client = signed_in(world.superuser)
    assert "No message has been written yet" in client.get(reverse(LIST)).content.decode()
    assert client.get(detail("opened")).status_code == 404
    kept.joinpath("opened.log").unlink()
    kept.rmdir()
    assert client.get(reverse(LIST)).status_code == 200


def test_only_site_administrators_know_of_it(world: World, signed_in: SignedIn) -> None:
    name = a_kept_mail()
    people = world.here.people
    for person in (people.coordinator, people.chair, people.lead, world.stranger):
        client = signed_in(person)
        assert client.get(reverse(LIST)).status_code == client.get(detail(name)).status_code == 404
        assert reverse(LIST) not in client.get(reverse("your-account")).content.decode()
    client = signed_in(world.superuser)
    assert client.get(detail(name)).status_code == 200
    assert reverse(LIST) in client.get(reverse("your-account")).content.decode()


@pytest.mark.parametrize("elsewhere", [{"EMBEDDED": False}, {"EMAIL_URL": "smtp://mail:25"}])
def test_in_production_there_is_no_such_page(world: World, signed_in: SignedIn, settings, elsewhere) -> None:
    name = a_kept_mail()
    client = signed_in(world.superuser)
    for setting, value in elsewhere.items():
        setattr(settings, setting, value)
    assert client.get(reverse(LIST)).status_code == client.get(detail(name)).status_code == 404
    assert reverse(LIST) not in client.get(reverse("your-account")).content.decode()


def test_a_name_leads_nowhere_else(world: World, signed_in: SignedIn, kept: Path) -> None:
    (kept.parent / "outside.log").write_text("Subject: secret\n\nsecret")
    client = signed_in(world.superuser)
    for name in ("nothing", "..%2Foutside", "../outside"):
        assert client.get(f"{reverse(LIST)}{name}/").status_code == 404
