"""Frames per second and latencies, as they are shown."""

from .conftest import Ask

FIGURES = "camera/figures.js"


def test_nothing_is_claimed_before_the_first_result(ask: Ask) -> None:
    summary = ask(FIGURES, "m => new m.Figures().summary(0)")

    assert (summary["fps"], summary["p50"], summary["p95"]) == (0, None, None)


def test_percentiles_are_those_of_the_nearest_rank(ask: Ask) -> None:
    script = """m => {
        const hundred = Array.from({ length: 100 }, (_, at) => at + 1);
        return [m.percentile(hundred, 0.5), m.percentile(hundred, 0.95), m.percentile([7], 0.95)];
    }"""
    assert ask(FIGURES, script) == [50, 95, 7]


def test_frames_per_second_are_those_of_the_last_five_seconds(ask: Ask) -> None:
    script = """m => {
        const figures = new m.Figures();
        for (let at = 0; at < 100; at++) figures.result(at * 100, at * 100 - 40);
        const now = figures.summary(9900);
        return [now.fps, now.p50, figures.summary(60000).fps];
    }"""
    assert ask(FIGURES, script) == [10, 40, 0]
