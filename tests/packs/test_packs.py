"""Every pack of the registry, on made weights: it loads, enrols, finds who is enrolled, and keeps to itself."""

import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from deepface.modules import detection, preprocessing
from django.core.management import call_command
from django.core.management.base import SystemCheckError

from recognition import engine as engines
from recognition.packs import registry
from recognition.packs.alignments import ARCFACE, FACENET
from recognition.packs.errors import NotForLiveUse, NotInstalled, NotMeasured
from recognition.packs.registry import PACKS, PARTS
from recognition.packs.verification import verify
from recognition.pipeline.align import align
from recognition.pipeline.embed import embed
from recognition.pipeline.enrol import assess_reference
from recognition.pipeline.errors import PipelineError
from recognition.pipeline.interfaces import Engine
from recognition.pipeline.limits import LIVE
from recognition.pipeline.picture import write_jpeg
from recognition.pipeline.run import process_frame
from recognition.pipeline.types import Gallery, Image, Policy, Tracks
from tests.packs import made_networks

CALLS = Path(__file__).with_name("made_pack_calls.py")
DOWNLOADED = [pack.name for pack in PACKS.values() if pack.name != "dlib"]


def test_there_is_a_pack_for_every_recogniser_with_every_detector() -> None:
    assert len(PACKS) == 6 * 3
    assert {pack.detects.name for pack in PACKS.values() if "+" not in pack.name} == {"mtcnn"}
    assert len({pack.identifier for pack in PACKS.values()}) == len(PACKS)
    assert max(len(pack.identifier) for pack in PACKS.values()) <= 60  # what the tables have room for


def test_the_usual_detector_may_be_named() -> None:
    assert registry.find("arcface+mtcnn") is registry.find("arcface")
    assert registry.find("arcface+yunet") is not registry.find("arcface")


@pytest.mark.parametrize("name", DOWNLOADED)
def test_a_pack_that_is_not_installed_says_what_to_run(name: str, tmp_path: Path) -> None:
    assert not registry.installed(registry.find(name), tmp_path)
    with pytest.raises(NotInstalled, match=rf"manage\.py models install {name.replace('+', '.')}\.$"):
        registry.load(name, tmp_path)


@pytest.mark.parametrize("name", DOWNLOADED)
def test_every_pack_loads(name: str, made_pack: Callable[[str], Path]) -> None:
    cache, pack = made_pack(name), registry.find(name)
    loaded = registry.load(name, cache)
    assert (loaded.pack, loaded.alignment, loaded.recogniser.dimension) == (
        pack.identifier, pack.recognises.alignment, pack.dimension
    )  # fmt: skip
    blank = np.zeros((120, 160, 3), np.uint8)
    assert loaded.detector.detect(blank, 40) == []
    templates = embed(loaded.recogniser, [np.full_like(pack.recognises.pixels.blank[0], 90)])
    assert templates.shape == (1, pack.dimension)


def enrolled_and_sought(engine: Engine, portrait: Image) -> tuple[Gallery, bytes]:
    jpeg = write_jpeg(portrait)
    enrolment = assess_reference(engine, jpeg)
    gallery = Gallery(
        references=("r",), subjects=("s",), templates=enrolment.template[None], version=1, pack=engine.pack
    )
    return gallery, jpeg


@pytest.mark.parametrize("name", ["arcface", "facenet512", "ghostfacenet", "sface", "buffalo_l"])
def test_who_is_enrolled_is_found_in_a_frame(
    name: str, made_pack: Callable[[str], Path], portraits: dict[str, Image]
) -> None:
    loaded = registry.load(name, made_pack(name))
    gallery, jpeg = enrolled_and_sought(loaded, portraits["collins"])
    # Networks of random weights answer to a mirror image far more than learned ones do.
    policy = Policy(threshold=0.97, spread=0.3, quality=LIVE, agree=1, agree_good=1)
    result = process_frame(loaded, jpeg=jpeg, tracks=Tracks(), gallery=gallery, policy=policy, now=0.0)
    assert [candidate.subject for candidate in result.candidates] == ["s"]
    other = process_frame(
        loaded, jpeg=write_jpeg(portraits["hopper"]), tracks=Tracks(), gallery=gallery, policy=policy, now=0.0
    )
    assert other.candidates == ()


def test_quality_is_the_same_with_every_pack(
    engine: Engine, made_pack: Callable[[str], Path], portraits: dict[str, Image]
) -> None:
    jpeg = write_jpeg(portraits["collins"])
    arcface = registry.load("arcface", made_pack("arcface"))
    assert assess_reference(arcface, jpeg).quality == assess_reference(engine, jpeg).quality


def test_templates_of_two_packs_never_meet(engine: Engine, portraits: dict[str, Image]) -> None:
    other = replace(engine, pack="other-1")  # templates as long, and of the same face the same
    gallery, jpeg = enrolled_and_sought(other, portraits["collins"])
    policy = Policy(threshold=0.5, spread=0.015, quality=LIVE)
    with pytest.raises(PipelineError, match="other-1, this engine is dlib-2"):
        process_frame(engine, jpeg=jpeg, tracks=Tracks(), gallery=gallery, policy=policy, now=0.0)


