"""A picture that stays the same to the bit is frozen after three seconds."""

from .conftest import Ask


def test_the_same_picture_is_frozen_after_three_seconds(ask: Ask) -> None:
    script = """m => {
        const watch = new m.FrozenWatch();
        const still = new Uint8ClampedArray([1, 2, 3, 255]);
        return [0, 2999, 3000, 4500].map(now => watch.compare(still, now));
    }"""
    assert ask("camera/frozen.js", script) == [0, 0, 3000, 4500]


def test_one_changed_bit_is_life(ask: Ask) -> None:
    script = """m => {
        const watch = new m.FrozenWatch();
        return [0, 2000, 4000, 6000].map(now => watch.compare(new Uint8ClampedArray([now / 2000, 2, 3, 255]), now));
    }"""
    assert ask("camera/frozen.js", script) == [0, 0, 0, 0]
