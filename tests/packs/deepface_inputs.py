"""Run by the tests of inputs in a process of its own: DeepFace's own classes on the weights in $DEEPFACE_HOME.

    python deepface_inputs.py CHIPS.npz PICTURES.npz

Both hold RGB arrays: of each DeepFace recogniser a chip, of each detector a picture. Prints, as JSON, the embedding of
each chip and what each detector found, as DeepFace has it.
"""

import json
import os
import sys

os.environ["DEEPFACE_BACKEND_ENGINE"] = "onnx"

import numpy as np
from deepface import DeepFace
from retinaface import RetinaFace


def bgr(image: np.ndarray) -> np.ndarray:
    return np.ascontiguousarray(image[:, :, ::-1])


def found(name: str, picture: np.ndarray) -> list[dict]:
    faces = DeepFace.build_model(name, task="face_detector").detect_faces(bgr(picture))
    return [
        {"box": [int(v) for v in (f.x, f.y, f.w, f.h)], "score": float(f.confidence),
         "left_eye": list(map(int, f.left_eye)), "right_eye": list(map(int, f.right_eye))}
        for f in faces
    ]  # fmt: skip


def points(picture: np.ndarray) -> list[dict]:
    faces = RetinaFace.detect_faces(bgr(picture)).values()
    names = ("right_eye", "left_eye", "nose", "mouth_right", "mouth_left")
    return [[[float(v) for v in face["landmarks"][name]] for name in names] for face in faces]


def main() -> None:
    chips, pictures = np.load(sys.argv[1]), np.load(sys.argv[2])
    answer = {
        "embeddings": {
            name: DeepFace.represent(bgr(chips[name]), model_name=name, detector_backend="skip")[0]["embedding"]
            for name in chips
        },
        "classes": {name: type(DeepFace.build_model(name)).__module__ for name in chips},
        "found": {name: found(name, pictures[name]) for name in pictures},
        "points": points(pictures["retinaface"]),
        "tensorflow": "tensorflow" in sys.modules,
    }
    print(json.dumps(answer))


if __name__ == "__main__":
    main()
