"""The big word: watching only once results come, and otherwise the gravest reason."""

import pytest

from .conftest import Ask

WATCH = "camera/watch.js"


def test_it_is_not_watching_before_the_first_result(ask: Ask) -> None:
    script = """m => {
        const watch = new m.Watch(() => {});
        const words = [watch.verdict().word];
        watch.begin(); words.push(watch.verdict().word);
        watch.result(); words.push(watch.verdict().word);
        watch.end(); words.push(watch.verdict().word);
        return words;
    }"""
    assert ask(WATCH, script) == ["Not watching", "Starting", "Watching", "Not watching"]


@pytest.mark.parametrize(
    ("code", "word"),
    [
        ("paused", "Paused"),
        ("not_approved", "Not approved"),
        ("not_started", "Not started"),
        ("before_window", "Not open yet"),
        ("after_window", "Window over"),
        ("closed", "Closed"),
    ],
)
def test_the_word_is_how_the_deployment_stands(ask: Ask, code: str, word: str) -> None:
    script = """(m, code) => {
        const watch = new m.Watch(() => {});
        watch.begin(); watch.set("refused", "Why.", code);
        const running = watch.verdict();
        watch.end(); watch.shut("Why.", code);
        const off = watch.verdict();
        watch.shut(null);
        return [running, off, watch.verdict()];
    }"""
    assert ask(WATCH, script, code) == [
        {"state": "paused", "word": word, "why": "Why."},
        {"state": "off", "word": word, "why": "Why."},
        {"state": "off", "word": "Not watching", "why": ""},
    ]


def test_the_gravest_reason_is_said_and_goes_away_with_its_cause(ask: Ask) -> None:
    script = """m => {
        const watch = new m.Watch(() => {});
        const said = [];
        const look = () => said.push(`${watch.verdict().word}: ${watch.verdict().why}`);
        watch.begin(); watch.result();
        watch.set("frozen", "still"); look();
        watch.set("connection", "lost"); look();
        watch.set("connection", null); look();
        watch.set("frozen", null); look();
        return said;
    }"""
    assert ask(WATCH, script) == ["Paused: still", "Paused: lost", "Paused: still", "Watching: "]