def test_arcfaces_alignment_is_opencvs(engine: Engine, portraits: dict[str, Image], tmp_path: Path) -> None:
    file = tmp_path / "sface.onnx"
    file.write_bytes(made_networks.recogniser(side=112, planes=True, dimension=128, batch=1))
    opencv = cv2.FaceRecognizerSF.create(str(file), "")
    for portrait in portraits.values():
        face = engine.detector.detect(portrait, 60)[0]
        row = np.concatenate([face.box, face.landmarks.reshape(-1), [face.score]]).astype(np.float32)
        expected = opencv.alignCrop(np.ascontiguousarray(portrait), row)
        difference = np.abs(align(portrait, face.landmarks, ARCFACE).astype(int) - expected)
        assert (difference > 2).mean() < 0.01


def test_facenets_alignment_puts_a_face_where_deepface_does(engine: Engine, portraits: dict[str, Image]) -> None:
    """DeepFace's own steps, and where they leave the five points."""
    for portrait in portraits.values():
        face = engine.detector.detect(portrait, 60)[0]
        x, y, w, h = (round(float(value)) for value in face.box)
        dots = np.zeros_like(portrait)
        for number, (px, py) in enumerate(face.landmarks):
            cv2.circle(dots, (round(float(px)), round(float(py))), 3, (50 * (number + 1),) * 3, -1)
        right, left = (tuple(round(float(value)) for value in face.landmarks[i]) for i in (0, 1))
        around, dx, dy = detection.extract_sub_image(dots, (x, y, w, h))
        turned, angle = detection.align_img_wrt_eyes(around, left_eye=left, right_eye=right)
        x1, y1, x2, y2 = detection.project_facial_area((dx, dy, dx + w, dy + h), angle, turned.shape[:2])
        chip = preprocessing.resize_image(turned[y1:y2, x1:x2], (160, 160))[0, :, :, 0]
        for number, point in enumerate(FACENET.template):
            rows, columns = np.nonzero(np.abs(chip * 255 - 50 * (number + 1)) < 12)
            # One face is not the mean of a thousand: within about two of their standard deviations.
            assert np.hypot(columns.mean() - point[0], rows.mean() - point[1]) < 25


def test_research_only_is_refused_for_live_use() -> None:
    for name in ("buffalo_l", "buffalo_l+yunet", "buffalo_l+retinaface"):
        with pytest.raises(NotForLiveUse, match="must not be used live: its licence is non-commercial research only"):
            registry.find_for_live_use(name)
    assert "buffalo_l" not in " ".join(registry.live_packs())
    assert registry.live_packs()[0] == "dlib"
    assert len(registry.live_packs()) == 15


def test_an_installation_set_to_a_research_pack_does_not_start(settings: Any) -> None:
    settings.LFR_RECOGNITION = {"pack": "buffalo_l"}
    for use in (engines.default_pack, engines.engine):
        with pytest.raises(NotForLiveUse):
            use()
    with pytest.raises(SystemCheckError, match=r"lfrweb\.E001\) The pack buffalo_l must not be used live"):
        call_command("check")
    settings.LFR_RECOGNITION = {"pack": "arcface"}
    call_command("check")


def test_knowing_the_packs_loads_neither_tensorflow_nor_deepface() -> None:
    look = "import sys, recognition.packs.registry, recognition.packs.listing, recognition.packs.obtain\n"
    look += "assert not {'tensorflow', 'deepface', 'retinaface'} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", look], cwd=Path(__file__).parents[2], check=True, timeout=100)


def test_a_pack_without_a_measured_distance_refuses_to_verify(portraits: dict[str, Image]) -> None:
    for pack in PACKS.values():
        if pack.name == "dlib":
            assert pack.verifies_at() == 0.1070
            continue
        with pytest.raises(
            NotMeasured, match=rf"manage\.py evaluate DIR --verify 3000 --pack {pack.name.replace('+', '.')}\."
        ):
            verify(portraits["collins"], portraits["hopper"], pack=pack)


def test_deepface_runs_on_the_pack_and_verifies_at_a_given_distance(
    made_pack: Callable[[str], Path], process_environment: dict[str, str]
) -> None:
    """In a process of its own, on two packs one after the other."""
    from tests.packs.conftest import PORTRAITS

    caches = [f"{name}={made_pack(name)}" for name in ("arcface", "dlib")]
    run = subprocess.run(
        [sys.executable, str(CALLS), *caches, *map(str, PORTRAITS.values())],
        env=process_environment, capture_output=True, text=True, timeout=200,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr[-2000:]
    assert run.stdout.splitlines()[-1] == "ok"


def test_raising_a_version_makes_another_pack(monkeypatch: pytest.MonkeyPatch) -> None:
    pack = registry.find("arcface")
    raised = replace(pack, recognises=replace(PARTS["arcface"], version=2))
    assert (pack.identifier, raised.identifier) == ("arcface-1", "arcface-2")
