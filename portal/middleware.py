"""What happens around every page."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from portal.views.errors import not_allowed

GetResponse = Callable[[HttpRequest], HttpResponse]


def kind_not_allowed(get_response: GetResponse) -> GetResponse:
    """Give Django's empty answer to the wrong method a page, keeping which methods are right."""

    def respond(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if response.status_code != 405 or response.content:
            return response
        page = not_allowed(request)
        page.headers["Allow"] = response.headers.get("Allow", "")
        return page

    return respond
