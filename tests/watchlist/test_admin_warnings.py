"""Warnings that two images look alike, shown to the steward everywhere and answered by a person."""

import json
import re
from typing import Any

import pytest
from django.urls import reverse

from tests.cast import Cast, browser, make_reference, make_subject
from watchlist.models import AuditEntry, ReferenceImage, ReferenceState, Resemblance
from watchlist.services.references import Resembling, reference_withdraw


def page(name: str, *args: Any) -> str:
    return reverse(f"admin:watchlist_{name}", args=args)


@pytest.fixture
def warning(cast: Cast) -> Resemblance:
    listed = make_reference(cast, make_subject(cast))
    found = [Resembling(listed.pk, Resemblance.Kind.SAME_FACE, 0.97)]
    return Resemblance.objects.get(reference=make_reference(cast, make_subject(cast), resemblances=found))


def test_an_unanswered_warning_is_flagged_everywhere(cast: Cast, warning: Resemblance) -> None:
    client = browser(cast.sam)
    assert "Answer needed" in client.get(page("subject_changelist")).content.decode()
    assert "Answer needed" in client.get(page("resemblance_changelist")).content.decode()
    assert "warning to be answered: 1 of a person listed twice" in client.get(reverse("admin:index")).content.decode()
    subject_page = client.get(page("subject_change", warning.reference.subject_id)).content.decode()
    assert "this is answered" in subject_page
    own_page = client.get(page("resemblance_change", warning.pk)).content.decode()
    assert page("resemblance_answer", warning.pk) in own_page


def test_whoever_cannot_answer_is_told_a_state_not_given_a_task(cast: Cast, warning: Resemblance) -> None:
    badge = re.compile(r"Warnings\s*</span>\s*<span[^>]*>\s*1\s*</span>")
    told = {user: browser(user).get(reverse("admin:index")).content.decode() for user in (cast.sam, cast.audrey)}
    assert "warning to be answered: 1 of a person listed twice" in told[cast.sam]
    assert "Needs you" in told[cast.sam]
    assert badge.search(told[cast.sam])
    assert "warning unanswered: 1 of a person listed twice" in told[cast.audrey]
    assert "Needs you" not in told[cast.audrey]
    assert not badge.search(told[cast.audrey])


@pytest.mark.parametrize(
    ("answer", "state"),
    [("two_people", ReferenceState.ENROLLED), ("same_person", ReferenceState.WITHDRAWN)],
)
def test_a_warning_is_answered_by_a_person(
    answer: str, state: ReferenceState, cast: Cast, warning: Resemblance
) -> None:
    client = browser(cast.sam)
    assert client.post(page("resemblance_answer", warning.pk), {"answer": answer, "reason": ""}).status_code == 200
    client.post(page("resemblance_answer", warning.pk), {"answer": answer, "reason": "By their records."})
    warning.refresh_from_db()
    assert (warning.answer, warning.answered_by) == (answer, cast.sam)
    assert ReferenceImage.objects.get(pk=warning.reference_id).state == state
    assert "Answer needed" not in client.get(page("subject_changelist")).content.decode()
    again = client.post(page("resemblance_answer", warning.pk), {"answer": answer, "reason": "Once more."})
    assert "Somebody has answered this warning already." in again.content.decode()


def test_of_two_people_it_is_asked_what_each_is_known_by(cast: Cast, warning: Resemblance) -> None:
    client, url = browser(cast.sam), page("resemblance_answer", warning.pk)
    asked = client.get(url).content.decode()
    for reference in (warning.reference, warning.other):
        assert f"If they are two: by what is {reference.subject.name} recognised?" in asked
    fields = {"reason": "By their records.", "marks": "A beard.", "other_marks": "A scar."}
    refused = client.post(url, fields | {"answer": "same_person"}).content.decode()
    assert refused.count("Only two people are told apart") == 2
    client.post(url, fields | {"answer": "two_people"})
    warning.refresh_from_db()
    assert (warning.answer, warning.marks, warning.other_marks) == ("two_people", "A beard.", "A scar.")
    shown = client.get(page("resemblance_change", warning.pk)).content.decode()
    assert "A beard." in shown
    assert "A scar." in shown


