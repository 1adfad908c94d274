"""Secrets of an installation that are given in the environment or made once and kept in a file of mode 600."""

import base64
import binascii
import secrets
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

from watchlist import durable

MASTER_KEY_BYTES = 32


def kept_secret(path: Path) -> str:
    """The text in `path`, made on first use. Two processes that start together agree on one value."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        durable.make(path, base64.urlsafe_b64encode(secrets.token_bytes(MASTER_KEY_BYTES)))
    return path.read_text().strip()


def master_key(text: str) -> bytes:
    """The 32 bytes that `text` writes in URL-safe base64."""
    try:
        key = base64.urlsafe_b64decode(text)
    except (ValueError, binascii.Error):
        key = b""
    if len(key) != MASTER_KEY_BYTES:
        raise ImproperlyConfigured(
            "LFR_MASTER_KEY must be 32 bytes in URL-safe base64. Make one with: "
            'python3 -c "import base64, os; print(base64.urlsafe_b64encode(os.urandom(32)).decode())"'
        )
    return key
