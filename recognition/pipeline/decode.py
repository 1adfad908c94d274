"""Which pixels does a frame hold? JPEG bytes to RGB, with the size read from the header before anything is decoded."""

import io

import cv2
import numpy as np
from PIL import Image as Pillow

from recognition.pipeline.errors import BadFrame
from recognition.pipeline.types import Image

JPEG_MAGIC = b"\xff\xd8\xff"
MAX_FRAME_PIXELS = 3840 * 2160
MIN_FRAME_SIDE = 32  # under this no face could be found


def decode(jpeg: bytes, *, max_pixels: int = MAX_FRAME_PIXELS) -> Image:
    """(height, width, 3) RGB at full size; BadFrame where the bytes are no JPEG, broken, too small or too large.

    Always full size: half-size decoding would save 4 ms of a 1280x720 frame, but chips cut from it lose small faces,
    and detection shrinks the frame itself (docs/accuracy.md has the measurement).
    """
    if not jpeg.startswith(JPEG_MAGIC):
        raise BadFrame("not_jpeg", "The frame is not a JPEG image. Send JPEG frames.")
    width, height = _header_size(jpeg)
    if width * height > max_pixels:
        raise BadFrame(
            "too_large",
            f"The frame is {width}x{height}, over the limit of {max_pixels:,} pixels. Choose a lower resolution.",
        )
    if min(width, height) < MIN_FRAME_SIDE:
        raise BadFrame("too_small", f"The frame is {width}x{height}; both sides must be at least {MIN_FRAME_SIDE}.")
    try:
        image = cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR_RGB)
    except cv2.error:
        image = None
    if image is None:
        raise BadFrame("broken", "The frame is a damaged JPEG and cannot be decoded.")
    return np.asarray(image, dtype=np.uint8)


def _header_size(jpeg: bytes) -> tuple[int, int]:
    """(width, height) as the header states them; Pillow reads no pixels until asked."""
    try:
        with Pillow.open(io.BytesIO(jpeg), formats=("JPEG",)) as header:
            return header.size
    except Pillow.DecompressionBombError as error:
        raise BadFrame("too_large", "The frame's header states an enormous size. Choose a lower resolution.") from error
    except (OSError, SyntaxError, ValueError) as error:
        raise BadFrame("broken", "The frame's JPEG header is damaged.") from error
