"""Templates: asked for in the pack of each deployment that lists the person, made or not by a worker.

Locks in the order that `alerts` gives; a template's row follows its deployment's.
"""

from collections.abc import Iterable
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from watchlist.errors import Refused, StaleState
from watchlist.models import Deployment, ReferenceImage, ReferenceState, Template, TemplateState, User
from watchlist.permissions import Permission, require
from watchlist.selectors.deployments import deployments_listing
from watchlist.selectors.enrolled import enrolment_of
from watchlist.services import audit
from watchlist.services.galleries import gallery_moved
from watchlist.services.thresholds import record_tightened, tighten_for_list
from watchlist.services.uploads import sealed
from watchlist.signals import announce, templates_asked
from watchlist.transitions import advance


def ask_for_list(deployment: Deployment) -> None:
    """Part of what another service does, which holds the deployment's row: its whole list in its pack."""
    on_the_list = deployment.entries.filter(removed_at__isnull=True).values("subject")
    ask(ReferenceImage.objects.filter(subject__in=on_the_list).values_list("pk", flat=True), deployment.pack)


def ask_for_subject(subject: UUID, pack: str) -> None:
    """Part of what another service does, which holds the subject's row: all images of this person."""
    ask(ReferenceImage.objects.filter(subject=subject).values_list("pk", flat=True), pack)


def ask(references: Iterable[UUID], pack: str) -> None:
    """Of those enrolled, once each whoever asks at once; one that could not be made before is tried again."""
    enrolled = ReferenceImage.objects.filter(pk__in=list(references), state=ReferenceState.ENROLLED)
    wanted = list(enrolled.order_by("pk").values_list("pk", flat=True))
    Template.objects.bulk_create([Template(reference_id=pk, pack=pack) for pk in wanted], ignore_conflicts=True)
    asked = Template.objects.filter(reference__in=wanted, pack=pack)
    for template in asked.filter(state=TemplateState.FAILED).order_by("pk").select_for_update(of=("self",)):
        advance(template, TemplateState.ASKED, reason_code="", reason="", asked_at=timezone.now(), settled_at=None)
    if waiting := list(asked.filter(state=TemplateState.ASKED).values_list("pk", flat=True)):
        announce(templates_asked, template_ids=waiting)


@transaction.atomic
def templates_retry(*, actor: User, deployment: Deployment) -> int:
    """Asks again for those of a list that could not be made. How many."""
    require(actor, Permission.LIST_EDIT, deployment)
    locked = Deployment.objects.select_for_update(no_key=True).get(pk=deployment.pk)
    failed = [pk for failure in enrolment_of(locked).failures for pk in failure.references]
    if not failed:
        raise Refused("none_failed", "There is no image that could not be enrolled: somebody has tried them again.")
    ask(failed, locked.pack)
    audit.record(
        "templates.retried", actor=actor, deployment=locked, facts={"pack": locked.pack, "images": len(failed)}
    )
    return len(failed)


@transaction.atomic
def template_made(*, template: Template, vector: bytes) -> None:
    """Stores what a worker made: float32, little-endian, unit length.

    Raises StaleState where it is asked for no more: another worker made it, or the image is withdrawn.
    """
    reference = _enrolled(template)
    listing = deployments_listing(reference.subject_id, pack=template.pack)
    gallery_moved(listing)
    advance(template, TemplateState.MADE, vector=sealed(template, "vector", vector), settled_at=timezone.now())
    tightened = tighten_for_list(listing)
    audit.record("template.made", actor=None, facts=_facts(template, reference))
    record_tightened(tightened)


@transaction.atomic
def template_failed(*, template: Template, code: str, reason: str) -> None:
    """Keeps why it could not be made; the image stays as it is. Raises StaleState as `template_made`."""
    reference = _enrolled(template)
    advance(template, TemplateState.FAILED, reason_code=code, reason=reason, settled_at=timezone.now())
    audit.record("template.failed", actor=None, facts=_facts(template, reference) | {"reason": code})


@transaction.atomic
def templates_ask_missing(*, pack: str) -> int:
    """Asks for every enrolled image that has none of `pack`, the installation's own, with which new images are
    compared: after an update, or another choice, who was enrolled before would not be found. Returns how many."""
    missing = ReferenceImage.objects.filter(state=ReferenceState.ENROLLED).exclude(templates__pack=pack)
    references = list(missing.values_list("pk", flat=True))
    if references:
        ask(references, pack)
    return len(references)


def templates_drop_orphaned() -> int:
    """Of images that were withdrawn at the moment somebody asked. Returns how many; none holds anything."""
    orphaned = Template.objects.filter(state=TemplateState.ASKED).exclude(reference__state=ReferenceState.ENROLLED)
    return orphaned.delete()[0]


def _enrolled(template: Template) -> ReferenceImage:
    """Its image, which until the commit nobody withdraws."""
    images = ReferenceImage.objects.select_for_update(of=("self",), no_key=True).only("pk", "subject_id")
    reference = images.filter(pk=template.reference_id, state=ReferenceState.ENROLLED).first()
    if reference is None:
        raise StaleState("withdrawn", "This image is no longer enrolled.")
    return reference


def _facts(template: Template, reference: ReferenceImage) -> dict[str, object]:
    return {"reference": reference.pk, "subject": reference.subject_id, "pack": template.pack}
