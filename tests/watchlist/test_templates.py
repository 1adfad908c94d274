"""One template of an image for each pack: asked for, made or not, never of another pack, gone with its image."""

import pytest
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks

from recognition.packs.registry import PACKS
from tests.cast import (
    PACK,
    Cast,
    approve,
    make_candidate,
    make_draft,
    make_listed_subject,
    make_live,
    make_reference,
    make_subject,
    make_template,
    make_template_of,
)
from tests.second_pack import NAME, calibrate_second
from watchlist.errors import InvalidInput, Refused, StaleState
from watchlist.models import AuditEntry, Deployment, ReferenceImage, Subject, Template
from watchlist.selectors.enrolled import enrolment_of
from watchlist.selectors.gallery import gallery_rows, gallery_size, listed_templates
from watchlist.services.alerts import alert_raise
from watchlist.services.deployments import deployment_start, deployment_update
from watchlist.services.lists import list_add, list_remove
from watchlist.services.references import reference_withdraw
from watchlist.services.templates import (
    template_failed,
    template_made,
    templates_ask_missing,
    templates_drop_orphaned,
    templates_retry,
)
from watchlist.signals import templates_asked

NO_FACE = "No face was found."


def draft_listing(cast: Cast, *subjects: Subject) -> Deployment:
    draft = make_draft(cast)
    for subject in subjects:
        list_add(actor=cast.sam, deployment=draft, subject=subject)
    draft.refresh_from_db()
    return draft


def choose(cast: Cast, deployment: Deployment, pack: str) -> Deployment:
    return deployment_update(actor=cast.sam, deployment=deployment, pack=pack)


def asked(pack: str) -> Template:
    return Template.objects.get(pack=pack, state="asked")


def made(template: Template) -> None:
    template_made(template=template, vector=make_template())


def standing(reference: ReferenceImage) -> dict[str, str]:
    return dict(reference.templates.values_list("pack", "state"))


