"""The app that knows who exists and who belongs where."""

from django.apps import AppConfig


class AgenciesConfig(AppConfig):
    """Partnerships, agencies, people, memberships and the permissions they carry."""

    name = "agencies"
    verbose_name = "Agencies and people"

    def ready(self) -> None:
        """Register the system checks and the containers of this app."""
        from agencies import checks  # noqa: F401  (importing registers the checks)
        from agencies.permissions import register_own_containers

        register_own_containers()
