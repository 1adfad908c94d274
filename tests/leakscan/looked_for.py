"""Two people to look for and not to look for, and the picture and the template that a leak of either would leave."""

from functools import cache

import cv2
import numpy as np

from recognition.engine import engine
from recognition.footage.people import COLLINS, HOPPER, Photograph
from recognition.leakscan.likeness import Likeness, embeddings_of
from recognition.pipeline.align import crop
from recognition.pipeline.embed import embed_closely
from recognition.pipeline.picture import write_jpeg
from recognition.pipeline.types import Image, Template


def photograph(person: Photograph) -> Image:
    image = cv2.imread(str(person.path()), cv2.IMREAD_COLOR_RGB)
    assert image is not None
    return np.asarray(image, dtype=np.uint8)


@cache
def looking_for(person: Photograph) -> Likeness:
    return Likeness.to(engine(), photograph(person))


@cache
def cropped(person: Photograph) -> Image:
    """The face with its surroundings at the size it has in a frame, as a candidate's picture would show it."""
    image = photograph(person)
    small = cv2.resize(image, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    return crop(small, engine().detector.detect(small, min_face=40)[0]).picture


@cache
def crop_bytes(person: Photograph) -> bytes:
    return write_jpeg(cropped(person), quality=85)


@cache
def template(person: Photograph) -> Template:
    """An embedding of the crop: not the very one that is looked for."""
    return embeddings_of(engine(), cropped(person))[0]


@cache
def whole_template(person: Photograph) -> Template:
    """What the pipeline makes of the crop at a closer look."""
    face = engine().detector.detect(cropped(person), min_face=40)[0]
    return embed_closely(engine(), cropped(person), [face.landmarks])[0]


__all__ = ["COLLINS", "HOPPER", "crop_bytes", "cropped", "looking_for", "photograph", "template", "whole_template"]
