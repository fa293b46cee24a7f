"""For monitors and load balancers: is the portal there, and is it well? Codes and ages, for anybody.

These addresses are answered before sessions, sign-in and the check of the Host header (`portal.probes`).
"""

from __future__ import annotations

import datetime as dt
import threading
import time

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST

from portal import metrics as numbers
from reviews.inspection.health import PARTS, Health, is_well, look

#: For so long an answer is given again, so that asking often costs nothing.
KEPT_SECONDS = 2.0


class Kept:
    """What was last seen of each part, shared by the threads of this process."""

    def __init__(self) -> None:
        """Nothing was seen yet."""
        self._locks = {part: threading.Lock() for part in PARTS}
        self._seen: dict[str, tuple[float, Health]] = {}

    def look(self, part: str, now: dt.datetime) -> Health:
        """How a part is, or was a moment ago. One thread asks; while a part hangs, others say so."""
        lock = self._locks[part]
        if not lock.acquire(timeout=KEPT_SECONDS):
            return {"status": "hangs"}
        try:
            at, health = self._seen.get(part, (float("-inf"), {}))
            if time.monotonic() - at >= KEPT_SECONDS:
                health = look(part, now)
                self._seen[part] = time.monotonic(), health
            return health
        finally:
            lock.release()

    def forget(self) -> None:
        """Ask anew next time."""
        self._seen.clear()


KEPT = Kept()


@never_cache
@require_safe
def health(request: HttpRequest) -> JsonResponse:
    """Whether this process answers. Asks neither database nor broker."""
    return JsonResponse({"status": "ok"})


@never_cache
@require_safe
def health_ready(request: HttpRequest, part: str = "") -> JsonResponse:
    """How the parts are, or one of them: 200 if all is well, else 503."""
    if part and part not in PARTS:
        raise Http404
    now = timezone.now()
    seen = {name: KEPT.look(name, now) for name in ([part] if part else PARTS)}
    well = all(map(is_well, seen.values()))
    return JsonResponse({"status": "ok" if well else "wrong", **seen}, status=200 if well else 503)


@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Numbers for Prometheus, for who brings the token. Without METRICS_TOKEN there is no such page."""
    if not settings.METRICS_TOKEN:
        raise Http404
    brought = request.headers.get("Authorization", "")
    if not constant_time_compare(brought, f"Bearer {settings.METRICS_TOKEN}"):
        return HttpResponse(status=401, headers={"WWW-Authenticate": "Bearer"})
    return HttpResponse(numbers.text(), content_type=CONTENT_TYPE_LATEST)
