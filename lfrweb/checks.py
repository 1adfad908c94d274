"""Wrong combinations of settings, said by `manage.py check` and at every start."""

from typing import Any

from django.conf import settings
from django.core.checks import Error, Tags, Warning, register

from lfrweb.env import database
from recognition.conf import conf
from recognition.packs.errors import PackError
from recognition.packs.registry import find_for_live_use


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


@register(Tags.security, deploy=True)
def proxies_counted(**_: Any) -> list[Warning]:
    if settings.SECURE_PROXY_SSL_HEADER is None or settings.LFR_PROXIES > 0:
        return []
    return [
        Warning(
            "Behind a proxy all clients have its address: who guesses at a password locks its owner out everywhere.",
            hint="Let the proxy add to X-Forwarded-For, and set LFR_PROXIES to the number of proxies that do.",
            id="lfrweb.W002",
        )
    ]


@register()
def pack_may_be_used_live(**_: Any) -> list[Error]:
    try:
        find_for_live_use(conf().pack)
    except PackError as error:
        return [Error(error.message, hint="Change the pack in LFR_RECOGNITION.", id="lfrweb.E001")]
    return []
