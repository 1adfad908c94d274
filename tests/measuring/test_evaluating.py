"""The report as text: how it is set."""

from pathlib import Path

from recognition.measuring.evaluating import WIDTH, Report
from recognition.measuring.report.ground import Request
from recognition.measuring.report.section import Section

REQUEST = Request(
    folder=Path("people"),
    pack="dlib",
    identifier="dlib-2",
    cache=Path("cache"),
    source="people",
    date="2026-11-25",
    listed=(),
    draws=1,
    seed=0,
    jobs=1,
    quiet=True,
    verify=0,
    rendered=0,
    groups=None,
)


def test_prose_is_broken_and_a_row_of_a_table_is_not():
    prose, row = "  " + "of two words and three " * 9, "  a rule" + "  10.0 %" * 20
    text = Report("label", (Section("Title", (prose, row), {}),), REQUEST).text
    lines = text.split("\n")[4:]
    assert lines[-1] == row
    assert len(lines) > 2
    assert all(len(line) <= WIDTH and line.startswith("  ") for line in lines[:-1])
    assert " ".join(" ".join(lines[:-1]).split()) == prose.strip()
