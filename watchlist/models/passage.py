"""Consenting staff who walk past a camera: when they did, as people noted it, and when they were recognised."""

import uuid

from django.conf import settings
from django.db import models

from watchlist.models.alert import Alert
from watchlist.models.deployment import Camera, Deployment
from watchlist.models.subject import Subject


class Passage(models.Model):
    """Somebody saw this member of staff walk past this camera. A trigger lets only consenting staff be noted."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    deployment = models.ForeignKey(Deployment, on_delete=models.PROTECT, related_name="passages")
    camera = models.ForeignKey(Camera, on_delete=models.PROTECT, related_name="+")
    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="+")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    noted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    noted_at = models.DateTimeField()
    struck_at = models.DateTimeField(null=True)
    struck_because = models.TextField(default="", blank=True)

    class Meta:
        ordering = ("-noted_at",)
        constraints = [
            models.CheckConstraint(
                condition=models.Q(
                    starts_at__lte=models.F("noted_at"),
                    ends_at__gt=models.F("noted_at"),
                ),
                name="passage_about_when_noted",
            ),
            models.CheckConstraint(
                condition=models.Q(struck_at__isnull=True, struck_because="")
                | (models.Q(struck_at__isnull=False) & ~models.Q(struck_because="")),
                name="passage_struck_whole",
            ),
        ]
        indexes = [models.Index(fields=["deployment", "subject", "camera", "-ends_at"], name="passage_recent")]

    def __str__(self) -> str:
        return f"Passage {self.id}"


class StaffSighting(models.Model):
    """A verified candidate of consenting staff, whether or not it raised an alert. Of people sought there is no such
    row: it would be a trail of someone's movements. A trigger lets only consenting staff be seen."""

    deployment = models.ForeignKey(Deployment, on_delete=models.PROTECT, related_name="staff_sightings")
    camera = models.ForeignKey(Camera, on_delete=models.PROTECT, related_name="+")
    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="+")
    # The one that it raised; none where it was counted on an earlier one.
    alert = models.OneToOneField(Alert, null=True, on_delete=models.PROTECT, related_name="+")
    captured_at = models.DateTimeField()

    class Meta:
        ordering = ("captured_at",)

    def __str__(self) -> str:
        return f"Sighting {self.pk}"
