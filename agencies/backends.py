"""How Django's own ``user.has_perm`` asks the portal's permissions, and how people sign in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.auth.backends import BaseBackend

from agencies import permissions
from agencies.roles import Permission

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser
    from django.db.models import Model

    from agencies.models import User


class ContainerBackend(BaseBackend):
    """Answers ``has_perm(permission, object)`` by the containers. Without an object the answer is always no.

    It replaces guardian's backend; guardian stays the store. Answering yes without an object would let
    ``get_objects_for_user`` return every partnership's rows.
    """

    def has_perm(self, user_obj: User | AnonymousUser, perm: str, obj: Model | None = None) -> bool:
        """Whether the person may do ``app.code_name`` to ``obj``; the app must be the object's own."""
        app, _, code = perm.rpartition(".")
        if obj is None or app != obj._meta.app_label or code not in Permission.values:
            return False
        return permissions.is_registered(type(obj)) and permissions.holds(user_obj, code, obj)


class SignInBackend(AuthenticationBackend):
    """allauth's sign-in by e-mail address. It answers no question about permissions: global grants have no effect."""

    def has_perm(self, *args: Any, **kwargs: Any) -> bool:
        """No: permissions are asked of the containers."""
        return False

    def has_module_perms(self, *args: Any, **kwargs: Any) -> bool:
        """No, likewise."""
        return False

    def get_all_permissions(self, *args: Any, **kwargs: Any) -> set[str]:
        """None, likewise."""
        return set()

    get_user_permissions = get_all_permissions
    get_group_permissions = get_all_permissions
