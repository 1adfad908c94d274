"""What a person answered, and why."""

import uuid

from django.conf import settings
from django.db import models

from watchlist.models.alert import Alert


class Answer(models.TextChoices):
    SAME = "same", "Same person"
    DIFFERENT = "different", "Different person"
    CANNOT_TELL = "cannot_tell", "Cannot tell"


class Decision(models.Model):
    """One operator's answer to one alert; never changed afterwards."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    alert = models.ForeignKey(Alert, on_delete=models.PROTECT, related_name="decisions")
    operator = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    answer = models.CharField(max_length=20, choices=Answer.choices)
    reason = models.TextField()
    decided_at = models.DateTimeField()
    seconds = models.FloatField(help_text="From the alert being raised to the answer.")

    class Meta:
        ordering = ("decided_at",)
        constraints = [
            models.CheckConstraint(condition=models.Q(answer__in=Answer.values), name="decision_answer_known"),
            models.CheckConstraint(condition=~models.Q(reason=""), name="decision_reasoned"),
            models.UniqueConstraint(fields=["alert", "operator"], name="decision_once_each"),
        ]

    def __str__(self) -> str:
        return f"{self.get_answer_display()} by {self.operator}"
