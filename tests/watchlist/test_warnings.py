"""Three kinds of warning and the answers that fit each; what an answer does, and what the database refuses."""

import json
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from tests.cast import Cast, make_live, make_reference, make_subject, make_template
from watchlist.errors import InvalidInput
from watchlist.models import ANSWERS, AuditDetail, AuditEntry, ReferenceImage, Resemblance
from watchlist.selectors.gallery import gallery_rows
from watchlist.selectors.look_alikes import LookAlike, known_look_alikes, look_alikes
from watchlist.services.references import Resembling, reference_withdraw, resemblance_answer

Kind, Answer = Resemblance.Kind, Resemblance.Answer


def warned(cast: Cast, kind: Kind, **fields: Any) -> Resemblance:
    """A new image that is held back by a warning of this kind."""
    listed = make_reference(cast, make_subject(cast))
    subject = listed.subject if kind == Kind.MISFIT else make_subject(cast, **fields)
    found = [Resembling(listed.pk, kind, None if kind == Kind.SAME_FILE else 0.9)]
    return make_reference(cast, subject, template=make_template(), resemblances=found).resemblances.get()


def two_people(cast: Cast, warning: Resemblance, marks: str = "", other_marks: str = "") -> None:
    words = {"reason": "By name.", "marks": marks, "other_marks": other_marks}
    resemblance_answer(actor=cast.sam, resemblance=warning, answer=Answer.TWO_PEOPLE, **words)


@pytest.mark.parametrize("answer", Answer)
@pytest.mark.parametrize("kind", Kind)
def test_a_kind_takes_its_own_answers_and_no_others(kind: Kind, answer: Answer, cast: Cast) -> None:
    warning = warned(cast, kind)
    if answer not in ANSWERS[kind]:
        with pytest.raises(InvalidInput, match="answers to this kind"):
            resemblance_answer(actor=cast.sam, resemblance=warning, answer=answer, reason="So it seems.")
        with pytest.raises(IntegrityError, match="resemblance_answer_of_its_kind"), transaction.atomic():
            Resemblance.objects.update(answer=answer, answered_by=cast.sam, answered_at=timezone.now())
        return
    resemblance_answer(actor=cast.sam, resemblance=warning, answer=answer, reason="So it seems.")
    facts = json.loads(AuditEntry.objects.get(action="resemblance.answered").body)["facts"]
    assert (facts["kind"], facts["answer"]) == (kind, answer)


@pytest.mark.parametrize(
    ("kind", "answer", "withdrawn"),
    [
        (Kind.SAME_FACE, Answer.TWO_PEOPLE, None),
        (Kind.SAME_FACE, Answer.SAME_PERSON, "reference"),
        (Kind.LOOK_ALIKE, Answer.SAME_PERSON, "reference"),
        (Kind.MISFIT, Answer.FITS, None),
        (Kind.MISFIT, Answer.SOMEBODY_ELSE, "reference"),
        (Kind.MISFIT, Answer.OTHER_WRONG, "other"),
    ],
)
def test_an_answer_settles_which_images_are_searched(
    kind: Kind, answer: Answer, withdrawn: str | None, cast: Cast
) -> None:
    warning = warned(cast, kind)
    live = make_live(cast, *{warning.reference.subject, warning.other.subject})
    assert {row.reference_id for row in gallery_rows(live.pk)} == {str(warning.other_id)}
    resemblance_answer(actor=cast.sam, resemblance=warning, answer=answer, reason="By the record.")
    expected = {"reference": str(warning.reference_id), "other": str(warning.other_id)}
    expected.pop(withdrawn or "", None)
    assert {row.reference_id for row in gallery_rows(live.pk)} == set(expected.values())
    live.refresh_from_db()
    assert live.gallery_version > 0


@pytest.mark.parametrize("answer", [Answer.SOMEBODY_ELSE, Answer.OTHER_WRONG, Answer.FITS])
@pytest.mark.parametrize("gone", ["reference", "other"])
def test_an_image_that_was_withdrawn_meanwhile_does_not_stand_in_the_way(gone: str, answer: Answer, cast: Cast) -> None:
    warning = warned(cast, Kind.MISFIT)
    reference_withdraw(actor=cast.sam, reference=getattr(warning, gone), reason="A better one came.")
    warning = Resemblance.objects.get(pk=warning.pk)
    resemblance_answer(actor=cast.sam, resemblance=warning, answer=answer, reason="By the record.")
    assert ReferenceImage.objects.get(pk=getattr(warning, gone).pk).reason == "A better one came."


@pytest.mark.parametrize("field", ["marks", "other_marks"])
def test_what_each_is_known_by_goes_with_two_people_only(field: str, cast: Cast) -> None:
    warning = warned(cast, Kind.SAME_FACE)
    with pytest.raises(InvalidInput) as caught:
        resemblance_answer(
            actor=cast.sam, resemblance=warning, answer="same_person", reason="One date.", **{field: "The ears."}
        )
    assert set(caught.value.fields) == {field}
    with pytest.raises(IntegrityError, match="resemblance_marks_of_two"), transaction.atomic():
        Resemblance.objects.update(**{field: "The ears."})
    two_people(cast, warning, **{field: "  The ears. "})
    warning.refresh_from_db()
    assert getattr(warning, field) == "The ears."
    entry = AuditEntry.objects.get(action="resemblance.answered")
    assert "The ears." not in entry.body
    assert "The ears." in AuditDetail.objects.get(entry=entry).text


def test_a_pair_of_look_alikes_is_known_from_both_sides(cast: Cast) -> None:
    warning = warned(cast, Kind.LOOK_ALIKE)
    one, other = warning.reference.subject, warning.other.subject
    assert known_look_alikes(one.pk) == frozenset()
    two_people(cast, warning, "A beard.", "A scar.")
    assert (known_look_alikes(one.pk), known_look_alikes(other.pk)) == ({other.pk}, {one.pk})
    here, elsewhere = make_live(cast, one, other), make_live(cast, one)
    assert look_alikes(one.pk, here.pk) == [LookAlike(True, ("A beard.",), ("A scar.",))]
    assert look_alikes(other.pk, here.pk) == [LookAlike(True, ("A scar.",), ("A beard.",))]
    assert look_alikes(one.pk, elsewhere.pk) == [LookAlike(False, ("A beard.",), ("A scar.",))]


def test_a_look_alike_is_told_once_with_all_that_was_written(cast: Cast) -> None:
    warning = warned(cast, Kind.LOOK_ALIKE)
    again = make_reference(
        cast, warning.other.subject, resemblances=[Resembling(warning.reference_id, Kind.SAME_FACE, 0.97)]
    ).resemblances.get()
    two_people(cast, warning, "A beard.", "A scar.")
    two_people(cast, again, "Much taller.", "A beard.")
    told = look_alikes(warning.reference.subject_id, make_live(cast).pk)
    assert told == [LookAlike(False, ("A beard.",), ("Much taller.", "A scar."))]


@pytest.mark.parametrize(("kind", "answer"), [(Kind.SAME_FACE, Answer.SAME_PERSON), (Kind.MISFIT, Answer.FITS)])
def test_no_other_answer_makes_look_alikes(kind: Kind, answer: Answer, cast: Cast) -> None:
    warning = warned(cast, kind)
    resemblance_answer(actor=cast.sam, resemblance=warning, answer=answer, reason="By the record.")
    assert known_look_alikes(warning.reference.subject_id) == frozenset()
    assert known_look_alikes(warning.other.subject_id) == frozenset()
