"""Partnerships, agencies and people: who exists, and who belongs where."""

from agencies.models.audit import AuditEntry
from agencies.models.belonging import AgencyUserPermission, Membership, PartnershipUserPermission
from agencies.models.bodies import Agency, AgencyKind, AgencyName, Contact, Partnership, Succession
from agencies.models.invitations import Invitation, InvitationLink
from agencies.models.kept import KeptForm
from agencies.models.opened import Opened
from agencies.models.people import FormerName, User, UserManager

__all__ = [
    "Agency",
    "AgencyKind",
    "AgencyName",
    "AgencyUserPermission",
    "AuditEntry",
    "Contact",
    "FormerName",
    "Invitation",
    "InvitationLink",
    "KeptForm",
    "Membership",
    "Opened",
    "Partnership",
    "PartnershipUserPermission",
    "Succession",
    "User",
    "UserManager",
]
