"""What may a log say of an error? Its type, its code and where it came from; never its text, which may quote values."""

import traceback
from pathlib import Path

_PLACES = 4


def describe(error: BaseException) -> str:
    """`ValueError at embed.py:23 embed, run.py:58 process_frame`: one line, innermost place first."""
    code = getattr(error, "code", None)
    name = f"{type(error).__name__} ({code})" if isinstance(code, str) else type(error).__name__
    frames = reversed(traceback.extract_tb(error.__traceback__))
    places = [f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in frames]
    return f"{name} at {', '.join(places[:_PLACES])}" if places else name
