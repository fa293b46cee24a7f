"""The portal's own addresses. An address is a noun in the singular or the plural, then what is done."""

from django.urls import path

from portal.views import start

urlpatterns = [
    path("", start.home, name="home"),
    path("account/", start.your_account, name="your-account"),
    path("accessibility/", start.accessibility, name="accessibility"),
    path("privacy/", start.privacy, name="privacy"),
]
