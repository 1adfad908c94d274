"""What becomes of an uploaded image: sealed, enrolled or rejected, disputed, withdrawn; and what is left of it."""

import datetime as dt
import json

import pytest
from django.utils import timezone

from tests.cast import (
    PACK,
    Cast,
    make_listed_subject,
    make_live,
    make_pending,
    make_picture,
    make_reference,
    make_subject,
)
from tests.cast import make_template as template
from watchlist.errors import IllegalTransition, InvalidInput, Refused, StaleState
from watchlist.models import AuditEntry, Deployment, ReferenceImage, Resemblance, Template
from watchlist.selectors.gallery import gallery_rows, same_file, searchable
from watchlist.services.references import (
    EnrolledReference,
    Resembling,
    reference_enrol,
    reference_reject,
    reference_withdraw,
    resemblance_answer,
)
from watchlist.services.uploads import reference_add, reference_upload

CHECKED = EnrolledReference(
    image=b"jpeg", portrait=b"portrait", template=b"\0" * 512, pack=PACK, quality={"value": 0.9}
)


def fresh(reference: ReferenceImage) -> ReferenceImage:
    return ReferenceImage.objects.get(pk=reference.pk)


def held(reference: ReferenceImage) -> set[str]:
    pictures = {name for name in ("image", "portrait") if getattr(fresh(reference), name) is not None}
    return pictures | {"template" for _ in reference.templates.all()[:1]}


def version(deployment: Deployment) -> int:
    return Deployment.objects.get(pk=deployment.pk).gallery_version


def test_an_upload_is_sealed_and_opens_again(cast: Cast) -> None:
    data = make_picture()
    reference = make_pending(cast, make_subject(cast), data)
    assert data not in bytes(fresh(reference).image or b"")
    assert reference_upload(fresh(reference)) == data
    assert held(reference) == {"image"}


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"data": b""}, "empty"),
        ({"data": b"x" * (10 * 2**20 + 1)}, "too_large"),
        ({"taken_on": dt.date(2999, 1, 1)}, "future"),
        ({"source": "scraped_from_the_web"}, "invalid"),
    ],
)
def test_what_cannot_be_used_is_refused(changes: dict, code: str, cast: Cast) -> None:
    fields = {"data": make_picture(), "source": "court", "taken_on": dt.date(2020, 1, 1)} | changes
    with pytest.raises(InvalidInput) as caught:
        reference_add(actor=cast.sam, subject=make_subject(cast), **fields)
    assert caught.value.code == code
    assert not ReferenceImage.objects.exists()


def test_nothing_of_a_rejected_upload_stays_but_the_reason(cast: Cast) -> None:
    reference = make_pending(cast, make_subject(cast))
    reference_reject(reference=reference, code="no_face", reason="No face was found.")
    assert held(reference) == set()
    assert (fresh(reference).state, fresh(reference).reason_code) == ("rejected", "no_face")


def test_withdrawing_destroys_the_image_and_empties_the_gallery(cast: Cast) -> None:
    subject = make_listed_subject(cast)
    live = make_live(cast, subject)
    reference, before = subject.references.get(), version(live)
    reference_withdraw(actor=cast.sam, reference=reference, reason="A better one came.")
    assert held(reference) == set()
    assert gallery_rows(live.pk) == []
    assert version(live) == before + 1
    with pytest.raises(IllegalTransition):
        reference_withdraw(actor=cast.sam, reference=fresh(reference), reason="Again.")


def test_enrolling_moves_the_galleries_that_list_the_person(cast: Cast) -> None:
    subject = make_listed_subject(cast)
    live, other = make_live(cast, subject), make_live(cast)
    before = version(live), version(other)
    make_reference(cast, subject)
    assert (version(live), version(other)) == (before[0] + 1, before[1])
    assert len(gallery_rows(live.pk)) == 2


