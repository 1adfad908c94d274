"""Doors for Celery: what the clock asks of the watch-list. Each may run twice, or late, without harm."""

from celery import shared_task
from django.utils import timezone

from watchlist.services.alerts import alerts_expire
from watchlist.services.cameras import cameras_end_lost
from watchlist.services.deployments import deployments_close_due
from watchlist.services.lists import lists_expire


@shared_task(acks_late=True, reject_on_worker_lost=True, ignore_result=True)
def expire_alerts() -> None:
    alerts_expire(now=timezone.now())


@shared_task(acks_late=True, reject_on_worker_lost=True, ignore_result=True)
def close_due_deployments() -> None:
    deployments_close_due(now=timezone.now())


@shared_task(acks_late=True, reject_on_worker_lost=True, ignore_result=True)
def expire_lists() -> None:
    lists_expire(now=timezone.now())


@shared_task(acks_late=True, reject_on_worker_lost=True, ignore_result=True)
def end_lost_cameras() -> None:
    cameras_end_lost(now=timezone.now())
