"""A frame on the wire: what the page writes is what the server's own parser reads."""

import pytest

from recognition.consumers.protocol import parse

from .conftest import Ask

ENCODE = """(m, [sequence, captured, jpeg]) => [...new Uint8Array(
    m.encodeFrame(sequence, captured, new Uint8Array(jpeg).buffer))]"""


@pytest.mark.parametrize("sequence", [0, 1, 2**31, 2**32 - 1])
def test_the_server_reads_what_the_page_writes(ask: Ask, sequence: int) -> None:
    sent = bytes(ask("camera/frame.js", ENCODE, [sequence, 1767225600123.5, [255, 216, 255, 217]]))

    read = parse(sent)

    assert (read.sequence, read.captured_ms, read.jpeg) == (sequence, 1767225600123.5, b"\xff\xd8\xff\xd9")


def test_a_sequence_past_the_last_begins_again(ask: Ask) -> None:
    sent = bytes(ask("camera/frame.js", ENCODE, [2**32, 0, [1]]))

    assert parse(sent).sequence == 0
