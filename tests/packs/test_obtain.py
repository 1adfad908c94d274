"""A weight file gets its name once it is the right one; a wrong one is refused by name and never loaded."""

import json
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from recognition.packs import weights
from recognition.packs.errors import CannotFetch, DamagedSource, NotInstalled
from recognition.packs.install import sha256
from recognition.packs.obtain import obtain
from recognition.packs.registry import PARTS
from recognition.packs.weights import WeightFile
from tests.packs import made_weights
from tests.packs.weight_server import Behaviour, serving

ARCFACE = PARTS["arcface"]
GOOD = made_weights.content(ARCFACE)
NAME = "arcface_weights.onnx"
LARGE = np.random.default_rng(1).bytes(400_000)  # what has a published hash need not be a network to be kept


@pytest.fixture
def behaviour() -> Behaviour:
    return Behaviour(GOOD)


@pytest.fixture
def unpublished(behaviour: Behaviour) -> Iterator[WeightFile]:
    with serving(behaviour) as address:
        yield WeightFile(NAME, (f"{address}/{NAME}",))


@pytest.fixture
def published(unpublished: WeightFile) -> WeightFile:
    return made_weights.stated(unpublished, GOOD)


def left(cache: Path) -> set[str]:
    """What lies in the folder, locks aside."""
    return {path.name for path in weights.folder(cache).iterdir() if path.suffix != ".lock"}


def test_a_published_file_is_kept_with_its_record(published: WeightFile, tmp_path: Path) -> None:
    obtained = obtain(published, tmp_path, trial=ARCFACE.open)
    assert obtained.new
    assert weights.read_checked(published, tmp_path) == GOOD
    record = json.loads((tmp_path / "weights" / f"{NAME}.json").read_text())
    assert record == {
        "sha256": sha256(GOOD), "size": len(GOOD), "installed_on": obtained.record.installed_on,
        "source": published.urls[0],
    }  # fmt: skip
    assert left(tmp_path) == {NAME, f"{NAME}.json"}


def test_what_is_there_is_not_asked_for_again(published: WeightFile, behaviour: Behaviour, tmp_path: Path) -> None:
    obtain(published, tmp_path, trial=ARCFACE.open)
    assert not obtain(published, tmp_path, trial=ARCFACE.open).new
    assert len(behaviour.asked) == 1


@pytest.mark.parametrize("change", [GOOD[:-1] + bytes([GOOD[-1] ^ 1]), GOOD[:-100], GOOD + b"0", b"<html>Not found"])
def test_another_file_than_the_published_is_refused_by_name(
    published: WeightFile, behaviour: Behaviour, tmp_path: Path, change: bytes
) -> None:
    behaviour.content = change
    with pytest.raises(DamagedSource, match=NAME):
        obtain(published, tmp_path, trial=ARCFACE.open)
    assert left(tmp_path) == set()
    with pytest.raises(NotInstalled, match=NAME):
        weights.read_checked(published, tmp_path)


def test_a_cut_connection_leaves_a_part_that_is_no_file_and_is_continued(
    unpublished: WeightFile, behaviour: Behaviour, tmp_path: Path
) -> None:
    file, behaviour.content, behaviour.cut_after = made_weights.stated(unpublished, LARGE), LARGE, 200_000
    with pytest.raises(CannotFetch, match=NAME):
        obtain(file, tmp_path, trial=ARCFACE.open)
    with pytest.raises(NotInstalled):
        weights.read_checked(file, tmp_path)
    came, behaviour.cut_after = (tmp_path / "weights" / f"{NAME}.part").stat().st_size, None
    obtain(file, tmp_path, trial=ARCFACE.open)
    assert 100_000 < came <= 200_000
    assert behaviour.asked[-1] == f"bytes={came}-"
    assert weights.read_checked(file, tmp_path) == LARGE


def test_the_second_address_is_asked_where_the_first_has_nothing(published: WeightFile, tmp_path: Path) -> None:
    with serving(Behaviour(b"", status=404)) as nothing:
        file = replace(published, urls=(f"{nothing}/{NAME}", *published.urls))
        assert obtain(file, tmp_path, trial=ARCFACE.open).record.source == published.urls[0]


def test_an_unpublished_hash_is_recorded_and_holds_from_then_on(unpublished: WeightFile, tmp_path: Path) -> None:
    assert obtain(unpublished, tmp_path, trial=ARCFACE.open).record.sha256 == sha256(GOOD)
    path = weights.path_of(unpublished, tmp_path)
    path.write_bytes(GOOD[:-1] + bytes([GOOD[-1] ^ 1]))
    with pytest.raises(DamagedSource, match=rf"{NAME}.*recorded at its first installation on"):
        weights.read_checked(unpublished, tmp_path)


def test_a_later_installation_must_bring_the_file_of_the_first(
    unpublished: WeightFile, behaviour: Behaviour, tmp_path: Path
) -> None:
    obtain(unpublished, tmp_path, trial=ARCFACE.open)
    weights.path_of(unpublished, tmp_path).unlink()
    behaviour.content = made_weights.content(PARTS["ghostfacenet"])
    obtain(unpublished, tmp_path, trial=ARCFACE.open)  # the same network, the same bytes
    weights.path_of(unpublished, tmp_path).unlink()
    behaviour.content = made_weights.content(PARTS["facenet512"])
    with pytest.raises(DamagedSource, match="recorded at its first installation"):
        obtain(unpublished, tmp_path, trial=PARTS["facenet512"].open)


