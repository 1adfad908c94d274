import numpy as np
import pytest

from recognition.pipeline.align import CHIP_SIDE, CHIP_TEMPLATE, NOT_SEEN, align, crop, portrait, similarity
from recognition.pipeline.types import Face


def moved(points, *, turn=0.0, scale=1.0, shift=(0.0, 0.0)):
    angle = np.deg2rad(turn)
    rotation = scale * np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    return (points @ rotation.T + shift).astype(np.float32)


def dotted(points, size=(400, 500)):
    """A grey picture with a bright dot on each point."""
    image = np.full((*size, 3), 60, np.uint8)
    for x, y in np.round(points).astype(int):
        image[y - 3 : y + 4, x - 3 : x + 4] = 255
    return image


@pytest.mark.parametrize(
    "change",
    [{}, {"turn": 30}, {"turn": -90}, {"scale": 0.2}, {"scale": 7.0}, {"turn": 12, "scale": 1.7, "shift": (90, -4)}],
)
def test_similarity_undoes_turn_scale_and_shift(change):
    matrix = similarity(moved(CHIP_TEMPLATE, **change), CHIP_TEMPLATE)
    back = moved(CHIP_TEMPLATE, **change) @ matrix[:, :2].T + matrix[:, 2]
    assert np.abs(back - CHIP_TEMPLATE).max() < 1e-3


def test_similarity_never_mirrors():
    mirrored = CHIP_TEMPLATE * (-1, 1)
    assert np.linalg.det(similarity(mirrored.astype(np.float32), CHIP_TEMPLATE)[:, :2]) >= 0


def test_points_that_coincide_give_a_chip_and_no_error():
    chip = align(np.zeros((100, 100, 3), np.uint8), np.full((5, 2), 50, np.float32))
    assert chip.shape == (CHIP_SIDE, CHIP_SIDE, 3)


@pytest.mark.parametrize("change", [{"shift": (120, 90)}, {"turn": 20, "scale": 1.4, "shift": (150, 60)}])
def test_landmarks_land_on_the_template(change):
    landmarks = moved(CHIP_TEMPLATE, **change)
    chip = align(dotted(landmarks), landmarks)
    for x, y in np.round(CHIP_TEMPLATE).astype(int):
        assert chip[y, x].min() > 200


def test_a_face_at_the_edge_repeats_the_border():
    landmarks = moved(CHIP_TEMPLATE, shift=(-60, -40))
    assert align(np.full((200, 200, 3), 77, np.uint8), landmarks).min() == 77


def test_portraits_of_any_two_faces_share_scale_and_eye_line():
    eyes = []
    for change in ({"turn": 8, "scale": 0.8, "shift": (120, 90)}, {"scale": 1.6, "turn": -15, "shift": (60, 120)}):
        landmarks = moved(CHIP_TEMPLATE, **change)
        picture = portrait(dotted(landmarks[:2]), landmarks, size=240)
        assert picture.shape == (240, 240, 3)
        bright = picture[..., 0] > 150
        eyes.append([np.argwhere(half).mean(axis=0) for half in (bright[:, :120], bright[:, 120:])])
    assert np.abs(np.array(eyes[0]) - np.array(eyes[1])).max() < 1.0


def test_a_portrait_is_grey_where_the_picture_ends():
    landmarks = moved(CHIP_TEMPLATE, shift=(-40, -30))  # the face reaches over the left and upper edge
    picture = portrait(np.full((300, 300, 3), 250, np.uint8), landmarks, size=240)
    assert (picture[0, 0] == NOT_SEEN).all()
    assert (picture[-60, -60] == 250).all()


def test_a_crop_keeps_its_face_and_stays_in_the_picture():
    image = np.arange(100 * 120 * 3, dtype=np.uint32).astype(np.uint8).reshape(100, 120, 3)
    face = Face(np.array([90, 5, 25, 30], np.float32), np.full((5, 2), 95, np.float32), 1.0)
    cut = crop(image, face)
    x, y = cut.corner
    assert (cut.picture[0, 0] == image[int(y), int(x)]).all()
    assert (cut.holds(face).box == [90 - x, 5 - y, 25, 30]).all()
    assert (cut.holds(face).landmarks == 95 - cut.corner).all()
    assert cut.picture.shape[0] <= 100
    assert int(x) + cut.picture.shape[1] == 120
    assert not np.shares_memory(cut.picture, image)
