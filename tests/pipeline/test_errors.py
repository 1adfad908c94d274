"""What the pipeline refuses is told by another process in the same words."""

import pickle

import pytest

from recognition.pipeline.errors import BadFrame, RejectedImage


@pytest.mark.parametrize("kind", [BadFrame, RejectedImage])
def test_a_refusal_can_be_handed_from_one_process_to_another(kind):
    came = pickle.loads(pickle.dumps(kind("too_dark", "The face is too dark.")))
    assert (type(came), came.code, came.message, str(came)) == (kind, "too_dark", *2 * ("The face is too dark.",))
