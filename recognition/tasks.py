"""Doors for Celery: messages carry ids, results are not kept, and errors are logged without their text."""

import logging
from uuid import UUID

from celery import Task, shared_task
from django.utils import timezone

from recognition import enrolment, reenrolment
from recognition.conf import conf
from recognition.faults import describe
from recognition.services import counting
from recognition.services.frames import handle_frame
from recognition.services.verification import verify_candidate as verify

logger = logging.getLogger(__name__)

STUCK_AFTER = 30  # seconds; Celery ends the process then, and the job's marks in Redis have long expired


@shared_task(expires=conf().job_life, ignore_result=True, time_limit=STUCK_AFTER)
def process_frame(camera_id: str, token: str) -> None:
    try:
        handled = handle_frame(camera_id=UUID(camera_id), token=token)
    except Exception as error:
        logger.error("A frame's job failed: %s", describe(error))
        return
    # The frame has its answer. What cannot be queued is made good by others: the candidate's track hands it on again,
    # and the frame that waits is dropped by its socket.
    for candidate_id in handled.candidates:
        _queue(verify_candidate, candidate_id, str(handled.deployment))
    if handled.another:
        _queue(process_frame, camera_id, token)


def _queue(task: Task, *arguments: str) -> None:
    try:
        task.delay(*arguments)
    except Exception as error:
        logger.error("%s could not be queued: %s", task.name, describe(error))


@shared_task(acks_late=True, reject_on_worker_lost=True, ignore_result=True, time_limit=STUCK_AFTER)
def verify_candidate(candidate_id: str, deployment_id: str) -> None:
    try:
        verify(candidate_id=candidate_id, deployment_id=UUID(deployment_id))
    except Exception as error:
        logger.error("A candidate could not be verified: %s", describe(error))


@shared_task(acks_late=True, reject_on_worker_lost=True, ignore_result=True)
def flush_counters() -> None:
    counting.flush()


@shared_task(acks_late=True, reject_on_worker_lost=True, ignore_result=True, time_limit=STUCK_AFTER)
def check_reference(reference_id: str) -> None:
    try:
        enrolment.check_reference(UUID(reference_id))
    except Exception as error:
        logger.error("A reference image could not be checked, and will be again: %s", describe(error))


@shared_task(acks_late=True, reject_on_worker_lost=True, ignore_result=True)
def recheck_references() -> None:
    for pk in enrolment.give_up_or_list_again(now=timezone.now()):
        check_reference.delay(str(pk))


@shared_task(acks_late=True, reject_on_worker_lost=True, ignore_result=True, time_limit=STUCK_AFTER)
def make_template(template_id: str) -> None:
    try:
        reenrolment.make_template(UUID(template_id))
    except Exception as error:
        logger.error("A template could not be made, and will be tried again: %s", describe(error))


@shared_task(acks_late=True, reject_on_worker_lost=True, ignore_result=True)
def remake_templates() -> None:
    reenrolment.ask_for_the_own_pack()
    for pk in reenrolment.give_up_or_list_again(now=timezone.now()):
        make_template.delay(str(pk))
