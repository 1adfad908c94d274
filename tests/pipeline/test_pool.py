"""Several reference images of one subject: their mean is searched too, and an image is named all the same."""

import numpy as np
import pytest

from recognition.pipeline.embed import unit
from recognition.pipeline.pool import pooled_gallery
from recognition.pipeline.search import search
from recognition.pipeline.types import POOLED, Gallery

# Anna has two images left and right of what she looks like, Ben has one.
ANNA_LEFT, ANNA_RIGHT, BEN = unit(np.array([(1, 0.5, 0), (1, -0.4, 0), (0, 0, 1)], np.float32))


def gallery() -> Gallery:
    rows = np.stack([ANNA_LEFT, BEN, ANNA_RIGHT])
    return pooled_gallery(rows, ["a1", "b1", "a2"], ["anna", "ben", "anna"], version=7, pack="test-1")


def test_who_has_several_images_has_their_mean_beside_them():
    found = gallery()
    assert list(found.references) == ["a1", "a2", POOLED, "b1"]
    assert list(found.subjects) == ["anna"] * 3 + ["ben"]
    assert (found.version, found.pack) == (7, "test-1")
    assert found.templates[[0, 1, 3]] == pytest.approx(np.stack([ANNA_LEFT, ANNA_RIGHT, BEN]))
    assert found.templates[2] == pytest.approx(unit((ANNA_LEFT + ANNA_RIGHT)[np.newaxis])[0])


def test_a_face_between_two_images_is_likest_to_their_mean_and_the_nearer_image_is_shown():
    probe = unit(np.array([(1, -0.05, 0)], np.float32))
    mean, nearer, other = search(gallery(), probe, floor=0.5)[0]
    assert [hit.reference for hit in (mean, nearer, other)] == ["a2", "a2", "a1"]
    assert mean.score > nearer.score > other.score
    assert mean.subject == "anna"


def test_the_image_is_named_even_where_it_is_under_the_floor_itself():
    probe = unit(np.array([(1, 0.05, 0)], np.float32))
    (hit,) = search(gallery(), probe, floor=0.95)[0]
    assert (hit.reference, hit.subject) == ("a1", "anna")


def test_an_empty_list_stays_empty():
    found = pooled_gallery(np.zeros((0, 3), np.float32), [], [], version=1, pack="test-1")
    assert found.templates.shape == (0, 3)
