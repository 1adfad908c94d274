"""The camera page: what it says before a camera is started, and of a deployment that takes no frames."""

import re
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse

from tests.cast import Cast, make_live
from watchlist.models import Deployment


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
