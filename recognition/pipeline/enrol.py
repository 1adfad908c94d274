"""Can this picture serve as a reference? Its template, a clean copy of it, or the reason why not."""

from recognition.pipeline.align import portrait
from recognition.pipeline.cover import alone
from recognition.pipeline.detect import detect_in_still
from recognition.pipeline.embed import embed_closely
from recognition.pipeline.errors import RejectedImage
from recognition.pipeline.interfaces import Engine
from recognition.pipeline.limits import ENROLMENT, explain
from recognition.pipeline.picture import read_picture, write_jpeg
from recognition.pipeline.quality import measure
from recognition.pipeline.types import Enrolment, Face, QualityLimits

MIN_REFERENCE_FACE = 40  # pixels; smaller than enrolment accepts, so that "too small" can be said instead of "no face"

# A second face this large beside the first (ratio of box heights) leaves open who is meant: the picture is refused.
# A smaller one is a passer-by: the person portrayed stands at least twice as near as anybody else.
RIVAL_SIZE = 0.5


def assess_reference(engine: Engine, data: bytes, *, limits: QualityLimits = ENROLMENT) -> Enrolment:
    """What is enrolled of the one face in `data`; RejectedImage where it will not do.

    Codes: not_an_image, decompression_bomb, no_face, several_faces, and those of `limits.LIMITS`, the
    costliest fault's; the message names them all.
    """
    image = read_picture(data)
    face = the_one_face(detect_in_still(engine.detector, image, min_face=MIN_REFERENCE_FACE))
    quality = measure(image, face.landmarks, limits=limits)
    if quality.shortfalls:
        raise RejectedImage(quality.shortfalls[0], " ".join(explain(quality, limits)))
    kept = alone(engine.detector, image, face)
    return Enrolment(
        template=embed_closely(engine, image, [face.landmarks])[0],
        image=write_jpeg(kept),
        portrait=portrait(kept, face.landmarks),
        landmarks=face.landmarks,
        quality=quality,
    )


def the_one_face(faces: list[Face]) -> Face:
    """The face that is clearly meant; RejectedImage where there is none or more than one could be."""
    if not faces:
        raise RejectedImage(
            "no_face", "No face was found. Upload a picture in which the face is seen from the front, uncovered."
        )
    largest, *others = sorted(faces, key=lambda face: float(face.box[3]), reverse=True)
    rivals = [face for face in others if face.box[3] >= RIVAL_SIZE * largest.box[3]]
    if rivals:
        raise RejectedImage(
            "several_faces",
            f"{1 + len(rivals)} faces of similar size were found; it must be clear who is meant. "
            "Cut the picture to one face.",
        )
    return largest
