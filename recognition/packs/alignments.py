"""Where does each recogniser expect a face in its chip? dlib's own alignment is pipeline.align.MEASURED."""

import numpy as np

from recognition.pipeline.interfaces import Alignment

# InsightFace's template for 112 px (its arcface_dst), on which the networks of ArcFace, GhostFaceNet and Buffalo_L were
# trained; OpenCV's FaceRecognizerSF.alignCrop, written for SFace, has the same points.
ARCFACE = Alignment(
    "arcface-112",
    112,
    np.array(
        [(38.2946, 51.6963), (73.5318, 51.5014), (56.0252, 71.7366), (41.5493, 92.3655), (70.7299, 92.2041)], np.float32
    ),
)

# FaceNet was trained on boxes, not on points, so that no template was ever published. These are the means of where
# MTCNN's points fall in the chips DeepFace cuts for it (turned by the eyes, cut at the box, the longer side 160 px),
# over 1,161 faces of LFW.
FACENET = Alignment(
    "facenet-160",
    160,
    np.array([(54.61, 61.03), (109.80, 61.03), (81.67, 92.99), (57.64, 120.84), (106.00, 120.96)], np.float32),
)
