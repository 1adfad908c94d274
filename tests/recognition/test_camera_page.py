"""The camera page: what it says before a camera is started, and of a deployment that takes no frames."""

import re
from collections.abc import Callable
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.cast import Cast, camera_of, make_draft, make_live
from watchlist.models import Camera, Deployment
from watchlist.services.cameras import Coverage, camera_connected, camera_disconnected
from watchlist.services.deployments import deployment_close, deployment_pause


def page(client: Client, deployment: Deployment) -> str:
    return unescape(client.get(reverse("camera", args=[deployment.pk])).content.decode())


@pytest.mark.parametrize(("quiet", "said"), [(45, "no second alert within 45 s of being seen"), (0, "play it again.")])
def test_after_the_footage_it_says_why_there_is_no_second_alert(
    client: Client, cast: Cast, quiet: int, said: str
) -> None:
    client.force_login(cast.olga)
    found = re.search(r'data-footage-over="([^"]+)"', page(client, make_live(cast, quiet_seconds=quiet)))

    assert found is not None
    assert said in found[1]


def closed(cast: Cast) -> Deployment:
    live = make_live(cast)
    deployment_close(actor=cast.olga, deployment=live, reason="Done.")
    return live


def paused(cast: Cast) -> Deployment:
    live = make_live(cast)
    deployment_pause(actor=cast.olga, deployment=live, reason="Rain.")
    return live


@pytest.mark.parametrize(
    ("make", "code"), [(make_live, ""), (paused, ""), (make_draft, "not_approved"), (closed, "closed")]
)
def test_start_is_offered_where_frames_are_taken_or_will_be(
    client: Client, cast: Cast, make: Callable[[Cast], Deployment], code: str
) -> None:
    client.force_login(cast.olga)
    deployment = make(cast)
    shown = page(client, deployment)
    fragment = client.get(reverse("camera-standing", args=[deployment.pk])).content.decode()

    assert ("data-start disabled" in shown) is bool(code)
    for part in (shown, fragment):
        assert re.findall('data-shut data-code="(.*?)"', part) == ([code] if code else [])


def test_one_that_was_closed_by_hand_has_not_outlived_its_window(client: Client, cast: Cast) -> None:
    client.force_login(cast.olga)
    early, over = closed(cast), closed(cast)
    Deployment.objects.filter(pk=over.pk).update(closed_at=over.ends_at)

    assert ("ended early, " in page(client, early), "window over" in page(client, early)) == (True, False)
    assert ("ended early, " in page(client, over), "window over" in page(client, over)) == (False, True)


def places(client: Client, deployment: Deployment) -> list[tuple[str, str, str]]:
    """Of each place: from whom it would be taken, whether it is chosen, and its words."""
    url = reverse("camera-places", args=[deployment.pk])
    shown = client.get(url).content.decode()
    assert shown.strip() in client.get(reverse("camera", args=[deployment.pk])).content.decode()
    return re.findall(r'<option [^>]*data-name="\w+"(?: data-used-by="(\w+)")?( selected)?>(.*?)</option>', shown)


def test_a_place_in_use_says_by_whom_and_is_not_the_first_choice(client: Client, cast: Cast) -> None:
    live = make_live(cast)
    south = Camera.objects.create(deployment=live, name="South")
    client.force_login(cast.olga)
    free = places(client, live)
    use = camera_connected(actor=cast.omar, camera=camera_of(live), now=timezone.now())
    taken = places(client, live)
    camera_connected(actor=cast.olga, camera=south, now=timezone.now())
    both = places(client, live)
    camera_disconnected(use=use, coverage=Coverage())

    assert free == [("", " selected", "North"), ("", "", "South")]
    assert taken == [("Omar", "", "North, in use by Omar"), ("", " selected", "South")]
    assert both == [("Omar", "", "North, in use by Omar"), ("", "", "South, in use by you")]
    assert places(client, live)[0] == ("", " selected", "North")
