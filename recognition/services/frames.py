"""What happens to the newest frame of a camera? It is looked at or refused; the socket that sent it is told which."""

import logging
from dataclasses import asdict, dataclass
from functools import partial
from time import time
from typing import Any
from uuid import UUID

from django.utils import timezone

from recognition import candidates, mailbox, trackstore
from recognition.conf import conf
from recognition.engine import engine_of
from recognition.faults import describe
from recognition.gallery import forget, gallery_of
from recognition.mailbox import Frame
from recognition.packs.errors import PackError
from recognition.pipeline.decide import Verdict
from recognition.pipeline.errors import PipelineError
from recognition.pipeline.limits import LIVE
from recognition.pipeline.run import process_frame
from recognition.pipeline.types import Candidate, FrameResult, Gallery, Policy
from recognition.replies import answer
from recognition.services.counting import count
from watchlist.errors import Refused, WatchlistError
from watchlist.models import Camera, Deployment
from watchlist.selectors.calibrations import spread_of
from watchlist.selectors.deployments import gate, watched_camera

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Handled:
    """What a job leaves to be queued."""

    another: bool  # a newer frame waits: queue the next job with the same token
    deployment: UUID | None = None
    candidates: tuple[str, ...] = ()  # ids for `verify_candidate`


def handle_frame(*, camera_id: UUID, token: str) -> Handled:
    """Takes the camera's newest frame, if one is left, and looks at it. Never raises for what is in a frame."""
    handled = Handled(another=False)
    try:
        frame = mailbox.take(camera_id, token=token)
        if frame is not None:
            handled = _answered(camera_id, frame, token)
    finally:
        another = mailbox.finish(camera_id, token=token)
    return Handled(another, handled.deployment, handled.candidates)


def _answered(camera_id: UUID, frame: Frame, token: str) -> Handled:
    taken = time()
    try:
        camera = watched_camera(camera_id)
        result, gallery = _look(camera, frame)
        # Before the tracks: they say that a candidate was handed on only where it was left.
        left = tuple(_left(each, camera, frame, gallery) for each in result.candidates)
        if not trackstore.save(camera_id, result.tracks, token=token):
            # This job slept longer than a job may, and a newer one has the camera: what it saw is out of order.
            answer(frame.reply, {"type": "dropped", "seq": frame.sequence})
            return Handled(another=False)
    except (WatchlistError, PipelineError, PackError) as refusal:
        answer(frame.reply, _refusal(frame, refusal.code, refusal.message))
        return Handled(another=False)
    except Exception as error:
        # Not re-raised: a traceback's text may quote pixels or scores, and the log must not.
        logger.error("A frame could not be looked at: %s", describe(error))
        answer(frame.reply, _refusal(frame, "failed", "The server could not look at this frame; its log says why."))
        return Handled(another=False)
    answer(frame.reply, _result(frame, result, queue_ms=(taken - frame.received) * 1000))
    return Handled(another=False, deployment=camera.deployment_id, candidates=left)


def _look(camera: Camera, frame: Frame) -> tuple[FrameResult, Gallery]:
    deployment = camera.deployment
    try:
        gate(deployment, timezone.now())
    except Refused:
        forget(deployment.pk)
        raise
    loaded = engine_of(deployment.pack)
    gallery = gallery_of(deployment, dimension=loaded.recogniser.dimension)
    result = process_frame(
        loaded,
        jpeg=frame.jpeg,
        tracks=trackstore.load(camera.pk),
        gallery=gallery,
        policy=policy_of(deployment),
        now=frame.received,
        asks=partial(_asks, camera),
    )
    count(deployment.pk, faces_seen=result.faces_seen, templates_destroyed=result.templates_destroyed)
    return result, gallery


def policy_of(deployment: Deployment) -> Policy:
    return Policy(
        threshold=deployment.threshold_in_force,
        spread=spread_of(deployment),
        quality=LIVE,
        min_face=conf().min_face,
        again_after=conf().again_after,
    )


def _asks(camera: Camera, verdict: Verdict) -> bool:
    """Whether verification is to be asked: once in a passage, and again where the answer was lost."""
    return verdict.before is None or candidates.unanswered(camera.pk, verdict.subject, received=verdict.before)


def _left(candidate: Candidate, camera: Camera, frame: Frame, gallery: Gallery) -> str:
    waiting = candidates.waiting(
        candidate,
        camera=camera.pk,
        received=frame.received,
        list_size=len(gallery),
        version=gallery.version,
        pack=gallery.pack,
    )
    return candidates.leave(waiting, deployment=camera.deployment_id)


def _result(frame: Frame, result: FrameResult, *, queue_ms: float) -> dict[str, Any]:
    """Boxes and quality, alike for every face: the page never learns from it who is listed."""
    return {
        "type": "result",
        "seq": frame.sequence,
        "faces": [
            {
                "track": face.track,
                "box": [round(side, 1) for side in face.box],
                "quality": round(face.quality, 3),
                "usable": face.usable,
                "shortfalls": list(face.shortfalls),
            }
            for face in result.faces
        ],
        "timing": {
            "queue_ms": round(queue_ms, 1),
            **{name: round(ms, 1) for name, ms in asdict(result.timing).items()},
        },
    }


def _refusal(frame: Frame, code: str, message: str) -> dict[str, Any]:
    return {"type": "refused", "seq": frame.sequence, "code": code, "message": message}
