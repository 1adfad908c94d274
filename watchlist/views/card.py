"""What an operator is shown of one alert, and when: name, category and score come after the answer, because a label
moves the eye that should judge the pictures."""

from dataclasses import dataclass

from django.utils import timezone

from watchlist.forms import REASONS, DecisionForm
from watchlist.models import UNANSWERED, Alert, Answer, Decision, User
from watchlist.permissions import Permission, permissions_of
from watchlist.selectors.look_alikes import LookAlike, look_alikes


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer with its key and what it usually rests on."""

    answer: Answer
    key: str
    label: str
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Card:
    """`may_answer` hides who is sought; for everybody else the alert is shown whole."""

    alert: Alert
    decisions: list[Decision]
    answered_by_me: bool
    may_answer: bool
    look_alikes: list[LookAlike]  # none before the answer
    unanswered: bool  # nobody has closed it, and its time is not over
    choices: tuple[Choice, ...]
    form: DecisionForm
    problem: str

    @property
    def somebody_else(self) -> bool:
        return any(decision.answer == Answer.DIFFERENT for decision in self.decisions)


KEYS = {Answer.SAME: "S", Answer.DIFFERENT: "D", Answer.CANNOT_TELL: "C"}

CHOICES = tuple(Choice(answer, key, answer.label, REASONS[answer]) for answer, key in KEYS.items())


def card_of(user: User, alert: Alert, form: DecisionForm | None = None, problem: str = "") -> Card:
    decisions = list(alert.decisions.select_related("operator"))
    mine = any(decision.operator_id == user.pk for decision in decisions)
    waiting = alert.state in UNANSWERED and alert.expires_at > timezone.now()
    could = Permission.ALERT_DECIDE in permissions_of(user, alert.deployment)
    may_answer = waiting and could and not mine
    return Card(
        alert=alert,
        decisions=decisions,
        answered_by_me=mine,
        may_answer=may_answer,
        look_alikes=[] if may_answer else look_alikes(alert.subject_id, alert.deployment_id),
        unanswered=waiting,
        choices=CHOICES,
        form=form or DecisionForm(),
        problem=problem,
    )
