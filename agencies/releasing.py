"""Agencies whose updates wait until a lead releases them: which do, and who releases."""

from __future__ import annotations

from django.db import transaction

from agencies import audit
from agencies.actors import System
from agencies.models import Agency, User
from agencies.permissions import holds, require
from agencies.roles import Permission


@transaction.atomic
def set_release(*, agency: Agency, required: bool, by: User | System) -> None:
    """Say whether a lead releases each update of ``agency`` before anybody outside reads it. What waits, waits on."""
    require(by, Permission.MANAGE_PEOPLE, agency)
    if Agency.objects.filter(pk=agency.pk).exclude(releases_updates=required).update(releases_updates=required):
        audit.record("agency.release_set", by=by, about=agency, partnership=agency.partnership_id, required=required)


def may_release(user: User | System, agency: Agency) -> bool:
    """Whether ``user`` releases what others at ``agency`` write: its leads, who also name who reads for it."""
    return holds(user, Permission.NAME_READERS, agency)
