"""Which pixels does an uploaded picture hold? Upright RGB, and back to a JPEG that says nothing else."""

import io
import warnings

import cv2
import numpy as np
from PIL import Image as Pillow
from PIL.ExifTags import Base

from recognition.pipeline.errors import RejectedImage
from recognition.pipeline.types import Image

FORMATS = ("JPEG", "PNG", "WEBP")
MAX_PICTURE_PIXELS = 50_000_000  # the largest phone cameras; 150 MB decoded
KEPT_SIDE = 1600  # pixels; a face that fills a third of it is already far over the recogniser's 150
JPEG_QUALITY = 95

_TURNS: dict[object, Pillow.Transpose] = {
    2: Pillow.Transpose.FLIP_LEFT_RIGHT,
    3: Pillow.Transpose.ROTATE_180,
    4: Pillow.Transpose.FLIP_TOP_BOTTOM,
    5: Pillow.Transpose.TRANSPOSE,
    6: Pillow.Transpose.ROTATE_270,
    7: Pillow.Transpose.TRANSVERSE,
    8: Pillow.Transpose.ROTATE_90,
}  # by EXIF's orientation


def read_picture(data: bytes, *, max_pixels: int = MAX_PICTURE_PIXELS) -> Image:
    """(height, width, 3) RGB, upright, the longer side at most KEPT_SIDE; RejectedImage where it cannot be read.

    The header's size is checked before a pixel is decoded; of an animation the first picture is taken, and transparent
    parts turn white.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of bombs, for which our own limit follows, and of odd metadata
            with Pillow.open(io.BytesIO(data), formats=FORMATS) as picture:
                _refuse_bomb(picture.size, max_pixels)
                picture.draft("RGB", (KEPT_SIDE, KEPT_SIDE))  # a JPEG may be decoded at a fraction of its size
                turn = _TURNS.get(_orientation(picture))
                picture.thumbnail((KEPT_SIDE, KEPT_SIDE), Pillow.Resampling.BOX)
                return _opaque(picture if turn is None else picture.transpose(turn))
    except Pillow.DecompressionBombError as error:
        raise _bomb(f"more than {2 * (Pillow.MAX_IMAGE_PIXELS or 0):,} pixels", max_pixels) from error
    except RejectedImage:
        raise
    except Exception as error:  # Pillow's readers raise whatever a damaged file makes them do
        raise RejectedImage(
            "not_an_image", "The file is not a readable image. Upload an undamaged JPEG, PNG or WebP picture."
        ) from error


def _orientation(picture: Pillow.Image) -> object:
    """How the camera was held, 1 (upright) to 8. Only this is read of the metadata, damaged or not."""
    try:
        return picture.getexif().get(Base.Orientation)
    except Exception:
        return None


def write_jpeg(image: Image, *, quality: int = JPEG_QUALITY) -> bytes:
    """RGB pixels as a JPEG without any metadata."""
    if not image.size:
        raise ValueError(f"An array of shape {image.shape} holds no picture.")
    return cv2.imencode(".jpg", image[:, :, ::-1], [cv2.IMWRITE_JPEG_QUALITY, quality])[1].tobytes()


def _refuse_bomb(size: tuple[int, int], max_pixels: int) -> None:
    if size[0] * size[1] > max_pixels:
        raise _bomb(f"{size[0]}x{size[1]} pixels", max_pixels)


def _bomb(stated: str, max_pixels: int) -> RejectedImage:
    return RejectedImage(
        "decompression_bomb",
        f"The image states {stated}; at most {max_pixels:,} are opened. Upload a smaller version of it.",
    )


def _opaque(picture: Pillow.Image) -> Image:
    if picture.has_transparency_data:
        coloured = picture.convert("RGBA")
        picture = Pillow.alpha_composite(Pillow.new("RGBA", coloured.size, "white"), coloured)
    return np.array(picture.convert("RGB"))
