"""Bystanders are never shown sharp: the preview holds no more blocks than it says, whatever the camera."""

import pytest

from .conftest import Ask


@pytest.mark.parametrize("size", [(640, 480), (1280, 720), (3840, 2160)])
def test_the_preview_has_the_same_few_blocks_for_every_camera(ask: Ask, size: tuple[int, int]) -> None:
    script = "(m, [width, height]) => ({ ...m.blocks(width, height), most: m.BLOCKS_ACROSS })"
    blocks = ask("camera/preview.js", script, size)

    assert blocks["width"] == blocks["most"] == 56
    assert blocks["height"] == round(56 * size[1] / size[0])


def test_neighbouring_pixels_of_a_drawn_preview_are_alike(ask: Ask) -> None:
    """Noise goes in, one pixel apart; blocks come out: reading the canvas finds only as many colours as blocks."""
    script = """async m => {
        const noise = new OffscreenCanvas(1280, 720);
        const context = noise.getContext("2d");
        const data = context.createImageData(1280, 720);
        for (let at = 0; at < data.data.length; at += 4)
            data.data.set([Math.random() * 255, Math.random() * 255, Math.random() * 255, 255], at);
        context.putImageData(data, 0, 0);
        Object.assign(noise, { videoWidth: 1280, videoHeight: 720 });
        const canvas = Object.assign(document.createElement("canvas"), { width: 960, height: 540 });
        new m.Preview(canvas).draw(noise);
        const shown = canvas.getContext("2d").getImageData(0, 0, 960, 540).data;
        const colours = new Set();
        for (let at = 0; at < shown.length; at += 4) colours.add(`${shown[at]},${shown[at + 1]},${shown[at + 2]}`);
        return colours.size;
    }"""
    assert 100 < ask("camera/preview.js", script) <= 56 * 32
