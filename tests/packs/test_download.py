"""A download goes on where it broke off, and whatever came of it is a part until it is whole."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from recognition.packs import download
from recognition.packs.download import fetch
from recognition.packs.errors import CannotFetch
from tests.packs.weight_server import Behaviour, serving

CONTENT = bytes(range(256)) * 20_000  # 5 MB, several pieces


@pytest.fixture
def behaviour() -> Behaviour:
    return Behaviour(CONTENT)


@pytest.fixture
def url(behaviour: Behaviour) -> Iterator[str]:
    with serving(behaviour) as address:
        yield f"{address}/weights.onnx"


@pytest.fixture
def part(tmp_path: Path) -> Path:
    return tmp_path / "weights.onnx.part"


def broken_off(behaviour: Behaviour, url: str, part: Path, *, after: int) -> None:
    behaviour.cut_after = after
    with pytest.raises(CannotFetch, match=r"weights\.onnx: the download from .* broke off after .* continues it"):
        fetch(url, part)
    behaviour.cut_after = None
    assert 0 < part.stat().st_size <= after


def test_the_whole_file_comes_and_progress_is_told(url: str, part: Path) -> None:
    told: list[tuple[int, int | None]] = []
    fetch(url, part, progress=lambda done, total: told.append((done, total)))
    assert part.read_bytes() == CONTENT
    assert told[0] == (0, len(CONTENT))
    assert told[-1] == (len(CONTENT), len(CONTENT))
    assert len(told) > 3


def test_a_broken_download_goes_on_where_it_broke_off(behaviour: Behaviour, url: str, part: Path) -> None:
    broken_off(behaviour, url, part, after=3_000_000)
    came = part.stat().st_size
    told: list[tuple[int, int | None]] = []
    fetch(url, part, progress=lambda done, total: told.append((done, total)))
    assert part.read_bytes() == CONTENT
    assert behaviour.asked == ["", f"bytes={came}-"]
    assert told[0] == (came, len(CONTENT))


def test_breaking_off_again_and_again_still_arrives(behaviour: Behaviour, url: str, part: Path) -> None:
    for _ in range(3):
        behaviour.cut_after = 1_500_000
        with pytest.raises(CannotFetch):
            fetch(url, part)
    behaviour.cut_after = None
    fetch(url, part)
    assert part.read_bytes() == CONTENT
    assert len(behaviour.asked) == 4


def test_a_server_that_ignores_ranges_sends_all_again(behaviour: Behaviour, url: str, part: Path) -> None:
    broken_off(behaviour, url, part, after=3_000_000)
    behaviour.ranges = False
    fetch(url, part)
    assert part.read_bytes() == CONTENT


def test_another_edition_is_not_appended_to_the_first(behaviour: Behaviour, url: str, part: Path) -> None:
    broken_off(behaviour, url, part, after=3_000_000)
    behaviour.etag, behaviour.content = '"second-edition"', CONTENT[::-1]
    fetch(url, part)
    assert part.read_bytes() == CONTENT[::-1]


@pytest.mark.parametrize("etag", ["", 'W/"weak"'])
def test_without_a_name_for_the_edition_it_starts_anew(behaviour: Behaviour, url: str, part: Path, etag: str) -> None:
    behaviour.etag = etag
    broken_off(behaviour, url, part, after=3_000_000)
    fetch(url, part)
    assert part.read_bytes() == CONTENT
    assert behaviour.asked == ["", ""]


def test_of_another_address_nothing_is_continued(behaviour: Behaviour, url: str, part: Path) -> None:
    broken_off(behaviour, url, part, after=3_000_000)
    fetch(url.replace("weights.onnx", "mirror.onnx"), part)
    assert part.read_bytes() == CONTENT
    assert behaviour.asked[-1] == ""


def test_one_that_broke_off_after_its_last_byte_is_whole(behaviour: Behaviour, url: str, part: Path) -> None:
    broken_off(behaviour, url, part, after=3_000_000)
    part.write_bytes(CONTENT)
    fetch(url, part)
    assert part.read_bytes() == CONTENT


def test_a_part_that_is_too_long_is_thrown_away(behaviour: Behaviour, url: str, part: Path) -> None:
    broken_off(behaviour, url, part, after=3_000_000)
    part.write_bytes(CONTENT + b"more")
    with pytest.raises(CannotFetch):
        fetch(url, part)
    fetch(url, part)
    assert part.read_bytes() == CONTENT


def test_a_wrong_length_is_noticed(behaviour: Behaviour, url: str, part: Path) -> None:
    behaviour.claims = len(CONTENT) + 5
    with pytest.raises(CannotFetch, match="broke off"):
        fetch(url, part)


@pytest.mark.parametrize("status", [404, 500])
def test_an_error_page_is_no_file(behaviour: Behaviour, url: str, part: Path, status: int) -> None:
    behaviour.status = status
    with pytest.raises(CannotFetch, match=f"answered {status}"):
        fetch(url, part)
    assert not part.exists()


def test_no_server_is_said(part: Path) -> None:
    with serving(Behaviour(CONTENT)) as address:
        pass
    with pytest.raises(CannotFetch, match="nothing came from"):
        fetch(f"{address}/weights.onnx", part)


def test_a_server_that_never_stops_is_stopped(url: str, part: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(download, "LARGEST", 2_000_000)
    with pytest.raises(CannotFetch, match="sends more than"):
        fetch(url, part)
