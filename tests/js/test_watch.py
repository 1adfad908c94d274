"""The big word: watching only once results come, and otherwise the gravest reason."""

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
