"""People and their appointments, for administrators. Nobody here is a superuser; every right comes from a role."""

from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.contrib import admin
from django.contrib.auth.password_validation import validate_password
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from unfold.decorators import display

from watchlist.admin.base import PageAction, ReadOnlyInline, ServiceAdmin, actor_of
from watchlist.admin.fields import ChoiceField, PasswordField
from watchlist.admin.form_page import FormPage
from watchlist.models import Appointment, Role, User
from watchlist.permissions import Permission, require
from watchlist.selectors.users import has_token
from watchlist.services.tokens import token_revoke
from watchlist.services.users import appointment_add, appointment_remove, password_set, user_create, user_update


class NewUserForm(forms.ModelForm):
    password = PasswordField(
        help_text=f"At least {settings.LFR_SHORTEST_PASSWORD} characters. "
        "Tell the person to change it: Password, beside their name."
    )

    class Meta:
        model = User
        fields = ("username", "display_name")

    def clean_password(self) -> str:
        validate_password(self.cleaned_data["password"], self.instance)
        return self.cleaned_data["password"]


class UserForm(forms.ModelForm):
    class Meta:
        model = User
        fields = ("display_name", "is_active")


class AppointForm(forms.Form):
    role = ChoiceField(ask="Choose a role", choices=Role.choices)


class UserPage(FormPage):
    target: User

    def find(self, pk: UUID) -> User:
        require(self.actor, Permission.USERS_MANAGE)
        return get_object_or_404(User, pk=pk)


class Appoint(UserPage):
    form_class = AppointForm
    title = "Appoint {name} to a role"
    submit = "Appoint {name}"
    done = "The appointment is made."

    def perform(self, fields: dict[str, Any]) -> None:
        appointment_add(actor=self.actor, user=self.target, role=Role(fields["role"]))


class NewPasswordForm(forms.Form):
    password = PasswordField(label="New password")

    def clean_password(self) -> str:
        validate_password(self.cleaned_data["password"])
        return self.cleaned_data["password"]


class SetPassword(UserPage):
    form_class = NewPasswordForm
    title = "Set a new password for {name}"
    submit = "Set {name}'s password"
    done = "The password is set."

    def perform(self, fields: dict[str, Any]) -> None:
        password_set(actor=self.actor, user=self.target, password=fields["password"])


class RevokeToken(UserPage):
    form_class = forms.Form
    title = "Revoke {name}'s token"
    submit = "Revoke {name}'s token"
    done = "The token is revoked: programs that use it are refused."

    def perform(self, fields: dict[str, Any]) -> None:
        token_revoke(actor=self.actor, user=self.target)


class EndAppointment(FormPage):
    form_class = forms.Form
    title = "End {name}"
    submit = "End {name}"
    done = "The appointment is ended, with effect at once."
    target: Appointment

    def find(self, pk: int) -> Appointment:
        require(self.actor, Permission.USERS_MANAGE)
        return get_object_or_404(Appointment.objects.select_related("user"), pk=pk)

    def name(self) -> str:
        return f"{self.target.user}'s appointment as {self.target.get_role_display().lower()}"

    def owner(self) -> User:
        return self.target.user

    def perform(self, fields: dict[str, Any]) -> None:
        appointment_remove(actor=self.actor, appointment=self.target)


class AppointmentInline(ReadOnlyInline):
    model = Appointment
    fields = ("role", "removal")

    @display(description="")
    def removal(self, appointment: Appointment) -> SafeString:
        return format_html('<a href="{}">End</a>', reverse("admin:watchlist_appointment_end", args=[appointment.pk]))


@admin.register(User)
class UserAdmin(ServiceAdmin):
    inlines = (AppointmentInline,)
    list_display = ("username", "display_name", "roles", "is_active", "last_login")
    list_filter = ("is_active", "appointments__role")
    search_fields = ("username", "display_name")
    fieldsets = ((None, {"fields": ("username", "display_name", "is_active", "last_login")}),)
    add_fieldsets = ((None, {"fields": ("username", "display_name", "password")}),)

    def get_custom_urls(self) -> tuple[tuple[str, str, Any], ...]:
        return (
            ("<uuid:pk>/appoint/", "watchlist_user_appoint", Appoint.as_view()),
            ("<uuid:pk>/password/set/", "watchlist_user_set_password", SetPassword.as_view()),
            ("<uuid:pk>/token/revoke/", "watchlist_user_revoke_token", RevokeToken.as_view()),
            ("appointments/<int:pk>/end/", "watchlist_appointment_end", EndAppointment.as_view()),
        )

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        return super().get_queryset(request).prefetch_related(Prefetch("appointments"))

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        return super().get_form(request, obj, change=change, form=UserForm if obj else NewUserForm, **kwargs)

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> tuple[str, ...]:
        return ("username", "last_login") if obj else ()

    def get_inlines(self, request: HttpRequest, obj: Any) -> Any:
        return self.inlines if obj else ()

    def create(self, request: HttpRequest, fields: dict[str, Any]) -> User:
        return user_create(actor=actor_of(request), **fields)

    def update(self, request: HttpRequest, obj: User, fields: dict[str, Any]) -> User:
        return user_update(actor=actor_of(request), user=obj, **fields)

    def page_actions(self, request: HttpRequest, obj: User) -> list[PageAction]:
        actions = [
            PageAction("Appoint to a role", reverse("admin:watchlist_user_appoint", args=[obj.pk]), "primary"),
            PageAction("Set a new password", reverse("admin:watchlist_user_set_password", args=[obj.pk])),
        ]
        if has_token(obj):
            actions.append(PageAction("Revoke the token", reverse("admin:watchlist_user_revoke_token", args=[obj.pk])))
        return actions

    @display(description="Roles")
    def roles(self, user: User) -> str:
        return ", ".join(appointment.get_role_display() for appointment in user.appointments.all()) or "None"
