"""A deployment's life: applied for, run inside its window, closed for good."""

import datetime as dt
import json
from typing import Any

import pytest
from django.utils import timezone

from tests.cast import Cast, approve, make_alert, make_draft, make_listed_subject, make_live
from watchlist.errors import IllegalTransition, InvalidInput, Refused
from watchlist.models import AuditDetail, AuditEntry, Deployment, DeploymentState
from watchlist.selectors.deployments import gate
from watchlist.services.counters import deployment_counted
from watchlist.services.deployments import (
    deployment_close,
    deployment_pause,
    deployment_resume,
    deployment_start,
    deployment_update,
    deployments_close_due,
)
from watchlist.services.lists import list_add
from watchlist.services.staffing import camera_add, camera_remove, camera_rename

HOUR = dt.timedelta(hours=1)


def fresh(deployment: Deployment) -> Deployment:
    return Deployment.objects.get(pk=deployment.pk)


def approved(cast: Cast, **fields: Any) -> Deployment:
    deployment = make_draft(cast, **fields)
    list_add(actor=cast.sam, deployment=deployment, subject=make_listed_subject(cast))
    deployment = fresh(deployment)
    approve(cast.ada, deployment)
    return fresh(deployment)


class TestApplication:
    @pytest.mark.parametrize(
        ("fields", "code"),
        [
            ({"ends_at": timezone.now() + 30 * HOUR}, "ends_at"),
            ({"ends_at": timezone.now() - HOUR}, "invalid"),
            ({"one_in": 9}, "invalid"),
            ({"one_in": 999}, "one_in"),
            ({"threshold": 0.9}, "unknown_field"),
            ({"categories": []}, "invalid"),
            ({"categories": ["persons_of_interest"]}, "invalid"),
            ({"ground": "because"}, "invalid"),
            ({"time_zone": "Mars/Olympus"}, "invalid"),
            ({"alert_seconds": 9}, "alert_seconds"),
            ({"alert_seconds": 601}, "alert_seconds"),
            ({"quiet_seconds": 3601}, "quiet_seconds"),
            ({"purpose": ""}, "invalid"),
            ({"state": "live"}, "unknown_field"),
            ({"approved_by": None}, "unknown_field"),
        ],
    )
    def test_what_could_not_be_approved_is_not_taken(self, fields: dict[str, Any], code: str, cast: Cast) -> None:
        with pytest.raises(InvalidInput) as caught:
            make_draft(cast, **fields)
        assert caught.value.code == code

    def test_demo_deployments_exist_only_with_the_demo(self, cast: Cast, settings: Any) -> None:
        settings.LFR_DEMO = False
        with pytest.raises(InvalidInput, match="demo"):
            make_draft(cast, demo=True)

    def test_an_approved_one_is_not_changed(self, cast: Cast) -> None:
        deployment = approved(cast)
        with pytest.raises(Refused, match="cannot be changed"):
            deployment_update(actor=cast.sam, deployment=deployment, one_in=2000)
        camera = deployment.cameras.get()
        for change in (
            lambda: camera_add(actor=cast.sam, deployment=deployment, name="South"),
            lambda: camera_rename(actor=cast.sam, camera=camera, name="South"),
            lambda: camera_remove(actor=cast.sam, camera=camera),
        ):
            with pytest.raises(Refused, match="part of what is approved"):
                change()

    def test_a_drafts_cameras_are_renamed_and_removed_on_the_record(self, cast: Cast) -> None:
        deployment = make_draft(cast)
        camera = deployment.cameras.get()
        camera_add(actor=cast.sam, deployment=deployment, name="South")
        for name in ("South", ""):
            with pytest.raises(InvalidInput):
                camera_rename(actor=cast.sam, camera=camera, name=name)
        assert camera_rename(actor=cast.sam, camera=camera, name="West").pk == camera.pk
        camera_remove(actor=cast.sam, camera=camera)
        assert [each.name for each in deployment.cameras.all()] == ["South"]
        with pytest.raises(Refused, match="removed already"):
            camera_remove(actor=cast.sam, camera=camera)
        details = AuditDetail.objects.filter(entry__action__in=("camera.renamed", "camera.removed"))
        assert [json.loads(detail.text) for detail in details.order_by("entry_id")] == [
            {"before": "North", "after": "West"},
            {"name": "West"},
        ]


