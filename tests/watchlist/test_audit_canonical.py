"""The text over which an entry is hashed: one for each value, and for nothing else."""

import datetime as dt
import json
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watchlist.chain import canonical

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(value=st.dictionaries(st.text(), JSON, max_size=4))
def test_canonical_text_is_one_line_that_means_the_value(value: dict) -> None:
    text = canonical(value)
    assert "\n" not in text
    assert json.loads(text) == value
    assert canonical(json.loads(text)) == text


def test_ids_and_times_have_one_text() -> None:
    at = dt.datetime(2026, 11, 23, 9, 30, tzinfo=dt.UTC)
    assert canonical({"b": at, "a": UUID(int=1)}) == (
        '{"a":"00000000-0000-0000-0000-000000000001","b":"2026-11-23T09:30:00+00:00"}'
    )


@pytest.mark.parametrize("value", [b"bytes", {1, 2}, float("nan"), float("inf"), object()])
def test_what_has_no_such_text_is_refused(value: object) -> None:
    with pytest.raises((TypeError, ValueError)):
        canonical({"value": value})
