"""A steward's page says by itself what became of an image, and touches nothing else."""

from playwright.sync_api import Page, Route

from .conftest import Ask


def test_pending_images_are_followed_until_they_are_settled(empty_page: Page, ask: Ask) -> None:
    answers = ["<p data-pending>Being checked</p>", None, "<p>Enrolled</p>"]
    asked: list[str] = []

    def answer(route: Route) -> None:
        asked.append(route.request.url)
        body = answers[len(asked) - 1]
        if body is None:  # signed out, or the server is away for a moment: what stands there stays
            route.fulfill(status=302, headers={"Location": "/login/"})
        else:
            route.fulfill(body=body, content_type="text/html")

    empty_page.clock.install()
    empty_page.route("**/images/", answer)
    empty_page.evaluate("""() => {
        document.body.innerHTML = `<textarea>half a sentence</textarea>
            <section data-follow="/images/"><p data-pending>Being checked</p></section>`;
    }""")
    ask("admin/pending.js", "() => {}")
    seen = []
    for _ in range(5):
        empty_page.clock.run_for(2000)
        empty_page.wait_for_timeout(200)
        seen.append(empty_page.evaluate("document.querySelector('section').textContent"))

    assert seen == ["Being checked", "Being checked", "Enrolled", "Enrolled", "Enrolled"]
    assert len(asked) == 3
    assert empty_page.evaluate("document.querySelector('textarea').value") == "half a sentence"


def test_it_is_followed_for_as_long_as_something_changes(empty_page: Page, ask: Ask) -> None:
    """A long list takes longer than the patience for one image; a worker that stands still is given up."""
    asked: list[str] = []
    moving = 70

    def answer(route: Route) -> None:
        asked.append(route.request.url)
        made = min(len(asked), moving)
        route.fulfill(body=f"<p data-pending>{made} of 500 images enrolled</p>", content_type="text/html")

    empty_page.clock.install()
    empty_page.route("**/enrolment/", answer)
    empty_page.evaluate("""() => {
        document.body.innerHTML = `<section data-follow="/enrolment/"><p data-pending>0 of 500</p></section>`;
    }""")
    ask("admin/pending.js", "() => {}")
    for _ in range(moving + 70):
        empty_page.clock.run_for(2000)
        empty_page.wait_for_timeout(20)

    assert moving + 55 < len(asked) <= moving + 60
    assert empty_page.evaluate("document.querySelector('section').textContent") == f"{moving} of 500 images enrolled"
