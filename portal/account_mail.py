"""The mails about people's accounts: whether each is still wanted, and its words, links and secrets.

They are rows of the outbox like every other mail (``agencies.post.queue``). What stands here is called when a worker
builds the mail, so that a link's secret is in the mail and nowhere else.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urljoin, urlsplit

from allauth.account.forms import default_token_generator
from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.template import Context
from django.template.loader import get_template
from django.urls import reverse

from agencies.post import AccountMail
from reviews.chasing.kinds import Letter, MailKind, StillHolding, register
from reviews.chasing.recipients import has_address
from reviews.models import Why

if TYPE_CHECKING:
    from django.template import Template

    from agencies.models import User
    from reviews.models import Notice

#: What is told after the fact, and the words in which: ``…_subject.txt`` and ``…_message.txt``.
NEWS: dict[AccountMail, str] = {
    AccountMail.PASSWORD_CHANGED: "account/email/password_changed",
    AccountMail.ADDRESS_CHANGED: "account/email/email_changed",
    AccountMail.ADDRESS_REMOVED: "account/email/email_deleted",
    AccountMail.APP_ADDED: "mfa/email/totp_activated",
    AccountMail.APP_REMOVED: "mfa/email/totp_deactivated",
    AccountMail.KEY_ADDED: "mfa/email/webauthn_added",
    AccountMail.KEY_REMOVED: "mfa/email/webauthn_removed",
    AccountMail.RECOVERY_CODES: "mfa/email/recovery_codes_generated",
    AccountMail.PROVIDER_ADDED: "socialaccount/email/account_connected",
    AccountMail.PROVIDER_REMOVED: "socialaccount/email/account_disconnected",
    AccountMail.FACTOR_RESET: "mfa/email/factor_reset",
}


def register_kinds() -> None:
    """Register every kind that is made here."""
    for kind, words in NEWS.items():
        register(kind, MailKind(_person_is_there, _news(words)))
    register(AccountMail.PASSWORD_RESET, MailKind(_person_may_sign_in, _password_reset))
    register(AccountMail.CONFIRM_ADDRESS, MailKind(_address_waits, _confirmation))


def site_link(path: str) -> str:
    """A link as it stands in a mail: made from SITE_URL, because a Host header is whatever the sender typed."""
    return urljoin(settings.SITE_URL, path)


def letter(to: str, words: str, **facts: Any) -> Letter:
    """The letter to ``to`` whose templates begin with ``words``: subject on one line, body as text."""
    context = {"site_name": settings.MFA_TOTP_ISSUER, "site_domain": urlsplit(settings.SITE_URL).netloc, **facts}
    subject = " ".join(_in_plain_text(f"{words}_subject.txt", context).split())
    return Letter(to=to, subject=subject, body=_in_plain_text(f"{words}_message.txt", context).strip() + "\n")


def _in_plain_text(name: str, context: dict[str, Any]) -> str:
    """A template rendered for a mail, in which nothing is HTML: a name stands there as it is written."""
    template = cast("Template", get_template(name).template)  # type: ignore[attr-defined]  # Django's own engine
    return template.render(Context(context, autoescape=False))


def _person_is_there(notice: Notice) -> StillHolding:
    """News of one's account is told to whoever has lost it too; ``facts`` is where it goes."""
    person = notice.person
    if person is None:
        return StillHolding(why_not=Why.NO_ACCOUNT)
    person.refresh_from_db()
    if not (notice.address or has_address(person)):
        return StillHolding(why_not=Why.NO_ADDRESS)
    return StillHolding(facts=notice.address or person.email)


def _person_may_sign_in(notice: Notice) -> StillHolding:
    found = _person_is_there(notice)
    if notice.person and not notice.person.is_active:
        return StillHolding(why_not=Why.LEFT)
    return found


def _address_waits(notice: Notice) -> StillHolding:
    """The address is the person's, and is not confirmed yet; ``facts`` is its row."""
    waiting = EmailAddress.objects.filter(pk=notice.about_id, user=notice.person_id, verified=False).first()
    if notice.person is None or waiting is None:
        return StillHolding(why_not=Why.SETTLED)
    found = _person_may_sign_in(notice)
    found.facts = waiting
    return found


def _news(words: str) -> Callable[[Notice, StillHolding], Letter]:
    def compose(notice: Notice, found: StillHolding) -> Letter:
        return letter(found.facts, words, happened_at=notice.queued_at)

    return compose


def _password_reset(notice: Notice, found: StillHolding) -> Letter:
    person: User | None = notice.person
    assert person is not None  # asked a moment ago  # noqa: S101
    secret = {"uidb36": user_pk_to_url_str(person), "key": default_token_generator.make_token(person)}
    link = site_link(reverse("account_reset_password_from_key", kwargs=secret))
    return letter(found.facts, "account/email/password_reset_key", password_reset_url=link)


def _confirmation(notice: Notice, found: StillHolding) -> Letter:
    link = site_link(reverse("account_confirm_email", args=[EmailConfirmationHMAC(found.facts).key]))
    return letter(found.facts.email, "account/email/email_confirmation", activate_url=link)