def test_another_pack_asks_once_for_each_enrolled_image_of_the_list(
    cast: Cast, second_pack: str, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    subject, elsewhere = make_listed_subject(cast), make_listed_subject(cast)
    make_reference(cast, subject)
    draft = draft_listing(cast, subject)
    version = draft.gallery_version
    with django_capture_on_commit_callbacks() as callbacks:
        choose(cast, draft, second_pack)
    [told] = [each.keywords["template_ids"] for each in callbacks if each.func == templates_asked.send]

    assert set(told) == set(Template.objects.filter(pack=second_pack, state="asked").values_list("pk", flat=True))
    assert [standing(each) for each in subject.references.all()] == [{PACK: "made", second_pack: "asked"}] * 2
    assert standing(elsewhere.references.get()) == {PACK: "made"}
    assert Deployment.objects.get(pk=draft.pk).gallery_version == version + 1


def test_the_same_pack_again_asks_for_nothing(cast: Cast) -> None:
    draft = draft_listing(cast, make_listed_subject(cast))
    choose(cast, draft, PACK)
    assert not Template.objects.filter(state="asked").exists()
    assert Deployment.objects.get(pk=draft.pk).gallery_version == draft.gallery_version


def test_whoever_is_added_to_the_list_is_enrolled_with_its_pack(cast: Cast, second_pack: str) -> None:
    draft = choose(cast, make_draft(cast), second_pack)
    subject = make_listed_subject(cast)
    list_add(actor=cast.sam, deployment=draft, subject=subject)
    assert standing(subject.references.get()) == {PACK: "made", second_pack: "asked"}


def test_a_new_image_is_enrolled_with_the_packs_of_all_that_list_its_person(cast: Cast, second_pack: str) -> None:
    subject = make_subject(cast)
    draft_listing(cast, subject)
    choose(cast, draft_listing(cast, subject), second_pack)
    choose(cast, draft_listing(cast), second_pack)
    assert standing(make_reference(cast, subject)) == {PACK: "made", second_pack: "asked"}
    assert standing(make_reference(cast, make_subject(cast))) == {PACK: "made"}


def test_a_pack_that_is_not_offered_is_refused_by_name(cast: Cast) -> None:
    with pytest.raises(InvalidInput, match="The pack nobody-7 is not to be had here") as refusal:
        choose(cast, make_draft(cast), "nobody-7")
    assert set(refusal.value.fields) == {"pack"}


def test_a_pack_that_was_replaced_since_is_neither_approved_nor_started(
    cast: Cast, second_pack: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As after an upgrade: templates and calibration of the old version are there, and every frame would be refused."""
    calibrate_second()
    person = make_listed_subject(cast)
    waiting, draft = (choose(cast, draft_listing(cast, person), second_pack) for _ in range(2))
    make_template_of(person.references.get(), second_pack)
    approve(cast.ada, waiting)
    waiting.refresh_from_db()

    monkeypatch.delitem(PACKS, NAME)
    for refused, remedy in (
        (lambda: approve(cast.ada, draft), "choose another for this draft"),
        (lambda: deployment_start(actor=cast.olga, deployment=waiting), "close this deployment"),
    ):
        with pytest.raises(Refused, match=f"The pack second-1 is not to be had here: {remedy}") as refusal:
            refused()
        assert refusal.value.code == "pack_gone"


def test_it_is_approved_and_started_only_when_its_list_is_whole(cast: Cast, second_pack: str) -> None:
    calibrate_second()
    first, second = make_listed_subject(cast), make_listed_subject(cast)
    draft = choose(cast, draft_listing(cast, first, second), second_pack)
    make_template_of(first.references.get(), second_pack)
    with pytest.raises(Refused, match="not enrolled with second-1: 1 of 2") as refusal:
        approve(cast.ada, draft)
    assert (refusal.value.code, refusal.value.message) == (
        "not_enrolled",
        "Images on the list that are not enrolled with second-1: 1 of 2. In progress: 1; wait until they are done.",
    )
    made(asked(second_pack))
    approve(cast.ada, draft)

    draft.refresh_from_db()
    make_reference(cast, first)  # of one pack: it comes while the deployment waits for its start
    with pytest.raises(Refused, match="1 of 3"):
        deployment_start(actor=cast.olga, deployment=draft)
    made(asked(second_pack))
    deployment_start(actor=cast.olga, deployment=draft)
    assert (gallery_size(draft.pk), {row.pack for row in gallery_rows(draft.pk)}) == (3, {second_pack})


def test_what_could_not_be_is_counted_with_its_reason_until_something_is_done(cast: Cast, second_pack: str) -> None:
    calibrate_second()
    subjects = [make_listed_subject(cast) for _ in range(4)]
    draft = choose(cast, draft_listing(cast, *subjects), second_pack)
    make_template_of(subjects[0].references.get(), second_pack)
    for subject in subjects[1:3]:
        failing = subject.references.get().templates.get(pack=second_pack)
        template_failed(template=failing, code="no_face", reason=NO_FACE)
    enrolment = enrolment_of(draft)
    assert str(enrolment) == "1 of 4 images enrolled with second-1; 2 could not be."
    assert (enrolment.waiting, [(each.reason, each.count) for each in enrolment.failures]) == (1, [(NO_FACE, 2)])
    made(asked(second_pack))
    with pytest.raises(Refused, match=r"2 of 4. Could not be: 2; withdraw them, take their people off the list"):
        approve(cast.ada, draft)

    reference_withdraw(actor=cast.sam, reference=subjects[1].references.get(), reason="A profile.")
    list_remove(actor=cast.sam, entry=draft.entries.get(subject=subjects[2]), reason="No frontal picture.")
    assert str(enrolment_of(draft)) == "2 of 2 images enrolled with second-1."
    approve(cast.ada, draft)


def test_what_could_not_be_is_tried_again_when_a_steward_says_so(cast: Cast, second_pack: str) -> None:
    subject = make_listed_subject(cast)
    draft = choose(cast, draft_listing(cast, subject), second_pack)
    template_failed(template=asked(second_pack), code="not_made", reason="No worker.")
    assert templates_retry(actor=cast.sam, deployment=draft) == 1
    assert (asked(second_pack).reason, asked(second_pack).settled_at) == ("", None)
    with pytest.raises(Refused):
        templates_retry(actor=cast.sam, deployment=draft)


def test_withdrawing_an_image_destroys_its_templates_of_every_pack(cast: Cast, second_pack: str) -> None:
    subject = make_listed_subject(cast)
    reference = subject.references.get()
    choose(cast, draft_listing(cast, subject), second_pack)
    make_template_of(reference, "third-1")
    late = asked(second_pack)
    reference_withdraw(actor=cast.sam, reference=reference, reason="Another person.")
    assert standing(reference) == {}
    with pytest.raises(StaleState):
        made(late)
    with pytest.raises(StaleState):
        template_failed(template=late, code="no_face", reason=NO_FACE)
    assert not Template.objects.filter(reference=reference).exists()


def test_what_was_asked_for_at_the_moment_of_the_withdrawal_does_not_stay(cast: Cast) -> None:
    subject = make_listed_subject(cast)
    reference = subject.references.get()
    reference_withdraw(actor=cast.sam, reference=reference, reason="Another person.")
    Template.objects.create(reference=reference, pack="third-1")
    assert (templates_drop_orphaned(), Template.objects.filter(reference=reference).count()) == (1, 0)


def test_images_enrolled_before_get_a_template_of_the_installations_own_pack(
    cast: Cast, second_pack: str, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    """Else a person listed under an earlier pack would not be noticed when listed again."""
    before, withdrawn, current = (make_listed_subject(cast).references.get() for _ in range(3))
    reference_withdraw(actor=cast.sam, reference=withdrawn, reason="Another picture.")
    make_template_of(current, second_pack)
    with django_capture_on_commit_callbacks() as callbacks:
        assert templates_ask_missing(pack=second_pack) == 1
    (wanted,) = Template.objects.filter(pack=second_pack, state="asked")
    assert wanted.reference == before
    assert [each.keywords["template_ids"] for each in callbacks if each.func == templates_asked.send] == [[wanted.pk]]
    assert templates_ask_missing(pack=second_pack) == 0


def test_only_templates_of_the_pack_are_compared(cast: Cast, second_pack: str) -> None:
    subject = make_listed_subject(cast)
    live, reference = make_live(cast, subject), subject.references.get()
    before = gallery_rows(live.pk)
    vector = make_template_of(reference, second_pack)
    assert gallery_rows(live.pk) == before
    assert [row.template for row in listed_templates(second_pack)] == [vector]
    assert vector not in [row.template for row in listed_templates(PACK)]


def test_a_person_whose_only_template_is_another_packs_is_not_searched_for(cast: Cast) -> None:
    live = make_live(cast)
    Deployment.objects.filter(pk=live.pk).update(pack="third-1")
    assert (gallery_size(live.pk), gallery_rows(live.pk)) == (0, [])


def test_a_candidate_of_another_pack_is_no_alert(cast: Cast) -> None:
    live, now = make_live(cast), timezone.now()
    assert alert_raise(make_candidate(live, now=now, pack="third-1"), now=now) is None
    assert alert_raise(make_candidate(live, now=now), now=now) is not None


def test_each_template_is_on_the_record_without_a_number_of_it(cast: Cast, second_pack: str) -> None:
    first, second = make_listed_subject(cast), make_listed_subject(cast)
    choose(cast, draft_listing(cast, first, second), second_pack)
    make_template_of(first.references.get(), second_pack)
    template_failed(template=asked(second_pack), code="no_face", reason=NO_FACE)
    [one] = AuditEntry.objects.filter(action="template.made")
    [other] = AuditEntry.objects.filter(action="template.failed")
    assert str(first.references.get().pk) in one.body
    assert '"reason":"no_face"' in other.body.replace(" ", "")
    assert NO_FACE not in other.body
