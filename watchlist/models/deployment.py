"""A deployment: the authority without which no frame is looked at."""

import uuid
import zoneinfo

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models

from watchlist.calibration import ONE_IN
from watchlist.models.calibration import Calibration
from watchlist.models.subject import Category, Subject
from watchlist.models.user import Role

LEAST_ONE_IN, MOST_ONE_IN = 10, 1_000_000


class LocationGround(models.TextChoices):
    """The Metropolitan Police's three permitted grounds for a place."""

    HOTSPOT = "hotspot", "Crime hotspot, or the way to one"
    PROTECTION = "protection", "Protective security for an event or critical infrastructure"
    INTELLIGENCE = "intelligence", "Intelligence that people sought will be there"


class DeploymentState(models.TextChoices):
    DRAFT = "draft", "Applied for"
    APPROVED = "approved", "Approved"
    LIVE = "live", "Live"
    PAUSED = "paused", "Paused"
    CLOSED = "closed", "Closed"
    DESTROYED = "destroyed", "Closed, list destroyed"


def known_time_zone(name: str) -> None:
    if name not in zoneinfo.available_timezones():
        raise ValidationError(f"{name} is not a time zone; write one such as Europe/London.")


class Deployment(models.Model):
    """One place, purpose, window, list, and promise about false alerts. Times are UTC, shown in `time_zone`."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=120)
    state = models.CharField(max_length=10, choices=DeploymentState.choices, default=DeploymentState.DRAFT)
    place = models.CharField(max_length=200)
    ground = models.CharField(max_length=20, choices=LocationGround.choices)
    evidence = models.TextField(help_text="What shows that the ground holds for this place and time.")
    purpose = models.TextField()
    categories = ArrayField(models.CharField(max_length=20, choices=Category.choices))
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    time_zone = models.CharField(max_length=64, default="Europe/London", validators=[known_time_zone])
    one_in = models.PositiveIntegerField(
        "at most one false alert in",
        default=ONE_IN,
        help_text="Faces of people not listed. The threshold is worked out from this and the length of the list.",
    )
    # Worked out at the approval, and again when the list has grown: fused cosine similarity, the calibration it came
    # from and the number of templates it was worked out for. Empty in a draft.
    threshold = models.FloatField(null=True, editable=False)
    calibration = models.ForeignKey(Calibration, null=True, on_delete=models.PROTECT, related_name="+", editable=False)
    calibrated_for = models.PositiveIntegerField(null=True, editable=False)
    pack = models.CharField(
        max_length=60, default="dlib-2", help_text="The models its list is enrolled and searched with: name-version."
    )
    footfall = models.PositiveIntegerField(help_text="Faces expected in the window.")
    two_person = models.BooleanField(
        default=True, help_text="A second operator must agree before an alert is confirmed."
    )
    seeded_staff = models.BooleanField(
        default=False,
        help_text="Staff who consent are listed too, and noted as they pass: how well it recognises here is measured.",
    )
    alert_seconds = models.PositiveIntegerField(default=60, help_text="An alert unanswered this long expires.")
    quiet_seconds = models.PositiveIntegerField(
        default=60, help_text="No new alert on someone within this of a sighting."
    )
    gallery_version = models.PositiveIntegerField(default=0, editable=False)
    faces_seen = models.PositiveBigIntegerField(default=0, editable=False)
    templates_destroyed = models.PositiveBigIntegerField(default=0, editable=False)
    demo = models.BooleanField(default=False, editable=False)
    applied_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", editable=False)
    applied_at = models.DateTimeField(auto_now_add=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", editable=False
    )
    approved_at = models.DateTimeField(null=True, editable=False)
    closed_at = models.DateTimeField(null=True, editable=False)
    # Of the pause or the close that stands, for those who work there; the record has all there ever were.
    halted_at = models.DateTimeField(null=True, editable=False)
    halted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", editable=False
    )
    halted_because = models.TextField(default="", editable=False)

    class Meta:
        ordering = ("-starts_at",)
        constraints = [
            models.CheckConstraint(condition=models.Q(state__in=DeploymentState.values), name="deployment_state_known"),
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("starts_at")),
                name="deployment_window_forward",
                violation_error_message="A deployment ends after it starts: correct the window.",
            ),
            models.CheckConstraint(
                condition=models.Q(approved_by__isnull=True) | ~models.Q(approved_by=models.F("applied_by")),
                name="deployment_two_people",
                violation_error_message="Whoever applied for a deployment cannot approve it.",
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=["approved", "live", "paused"])
                | models.Q(approved_by__isnull=False, approved_at__isnull=False),
                name="deployment_authorised",
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=["approved", "live", "paused"]) | models.Q(threshold__isnull=False),
                name="deployment_has_threshold",
            ),
            models.CheckConstraint(
                condition=models.Q(one_in__gte=LEAST_ONE_IN, one_in__lte=MOST_ONE_IN),
                name="deployment_promise_sensible",
                violation_error_message=f"Promise at most one false alert in {LEAST_ONE_IN} to {MOST_ONE_IN:,} faces.",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=["closed", "destroyed"], closed_at__isnull=False)
                | (~models.Q(state__in=["closed", "destroyed"]) & models.Q(closed_at__isnull=True)),
                name="deployment_closed_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}, {self.place}"

    @property
    def threshold_in_force(self) -> float:
        """ValueError in a draft, which has none yet; the database refuses others without one."""
        if self.threshold is None:
            raise ValueError("The threshold of a deployment is fixed when it is approved.")
        return self.threshold

    @property
    def zone(self) -> zoneinfo.ZoneInfo:
        return zoneinfo.ZoneInfo(self.time_zone)


class Membership(models.Model):
    """This person holds this role at this deployment."""

    deployment = models.ForeignKey(Deployment, on_delete=models.CASCADE, related_name="memberships")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=20, choices=Role.choices)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("deployment", "role", "user")
        constraints = [
            models.UniqueConstraint(fields=["deployment", "user", "role"], name="membership_once"),
            models.CheckConstraint(condition=models.Q(role__in=Role.values), name="membership_role_known"),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.get_role_display()} at {self.deployment}"


class Camera(models.Model):
    """One lens of a deployment. What is seen by one is never tied to what is seen by another."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    deployment = models.ForeignKey(Deployment, on_delete=models.CASCADE, related_name="cameras")
    name = models.CharField(max_length=80)

    class Meta:
        ordering = ("deployment", "name")
        constraints = [models.UniqueConstraint(fields=["deployment", "name"], name="camera_name_once")]

    def __str__(self) -> str:
        return self.name


class CameraUse(models.Model):
    """A camera that is being used by one connection: there from the start of the use to its end, both on the record."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    camera = models.ForeignKey(Camera, on_delete=models.PROTECT, related_name="uses")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    noted_at = models.DateTimeField(help_text="When the connection last said that it stands.")
    coverage = models.JSONField(help_text="What was known of it then.")

    class Meta:
        ordering = ("noted_at",)

    def __str__(self) -> str:
        return f"{self.camera} used by {self.user}"


class ListEntry(models.Model):
    """A subject on the list of a deployment; removal is a date, so that the record stays whole."""

    deployment = models.ForeignKey(Deployment, on_delete=models.CASCADE, related_name="entries")
    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="entries")
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField(auto_now_add=True)
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("deployment", "subject")
        verbose_name_plural = "list entries"
        constraints = [
            models.UniqueConstraint(
                fields=["deployment", "subject"], condition=models.Q(removed_at__isnull=True), name="entry_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.subject} at {self.deployment}"
