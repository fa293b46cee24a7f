"""What agencies reported and showed, and what the group decided of it."""

from __future__ import annotations

from django.contrib import admin

from agencies.roles import Permission
from agencies.scoped_admin import RelatedOnly, ScopedAdmin
from reviews.models import Evidence, ProgressUpdate, SignOff


@admin.register(ProgressUpdate)
class ProgressUpdateAdmin(ScopedAdmin):
    """Submitted updates; drafts are their author's alone."""

    list_display = ("on", "agency", "action", "status", "source", "recorded_by", "voided_at")
    list_filter = (("agency", RelatedOnly), ("action__review", RelatedOnly), "status", "source", "on")
    list_select_related = ("agency", "action__recommendation", "recorded_by")
    search_fields = ("progress", "next_steps")


@admin.register(Evidence)
class EvidenceAdmin(ScopedAdmin):
    """What shows that an action was done. Files are opened in the portal, through its own door."""

    view_permission = Permission.READ_EVIDENCE
    list_display = ("title", "kind", "agency", "action", "on", "voided_at")
    list_filter = (("agency", RelatedOnly), ("action__review", RelatedOnly), "kind")
    list_select_related = ("agency", "action__recommendation")
    search_fields = ("title",)
    fields = ("title", "kind", "agency", "action", "file_name", "size", "link", "where_held", "on", "recorded_by")


@admin.register(SignOff)
class SignOffAdmin(ScopedAdmin):
    """Decisions of the group."""

    list_display = ("on", "decision", "action", "decided_at", "recorded_by", "voided_at")
    list_filter = (("action__review", RelatedOnly), "decision", "on")
    list_select_related = ("action__recommendation", "recorded_by")
