"""The list of cameras: a camera first, the footage beside it, and what a person chose stays chosen."""

from playwright.sync_api import Page

from .conftest import Ask

LIST = """async (m, [before, rounds]) => {
    const select = document.createElement("select");
    select.add(new Option("Sample footage", "footage"));
    const seen = [];
    for (const { cameras, choose } of rounds) {
        navigator.mediaDevices.enumerateDevices = async () =>
            cameras.map(id => ({ kind: "videoinput", deviceId: id, label: id.toUpperCase() }));
        await m.listCameras(select, before);
        seen.push([[...select.options].map(option => option.text), select.value]);
        if (choose) select.value = choose;
    }
    return seen;
}"""


def listed(ask: Ask, *rounds: dict, before: str | None = None) -> list:
    return ask("camera/devices.js", LIST, [before, list(rounds)])


def test_a_camera_comes_before_the_footage(ask: Ask) -> None:
    assert listed(ask, {"cameras": ["a", "b"]}) == [[["A", "B", "Sample footage"], "a"]]


def test_the_footage_is_chosen_where_there_is_no_camera(ask: Ask) -> None:
    [[names, chosen]] = listed(ask, {"cameras": []})

    assert (names, chosen) == (["Sample footage", "This machine's camera"], "footage")


def test_a_choice_outlives_another_camera(ask: Ask) -> None:
    rounds = listed(ask, {"cameras": ["a"], "choose": "footage"}, {"cameras": ["a", "b"]})

    assert rounds[-1] == [["A", "B", "Sample footage"], "footage"]


def test_a_camera_that_has_gone_is_no_choice(ask: Ask, empty_page: Page) -> None:
    rounds = listed(ask, {"cameras": ["a", "b"], "choose": "b"}, {"cameras": ["a"]})

    assert rounds[-1] == [["A", "Sample footage"], "a"]


# The machine names its cameras only after the person has chosen.
SLOW = """async m => {
    const select = document.createElement("select");
    select.add(new Option("Sample footage", "footage"));
    let name;
    navigator.mediaDevices.enumerateDevices = () =>
        new Promise(done => { name = () => done([{ kind: "videoinput", deviceId: "a", label: "A" }]); });
    const listing = m.listCameras(select);
    select.dispatchEvent(new Event("change"));
    name();
    await listing;
    return [[...select.options].map(option => option.text), select.value];
}"""


def test_a_choice_made_while_cameras_are_being_named_stays(ask: Ask) -> None:
    assert ask("camera/devices.js", SLOW) == [["A", "Sample footage"], "footage"]


def test_it_begins_with_what_was_chosen_before_the_page_was_loaded(ask: Ask) -> None:
    rounds = listed(ask, {"cameras": ["a", "b"], "choose": "a"}, {"cameras": ["a", "b"]}, before="b")

    assert [chosen for _, chosen in rounds] == ["b", "a"]
    assert listed(ask, {"cameras": ["a"]}, before="gone")[0][1] == "a"
