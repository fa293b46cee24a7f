"""The app that knows who exists and who belongs where."""

from django.apps import AppConfig
from django.contrib.admin import apps as admin


class AgenciesConfig(AppConfig):
    """Partnerships, agencies, people, memberships and the permissions they carry."""

    default = True
    name = "agencies"
    verbose_name = "Agencies and people"

    def ready(self) -> None:
        """Register the system checks and the containers of this app."""
        from agencies import checks  # noqa: F401  (importing registers the checks)
        from agencies.permissions import register_own_containers

        register_own_containers()


class OversightConfig(admin.AdminConfig):
    """Django admin with the portal's own site, which takes no admin class that is not scoped."""

    default = False
    default_site = "agencies.admin_site.OversightSite"
