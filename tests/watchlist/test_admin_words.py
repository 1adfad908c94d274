"""The same thing is called and written the same everywhere in the admin, and as on the pages."""

import re
from typing import Any

import pytest
from django.urls import reverse
from django.utils.timezone import localtime

from tests.cast import Cast, browser, make_draft, make_subject


def page(name: str, *args: Any) -> str:
    return reverse(f"admin:watchlist_{name}", args=args)


@pytest.mark.parametrize("name", ["ada", "sam", "audrey", "adam"])
def test_the_sidebar_calls_a_list_as_the_list_calls_itself(name: str, cast: Cast) -> None:
    client = browser(getattr(cast, name))
    for group in client.get(reverse("admin:index")).context["sidebar_navigation"]:
        for item in group["items"]:
            content = client.get(item["link"]).content.decode()
            way = re.search(r"<h1[^>]*>(.*?)</h1>", content, re.DOTALL)
            assert way
            assert re.findall(r"<a[^>]*>\s*([^<]*?)\s*</a>", way[1])[1] == item["title"]


def test_times_are_of_24_hours_with_their_zone(cast: Cast) -> None:
    deployment = make_draft(cast)
    content = browser(cast.adam).get(page("deployment_change", deployment.pk)).content.decode()
    assert f"{localtime(deployment.applied_at):%-d %b %Y, %H:%M} UTC" in content
    assert not re.search(r"\d [ap]\.m\.", content)


def test_a_row_says_what_it_is_once(cast: Cast) -> None:
    deployment = make_draft(cast)
    content = browser(cast.sam).get(page("deployment_change", deployment.pk)).content.decode()
    assert "olga: Operator at" not in content
    assert len(re.findall(r">\s*North\s*<", content)) == 1


def test_the_record_names_deployments_and_finds_them_by_id(cast: Cast) -> None:
    deployment = make_draft(cast, name="Saturday market")
    client = browser(cast.audrey)
    listed = client.get(page("auditentry_changelist"), {"q": str(deployment.pk)})
    rows = listed.content.decode().partition("<tbody")[2].partition("</table>")[0]
    assert "Saturday market" in rows
    assert not re.search(rf">\s*{deployment.pk}", rows)
    entry = listed.context["cl"].result_list[0]
    assert "Saturday market" in client.get(page("auditentry_change", entry.pk)).content.decode()


def test_the_button_that_chooses_files_looks_like_one(cast: Cast) -> None:
    content = browser(cast.sam).get(page("subject_add_images", make_subject(cast).pk)).content.decode()
    assert re.search(r'<link href="[^"]*css/admin/files[^"]*" media="all" rel="stylesheet">', content)


def test_lists_are_read_whole_on_a_phone(cast: Cast) -> None:
    make_subject(cast)
    content = browser(cast.sam).get(page("subject_changelist")).content.decode()
    assert re.search(r'<link [^>]*href="[^"]*css/admin/lists[^"]*"', content)
    assert 'id="result_list"' in content, "what the rules are written for"
