"""Does an enrolled image become a template of another pack? Made, or kept with the reason why it cannot be.

May run twice, or be cut short anywhere: a template leaves the state in which it is asked for once, in one transaction,
and what a lost worker left asked for is queued again.
"""

import datetime as dt
import logging
from uuid import UUID

from recognition.engine import default_pack, engine_of
from recognition.enrolment import GIVEN_UP_AFTER, QUEUED_AGAIN_AFTER
from recognition.pipeline.enrol import assess_reference
from recognition.pipeline.errors import RejectedImage
from watchlist.errors import Refused, StaleState
from watchlist.models import ReferenceState, Template, TemplateState
from watchlist.services.templates import (
    template_failed,
    template_made,
    templates_ask_missing,
    templates_drop_orphaned,
)
from watchlist.services.uploads import reference_upload

logger = logging.getLogger(__name__)


def make_template(template_id: UUID) -> None:
    """Makes what is asked for, with the checks of an upload; does nothing to one that is gone or has been dealt with.

    Raises PackError where this worker cannot load the pack: another one may, or this one later.
    """
    asked = Template.objects.filter(state=TemplateState.ASKED, reference__state=ReferenceState.ENROLLED)
    template = asked.select_related("reference").filter(pk=template_id).first()
    if template is None:
        return
    try:
        _decide(template)
    except StaleState:
        return  # withdrawn, or made by another worker, while this one was looking


def _decide(template: Template) -> None:
    try:
        enrolment = assess_reference(engine_of(template.pack), reference_upload(template.reference))
    except (RejectedImage, Refused) as error:
        template_failed(template=template, code=error.code, reason=error.message)
        return
    template_made(template=template, vector=enrolment.template.astype("<f4").tobytes())


def ask_for_the_own_pack() -> None:
    """Every enrolled image has a template of the installation's own pack, or will: an update may bring another."""
    if asked := templates_ask_missing(pack=default_pack().identifier):
        logger.info("%s images enrolled before get a template of the installation's own pack.", asked)


def give_up_or_list_again(*, now: dt.datetime) -> list[UUID]:
    """Templates asked for too long ago for a queued task: keeps the hopeless as failed, returns the others' ids."""
    templates_drop_orphaned()
    waiting = Template.objects.filter(state=TemplateState.ASKED, asked_at__lte=now - QUEUED_AGAIN_AFTER)
    again = []
    for template in waiting.only("id", "state", "pack", "reference", "asked_at").order_by("asked_at"):
        if template.asked_at > now - GIVEN_UP_AFTER:
            again.append(template.pk)
            continue
        try:
            template_failed(
                template=template,
                code="not_made",
                reason="No worker could do it in six hours; whoever runs the server finds out why in its log.",
            )
        except StaleState:
            continue  # made at the last moment
    return again
