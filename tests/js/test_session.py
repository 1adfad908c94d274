"""Stop stops, also while the camera is still being asked for: what comes later starts nothing and says nothing."""

import json
from typing import Any

import pytest
from playwright.sync_api import Page

from .conftest import Ask

# A camera that is not there before `allow` or `deny` is called.
ASKED = """async m => {
    const { Watch } = await import("/js/camera/watch.js");
    const picture = document.createElement("canvas");
    const context = picture.getContext("2d");
    setInterval(() => context.fillRect(0, 0, picture.width, picture.height), 50);
    const stream = picture.captureStream();
    navigator.mediaDevices.getUserMedia = () =>
        new Promise((allow, deny) => {
            window.allow = () => allow(stream);
            window.deny = () => deny(new DOMException("", "NotAllowedError"));
        });
    window.watch = new Watch(() => {});
    window.track = stream.getTracks()[0];
    window.session = new m.Session({
        canvas: document.createElement("canvas"), socketPath: "/ws/", footageUrl: "", watch, told: {},
    });
    window.starting = session.start({ device: "a", width: 640 }, "/js/lib/heartbeat.js").catch(() => {});
}"""


def test_a_camera_that_is_allowed_after_stop_is_let_go_and_not_streamed(empty_page: Page, ask: Ask) -> None:
    sockets: list[object] = []
    empty_page.route_web_socket("**/ws/", lambda socket: sockets.append(socket))
    ask("camera/session.js", ASKED)
    empty_page.evaluate("session.stop(); allow(); starting")
    empty_page.wait_for_timeout(300)

    assert empty_page.evaluate("[track.readyState, watch.verdict().word]") == ["ended", "Not watching"]
    assert (sockets, empty_page.workers) == ([], [])


def test_one_that_is_allowed_before_stop_is_streamed(empty_page: Page, ask: Ask) -> None:
    sockets: list[object] = []
    empty_page.route_web_socket("**/ws/", lambda socket: sockets.append(socket))
    ask("camera/session.js", ASKED)
    empty_page.evaluate("allow(); starting")
    empty_page.wait_for_timeout(300)

    assert (empty_page.evaluate("track.readyState"), len(sockets), len(empty_page.workers)) == ("live", 1, 1)


def test_a_no_after_stop_changes_nothing_that_stands_there(empty_page: Page, ask: Ask) -> None:
    ask("camera/session.js", ASKED)
    empty_page.evaluate("session.stop(); watch.begin(); deny(); starting")

    assert empty_page.evaluate("watch.verdict()") == {"state": "starting", "word": "Starting", "why": ""}


def test_a_password_changed_in_another_tab_does_not_end_it(empty_page: Page, ask: Ask) -> None:
    sockets: list[Any] = []

    def answer(socket: Any) -> None:
        sockets.append(socket)
        socket.send('{"type": "hello", "server_ms": 0}')
        if len(sockets) == 1:
            socket.send('{"type": "refused", "seq": null, "message": "Sign in first."}')
            socket.close(code=4401)
        else:
            socket.send('{"type": "status", "message": ""}')

    empty_page.route_web_socket("**/ws/", answer)
    ask("camera/session.js", ASKED.replace("told: {}", "told: { status() {} }"))
    empty_page.evaluate("allow(); starting")
    empty_page.wait_for_timeout(1500)

    assert (empty_page.evaluate("[track.readyState, watch.verdict().word]"), len(sockets)) == (["live", "Starting"], 2)


@pytest.mark.parametrize("type", ["status", "refused"])
def test_the_servers_code_gives_the_word(empty_page: Page, ask: Ask, type: str) -> None:
    message = {"type": type, "state": "closed", "code": "closed", "seq": None, "message": "It is closed."}
    empty_page.route_web_socket("**/ws/", lambda socket: socket.send(json.dumps(message)))
    ask("camera/session.js", ASKED.replace("told: {}", "told: { status() {} }"))
    empty_page.evaluate("allow(); starting")
    empty_page.wait_for_timeout(300)

    assert empty_page.evaluate("watch.verdict()") == {"state": "paused", "word": "Closed", "why": "It is closed."}


# A second of footage, made on the spot.
FOOTAGE = """async m => {
    const { Watch } = await import("/js/camera/watch.js");
    const picture = document.createElement("canvas");
    const context = picture.getContext("2d");
    const drawing = setInterval(() => context.fillRect(0, 0, picture.width, picture.height), 50);
    const recorder = new MediaRecorder(picture.captureStream(), { mimeType: "video/webm" });
    const parts = [];
    recorder.ondataavailable = (event) => parts.push(event.data);
    recorder.start();
    await new Promise((done) => setTimeout(done, 1000));
    recorder.stop();
    await new Promise((done) => (recorder.onstop = done));
    clearInterval(drawing);
    window.watch = new Watch(() => {});
    const session = new m.Session({
        canvas: document.createElement("canvas"), socketPath: "/ws/", footageUrl: URL.createObjectURL(new Blob(parts)),
        footageOver: "Played; no second alert for a while.", watch, told: {},
    });
    await session.start({ device: "footage", width: 640 }, "/js/lib/heartbeat.js");
}"""


def test_after_the_footage_it_says_what_the_page_gave_it_to_say(empty_page: Page, ask: Ask) -> None:
    empty_page.route_web_socket("**/ws/", lambda socket: None)
    ask("camera/session.js", FOOTAGE)
    empty_page.wait_for_function("watch.verdict().state === 'off'", timeout=15_000)

    assert empty_page.evaluate("watch.verdict().why") == "Played; no second alert for a while."
