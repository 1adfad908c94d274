"""Stewards and workers at the same instant while a list is enrolled anew: nothing is lost, nobody deadlocks."""

from collections.abc import Callable
from typing import Any

import pytest

from recognition.enrolment import check_reference
from recognition.reenrolment import make_template
from tests.cast import (
    PACK,
    Cast,
    approve,
    make_cast,
    make_draft,
    make_listed_subject,
    make_pending,
    make_picture,
    make_reference,
    make_subject,
    make_template_of,
)
from tests.cast import make_template as vector
from tests.racing import ROUNDS, at_once, refused, sound
from tests.recognition.portraits import collins, jpeg
from tests.second_pack import calibrate_second
from watchlist.models import AuditEntry, Deployment, ReferenceImage, Subject, Template
from watchlist.selectors.enrolled import enrolment_of
from watchlist.selectors.gallery import gallery_rows
from watchlist.services.deployments import deployment_start, deployment_update
from watchlist.services.lists import list_add
from watchlist.services.references import EnrolledReference, reference_enrol, reference_withdraw
from watchlist.services.templates import template_failed, template_made, templates_retry

Call = Callable[[], Any]


@pytest.fixture
def people(committed_db: None) -> Cast:
    return make_cast()


def draft_listing(cast: Cast, *subjects: Subject) -> Deployment:
    draft = make_draft(cast)
    for subject in subjects:
        list_add(actor=cast.sam, deployment=draft, subject=subject)
    return draft


def choosing(cast: Cast, draft: Deployment, pack: str) -> Call:
    return lambda: deployment_update(actor=cast.sam, deployment=draft, pack=pack)


def making(template: Template) -> Call:
    read = Template.objects.get(pk=template.pk)
    return lambda: template_made(template=read, vector=vector())


def enrolling(reference: ReferenceImage) -> Call:
    checked = EnrolledReference(
        image=make_picture(), portrait=make_picture(), template=vector(), pack=PACK, quality={"value": 0.9}
    )
    return lambda: reference_enrol(reference=reference, enrolled=checked)


def withdrawing(cast: Cast, reference: ReferenceImage) -> Call:
    return lambda: reference_withdraw(actor=cast.sam, reference=reference, reason="Another person.")


def asked(pack: str) -> list[Template]:
    return list(Template.objects.filter(pack=pack, state="asked"))


def test_of_two_workers_on_one_template_one_makes_it(people: Cast, second_pack: str) -> None:
    reference = make_pending(people, make_subject(people), jpeg(collins()))
    check_reference(reference.pk)
    choosing(people, draft_listing(people, reference.subject), second_pack)()
    [template] = asked(second_pack)
    at_once(*[lambda: make_template(template.pk)] * 3)
    template.refresh_from_db()
    assert template.state == "made"
    assert AuditEntry.objects.filter(action="template.made").count() == 1
    assert sound()


def test_an_image_withdrawn_while_its_template_is_made_leaves_none(people: Cast, second_pack: str) -> None:
    for _ in range(ROUNDS):
        subject = make_listed_subject(people)
        reference = subject.references.get()
        choosing(people, draft_listing(people, subject), second_pack)()
        [template] = asked(second_pack)
        at_once(making(template), withdrawing(people, reference))
        assert not reference.templates.exists()
        assert ReferenceImage.objects.get(pk=reference.pk).state == "withdrawn"
    assert sound()


def test_a_pack_changed_again_while_the_list_is_enrolled_is_whole_in_the_end(people: Cast, second_pack: str) -> None:
    for _ in range(ROUNDS):
        subjects = [make_listed_subject(people) for _ in range(3)]
        draft = draft_listing(people, *subjects)
        choosing(people, draft, second_pack)()
        working = [making(template) for template in asked(second_pack)]
        results = at_once(*working, choosing(people, draft, PACK), choosing(people, draft, second_pack))
        assert not refused(results)
        draft.refresh_from_db()
        assert enrolment_of(draft).missing == 0
        assert {row.pack for row in gallery_rows(draft.pk)} == {draft.pack}
        assert len(gallery_rows(draft.pk)) == 3
    assert sound()


def test_a_list_and_an_image_that_meet_are_not_strangers(people: Cast, second_pack: str) -> None:
    """Listed while the image is enrolled, or enrolled while the pack is chosen: either asks for the template."""
    for _ in range(ROUNDS):
        subject = make_subject(people)
        reference = make_pending(people, subject)
        draft = choosing(people, make_draft(people), second_pack)()
        at_once(enrolling(reference), lambda s=subject, d=draft: list_add(actor=people.sam, deployment=d, subject=s))
        assert reference.templates.filter(pack=second_pack, state="asked").count() == 1

        changing = draft_listing(people, subject)
        late = make_pending(people, subject)
        Template.objects.filter(pack=second_pack).delete()
        at_once(enrolling(late), choosing(people, changing, second_pack))
        assert set(late.templates.values_list("pack", flat=True)) == {PACK, second_pack}
    assert sound()


def test_a_withdrawal_and_a_second_trial_do_not_wait_for_each_other(people: Cast, second_pack: str) -> None:
    for _ in range(ROUNDS):
        subject, other = make_listed_subject(people), make_listed_subject(people)
        draft = draft_listing(people, subject, other)
        choosing(people, draft, second_pack)()
        for template in asked(second_pack):
            template_failed(template=template, code="no_face", reason="No face was found.")
        reference = subject.references.get()
        results = at_once(
            withdrawing(people, reference), lambda d=draft: templates_retry(actor=people.sam, deployment=d)
        )
        assert not refused(results)
        assert not Template.objects.filter(reference=reference, state__in=["made", "failed"]).exists()
        assert other.references.get().templates.get(pack=second_pack).state == "asked"
        Template.objects.filter(pack=second_pack).delete()
    assert sound()


def test_it_starts_whole_or_not_at_all_while_an_image_arrives(people: Cast, second_pack: str) -> None:
    calibrate_second()
    for _ in range(ROUNDS):
        subject = make_listed_subject(people)
        draft = choosing(people, draft_listing(people, subject), second_pack)()
        make_template_of(subject.references.get(), second_pack)
        approve(people.ada, draft)
        draft.refresh_from_db()
        late = make_pending(people, subject)
        started, _ = at_once(lambda d=draft: deployment_start(actor=people.olga, deployment=d), enrolling(late))
        state = Deployment.objects.get(pk=draft.pk).state
        assert (state, getattr(started, "code", None)) in {("live", None), ("approved", "not_enrolled")}
    assert sound()


def test_many_images_asked_for_by_two_lists_at_once_are_asked_for_once(people: Cast, second_pack: str) -> None:
    for _ in range(ROUNDS):
        subjects = [make_listed_subject(people) for _ in range(4)]
        make_reference(people, subjects[0])
        one, other = draft_listing(people, *subjects), draft_listing(people, *reversed(subjects))
        assert not refused(at_once(choosing(people, one, second_pack), choosing(people, other, second_pack)))
        assert len(asked(second_pack)) == 5
        Template.objects.filter(pack=second_pack).delete()
    assert sound()
