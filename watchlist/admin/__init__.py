"""Django admin over the services: what a role may see, and forms that each call one service."""

from django.contrib import admin
from django.contrib.auth.models import Group

from watchlist.admin import audit, deployment, record, reference, resemblance, subject, user

__all__ = ["audit", "deployment", "record", "reference", "resemblance", "subject", "user"]

# Rights come from the role table alone: a group would promise what it cannot give.
admin.site.unregister(Group)

admin.site.index_title = "What is waiting"
