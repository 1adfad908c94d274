"""What cannot be told to the pages has happened all the same: the person who did it gets no error for it."""

import logging

from watchlist.events import publish
from watchlist.models import Deployment, DeploymentState
from watchlist.services.deployments import deployment_pause


def nowhere(settings) -> None:
    layer = settings.CHANNEL_LAYERS["default"]
    hosts = ["unix:///nowhere/redis.sock"]
    settings.CHANNEL_LAYERS = {"default": layer | {"CONFIG": layer["CONFIG"] | {"hosts": hosts}}}


def test_a_failure_to_tell_is_logged_and_not_raised(committed_db, settings, caplog):
    nowhere(settings)
    with caplog.at_level(logging.ERROR):
        publish("0" * 32, "deployment.changed", state="live")
    assert "publish" in caplog.text


def test_what_was_done_stands(committed_db, settings):
    from tests.cast import make_cast, make_live

    cast = make_cast()
    deployment = make_live(cast)
    nowhere(settings)
    deployment_pause(actor=cast.olga, deployment=deployment, reason="Rain.")
    assert Deployment.objects.get(pk=deployment.pk).state == DeploymentState.PAUSED
