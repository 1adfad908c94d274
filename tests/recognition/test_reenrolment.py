"""A list enrolled anew with another pack: by real networks, whole or with reasons, and never compared across packs."""

from datetime import timedelta

import numpy as np
import pytest
from django.utils import timezone

from recognition import engine as engines
from recognition import gallery
from recognition.engine import HELD, engine, engine_of, pack_of, verifier
from recognition.enrolment import GIVEN_UP_AFTER, QUEUED_AGAIN_AFTER, check_reference
from recognition.offers import offers
from recognition.packs import registry
from recognition.packs.calibration import shipped
from recognition.packs.likelihood import alike_threshold
from recognition.packs.verification import verify
from recognition.pipeline.decode import decode
from recognition.pipeline.errors import PipelineError
from recognition.pipeline.interfaces import Engine
from recognition.pipeline.run import process_frame
from recognition.pipeline.types import Tracks
from recognition.reenrolment import ask_for_the_own_pack, give_up_or_list_again, make_template
from recognition.services.frames import policy_of
from tests.cast import (
    DIMENSION,
    PACK,
    Cast,
    approve,
    make_draft,
    make_listed_subject,
    make_pending,
    make_reference,
    make_subject,
)
from tests.recognition.portraits import collins, hopper, jpeg
from tests.second_pack import NAME, calibrate_second, renamed
from watchlist.errors import Refused
from watchlist.models import AuditEntry, Deployment, ReferenceImage, Resemblance, Subject, Template
from watchlist.selectors.enrolled import enrolment_of
from watchlist.selectors.gallery import gallery_rows
from watchlist.services.deployments import deployment_update
from watchlist.services.lists import list_add


def enrolled(cast: Cast, data: bytes) -> ReferenceImage:
    reference = make_pending(cast, make_subject(cast), data)
    check_reference(reference.pk)
    reference.refresh_from_db()
    assert reference.state == "enrolled", reference.reason
    return reference


def listing(cast: Cast, pack: str, *subjects: Subject) -> Deployment:
    draft = make_draft(cast)
    for subject in subjects:
        list_add(actor=cast.sam, deployment=draft, subject=subject)
    return deployment_update(actor=cast.sam, deployment=draft, pack=pack)


def work_off() -> None:
    for pk in Template.objects.filter(state="asked").values_list("pk", flat=True):
        make_template(pk)


def test_a_stored_image_becomes_a_template_of_the_other_pack(cast: Cast, second_pack: str) -> None:
    reference = enrolled(cast, jpeg(collins()))
    draft = listing(cast, second_pack, reference.subject)
    work_off()

    [row] = gallery_rows(draft.pk)
    vector = np.frombuffer(row.template, "<f4")
    assert (row.pack, row.reference_id, vector.shape) == (second_pack, str(reference.pk), (DIMENSION,))
    assert np.linalg.norm(vector) == pytest.approx(1, abs=1e-4)
    assert str(enrolment_of(draft)) == "1 of 1 images enrolled with second-1."
    version = Deployment.objects.get(pk=draft.pk).gallery_version
    assert version > draft.gallery_version, "a gallery without it would be stale"


def test_an_image_in_which_the_pack_finds_no_face_keeps_the_reason_and_its_other_template(
    cast: Cast, second_pack: str
) -> None:
    good, bad = enrolled(cast, jpeg(collins())).subject, make_listed_subject(cast)  # the latter's image is noise
    draft = listing(cast, second_pack, good, bad)
    work_off()

    enrolment = enrolment_of(draft)
    assert str(enrolment) == "1 of 2 images enrolled with second-1; 1 could not be."
    assert enrolment.failures[0].reason.startswith("No face was found.")
    assert dict(bad.references.get().templates.values_list("pack", "state")) == {PACK: "made", second_pack: "failed"}


