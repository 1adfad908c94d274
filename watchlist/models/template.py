"""What is compared of a reference image: one template for each pack that some deployment searches with."""

import uuid

from django.db import models
from django.utils import timezone

from watchlist.models.reference import ReferenceImage


class TemplateState(models.TextChoices):
    ASKED = "asked", "Being made"
    MADE = "made", "Made"
    FAILED = "failed", "Could not be made"


class Template(models.Model):
    """Of one reference image by one pack. `vector` is sealed with the list's data key; only `templates_of` finds it.

    Its row goes with the image: a reference that is withdrawn has none. Templates of different packs are numbers in
    different spaces, and a score between them means nothing.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    reference = models.ForeignKey(ReferenceImage, on_delete=models.CASCADE, related_name="templates")
    pack = models.CharField(max_length=60, help_text="Name and version of the pack.")
    state = models.CharField(max_length=10, choices=TemplateState.choices, default=TemplateState.ASKED)
    vector = models.BinaryField(null=True, help_text="Sealed float32 vector of unit length.")
    reason_code = models.CharField(max_length=40, blank=True)
    reason = models.TextField(blank=True, help_text="Why it could not be made, in words.")
    asked_at = models.DateTimeField(default=timezone.now)
    settled_at = models.DateTimeField(null=True, help_text="When it was made, or could not be.")

    class Meta:
        ordering = ("pack",)
        constraints = [
            models.UniqueConstraint(fields=["reference", "pack"], name="template_once"),
            models.CheckConstraint(condition=models.Q(state__in=TemplateState.values), name="template_state_known"),
            models.CheckConstraint(condition=~models.Q(pack=""), name="template_of_a_pack"),
            models.CheckConstraint(
                condition=models.Q(state=TemplateState.MADE, vector__isnull=False)
                | (~models.Q(state=TemplateState.MADE) & models.Q(vector__isnull=True)),
                name="template_made_whole",
            ),
            models.CheckConstraint(
                condition=models.Q(state=TemplateState.ASKED, settled_at__isnull=True)
                | (~models.Q(state=TemplateState.ASKED) & models.Q(settled_at__isnull=False)),
                name="template_settled_whole",
            ),
        ]
        # What the clock looks for every minute, among all that were ever made.
        indexes = [
            models.Index(fields=["asked_at"], condition=models.Q(state=TemplateState.ASKED), name="template_asked")
        ]

    def __str__(self) -> str:
        return f"{self.reference_id}, {self.pack}"
