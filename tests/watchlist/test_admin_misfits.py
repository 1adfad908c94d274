"""An image that is unlike its entry's others: shown beside all of them, and answered about that entry alone."""

import re
from typing import Any

import numpy as np
import pytest
from django.urls import reverse

from tests.cast import Cast, browser, make_reference, make_subject
from watchlist.models import ReferenceImage, Resemblance, Subject, Template
from watchlist.services.references import Resembling, resemblance_answer


def page(name: str, *args: Any) -> str:
    return reverse(f"admin:watchlist_{name}", args=args)


def direction(angle: float) -> bytes:
    """A template in one plane: two fit each other up to about 12.6 degrees (cosine 0.9758)."""
    vector = np.zeros(128, np.float32)
    vector[:2] = np.cos(np.radians(angle)), np.sin(np.radians(angle))
    return vector.tobytes()


def entry(cast: Cast, *angles: float) -> tuple[Subject, list[ReferenceImage]]:
    """A subject with an image at each angle; the last one is new, and warned about as unlike the first."""
    subject = make_subject(cast)
    before = [make_reference(cast, subject, template=direction(angle)) for angle in angles[:-1]]
    found = [Resembling(before[0].pk, Resemblance.Kind.MISFIT, 0.7)]
    return subject, [*before, make_reference(cast, subject, template=direction(angles[-1]), resemblances=found)]


def shown(cast: Cast, warned: ReferenceImage) -> str:
    content = browser(cast.sam).get(page("resemblance_answer", warned.resemblances.get().pk)).content.decode()
    return re.sub(r"\s+", " ", content)


def captions(content: str) -> list[str]:
    return [re.sub(r"<[^>]+>", "", each) for each in re.findall(r"<figcaption.*?</figcaption>", content)]


def test_it_is_asked_about_the_one_person(cast: Cast) -> None:
    subject, [_, warned] = entry(cast, 0, 60)
    content = shown(cast, warned)
    assert f"Answer the warning about {subject}" in content
    assert "Does the new image show this person?" in content
    assert "If they are two" not in content
    for answer in ("fits", "somebody_else", "other_wrong"):
        assert f'value="{answer}"' in content
    assert 'value="two_people"' not in content
    assert "Looks like" not in content, "Of two images it says nothing which of them is wrong."


def test_every_other_image_is_shown_with_how_many_it_looks_like(cast: Cast) -> None:
    _, references = entry(cast, 0, 5, 60, 65)
    content = shown(cast, references[-1])
    for reference in references:
        assert f'src="{page("referenceimage_picture", reference.pk, "portrait")}"' in content
    notes = [re.search(r"Looks like .*? others", caption) for caption in captions(content)]
    assert [note.group() if note else "" for note in notes] == ["Looks like 1 of the 3 others"] * 4
    assert "The images listed before do not all look like each other either" in content


def test_images_listed_before_that_agree_are_not_doubted(cast: Cast) -> None:
    _, [*_, warned] = entry(cast, 0, 5, 10, 60)
    content = shown(cast, warned)
    assert "Looks like none of the others" in captions(content)[0]
    assert "do not all look like" not in content


@pytest.mark.parametrize(
    ("answer", "left"), [("fits", ["old", "new"]), ("somebody_else", ["old"]), ("other_wrong", ["new"])]
)
def test_each_answer_leaves_the_right_images(answer: str, left: list[str], cast: Cast) -> None:
    subject, [old, new] = entry(cast, 0, 60)
    client, url = browser(cast.sam), page("resemblance_answer", new.resemblances.get().pk)
    client.post(url, {"answer": answer, "reason": "By the custody record."})
    named = {old.pk: "old", new.pk: "new"}
    enrolled = subject.references.filter(state="enrolled").order_by("added_at")
    assert [named[pk] for pk in enrolled.values_list("pk", flat=True)] == left


def test_images_of_another_pack_are_shown_and_not_weighed(cast: Cast) -> None:
    _, references = entry(cast, 0, 5, 60)
    Template.objects.filter(reference=references[1]).update(pack="another-1")
    content = shown(cast, references[-1])
    assert len(captions(content)) == 3
    assert "Looks like" not in content


def test_images_of_a_pack_without_a_calibration_are_shown_and_not_weighed(cast: Cast) -> None:
    _, references = entry(cast, 0, 5, 60)
    ReferenceImage.objects.update(pack="unheard-of-1")
    content = shown(cast, references[-1])
    assert len(captions(content)) == 3
    assert "Looks like" not in content
    assert "is not known: this pack has no calibration" in content


def test_an_answer_of_the_past_about_the_same_two_is_shown(cast: Cast) -> None:
    one, other = make_subject(cast), make_subject(cast)
    listed = make_reference(cast, other)
    found = [Resembling(listed.pk, Resemblance.Kind.SAME_FACE, 0.97)]
    first, second = (make_reference(cast, one, resemblances=found) for _ in range(2))
    assert "Answered on" not in shown(cast, second)
    resemblance_answer(
        actor=cast.sam, resemblance=first.resemblances.get(), answer="two_people", reason="Twins, by their papers."
    )
    assert "Two people who look alike: keep both. Twins, by their papers." in shown(cast, second)
