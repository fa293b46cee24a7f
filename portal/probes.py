"""Requests of machines that watch the portal, answered before anything that people need.

A load balancer asks by this machine's address, without https and without a name, so that the check of the Host header
and the way to https would turn it away. And it asks all day: no session, no person, no write.
"""

from __future__ import annotations

from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import Resolver404, resolve

GetResponse = Callable[[HttpRequest], HttpResponse]

#: The names of these addresses. What they answer strangers must hold nothing of people and cases.
PROBES = ("health", "health-ready", "health-part", "metrics")
STARTS = ("/health/", "/metrics/")


def probes_first(get_response: GetResponse) -> GetResponse:
    """Answer a probe at once, and leave everything else, unknown probes too, to the rest of the portal."""

    def respond(request: HttpRequest) -> HttpResponse:
        if request.path_info.startswith(STARTS):
            try:
                match = resolve(request.path_info)
                if match.url_name in PROBES:
                    request.resolver_match = match  # the log names the route
                    answer: HttpResponse = match.func(request, *match.args, **match.kwargs)
                    return answer
            except (Resolver404, Http404):
                pass  # the usual page says so
        return get_response(request)

    return respond
