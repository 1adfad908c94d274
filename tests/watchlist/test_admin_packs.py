"""The pack on a deployment's form, how far its list is enrolled with it, and what a steward does about the rest."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.cast import PACK, Cast, browser, make_draft, make_listed_subject, make_live, make_template_of
from tests.second_pack import calibrate_second
from tests.watchlist.test_admin_deployments import an_application, submit
from watchlist.models import Deployment, Subject, Template
from watchlist.services.deployments import deployment_close, deployment_update
from watchlist.services.lists import list_add
from watchlist.services.templates import template_failed

REASON = "No face was found. Upload a picture in which the face is seen from the front, uncovered."


def page(name: str, pk: Any) -> str:
    return reverse(f"admin:watchlist_deployment_{name}", args=[pk])


def text(client: Client, url: str) -> str:
    return client.get(url).content.decode()


@pytest.fixture
def subjects(cast: Cast) -> list[Subject]:
    return [make_listed_subject(cast) for _ in range(3)]


@pytest.fixture
def under_way(cast: Cast, subjects: list[Subject], second_pack: str) -> Deployment:
    """One of three images is enrolled with the second pack, one cannot be, one waits."""
    draft = make_draft(cast)
    for subject in subjects:
        list_add(actor=cast.sam, deployment=draft, subject=subject)
    deployment_update(actor=cast.sam, deployment=draft, pack=second_pack)
    make_template_of(subjects[0].references.get(), second_pack)
    failing = Template.objects.get(reference__subject=subjects[1], pack=second_pack)
    template_failed(template=failing, code="no_face", reason=REASON)
    draft.refresh_from_db()
    return draft


def test_the_form_offers_the_installed_packs_with_what_they_are_good_for(cast: Cast, second_pack: str) -> None:
    calibrate_second()
    shown = text(browser(cast.sam), reverse("admin:watchlist_deployment_add"))
    assert shown.index(f'<option value="{PACK}">{PACK}</option>') < shown.index(f'<option value="{second_pack}">')
    assert f'<option value="{second_pack}">{second_pack}</option>' in shown
    assert "everybody's images on the list are enrolled anew" in shown
    assert f"{PACK}: For demonstrations and short lists." in shown
    assert "no calibration" not in shown
    assert {f'data-guide-of="{pack}"' in shown for pack in (PACK, second_pack)} == {True}


def test_of_a_pack_without_a_calibration_it_says_what_that_means(cast: Cast, uncalibrated_pack: str) -> None:
    shown = text(browser(cast.sam), reverse("admin:watchlist_deployment_add"))
    assert f'<option value="{uncalibrated_pack}">{uncalibrated_pack} (no calibration yet)</option>' in shown
    assert "cannot be approved before whoever runs the server has measured one with `manage.py calibrate`" in shown
    assert "this pack has no calibration that could speak for a list" in shown


def test_a_steward_chooses_another_pack(cast: Cast, subjects: list[Subject], second_pack: str) -> None:
    draft = make_draft(cast)
    list_add(actor=cast.sam, deployment=draft, subject=subjects[0])
    client = browser(cast.sam)
    submit(client, page("change", draft.pk), an_application(pack=second_pack))
    assert Deployment.objects.get(pk=draft.pk).pack == second_pack
    shown = text(client, page("change", draft.pk))
    assert f'<option value="{second_pack}" selected>' in shown
    assert "0 of 1 images enrolled with second-1. 1 is being enrolled; this line follows by itself." in shown


def test_a_pack_that_is_no_longer_offered_stays_chosen_and_is_refused_by_name(cast: Cast) -> None:
    draft = make_draft(cast)
    Deployment.objects.filter(pk=draft.pk).update(pack="gone-1")
    client = browser(cast.sam)
    assert '<option value="gone-1" selected>gone-1 (no longer offered)</option>' in text(
        client, page("change", draft.pk)
    )
    answer = submit(client, page("change", draft.pk), an_application(pack="gone-1"))
    assert "The pack gone-1 is not to be had here: choose another." in answer.content.decode()


def test_the_page_says_how_far_it_is_and_fetches_that_alone(cast: Cast, under_way: Deployment) -> None:
    client = browser(cast.sam)
    url = page("enrolment", under_way.pk)
    whole, part = text(client, page("change", under_way.pk)), text(client, url)
    assert f'data-follow="{url}"' in whole
    assert "js/admin/pending.js" in whole
    for shown in (whole, part):
        assert "1 of 3 images enrolled with second-1; 1 could not be. 1 is being enrolled" in shown
        assert f"Not enrolled with second-1, 1: {REASON}" in shown
        assert "data-pending" in shown
    assert "<html" not in part
    assert "no-store" in client.get(url)["Cache-Control"]

    make_template_of(Template.objects.get(state="asked").reference, under_way.pack)
    assert "data-pending" not in text(client, url)
    assert "2 of 3 images enrolled with second-1; 1 could not be." in text(client, url)


def test_its_failures_lead_to_the_images_for_whoever_may_open_them(
    cast: Cast, under_way: Deployment, subjects: list[Subject]
) -> None:
    link = reverse("admin:watchlist_referenceimage_change", args=[subjects[1].references.get().pk])
    retry = page("retry", under_way.pk)
    shown = {name: text(browser(getattr(cast, name)), page("enrolment", under_way.pk)) for name in ("sam", "ada")}
    assert {name: (link in each, retry in each) for name, each in shown.items()} == {
        "sam": (True, True),
        "ada": (False, False),
    }
    assert "second-1 (could not be made: No face was found." in text(browser(cast.sam), link)


def test_a_steward_has_them_tried_again(cast: Cast, under_way: Deployment) -> None:
    answer = browser(cast.sam).post(page("retry", under_way.pk), follow=True).content.decode()
    assert "They are tried again." in answer
    assert "1 of 3 images enrolled with second-1. 2 are being enrolled" in answer
    assert Template.objects.filter(pack=under_way.pack, state="failed").count() == 0


@pytest.mark.parametrize(
    ("name", "status"), [("sam", 200), ("ada", 200), ("olga", 302), ("audrey", 200), ("adam", 200), ("nell", 302)]
)
def test_who_may_read_how_far_it_is(name: str, status: int, cast: Cast, under_way: Deployment) -> None:
    client = browser(getattr(cast, name))
    assert client.get(page("enrolment", under_way.pk)).status_code == status
    assert client.get(page("retry", under_way.pk)).status_code == {"sam": 200, "olga": 302, "nell": 302}.get(name, 403)


def test_a_deployment_that_has_ended_is_enrolled_no_further(cast: Cast) -> None:
    live = make_live(cast)
    deployment_close(actor=cast.olga, deployment=live, reason="Over.")
    client = browser(cast.sam)
    assert "data-follow" not in text(client, page("change", live.pk))
    assert "enrolled with" not in text(client, page("enrolment", live.pk))


def test_whoever_approves_and_the_team_read_the_pack(cast: Cast, under_way: Deployment) -> None:
    assert "second-1. 1 of 3 images enrolled with second-1; 1 could not be." in text(
        browser(cast.ada), page("approve", under_way.pk)
    )
    answer = browser(cast.ada).post(page("approve", under_way.pk), {"terms": _terms(under_way)})
    assert "Images on the list that are not enrolled with second-1: 2 of 3." in answer.content.decode()
    assert "second-1" in text(browser(cast.olga), reverse("deployment", args=[under_way.pk]))


def _terms(deployment: Deployment) -> str:
    from watchlist.selectors.terms import terms_digest

    return terms_digest(Deployment.objects.get(pk=deployment.pk))


def test_the_api_says_it_in_numbers_and_in_words(cast: Cast, under_way: Deployment) -> None:
    answer = browser(cast.sam).get(reverse("api:deployment", args=[under_way.pk])).json()
    assert answer["pack"] == "second-1"
    assert answer["enrolment"] == {
        "text": "1 of 3 images enrolled with second-1; 1 could not be.",
        "images": 3,
        "made": 1,
        "waiting": 1,
        "failures": [{"reason": REASON, "images": 1}],
    }
