"""Whatever form a face is left in, the scan finds whose it is; and does not take somebody else for that person."""

import base64
import gzip
import json
import zlib

import cv2
import numpy as np
import pytest

from recognition.leakscan.likeness import ALIKE
from recognition.leakscan.pieces import Kind, Piece
from recognition.leakscan.scan import Report, scan
from tests.leakscan.looked_for import COLLINS, HOPPER, crop_bytes, cropped, looking_for, template, whole_template

NOISE = np.random.default_rng(1).bytes(5003)  # an odd length: what follows is aligned to nothing


def encoded(suffix):
    return lambda person: cv2.imencode(suffix, cropped(person)[:, :, ::-1])[1].tobytes()


PICTURES = {
    "JPEG": crop_bytes,
    "PNG": encoded(".png"),
    "WebP": encoded(".webp"),
    "inside other bytes": lambda person: NOISE + crop_bytes(person) + NOISE,
    "aligned chip, no surroundings": lambda person: cv2.imencode(
        ".png", cv2.resize(cropped(person)[40:-40, 40:-40], (150, 150))[:, :, ::-1]
    )[1].tobytes(),
    "base64": lambda person: base64.b64encode(crop_bytes(person)),
    "base64 in lines": lambda person: base64.encodebytes(crop_bytes(person)),
    "URL-safe base64 after a word": lambda person: b"crop-" + base64.urlsafe_b64encode(crop_bytes(person)),
    "data URL in JSON": lambda person: json.dumps(
        {"probe": "data:image/jpeg;base64," + base64.b64encode(crop_bytes(person)).decode()}
    ).encode(),
    "hexadecimal": lambda person: crop_bytes(person).hex().encode(),
    "PostgreSQL's text of bytea": lambda person: b"\\x" + crop_bytes(person).hex().encode(),
    "Python's repr": lambda person: repr(crop_bytes(person)).encode(),
    "JSON text of single bytes": lambda person: json.dumps(crop_bytes(person).decode("latin-1")).encode(),
    "gzip": lambda person: gzip.compress(crop_bytes(person)),
    "base64 of JSON of base64": lambda person: base64.b64encode(
        json.dumps([base64.b64encode(crop_bytes(person)).decode()]).encode()
    ),
}

TEMPLATES = {
    "float32": lambda t: t.astype("<f4").tobytes(),
    "float64": lambda t: t.astype("<f8").tobytes(),
    "big-endian float32": lambda t: t.astype(">f4").tobytes(),
    "big-endian float64": lambda t: t.astype(">f8").tobytes(),
    "not of unit length": lambda t: (1.7 * t).astype("<f4").tobytes(),
    "inside other bytes": lambda t: NOISE + t.tobytes() + NOISE,
    "a row of a matrix": lambda t: (
        np.stack([*np.random.default_rng(2).normal(0, 0.09, (50, 128)), t]).astype("<f4").tobytes()
    ),
    "JSON": lambda t: json.dumps({"scores": [0.91, 0.5], "template": t.tolist()}).encode(),
    "JSON, rounded": lambda t: json.dumps([round(v, 4) for v in t.tolist()]).encode(),
    "base64": lambda t: base64.b64encode(t.tobytes()),
    "base64 of float64 in JSON": lambda t: json.dumps({"t": base64.b64encode(t.astype("<f8")).decode()}).encode(),
    "base64 of JSON": lambda t: base64.b64encode(json.dumps(t.tolist()).encode()),
    "hexadecimal": lambda t: t.tobytes().hex().encode(),
    "Python's repr of bytes": lambda t: repr(t.tobytes()).encode(),
    "numpy's text": lambda t: np.array2string(t, threshold=1000).encode(),
    "list of numpy's numbers": lambda t: repr(list(t)).encode(),
    "PostgreSQL's array": lambda t: ("{" + ",".join(map(str, t.tolist())) + "}").encode(),
    "zlib": lambda t: zlib.compress(json.dumps(t.tolist()).encode()),
}


def scanned(data: bytes) -> Report:
    piece = Piece(Kind.FILE, "planted", "here", data)
    return scan([piece], likeness=looking_for(HOPPER), threshold=ALIKE)


@pytest.mark.parametrize("form", PICTURES)
def test_a_picture_is_found(form):
    assert scanned(PICTURES[form](HOPPER)).matches


@pytest.mark.parametrize("form", PICTURES)
def test_somebody_elses_picture_is_looked_at_and_not_taken_for_hers(form):
    report = scanned(PICTURES[form](COLLINS))
    assert report.pictures
    assert not report.matches, report.matches


@pytest.mark.parametrize("form", TEMPLATES)
def test_a_template_is_found(form):
    assert scanned(TEMPLATES[form](template(HOPPER))).matches


@pytest.mark.parametrize("form", ["float32", "base64", "JSON", "PostgreSQL's array"])
@pytest.mark.parametrize("part", [slice(None), slice(128, None), slice(128, 256), slice(256, None)])
def test_the_template_of_a_pack_is_found_whole_and_in_its_parts(form, part):
    assert scanned(TEMPLATES[form](whole_template(HOPPER)[part])).matches
    report = scanned(TEMPLATES[form](whole_template(COLLINS)[part]))
    assert report.windows
    assert not report.matches, report.matches


@pytest.mark.parametrize("form", TEMPLATES)
def test_somebody_elses_template_is_looked_at_and_not_taken_for_hers(form):
    report = scanned(TEMPLATES[form](template(COLLINS)))
    assert report.windows
    assert not report.matches, report.matches


def test_noise_and_prose_hold_neither():
    report = scanned(NOISE + b"\0" * 4096 + __doc__.encode() * 50 + bytes(range(256)) * 20)
    assert (report.pictures, report.windows) == (0, 0)


def test_a_picture_cut_off_is_looked_at():
    data = crop_bytes(HOPPER)
    assert scanned(data[: len(data) * 9 // 10]).matches


def test_a_report_does_not_show_what_was_found():
    match, *_ = scanned(crop_bytes(HOPPER)).matches
    assert "piece" not in repr(match)
    assert "planted" in str(match)
