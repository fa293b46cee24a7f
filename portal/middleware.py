"""What happens around every page."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_cache_control

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


def kept_by_nobody(get_response: GetResponse) -> GetResponse:
    """Let neither browser nor proxy keep a page of somebody who is signed in: office machines are shared."""

    def respond(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if settings.SESSION_COOKIE_NAME in request.COOKIES:
            patch_cache_control(response, private=True, no_store=True)
        return response

    return respond
