"""The admin site of the portal: one door, and nothing in it that is not behind the wall."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import update_wrapper
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar, cast

from django.contrib import messages
from django.contrib.admin import AdminSite, ModelAdmin
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import ImproperlyConfigured
from django.db.models import Model
from django.db.models.base import ModelBase
from django.http import Http404, HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from agencies import kept
from agencies.scoped_admin import ScopedAdmin

if TYPE_CHECKING:
    from django.urls import URLPattern, URLResolver

#: Whose admin pages are left out: they know no wall, and accounts and factors are changed by their owners only.
LEFT_OUT = frozenset({"account", "auth", "guardian", "import_export", "mfa", "socialaccount", "usersessions"})

#: Addresses of Django's site that do not exist here. People sign out and change passwords in the portal; "view on site"
#: would tell whether any row of any model exists.
NOT_ROUTED = frozenset({"logout", "password_change", "password_change_done", "view_on_site"})

View = TypeVar("View", bound=Callable[..., HttpResponseBase])
FirstPage = Callable[[HttpRequest], dict[str, Any]]


class OversightSite(AdminSite):
    """Django admin for coordinators, the Strategic Group and site administrators."""

    site_title = "Review action portal"
    site_header = "Review action portal: oversight"
    index_title = "Oversight"
    index_template = "admin/scoped/index.html"
    #: Gives the first page what it shows above the lists. Set by the app of the domain.
    first_page: ClassVar[FirstPage | None] = None

    def register(
        self,
        model_or_iterable: type[Model] | Iterable[type[Model]],
        admin_class: type[ModelAdmin[Any]] | None = None,
        **options: Any,
    ) -> None:
        """Take an admin class that inherits ScopedAdmin. Those of the libraries in ``LEFT_OUT`` are passed over.

        Raises ImproperlyConfigured for any other class: it would show every partnership's rows.
        """
        models = [model_or_iterable] if isinstance(model_or_iterable, ModelBase) else list(model_or_iterable)
        if all(model._meta.app_label in LEFT_OUT for model in models):
            return
        if admin_class is None or not issubclass(admin_class, ScopedAdmin):
            names = ", ".join(model._meta.label for model in models)
            raise ImproperlyConfigured(
                f"The admin of {names} does not inherit agencies.scoped_admin.ScopedAdmin. Let it, or add the library "
                "to LEFT_OUT in agencies/admin_site.py."
            )
        super().register(models, admin_class, **options)

    def get_urls(self) -> list[URLPattern | URLResolver]:
        """Django's addresses without those in ``NOT_ROUTED``."""
        return [entry for entry in super().get_urls() if getattr(entry, "name", None) not in NOT_ROUTED]

    def admin_view(self, view: View, cacheable: bool = False) -> View:
        """Let in whoever has the admin door. Others sign in first; to people without the door nothing is here."""
        inner = super().admin_view(view, cacheable)

        def door(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not request.user.is_authenticated:
                if kept.keep(request):
                    messages.info(request, "Your session had ended. We kept what you typed: sign in, and it is there.")
                return redirect_to_login(request.get_full_path())
            if not self.has_permission(request):
                raise Http404
            return inner(request, *args, **kwargs)

        return cast(View, update_wrapper(door, inner))

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """Lead to the portal's own sign-in, whatever is sent: Django's knows no rate limit and no second factor."""
        asked = request.GET.get(REDIRECT_FIELD_NAME, "")
        is_ours = url_has_allowed_host_and_scheme(asked, {request.get_host()}, require_https=request.is_secure())
        after = asked if is_ours and asked.startswith("/") else reverse(f"{self.name}:index")
        if not request.user.is_authenticated:
            return redirect_to_login(after)
        if not self.has_permission(request):
            raise Http404
        return HttpResponseRedirect(after)

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """The first page: what ``first_page`` gives, then the lists."""
        first_page = type(self).first_page
        shown = first_page(request) if first_page else {}
        return super().index(request, {**shown, **(extra_context or {})})
