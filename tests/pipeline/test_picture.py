import io
import struct
import zlib

import numpy as np
import pytest
from PIL import Image as Pillow
from PIL.ExifTags import Base

from recognition.pipeline.errors import RejectedImage
from recognition.pipeline.picture import KEPT_SIDE, read_picture, write_jpeg


def saved(image: Pillow.Image, kind: str, **options) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def halves(width=80, height=60) -> Pillow.Image:
    """Red on the left, blue on the right."""
    pixels = np.zeros((height, width, 3), np.uint8)
    pixels[:, : width // 2, 0] = pixels[:, width // 2 :, 2] = 250
    return Pillow.fromarray(pixels)


def png_stating(width: int, height: int) -> bytes:
    """A PNG whose header states a size and which holds hardly any data."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_it_reads_the_three_formats_as_rgb(kind):
    image = read_picture(saved(halves(), kind))
    assert image.shape == (60, 80, 3)
    assert image[30, 10, 0] > 200 > 60 > image[30, 10, 2]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "not_an_image"),
        (b"%PDF-1.7 nothing to see", "not_an_image"),
        (saved(halves(), "GIF"), "not_an_image"),
        (saved(halves(), "TIFF"), "not_an_image"),
        (saved(halves(), "PNG")[:70], "not_an_image"),
        (saved(halves(), "JPEG")[:200], "not_an_image"),
        (png_stating(0, 10), "not_an_image"),
        (png_stating(10_000, 5_001), "decompression_bomb"),
        (png_stating(60_000, 60_000), "decompression_bomb"),
    ],
)
def test_it_refuses_the_rest_with_a_reason(data, code):
    with pytest.raises(RejectedImage) as refused:
        read_picture(data)
    assert refused.value.code == code
    assert "pload a" in refused.value.message


@pytest.mark.parametrize(("orientation", "red_at"), [(1, "left"), (3, "right"), (6, "top"), (8, "bottom")])
def test_orientation_is_applied(orientation, red_at):
    exif = Pillow.Exif()
    exif[Base.Orientation] = orientation
    image = read_picture(saved(halves(), "JPEG", exif=exif))
    height, width = image.shape[:2]
    y, x = {
        "left": (height // 2, 4),
        "right": (height // 2, width - 5),
        "top": (4, width // 2),
        "bottom": (height - 5, width // 2),
    }[red_at]
    assert image[y, x, 0] > 200


def exif_of(*entries: tuple[int, int, int, bytes]) -> bytes:
    """Metadata as a camera writes them: (tag, type, count, four bytes of value) each."""
    body = b"".join(struct.pack(">HHI", tag, kind, count) + value for tag, kind, count, value in entries)
    return b"Exif\0\0MM\0*\0\0\0\x08" + struct.pack(">H", len(entries)) + body + bytes(4)


ON_ITS_SIDE = (Base.Orientation, 3, 1, b"\0\6\0\0")


@pytest.mark.parametrize("field", [Base.XResolution, Base.ResolutionUnit, Base.ExifOffset])
def test_words_where_a_number_is_due_do_not_matter(field):
    data = saved(halves(), "JPEG", exif=exif_of(ON_ITS_SIDE, (field, 2, 4, b"bad\0")))
    assert read_picture(data).shape == (80, 60, 3)


def read_or_refused(data: bytes) -> bool:
    try:
        return read_picture(data).ndim == 3
    except RejectedImage as refused:
        return refused.code in ("not_an_image", "decompression_bomb")


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_whatever_a_damaged_file_holds_it_is_read_or_refused(kind, rng):
    whole = np.frombuffer(saved(halves(), kind, exif=exif_of(ON_ITS_SIDE, (Base.Artist, 2, 4, b"who\0"))), np.uint8)
    for _ in range(300):
        damaged = whole.copy()
        damaged[rng.integers(0, min(len(whole), 250), 4)] = rng.integers(0, 256, 4)
        assert read_or_refused(damaged.tobytes())


def test_transparent_parts_turn_white():
    assert read_picture(saved(Pillow.new("RGBA", (40, 40), (0, 0, 0, 0)), "PNG")).min() == 255


@pytest.mark.parametrize("mode", ["L", "P", "CMYK", "1", "I;16"])
def test_other_colour_models_become_rgb(mode):
    kind = "JPEG" if mode == "CMYK" else "PNG"
    picture = Pillow.new(mode, (40, 50)) if mode == "I;16" else halves(40, 50).convert(mode)
    assert read_picture(saved(picture, kind)).shape == (50, 40, 3)


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_large_pictures_are_brought_to_a_size_worth_keeping(kind):
    assert read_picture(saved(halves(4000, 3000), kind)).shape == (KEPT_SIDE * 3 // 4, KEPT_SIDE, 3)


def test_what_is_written_says_nothing_but_the_picture():
    exif = Pillow.Exif()
    exif[Base.Artist] = "SECRETMARKER"
    data = write_jpeg(read_picture(saved(halves(), "JPEG", exif=exif, comment=b"SECRETMARKER")))
    assert b"SECRETMARKER" not in data
    with Pillow.open(io.BytesIO(data)) as picture:
        assert not picture.getexif()
        assert set(picture.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
    assert np.abs(read_picture(data).astype(int) - np.asarray(halves())).mean() < 5


def test_an_array_that_is_no_image_cannot_be_written():
    with pytest.raises(ValueError, match="shape"):
        write_jpeg(np.zeros((0, 0, 3), np.uint8))
