"""The threshold that keeps a promise: worked out for the list, stricter when it grows, refused when it is too long."""

from typing import Any

import pytest

from recognition.packs.calibration import shipped
from recognition.services.frames import policy_of
from tests.cast import (
    PACK,
    Cast,
    approve,
    make_draft,
    make_listed_subject,
    make_live,
    make_reference,
    make_subject,
    make_template_of,
)
from tests.second_pack import calibrate_second
from tests.watchlist.alerting import recorded
from watchlist.errors import Refused
from watchlist.models import Deployment, Resemblance
from watchlist.selectors.calibrations import promise_of
from watchlist.services.deployments import (
    deployment_start,
)
from watchlist.services.lists import list_add, list_remove
from watchlist.services.promises import promise_tighten
from watchlist.services.references import Resembling, resemblance_answer

DEFAULT = shipped(PACK)
WITH_THEIR_MEAN = 3  # templates of a person with two images
WHY = "Eleven people were stopped for nothing."


def fresh(deployment: Deployment) -> Deployment:
    return Deployment.objects.get(pk=deployment.pk)


def approved(cast: Cast, *, listed: int = 1, **fields: Any) -> Deployment:
    deployment = make_draft(cast, **fields)
    for _ in range(listed):
        list_add(actor=cast.sam, deployment=deployment, subject=make_listed_subject(cast))
    approve(cast.ada, deployment)
    return fresh(deployment)


class TestWorkingOut:
    def test_a_draft_has_none_yet_and_shows_what_it_would_be(self, cast: Cast) -> None:
        draft = make_draft(cast)
        list_add(actor=cast.sam, deployment=draft, subject=make_listed_subject(cast))
        promise = promise_of(fresh(draft))
        assert promise is not None
        assert (fresh(draft).threshold, promise.threshold) == (None, DEFAULT.threshold_for(templates=1))

    @pytest.mark.parametrize("one_in", [1000, 4000])
    def test_it_is_fixed_at_the_approval_for_promise_and_list(self, one_in: int, cast: Cast) -> None:
        deployment = approved(cast, listed=3, one_in=one_in)
        assert deployment.threshold == DEFAULT.threshold_for(templates=3, one_in=one_in)
        assert (deployment.calibrated_for, deployment.calibration) == (3, promise_of(deployment).stored)  # type: ignore[union-attr]

    def test_it_starts_at_one_in_a_thousand(self, cast: Cast) -> None:
        assert make_draft(cast).one_in == 1000

    def test_the_start_works_it_out_for_a_list_that_has_grown(self, cast: Cast) -> None:
        deployment = approved(cast)
        for _ in range(4):
            list_add(actor=cast.sam, deployment=deployment, subject=make_listed_subject(cast))
        deployment_start(actor=cast.olga, deployment=fresh(deployment))
        started = fresh(deployment)
        assert started.threshold == DEFAULT.threshold_for(templates=5)
        assert started.threshold > deployment.threshold_in_force
        facts = recorded("deployment.started")[0]
        assert (facts["threshold"], facts["calibrated_for"]) == (started.threshold, 5)

    def test_a_list_that_has_shrunk_keeps_what_was_approved(self, cast: Cast) -> None:
        deployment = approved(cast, listed=5)
        for entry in deployment.entries.all()[:4]:
            list_remove(actor=cast.sam, entry=entry, reason="Found.")
        deployment_start(actor=cast.olga, deployment=fresh(deployment))
        assert (fresh(deployment).threshold, fresh(deployment).calibrated_for) == (deployment.threshold, 5)

    def test_an_image_enrolled_while_it_runs_makes_it_stricter_on_the_record(self, cast: Cast) -> None:
        live = make_live(cast)
        make_reference(cast, live.entries.get().subject)
        assert fresh(live).threshold == DEFAULT.threshold_for(templates=WITH_THEIR_MEAN)
        [facts] = recorded("threshold.tightened")
        assert (facts["before"], facts["threshold"], facts["calibrated_for"]) == (
            live.threshold,
            fresh(live).threshold,
            WITH_THEIR_MEAN,
        )

    def test_so_does_one_whose_template_of_the_deployments_pack_is_made_while_it_runs(
        self, cast: Cast, second_pack: str
    ) -> None:
        calibrate_second()
        draft, subject = make_draft(cast, pack=second_pack), make_listed_subject(cast)
        list_add(actor=cast.sam, deployment=draft, subject=subject)
        make_template_of(subject.references.get(), second_pack)
        approve(cast.ada, draft)
        deployment_start(actor=cast.olga, deployment=fresh(draft))
        later = make_reference(cast, subject)
        assert fresh(draft).threshold == DEFAULT.threshold_for(templates=1), "Nothing more is searched for yet."
        make_template_of(later, second_pack)
        assert fresh(draft).threshold == DEFAULT.threshold_for(templates=WITH_THEIR_MEAN)
        [facts] = recorded("threshold.tightened")
        assert facts["calibrated_for"] == WITH_THEIR_MEAN

    def test_so_does_a_warning_that_is_answered(self, cast: Cast) -> None:
        first, second = make_listed_subject(cast), make_subject(cast)
        alike = Resembling(first.references.get().pk, Resemblance.Kind.SAME_FACE, 0.97)
        twin = make_reference(cast, second, resemblances=[alike])
        live = make_live(cast, first, second)
        assert live.threshold == DEFAULT.threshold_for(templates=1)
        resemblance_answer(actor=cast.sam, resemblance=twin.resemblances.get(), answer="two_people", reason="Sisters.")
        assert fresh(live).threshold == DEFAULT.threshold_for(templates=2)

    def test_the_next_frame_is_held_against_it(self, cast: Cast) -> None:
        live = make_live(cast)
        promise_tighten(actor=cast.ada, deployment=live, one_in=9000, reason=WHY)
        assert policy_of(fresh(live)).threshold == DEFAULT.threshold_for(templates=1, one_in=9000)


