"""Django's permission questions, answered from the role table; passwords are checked as Django does."""

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.db.models import Model

from watchlist.permissions import ADMIN_PERMISSIONS, ADMIN_ROLES, ROLE_PERMISSIONS, roles_of


class RoleBackend(ModelBackend):
    def get_all_permissions(self, user_obj: Any, obj: Model | None = None) -> set[str]:
        granted = {permission for role in roles_of(user_obj) & ADMIN_ROLES for permission in ROLE_PERMISSIONS[role]}
        return {codename for codename, permission in ADMIN_PERMISSIONS.items() if permission in granted}

    def has_perm(self, user_obj: Any, perm: str, obj: Model | None = None) -> bool:
        return perm in self.get_all_permissions(user_obj)

    def has_module_perms(self, user_obj: Any, app_label: str) -> bool:
        return any(perm.startswith(f"{app_label}.") for perm in self.get_all_permissions(user_obj))
