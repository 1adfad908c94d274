"""A member of staff withdraws their consent."""

from typing import Any

from django import forms
from django.utils import timezone

from watchlist.admin.subject_images import SubjectPage
from watchlist.services.staff import consent_withdraw


class WithdrawConsent(SubjectPage):
    form_class = forms.Form
    template_name = "admin/watchlist/withdraw_page.html"
    title = "Withdraw the consent of {name}"
    submit = "Withdraw it and destroy the images"
    done = "The consent is withdrawn: the person is off every list, and no image of them is left."

    def perform(self, fields: dict[str, Any]) -> None:
        consent_withdraw(actor=self.actor, subject=self.target, now=timezone.now())
