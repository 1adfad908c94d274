"""What may a log say of an error? Its type, its code and where it came from; never its text, which may quote values."""

import traceback
from pathlib import Path
from types import TracebackType

_PACKAGES = Path(__file__).resolve().parents[1]
_PLACES = 4


def describe(error: BaseException) -> str:
    """`ValueError at decode.py:23 decode, run.py:58 process_frame`: one line, innermost place first, our own code's."""
    code = getattr(error, "code", None)
    name = f"{type(error).__name__} ({code})" if isinstance(code, str) else type(error).__name__
    places = _places(error.__traceback__)
    return f"{name} at {', '.join(places)}" if places else name


def _places(trace: TracebackType | None) -> list[str]:
    """The innermost place, whoever's it is, and the nearest ones of this product."""
    frames = list(reversed(traceback.extract_tb(trace)))
    own = [frame for frame in frames if _is_own(frame.filename)]
    shown = frames[:1] + [frame for frame in own if frame is not frames[0]]
    return [f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in shown[:_PLACES]]


def _is_own(filename: str) -> bool:
    path = Path(filename)
    return path.is_relative_to(_PACKAGES) and "site-packages" not in path.parts
