"""What the tests promise each other: another process of the portal shares a test's database, broker and mail server."""

import subprocess
import sys
from pathlib import Path
from smtplib import SMTPException

import pytest
from django.core.mail import send_mail
from django.db import connection

from agencies.models import User

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.mark.slow
def test_another_process_sees_what_the_test_has_written(portal_environment):
    User.objects.create_user("ada@example.org", name="Ada Okafor")
    script = (
        "from agencies.models import User; from django.db import connection; from django.core.mail import send_mail;"
        "print(connection.vendor, User.objects.get().pk); send_mail('Hello', '', None, ['ada@example.org'])"
    )
    command = [sys.executable, "manage.py", "shell", "--verbosity=0", "-c", script]
    said = subprocess.run(command, cwd=ROOT, env=portal_environment, capture_output=True, text=True, timeout=60)
    assert said.stdout.split() == [connection.vendor, str(User.objects.get().pk)], said.stderr


def test_the_mail_server_keeps_what_it_gets_and_can_have_a_bad_day(smtp_sink, mailoutbox, settings):
    send_mail("Hello", "", "portal@example.org", ["ada@example.org"])
    assert [message["Subject"] for message in smtp_sink.messages] == ["Hello"]
    assert smtp_sink.recipients == [["ada@example.org"]]
    smtp_sink.refuse = "451 Later"
    with pytest.raises(SMTPException):
        send_mail("Hello", "", "portal@example.org", ["ada@example.org"])
    smtp_sink.refuse, smtp_sink.hang, settings.EMAIL_TIMEOUT = "", 2, 0.2
    with pytest.raises((SMTPException, TimeoutError)):
        send_mail("Hello", "", "portal@example.org", ["ada@example.org"])
