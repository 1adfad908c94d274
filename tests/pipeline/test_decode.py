import struct

import cv2
import numpy as np
import pytest

from recognition.pipeline.decode import decode
from recognition.pipeline.errors import BadFrame


def jpeg(width: int = 64, height: int = 48, colour: tuple[int, int, int] = (200, 20, 30)) -> bytes:
    image = np.full((height, width, 3), colour[::-1], np.uint8)
    return cv2.imencode(".jpg", image)[1].tobytes()


def stating(data: bytes, width: int, height: int) -> bytes:
    """The same JPEG, its header lying about the size."""
    at = data.index(b"\xff\xc0") + 5
    return data[:at] + struct.pack(">HH", height, width) + data[at + 4 :]


def test_it_gives_rgb_at_full_size():
    image = decode(jpeg(64, 48, (200, 20, 30)))
    assert image.shape == (48, 64, 3)
    assert image.dtype == np.uint8
    assert np.abs(image.reshape(-1, 3).mean(axis=0) - (200, 20, 30)).max() < 3


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "not_jpeg"),
        (b"not an image at all", "not_jpeg"),
        (cv2.imencode(".png", np.zeros((40, 40, 3), np.uint8))[1].tobytes(), "not_jpeg"),
        (b"\xff\xd8\xff", "broken"),
        (jpeg()[:60], "broken"),
        (jpeg(31, 400), "too_small"),
        (stating(jpeg(), 3840, 2161), "too_large"),
        (stating(jpeg(), 65000, 65000), "too_large"),
    ],
)
def test_it_refuses_what_may_not_be_decoded(data, code):
    with pytest.raises(BadFrame) as refused:
        decode(data)
    assert refused.value.code == code
    assert refused.value.message


def test_the_limit_is_the_callers():
    assert decode(jpeg(64, 48), max_pixels=64 * 48).shape == (48, 64, 3)
    with pytest.raises(BadFrame, match="64x48"):
        decode(jpeg(64, 48), max_pixels=64 * 48 - 1)
