"""The forms of a deployment's page: approve, close, and what belongs to it added or removed."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db.models import Model, Q
from django.shortcuts import get_object_or_404

from watchlist.admin.fields import ChoiceField, ModelChoiceField, ReasonField, TextField
from watchlist.admin.form_page import FormPage
from watchlist.admin.window import window_text
from watchlist.models import Camera, Category, Deployment, Kind, ListEntry, Membership, Role, Subject, User
from watchlist.permissions import EVERYWHERE, Permission, deployment_for
from watchlist.selectors.deployments import listed
from watchlist.selectors.enrolled import enrolment_of
from watchlist.selectors.gallery import templates_searched
from watchlist.selectors.searched import awaited_by
from watchlist.selectors.terms import terms_digest
from watchlist.services.deployments import deployment_approve, deployment_close
from watchlist.services.lists import list_add, list_remove
from watchlist.services.staffing import camera_add, camera_remove, camera_rename, member_add, member_remove
from watchlist.services.viewing import viewed


class DeploymentPage(FormPage):
    permission: Permission
    target: Deployment

    def find(self, pk: UUID) -> Deployment:
        return deployment_for(self.actor, pk, self.permission)

    def name(self) -> str:
        return self.target.name


class ApproveForm(forms.Form):
    """Nothing to fill in: the page says what is approved, and carries the digest of what it said."""


class Approve(DeploymentPage):
    form_class = ApproveForm
    template_name = "admin/watchlist/approve_page.html"
    permission = Permission.DEPLOYMENT_APPROVE
    title = "Approve {name}"
    submit = "Approve {name}"
    done = "The deployment is approved."

    def perform(self, fields: dict[str, Any]) -> None:
        deployment_approve(actor=self.actor, deployment=self.target, terms=self.request.POST.get("terms", ""))

    def record_look(self) -> None:
        """Everybody on the list is named: whoever approves it answers for each of them."""
        viewed(actor=self.actor, what="list", pk=self.target.pk, purpose="admin page", deployment=self.target)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            window=window_text(self.target),
            categories=[Category(category).label for category in self.target.categories],
            listed=listed(self.actor, self.target),
            templates=templates_searched(self.target.pk),
            enrolment=enrolment_of(self.target),
            cameras=self.target.cameras.all(),
            members=self.target.memberships.select_related("user").order_by("role", "user__display_name"),
            terms=terms_digest(self.target),
            **kwargs,
        )


class CloseForm(forms.Form):
    reason = ReasonField(label="Why is it closed?")


class Close(DeploymentPage):
    form_class = CloseForm
    permission = Permission.DEPLOYMENT_CLOSE
    title = "Close {name} for good"
    submit = "Close {name} for good"
    done = "The deployment is closed."

    def perform(self, fields: dict[str, Any]) -> None:
        deployment_close(actor=self.actor, deployment=self.target, reason=fields["reason"])


class MemberForm(forms.Form):
    user = ModelChoiceField(ask="Choose a person", queryset=User.objects.filter(is_active=True), label="Person")
    role = ChoiceField(
        ask="Choose a role", choices=[(role.value, role.label) for role in Role if role not in EVERYWHERE]
    )


class AddMember(DeploymentPage):
    form_class = MemberForm
    permission = Permission.DEPLOYMENT_STAFF
    title = "Add a person to the team of {name}"
    submit = "Add to the team"
    done = "The person is added."

    def perform(self, fields: dict[str, Any]) -> None:
        member_add(actor=self.actor, deployment=self.target, user=fields["user"], role=fields["role"])


class CameraForm(forms.Form):
    name = TextField(max_length=80, help_text="As the team will call it.")


class AddCamera(DeploymentPage):
    form_class = CameraForm
    permission = Permission.DEPLOYMENT_STAFF
    title = "Add a camera to {name}"
    submit = "Add the camera"
    done = "The camera is added."

    def perform(self, fields: dict[str, Any]) -> None:
        camera_add(actor=self.actor, deployment=self.target, name=fields["name"])


class EntryForm(forms.Form):
    subject = ModelChoiceField(ask="Choose whom to list", queryset=Subject.objects.none(), label="Who")

    def __init__(self, *args: Any, deployment: Deployment, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        listed = deployment.entries.filter(removed_at=None).values("subject")
        may_be = Q(kind=Kind.SOUGHT, category__in=deployment.categories)
        if deployment.seeded_staff:
            may_be |= Q(kind=Kind.STAFF, consent_withdrawn_at=None)
        subjects = Subject.objects.filter(may_be).exclude(pk__in=listed)
        self.fields["subject"].queryset = subjects  # type: ignore[attr-defined]


class AddEntry(DeploymentPage):
    form_class = EntryForm
    permission = Permission.LIST_EDIT
    title = "Add to the list of {name}"
    submit = "Add to the list"
    done = "The list is one longer."

    def record_look(self) -> None:
        """Everybody of the categories is named on it."""
        viewed(actor=self.actor, what="subject list", pk="all", purpose="admin page", deployment=self.target)

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"deployment": self.target}

    def perform(self, fields: dict[str, Any]) -> None:
        entry = list_add(actor=self.actor, deployment=self.target, subject=fields["subject"])
        if awaited := awaited_by(entry):
            messages.warning(self.request, f"This person cannot be searched for until {awaited.label}.")


class PartPage(FormPage):
    """About one row that belongs to a deployment, for whoever has `permission` there."""

    model: type[Membership | Camera | ListEntry]
    permission: Permission

    def find(self, pk: UUID | int) -> Model:
        part: Any = get_object_or_404(self.model._default_manager.select_related("deployment"), pk=pk)
        deployment_for(self.actor, part.deployment_id, self.permission)
        return part

    def owner(self) -> Deployment:
        return self.target.deployment


class RemoveMember(PartPage):
    form_class = forms.Form
    model = Membership
    permission = Permission.DEPLOYMENT_STAFF
    title = "Remove {name} from the team"
    submit = "Remove {name}"
    done = "The person is removed."

    def name(self) -> str:
        return f"{self.target.user} as {self.target.get_role_display().lower()}"

    def perform(self, fields: dict[str, Any]) -> None:
        member_remove(actor=self.actor, membership=self.target)


class RenameCamera(PartPage):
    form_class = CameraForm
    model = Camera
    permission = Permission.DEPLOYMENT_STAFF
    title = "Rename the camera {name}"
    submit = "Rename"
    done = "The camera is renamed."

    def get_initial(self) -> dict[str, Any]:
        return {"name": self.target.name}

    def perform(self, fields: dict[str, Any]) -> None:
        camera_rename(actor=self.actor, camera=self.target, name=fields["name"])


class RemoveCamera(PartPage):
    form_class = forms.Form
    model = Camera
    permission = Permission.DEPLOYMENT_STAFF
    title = "Remove the camera {name}"
    submit = "Remove {name}"
    done = "The camera is removed."

    def perform(self, fields: dict[str, Any]) -> None:
        camera_remove(actor=self.actor, camera=self.target)


class RemoveEntryForm(forms.Form):
    reason = ReasonField(label="Why is the person removed?")


class RemoveEntry(PartPage):
    form_class = RemoveEntryForm
    model = ListEntry
    permission = Permission.LIST_EDIT
    title = "Remove {name} from the list"
    submit = "Remove {name}"
    done = "The person is off this list, with effect within seconds."

    def name(self) -> str:
        return str(self.target.subject)

    def record_look(self) -> None:
        viewed(
            actor=self.actor,
            what="list entry",
            pk=self.target.pk,
            purpose="admin page",
            deployment=self.target.deployment,
        )

    def perform(self, fields: dict[str, Any]) -> None:
        list_remove(actor=self.actor, entry=self.target, reason=fields["reason"])


URLS = (
    ("<uuid:pk>/approve/", "watchlist_deployment_approve", Approve.as_view()),
    ("<uuid:pk>/close/", "watchlist_deployment_close", Close.as_view()),
    ("<uuid:pk>/members/add/", "watchlist_deployment_add_member", AddMember.as_view()),
    ("<uuid:pk>/cameras/add/", "watchlist_deployment_add_camera", AddCamera.as_view()),
    ("<uuid:pk>/list/add/", "watchlist_deployment_add_entry", AddEntry.as_view()),
    ("members/<int:pk>/remove/", "watchlist_member_remove", RemoveMember.as_view()),
    ("cameras/<uuid:pk>/rename/", "watchlist_camera_rename", RenameCamera.as_view()),
    ("cameras/<uuid:pk>/remove/", "watchlist_camera_remove", RemoveCamera.as_view()),
    ("list/<int:pk>/remove/", "watchlist_entry_remove", RemoveEntry.as_view()),
)
