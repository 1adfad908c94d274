"""The forms by which a deployment's promise about false alerts is changed, and a looser one is answered."""

from typing import Any
from uuid import UUID

from django import forms

from watchlist.admin.deployment_pages import DeploymentPage
from watchlist.admin.fields import NumberField, ReasonField
from watchlist.admin.form_page import FormPage
from watchlist.models import Deployment, DeploymentState, Proposal
from watchlist.permissions import Permission
from watchlist.selectors.proposals import proposal_for
from watchlist.services.promises import promise_agree, promise_decline, promise_propose, promise_tighten


class PromiseForm(forms.Form):
    one_in = NumberField(
        label="At most one false alert in",
        help_text="Faces. A higher number is stricter and holds at once; a lower one waits until an authoriser agrees.",
    )
    reason = ReasonField(label="Why?")


class ChangePromise(DeploymentPage):
    form_class = PromiseForm
    template_name = "admin/watchlist/promise_page.html"
    permission = Permission.PROMISE_CHANGE
    title = "Change what {name} promises"
    submit = "Change the promise of {name}"
    done = "The stricter promise holds from now on."

    def get_initial(self) -> dict[str, Any]:
        return {"one_in": self.target.one_in}

    def perform(self, fields: dict[str, Any]) -> None:
        changed = {"actor": self.actor, "deployment": self.target, **fields}
        if fields["one_in"] >= self.target.one_in and self.target.state != DeploymentState.DRAFT:
            promise_tighten(**changed)
        else:
            promise_propose(**changed)
            self.done = "Proposed. Nothing changes until an authoriser who is another person agrees."


class ProposalPage(FormPage):
    """About a looser promise that was proposed."""

    template_name = "admin/watchlist/proposal_page.html"
    permission: Permission
    target: Proposal

    def find(self, pk: UUID) -> Proposal:
        return proposal_for(self.actor, pk, self.permission)

    def name(self) -> str:
        return self.target.deployment.name

    def owner(self) -> Deployment:
        return self.target.deployment


class AgreeForm(forms.Form):
    """Nothing to fill in: the page says what is agreed to."""


class Agree(ProposalPage):
    form_class = AgreeForm
    permission = Permission.PROMISE_AGREE
    title = "Agree to a looser promise of {name}"
    submit = "Agree for {name}"
    done = "The looser promise holds from now on."

    def perform(self, fields: dict[str, Any]) -> None:
        promise_agree(actor=self.actor, proposal=self.target)


class DeclineForm(forms.Form):
    reason = ReasonField(label="Why is it declined?")


class Decline(ProposalPage):
    form_class = DeclineForm
    permission = Permission.PROMISE_CHANGE
    title = "Decline a looser promise of {name}"
    submit = "Decline for {name}"
    done = "The promise stays as it is."

    def perform(self, fields: dict[str, Any]) -> None:
        promise_decline(actor=self.actor, proposal=self.target, reason=fields["reason"])


URLS = (
    ("<uuid:pk>/promise/", "watchlist_deployment_promise", ChangePromise.as_view()),
    ("proposals/<uuid:pk>/agree/", "watchlist_proposal_agree", Agree.as_view()),
    ("proposals/<uuid:pk>/decline/", "watchlist_proposal_decline", Decline.as_view()),
)
