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
            <section data-images="/images/"><p data-pending>Being checked</p></section>`;
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