@pytest.mark.parametrize(
    "content",
    [GOOD[: len(GOOD) // 2], b"<html>Not found</html>", b"", made_weights.content(PARTS["facenet512"]),
     made_weights.content(PARTS["yunet"])],
    ids=["cut", "page", "empty", "another recogniser", "a detector"],
)  # fmt: skip
def test_an_unpublished_file_has_to_open_as_the_network_it_should_be(
    unpublished: WeightFile, behaviour: Behaviour, tmp_path: Path, content: bytes
) -> None:
    behaviour.content = content
    with pytest.raises(DamagedSource, match=NAME):
        obtain(unpublished, tmp_path, trial=ARCFACE.open)
    assert left(tmp_path) == set()


@pytest.mark.parametrize("name", ["yunet", "retinaface"])
@pytest.mark.parametrize("content", [GOOD, b"", b"<html>"], ids=["a recogniser", "empty", "page"])
def test_no_other_file_opens_as_a_detector(name: str, content: bytes) -> None:
    with pytest.raises(DamagedSource, match=PARTS[name].files[0].name):
        PARTS[name].open(content)


def archive(folder: Path, name: str, member: str, content: bytes) -> Path:
    with zipfile.ZipFile(folder / name, "w", zipfile.ZIP_DEFLATED) as opened:
        opened.writestr("readme.txt", "not this")
        opened.writestr(member, content)
    return folder / name


@pytest.mark.parametrize("member", ["w600k_r50.onnx", "buffalo_l/w600k_r50.onnx"])
def test_a_file_is_taken_out_of_its_archive(behaviour: Behaviour, tmp_path: Path, member: str) -> None:
    behaviour.content = archive(tmp_path, "buffalo_l.zip", member, LARGE).read_bytes()
    with serving(behaviour) as address:
        file = made_weights.stated(
            WeightFile("w600k_r50.onnx", (f"{address}/buffalo_l.zip",), member="w600k_r50.onnx"), LARGE
        )
        behaviour.cut_after = 200_000
        with pytest.raises(CannotFetch, match=r"buffalo_l\.zip"):
            obtain(file, tmp_path, trial=ARCFACE.open)
        behaviour.cut_after = None
        obtain(file, tmp_path, trial=ARCFACE.open)
    assert behaviour.asked[-1].startswith("bytes=1")
    assert weights.read_checked(file, tmp_path) == LARGE
    assert left(tmp_path) == {"w600k_r50.onnx", "w600k_r50.onnx.json"}


def test_from_a_folder_the_file_or_its_archive(published: WeightFile, behaviour: Behaviour, tmp_path: Path) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    with pytest.raises(NotInstalled, match=f"There is no {NAME} or {NAME}.zip in"):
        obtain(published, tmp_path, source=stick, trial=ARCFACE.open)
    archive(stick, f"{NAME}.zip", f"deep/{NAME}", GOOD)
    obtained = obtain(published, tmp_path / "a", source=stick, trial=ARCFACE.open)
    assert obtained.record.source == str(stick / f"{NAME}.zip")
    (stick / NAME).write_bytes(GOOD)
    assert obtain(published, tmp_path / "b", source=stick, trial=ARCFACE.open).record.source == str(stick / NAME)
    assert weights.read_checked(published, tmp_path / "a") == weights.read_checked(published, tmp_path / "b") == GOOD
    assert behaviour.asked == []


def test_a_wrong_file_in_a_folder_is_refused_and_stays_where_it_was(published: WeightFile, tmp_path: Path) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    (stick / NAME).write_bytes(GOOD[:-7])
    with pytest.raises(DamagedSource, match=f"{NAME} has"):
        obtain(published, tmp_path, source=stick, trial=ARCFACE.open)
    assert (stick / NAME).read_bytes() == GOOD[:-7]
    assert left(tmp_path) == set()


def test_an_archive_that_is_cut_or_holds_something_else_is_refused(published: WeightFile, tmp_path: Path) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    whole = archive(stick, f"{NAME}.zip", "other.onnx", GOOD).read_bytes()
    with pytest.raises(DamagedSource, match=f"holds no {NAME}"):
        obtain(published, tmp_path, source=stick, trial=ARCFACE.open)
    (stick / f"{NAME}.zip").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(DamagedSource, match=r"is no whole zip archive"):
        obtain(published, tmp_path, source=stick, trial=ARCFACE.open)
    flipped = bytearray(archive(stick, f"{NAME}.zip", NAME, GOOD).read_bytes())
    flipped[len(flipped) // 2] ^= 0xFF
    (stick / f"{NAME}.zip").write_bytes(flipped)
    with pytest.raises(DamagedSource):
        obtain(published, tmp_path, source=stick, trial=ARCFACE.open)
    assert left(tmp_path) == set()


def test_a_damaged_file_is_brought_anew(published: WeightFile, tmp_path: Path) -> None:
    obtain(published, tmp_path, trial=ARCFACE.open)
    weights.path_of(published, tmp_path).write_bytes(b"damaged")
    assert obtain(published, tmp_path, trial=ARCFACE.open).new
    assert weights.read_checked(published, tmp_path) == GOOD


def test_a_file_without_a_record_is_not_trusted(unpublished: WeightFile, tmp_path: Path) -> None:
    made_weights.put(unpublished, GOOD, tmp_path)
    with pytest.raises(DamagedSource, match="has no record of its hash"):
        weights.read_checked(unpublished, tmp_path)


def test_what_is_removed_is_gone_with_its_record_and_its_parts(
    unpublished: WeightFile, behaviour: Behaviour, tmp_path: Path
) -> None:
    obtain(unpublished, tmp_path, trial=ARCFACE.open)
    (tmp_path / "weights" / f"{NAME}.part").write_bytes(b"half")
    assert weights.remove(unpublished, tmp_path) > len(GOOD) + 4
    assert left(tmp_path) == set()
    assert weights.remove(unpublished, tmp_path) == 0
