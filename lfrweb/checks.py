"""Wrong combinations of settings, said by `manage.py check` and at every start."""

from typing import Any

from django.conf import settings
from django.core.checks import Tags, Warning, register

from lfrweb.env import database


@register(Tags.security, deploy=True)
def separate_database_roles(**_: Any) -> list[Warning]:
    if database(settings.LFR_OWNER_URL)["USER"] != settings.LFR_APP_ROLE:
        return []
    return [
        Warning(
            "Web and workers connect to PostgreSQL as the owner of the tables, who could rewrite the audit log.",
            hint="Set DATABASE_OWNER_URL to the role that migrates and DATABASE_URL to a role that owns nothing.",
            id="lfrweb.W001",
        )
    ]
