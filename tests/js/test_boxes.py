"""Boxes stand where the faces are, whatever the sizes of frame and preview, and say what a face lacks."""

from recognition.pipeline.limits import LIMITS

from .conftest import Ask

BOXES = "camera/boxes.js"


def test_a_box_keeps_its_place_in_the_picture(ask: Ask) -> None:
    script = "m => m.toCanvas([320, 180, 64, 36], { width: 1280, height: 720 }, { width: 640, height: 360 })"

    assert ask(BOXES, script) == [160, 90, 32, 18]


def test_an_unequal_preview_stretches_both_ways(ask: Ask) -> None:
    script = "m => m.toCanvas([10, 10, 10, 10], { width: 100, height: 50 }, { width: 200, height: 200 })"

    assert ask(BOXES, script) == [20, 40, 20, 40]


def test_a_usable_face_says_how_good_it_is(ask: Ask) -> None:
    assert ask(BOXES, "m => m.faceWords({ usable: true, quality: 0.834, shortfalls: [] })") == "clear 83 %"


def test_a_face_that_cannot_be_used_says_why(ask: Ask) -> None:
    assert ask(BOXES, "m => m.faceWords({ usable: false, shortfalls: ['too_small', 'too_dark'] })") == "too far away"


def test_words_stand_for_every_shortfall_of_the_pipeline(ask: Ask) -> None:
    codes = [limit.code for limit in LIMITS]
    script = "(m, codes) => codes.map(code => m.faceWords({ usable: false, shortfalls: [code] }))"
    words = ask(BOXES, script, codes)

    assert len(codes) == len(set(words))
    assert "not usable" not in words
