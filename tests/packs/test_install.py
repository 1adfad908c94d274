"""Networks are converted once; whatever is wrong with the cache is noticed and put right."""

import json
import multiprocessing
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from recognition.packs import registry
from recognition.packs.errors import DamagedSource, MissingSource, UnknownPack
from recognition.packs.install import Network, ensure_installed, is_installed, sha256, source_bytes

NETWORK = registry.find("dlib").detects.sources[0]


def counted(folder: Path) -> Network:
    """The network with a builder that leaves a file behind for every time it runs."""

    def build(data: bytes) -> bytes:
        made = len(list(folder.glob("built-*")))
        (folder / f"built-{made}").touch()
        return NETWORK.build(data)

    return replace(NETWORK, build=build)


def builds(folder: Path) -> int:
    return len(list(folder.glob("built-*")))


def test_converted_once(tmp_path: Path) -> None:
    network, cache = counted(tmp_path), tmp_path / "cache"
    assert not is_installed(network, cache)
    first = ensure_installed(network, cache)
    assert ensure_installed(network, cache) == first
    assert builds(tmp_path) == 1
    assert is_installed(network, cache)


def test_the_record_holds_both_hashes(tmp_path: Path) -> None:
    built = ensure_installed(NETWORK, tmp_path)
    record = json.loads((tmp_path / "mtcnn-pnet.json").read_text())
    assert record == {"source_sha256": NETWORK.sha256, "result_sha256": sha256(built), "conversion": NETWORK.conversion}
    assert sha256((tmp_path / "mtcnn-pnet.onnx").read_bytes()) == sha256(built)


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-100])


def flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


@pytest.mark.parametrize("damage", [cut, flip, Path.unlink, lambda path: path.write_bytes(b"")])
@pytest.mark.parametrize("suffix", [".onnx", ".json"])
def test_damage_is_noticed_and_repaired(tmp_path: Path, damage: object, suffix: str) -> None:
    good = ensure_installed(NETWORK, tmp_path)
    damage(tmp_path / f"mtcnn-pnet{suffix}")
    assert not is_installed(NETWORK, tmp_path)
    assert ensure_installed(NETWORK, tmp_path) == good
    assert (tmp_path / "mtcnn-pnet.onnx").read_bytes() == good
    assert is_installed(NETWORK, tmp_path)


def test_a_result_that_brings_its_own_record_is_still_of_another_conversion(tmp_path: Path) -> None:
    ensure_installed(NETWORK, tmp_path)
    newer = replace(NETWORK, conversion=NETWORK.conversion + 1)
    assert not is_installed(newer, tmp_path)
    ensure_installed(newer, tmp_path)
    assert is_installed(newer, tmp_path)


def test_another_source_than_the_pack_was_made_for_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DamagedSource, match="reinstall mtcnn"):
        ensure_installed(replace(NETWORK, sha256="0" * 64), tmp_path)
    assert not list(tmp_path.glob("*.onnx"))


@pytest.mark.parametrize("change", [{"package": "no-such-distribution"}, {"file": "no-such-file.lz4"}])
def test_a_missing_source_names_what_to_install(change: dict[str, str]) -> None:
    with pytest.raises(MissingSource, match="install the package"):
        source_bytes(replace(NETWORK, **change))


@pytest.mark.parametrize("network", registry.find("dlib").sources, ids=lambda network: network.name)
@pytest.mark.parametrize("keep", [0, 7, 1000, -1000])
def test_half_a_weight_file_is_refused_and_leaves_nothing(tmp_path: Path, network: Network, keep: int) -> None:
    with pytest.raises(DamagedSource):
        network.build(source_bytes(network)[:keep])


def test_a_failed_conversion_leaves_no_file(tmp_path: Path) -> None:
    def fail(data: bytes) -> bytes:
        raise DamagedSource("no")

    with pytest.raises(DamagedSource):
        ensure_installed(replace(NETWORK, build=fail), tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["mtcnn-pnet.lock"]


def convert(folder: Path, barrier: "multiprocessing.synchronize.Barrier", answers: "multiprocessing.Queue") -> None:
    network = counted(folder)
    barrier.wait(30)
    answers.put(sha256(ensure_installed(network, folder / "cache")))


def test_processes_that_convert_at_once_agree_and_one_works(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    barrier, answers = context.Barrier(4), context.Queue()
    processes = [context.Process(target=convert, args=(tmp_path, barrier, answers)) for _ in range(4)]
    for process in processes:
        process.start()
    hashes = {answers.get(timeout=60) for _ in processes}
    for process in processes:
        process.join(30)
        assert process.exitcode == 0
    assert len(hashes) == 1
    assert builds(tmp_path) == 1
    assert not [path for path in (tmp_path / "cache").iterdir() if path.name.startswith(".")]


def test_an_unknown_pack_names_the_known_ones(tmp_path: Path) -> None:
    with pytest.raises(UnknownPack, match="dlib"):
        registry.load("vgg-face", tmp_path)


def test_a_loaded_pack_says_what_it_is(pack_cache: Path) -> None:
    pack = registry.find(registry.DEFAULT_PACK)
    engine = registry.load(pack.name, pack_cache)
    assert engine.pack == pack.identifier == "dlib-2"
    assert engine.recogniser.dimension == pack.dimension
    assert engine.detector.detect(np.zeros((64, 64, 3), np.uint8), 20) == []
    assert registry.installed(pack, pack_cache)
