"""What is too much to send at once is said before it is sent."""

import pytest

from .conftest import Ask

MB = 1024 * 1024
LIMITS = {"mostFiles": 3, "mostBytes": 12 * MB, "eachBytes": 5 * MB}


@pytest.mark.parametrize(
    ("sizes", "said"),
    [
        ([], ""),
        ([5 * MB, 5 * MB, 2 * MB], ""),
        ([1, 1, 1, 1], "These are 4 files: send at most 3 at a time."),
        ([1, 5 * MB + 1], "file 1 is over 5 MB: choose a smaller image."),
        ([5 * MB, 5 * MB, 2 * MB + 1], "Together these are 13 MB: send at most 12 MB at a time."),
    ],
)
def test_the_limit_that_is_broken_is_named(ask: Ask, sizes: list[int], said: str) -> None:
    files = [{"name": f"file {number}", "size": size} for number, size in enumerate(sizes)]
    assert ask("admin/images.js", "(m, [files, limits]) => m.tooMuch(files, limits)", [files, LIMITS]) == said


FORM = """(m) => {
    document.body.innerHTML = `<form method=post><input type=file multiple
        data-most-files=1 data-most-bytes=1000 data-each-bytes=1000></form>`;
    return import('/js/admin/images.js?again').then(() => {
        const input = document.querySelector("input"), chosen = new DataTransfer();
        for (const name of ["a.jpg", "b.jpg"]) chosen.items.add(new File(["x"], name));
        input.files = chosen.files;
        const sent = input.form.dispatchEvent(new Event("submit", { cancelable: true }));
        return [sent, document.querySelector("[role=alert]").textContent];
    });
}"""


def test_a_form_that_would_be_refused_is_not_sent(ask: Ask) -> None:
    assert ask("admin/images.js", FORM) == [False, "These are 2 files: send at most 1 at a time."]
