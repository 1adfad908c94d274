"""Fusion of frames and of reference images: known cases, people made of random numbers, and real faces."""

from functools import partial

import numpy as np
import pytest

from recognition.footage.people import COLLINS, HOPPER
from recognition.measuring.fusing import DECIDED, FPIRS, SPARSE, fusions, promises, worth_comparing
from recognition.measuring.fusion import BEST_FRAME, RULES, likelihoods, pooled
from recognition.measuring.fusionwords import in_words
from recognition.measuring.passages import Passage, Passages, rendered
from recognition.measuring.photographs import Photograph
from recognition.measuring.pooling import ADOPTED, BEST_IMAGE, ONE, poolings
from recognition.packs.registry import DEFAULT_CACHE, DEFAULT_PACK
from recognition.pipeline.embed import unit
from recognition.pipeline.types import Quality

SCORES = np.array([[0.5, 0.1], [0.9, 0.2], [0.7, 0.9], [0.8, 0.0]], np.float32)  # (frames, references)
QUALITY = np.array([0.2, 0.4, 1.0, 0.4])


def quality(value: float) -> Quality:
    return Quality(inter_eye=40, sharpness=50, exposure=120, yaw=0, value=value)


def made_up(seed: int = 0, people: int = 300, frames: int = 6, spread: float = 1.4) -> Passages:
    """People as directions in a small space; their frames scattered around them, the worse the further."""
    rng = np.random.default_rng(seed)
    centres = rng.normal(size=(people, 24))

    def near(person: int, value: float) -> np.ndarray:
        return centres[person] + spread * (1.5 - value) * rng.normal(size=24)

    values = rng.uniform(0.3, 1.0, (people, frames))
    items = [
        Passage(
            person=person,
            mated=True,
            still=unit(near(person, 1.0)[np.newaxis].astype(np.float32)),
            templates=unit(np.stack([near(person, value) for value in values[person]]).astype(np.float32)),
            qualities=tuple(quality(value) for value in values[person]),
        )
        for person in range(people)
    ]
    references = unit(np.stack([near(person, 1.0) for person in range(people)]).astype(np.float32))
    return Passages("made up", tuple(items), np.arange(people), references)


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        (BEST_FRAME, (0.7, 0.9)),
        ("... so far, asked after each frame", (0.9, 0.9)),
        ("first usable frame", (0.5, 0.1)),
        ("best score", (0.9, 0.9)),
        ("mean", (0.725, 0.3)),
        ("mean weighted by quality", (0.74, 0.5)),
        ("median", (0.75, 0.15)),
        ("mean of the two best scores", (0.85, 0.55)),
        ("mean of the better half", (0.85, 0.55)),
        ("mean of the three best qualities", (0.8, 0.3667)),
        ("score that 3 frames reach", (0.7, 0.1)),
        ("score that 5 frames reach", (0, 0)),
    ],
)
def test_rules_on_a_known_case(rule, expected):
    assert RULES[rule](SCORES, QUALITY) == pytest.approx(np.array(expected), abs=1e-4)


def test_without_the_extremes():
    frames = np.array([[0.0], [0.5], [0.6], [0.7], [1.0]], np.float32)
    assert RULES["mean without highest and lowest fifth"](frames, np.ones(5)) == pytest.approx(0.6)


def test_likelihoods_count_frames_as_often_as_they_are_independent():
    def normal(mean: float):
        return lambda at: np.stack([np.full_like(at, mean), np.ones_like(at)])

    one = likelihoods(normal(1.0), normal(0.0), correlation=1.0)(SCORES[:, :1], QUALITY)
    many = likelihoods(normal(1.0), normal(0.0), correlation=0.0)(SCORES[:, :1], QUALITY)
    assert many == pytest.approx(4 * one)
    assert one == pytest.approx((SCORES[:, 0] - 0.5).mean())


def test_a_pooled_template_is_of_unit_length_and_nearer_to_the_better_frame():
    frames = np.eye(2, dtype=np.float32)
    (template,) = pooled(frames, np.array([0.9, 0.3]))
    assert np.linalg.norm(template) == pytest.approx(1)
    assert template[0] / template[1] == pytest.approx(3)


def test_what_is_compared_when_only_better_frames_are():
    values = (0.5, 0.4, 0.6, 0.3, 0.65, 0.75, 0.8, 0.9)
    passage = Passage(1, True, np.zeros((1, 2)), np.zeros((8, 2)), tuple(quality(value) for value in values))
    assert worth_comparing(passage) == [0, 1, 2, 3, 5, 7]


