"""Reference images once they are checked: enrolled or rejected, searched when every warning is answered, withdrawn."""

import uuid
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone

from watchlist.errors import InvalidInput, Refused
from watchlist.models import (
    ANSWERS,
    Alert,
    Deployment,
    ReferenceImage,
    ReferenceState,
    Resemblance,
    Subject,
    Template,
    TemplateState,
    User,
)
from watchlist.permissions import Permission, require
from watchlist.selectors.deployments import deployments_listing
from watchlist.services import audit
from watchlist.services.alerts import Cause, end_unanswered, record_ended
from watchlist.services.galleries import gallery_moved
from watchlist.services.templates import ask
from watchlist.services.thresholds import Tightened, record_tightened, tighten_for_list
from watchlist.services.uploads import sealed
from watchlist.services.validation import storable, worded
from watchlist.transitions import advance

# Which image an answer takes off the lists, and what is said of it.
WITHDRAWS = {
    Resemblance.Answer.SAME_PERSON: ("reference", "The same person is listed already."),
    Resemblance.Answer.SOMEBODY_ELSE: ("reference", "It does not show this person."),
    Resemblance.Answer.OTHER_WRONG: ("other", "It does not show this person."),
}

NOTHING = dict.fromkeys(("image", "portrait", "file_name"))


@dataclass(frozen=True, slots=True)
class EnrolledReference:
    """What the check made of an upload: all in clear here, sealed before it is stored."""

    image: bytes  # JPEG without metadata
    portrait: bytes  # JPEG, eyes on the common line
    template: bytes  # float32, little-endian, unit length
    pack: str
    quality: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Resembling:
    """A warning to be: the reference that a new one is held against; the score is none for the same file."""

    other: uuid.UUID
    kind: Resemblance.Kind
    score: float | None


@transaction.atomic
def reference_enrol(
    *, reference: ReferenceImage, enrolled: EnrolledReference, resemblances: Sequence[Resembling] = ()
) -> None:
    """Stores what the check found, and asks for the templates of other packs that deployments listing the person need.

    Raises StaleState where the reference is no longer pending.
    """
    now = timezone.now()
    # Else a list that takes the person on at this moment would not know of this image, nor this image of the list.
    Subject.objects.select_for_update(no_key=True).get(pk=reference.subject_id)
    advance(
        reference,
        ReferenceState.ENROLLED,
        image=sealed(reference, "image", enrolled.image),
        portrait=sealed(reference, "portrait", enrolled.portrait),
        pack=enrolled.pack,
        quality=enrolled.quality,
        file_name=None,  # from here on the picture says which it is
        checked_at=now,
    )
    Resemblance.objects.bulk_create(
        Resemblance(reference=reference, other_id=found.other, kind=found.kind, score=found.score)
        for found in resemblances
    )
    listing = deployments_listing(reference.subject_id)
    gallery_moved(listing)
    _store_template(reference, enrolled)
    packs = set(Deployment.objects.filter(pk__in=listing).values_list("pack", flat=True)) - {enrolled.pack}
    for pack in sorted(packs):
        ask([reference.pk], pack)
    tightened = tighten_for_list(listing)
    audit.record(
        "reference.enrolled",
        actor=None,
        facts={
            "reference": reference.pk,
            "subject": reference.subject_id,
            "pack": enrolled.pack,
            "resemblances": [{"other": r.other, "kind": r.kind, "score": r.score} for r in resemblances],
        },
    )
    record_tightened(tightened)


@transaction.atomic
def reference_reject(*, reference: ReferenceImage, code: str, reason: str) -> None:
    """Nothing of a rejected upload stays but its name and the reason, until a steward clears it.

    Raises StaleState where it is no longer pending.
    """
    advance(
        reference,
        ReferenceState.REJECTED,
        image=None,
        reason_code=code,
        reason=reason,
        checked_at=timezone.now(),
    )
    audit.record(
        "reference.rejected",
        actor=None,
        facts={"reference": reference.pk, "subject": reference.subject_id, "reason": code},
    )


