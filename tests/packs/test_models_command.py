"""`manage.py models`: what an administrator at a shell sees, and what lies in the folder afterwards."""

import io
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from recognition.packs import registry, weights
from recognition.packs.errors import DamagedSource
from recognition.packs.registry import PARTS
from tests.commands import run
from tests.packs import made_weights
from tests.packs.weight_server import Behaviour, serving

ARCFACE_FILE = PARTS["arcface"].files[0]


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    return tmp_path / "cache"


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    """A folder as a site without internet is given it, with made files of every part."""
    folder = tmp_path / "stick"
    folder.mkdir()
    for part in PARTS.values():
        for file in part.files:
            (folder / file.name).write_bytes(made_weights.content(part))
    return folder


def models(cache: Path, *arguments: str) -> str:
    return run("models", *arguments, f"--cache={cache}")[1]


def install(cache: Path, stick: Path, *names: str) -> str:
    return models(cache, "install", *names, f"--from={stick}")


def listed(cache: Path) -> dict[str, dict]:
    return {row["name"]: row for row in json.loads(models(cache, "list", "--json"))}


def test_the_list_says_what_is_there_and_what_may_be_used_live(cache: Path, stick: Path) -> None:
    install(cache, stick, "arcface")
    rows = {line.split()[0]: line for line in models(cache, "list").splitlines() if line}
    assert "installed" in rows["arcface"]
    assert "not installed" in rows["facenet512"]
    assert rows["dlib"].split()[2] == "package"
    assert "no " in rows["buffalo_l"]
    assert "research only" in rows["buffalo_l"]


def test_the_list_for_programs(cache: Path, stick: Path) -> None:
    before = listed(cache)
    assert before["sface"]["size"] == 38_696_353
    assert before["sface"]["published"]
    assert (before["arcface"]["size"], before["arcface"]["hashes"], before["arcface"]["published"]) == (
        None,
        [""],
        False,
    )
    install(cache, stick, "arcface")
    after = listed(cache)["arcface"]
    assert (after["state"], after["size"]) == ("installed", (stick / ARCFACE_FILE.name).stat().st_size)
    assert len(after["hashes"][0]) == 64
    assert after["recorded_on"]


def test_an_unpublished_hash_is_recorded_and_that_is_said(cache: Path, stick: Path) -> None:
    said = install(cache, stick, "arcface")
    digest = listed(cache)["arcface"]["hashes"][0]
    assert f"{digest} was recorded at its first installation on 20" in said
    assert "compare it with a second site's" in said
    assert "is installed and sound" in install(cache, stick, "arcface")


def test_a_pack_brings_both_its_parts(cache: Path, stick: Path) -> None:
    install(cache, stick, "ghostfacenet+retinaface")
    states = {name: row["state"] for name, row in listed(cache).items()}
    assert states["ghostfacenet"] == states["retinaface"] == "installed"
    assert states["arcface"] == states["yunet"] == "not installed"
    engine = registry.load("ghostfacenet+retinaface", cache)
    assert engine.pack == "ghostfacenet+retinaface-1"


def test_a_file_other_than_the_published_is_refused_by_name(cache: Path, stick: Path) -> None:
    with pytest.raises(CommandError, match=r"face_recognition_sface_2021dec\.onnx has .* bytes, not 38,696,353"):
        install(cache, stick, "sface")
    assert listed(cache)["sface"]["state"] == "not installed"


def test_the_default_needs_nothing(cache: Path, stick: Path) -> None:
    assert "comes with the installed packages" in install(cache, stick, "dlib")


def test_research_only_is_said_before_anything_is_fetched(cache: Path, tmp_path: Path) -> None:
    out = io.StringIO()
    with pytest.raises(CommandError, match=r"There is no w600k_r50\.onnx or buffalo_l\.zip"):
        call_command("models", "install", "buffalo_l", f"--from={tmp_path}", f"--cache={cache}", stdout=out)
    assert "buffalo_l must not be used live: its licence is non-commercial research only" in out.getvalue()


@pytest.mark.parametrize("action", ["install", "verify", "remove"])
def test_an_unknown_name_is_refused(cache: Path, action: str) -> None:
    with pytest.raises(CommandError, match="There is no pack named 'vgg-face'"):
        models(cache, action, "vgg-face")


def test_a_folder_that_is_none_is_refused(cache: Path) -> None:
    with pytest.raises(CommandError, match="is not a folder"):
        models(cache, "install", "arcface", f"--from={cache / 'nowhere'}")


def test_over_the_network_with_a_bar(
    cache: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    arcface = PARTS["arcface"]
    with serving(Behaviour(made_weights.content(arcface))) as address:
        file = replace(ARCFACE_FILE, urls=(f"{address}/{ARCFACE_FILE.name}",))
        monkeypatch.setitem(registry.PARTS, "arcface", replace(arcface, sources=(file,)))
        assert "is installed" in models(cache, "install", "arcface")
    assert ARCFACE_FILE.name in capsys.readouterr().err


def test_a_failed_download_says_which_file(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(Behaviour(b"", status=404)) as address:
        file = replace(ARCFACE_FILE, urls=(f"{address}/{ARCFACE_FILE.name}",))
        monkeypatch.setitem(registry.PARTS, "arcface", replace(PARTS["arcface"], sources=(file,)))
        with pytest.raises(CommandError, match=rf"{ARCFACE_FILE.name}: .* answered 404"):
            models(cache, "install", "arcface")


def test_verify_ends_with_one_where_a_file_is_bad_and_says_which(cache: Path, stick: Path) -> None:
    install(cache, stick, "arcface", "facenet512")
    assert [line.split()[-1] for line in models(cache, "verify").splitlines()] == ["sound"] * 4  # dlib and mtcnn too
    path = weights.path_of(ARCFACE_FILE, cache)
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(CommandError) as ended:
        models(cache, "verify")
    assert ended.value.returncode == 1
    assert listed(cache)["arcface"]["state"] == "damaged"
    with pytest.raises(CommandError):
        models(cache, "verify", "arcface")
    models(cache, "verify", "facenet512")


def test_what_verify_finds_bad_is_never_loaded(made_pack: Callable[[str], Path]) -> None:
    cache = made_pack("arcface+yunet")
    registry.load("arcface+yunet", cache)
    path = cache / "weights" / "face_detection_yunet_2023mar.onnx"
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(DamagedSource, match=r"face_detection_yunet_2023mar\.onnx is not the file"):
        registry.load("arcface+yunet", cache)


def test_verify_of_a_name_that_is_not_installed_is_bad(cache: Path) -> None:
    with pytest.raises(CommandError):
        models(cache, "verify", "arcface")
    assert "sound" in models(cache, "verify")


def test_a_damaged_conversion_is_found(cache: Path) -> None:
    registry.load("dlib", cache)
    models(cache, "verify", "dlib")
    (cache / "dlib-resnet.onnx").write_bytes(b"damaged")
    with pytest.raises(CommandError):
        models(cache, "verify", "dlib")


def test_remove_says_what_it_freed_and_refuses_the_default(cache: Path, stick: Path) -> None:
    install(cache, stick, "arcface")
    assert "arcface: 0.0 MB freed." in models(cache, "remove", "arcface")
    assert listed(cache)["arcface"]["state"] == "not installed"
    assert "arcface: was not installed." in models(cache, "remove", "arcface")
    for name in ("dlib", "mtcnn"):
        with pytest.raises(CommandError, match=f"{name} cannot be removed"):
            models(cache, "remove", name)
