"""The mail of the embedded default: nothing leaves the machine there, so that its messages are read here."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from portal import kept_mail
from portal.access import person_of

A_PAGE = 50


@require_safe
@login_required
def mail_list(request: HttpRequest) -> HttpResponse:
    """Every message that was written, the newest first."""
    _site_administrator_or_404(request)
    page = Paginator(kept_mail.names(), A_PAGE).get_page(request.GET.get("page"))
    files = [file for file in map(kept_mail.read, page) if file and file.mails]
    return render(request, "portal/mail/list.html", {"page": page, "files": files})


@require_safe
@login_required
def mail_detail(request: HttpRequest, name: str) -> HttpResponse:
    """One message, with its links."""
    _site_administrator_or_404(request)
    file = kept_mail.read(name)
    if file is None or not file.mails:
        raise Http404
    return render(request, "portal/mail/detail.html", {"file": file})


def _site_administrator_or_404(request: HttpRequest) -> None:
    """These messages hold other people's links for choosing a password, so that nobody else may know of them."""
    if not kept_mail.is_kept() or not person_of(request).is_superuser:
        raise Http404
