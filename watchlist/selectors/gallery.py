"""The templates that may be searched: of the deployment's pack, enrolled, undisputed, unexpired, on the list."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from watchlist import vault
from watchlist.models import (
    Deployment,
    DeploymentState,
    Kind,
    ListEntry,
    ReferenceImage,
    ReferenceState,
    Template,
    TemplateState,
)
from watchlist.selectors.deployments import ENDED


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


def templates_of(pack: str | OuterRef) -> QuerySet[Template]:
    """The only way to a template: whoever compares says with which pack, and is given no other's."""
    return Template.objects.filter(pack=pack, state=TemplateState.MADE)


def gallery_rows(deployment_id: UUID | str) -> list[GalleryRow]:
    """What frames of this deployment are compared with, in a stable order."""
    pack = Deployment.objects.filter(pk=deployment_id).values_list("pack", flat=True).first()
    if pack is None:
        return []
    searched = templates_of(pack).filter(reference__in=listed(deployment_id, timezone.now()).order_by())
    return [_opened(template) for template in _with_subjects(searched).order_by("reference_id")]


def gallery_size(deployment_id: UUID | str) -> int:
    """How many reference images this deployment may search with."""
    return listed(deployment_id, timezone.now()).count()


def templates_searched(deployment_id: UUID | str) -> int:
    """How many templates a frame of this deployment is compared with: the length of list that false alerts depend on.

    One for each image, and one more for each subject who has several: their mean, which `recognition.gallery` adds.
    """
    images = listed(deployment_id, timezone.now()).order_by().values("subject").annotate(count=Count("pk"))
    return sum(count + (count > 1) for count in images.values_list("count", flat=True))


def listed(deployment_id: UUID | str, now: dt.datetime) -> QuerySet[ReferenceImage]:
    """References that this deployment may search with, by the day it is there and with a template of its pack: its
    list's, of its categories and, where it takes them, of staff whose consent stands."""
    fields = ("time_zone", "categories", "seeded_staff", "pack")
    deployment = Deployment.objects.filter(pk=deployment_id).only(*fields).first()
    if deployment is None:
        return ReferenceImage.objects.none()
    on_the_list = ListEntry.objects.filter(deployment=deployment, removed_at__isnull=True)
    may_be = Q(subject__kind=Kind.SOUGHT, subject__category__in=deployment.categories)
    if deployment.seeded_staff:
        may_be |= Q(subject__kind=Kind.STAFF, subject__consent_withdrawn_at__isnull=True)
    return searchable(now.astimezone(deployment.zone).date()).filter(
        may_be,
        Exists(templates_of(deployment.pack).filter(reference=OuterRef("pk"))),
        subject__in=on_the_list.values("subject"),
    )


def sought(
    deployment_id: UUID | str, subject_id: UUID | str, reference_id: UUID | str, now: dt.datetime
) -> QuerySet[ReferenceImage]:
    """This reference, while this deployment may look for this subject with it."""
    return listed(deployment_id, now).filter(pk=reference_id, subject_id=subject_id)


def searchable(day: dt.date | None = None) -> QuerySet[ReferenceImage]:
    """Enrolled references without an unanswered warning, of subjects whose entry has not expired on `day` (today)."""
    return (
        ReferenceImage.objects.filter(
            state=ReferenceState.ENROLLED, subject__expires_on__gte=day or timezone.localdate()
        )
        .exclude(resemblances__answer="")
        .only("id", "subject_id")
    )


def entries_past_expiry(now: dt.datetime) -> list[ListEntry]:
    """Entries of deployments not yet closed whose subject's last day has passed there."""
    entries = ListEntry.objects.filter(removed_at__isnull=True).exclude(deployment__state__in=ENDED)
    # The day begins up to 14 hours earlier somewhere; which it is at each deployment is asked below.
    due = entries.filter(subject__expires_on__lt=(now + dt.timedelta(hours=14)).date())
    return [
        entry
        for entry in due.select_related("subject", "deployment")
        if entry.subject.expires_on < now.astimezone(entry.deployment.zone).date()
    ]


def galleries_in_use() -> dict[UUID, int]:
    """Deployments that run or are paused, with the version of their list: what workers may hold in memory."""
    running = Deployment.objects.filter(state__in=[DeploymentState.LIVE, DeploymentState.PAUSED])
    return dict(running.values_list("pk", "gallery_version"))


def sought_image(
    deployment_id: UUID | str, subject_id: UUID | str, reference_id: UUID | str, now: dt.datetime
) -> bytes | None:
    """The JPEG of a reference, for the second comparison; None where the deployment may no longer look with it."""
    reference = sought(deployment_id, subject_id, reference_id, now).only("id", "image").first()
    if reference is None:
        return None
    return vault.unseal(bytes(reference.image or b""), key=vault.LIST_KEY, context=vault.place(reference, "image"))


def listed_templates(pack: str) -> Iterator[GalleryRow]:
    """Every template of the whole watch-list by one pack, to compare a new reference with."""
    enrolled = templates_of(pack).filter(reference__state=ReferenceState.ENROLLED)
    return (_opened(template) for template in _with_subjects(enrolled).iterator(chunk_size=500))


def subject_templates(subject_id: UUID, pack: str) -> list[GalleryRow]:
    """The enrolled templates of one subject by one pack, of the image first added first."""
    enrolled = templates_of(pack).filter(reference__subject=subject_id, reference__state=ReferenceState.ENROLLED)
    return [_opened(template) for template in _with_subjects(enrolled).order_by("reference__added_at")]


def same_file(reference: ReferenceImage) -> QuerySet[ReferenceImage]:
    """References of other subjects made from the identical file."""
    return (
        ReferenceImage.objects.filter(fingerprint=reference.fingerprint, state=ReferenceState.ENROLLED)
        .exclude(subject=reference.subject_id)
        .order_by("added_at")
    )


def _with_subjects(templates: QuerySet[Template]) -> QuerySet[Template]:
    return templates.select_related("reference").only("id", "pack", "vector", "reference__subject_id")


def _opened(template: Template) -> GalleryRow:
    vector = vault.unseal(bytes(template.vector or b""), key=vault.LIST_KEY, context=vault.place(template, "vector"))
    return GalleryRow(str(template.reference_id), str(template.reference.subject_id), vector, template.pack)
