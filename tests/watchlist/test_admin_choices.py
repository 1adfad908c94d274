"""What is chosen in the admin is chosen by a person: every list of choices begins with none of them."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse

from tests.cast import Cast, browser, make_draft, make_reference, make_subject
from watchlist.models import Resemblance
from watchlist.services.references import Resembling

SELECT = re.compile(r'<select name="([^"]+)"[^>]*>(.*?)</select>', re.DOTALL)
OPTION = re.compile(r'<option value="([^"]*)"( selected)?>')


def page(name: str, *args: Any) -> str:
    return reverse(f"admin:watchlist_{name}", args=args)


def a_warning(cast: Cast) -> Resemblance:
    found = [Resembling(make_reference(cast, make_subject(cast)).pk, Resemblance.Kind.SAME_FACE, 0.97)]
    return Resemblance.objects.get(reference=make_reference(cast, make_subject(cast), resemblances=found))


# Who, at which page, what each list of choices there is for, and what a form sent without it is told.
PAGES: dict[str, tuple[str, Callable[[Cast], str], dict[str, str]]] = {
    "appoint": ("adam", lambda cast: page("user_appoint", cast.nell.pk), {"role": "Choose a role."}),
    "team": (
        "sam",
        lambda cast: page("deployment_add_member", make_draft(cast).pk),
        {"user": "Choose a person.", "role": "Choose a role."},
    ),
    "subject": (
        "sam",
        lambda cast: page("subject_add"),
        {"category": "Choose the category.", "legal_basis": "Choose the legal basis.", "risk": "Choose the risk."},
    ),
    "images": (
        "sam",
        lambda cast: page("subject_add_images", make_subject(cast).pk),
        {"source": "Choose where they are from."},
    ),
    "deployment": (
        "sam",
        lambda cast: page("deployment_add"),
        {"ground": "Choose the ground.", "pack": "Choose the recognition models."},
    ),
    "list": (
        "sam",
        lambda cast: page("deployment_add_entry", make_draft(cast).pk),
        {"subject": "Choose whom to list."},
    ),
    "warning": ("sam", lambda cast: page("resemblance_answer", a_warning(cast).pk), {"answer": "Choose an answer."}),
}


@pytest.mark.parametrize("which", PAGES)
def test_nothing_is_chosen_before_a_person_has_and_a_form_without_it_is_told(which: str, cast: Cast) -> None:
    name, at, told = PAGES[which]
    client, url = browser(getattr(cast, name)), at(cast)
    selects = dict(SELECT.findall(client.get(url).content.decode()))
    assert set(selects) == set(told)
    for options in selects.values():
        assert OPTION.findall(options)[0][0] == ""
        assert [value for value, selected in OPTION.findall(options) if selected and value] == []
    answered = client.post(url)
    assert answered.status_code == 200
    for sentence in told.values():
        assert sentence in answered.content.decode()
