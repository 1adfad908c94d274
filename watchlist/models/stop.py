"""A stop on the street: the second human decision, recorded by the officer who made it."""

import uuid

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models

from watchlist.models.alert import Alert
from watchlist.models.deployment import Deployment


class StopState(models.TextChoices):
    STARTED = "started", "Started"
    ENDED = "ended", "Ended"


class Ground(models.TextChoices):
    CONFIRMED_ALERT = "alert", "Confirmed alert, and the officer's own comparison"
    KNOWN_TO_OFFICER = "known", "Recognised by the officer"
    BEHAVIOUR = "behaviour", "Behaviour that gives reasonable suspicion of an offence"
    DESCRIPTION = "description", "Fits the description of a person sought"
    SAFEGUARDING = "safeguarding", "Concern for the person's safety"
    COVERED_FACE = "covered_face", "Covered the face"
    AVOIDED_CAMERA = "avoided_camera", "Avoided the camera"


# Declining to be scanned is lawful and says nothing about a person: these never stand alone.
NEVER_ALONE = frozenset({Ground.COVERED_FACE, Ground.AVOIDED_CAMERA})


class IdentityCheck(models.TextChoices):
    NONE = "none", "Not checked"
    DOCUMENT = "document", "Document shown"
    RECORDS = "records", "Checked against records by name and date of birth"
    FINGERPRINT = "fingerprint", "Mobile fingerprint check"
    KNOWN = "known", "Known to the officer"


class Outcome(models.TextChoices):
    NO_ACTION = "no_action", "No action"
    ADVICE = "advice", "Words of advice"
    FIXED_PENALTY = "penalty", "Fixed penalty"
    ARREST = "arrest", "Arrest"
    OTHER = "other", "Other"


# What follows for the person is too grave to rest on likeness alone.
NEEDS_IDENTITY = frozenset({Outcome.ARREST, Outcome.FIXED_PENALTY})


class Stop(models.Model):
    """Started when the officer engages the person, ended when they part. One without an alert is marked as such."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    deployment = models.ForeignKey(Deployment, on_delete=models.PROTECT, related_name="stops")
    alert = models.ForeignKey(Alert, null=True, blank=True, on_delete=models.PROTECT, related_name="stops")
    officer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=StopState.choices, default=StopState.STARTED)
    grounds = ArrayField(models.CharField(max_length=20, choices=Ground.choices))
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    minutes = models.PositiveIntegerField(
        null=True, blank=True, help_text="How long the person was held up, rounded up."
    )
    identity_check = models.CharField(max_length=20, choices=IdentityCheck.choices, blank=True)
    outcome = models.CharField(max_length=20, choices=Outcome.choices, blank=True)
    note = models.TextField(blank=True)

    class Meta:
        ordering = ("-started_at",)
        constraints = [
            models.CheckConstraint(condition=models.Q(state__in=StopState.values), name="stop_state_known"),
            models.CheckConstraint(
                condition=~models.Q(state=StopState.ENDED)
                | (
                    models.Q(ended_at__isnull=False, minutes__isnull=False)
                    & ~models.Q(outcome="")
                    & ~models.Q(identity_check="")
                ),
                name="stop_ended_whole",
            ),
            models.CheckConstraint(
                condition=~models.Q(grounds__contained_by=sorted(NEVER_ALONE)),
                name="stop_real_ground",
                violation_error_message="Covering one's face or avoiding the camera is no ground for a stop by itself: "
                "give the ground there was, or do not stop the person.",
            ),
            models.CheckConstraint(
                condition=models.Q(grounds__contains=["alert"], alert__isnull=False)
                | (~models.Q(grounds__contains=["alert"]) & models.Q(alert__isnull=True)),
                name="stop_alert_is_a_ground",
                violation_error_message="Give the confirmed alert as a ground exactly when the stop rests on one.",
            ),
            models.CheckConstraint(
                condition=~models.Q(outcome__in=sorted(NEEDS_IDENTITY)) | ~models.Q(identity_check="none"),
                name="stop_identity_first",
            ),
            models.UniqueConstraint(
                fields=["alert"], condition=models.Q(state="started"), name="stop_one_started_per_alert"
            ),
            models.UniqueConstraint(
                fields=["deployment", "officer"],
                condition=models.Q(state="started"),
                name="stop_one_started_per_officer",
                violation_error_message="You have started a stop that has not ended: end it first.",
            ),
        ]

    def __str__(self) -> str:
        return f"Stop {self.id}"
