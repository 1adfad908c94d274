"""Who signs in, and which roles the organisation has appointed them to."""

import uuid
from typing import Any, ClassVar

from django.contrib import auth
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.db import models
from django.utils import timezone


class Role(models.TextChoices):
    AUTHORISER = "authoriser", "Authoriser"
    STEWARD = "steward", "Steward"
    OPERATOR = "operator", "Operator"
    OFFICER = "officer", "Officer"
    AUDITOR = "auditor", "Auditor"
    ADMINISTRATOR = "administrator", "Administrator"


class UserManager(BaseUserManager["User"]):
    def create_user(self, username: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(username=self.model.normalize_username(username), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """A person who signs in. There is no superuser: every right comes from the role table in `permissions`."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    username = models.CharField(max_length=150, unique=True, validators=[UnicodeUsernameValidator()])
    display_name = models.CharField(max_length=150, blank=True)
    is_active = models.BooleanField(default=True, help_text="Untick instead of deleting: the record refers to people.")
    date_joined = models.DateTimeField(default=timezone.now, editable=False)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        ordering = ("username",)

    def get_full_name(self) -> str:
        return self.display_name or self.username

    @property
    def is_staff(self) -> bool:
        """May enter Django admin; what is seen there is decided model by model by the role table."""
        return self.has_module_perms("watchlist")

    def has_perm(self, perm: str, obj: models.Model | None = None) -> bool:
        return any(backend.has_perm(self, perm, obj) for backend in _backends("has_perm"))

    def has_perms(self, perms: list[str], obj: models.Model | None = None) -> bool:
        return all(self.has_perm(perm, obj) for perm in perms)

    def has_module_perms(self, app_label: str) -> bool:
        return any(backend.has_module_perms(self, app_label) for backend in _backends("has_module_perms"))


def _backends(method: str) -> list[Any]:
    return [backend for backend in auth.get_backends() if hasattr(backend, method)]


class Appointment(models.Model):
    """The organisation trusts this person with this role; which deployments it covers is said by memberships."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="appointments")
    role = models.CharField(max_length=20, choices=Role.choices)

    class Meta:
        ordering = ("user", "role")
        constraints = [
            models.UniqueConstraint(fields=["user", "role"], name="appointment_once"),
            models.CheckConstraint(condition=models.Q(role__in=Role.values), name="appointment_role_known"),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.get_role_display()}"