def test_the_same_call_again_changes_nothing(cast: Cast, second_pack: str) -> None:
    listing(cast, second_pack, enrolled(cast, jpeg(collins())).subject)
    [pk] = Template.objects.filter(state="asked").values_list("pk", flat=True)
    make_template(pk)
    before, entries = Template.objects.values().get(pk=pk), AuditEntry.objects.count()
    make_template(pk)
    assert (Template.objects.values().get(pk=pk), AuditEntry.objects.count()) == (before, entries)


def test_what_a_lost_worker_left_is_asked_for_again_and_given_up_in_the_end(cast: Cast, second_pack: str) -> None:
    now = timezone.now()
    ages = {"new": timedelta(), "due": 2 * QUEUED_AGAIN_AFTER, "hopeless": 2 * GIVEN_UP_AFTER}
    listing(cast, second_pack, *[make_listed_subject(cast) for _ in ages])
    waiting = dict(zip(ages, Template.objects.filter(state="asked"), strict=True))
    for name, age in ages.items():
        Template.objects.filter(pk=waiting[name].pk).update(asked_at=now - age)

    assert give_up_or_list_again(now=now) == [waiting["due"].pk]
    hopeless = Template.objects.get(pk=waiting["hopeless"].pk)
    assert (hopeless.state, hopeless.reason_code) == ("failed", "not_made")
    assert Template.objects.filter(state="asked").count() == 2


