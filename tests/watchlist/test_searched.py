"""Whoever is on a list and cannot be searched for is told of at once, and shown on the deployment's page."""

import pytest
from django.urls import reverse

from tests.cast import (
    Cast,
    browser,
    make_draft,
    make_listed_subject,
    make_pending,
    make_reference,
    make_subject,
    make_template_of,
)
from watchlist.models import Deployment, Resemblance, Subject
from watchlist.selectors.gallery import gallery_size
from watchlist.selectors.searched import Awaited, awaited_by
from watchlist.services.deployments import deployment_close
from watchlist.services.lists import list_add
from watchlist.services.references import Resembling, resemblance_answer


def page(name: str, *args: object) -> str:
    return reverse(f"admin:watchlist_{name}", args=args)


def with_image(cast: Cast) -> Subject:
    return make_listed_subject(cast)


def without_image(cast: Cast) -> Subject:
    return make_subject(cast)


def being_checked(cast: Cast) -> Subject:
    return make_pending(cast, make_subject(cast)).subject


def held_back(cast: Cast) -> Subject:
    like = make_listed_subject(cast).references.get()
    warning = [Resembling(like.pk, Resemblance.Kind.SAME_FACE, 0.97)]
    return make_reference(cast, make_subject(cast), resemblances=warning).subject


def held_back_in_part(cast: Cast) -> Subject:
    subject = held_back(cast)
    make_reference(cast, subject)
    return subject


@pytest.mark.parametrize(
    ("make", "until"),
    [
        (with_image, ""),
        (held_back_in_part, ""),
        (without_image, "until an image is enrolled"),
        (being_checked, "until an image has passed its check"),
        (held_back, "until the warning about each image is answered"),
    ],
)
def test_adding_somebody_says_whether_they_can_be_searched_for(make: object, until: str, cast: Cast) -> None:
    draft, subject = make_draft(cast), make(cast)  # type: ignore[operator]
    client = browser(cast.sam)
    shown = client.post(page("deployment_add_entry", draft.pk), {"subject": subject.pk}, follow=True).content.decode()
    assert "The list is one longer." in shown
    assert ("This person cannot be searched for" in shown) == bool(until) == (not gallery_size(draft.pk))
    assert (f"Not {until}" if until else "Yes") in shown
    assert until in shown


def test_the_page_says_so_until_it_is_settled(cast: Cast) -> None:
    draft, subject = make_draft(cast), held_back(cast)
    list_add(actor=cast.sam, deployment=draft, subject=subject)
    client, url = browser(cast.ada), page("deployment_change", draft.pk)
    assert "Not until the warning about each image is answered" in client.get(url).content.decode()
    warning = Resemblance.objects.get()
    resemblance_answer(actor=cast.sam, resemblance=warning, answer="two_people", reason="Brothers.")
    assert "Not until" not in client.get(url).content.decode()
    assert "Searched for" in client.get(url).content.decode()
    deployment_close(actor=cast.ada, deployment=draft, reason="Not needed.")
    assert "Searched for" not in client.get(url).content.decode()


def test_somebody_enrolled_with_another_pack_alone_is_not_searched_for_yet(cast: Cast) -> None:
    draft, subject = make_draft(cast), with_image(cast)
    Deployment.objects.filter(pk=draft.pk).update(pack="third-1")
    entry = list_add(actor=cast.sam, deployment=draft, subject=subject)
    assert (awaited_by(entry), gallery_size(draft.pk)) == (Awaited.TEMPLATE, 0)
    make_template_of(subject.references.get(), "third-1")
    assert (awaited_by(entry), gallery_size(draft.pk)) == (Awaited.NOTHING, 1)
