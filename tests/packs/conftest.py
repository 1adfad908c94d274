"""A loaded engine and the two photographs in the public domain that every installation has."""

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import cv2
import matplotlib
import numpy as np
import pytest
import skimage

from recognition.packs import registry
from recognition.pipeline.interfaces import Engine
from recognition.pipeline.types import Image
from tests.packs import made_weights

PORTRAITS = {
    "collins": Path(skimage.__file__).parent / "data" / "astronaut.png",
    "hopper": Path(matplotlib.__file__).parent / "mpl-data" / "sample_data" / "grace_hopper.jpg",
}


def read(path: Path | str) -> Image:
    return np.asarray(cv2.imread(str(path), cv2.IMREAD_COLOR_RGB), np.uint8)


@pytest.fixture(scope="session")
def pack_cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("packs")


@pytest.fixture(scope="session")
def engine(pack_cache: Path) -> Engine:
    return registry.load("dlib", pack_cache)


@pytest.fixture(scope="session")
def portraits() -> dict[str, Image]:
    return {name: read(path) for name, path in PORTRAITS.items()}


@pytest.fixture(scope="session")
def lfw_images(faces_folder: Path) -> list[Path]:
    """A hundred pictures of different people, spread over the folder."""
    people = sorted(path for path in faces_folder.iterdir() if path.is_dir())
    return [sorted(person.iterdir())[0] for person in people[:: max(1, len(people) // 100)]][:100]


@pytest.fixture(scope="session")
def process_environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """For processes of their own: the checkout on the path, DeepFace's folder in a temporary place, one thread."""
    root = Path(__file__).resolve().parents[2]
    return os.environ | {
        "PYTHONPATH": str(root),
        "DEEPFACE_HOME": str(tmp_path_factory.mktemp("deepface")),
        "OMP_NUM_THREADS": "1",
        "CUDA_VISIBLE_DEVICES": "-1",
        "TF_CPP_MIN_LOG_LEVEL": "3",
    }


@pytest.fixture
def made_pack(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[[str], Path]:
    """Enters made weights for a pack in the registry, with their hashes, and gives the cache they lie in."""

    def make(name: str) -> Path:
        pack = registry.find(name)
        for field, part in (("recognises", pack.recognises), ("detects", pack.detects)):
            if part.files:
                (file,), data = part.files, made_weights.content(part)
                made_weights.put(file, data, tmp_path)
                pack = replace(pack, **{field: replace(part, sources=(made_weights.stated(file, data),))})
        monkeypatch.setitem(registry.PACKS, name, pack)
        return tmp_path

    return make
