"""A reference image of a subject: sealed, checked, and compared with everyone already listed."""

import uuid

from django.conf import settings
from django.db import models

from watchlist.models.subject import Subject


class ImageSource(models.TextChoices):
    """Where an image lawfully held came from; images are never gathered from the web."""

    CUSTODY = "custody", "Custody photograph"
    COURT = "court", "Supplied by a court"
    PARTNER = "partner", "Supplied by a partner agency"
    FAMILY = "family", "Supplied by family or the person"
    CCTV = "cctv", "Still from lawfully held CCTV"
    DOCUMENT = "document", "Identity document"


class ReferenceState(models.TextChoices):
    PENDING = "pending", "Being checked"
    ENROLLED = "enrolled", "Enrolled"
    REJECTED = "rejected", "Rejected"
    WITHDRAWN = "withdrawn", "Withdrawn"


class ReferenceImage(models.Model):
    """One image of one subject. `image`, `portrait` and `file_name` are sealed with the list's data key."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="references")
    state = models.CharField(max_length=10, choices=ReferenceState.choices, default=ReferenceState.PENDING)
    source = models.CharField(max_length=20, choices=ImageSource.choices)
    taken_on = models.DateField(help_text="When the photograph was taken; the most recent one serves best.")
    image = models.BinaryField(null=True, help_text="Sealed JPEG without metadata; the upload as sent until checked.")
    portrait = models.BinaryField(null=True, help_text="Sealed JPEG, eyes on the same line as every other portrait.")
    # Sealed though the subject's name is not: it was written by whoever sent the file, and may name anybody.
    file_name = models.BinaryField(null=True, help_text="Sealed name of the upload, until it is enrolled or withdrawn.")
    fingerprint = models.BinaryField(help_text="Keyed hash of the upload, to know the identical file again.")
    pack = models.CharField(max_length=60, blank=True, help_text="Name and version of the pack that checked it.")
    quality = models.JSONField(default=dict, blank=True)
    reason_code = models.CharField(max_length=40, blank=True)
    reason = models.TextField(blank=True, help_text="Why it was rejected or withdrawn, in words.")
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", editable=False)
    added_at = models.DateTimeField(auto_now_add=True)
    checked_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        ordering = ("subject", "-added_at")
        constraints = [
            models.CheckConstraint(condition=models.Q(state__in=ReferenceState.values), name="reference_state_known"),
            models.CheckConstraint(
                condition=~models.Q(state=ReferenceState.ENROLLED) | models.Q(image__isnull=False),
                name="reference_enrolled_whole",
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=[ReferenceState.REJECTED, ReferenceState.WITHDRAWN])
                | models.Q(image__isnull=True, portrait__isnull=True),
                name="reference_gone_holds_nothing",
            ),
        ]
        indexes = [models.Index(fields=["fingerprint"], name="reference_fingerprint")]

    def __str__(self) -> str:
        return f"{self.subject.record_number}, {self.get_source_display()}, {self.taken_on}"


class Resemblance(models.Model):
    """A warning about a new reference, which no list is searched with until a person has answered it.

    Either it looks like, or is the same file as, an image of somebody else; or it does not look like its own subject's
    other images, of which `other` is then the one that it is most like.
    """

    class Kind(models.TextChoices):
        SAME_FILE = "file", "The same file is listed under someone else"
        SAME_FACE = "face", "This person seems to be listed already, as someone else"
        LOOK_ALIKE = "alike", "This face is much like someone else's on the watch-list"
        MISFIT = "misfit", "This image is unlike this person's other images"

    class Answer(models.TextChoices):
        TWO_PEOPLE = "two_people", "Two people who look alike: keep both"
        SAME_PERSON = "same_person", "The same person: withdraw this image"
        FITS = "fits", "It does show this person: keep it"
        SOMEBODY_ELSE = "somebody_else", "It shows somebody else: withdraw it"
        OTHER_WRONG = "other_wrong", "The image listed before shows somebody else: withdraw that one"

    reference = models.ForeignKey(ReferenceImage, on_delete=models.CASCADE, related_name="resemblances")
    other = models.ForeignKey(ReferenceImage, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    score = models.FloatField(null=True, help_text="Cosine similarity; none for an identical file.")
    answer = models.CharField(max_length=20, choices=Answer.choices, blank=True)
    reason = models.TextField(blank=True)
    marks = models.TextField("how the person of the new image is known", blank=True, default="")
    other_marks = models.TextField("how the person listed before is known", blank=True, default="")
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    answered_at = models.DateTimeField(null=True)
    noticed_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = "warning"
        ordering = ("answered_at", "-noticed_at")
        constraints = [
            models.UniqueConstraint(fields=["reference", "other", "kind"], name="resemblance_once"),
            models.CheckConstraint(
                condition=models.Q(answer="", answered_by__isnull=True, answered_at__isnull=True)
                | (~models.Q(answer="") & models.Q(answered_by__isnull=False, answered_at__isnull=False)),
                name="resemblance_answered_whole",
            ),
            models.CheckConstraint(
                condition=models.Q(kind="misfit", answer__in=["", "fits", "somebody_else", "other_wrong"])
                | models.Q(kind__in=["file", "face", "alike"], answer__in=["", "two_people", "same_person"]),
                name="resemblance_answer_of_its_kind",
            ),
            models.CheckConstraint(
                condition=models.Q(marks="", other_marks="") | models.Q(answer="two_people"),
                name="resemblance_marks_of_two",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reference} ~ {self.other}"


_BETWEEN_TWO = (Resemblance.Answer.TWO_PEOPLE, Resemblance.Answer.SAME_PERSON)

# What each kind of warning may be answered with; the constraint above says the same to the database.
ANSWERS: dict[str, tuple[Resemblance.Answer, ...]] = {
    Resemblance.Kind.SAME_FILE: _BETWEEN_TWO,
    Resemblance.Kind.SAME_FACE: _BETWEEN_TWO,
    Resemblance.Kind.LOOK_ALIKE: _BETWEEN_TWO,
    Resemblance.Kind.MISFIT: (
        Resemblance.Answer.FITS,
        Resemblance.Answer.SOMEBODY_ELSE,
        Resemblance.Answer.OTHER_WRONG,
    ),
}
