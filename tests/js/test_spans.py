"""Lengths of time are said in the same words by the server and by the page that goes on from there."""

import pytest

from watchlist.templatetags.spans import span

from .conftest import Ask

SECONDS = [-5, 0, 59, 60, 61, 3599, 3600, 7384, 86399, 86400, 200000]


def test_server_and_page_say_the_same(ask: Ask) -> None:
    assert ask("lib/spans.js", "(m, all) => all.map(m.span)", SECONDS) == [span(seconds) for seconds in SECONDS]


@pytest.mark.parametrize(("seconds", "said"), [(0, "00:00"), (65, "01:05"), (3723, "1:02:03")])
def test_the_stopwatch(ask: Ask, seconds: int, said: str) -> None:
    assert ask("lib/spans.js", "(m, seconds) => m.stopwatch(seconds)", seconds) == said