class TestRunning:
    def test_starts_inside_its_window_with_somebody_to_look_for(self, cast: Cast) -> None:
        early = approved(cast, starts_at=timezone.now() + HOUR)
        with pytest.raises(Refused, match="opens at"):
            deployment_start(actor=cast.olga, deployment=early)
        late = approved(cast)
        Deployment.objects.filter(pk=late.pk).update(ends_at=timezone.now())
        with pytest.raises(Refused, match="has passed"):
            deployment_start(actor=cast.olga, deployment=fresh(late))
        empty = fresh(make_draft(cast))
        approve(cast.ada, empty)
        with pytest.raises(Refused, match="nothing to look for"):
            deployment_start(actor=cast.olga, deployment=empty)

    def test_pauses_and_resumes(self, cast: Cast) -> None:
        live = make_live(cast)
        with pytest.raises(Refused, match="Only a paused"):
            deployment_resume(actor=cast.olga, deployment=live)
        deployment_pause(actor=cast.olga, deployment=live, reason="Rain.")
        with pytest.raises(Refused, match="Only an approved"):
            deployment_start(actor=cast.olga, deployment=live)  # a pause ends by resuming, and the record says so
        deployment_resume(actor=cast.omar, deployment=live)
        assert fresh(live).state == DeploymentState.LIVE

    def test_is_not_resumed_after_its_window(self, cast: Cast) -> None:
        live = make_live(cast)
        deployment_pause(actor=cast.olga, deployment=live, reason="Rain.")
        Deployment.objects.filter(pk=live.pk).update(ends_at=timezone.now())
        with pytest.raises(Refused, match="has passed"):
            deployment_resume(actor=cast.olga, deployment=fresh(live))

    @pytest.mark.parametrize(
        ("offset", "code"), [(-1, "before_window"), (0, None), (3599, None), (3600, "after_window")]
    )
    def test_the_gate_opens_with_the_window_and_closes_at_its_end(
        self, offset: int, code: str | None, cast: Cast
    ) -> None:
        live = make_live(cast)
        start = timezone.now()
        live.starts_at, live.ends_at = start, start + HOUR
        if code is None:
            gate(live, start + dt.timedelta(seconds=offset))
            return
        with pytest.raises(Refused) as caught:
            gate(live, start + dt.timedelta(seconds=offset))
        assert caught.value.code == code

    @pytest.mark.parametrize("state", [state for state in DeploymentState if state != DeploymentState.LIVE])
    def test_the_gate_is_shut_in_every_state_but_live(self, state: str, cast: Cast) -> None:
        deployment = Deployment(state=state, starts_at=timezone.now() - HOUR, ends_at=timezone.now() + HOUR)
        with pytest.raises(Refused):
            gate(deployment, timezone.now())


class TestClosing:
    def test_ends_what_is_open_and_counts_it(self, cast: Cast) -> None:
        live = make_live(cast)
        make_alert(live)
        deployment_counted(deployment_id=live.pk, faces_seen=7, templates_destroyed=30)
        deployment_close(actor=cast.olga, deployment=live, reason="The shift is over.")
        facts = json.loads(AuditEntry.objects.get(action="deployment.closed").body)["facts"]
        assert facts == {
            "why": "person",
            "from": "live",
            "expired": 1,
            "alerts": 1,
            "stops": 0,
            "faces_seen": 7,
            "templates_destroyed": 30,
        }

    def test_happens_by_itself_when_the_window_is_over(self, cast: Cast) -> None:
        live, draft = make_live(cast), make_draft(cast)
        assert deployments_close_due(now=live.ends_at - dt.timedelta(microseconds=1)) == 0
        assert deployments_close_due(now=max(live.ends_at, draft.ends_at)) == 2
        assert deployments_close_due(now=max(live.ends_at, draft.ends_at)) == 0
        assert {fresh(live).state, fresh(draft).state} == {DeploymentState.CLOSED}

    def test_is_for_good(self, cast: Cast) -> None:
        live = make_live(cast)
        deployment_close(actor=cast.ada, deployment=live, reason="Withdrawn.")
        with pytest.raises(IllegalTransition):
            deployment_close(actor=cast.ada, deployment=live, reason="Again.")
        with pytest.raises(Refused):
            deployment_start(actor=cast.olga, deployment=live)
