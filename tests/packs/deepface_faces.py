"""Run by the parity test in processes of its own: the faces DeepFace finds, by its own mtcnn or, given CACHE, by ours.

    python deepface_faces.py LIST.json [CACHE]

LIST.json holds paths of images. Prints, per image, [[x, y, width, height], ...] as JSON.
"""

import json
import os
import sys
from pathlib import Path

os.environ["DEEPFACE_BACKEND_ENGINE"] = "onnx"  # of recognisers, which are not asked; the detector brings TensorFlow


def main() -> None:
    with open(sys.argv[1]) as file:
        paths = json.load(file)
    if len(sys.argv) > 2:
        from recognition.packs import registry
        from recognition.packs.deepface_models import register_with_deepface

        register_with_deepface(registry.load("dlib", Path(sys.argv[2])), registry.find("dlib"))
    from deepface import DeepFace

    found = []
    for path in paths:
        faces = DeepFace.extract_faces(path, detector_backend="mtcnn", enforce_detection=False)
        areas = [face["facial_area"] for face in faces if face["confidence"]]
        found.append([[area[side] for side in "xywh"] for area in areas])
    print(json.dumps(found))


if __name__ == "__main__":
    main()
