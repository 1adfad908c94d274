"""From an upload to a reference: enrolled, or rejected with the reason; and the warnings in between."""

import io
from datetime import timedelta

import numpy as np
import pytest
from django.utils import timezone
from PIL import Image, ImageFilter

from recognition.enrolment import GIVEN_UP_AFTER, QUEUED_AGAIN_AFTER, check_reference, give_up_or_list_again
from recognition.packs.calibration import shipped
from recognition.pipeline.limits import ENROLMENT
from tests.cast import DIMENSION, Cast, make_pending, make_picture, make_subject
from tests.recognition.portraits import collins, hopper, jpeg
from watchlist import vault
from watchlist.models import AuditEntry, ReferenceImage, ReferenceState, Resemblance, Template
from watchlist.selectors.gallery import searchable
from watchlist.services.references import resemblance_answer


def checked(cast: Cast, data: bytes, subject: object = None) -> ReferenceImage:
    reference = make_pending(cast, subject or make_subject(cast), data)  # type: ignore[arg-type]
    check_reference(reference.pk)
    reference.refresh_from_db()
    return reference


def opened(row: ReferenceImage | Template, column: str) -> bytes:
    sealed = bytes(getattr(row, column))
    return vault.unseal(sealed, key=vault.LIST_KEY, context=vault.place(row, column))


def test_a_portrait_is_enrolled(cast: Cast) -> None:
    reference = checked(cast, jpeg(collins()))
    assert reference.state == ReferenceState.ENROLLED, reference.reason
    template = reference.templates.get()
    vector = np.frombuffer(opened(template, "vector"), "<f4")
    assert vector.shape == (DIMENSION,)
    assert np.linalg.norm(vector) == pytest.approx(1, abs=1e-4)
    assert template.pack == "dlib-2"
    assert 0 < reference.quality["value"] <= 1
    assert searchable().filter(pk=reference.pk).exists()
    assert AuditEntry.objects.filter(action="reference.enrolled", body__contains=str(reference.pk)).count() == 1


def test_nothing_of_the_uploads_metadata_is_kept(cast: Cast) -> None:
    exif = Image.Exif()
    exif[0x010E] = "taken at 1 Secret Street"
    exif.get_ifd(0x8825)[1] = "N"
    uploaded = jpeg(collins(), exif=exif, comment=b"a secret comment")
    assert b"Secret Street" in uploaded
    assert b"secret comment" in uploaded
    reference = checked(cast, uploaded)
    for column in ("image", "portrait"):
        kept = opened(reference, column)
        assert b"Secret" not in kept
        assert b"secret" not in kept
        with Image.open(io.BytesIO(kept)) as picture:
            assert not picture.getexif()
            assert "comment" not in picture.info
            assert "icc_profile" not in picture.info


def test_stored_columns_show_nothing_of_the_picture(cast: Cast) -> None:
    data = jpeg(collins())
    pending = make_pending(cast, make_subject(cast), data)
    assert data[:64] not in bytes(pending.image or b"")
    reference = checked(cast, data)
    for row, column in ((reference, "image"), (reference, "portrait"), (reference.templates.get(), "vector")):
        sealed = bytes(getattr(row, column))
        assert b"JFIF" not in sealed
        assert opened(row, column)[:32] not in sealed


def two_faces() -> Image.Image:
    side = 512
    pair = Image.new("RGB", (2 * side, side))
    pair.paste(collins().crop((100, 0, 356, 256)).resize((side, side)), (0, 0))
    pair.paste(collins().crop((100, 0, 356, 256)).resize((side, side)), (side, 0))
    return pair


def bomb() -> bytes:
    """A few kilobytes that state 30,000 x 30,000 pixels."""
    written = io.BytesIO()
    Image.new("1", (30_000, 30_000)).save(written, "PNG")
    return written.getvalue()


@pytest.mark.parametrize(
    ("code", "make"),
    [
        ("not_an_image", lambda: b"%PDF-1.7 this is no picture"),
        ("not_an_image", lambda: jpeg(collins())[:2000]),
        ("decompression_bomb", bomb),
        ("no_face", make_picture),
        ("several_faces", lambda: jpeg(two_faces())),
        ("too_small", lambda: jpeg(collins().resize((230, 230)))),
        ("too_blurred", lambda: jpeg(collins().filter(ImageFilter.GaussianBlur(7)))),
    ],
)
def test_an_image_that_will_not_do_is_rejected_with_the_reason(code: str, make: object, cast: Cast) -> None:
    reference = checked(cast, make())  # type: ignore[operator]
    assert reference.state == ReferenceState.REJECTED
    assert reference.reason_code == code
    assert reference.reason.endswith(".")
    assert reference.image is None
    assert not reference.templates.exists()


def test_the_reason_names_every_shortfall_with_what_is_required(cast: Cast) -> None:
    reference = checked(cast, jpeg(collins().resize((230, 230)).filter(ImageFilter.GaussianBlur(3))))
    small, blurred = "The face is too small: distance between the eyes", "The face is too blurred: sharpness"
    assert small in reference.reason
    assert blurred in reference.reason
    assert f"at least {ENROLMENT.bounds['too_small']:.0f} is required. Upload a larger version." in reference.reason
    assert reference.reason.startswith(blurred if reference.reason_code == "too_blurred" else small)


