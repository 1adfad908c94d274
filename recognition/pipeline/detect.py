"""Where are faces in the frame? The pack's detector, and only what it says inside the picture."""

from recognition.pipeline.types import Face, FaceDetector, Image


def detect(detector: FaceDetector, image: Image, *, min_face: int) -> list[Face]:
    """Faces of at least about `min_face` pixels whose centre is in the picture, best score first."""
    height, width = image.shape[:2]
    faces = detector.detect(image, min_face)
    return [face for face in faces if _centre_inside(face, width, height)]


def _centre_inside(face: Face, width: int, height: int) -> bool:
    x, y, w, h = face.box
    return bool(0 <= x + w / 2 < width and 0 <= y + h / 2 < height)
