"""At most two frames are unfinished, and none for longer than 2 s."""

from .conftest import Ask

PACE = "camera/pace.js"


def test_two_frames_may_be_unfinished_and_no_third(ask: Ask) -> None:
    script = """m => {
        const pace = new m.Pace();
        const ready = [];
        for (const sequence of [1, 2, 3]) {
            ready.push(pace.ready(sequence));
            if (ready.at(-1)) pace.sent(sequence, sequence);
        }
        return ready;
    }"""
    assert ask(PACE, script) == [True, True, False]


def test_a_finished_frame_makes_room(ask: Ask) -> None:
    script = """m => {
        const pace = new m.Pace();
        pace.sent(1, 0); pace.sent(2, 0);
        return [pace.ready(1), pace.finished(1), pace.ready(1), pace.finished(1)];
    }"""
    assert ask(PACE, script) == [False, True, True, False]


def test_a_frame_is_given_up_after_two_seconds_and_counted(ask: Ask) -> None:
    script = """m => {
        const pace = new m.Pace();
        pace.sent(1, 0); pace.sent(2, 500);
        return [pace.ready(1999), pace.ready(2000), pace.givenUp, pace.finished(1), pace.unfinished];
    }"""
    assert ask(PACE, script) == [False, True, 1, False, 1]


def test_frames_are_spaced(ask: Ask) -> None:
    script = """m => {
        const pace = new m.Pace(80);
        pace.sent(1, 1000); pace.finished(1);
        return [pace.ready(1079), pace.ready(1080)];
    }"""
    assert ask(PACE, script) == [False, True]


def test_a_lost_connection_frees_both_places(ask: Ask) -> None:
    script = """m => {
        const pace = new m.Pace();
        pace.sent(1, 0); pace.sent(2, 0);
        pace.forget();
        return [pace.ready(1), pace.givenUp];
    }"""
    assert ask(PACE, script) == [True, 2]
