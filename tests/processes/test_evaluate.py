"""`manage.py evaluate` as a shell sees it: on folders too small to say much, and on real people where there are any."""

import json
import os
import signal
import subprocess
import sys
import time
from functools import partial
from pathlib import Path

import cv2
import numpy as np
import psutil
import pytest

from lfrweb.embedded.paths import CHECKOUT
from recognition.footage.people import COLLINS, HOPPER
from recognition.pipeline.picture import read_picture, write_jpeg


def evaluate(folder: Path, *arguments: object, var: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "manage.py", "evaluate", str(folder), *map(str, arguments)],
        cwd=CHECKOUT,
        env=os.environ | {"LFR_VAR": str(var)},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def portraits(tmp_path_factory) -> Path:
    """Two people in four images each, and everything that can be wrong with a folder."""
    folder = tmp_path_factory.mktemp("portraits")
    for person in (COLLINS, HOPPER):
        pixels = read_picture(person.path().read_bytes())
        own = folder / person.person
        own.mkdir()
        changed = (pixels, pixels[:, ::-1], cv2.GaussianBlur(pixels, (0, 0), 2), cv2.convertScaleAbs(pixels, alpha=0.7))
        for number, image in enumerate(changed):
            (own / f"{number}.jpg").write_bytes(write_jpeg(np.ascontiguousarray(image)))
    own = folder / HOPPER.person
    (own / "grey.png").write_bytes(cv2.imencode(".png", np.full((200, 200, 3), 90, np.uint8))[1].tobytes())
    (own / "cut.jpg").write_bytes((own / "0.jpg").read_bytes()[:500])
    (own / "notes.txt").write_text("no picture")
    (folder / "loose.jpg").write_bytes((own / "0.jpg").read_bytes())
    (own / "\udcff\x1b.txt").write_text("a name that is no text, and that would speak to a terminal")
    (folder / "nobody").mkdir()
    return folder


@pytest.fixture(scope="module")
def measured(portraits, tmp_path_factory):
    """The command's run on the portraits, once: (process, figures, folder of what it wrote)."""
    out = tmp_path_factory.mktemp("out")
    groups = out / "groups.csv"
    groups.write_text(f"person,group\n{COLLINS.person},pilot\n{HOPPER.person},admiral\n")
    options = ("--json", out / "figures.json", "--plots", out, "--plot-format", "png", "--groups", groups, "--jobs", 2)
    ended = evaluate(portraits, *options, "--source", "two portraits", "--draws", 5, var=out / "var")
    assert ended.returncode == 0, ended.stderr
    return ended, json.loads((out / "figures.json").read_text()), out


def test_it_needs_no_servers_and_shows_no_bar_where_nobody_looks(measured):
    ended, _, out = measured
    assert {path.name for path in (out / "var").iterdir()} <= {"secret.key", "master.key"}
    assert "images/s" not in ended.stderr
    assert "%|" not in ended.stderr


def test_files_that_are_no_pictures_are_listed_with_their_reason(measured):
    ended, figures, _ = measured
    reasons = {Path(left["file"]).name: left["reason"] for left in figures["left_out"]}
    assert reasons == {
        "cut.jpg": "The file is not a readable image.",
        "notes.txt": "Its name ends in none of .jpg, .jpeg, .png, .webp.",
        "loose.jpg": "It is not in a folder of a person.",
        "\udcff\x1b.txt": "Its name ends in none of .jpg, .jpeg, .png, .webp.",
    }
    assert "??.txt: Its name" in ended.stdout
    assert "cut.jpg: The file is not a readable image." in ended.stdout
    assert "Folders of people that hold no images: 1." in ended.stdout


def test_the_figures_that_other_tools_read_are_there(measured):
    _, figures, _ = measured
    assert figures["pack"] == "dlib-2"
    assert (figures["images"], figures["not_detected"]) == (9, 1)
    assert figures["not_detected_share"]["low"] < 1 / 9 < figures["not_detected_share"]["high"]
    assert figures["verification"]["pairs"] == 24
    assert figures["verification"]["accuracy"] > 0.95
    assert figures["ms_per_image"] == pytest.approx(
        sum(figures["steps_ms"][step]["mean"] for step in ("decode", "detect", "quality", "embed", "closer")), rel=1e-6
    )
    assert 1 < figures["processor_ms_per_image"] < 200
    rows = figures["identification"]
    assert [(row["listed"], row["frames"], row["fpir"]) for row in rows] == [
        (1, frames, fpir) for frames in ("single", "passage") for fpir in (0.1, 0.05, 0.01, 0.001)
    ]
    assert {"tpir", "tpir_sd", "threshold"} <= set(rows[0])


def test_what_so_few_images_cannot_show_is_null_with_a_reason_and_never_zero(measured):
    ended, figures, _ = measured
    assert figures["verification"]["eer"] is None
    assert figures["verification"]["eer_reason"] == "fewer than 1 in 4"
    for row in figures["identification"]:
        assert row["tpir"] is None
        assert "Fewer than" in row["reason"]
    assert "Fewer than 1,000 searches for people who are not listed: there are 4." in ended.stdout
    assert figures["first_look"] is None
    assert figures["first_look_reason"] == "No list gives a threshold of FPIR 0.1 %."
    assert figures["frames"]["rules"] == figures["frames"]["reference_images"] == []
    assert "Fewer than 50 listed people who pass: there are 2." in " ".join(ended.stdout.split())
    assert figures["groups"] is None
    assert "No list gives a threshold" in figures["groups_reason"]


