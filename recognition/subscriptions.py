"""What does this package do when watchlist announces something? After the commit, with the id it is given."""

import logging
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.dispatch import receiver
from kombu.exceptions import OperationalError

from recognition import gallery
from recognition.tasks import check_reference, make_template
from watchlist.signals import deployment_closed, reference_added, templates_asked

logger = logging.getLogger(__name__)


@receiver(deployment_closed)
def _forget_gallery(deployment_id: UUID, **_: Any) -> None:
    """On this machine at once; workers on others notice within seconds, when they look (see `gallery.sweep`)."""
    gallery.forget(deployment_id)


@receiver(reference_added)
def _have_it_checked(reference_id: UUID, **_: Any) -> None:
    try:
        check_reference.delay(str(reference_id))
    except OperationalError:
        # It is stored and stays pending; `recheck_references` queues it again once the broker is back.
        logger.warning("The broker cannot be reached: a reference image waits for its check.")


@receiver(templates_asked)
def _have_them_made(template_ids: Sequence[UUID], **_: Any) -> None:
    try:
        for pk in template_ids:
            make_template.delay(str(pk))
    except OperationalError:
        # They stay asked for; `remake_templates` queues them again once the broker is back.
        logger.warning("The broker cannot be reached: templates wait to be made.")
