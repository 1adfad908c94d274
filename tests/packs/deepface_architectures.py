"""Run by the tests in a process of its own: DeepFace's own networks on TensorFlow, with random weights.

    python deepface_architectures.py CHIPS.npz OUT

CHIPS.npz holds an RGB chip for each DeepFace recogniser. Writes to $DEEPFACE_HOME a weight file of each, as DeepFace's
class reads it, and to OUT the same network in ONNX. Prints, as JSON, DeepFace's embedding of each chip.
"""

import json
import os
import sys
from pathlib import Path

os.environ["DEEPFACE_BACKEND_ENGINE"] = "tensorflow"

import numpy as np
from deepface import DeepFace
from deepface.commons import weight_utils
from deepface.models.facial_recognition.tf import ArcFace, Facenet, GhostFaceNet

from tests.packs.keras_to_onnx import converted, short_name

NETWORKS = {
    "ArcFace": (ArcFace.load_model, "arcface_weights.h5"),
    "Facenet512": (Facenet.load_facenet512d_model, "facenet512_weights.h5"),
    "GhostFaceNet": (GhostFaceNet.load_model, "ghostfacenet_v1.h5"),
}


def randomised(model, weight_file):
    """In place of reading a file: every weight random, such that values stay of a size through all the layers."""
    random = np.random.default_rng(11)
    for weight in model.weights:
        name, shape = short_name(weight), tuple(weight.shape)
        if name in {"gamma", "moving_variance"}:
            values = random.uniform(0.5, 1.5, shape)
        elif name in {"kernel", "depthwise_kernel"}:
            fed_by = np.prod(shape[:2] if name == "depthwise_kernel" else shape[:-1])
            values = random.normal(0, 1 / np.sqrt(fed_by), shape)
        else:
            values = random.uniform(-0.2, 0.2, shape)
        weight.assign(values)
    return model


def main() -> None:
    chips, out = np.load(sys.argv[1]), Path(sys.argv[2])
    folder = Path(os.environ["DEEPFACE_HOME"]) / ".deepface" / "weights"
    folder.mkdir(parents=True, exist_ok=True)
    reading = weight_utils.load_model_weights
    weight_utils.load_model_weights = randomised
    for name, (build, file) in NETWORKS.items():
        (folder / file).touch()  # else the class would download it
        model = build()
        model.save_weights(folder / file)
        (out / f"{name}.onnx").write_bytes(converted(model))
    weight_utils.load_model_weights = reading
    answer = {
        name: DeepFace.represent(np.ascontiguousarray(chips[name][:, :, ::-1]), model_name=name,
                                 detector_backend="skip")[0]["embedding"]
        for name in NETWORKS
    }  # fmt: skip
    print(json.dumps(answer))


if __name__ == "__main__":
    main()
