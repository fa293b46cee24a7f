"""The app of the pages."""

from django.apps import AppConfig


class PortalConfig(AppConfig):
    """Pages, papers, and the words of the mails about accounts."""

    name = "portal"
    verbose_name = "Portal"

    def ready(self) -> None:
        """Say how mails about accounts are made."""
        from portal import account_mail, people_mail, release_mail, second_factor

        account_mail.register_kinds()
        people_mail.register_kinds()
        release_mail.register_kinds()
        second_factor.watch()
