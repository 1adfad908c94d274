"""Run by the parity test in a process of its own, since it imports TensorFlow: the package mtcnn on a list of images.

    python mtcnn_reference.py LIST.json

The package counts the levels of its pyramid as if the smallest face were 20 px: for a larger one the last levels are
smaller than its first network can take, and it then returns no faces at all. Those levels are left out here.

LIST.json holds [[path, min_face], ...]. Prints, per image, [[x, y, w, h, score, [five (x, y)]], ...] as JSON.
"""

import json
import os
import sys

os.environ["CUDA_VISIBLE_DEVICES"] = "-1"
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

import cv2
import tensorflow
from mtcnn import MTCNN
from mtcnn.stages import stage_pnet

POINTS = (
    "left_eye",
    "right_eye",
    "nose",
    "mouth_left",
    "mouth_right",
)  # as the package names them: from the image's left


whole_pyramid = stage_pnet.build_scale_pyramid


def usable_levels(width, height, **options):
    scales = whole_pyramid(width, height, **options)
    return scales[scales * min(width, height) >= 12]


def main() -> None:
    stage_pnet.build_scale_pyramid = usable_levels
    tensorflow.config.threading.set_intra_op_parallelism_threads(1)
    tensorflow.config.threading.set_inter_op_parallelism_threads(1)
    detector, found = MTCNN(), []
    with open(sys.argv[1]) as file:
        images = json.load(file)
    for path, min_face in images:
        faces = detector.detect_faces(cv2.imread(path, cv2.IMREAD_COLOR_RGB), min_face_size=min_face)
        found.append([])
        for face in faces:
            points = [[float(value) for value in face["keypoints"][name]] for name in POINTS]
            found[-1].append([*map(float, face["box"]), float(face["confidence"]), points])
    json.dump(found, sys.stdout)


if __name__ == "__main__":
    main()
