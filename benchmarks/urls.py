"""The portal's addresses and one more: the cheapest page that somebody signed in could ask for."""

from django.http import HttpRequest, HttpResponse
from django.urls import path

from config.urls import handler400, handler403, handler404, handler500, urlpatterns

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]


def constant(request: HttpRequest) -> HttpResponse:
    """The same few words to everybody who is signed in; the middleware has done its work by now."""
    return HttpResponse("signed in" if request.user.is_authenticated else "not signed in")


urlpatterns = [path("constant/", constant), *urlpatterns]
