"""`manage.py stream SOURCE --camera UUID`: a video file, an address or a device as a camera of a deployment."""

import asyncio
import os
from argparse import ArgumentParser
from collections.abc import Callable
from pathlib import Path
from time import monotonic
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from recognition.streaming.figures import Figures
from recognition.streaming.sender import ConnectionLost, Newest, Sender, SendRefused, connected
from recognition.streaming.sources import Camera, SourceError

TOKEN_VARIABLE = "LFR_TOKEN"  # noqa: S105  the name of a variable
PRINT_EVERY = 5.0  # seconds
LONGEST_WAIT = 8.0  # seconds between attempts to connect again


class Command(BaseCommand):
    help = "Sends a video file, an rtsp:// address or a device (its number) as a camera of a deployment."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("source", help="path of a video, address (rtsp://, http://) or number of a device")
        parser.add_argument("--camera", required=True, type=UUID, help="id of the camera, as its deployment shows it")
        parser.add_argument("--fps", type=float, default=8.0, help="most frames a second (default: 8)")
        parser.add_argument("--url", help="ws://host:port of the server (default: the one that ./run started here)")
        parser.add_argument("--token", help=f"an operator's token (default: from {TOKEN_VARIABLE})")
        parser.add_argument("--loop", action="store_true", help="play a file again when it ends")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["fps"] <= 0:
            raise CommandError("--fps must be over 0.")
        token = options["token"] or os.environ.get(TOKEN_VARIABLE, "")
        if not token:
            raise CommandError(f"Give an operator's token with --token or in {TOKEN_VARIABLE}.")
        address = f"{(options['url'] or own_server()).rstrip('/')}/ws/camera/{options['camera']}/"
        try:
            asyncio.run(self._stream(options["source"], address, token, fps=options["fps"], loop=options["loop"]))
        except (SourceError, SendRefused, ConnectionLost) as error:
            raise CommandError(str(error)) from error
        except KeyboardInterrupt:
            self.stdout.write("Stopped.")

    async def _stream(self, source: str, address: str, token: str, *, fps: float, loop: bool) -> None:
        figures, started = Figures(), monotonic()
        running, newest = asyncio.get_running_loop(), Newest()

        def soon(step: Callable[..., None], *args: Any) -> None:
            running.call_soon_threadsafe(step, *args)

        camera = Camera(
            source,
            fps=fps,
            loop=loop,
            deliver=lambda picture: soon(newest.put, picture),
            over=lambda: soon(newest.end),
        )
        printing = asyncio.create_task(self._print(figures))
        try:
            await self._send(address, token, figures, newest, camera)
        finally:
            printing.cancel()
            await asyncio.to_thread(camera.stop)
            self.stdout.write(f"In all: {figures.line(monotonic() - started)}")
        if camera.broke_off:
            raise SourceError("The source broke off: check the camera and the network, and start again.")

    async def _send(self, address: str, token: str, figures: Figures, newest: Newest, camera: Camera) -> None:
        """Connects again by itself, once it has been connected."""
        wait = 0.5
        while True:
            try:
                async with connected(address, token) as connection:
                    if camera.ident is None:
                        camera.start()
                    wait = 0.5
                    await Sender(connection, figures, self.stdout.write).run(newest)
                    return
            except ConnectionLost as error:
                if camera.ident is None:
                    raise
                self.stderr.write(f"{error} Trying again in {wait:.1f} s.")
                await asyncio.sleep(wait)
                wait = min(2 * wait, LONGEST_WAIT)

    async def _print(self, figures: Figures) -> None:
        while True:
            before, started = len(figures.result_ms), monotonic()
            await asyncio.sleep(PRINT_EVERY)
            recent = Figures(figures.sent, figures.ends.copy(), figures.faces, figures.result_ms[before:])
            self.stdout.write(recent.line(monotonic() - started))


def own_server() -> str:
    """Where `./run` in this checkout says that it answers."""
    published = Path(settings.LFR_VAR) / "address"
    if not published.exists():
        raise CommandError("No server runs in this checkout: start ./run, or name one with --url ws://host:port.")
    return published.read_text().strip().replace("http", "ws", 1)
