"""A log line about an error says where it happened and quotes nothing that was there."""

import json

import pytest

from recognition.faults import describe
from recognition.pipeline.decode import decode
from recognition.pipeline.errors import BadFrame


def test_type_code_and_place_and_not_the_text() -> None:
    with pytest.raises(BadFrame) as caught:
        decode(b"\x01\x02 secret")

    said = describe(caught.value)
    assert said.startswith("BadFrame (not_jpeg) at decode.py:")
    assert "test_faults.py" in said
    assert "JPEG" not in said.replace("not_jpeg", "")


def test_of_other_peoples_code_only_the_innermost_place() -> None:
    with pytest.raises(json.JSONDecodeError) as caught:
        json.loads('{"template": [0.1, 0.2')

    said = describe(caught.value)
    assert said.count("decoder.py") == 1
    assert "test_faults.py" in said
    assert "0.1" not in said


def test_an_error_that_was_never_raised_has_a_type() -> None:
    assert describe(ValueError("0.25, 0.5")) == "ValueError"
