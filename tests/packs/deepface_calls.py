"""Run by the DeepFace tests in a process of its own: DeepFace decides on its back end once per process.

python deepface_calls.py CACHE IMAGE IMAGE      prints what DeepFace answered as JSON
"""

import json
import os
import sys
import time
from pathlib import Path

import cv2
import numpy as np

from recognition.packs import registry
from recognition.packs.deepface_models import register_with_deepface
from recognition.packs.verification import verify


def main() -> None:
    cache, *paths = sys.argv[1:]
    pack = registry.find("dlib")
    engine = registry.load("dlib", Path(cache))
    register_with_deepface(engine, pack)
    register_with_deepface(engine, pack)
    from deepface import DeepFace
    from deepface.commons import backend_utils

    bgr = [cv2.imread(path) for path in paths]
    rgb = [np.ascontiguousarray(image[:, :, ::-1]) for image in bgr]
    files_before = _files()
    represented = [DeepFace.represent(image, model_name="Dlib", detector_backend="mtcnn")[0] for image in bgr]
    started = time.perf_counter()
    same, other = verify(rgb[0], rgb[0][:, ::-1], pack=pack), verify(rgb[0], rgb[1], pack=pack)
    seconds = time.perf_counter() - started
    wall = np.full((120, 120, 3), 128, np.uint8)
    faceless = [
        verify(wall, rgb[1], pack=pack),
        verify(rgb[1], wall, pack=pack),
        verify(wall[:2, :2], rgb[1], pack=pack),
    ]
    skipped = DeepFace.represent(bgr[0][:150, :150], model_name="Dlib", detector_backend="skip")[0]["embedding"]
    json.dump(
        {
            "backend": backend_utils.get_backend_engine(),
            "tensorflow": "tensorflow" in sys.modules,
            "classes": [
                type(DeepFace.build_model("mtcnn", task="face_detector")).__name__,
                type(DeepFace.build_model("Dlib")).__name__,
            ],
            "areas": [face["facial_area"] for face in represented],
            "embeddings": [face["embedding"] for face in represented],
            "detected": [
                [[*map(float, face.box)], face.landmarks.tolist()]
                for face in (engine.detector.detect(image, 25)[0] for image in rgb)
            ],
            "verified": [same.verified, other.verified],
            "distances": [same.distance, other.distance],
            "faceless": [[answer.verified, answer.distance, answer.reason] for answer in faceless],
            "skipped": skipped,
            "raw": engine.recogniser.embed(rgb[0][None, :150, :150])[0].tolist(),
            "seconds": seconds,
            "files_written": sorted(_files() - files_before),
        },
        sys.stdout,
    )


def _files() -> set[str]:
    return {str(path) for path in Path(os.environ["DEEPFACE_HOME"]).rglob("*")}


if __name__ == "__main__":
    main()
