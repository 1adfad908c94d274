"""Groups of an evaluated folder: their CSV, and one search of each person."""

import numpy as np
import pytest

from recognition.measuring.errors import GroupsFault, TooFew
from recognition.measuring.groups import read_groups
from recognition.measuring.groupsearches import group_searches
from recognition.measuring.searches import Sample
from tests.measuring.made_up import people, photographs
from watchlist.intervals import Share

PEOPLE = ("p1", "p2", "p3")


@pytest.fixture
def write(tmp_path):
    def write(text, **options):
        path = tmp_path / "groups.csv"
        path.write_text(text, **{"encoding": "utf-8"} | options)
        return path

    return write


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("person,group\np1,A\np3,B\n", {0: "A", 2: "B"}),
        ("\ufeffgroup,remark,person\n A ,x, p2 \n\n", {1: "A"}),
        ("image,group\np1/1.jpg,A\np1/2.jpg,A\np2/1.jpg,B\n", {0: "A", 1: "B"}),
    ],
)
def test_people_get_the_groups_of_the_file(write, text, expected):
    assert read_groups(write(text), PEOPLE) == expected


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("name,group\np1,A\n", "first line must name the columns"),
        ("person,category\np1,A\n", "first line must name the columns"),
        ("", "first line must name the columns"),
        ("person,group\n", "names nobody"),
        ("person,group\np1,A\np9,A\n", "line 3: there is no folder of a person named 'p9'"),
        ("person,group\n,A\n", "line 2: there is no folder of a person named ''"),
        ("person,group\np1,A\np1,A\n", "line 3: 'p1' was named before, in line 2"),
        ("person,group\np1,A\np2,\n", "line 3: the group is empty"),
        ("person,group\np1\n", "line 2: the group is empty"),
        ("image,group\np1/1.jpg,A\np1/2.jpg,B\n", "line 3: 'p1' is in the group 'A' by a line before"),
        ("person,group\n" + "p9,A\n" * 15, "and 5 more faults"),
        ('person,group\n"p1,A\n', "not a CSV file"),
    ],
)
def test_faults_are_told_with_their_lines(write, text, said):
    with pytest.raises(GroupsFault, match=said):
        read_groups(write(text), PEOPLE)


def test_another_encoding_is_a_fault_and_no_crash(write):
    with pytest.raises(GroupsFault, match="UTF-8"):
        read_groups(write("person,group\np1,Zoë\n", encoding="latin-1"), PEOPLE)


def test_each_person_is_searched_for_once():
    far, near = [1.0, 0, 0, 0], [0, 1.0, 0, 0]
    sample = Sample(
        photographs(
            (0, far), (0, [0.9, 0.1, 0, 0]), (0, far),  # found, in group A
            (1, near), (1, [0, 0, 1, 0]),  # missed, in group A
            (2, [0, 1.0, 0, 0]),  # without a mate, in group B, and taken for the one before by her first image
            (3, [0, 0, 0, 1.0]),  # in no group
        )
    )  # fmt: skip
    groups = {0: "A", 1: "A", 2: "B"}
    found = group_searches(sample, groups, listed=3, threshold=0.95, seed=0)
    assert found.found == {"A": Share(1, 2), "B": Share(0, 0)}
    assert {name: share.of for name, share in found.false.items()} == {"A": 2, "B": 1}
    assert found.listed_within == 0
    assert all(share == Share(0, 0) for share in found.false_within.values())


def test_false_alerts_come_as_often_as_the_threshold_promises():
    sample = Sample(people(1e6, count=900, images=1))
    templates = sample.templates
    scores = (templates @ templates.T)[np.triu_indices(900, 1)]
    threshold = float(np.quantile(scores, 1 - 0.2 / 50))  # 18 % with 50 listed
    groups = {person: "AB"[person % 2] for person in range(800)}
    found = group_searches(sample, groups, listed=50, threshold=threshold, seed=0)
    assert found.listed_within == 50
    for shares in (found.false, found.false_within):
        assert {name: share.of for name, share in shares.items()} == {"A": 400, "B": 400}
        for share in shares.values():
            low, high = share.interval
            assert low - 0.02 < 1 - np.exp(-0.2) < high + 0.02


def test_people_alike_are_taken_for_each_other_within_their_group_alone():
    rng = np.random.default_rng(0)
    alike = [(person, [10, *rng.normal(size=8)]) for person in range(40)]
    apart = [(person, [0, *rng.normal(size=8)]) for person in range(40, 80)]
    groups = {person: "alike" if person < 40 else "apart" for person in range(80)}
    found = group_searches(Sample(photographs(*alike, *apart)), groups, listed=20, threshold=0.9, seed=0)
    assert found.false_within["alike"].value > 0.9
    assert found.false_within["apart"].value < 0.2


def test_a_list_longer_than_there_are_others_is_refused():
    with pytest.raises(TooFew, match="needs 31 people; there are 30"):
        group_searches(Sample(people(0.5, count=30)), {0: "A"}, listed=30, threshold=0.9, seed=0)