class TestLongLists:
    """With a promise so strict that the shipped calibration can speak for a handful of images."""

    ONE_IN = 100_000

    @property
    def largest(self) -> int:
        return DEFAULT.largest_list(one_in=self.ONE_IN)

    def test_one_more_than_can_be_spoken_for_is_not_listed(self, cast: Cast) -> None:
        draft = make_draft(cast, one_in=self.ONE_IN)
        for _ in range(self.largest):
            list_add(actor=cast.sam, deployment=draft, subject=make_listed_subject(cast))
        with pytest.raises(Refused, match=rf"can speak for {self.largest}\. Shorten the list, or use a stronger pack"):
            list_add(actor=cast.sam, deployment=draft, subject=make_listed_subject(cast))
        assert draft.entries.count() == self.largest

    def test_nor_approved_where_images_came_later(self, cast: Cast) -> None:
        draft = make_draft(cast, one_in=self.ONE_IN)
        subject = make_listed_subject(cast)
        list_add(actor=cast.sam, deployment=draft, subject=subject)
        for _ in range(self.largest):
            make_reference(cast, subject)
        with pytest.raises(Refused, match=f"too many for {PACK} at one false alert in 100,000 faces"):
            approve(cast.ada, draft)

    def test_nor_started(self, cast: Cast) -> None:
        deployment = approved(cast, one_in=self.ONE_IN)
        for _ in range(self.largest):
            make_reference(cast, deployment.entries.get().subject)
        with pytest.raises(Refused, match="too many"):
            deployment_start(actor=cast.olga, deployment=fresh(deployment))

    def test_nor_is_a_stricter_promise_given_for_it(self, cast: Cast) -> None:
        live = make_live(cast, *[make_listed_subject(cast) for _ in range(self.largest + 1)])
        with pytest.raises(Refused, match="too many"):
            promise_tighten(actor=cast.ada, deployment=live, one_in=self.ONE_IN, reason=WHY)

    def test_a_list_that_outgrows_it_while_it_runs_says_so(self, cast: Cast) -> None:
        live = make_live(cast, one_in=self.ONE_IN)
        for _ in range(self.largest):
            make_reference(cast, live.entries.get().subject)
        promise = promise_of(fresh(live))
        assert promise is not None
        with_their_mean = self.largest + 2
        assert (promise.templates, promise.largest, promise.extrapolated) == (with_their_mean, self.largest, True)


def test_a_pack_without_a_calibration_is_neither_approved_nor_started(cast: Cast, uncalibrated_pack: str) -> None:
    draft, subject = make_draft(cast, pack=uncalibrated_pack), make_listed_subject(cast)
    list_add(actor=cast.sam, deployment=draft, subject=subject)
    make_template_of(subject.references.get(), uncalibrated_pack)
    with pytest.raises(Refused, match="calibrate DIR --pack unmeasured"):
        approve(cast.ada, draft)
    older = make_draft(cast)
    list_add(actor=cast.sam, deployment=older, subject=subject)
    approve(cast.ada, older)
    Deployment.objects.filter(pk=older.pk).update(pack=uncalibrated_pack)
    with pytest.raises(Refused, match="has no calibration"):
        deployment_start(actor=cast.olga, deployment=fresh(older))
    assert promise_of(fresh(draft)) is None
