"""`manage.py stream`: what it says when it cannot do what it was asked."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command
from websockets.asyncio.server import serve

from recognition.streaming.figures import End, Figures, percentile
from recognition.streaming.sender import ConnectionLost, connected
from recognition.streaming.sources import Camera, Picture, SourceError, open_video

CAMERA = str(uuid4())


def stream(source: str, **options: Any) -> None:
    call_command("stream", source, **{"camera": CAMERA, "token": "t", "url": "ws://127.0.0.1:9"} | options)


@pytest.fixture
def video(tmp_path: Path) -> Path:
    """A second of grey at ten frames a second."""
    import cv2
    import numpy as np

    path = tmp_path / "grey.avi"
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"MJPG"), 10, (64, 48))
    for level in range(10):
        writer.write(np.full((48, 64, 3), 20 * level, np.uint8))
    writer.release()
    return path


def test_a_file_that_is_not_there_is_named() -> None:
    with pytest.raises(CommandError, match=r"There is no file nowhere\.mp4"):
        stream("nowhere.mp4")


def test_a_file_that_is_no_video_is_named(tmp_path: Path) -> None:
    text = tmp_path / "notes.txt"
    text.write_text("not a video")

    with pytest.raises(CommandError, match=r"notes\.txt is not a video that can be read"):
        stream(str(text))


def test_a_device_that_is_not_there_is_named() -> None:
    with pytest.raises(SourceError, match="Device 97 cannot be opened: plug it in"):
        open_video("97")


def test_without_a_token_it_says_where_one_goes(video: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LFR_TOKEN", raising=False)

    with pytest.raises(CommandError, match="--token or in LFR_TOKEN"):
        stream(str(video), token=None)


def test_without_a_server_in_the_checkout_it_says_what_to_start(video: Path) -> None:
    with pytest.raises(CommandError, match=r"start \./run, or name one with --url"):
        stream(str(video), url=None)


def test_without_a_server_at_the_address_it_says_so(video: Path) -> None:
    with pytest.raises(CommandError, match=r"No connection to ws://127\.0\.0\.1:9/.*is the server running"):
        stream(str(video))


def test_an_address_that_is_no_sockets_is_named(video: Path) -> None:
    with pytest.raises(CommandError, match="is not the address of a socket"):
        stream(str(video), url="localhost")


async def test_this_machine_is_reached_without_the_proxy_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[bytes] = []
    async with await asyncio.start_server(_noting(asked), "127.0.0.1", 0) as proxy:
        for name in ("http_proxy", "https_proxy"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.sockets[0].getsockname()[1]}")
        monkeypatch.delenv("no_proxy", raising=False)
        async with serve(lambda connection: connection.wait_closed(), "127.0.0.1", 0) as server:
            port = server.sockets[0].getsockname()[1]
            for host in ("127.0.0.1", "localhost"):
                async with connected(f"ws://{host}:{port}", "t"):
                    pass
        assert not asked
        with pytest.raises(ConnectionLost):
            await connected("ws://camera-server.example:8000", "t").__aenter__()
        assert asked == [b"CONNECT camera-server.example:8000 HTTP/1.1\r\n"]


def _noting(asked: list[bytes]) -> Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]:
    """A proxy that writes down what it is asked for and hangs up."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.append(await reader.readline())
        writer.close()

    return answer


def test_a_rate_of_nothing_is_refused(video: Path) -> None:
    with pytest.raises(CommandError, match="--fps must be over 0"):
        stream(str(video), fps=0.0)


@pytest.mark.parametrize(("fps", "pictures"), [(10, 10), (5, 5), (100, 10), (3, 3)])
def test_a_file_is_played_at_its_own_speed_less_what_is_not_asked_for(video: Path, fps: float, pictures: int) -> None:
    delivered: list[Picture] = []
    camera = Camera(str(video), fps=fps, loop=False, deliver=delivered.append, over=lambda: None)
    camera.start()
    camera.join(10)
    camera.stop()

    assert len(delivered) == pictures
    lasted = (delivered[-1].captured_ms - delivered[0].captured_ms) / 1000
    assert 0.5 < lasted < 1.5, "in real time, not as fast as it can be read"
    assert all(picture.jpeg.startswith(b"\xff\xd8\xff") for picture in delivered)


def test_a_looped_file_goes_on_until_it_is_stopped(video: Path) -> None:
    delivered: list[Picture] = []
    camera = Camera(str(video), fps=10, loop=True, deliver=delivered.append, over=lambda: None)
    camera.start()
    camera.join(1.6)
    camera.stop()

    assert 12 <= len(delivered) <= 18


def test_percentiles_are_by_nearest_rank() -> None:
    values = [float(value) for value in range(1, 101)]

    assert [percentile(values, share) for share in (0.5, 0.95, 0.99, 1.0)] == [50, 95, 99, 100]
    assert percentile([7.0], 0.95) == 7
    assert percentile([], 0.5) is None


def test_the_line_it_prints() -> None:
    figures = Figures(sent=5)
    for ms in (40, 60, 90):
        figures.ended(End.RESULT, after_ms=ms)
    figures.ended(End.DROPPED, after_ms=100)
    figures.ended(End.GIVEN_UP, after_ms=2000)

    assert figures.line(1.5) == "2.0 frames a second, capture to result 60 ms (p50) 90 ms (p95), 2 of 5 dropped"
