"""What the vault can open: a sealed value is no excuse for what is in it."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from django.apps import apps
from django.conf import settings

from recognition.leakscan.pieces import Kind, Piece
from watchlist import vault

OPENED = " (opened)"


def opened(pieces: Iterable[Piece]) -> Iterator[Piece]:
    """Those pieces that some key of this installation opens in the place where they were found, in clear."""
    keys = [path.stem for path in sorted(Path(settings.LFR_KEYS_DIR).glob("*.key"))]
    labels = {model._meta.db_table: model._meta.label_lower for model in apps.get_models()}
    for piece in pieces:
        for context in _contexts(piece, labels):
            clear = _opened(piece.data, context, keys)
            if clear is not None:
                yield replace(piece, place=piece.place + OPENED, data=clear)


def _contexts(piece: Piece, labels: dict[str, str]) -> list[str]:
    """What a value in this place may have been bound to: its column and row, or its key without the prefix."""
    match piece.kind:
        case Kind.COLUMN:
            table, column = piece.place.split(".")
            return [f"{labels[table]}.{column}:{piece.where}"] if table in labels else []
        case Kind.KEY | Kind.COMMAND:
            return [piece.where.partition(":")[2]]
    return []


def _opened(sealed: bytes, context: str, keys: list[str]) -> bytes | None:
    if len(sealed) <= vault.NONCE_BYTES:
        return None
    for key in keys:
        try:
            return vault.unseal(sealed, key=key, context=context)
        except vault.VaultError:
            continue
    return None
