"""Every way in which a browser says no to a camera becomes a sentence that says what to do."""

import pytest

from .conftest import Ask

ERRORS = "camera/errors.js"

# The names that the Media Capture and Streams specification gives for getUserMedia.
NAMES = [
    "AbortError",
    "InvalidStateError",
    "NotAllowedError",
    "NotFoundError",
    "NotReadableError",
    "OverconstrainedError",
    "SecurityError",
    "TypeError",
]


def test_each_name_has_a_sentence_of_its_own(ask: Ask) -> None:
    sentences = ask(ERRORS, "(m, names) => names.map(name => m.cameraSentence({ name }))", NAMES)

    assert len(set(sentences)) == len(NAMES)
    assert not any(name in sentence for name, sentence in zip(NAMES, sentences, strict=True))


@pytest.mark.parametrize(
    ("old", "name"),
    [("PermissionDeniedError", "NotAllowedError"), ("TrackStartError", "NotReadableError")],
)
def test_older_browsers_names_mean_the_same(ask: Ask, old: str, name: str) -> None:
    both = ask(ERRORS, "(m, names) => names.map(name => m.cameraSentence({ name }))", [old, name])

    assert both[0] == both[1]


def test_an_unknown_name_is_told_with_something_to_try(ask: Ask) -> None:
    sentence = ask(ERRORS, "m => m.cameraSentence({ name: 'StrangeError' })")

    assert "StrangeError" in sentence
    assert "reload the page" in sentence


def test_an_insecure_page_is_told_how_to_open_it(ask: Ask) -> None:
    assert "https://" in ask(ERRORS, "m => m.cameraObstacle({ isSecureContext: false, navigator: {} })")


def test_a_browser_without_cameras_is_told_which_to_use(ask: Ask) -> None:
    sentence = ask(ERRORS, "m => m.cameraObstacle({ isSecureContext: true, navigator: {} })")

    assert "cannot open cameras" in sentence


def test_nothing_stands_in_the_way_of_this_browser(ask: Ask) -> None:
    assert ask(ERRORS, "m => m.cameraObstacle()") is None
