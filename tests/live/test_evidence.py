"""What the scan of a run looks into: every file, but for those known to be made from packages or drawn."""

import pytest
from django.conf import settings

from lfrweb.embedded.paths import CHECKOUT
from recognition.leakscan.files import Look
from tests.live.evidence import CACHE, NOT_ENTERED, changed_since


@pytest.mark.parametrize(
    ("name", "is_looked_into"),
    [
        ("packs/.deepface/weights/upload.jpg", True),
        ("packs/.deepface/seen.json", True),
        ("packs/face.jpg", True),
        ("packs/another.onnx", False),
        ("packs/another.json", False),
        ("footage/another.webm", False),
        ("spooled.tmp", True),
    ],
)
def test_in_the_cache_all_is_looked_into_but_networks_and_footage(name, is_looked_into):
    path = CACHE / name
    made = [folder for folder in path.parents if not folder.exists()]
    before = Look.at([CHECKOUT], without=NOT_ENTERED)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"left here")
    try:
        assert (path in changed_since(before, [CHECKOUT])) is is_looked_into
    finally:
        path.unlink()
        for folder in made:
            folder.rmdir()


def test_the_packs_are_kept_there():
    """And DeepFace's own folder, which is beside them."""
    assert settings.LFR_PACK_CACHE == CACHE / "packs"