def test_a_check_that_comes_after_the_withdrawal_changes_nothing(cast: Cast) -> None:
    reference = make_pending(cast, make_subject(cast))
    checking = fresh(reference)
    reference_withdraw(actor=cast.sam, reference=reference, reason="The wrong person.")
    with pytest.raises(StaleState):
        reference_enrol(reference=checking, enrolled=CHECKED)
    with pytest.raises(StaleState):
        reference_reject(reference=fresh_as_pending(reference), code="no_face", reason="No face.")
    assert held(reference) == set()


def fresh_as_pending(reference: ReferenceImage) -> ReferenceImage:
    stale = fresh(reference)
    stale.state = "pending"
    return stale


def test_a_template_comes_out_as_it_went_in(cast: Cast) -> None:
    subject, vector = make_subject(cast), template()
    make_reference(cast, subject, template=vector)
    [row] = gallery_rows(make_live(cast, subject).pk)
    assert row.template == vector
    assert not Template.objects.filter(vector__contains=vector[:16]).exists()


class TestResemblance:
    @pytest.fixture
    def warned(self, cast: Cast) -> ReferenceImage:
        first = make_listed_subject(cast).references.get()
        return make_reference(
            cast, make_subject(cast), resemblances=[Resembling(first.pk, Resemblance.Kind.SAME_FACE, 0.97)]
        )

    def test_keeps_the_newer_image_out_until_it_is_answered(self, warned: ReferenceImage, cast: Cast) -> None:
        resemblance = warned.resemblances.get()
        assert not searchable().filter(pk=warned.pk).exists()
        assert searchable().filter(pk=resemblance.other_id).exists()
        resemblance_answer(actor=cast.sam, resemblance=resemblance, answer="two_people", reason="Brothers.")
        assert searchable().filter(pk=warned.pk).exists()

    def test_one_of_two_unanswered_is_enough(self, warned: ReferenceImage, cast: Cast) -> None:
        other = make_listed_subject(cast).references.get()
        Resemblance.objects.create(reference=warned, other=other, kind=Resemblance.Kind.SAME_FILE)
        resemblance = warned.resemblances.get(kind=Resemblance.Kind.SAME_FACE)
        resemblance_answer(actor=cast.sam, resemblance=resemblance, answer="two_people", reason="Brothers.")
        assert not searchable().filter(pk=warned.pk).exists()

    def test_of_the_same_person_withdraws_the_newer_image(self, warned: ReferenceImage, cast: Cast) -> None:
        resemblance_answer(
            actor=cast.sam, resemblance=warned.resemblances.get(), answer="same_person", reason="Same birthday."
        )
        assert fresh(warned).state == "withdrawn"
        assert held(warned) == set()

    def test_is_answered_once_with_a_reason(self, warned: ReferenceImage, cast: Cast) -> None:
        resemblance = warned.resemblances.get()
        with pytest.raises(InvalidInput):
            resemblance_answer(actor=cast.sam, resemblance=resemblance, answer="two_people", reason="")
        with pytest.raises(InvalidInput):
            resemblance_answer(actor=cast.sam, resemblance=resemblance, answer="perhaps", reason="Hm.")
        resemblance_answer(actor=cast.sam, resemblance=resemblance, answer="two_people", reason="Brothers.")
        with pytest.raises(Refused, match="already"):
            resemblance_answer(actor=cast.sam, resemblance=resemblance, answer="same_person", reason="On reflection.")
        facts = json.loads(AuditEntry.objects.get(action="resemblance.answered").body)["facts"]
        assert facts["answer"] == "two_people"


def test_the_identical_file_is_known_again_under_somebody_else_only(cast: Cast) -> None:
    data = make_picture()
    first = make_reference(cast, make_subject(cast), data=data)
    elsewhere = make_pending(cast, make_subject(cast), data)
    assert list(same_file(first)) == []
    assert list(same_file(elsewhere)) == [first]
    assert list(same_file(make_pending(cast, make_subject(cast)))) == []


def test_an_expired_entry_is_not_searched(cast: Cast) -> None:
    subject = make_listed_subject(cast)
    assert searchable().filter(subject=subject).exists()
    type(subject).objects.filter(pk=subject.pk).update(expires_on=timezone.localdate() - dt.timedelta(days=1))
    assert not searchable().filter(subject=subject).exists()