def test_the_same_file_under_somebody_else_is_a_warning(cast: Cast) -> None:
    data = jpeg(collins())
    first, second = checked(cast, data), checked(cast, data)
    warning = Resemblance.objects.get()
    assert (warning.reference, warning.other, warning.kind) == (second, first, Resemblance.Kind.SAME_FILE)
    assert not searchable().filter(pk=second.pk).exists()
    assert searchable().filter(pk=first.pk).exists()


def test_the_same_face_under_somebody_else_is_a_warning(cast: Cast) -> None:
    first = checked(cast, jpeg(collins()))
    second = checked(cast, jpeg(collins().crop((60, 0, 460, 400)).transpose(Image.Transpose.FLIP_LEFT_RIGHT)))
    assert second.state == ReferenceState.ENROLLED, second.reason
    warning = Resemblance.objects.get()
    assert (warning.reference, warning.other, warning.kind) == (second, first, Resemblance.Kind.SAME_FACE)
    assert warning.score is not None
    assert warning.score > shipped("dlib-2").threshold_for(templates=1)
    assert not searchable().filter(pk=second.pk).exists()


def test_other_images_of_the_same_subject_are_no_warning(cast: Cast) -> None:
    subject = make_subject(cast)
    checked(cast, jpeg(collins()), subject)
    again = checked(cast, jpeg(collins().transpose(Image.Transpose.FLIP_LEFT_RIGHT)), subject)
    assert again.state == ReferenceState.ENROLLED
    assert not Resemblance.objects.exists()


def test_somebody_elses_image_is_a_warning_and_answers_settle_it(cast: Cast) -> None:
    subject = make_subject(cast)
    first, wrong = checked(cast, jpeg(collins()), subject), checked(cast, jpeg(hopper()), subject)
    warning = Resemblance.objects.get()
    assert (warning.reference, warning.other, warning.kind) == (wrong, first, Resemblance.Kind.MISFIT)
    assert searchable().filter(pk=first.pk).exists()
    assert not searchable().filter(pk=wrong.pk).exists()
    resemblance_answer(actor=cast.sam, resemblance=warning, answer="other_wrong", reason="The first was a mix-up.")
    assert [row.pk for row in searchable().filter(subject=subject)] == [wrong.pk]


def test_one_wrong_image_does_not_hold_back_the_right_ones_that_follow(cast: Cast) -> None:
    subject = make_subject(cast)
    for data in (jpeg(hopper()), jpeg(collins())):
        checked(cast, data, subject)
    right = checked(cast, jpeg(collins().transpose(Image.Transpose.FLIP_LEFT_RIGHT)), subject)
    assert not right.resemblances.exists()


def test_twins_are_asked_about_again_only_where_it_might_be_one_person(cast: Cast) -> None:
    """The same photograph, mirrored, is more alike than any twins: that is asked about whatever was answered."""
    data = jpeg(collins())
    checked(cast, data)
    twin = make_subject(cast)
    checked(cast, jpeg(collins().transpose(Image.Transpose.FLIP_LEFT_RIGHT)), twin)
    resemblance_answer(
        actor=cast.sam, resemblance=Resemblance.objects.get(), answer="two_people", reason="Twins, by their papers."
    )
    again = checked(cast, jpeg(collins().crop((60, 0, 460, 400))), twin)
    assert [warning.kind for warning in again.resemblances.all()] == [Resemblance.Kind.SAME_FACE]


def test_other_people_are_no_warning(cast: Cast) -> None:
    checked(cast, jpeg(collins()))
    other = checked(cast, jpeg(hopper()))
    assert other.state == ReferenceState.ENROLLED, other.reason
    assert not Resemblance.objects.exists()


@pytest.mark.parametrize(
    ("answer", "state", "searched"),
    [
        (Resemblance.Answer.TWO_PEOPLE, ReferenceState.ENROLLED, True),
        (Resemblance.Answer.SAME_PERSON, ReferenceState.WITHDRAWN, False),
    ],
)
def test_an_answered_warning_settles_what_is_searched(
    answer: Resemblance.Answer, state: ReferenceState, searched: bool, cast: Cast
) -> None:
    data = jpeg(collins())
    checked(cast, data)
    second = checked(cast, data)
    resemblance_answer(
        actor=cast.sam, resemblance=Resemblance.objects.get(), answer=answer, reason="Twins, by records."
    )
    second.refresh_from_db()
    assert second.state == state
    assert searchable().filter(pk=second.pk).exists() is searched


def test_a_second_check_of_the_same_reference_changes_nothing(cast: Cast) -> None:
    reference = checked(cast, jpeg(collins()))
    entries = AuditEntry.objects.count()
    check_reference(reference.pk)
    before = bytes(reference.image)
    reference.refresh_from_db()
    assert bytes(reference.image) == before
    assert AuditEntry.objects.count() == entries


def test_what_a_lost_worker_left_pending_is_checked_again_and_given_up_in_the_end(cast: Cast) -> None:
    now = timezone.now()
    ages = {"new": timedelta(), "due": 2 * QUEUED_AGAIN_AFTER, "hopeless": 2 * GIVEN_UP_AFTER}
    made = {}
    for name, age in ages.items():
        made[name] = make_pending(cast, make_subject(cast))
        ReferenceImage.objects.filter(pk=made[name].pk).update(added_at=now - age)
    assert give_up_or_list_again(now=now) == [made["due"].pk]
    states = {name: ReferenceImage.objects.get(pk=reference.pk).state for name, reference in made.items()}
    assert states == {
        "new": ReferenceState.PENDING,
        "due": ReferenceState.PENDING,
        "hopeless": ReferenceState.REJECTED,
    }
