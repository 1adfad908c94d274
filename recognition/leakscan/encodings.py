"""Bytes inside bytes: what base64, hexadecimal digits, escapes and compression hide."""

import base64
import re
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass

DEEPEST = 4  # a template in JSON in base64 in a task message in JSON
LONGEST = 64 * 2**20  # bytes of one decoded run: a compression bomb stops here

# The least that could hold a template of 128 half-precision floats.
_LEAST = 256
_BASE64 = re.compile(rb"[A-Za-z0-9+/_-]{%d,}" % (_LEAST * 4 // 3))
_HEX = re.compile(rb"[0-9a-fA-F]{%d,}" % (_LEAST * 2))
_LINE_BREAKS = re.compile(rb"\\r|\\n|[\r\n]")
_ESCAPES = re.compile(rb"\\(?:x|u00)([0-9a-fA-F]{2})|\\([nrt0abfv\\'\"])")
_CONTROL = dict(zip(b"nrt0abfv", b"\n\r\t\0\a\b\f\v", strict=True))
_GZIP, _ZLIB = re.compile(rb"\x1f\x8b\x08"), re.compile(rb"\x78[\x01\x5e\x9c\xda]")
_FROM_URL_SAFE = bytes.maketrans(b"-_", b"+/")


@dataclass(frozen=True, slots=True)
class Layer:
    """Bytes, and what was taken off to get at them."""

    data: bytes
    path: tuple[str, ...] = ()

    def __str__(self) -> str:
        return " > ".join(self.path) or "as it is"


def layers(data: bytes) -> Iterator[Layer]:
    """The bytes themselves, then whatever can be decoded out of them, however nested."""
    waiting = [Layer(data)]
    while waiting:
        layer = waiting.pop()
        yield layer
        if len(layer.path) < DEEPEST:
            for name, decode in _DECODERS.items():
                waiting += [Layer(inner, (*layer.path, name)) for inner in decode(layer.data) if len(inner) >= _LEAST]


def _base64(data: bytes) -> Iterator[bytes]:
    """Every long run of its alphabet, from each of four places: what stands before it may belong to the run."""
    for run in _BASE64.findall(_LINE_BREAKS.sub(b"", data)):
        text = run.translate(_FROM_URL_SAFE)
        for start in range(4):
            yield base64.b64decode(text[start : start + (len(text) - start) // 4 * 4])
            if (len(text) - start) % 4 > 1:  # a padding sign ended the run
                yield base64.b64decode(text[start:] + b"=" * (-(len(text) - start) % 4))


def _hexadecimal(data: bytes) -> Iterator[bytes]:
    for run in _HEX.findall(_LINE_BREAKS.sub(b"", data)):
        for start in range(2):
            yield bytes.fromhex(run[start : start + (len(run) - start) // 2 * 2].decode())


def _escaped(data: bytes) -> Iterator[bytes]:
    r"""As Python and JSON write bytes in a text: \xff, \u00ff, \n."""
    plain, count = _ESCAPES.subn(_unescaped, data)
    if count:
        yield plain


def _unescaped(found: re.Match[bytes]) -> bytes:
    if found[1]:
        return bytes([int(found[1], 16)])
    return bytes([_CONTROL.get(found[2][0], found[2][0])])


def _compressed(data: bytes) -> Iterator[bytes]:
    for magic, window in ((_GZIP, 31), (_ZLIB, 15)):
        for found in magic.finditer(data):
            try:
                yield zlib.decompressobj(window).decompress(memoryview(data)[found.start() :], LONGEST)
            except zlib.error:
                continue


_DECODERS: dict[str, Callable[[bytes], Iterator[bytes]]] = {
    "base64": _base64,
    "hexadecimal": _hexadecimal,
    "escapes": _escaped,
    "compression": _compressed,
}
