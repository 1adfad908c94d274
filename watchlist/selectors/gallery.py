"""The templates that may be searched: enrolled, undisputed, unexpired, on the list."""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from watchlist import vault
from watchlist.models import Deployment, DeploymentState, ReferenceImage, ReferenceState


@dataclass(frozen=True, slots=True)
class GalleryRow:
    """One opened template: float32, little-endian, unit length."""

    reference_id: str
    subject_id: str
    template: bytes
    pack: str


def gallery_version(deployment_id: UUID | str) -> int | None:
    """Moves with every change of the list or its images; None where there is no such deployment."""
    return Deployment.objects.filter(pk=deployment_id).values_list("gallery_version", flat=True).first()


def gallery_rows(deployment_id: UUID | str) -> list[GalleryRow]:
    """What frames of this deployment are compared with, in a stable order."""
    references = searchable().filter(
        subject__entries__deployment=deployment_id, subject__entries__removed_at__isnull=True
    )
    return [_opened(reference) for reference in references.order_by("pk")]


def gallery_size(deployment_id: UUID | str) -> int:
    """How many templates a frame of this deployment is compared with."""
    return (
        searchable()
        .filter(subject__entries__deployment=deployment_id, subject__entries__removed_at__isnull=True)
        .count()
    )


def searchable() -> QuerySet[ReferenceImage]:
    """Enrolled references without an unanswered warning, of subjects whose entry has not expired."""
    return (
        ReferenceImage.objects.filter(state=ReferenceState.ENROLLED, subject__expires_on__gte=timezone.localdate())
        .exclude(resemblances__answer="")
        .only("id", "subject_id", "template", "pack")
    )


def galleries_in_use() -> dict[UUID, int]:
    """Deployments that run or are paused, with the version of their list: what workers may hold in memory."""
    running = Deployment.objects.filter(state__in=[DeploymentState.LIVE, DeploymentState.PAUSED])
    return dict(running.values_list("pk", "gallery_version"))


def searchable_image(reference_id: UUID | str) -> bytes | None:
    """The JPEG of a reference that may be searched now, for the second comparison; None where it no longer may be."""
    reference = searchable().only("id", "image").filter(pk=reference_id).first()
    if reference is None:
        return None
    return vault.unseal(bytes(reference.image or b""), key=vault.LIST_KEY, context=vault.place(reference, "image"))


def listed_templates() -> Iterator[GalleryRow]:
    """Every enrolled template of the whole watch-list, to compare a new reference with."""
    references = ReferenceImage.objects.filter(state=ReferenceState.ENROLLED).only(
        "id", "subject_id", "template", "pack"
    )
    return (_opened(reference) for reference in references.iterator(chunk_size=500))


def same_file(reference: ReferenceImage) -> QuerySet[ReferenceImage]:
    """References of other subjects made from the identical file."""
    return (
        ReferenceImage.objects.filter(fingerprint=reference.fingerprint, state=ReferenceState.ENROLLED)
        .exclude(subject=reference.subject_id)
        .order_by("added_at")
    )


def _opened(reference: ReferenceImage) -> GalleryRow:
    template = vault.unseal(
        bytes(reference.template or b""), key=vault.LIST_KEY, context=vault.place(reference, "template")
    )
    return GalleryRow(str(reference.pk), str(reference.subject_id), template, reference.pack)
