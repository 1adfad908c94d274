"""A looser promise about false alerts: proposed by one person, agreed by an authoriser who is another."""

import uuid

from django.conf import settings
from django.db import models

from watchlist.models.deployment import Deployment


class ProposalState(models.TextChoices):
    OPEN = "open", "Waits for an authoriser"
    AGREED = "agreed", "Agreed"
    DECLINED = "declined", "Declined"


class Proposal(models.Model):
    """From at most one false alert in `before` faces to one in `after`, which are fewer."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    deployment = models.ForeignKey(Deployment, on_delete=models.CASCADE, related_name="proposals")
    state = models.CharField(max_length=10, choices=ProposalState.choices, default=ProposalState.OPEN)
    before = models.PositiveIntegerField()
    after = models.PositiveIntegerField()
    reason = models.TextField()
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(auto_now_add=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-proposed_at",)
        constraints = [
            models.CheckConstraint(condition=models.Q(state__in=ProposalState.values), name="proposal_state_known"),
            models.CheckConstraint(condition=models.Q(after__lt=models.F("before")), name="proposal_loosens"),
            models.CheckConstraint(
                condition=models.Q(state="open", answered_by__isnull=True, answered_at__isnull=True)
                | (~models.Q(state="open") & models.Q(answered_by__isnull=False, answered_at__isnull=False)),
                name="proposal_answered_whole",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="agreed") | ~models.Q(answered_by=models.F("proposed_by")),
                name="proposal_two_people",
                violation_error_message="Whoever proposed a looser promise cannot agree to it.",
            ),
            models.UniqueConstraint(
                fields=["deployment"],
                condition=models.Q(state="open"),
                name="proposal_one_open",
                violation_error_message="A proposal waits already: it is answered first.",
            ),
        ]

    def __str__(self) -> str:
        return f"One false alert in {self.after:,} faces instead of {self.before:,} at {self.deployment}"
