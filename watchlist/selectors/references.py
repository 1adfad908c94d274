"""Reading reference images: what became of each, what waits for a person, and the pictures in clear."""

from uuid import UUID

from django.db.models import QuerySet

from watchlist import vault
from watchlist.errors import NotFound
from watchlist.models import ReferenceImage, ReferenceState, Resemblance, Subject, User
from watchlist.permissions import Permission, require

PICTURES = ("image", "portrait")
SEALED = ("image", "portrait")


def references() -> QuerySet[ReferenceImage]:
    """Every reference without its sealed columns, which are large and of use only one at a time."""
    return ReferenceImage.objects.defer(*SEALED).select_related("subject")


def references_of(user: User, subject: Subject) -> QuerySet[ReferenceImage]:
    """The images of a subject, newest first."""
    require(user, Permission.REFERENCE_VIEW)
    return references().filter(subject=subject).prefetch_related("resemblances").order_by("-added_at")


def file_name(reference: ReferenceImage) -> str:
    """What the upload was called; empty where it had no name, or is needed no more."""
    if reference.file_name is None:
        return ""
    place = vault.place(reference, "file_name")
    return vault.unseal(bytes(reference.file_name), key=vault.LIST_KEY, context=place).decode()


def reference_for(user: User, pk: UUID | str) -> ReferenceImage:
    require(user, Permission.REFERENCE_VIEW)
    reference = references().filter(pk=pk).first()
    if reference is None:
        raise NotFound("no_reference", "There is no such image.")
    return reference


def reference_picture(user: User, pk: UUID | str, which: str) -> bytes:
    """JPEG, `image` or `portrait`. What has not passed the check is not shown: it may be anything."""
    reference = reference_for(user, pk)
    if which not in PICTURES or reference.state != ReferenceState.ENROLLED:
        raise NotFound("no_picture", "There is no such picture: only enrolled images have one.")
    sealed = bytes(getattr(reference, which) or b"")
    return vault.unseal(sealed, key=vault.LIST_KEY, context=vault.place(reference, which))


def pending(user: User) -> QuerySet[ReferenceImage]:
    require(user, Permission.REFERENCE_VIEW)
    return references().filter(state=ReferenceState.PENDING)


def resemblances() -> QuerySet[Resemblance]:
    """Every warning with both images and subjects, their sealed columns left where they are."""
    q = Resemblance.objects.select_related("reference__subject", "other__subject", "answered_by")
    return q.defer(*(f"{side}__{column}" for side in ("reference", "other") for column in SEALED))


def resemblance_for(user: User, pk: int) -> Resemblance:
    require(user, Permission.REFERENCE_VIEW)
    resemblance = resemblances().filter(pk=pk).first()
    if resemblance is None:
        raise NotFound("no_resemblance", "There is no such warning.")
    return resemblance


def unanswered(user: User) -> QuerySet[Resemblance]:
    """Warnings that keep an image off every list until a person has answered them."""
    require(user, Permission.REFERENCE_VIEW)
    return resemblances().filter(answer="", reference__state=ReferenceState.ENROLLED)
