"""What people write on the pages of a deployment; what a rule says about it is the services' to say."""

from typing import Any, cast

from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import validate_password

from watchlist.errors import InvalidInput, WatchlistError
from watchlist.models import Answer, Camera, Deployment, Ground, IdentityCheck, Kind, Outcome, Subject, User

# What an answer usually rests on; whoever has another reason writes it. Features only, never a guess about the person.
REASONS: dict[Answer, tuple[str, ...]] = {
    Answer.SAME: (
        "Eyes, nose, mouth and ears agree",
        "A lasting mark agrees: scar, mole, tattoo",
        "Face shape and proportions agree, nothing speaks against it",
    ),
    Answer.DIFFERENT: (
        "Eyes, nose, mouth or ears differ",
        "Face shape or proportions differ",
        "A lasting mark is on one picture only",
    ),
    Answer.CANNOT_TELL: (
        "The picture is too blurred or too small",
        "The face is turned away or covered",
        "The reference is too old or too poor",
        "Alike, but I cannot rule out another person",
    ),
}


class ServiceForm(forms.Form):
    """A form that can take back what a service said of it."""

    def take(self, error: WatchlistError) -> None:
        """Puts the service's sentences beside the fields they are about, or above the form."""
        about = {} if not isinstance(error, InvalidInput) else error.fields
        known = {name: sentences for name, sentences in about.items() if name in self.fields}
        for name, sentences in known.items():
            self.add_error(name, sentences)
        if not known:
            self.add_error(None, error.message)


class DecisionForm(ServiceForm):
    answer = forms.ChoiceField(choices=Answer.choices, error_messages={"required": "Choose an answer."})
    picked = forms.CharField(required=False)
    words = forms.CharField(required=False, max_length=500)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        cleaned["reason"] = ": ".join(part for part in (cleaned.get("picked"), cleaned.get("words")) if part)
        if not cleaned["reason"] and cleaned.get("answer"):  # before that no reasons are on the page
            raise forms.ValidationError("Say what the answer rests on: pick a reason or write one.")
        return cleaned


class StopStartForm(ServiceForm):
    grounds = forms.MultipleChoiceField(
        choices=Ground.choices, error_messages={"required": "Choose the grounds of the stop."}
    )

    def __init__(self, *args: Any, on_alert: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        grounds = cast(forms.MultipleChoiceField, self.fields["grounds"])
        # The alert is a ground of the stops that rest on one, and of no other.
        grounds.choices = [choice for choice in Ground.choices if on_alert or choice[0] != Ground.CONFIRMED_ALERT]


class StopEndForm(ServiceForm):
    identity_check = forms.ChoiceField(
        choices=IdentityCheck.choices,
        error_messages={"required": "Say how the identity was checked, or that it was not."},
    )
    outcome = forms.ChoiceField(choices=Outcome.choices, error_messages={"required": "Say how the stop ended."})
    minutes = forms.IntegerField(
        required=False,
        min_value=0,
        max_value=24 * 60,
        error_messages={"invalid": "Write the minutes as a whole number."},
    )
    note = forms.CharField(required=False, max_length=2000)


class PassageNoteForm(ServiceForm):
    """A member of staff who walks past a camera of this deployment."""

    camera = forms.ModelChoiceField(
        Camera.objects.none(),
        empty_label=None,
        error_messages={
            "required": "Choose the camera.",
            "invalid_choice": "Choose one of this deployment's cameras.",
        },
    )
    subject = forms.ModelChoiceField(
        Subject.objects.none(),
        empty_label=None,
        label="Who",
        error_messages={
            "required": "Choose who walks past.",
            "invalid_choice": "Choose one of the staff who are on this list.",
        },
    )

    def __init__(self, *args: Any, deployment: Deployment, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        staff = Subject.objects.filter(kind=Kind.STAFF, entries__deployment=deployment, entries__removed_at=None)
        self.fields["camera"].queryset = deployment.cameras.order_by("name")  # type: ignore[attr-defined]
        self.fields["subject"].queryset = staff.order_by("name")  # type: ignore[attr-defined]

    def sentence(self) -> str:
        return " ".join(str(sentence) for sentences in self.errors.values() for sentence in sentences)


class PassageCorrectForm(PassageNoteForm):
    reason = forms.CharField(max_length=500, label="Why", error_messages={"required": "Say why it is corrected."})


class PassageStrikeForm(ServiceForm):
    reason = forms.CharField(max_length=500, label="Why", error_messages={"required": "Say why it is struck out."})


class OwnPasswordForm(ServiceForm):
    """One's own password; what a new one must be is said by the settings."""

    old = forms.CharField(
        label="Present password", strip=False, error_messages={"required": "Write your present password."}
    )
    password = forms.CharField(
        label=f"New password, at least {settings.LFR_SHORTEST_PASSWORD} characters",
        strip=False,
        error_messages={"required": "Write a new password."},
    )
    again = forms.CharField(
        label="The new password again", strip=False, error_messages={"required": "Write the new password once more."}
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_password(self) -> str:
        if self.cleaned_data["password"] == self.cleaned_data.get("old"):
            raise forms.ValidationError("This is the present password: write another.")
        validate_password(self.cleaned_data["password"], self.user)
        return self.cleaned_data["password"]

    def clean_again(self) -> str:
        if "password" in self.cleaned_data and self.cleaned_data["again"] != self.cleaned_data["password"]:
            raise forms.ValidationError("This differs from the new password above.")
        return self.cleaned_data["again"]


class AuditFilterForm(forms.Form):
    """Which part of the record; every field left empty is the whole."""

    deployment = forms.UUIDField(required=False)
    action = forms.CharField(required=False, max_length=60)
    actor = forms.CharField(required=False, max_length=60)
    mentions = forms.CharField(required=False, max_length=100)
    day = forms.DateField(required=False)