def test_plots_are_pictures_and_those_that_would_be_empty_are_not_made(measured):
    _, _, out = measured
    assert {path.name for path in out.glob("*.png")} == {"scores.png", "det.png"}
    for path in out.glob("*.png"):
        assert cv2.imread(str(path)).std() > 10


@pytest.mark.parametrize(
    ("made", "said"),
    [
        ([], "Fewer than 10 pairs of images of one person, or of two people: there are 0 and 0."),
        (["p1/1.jpg", "p1/2.jpg", "p1/3.jpg"], "there are 3 and 0."),
        (["p1/1.jpg", "p2/1.jpg"], "Lists of 1 cannot be drawn: 0 people have a face found in two images or more."),
    ],
)
def test_a_folder_without_people_or_mates_says_what_cannot_be_told(tmp_path, made, said):
    folder = tmp_path / "folder"
    folder.mkdir()
    for name in made:
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(HOPPER.path().read_bytes())
    ended = evaluate(folder, "--jobs", 1, "--verify", "--plots", tmp_path / "plots", var=tmp_path / "var")
    assert ended.returncode == 0, ended.stderr
    assert said in " ".join(ended.stdout.split())


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--pack", "none-such"), "There is no pack named 'none-such'."),
        (("--gallery", 0), "--gallery, --draws and --jobs must be 1 or more."),
        (("--seed", -1), "--seed, --verify and --rendered must be 0 or more."),
        (("--groups", "none.csv"), "There is no file none.csv."),
        (("--json", "no/such/folder/out.json"), "There is no folder to write no/such/folder/out.json into."),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence(tmp_path, portraits, arguments, said):
    ended = evaluate(portraits, *arguments, var=tmp_path)
    assert ended.returncode == 1
    assert said in ended.stderr
    assert "Traceback" not in ended.stderr


def test_ctrl_c_ends_it_with_all_its_processes(tmp_path):
    own = tmp_path / "people" / "p1"
    own.mkdir(parents=True)
    for number in range(3000):
        (own / f"{number}.jpg").symlink_to(HOPPER.path())
    command = [sys.executable, "manage.py", "evaluate", str(own.parent), "--jobs", "2"]
    running = psutil.Popen(
        command,
        cwd=CHECKOUT,
        env=os.environ | {"LFR_VAR": str(tmp_path / "var")},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        preexec_fn=partial(signal.signal, signal.SIGINT, signal.SIG_DFL),  # what runs the tests may have it ignored
    )
    while len(children := running.children()) < 3:  # the two, and the one that watches over what they share
        assert running.poll() is None, running.stderr.read()
        time.sleep(0.1)
    time.sleep(1)
    os.killpg(running.pid, signal.SIGINT)
    _, said = running.communicate(timeout=200)
    assert running.returncode == 130
    assert said == "CommandError: Stopped.\n"
    assert psutil.wait_procs(children, timeout=10)[1] == []


def test_a_fault_in_the_groups_is_told_with_its_line(tmp_path, portraits):
    groups = tmp_path / "groups.csv"
    groups.write_text("person,group\nsomebody else,pilot\n")
    ended = evaluate(portraits, "--groups", groups, "--jobs", 1, var=tmp_path / "var")
    assert ended.returncode == 1
    assert "line 2: there is no folder of a person named 'somebody else'" in ended.stderr


def test_on_real_people_the_figures_are_those_to_expect(tmp_path, faces_folder):
    people = sorted(path for path in faces_folder.iterdir() if path.is_dir())
    known = [person for person in people if len(list(person.iterdir())) > 1][:50]
    folder = tmp_path / "people"
    folder.mkdir()
    for person in [*known, *(person for person in people if person not in known)][:110]:
        (folder / person.name).symlink_to(person)
    groups = tmp_path / "groups.csv"
    groups.write_text("person,group\n" + "".join(f"{own.name},{'AB'[n % 2]}\n" for n, own in enumerate(known)))
    out = tmp_path / "figures.json"
    options = ("--gallery", 20, 5000, "--verify", 30, "--groups", groups, "--json", out, "--plots", tmp_path / "plots")
    ended = evaluate(folder, *options, "--draws", 20, var=tmp_path / "var")
    assert ended.returncode == 0, ended.stderr
    figures = json.loads(out.read_text())
    assert figures["not_detected"] <= 1
    assert 0.97 < figures["verification"]["accuracy"] <= 1
    told = {(row["listed"], row["frames"], row["fpir"]): row for row in figures["identification"]}
    assert 0.9 < told[20, "single", 0.1]["tpir"] <= 1
    assert told[20, "single", 0.1]["threshold"] < told[20, "single", 0.01]["threshold"]
    assert told[20, "single", 0.001]["tpir"] is None
    assert told[5000, "single", 0.1]["reason"].startswith("Lists of 5,000 cannot be drawn: 50 people")
    verified = figures["verify"]
    assert verified["pack_limit"]["true_removed"]["count"] <= 3
    assert verified["deepface_limit"]["true_removed"]["count"] > verified["pack_limit"]["true_removed"]["count"]
    assert {name: share["of"] for name, share in figures["groups"]["tpir"]["groups"].items()} == {"A": 25, "B": 25}
    assert {gap["told"] for gap in figures["groups"]["tpir"]["differences"]} == {"not enough data to tell"}
    assert {path.name for path in (tmp_path / "plots").iterdir()} == {"scores.svg", "det.svg", "list-size.svg"}