def test_several_frames_find_more_than_the_single_best():
    rows = {(row.rule, row.fpir): row for row in fusions(made_up(), listed=100, draws=10)}
    assert {fpir for _, fpir in rows} == set(FPIRS)
    for rule in ("mean of the four best scores", DECIDED):
        assert rows[rule, 0.1].gain.low > 0
    best = rows[BEST_FRAME, 0.1]
    assert (best.gain.mean, best.gain.low, best.gain.high) == (0, 0, 0)
    assert best.tpir.low <= best.tpir.mean <= best.tpir.high
    assert rows[SPARSE, 0.1].tpir.mean <= rows[DECIDED, 0.1].tpir.mean + 0.02


def test_a_passage_without_usable_frames_finds_nobody_and_alerts_for_nobody():
    seen = made_up(people=40)
    blind = tuple(Passage(each.person, each.mated, each.still, each.templates[:0], ()) for each in seen.items)
    rows = fusions(Passages("nothing", (*seen.items[:1], *blind[1:]), seen.people, seen.references), listed=5, draws=3)
    assert max(row.tpir.mean for row in rows) <= 0.2


def test_rules_for_which_there_are_too_few_frames_are_left_out():
    rules = {row.rule for row in fusions(made_up(people=60, frames=3), listed=20, draws=2)}
    assert "score that 3 frames reach" in rules
    assert "score that 4 frames reach" not in rules


def test_more_listed_than_can_be_is_refused():
    with pytest.raises(ValueError, match="two images each; 20 have them"):
        fusions(made_up(people=20), listed=21)


def test_promises_count_pairs_of_strangers():
    rows = promises(made_up())
    for row in rows:
        assert row.comparisons == 300 * 299
        assert 0 <= row.passage <= row.comparisons
    assert rows[0].one_look == pytest.approx(300 * 299 * 1e-3, abs=2)
    assert [row.threshold for row in rows] == sorted(row.threshold for row in rows)


def photographs(people: int, images: int) -> list[Photograph]:
    rng = np.random.default_rng(1)
    centres = np.repeat(rng.normal(size=(people, 24)), images, axis=0)
    templates = unit((centres + 0.8 * rng.normal(size=centres.shape)).astype(np.float32))
    return [Photograph(row // images, template, template, quality(1.0)) for row, template in enumerate(templates)]


def test_several_images_find_more_than_one_and_their_mean_adds_to_them():
    rows = {(row.way, row.fpir): row for row in poolings(photographs(200, 4), images=3, listed=60, draws=10)}
    one, best, adopted = (rows[way, 0.1] for way in (ONE, BEST_IMAGE, ADOPTED))
    assert one.tpir.mean < best.tpir.mean < adopted.tpir.mean
    assert one.false_alerts == 1
    assert 1.5 < best.false_alerts < adopted.false_alerts


def test_more_images_than_people_have_are_refused():
    with pytest.raises(ValueError, match="10 people to list need 4 images each; 0 have them"):
        poolings(photographs(30, 3), images=3, listed=10, draws=2)


def test_it_is_said_in_words():
    seen = made_up(people=60)
    lines = in_words(
        fusions(seen, listed=20, draws=3), promises(seen), poolings(photographs(40, 3), images=2, listed=9)
    )
    text = "\n".join(lines)
    assert "Passages of made up" in text
    assert "2 reference images each, one photograph searched for" in text
    assert "handed on of 3,540 held against one person each" in text
    assert len(max(lines, key=len)) < 240


walks = partial(rendered, pack=DEFAULT_PACK, cache=DEFAULT_CACHE)


def test_files_that_cannot_be_read_are_passed_over(tmp_path):
    for person in (COLLINS, HOPPER):
        own = tmp_path / person.person
        own.mkdir()
        for name in ("2.jpg", "4.jpg"):
            (own / name).write_bytes(person.path().read_bytes())
        (own / "1.jpg").write_bytes(b"no picture")
        (own / "3.jpg").symlink_to("/no/such/file.jpg")
    (tmp_path / "nobody").mkdir()
    (tmp_path / "nobody" / "1.jpg").write_bytes(b"no picture")
    closely, _ = walks(tmp_path, several=5, single=5, frames=3)
    assert len(closely.items) == len(closely.people) == 2
    assert all(passage.mated for passage in closely.items)


def test_real_faces_are_found_no_worse_than_by_their_single_best_frame(faces_folder):
    averaged, plain = walks(faces_folder, several=70, single=30, frames=8)
    assert len(averaged.items) == len(plain.items) >= 98
    frames = [len(passage.qualities) for passage in averaged.items]
    assert 5 <= np.mean(frames) <= 8
    rows = {(row.rule, row.fpir): row for row in fusions(averaged, listed=40, draws=20)}
    assert rows[DECIDED, 0.1].gain.mean > -0.05  # one of some thirty people found on each list makes three points
    assert rows["mean of the four best scores", 0.1].tpir.mean > 0.75
    again, _ = walks(faces_folder, several=2, single=0, frames=8)
    first = {passage.person: passage for passage in averaged.items}
    for passage in again.items:
        assert passage.templates == pytest.approx(first[passage.person].templates, abs=1e-5)
