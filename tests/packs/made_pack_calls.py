"""Run by the tests of packs in a process of its own: DeepFace's calls once packs are registered, one after the other.

    python made_pack_calls.py NAME=CACHE NAME=CACHE IMAGE IMAGE      prints "ok", or fails where an answer is not ours

The weights of a pack that is not the default's are made: they are accepted here as the test made them.
"""

import os
import sys
from dataclasses import replace
from pathlib import Path

os.environ["DEEPFACE_BACKEND_ENGINE"] = "onnx"

import cv2
import numpy as np

from recognition.packs import registry
from recognition.packs.deepface_models import register_with_deepface
from recognition.packs.verification import verify
from recognition.pipeline.align import align
from tests.packs.made_weights import stated


def accepted(name: str, cache: Path) -> registry.Pack:
    pack = registry.find(name)
    if pack.recognises.files:
        (file,) = pack.recognises.files
        data = (cache / "weights" / file.name).read_bytes()
        pack = replace(pack, recognises=replace(pack.recognises, sources=(stated(file, data),)))
        registry.PACKS[name] = pack
    return pack


def main() -> None:
    *named, first, second = sys.argv[1:]
    packs = {name: Path(cache) for name, _, cache in (pair.partition("=") for pair in named)}
    loaded = {name: (accepted(name, cache), registry.load(name, cache)) for name, cache in packs.items()}
    from deepface import DeepFace
    from deepface.modules import modeling

    pictures = [np.ascontiguousarray(cv2.imread(path)[:, :, ::-1]) for path in (first, second)]
    for pack, engine in loaded.values():
        register_with_deepface(engine, pack)
        assert list(modeling.cached_models["facial_recognition"]) == [pack.recogniser]  # the one before is let go
        landmarks = engine.detector.detect(pictures[0], 60)[0].landmarks
        chip = align(pictures[0], landmarks, engine.alignment)
        answer = DeepFace.represent(chip[:, :, ::-1], model_name=pack.recogniser, detector_backend="skip")[0]
        ours = engine.recogniser.embed(chip[None])[0]
        assert np.allclose(answer["embedding"], ours, atol=1e-5), pack.name
        same = verify(pictures[0], pictures[0], pack=pack, threshold=0.05)
        other = verify(pictures[0], pictures[1], pack=pack, threshold=0.05)
        assert same.verified, pack.name
        assert same.distance < 1e-6, pack.name
        assert not other.verified, pack.name
        assert (same.model, same.detector) == (pack.recogniser, "mtcnn")
    print("ok")


if __name__ == "__main__":
    main()
