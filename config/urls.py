"""Which address leads where."""

from django.contrib import admin
from django.urls import include, path

from portal.views import account

urlpatterns = [
    path("accounts/password/set/", account.set_password, name="account_set_password"),
    path("accounts/", include("allauth.urls")),
    path("", include("portal.urls")),
    path("admin/", admin.site.urls),
]

handler400 = "portal.views.errors.bad_request"
handler403 = "portal.views.errors.forbidden"
handler404 = "portal.views.errors.not_found"
handler500 = "portal.views.errors.server_error"
