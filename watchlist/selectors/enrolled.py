"""How far is a list enrolled with its deployment's pack? Counts, and what stands in the way of the rest."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from watchlist.models import Deployment, ReferenceImage, ReferenceState, Template, TemplateState


@dataclass(frozen=True, slots=True)
class Failure:
    """Images of which no template can be made, for one reason."""

    reason: str
    references: tuple[UUID, ...]

    @property
    def count(self) -> int:
        return len(self.references)


@dataclass(frozen=True, slots=True)
class Enrolment:
    pack: str
    images: int  # enrolled images of those on the list
    made: int  # of them with a template of the pack
    failures: tuple[Failure, ...]

    @property
    def failed(self) -> int:
        return sum(failure.count for failure in self.failures)

    @property
    def waiting(self) -> int:
        return self.images - self.made - self.failed

    @property
    def missing(self) -> int:
        return self.images - self.made

    def __str__(self) -> str:
        """`312 of 500 images enrolled with arcface-1; 2 could not be.`"""
        could_not = f"; {self.failed:,} could not be" if self.failures else ""
        return f"{self.made:,} of {self.images:,} images enrolled with {self.pack}{could_not}."


def enrolment_of(deployment: Deployment) -> Enrolment:
    images = _images(deployment)
    of_the_pack = Template.objects.filter(reference=OuterRef("pk"), pack=deployment.pack)
    counted = images.aggregate(
        images=Count("pk"), made=Count("pk", filter=Q(Exists(of_the_pack.filter(state=TemplateState.MADE))))
    )
    failed = Template.objects.filter(pack=deployment.pack, state=TemplateState.FAILED, reference__in=images)
    reasons: dict[str, list[UUID]] = {}
    for reference, reason in failed.order_by("reason", "reference").values_list("reference", "reason"):
        reasons.setdefault(reason, []).append(reference)
    failures = tuple(Failure(reason, tuple(references)) for reason, references in reasons.items())
    return Enrolment(deployment.pack, counted["images"], counted["made"], failures)


def _images(deployment: Deployment) -> QuerySet[ReferenceImage]:
    on_the_list = deployment.entries.filter(removed_at__isnull=True).values("subject")
    return ReferenceImage.objects.filter(subject__in=on_the_list, state=ReferenceState.ENROLLED).order_by()