def test_known_look_alikes_stand_on_both_entries(cast: Cast, warning: Resemblance) -> None:
    client = browser(cast.sam)
    sides = [(warning.reference.subject, warning.other.subject), (warning.other.subject, warning.reference.subject)]
    pages = [page("subject_change", subject.pk) for subject, _ in sides]
    assert not any("they are two people" in client.get(url).content.decode() for url in pages)
    answer = {"answer": "two_people", "reason": "By their records."}
    client.post(page("resemblance_answer", warning.pk), answer)
    for url, (_, other) in zip(pages, sides, strict=True):
        shown = client.get(url).content.decode().partition("Looks like")[2]
        assert str(other) in shown
        assert page("resemblance_change", warning.pk) in shown


def test_an_auditor_cannot_answer_withdraw_or_hand_in(cast: Cast, warning: Resemblance) -> None:
    client = browser(cast.audrey)
    for url in (
        page("resemblance_answer", warning.pk),
        page("referenceimage_withdraw", warning.reference_id),
        page("subject_add_images", warning.reference.subject_id),
    ):
        assert client.get(url).status_code == 403
        assert client.post(url, {"answer": "two_people", "reason": "Because."}).status_code == 403


@pytest.mark.parametrize("name", ["resemblance_change", "resemblance_answer"])
def test_both_portraits_and_whose_they_are_stand_side_by_side(name: str, cast: Cast, warning: Resemblance) -> None:
    client = browser(cast.sam)
    shown = client.get(page(name, warning.pk)).content.decode()
    pair = shown.partition("grid-cols-2")[2]
    for reference in (warning.reference, warning.other):
        assert f'src="{page("referenceimage_picture", reference.pk, "portrait")}"' in pair
        assert str(reference.subject) in pair
    looked_at = [json.loads(entry.body)["facts"] for entry in AuditEntry.objects.filter(action="record.viewed")]
    assert looked_at == [{"what": "resemblance", "id": str(warning.pk), "purpose": "admin page"}]


@pytest.mark.parametrize(
    ("kind", "score", "said"),
    [
        ("file", None, "Both were made from the identical file."),
        (
            "alike",
            0.981,
            r"About one pair in [\d,]{3,} of two different people is as much alike. Brothers, sisters",
        ),
        ("face", 0.986, r"About one pair in [\d,]{5,} of two different people is as much alike. Among as many images"),
        ("face", 0.999, r"Fewer than one pair in [\d,]{5,} of two different people is as much alike."),
        (
            "misfit",
            0.976,
            r"About one pair in [\d,]{2,} of pictures of one person is as little alike; of two different",
        ),
        ("misfit", 0.5, r"Hardly any pictures of one person are as little alike. Until"),
    ],
)
def test_what_was_measured_is_said_in_words_and_never_as_a_bare_score(
    kind: str, score: float | None, said: str, cast: Cast, warning: Resemblance
) -> None:
    Resemblance.objects.update(kind=kind, score=score)
    client = browser(cast.sam)
    answered = client.get(page("resemblance_answer", warning.pk)).content.decode()
    assert re.search(said, answered)
    for shown in (
        answered,
        client.get(page("resemblance_change", warning.pk)).content.decode(),
        client.get(page("resemblance_changelist")).content.decode(),
    ):
        assert re.search(said.removesuffix(" Until"), shown)
        assert "imilarity" not in shown
        assert score is None or f"{score:.3f}" not in shown


def test_a_pack_without_a_calibration_says_what_is_not_known(cast: Cast, warning: Resemblance) -> None:
    ReferenceImage.objects.update(pack="unheard-of-1")
    shown = browser(cast.sam).get(page("resemblance_answer", warning.pk)).content.decode()
    assert "is not known: this pack has no calibration" in shown


def test_a_destroyed_picture_is_not_asked_for(cast: Cast, warning: Resemblance) -> None:
    reference_withdraw(actor=cast.sam, reference=warning.other, reason="The wrong person.")
    shown = browser(cast.sam).get(page("resemblance_answer", warning.pk)).content.decode()
    assert "Withdrawn and destroyed" in shown
    assert page("referenceimage_picture", warning.other_id, "portrait") not in shown
