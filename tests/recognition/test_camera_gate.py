"""The deployment as the gate: frames are taken while it is live and inside its window, and refused in words else."""

from datetime import timedelta
from time import time

import pytest
import redis
from asgiref.sync import sync_to_async
from django.utils import timezone

from tests.cast import Cast, approve, camera_of, make_draft, make_listed_subject, make_live
from tests.recognition.sockets import Opener, Socket, camera_path
from watchlist.models import Camera, Deployment
from watchlist.services.deployments import (
    deployment_close,
    deployment_pause,
    deployment_resume,
)
from watchlist.services.lists import list_add


@sync_to_async
def stand_at(staff: Cast, stage: str) -> Camera:
    """A camera of a deployment that is not open to frames, for the reason named."""
    if stage in ("not_approved", "not_started"):
        deployment = make_draft(staff)
        list_add(actor=staff.sam, deployment=deployment, subject=make_listed_subject(staff))
        if stage == "not_started":
            approve(staff.ada, deployment)
        return camera_of(deployment)
    deployment = make_live(staff)
    now, hour = timezone.now(), timedelta(hours=1)
    match stage:
        case "paused":
            deployment_pause(actor=staff.olga, deployment=deployment, reason="Rain.")
        case "closed":
            deployment_close(actor=staff.olga, deployment=deployment, reason="Over.")
        case "before_window":
            Deployment.objects.filter(pk=deployment.pk).update(starts_at=now + hour, ends_at=now + 2 * hour)
        case "after_window":
            Deployment.objects.filter(pk=deployment.pk).update(starts_at=now - 2 * hour, ends_at=now - hour)
    return camera_of(deployment)


@pytest.mark.parametrize("stage", ["not_approved", "not_started", "paused", "closed", "before_window", "after_window"])
async def test_frames_are_refused_with_the_reason_unless_the_deployment_is_live(
    stage: str, open_socket: Opener, staff: Cast, redis_client: redis.Redis
) -> None:
    camera = await stand_at(staff, stage)
    opened = await open_socket(camera_path(camera), staff.olga)
    status = await opened.hear("status")
    await opened.send_frame(1)
    answer = await opened.hear("ack", "refused")

    assert (status["state"], status["message"]) == (stage, answer["message"])
    assert (answer["type"], answer["seq"], answer["code"]) == ("refused", 1, stage)
    assert answer["message"].endswith(".")
    assert not list(redis_client.scan_iter("lfr:frame:*")), "a refused frame reaches no mailbox"


async def test_a_pause_refuses_the_next_frames_within_two_seconds_and_a_resumption_takes_them(
    socket: Socket, deployment: Deployment, staff: Cast
) -> None:
    await sync_to_async(deployment_pause)(actor=staff.olga, deployment=deployment, reason="Rain.")
    paused = time()
    status = await socket.hear_until("status", state="paused")
    assert time() - paused < 2
    assert "paused" in status["message"]
    await socket.send_frame(1)
    assert (await socket.hear("ack", "refused"))["code"] == "paused"

    await sync_to_async(deployment_resume)(actor=staff.olga, deployment=deployment)
    await socket.hear_until("status", state="live")
    await socket.send_frame(2)
    assert await socket.hear("ack", "refused") == {"type": "ack", "seq": 2}
