"""An alert asks a person to look. It is never a decision."""

import uuid

from django.db import models

from watchlist.models.deployment import Camera, Deployment
from watchlist.models.reference import ReferenceImage
from watchlist.models.subject import Subject


class AlertState(models.TextChoices):
    OPEN = "open", "Open"
    SECONDED = "seconded", "One operator agrees, a second must"
    CONFIRMED = "confirmed", "Confirmed"
    DISMISSED = "dismissed", "Dismissed"
    EXPIRED = "expired", "Expired, no action"


UNANSWERED = (AlertState.OPEN, AlertState.SECONDED)


class Alert(models.Model):
    """A verified candidate, with what gives its score a meaning. Pictures are sealed with the deployment's key."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    deployment = models.ForeignKey(Deployment, on_delete=models.PROTECT, related_name="alerts")
    camera = models.ForeignKey(Camera, on_delete=models.PROTECT, related_name="+")
    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="alerts")
    reference = models.ForeignKey(ReferenceImage, on_delete=models.PROTECT, related_name="+")
    # As it was when it was raised; a trigger keeps it so. Kept apart from the figures, and from officers.
    seeded = models.BooleanField("on consenting staff", default=False)
    state = models.CharField(max_length=10, choices=AlertState.choices, default=AlertState.OPEN)
    captured_at = models.DateTimeField(help_text="Server time at which the probe's frame was received.")
    raised_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    last_seen_at = models.DateTimeField()
    sightings = models.PositiveIntegerField(default=1)
    score = models.FloatField(help_text="Fused cosine similarity over the passage.")
    threshold = models.FloatField()
    frames = models.PositiveIntegerField(help_text="Usable frames that agreed.")
    list_size = models.PositiveIntegerField()
    list_version = models.PositiveIntegerField()
    pack = models.CharField(max_length=60)
    software = models.CharField(max_length=40)
    verification = models.JSONField(help_text="Model, detector, distance and threshold of the second comparison.")
    quality = models.JSONField()
    probe = models.BinaryField(help_text="Sealed JPEG: the face with its surroundings.")
    portrait = models.BinaryField(help_text="Sealed JPEG: eyes on the same line as the reference's portrait.")

    class Meta:
        ordering = ("-raised_at",)
        constraints = [
            models.CheckConstraint(condition=models.Q(state__in=AlertState.values), name="alert_state_known"),
            models.CheckConstraint(
                condition=models.Q(state__in=["open", "seconded"], closed_at__isnull=True)
                | (~models.Q(state__in=["open", "seconded"]) & models.Q(closed_at__isnull=False)),
                name="alert_closed_whole",
            ),
            models.UniqueConstraint(
                fields=["deployment", "subject"],
                condition=models.Q(state__in=["open", "seconded"]),
                name="alert_one_open",
            ),
        ]
        indexes = [
            models.Index(fields=["expires_at"], condition=models.Q(state__in=["open", "seconded"]), name="alert_due"),
            models.Index(fields=["deployment", "subject", "-last_seen_at"], name="alert_recent"),
        ]

    def __str__(self) -> str:
        return f"Alert {self.id}"
