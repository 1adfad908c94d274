"""The pages about permissions, the record and packs say what the code does."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from recognition.packs.listing import file_table, recogniser_table
from watchlist.permissions import permission_table
from watchlist.verifier import DETAILS_DESTROYED

ROOT = Path(__file__).resolve().parents[2]
RECORDED = re.compile(r'record(?:_terms)?\(\s*"([a-z_]+\.[a-z_]+)"')


def test_the_page_on_permissions_shows_the_table() -> None:
    page = (ROOT / "docs/permissions.md").read_text()
    shown = page.partition("<!-- permission_table() -->\n")[2].partition("<!-- end -->")[0]
    assert shown == permission_table(), f"Put this into docs/permissions.md:\n{permission_table()}"


def test_the_page_on_the_record_names_every_action_and_no_other() -> None:
    sources = [path for package in ("lfrweb", "recognition", "watchlist") for path in (ROOT / package).rglob("*.py")]
    recorded = {action for path in sources for action in RECORDED.findall(path.read_text())} | {DETAILS_DESTROYED}
    table = (ROOT / "docs/record.md").read_text().partition("| action |")[2].partition("\n\n")[0]
    named = {action for row in table.splitlines() for action in re.findall(r"`([a-z_]+\.[a-z_]+)`", row.split("|")[1])}
    assert named == recorded


@pytest.mark.parametrize("table", [recogniser_table, file_table], ids=lambda table: table.__name__)
def test_the_page_on_packs_shows_the_registry(table: Callable[[], str]) -> None:
    page = (ROOT / "docs/packs.md").read_text()
    shown = page.partition(f"<!-- {table.__name__}() -->\n")[2].partition("<!-- end -->")[0]
    assert shown == table(), f"Put this into docs/packs.md:\n{table()}"
