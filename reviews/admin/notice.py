"""The send log: each day's run, each message, and each reason for it."""

from __future__ import annotations

from django.contrib import admin

from agencies.roles import Permission
from agencies.scoped_admin import RelatedOnly, ScopedAdmin, ScopedInline
from reviews.models import Line, Notice, Run


@admin.register(Run)
class RunAdmin(ScopedAdmin):
    """One partnership's reminders of one day."""

    view_permission = Permission.RUN_CHASING
    list_display = ("on", "partnership", "expected", "started_at")
    list_filter = (("partnership", RelatedOnly), "on")
    list_select_related = ("partnership",)


class LinesInline(ScopedInline):
    """The actions that a message is about."""

    model = Line
    view_permission = Permission.RUN_CHASING
    fields = ("action", "stage", "number", "state", "why")


@admin.register(Notice)
class NoticeAdmin(ScopedAdmin):
    """Messages: waiting, sent, failed, not sent and why. Their words are made when they are sent and kept nowhere."""

    view_permission = Permission.RUN_CHASING
    list_display = ("queued_at", "person", "kind", "state", "attempts", "sent_at", "why")
    list_filter = ("state", "kind", ("run", RelatedOnly), "queued_at")
    list_select_related = ("person",)
    search_fields = ("person__name", "person__email")
    inlines = (LinesInline,)
