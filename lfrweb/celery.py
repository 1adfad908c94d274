"""The Celery application: tasks are found in each package's `tasks.py`."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lfrweb.settings")

app = Celery("lfrweb")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