def test_a_pack_that_was_replaced_meanwhile_is_a_reason_to_read(
    cast: Cast, second_pack: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft = listing(cast, second_pack, enrolled(cast, jpeg(collins())).subject)
    monkeypatch.setattr(registry.PACKS[NAME].__class__, "identifier", property(lambda pack: f"{pack.name}-2"))
    work_off()
    [failure] = enrolment_of(draft).failures
    assert failure.reason.startswith("second-1 is asked for, and this installation has second-2 in its place")


def test_who_was_listed_before_an_update_is_noticed_when_listed_again(cast: Cast) -> None:
    """The update brought another version of the installation's own pack, with which uploads are compared."""
    before = enrolled(cast, jpeg(collins()))
    Template.objects.filter(reference=before).update(pack="dlib-1")
    ask_for_the_own_pack()
    work_off()
    assert {each.pack: each.state for each in before.templates.all()} == {"dlib-1": "made", PACK: "made"}
    again = make_pending(cast, make_subject(cast), jpeg(collins().resize((480, 480))))
    check_reference(again.pk)
    assert Resemblance.objects.get(reference=again).other == before
    ask_for_the_own_pack()
    assert not Template.objects.filter(state="asked").exists()


def test_a_new_upload_is_never_compared_with_templates_of_another_pack(cast: Cast, second_pack: str) -> None:
    """The second pack's template of this face is all but the default one's: compared, it would be a warning."""
    reference = enrolled(cast, jpeg(collins()))
    listing(cast, second_pack, reference.subject)
    work_off()
    reference.templates.filter(pack=PACK).delete()
    mirrored = collins().crop((60, 0, 460, 400))
    again = enrolled(cast, jpeg(mirrored))

    assert not Resemblance.objects.exists()
    own = np.frombuffer(next(row for row in rows_of(PACK) if row.reference_id == str(again.pk)).template, "<f4")
    other = np.frombuffer(next(iter(rows_of(second_pack))).template, "<f4")
    assert own @ other > alike_threshold(shipped(PACK), compared=1), (
        "The test would find nothing: these two are not alike."
    )


def rows_of(pack: str) -> list:
    from watchlist.selectors.gallery import listed_templates

    return list(listed_templates(pack))


def test_an_engine_refuses_a_gallery_of_another_pack(cast: Cast, second_pack: str) -> None:
    reference = enrolled(cast, jpeg(collins()))
    draft = listing(cast, second_pack, reference.subject)
    work_off()
    calibrate_second()
    approve(cast.ada, draft)
    draft.refresh_from_db()
    theirs = gallery.gallery_of(draft, dimension=DIMENSION)
    arguments = {
        "jpeg": jpeg(collins()),
        "tracks": Tracks(),
        "gallery": theirs,
        "policy": policy_of(draft),
        "now": 0.0,
        "asks": lambda _: True,
    }
    with pytest.raises(PipelineError, match=f"enrolled with second-1, this engine is {PACK}"):
        process_frame(engine(), **arguments)
    assert process_frame(engine_of(second_pack), **arguments).faces
    gallery._held.clear()


def test_each_pack_is_loaded_once_and_the_last_used_are_kept(second_pack: str, monkeypatch: pytest.MonkeyPatch) -> None:
    engines._loaded.cache_clear()
    loads: list[str] = []
    load = registry.load
    monkeypatch.setattr(registry, "load", lambda name, cache: (loads.append(name), load(name, cache))[1])
    others = [f"{NAME}{number}" for number in range(HELD)]
    for name in others:
        monkeypatch.setitem(registry.PACKS, name, renamed(name))
    first = engine_of(second_pack)
    assert (first.pack, engine_of(second_pack)) == (second_pack, first)
    for name in others[:-1]:
        engine_of(f"{name}-1")
        engine_of(second_pack)
    engine_of(f"{others[-1]}-1")
    assert engine_of(second_pack) is first
    assert loads == [NAME, *others]
    engine_of(f"{others[0]}-1")  # used the longest ago: let go of, and loaded anew
    assert loads[-1] == others[0]
    engines._loaded.cache_clear()


@pytest.mark.parametrize(
    ("identifier", "told"),
    [
        ("dlib-9", "this installation has dlib-2 in its place"),
        ("nobody-1", "this installation does not know it"),
        ("", "this installation does not know it"),
    ],
)
def test_a_pack_that_is_not_here_is_refused_with_what_to_do(identifier: str, told: str) -> None:
    with pytest.raises(Refused, match=told) as refusal:
        pack_of(identifier)
    assert refusal.value.code == "pack_replaced"
    assert "For a draft choose a pack that is offered" in refusal.value.message


def test_a_pack_for_research_makes_and_compares_nothing_however_it_came_into_a_deployment() -> None:
    research = registry.PACKS["buffalo_l"]
    with pytest.raises(Refused) as refusal:
        engine_of(research.identifier)
    assert refusal.value.code == "not_for_live_use"


def test_the_second_comparison_runs_on_the_pack_it_is_asked_for(second_pack: str) -> None:
    """The two packs have the same names in DeepFace: whichever is entered, the networks are its own."""
    pictures = [decode(jpeg(picture)) for picture in (collins(), hopper())]
    from deepface.modules import modeling

    for identifier in (PACK, second_pack, PACK):
        with verifier(identifier) as pack:
            built = modeling.build_model(task="facial_recognition", model_name=pack.recogniser)
            assert built.model is engine_of(identifier).recogniser
            assert pack.identifier == identifier
            assert verify(pictures[0], pictures[0][:, ::-1].copy(), pack=pack).verified
            assert not verify(pictures[0], pictures[1], pack=pack).verified


def test_what_is_offered_is_installed_and_allowed_the_installations_own_first(
    second_pack: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dataclasses import replace

    for_research, missing = renamed("research"), renamed("missing")
    for_research = replace(for_research, recognises=replace(for_research.recognises, operational=False))
    downloaded = registry.PACKS["arcface"].recognises.sources
    missing = replace(missing, recognises=replace(missing.recognises, sources=downloaded))
    monkeypatch.setitem(registry.PACKS, "research", for_research)
    monkeypatch.setitem(registry.PACKS, "missing", missing)
    assert [pack.identifier for pack in offers()] == [PACK, second_pack]


def test_an_image_of_the_default_pack_needs_no_second_template(cast: Cast) -> None:
    subject = make_subject(cast)
    draft = listing(cast, PACK, subject)
    make_reference(cast, subject)
    assert str(enrolment_of(draft)) == "1 of 1 images enrolled with dlib-2."
    assert isinstance(engine_of(draft.pack), Engine)
