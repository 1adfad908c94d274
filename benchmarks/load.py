"""What do cameras at work ask of a server? Frames sent at a steady pace, results and alerts timed."""

import asyncio
import json
import sys
from bisect import bisect_right
from dataclasses import dataclass, field
from datetime import datetime
from time import monotonic, time
from typing import Any

from asgiref.sync import sync_to_async
from django.conf import settings
from websockets.asyncio.client import ClientConnection

from benchmarks.deployment import close, dismiss, live_deployment
from benchmarks.passers import cycle
from benchmarks.usage import Usage
from recognition.management.commands.stream import own_server
from recognition.streaming.figures import End, Figures, percentile
from recognition.streaming.sender import Newest, Sender, connected
from recognition.streaming.sources import Picture
from watchlist.models import Deployment

WARM_SECONDS = 3.0  # before anything is measured: galleries are built, connections opened


@dataclass
class Stream:
    """One camera: what was due, and what came of it."""

    camera: str
    offset: int  # in frames, so that cameras do not show the same at once
    due: int = 0
    figures: Figures = field(default_factory=Figures)
    captured: list[float] = field(default_factory=list)  # ms, ascending
    timings: list[dict[str, float]] = field(default_factory=list)  # of results, as the server measured them


async def measure(cameras: int, fps: float, seconds: float) -> dict[str, Any]:
    """The report. Raises CommandError where no server with a demo runs here."""
    server = own_server()
    frames = cycle(fps)
    deployment, token = await sync_to_async(live_deployment)(cameras)
    try:
        streams = await sync_to_async(_streams)(deployment, len(frames))
        alerts: list[float] = []
        async with connected(f"{server}/ws/operator/{deployment.pk}/", token) as page:
            answering = asyncio.create_task(_answer(page, streams, alerts))
            await _run(server, token, streams, frames, fps, WARM_SECONDS)
            for stream in streams:
                stream.due, stream.figures = 0, Figures()
                stream.timings.clear()
            alerts.clear()
            usage = Usage(settings.LFR_VAR)
            await _run(server, token, streams, frames, fps, seconds)
            used = usage.read()
            answering.cancel()
    finally:
        await sync_to_async(close)(deployment)
    return _report(streams, alerts, fps) | used


def _streams(deployment: Deployment, frames: int) -> list[Stream]:
    cameras = list(deployment.cameras.order_by("name"))
    return [Stream(str(camera.pk), offset=number * frames // len(cameras)) for number, camera in enumerate(cameras)]


async def _run(server: str, token: str, streams: list[Stream], frames: list[bytes], fps: float, seconds: float) -> None:
    await asyncio.gather(*(_stream(server, token, stream, frames, fps, seconds) for stream in streams))


async def _stream(server: str, token: str, stream: Stream, frames: list[bytes], fps: float, seconds: float) -> None:
    newest = Newest()
    async with connected(f"{server}/ws/camera/{stream.camera}/", token) as connection:
        sender = Sender(connection, stream.figures, _complain, lambda result: stream.timings.append(result["timing"]))
        sending = asyncio.create_task(sender.run(newest))
        started = monotonic() + stream.offset / len(frames) / fps  # not all cameras in the same instant
        for number in range(round(seconds * fps)):
            await asyncio.sleep(max(0.0, started + number / fps - monotonic()))
            stream.due += 1
            stream.captured.append(time() * 1000)
            newest.put(Picture(stream.captured[-1], frames[(number + stream.offset) % len(frames)]))
        newest.end()
        await sending


async def _answer(page: ClientConnection, streams: list[Stream], alerts: list[float]) -> None:
    """Notes when each alert arrives and dismisses it, as the quickest of operators would."""
    by_camera = {stream.camera: stream for stream in streams}
    async for text in page:
        event, heard = json.loads(text), time() * 1000
        if event["type"] != "alert.raised":
            continue
        received = datetime.fromisoformat(event["captured_at"]).timestamp() * 1000
        captured = by_camera[await sync_to_async(dismiss)(event["alert"])].captured
        if before := bisect_right(captured, received):
            alerts.append(heard - captured[before - 1])


def _complain(sentence: str) -> None:
    if sentence != "The deployment is live.":
        print(sentence, file=sys.stderr)


def _report(streams: list[Stream], alerts: list[float], fps: float) -> dict[str, Any]:
    sent = sum(stream.due for stream in streams)
    processed = sum(stream.figures.ends[End.RESULT] for stream in streams)
    return {
        "cameras": len(streams),
        "fps": fps,
        "sent": sent,
        "processed": processed,
        "dropped": sent - processed,
        "processed_share": round(processed / sent, 4),
        "result_ms": _percentiles([ms for stream in streams for ms in stream.figures.result_ms]),
        "alert_ms": _percentiles(alerts),
        "step_ms": _medians([timing for stream in streams for timing in stream.timings]),
    }


def _percentiles(values: list[float]) -> dict[str, float | None]:
    shares = {"p50": 0.5, "p95": 0.95, "p99": 0.99}
    found = {name: percentile(values, share) for name, share in shares.items()}
    return {"count": len(values)} | {name: None if ms is None else round(ms, 1) for name, ms in found.items()}


def _medians(timings: list[dict[str, float]]) -> dict[str, float | None]:
    """Of each step, as the server measured it."""
    names = timings[0] if timings else {}
    return {name.removesuffix("_ms"): percentile([timing[name] for timing in timings], 0.5) for name in names}