@transaction.atomic
def references_clear_rejected(*, actor: User, subject: Subject) -> int:
    """Deletes what is left of a subject's rejected images; their number and reasons stay on the record. How many."""
    require(actor, Permission.SUBJECT_EDIT)
    # Of themselves alone: their order joins the subject, and an alert on it, about to be committed, must not wait.
    rejected = subject.references.filter(state=ReferenceState.REJECTED).select_for_update(of=("self",))
    reasons = dict(rejected.values_list("pk", "reason_code"))
    if not reasons:
        raise Refused("none_rejected", "There is no rejected image left: somebody has cleared them already.")
    ReferenceImage.objects.filter(pk__in=reasons).delete()  # those counted; a worker may reject more meanwhile
    audit.record(
        "references.cleared",
        actor=actor,
        facts={"subject": subject.pk, "cleared": len(reasons), "reasons": Counter(reasons.values())},
    )
    return len(reasons)


@transaction.atomic
def reference_withdraw(*, actor: User, reference: ReferenceImage, reason: str) -> None:
    """Takes an image off every list at once and destroys it; the row stays for the record."""
    require(actor, Permission.SUBJECT_EDIT)
    reason = worded(reason, field="reason", why="Say why the image is withdrawn.")
    ended = _withdraw(reference, reason)
    audit.record(
        "reference.withdrawn",
        actor=actor,
        facts={"reference": reference.pk, "subject": reference.subject_id},
        detail={"reason": reason},
    )
    record_ended(ended, Cause.WITHDRAWN)


@transaction.atomic
def resemblance_answer(
    *,
    actor: User,
    resemblance: Resemblance,
    answer: Resemblance.Answer | str,
    reason: str,
    marks: str = "",
    other_marks: str = "",
) -> None:
    """Answers a warning, for good; some answers withdraw the new image, or the one it was held against.

    Of two people who look alike, `marks` says what the person of the new image is known by, `other_marks` the other:
    operators and officers are shown both when one of the two alerts.
    """
    require(actor, Permission.SUBJECT_EDIT)
    if answer not in ANSWERS[resemblance.kind]:
        raise InvalidInput("answer", "Choose one of the answers to this kind of warning.")
    reason = worded(reason, field="reason", why="Say what the answer rests on.")
    written = {"marks": marks, "other_marks": other_marks}
    written = {field: storable(text, field=field) for field, text in written.items()}
    if any(written.values()) and answer != Resemblance.Answer.TWO_PEOPLE:
        text = "Only two people are told apart: leave this empty, or answer that they are two."
        raise InvalidInput("marks", text, {field: [text] for field, words in written.items() if words})
    answered = Resemblance.objects.filter(pk=resemblance.pk, answer="").update(
        answer=answer, reason=reason, answered_by=actor, answered_at=timezone.now(), **written
    )
    if not answered:
        raise Refused("answered", "Somebody has answered this warning already.")
    resemblance.refresh_from_db()
    ended, tightened = _follow(resemblance)
    reference = resemblance.reference
    audit.record(
        "resemblance.answered",
        actor=actor,
        facts={"reference": reference.pk, "other": resemblance.other_id, "kind": resemblance.kind, "answer": answer},
        detail={"reason": reason, **written},
    )
    record_ended(ended, Cause.WITHDRAWN)
    record_tightened(tightened)


def _follow(resemblance: Resemblance) -> tuple[list[Alert], list[Tightened]]:
    """What an answer does: it withdraws an image that is still there, whose alerts end; where it lets the new one be
    searched for, lists get longer, and with them thresholds stricter."""
    wrong, why = WITHDRAWS.get(Resemblance.Answer(resemblance.answer), (None, ""))
    image: ReferenceImage | None = getattr(resemblance, wrong) if wrong else None
    withdrawn = bool(image and image.state != ReferenceState.WITHDRAWN)
    ended = _withdraw(image, why) if image and withdrawn else []
    listing = deployments_listing(resemblance.reference.subject_id)
    if not withdrawn:
        gallery_moved(listing)
    return ended, tighten_for_list(listing)


def _store_template(reference: ReferenceImage, enrolled: EnrolledReference) -> None:
    template = Template(reference=reference, pack=enrolled.pack, state=TemplateState.MADE, settled_at=timezone.now())
    template.vector = sealed(template, "vector", enrolled.template)
    template.save(force_insert=True)


def _withdraw(reference: ReferenceImage, reason: str) -> list[Alert]:
    """The alerts that end with it: without the image, nobody can compare."""
    now = timezone.now()
    advance(reference, ReferenceState.WITHDRAWN, reason=reason, **NOTHING)
    gallery_moved(deployments_listing(reference.subject_id))
    reference.templates.all().delete()
    return end_unanswered(Alert.objects.filter(reference=reference), now=now)
