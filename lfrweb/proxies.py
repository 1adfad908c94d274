"""Which client does a request come from, where proxies stand between?

The one place that reads `X-Forwarded-For`: whatever locks or slows a client afterwards goes by its address alone.
"""

from collections.abc import Awaitable, Callable
from ipaddress import ip_address
from typing import Any

Scope = dict[str, Any]

FORWARDED_FOR = b"x-forwarded-for"


class ClientBehindProxies:
    """Each of `proxies` adds the address it heard from to the header's end; what stands before those may be made up.

    So Daphne's --proxy-headers, which believes the header's beginning, is not for us.
    """

    def __init__(self, inner: Callable[..., Awaitable[None]], *, proxies: int) -> None:
        self.inner = inner
        self.proxies = proxies

    async def __call__(self, scope: Scope, receive: Any, send: Any) -> None:
        address = _added_last(scope, self.proxies) if self.proxies > 0 else None
        await self.inner(dict(scope, client=[address, 0]) if address else scope, receive, send)


def _added_last(scope: Scope, number: int) -> str | None:
    """The address that stands `number` from the end; None where a proxy was passed by, or wrote something else."""
    headers = b",".join(value for name, value in scope["headers"] if name == FORWARDED_FOR)
    addresses = headers.decode("latin-1").split(",")
    if len(addresses) < number:
        return None
    try:
        return str(ip_address(addresses[-number].strip()))
    except ValueError:
        return None
