"""YuNet (Wu, Peng, Yu: "YuNet: A Tiny Millisecond-level Face Detector", 2023), run by OpenCV's FaceDetectorYN."""

import cv2
import numpy as np

from recognition.pipeline.types import Face, Image

from .errors import DamagedSource

SCORE, OVERLAP, MOST = 0.9, 0.3, 5000  # DeepFace's threshold; OpenCV's own suppression and number of proposals
USUAL_SIDE = 640  # pixels of the longer side at which DeepFace has YuNet look at a picture
SMALLEST = 10  # pixels: faces it was made for begin here


class Yunet:
    """A FaceDetector. Not safe for use by two threads at once."""

    def __init__(self, model: bytes, *, file: str) -> None:
        """DamagedSource where `model`, the content of `file`, is not YuNet."""
        try:
            self._network = cv2.FaceDetectorYN.create(
                "onnx", np.frombuffer(model, np.uint8), np.zeros(0, np.uint8), (64, 64), SCORE, OVERLAP, MOST
            )
            self.detect(np.zeros((64, 64, 3), np.uint8), SMALLEST)
        except cv2.error as error:
            raise DamagedSource(f"{file} is not YuNet: {error}") from error

    def detect(self, image: Image, min_face: int) -> list[Face]:
        """Faces whose longer side is at least `min_face` px of this image, best score first."""
        height, width = image.shape[:2]
        scale = min(1.0, max(USUAL_SIDE / max(height, width), SMALLEST / min_face))
        seen = image if scale == 1 else cv2.resize(image, (int(width * scale), int(height * scale)))
        self._network.setInputSize((seen.shape[1], seen.shape[0]))
        _, rows = self._network.detect(np.ascontiguousarray(seen[:, :, ::-1]))
        found = np.zeros((0, 15), np.float32) if rows is None else rows
        faces = [face for row in found if (face := _face(row, scale, width, height)).box[2:].max() >= min_face]
        return sorted(faces, key=lambda face: -face.score)


def _face(row: np.ndarray, scale: float, width: int, height: int) -> Face:
    """Of x, y, width, height, five points and the score. The first eye is the person's right one, our left in sight."""
    x, y, w, h = row[:4] / scale
    left, top, right, bottom = np.clip([x, y, x + w, y + h], 0, [width, height, width, height])
    return Face(
        box=np.array([left, top, right - left, bottom - top], np.float32),
        landmarks=(row[4:14].reshape(5, 2) / scale).astype(np.float32),
        score=float(row[14]),
    )
