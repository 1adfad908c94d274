"""Passages of staff: who notes them, what is refused, and what recognition is told to be worth."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.cast import (
    Cast,
    browser,
    camera_of,
    make_alert,
    make_candidate,
    make_cast,
    make_draft,
    make_listed_subject,
    make_live,
    make_staff,
    make_subject,
    seen,
)
from tests.racing import ROUNDS, at_once, refused, sound
from tests.watchlist.alerting import raise_again, recorded
from watchlist.errors import InvalidInput, Refused
from watchlist.intervals import Share
from watchlist.models import Camera, Deployment, Passage, StaffSighting, Subject
from watchlist.passages import LEAD, LENGTH, Outcome
from watchlist.selectors.passages import passages_told, recognition_of, shares_by_subject, staff_to_pass
from watchlist.services.alerts import alert_raise
from watchlist.services.decisions import alert_decide
from watchlist.services.deployments import deployment_close, deployment_pause
from watchlist.services.passages import passage_correct, passage_note, passage_strike
from watchlist.services.staff import consent_withdraw

MINUTE = dt.timedelta(minutes=1)
AFTER = 2 * MINUTE + LEAD  # every outcome of what happens now is told by then


@pytest.fixture
def staff(cast: Cast) -> Subject:
    return make_staff(cast, name="Kim Colleague")


@pytest.fixture
def other(cast: Cast) -> Subject:
    return make_staff(cast, name="Lee Colleague")


@pytest.fixture
def live(cast: Cast, staff: Subject, other: Subject) -> Deployment:
    live = make_live(cast, make_listed_subject(cast), staff, other, seeded_staff=True, quiet_seconds=600)
    Camera.objects.create(deployment=live, name="South")
    return live


def note(cast: Cast, live: Deployment, subject: Subject, now: dt.datetime, camera: str = "North") -> Passage:
    past = live.cameras.get(name=camera)
    return passage_note(actor=cast.olga, deployment=live, camera=past, subject=subject, now=now)


def share(live: Deployment, now: dt.datetime) -> tuple[int, int]:
    found = recognition_of(live, now).share
    return found.count, found.of


def answered(cast: Cast, alert: object, said: str = "same") -> None:
    alert_decide(actor=cast.olga, alert=alert, answer=said, reason="The nose.", now=timezone.now())  # type: ignore[arg-type]


def test_a_verified_candidate_recognises_whether_or_not_it_raises_an_alert(
    cast: Cast, live: Deployment, staff: Subject
) -> None:
    """The first raises an alert; the second is counted on it in its quiet time, which another hour's passage needs."""
    now = timezone.now()
    note(cast, live, staff, now)
    answered(cast, make_alert(live, now=now, **seen(staff)))
    later = now + 3 * MINUTE
    note(cast, live, staff, later)
    note(cast, live, staff, later, "South")
    assert raise_again(live, later, **seen(staff)) is None

    outcomes = {
        (each.passage.camera.name, each.passage.noted_at): each.outcome for each in passages_told(live, later + AFTER)
    }
    assert outcomes == {
        ("North", now): Outcome.RECOGNISED,
        ("North", later): Outcome.RECOGNISED,
        ("South", later): Outcome.MISSED,
    }
    assert StaffSighting.objects.filter(alert=None).count() == 1


def test_people_sought_leave_no_sighting(cast: Cast, live: Deployment) -> None:
    sought = live.entries.get(subject__kind="sought").subject
    make_alert(live, **seen(sought))
    raise_again(live, timezone.now(), **seen(sought))
    assert not StaffSighting.objects.exists()


def test_nothing_on_any_page_moves_while_an_alert_waits(
    cast: Cast, live: Deployment, staff: Subject, other: Subject
) -> None:
    """An earlier passage of the same person, one that goes on, and one of a colleague: all read as without an alert."""
    now = timezone.now()
    note(cast, live, staff, now - 4 * MINUTE)
    note(cast, live, staff, now)
    note(cast, live, other, now)

    def told() -> list[Outcome]:
        return [each.outcome for each in passages_told(live, now + MINUTE)]

    before = (told(), recognition_of(live, now + MINUTE))
    alert = make_alert(live, now=now, **seen(staff))
    during = (told(), recognition_of(live, now + MINUTE))
    answered(cast, alert)

    assert before == during == (told(), recognition_of(live, now + MINUTE))
    assert before[0] == [Outcome.RUNNING, Outcome.RUNNING, Outcome.MISSED]
    assert share(live, now + AFTER) == (1, 3)


def test_an_alert_that_nobody_noted_is_told_of_once_it_is_over(cast: Cast, live: Deployment, staff: Subject) -> None:
    alert = make_alert(live, **seen(staff))
    waiting = recognition_of(live, timezone.now()).unnoted
    answered(cast, alert)
    assert (waiting, recognition_of(live, timezone.now()).unnoted) == (0, 1)


def test_a_passer_by_taken_for_staff_recognises_nobody(cast: Cast, live: Deployment, staff: Subject) -> None:
    now = timezone.now()
    note(cast, live, staff, now)
    answered(cast, make_alert(live, now=now, **seen(staff)), "different")
    assert share(live, now + AFTER) == (0, 1)


def test_an_alert_that_was_first_counts_for_the_note_that_follows(cast: Cast, live: Deployment, staff: Subject) -> None:
    now = timezone.now()
    answered(cast, make_alert(live, now=now, **seen(staff)))
    note(cast, live, staff, now + LEAD - dt.timedelta(seconds=1))
    assert share(live, now + AFTER) == (1, 1)


def test_the_same_walk_is_not_noted_twice(cast: Cast, live: Deployment, staff: Subject, other: Subject) -> None:
    now = timezone.now()
    first = note(cast, live, staff, now)
    for later in (0, 44):
        with pytest.raises(Refused) as caught:
            note(cast, live, staff, now + dt.timedelta(seconds=later))
        assert caught.value.code == "noted"
    note(cast, live, other, now)
    note(cast, live, staff, now, "South")
    assert first.ends_at - first.starts_at == LENGTH
    assert note(cast, live, staff, now + dt.timedelta(seconds=45)).starts_at == first.ends_at
    assert len(recorded("passage.noted")) == 4


def test_nobody_is_noted_whom_recognition_could_not_find(cast: Cast, live: Deployment, staff: Subject) -> None:
    now = timezone.now()
    sought = live.entries.get(subject__kind="sought").subject
    elsewhere = camera_of(make_draft(cast))
    north = camera_of(live)
    for changes in ({"subject": sought}, {"subject": make_subject(cast)}, {"subject": make_staff(cast)}):
        with pytest.raises(InvalidInput, match="consenting member of staff"):
            passage_note(actor=cast.olga, deployment=live, now=now, camera=north, **changes)
    with pytest.raises(InvalidInput, match="this deployment's cameras"):
        passage_note(actor=cast.olga, deployment=live, now=now, camera=elsewhere, subject=staff)
    assert [each.name for each in staff_to_pass(live, now)] == ["Kim Colleague", "Lee Colleague"]
    consent_withdraw(actor=cast.sam, subject=staff, now=now)
    assert [each.name for each in staff_to_pass(live, now)] == ["Lee Colleague"]
    with pytest.raises(InvalidInput):
        note(cast, live, staff, now)
    deployment_pause(actor=cast.olga, deployment=live, reason="Rain.")
    with pytest.raises(Refused, match="paused"):
        note(cast, live, live.entries.get(subject__name="Lee Colleague").subject, now)


class TestCorrecting:
    def test_another_person_or_camera_takes_its_place(
        self, cast: Cast, live: Deployment, staff: Subject, other: Subject
    ) -> None:
        now = timezone.now()
        passage = note(cast, live, staff, now)
        answered(cast, make_alert(live, now=now, **seen(other)))
        passage_correct(
            actor=cast.omar, passage=passage, camera=passage.camera, subject=other, reason="I pressed the wrong name."
        )
        [facts] = recorded("passage.corrected")

        assert share(live, now + AFTER) == (1, 1)
        assert (facts["was_subject"], facts["subject"]) == (str(staff.pk), str(other.pk))
        for same in (other,):
            with pytest.raises(InvalidInput, match="Nothing is changed"):
                passage_correct(actor=cast.omar, passage=passage, camera=passage.camera, subject=same, reason="Again.")

    def test_not_into_one_that_was_noted_as_well(
        self, cast: Cast, live: Deployment, staff: Subject, other: Subject
    ) -> None:
        now = timezone.now()
        mine = note(cast, live, staff, now)
        theirs = note(cast, live, other, now)
        with pytest.raises(Refused, match="noted as well"):
            passage_correct(actor=cast.olga, passage=mine, camera=mine.camera, subject=other, reason="Wrong name.")
        passage_strike(actor=cast.olga, passage=theirs, reason="A double.", now=now)
        passage_correct(actor=cast.olga, passage=mine, camera=mine.camera, subject=other, reason="Wrong name.")

    def test_one_that_is_struck_out_counts_no_longer_and_shows(
        self, cast: Cast, live: Deployment, staff: Subject
    ) -> None:
        now = timezone.now()
        passage = note(cast, live, staff, now)
        with pytest.raises(InvalidInput, match="Say why"):
            passage_strike(actor=cast.olga, passage=passage, reason=" ", now=now)
        passage_strike(actor=cast.olga, passage=passage, reason="They turned round.", now=now)
        found = recognition_of(live, now + AFTER)
        assert (found.share.of, found.struck) == (0, 1)
        with pytest.raises(Refused, match="already"):
            passage_strike(actor=cast.olga, passage=passage, reason="Again.", now=now)
        assert note(cast, live, staff, now)

    def test_not_once_the_figures_are_on_the_record(self, cast: Cast, live: Deployment, staff: Subject) -> None:
        now = timezone.now()
        passage = note(cast, live, staff, now)
        deployment_close(actor=cast.olga, deployment=live, reason="Done.")
        with pytest.raises(Refused, match="on the record"):
            passage_strike(actor=cast.olga, passage=passage, reason="Late.", now=now)
        [closed] = recorded("deployment.closed")
        assert (closed["staff"]["cut_short"], closed["staff"]["passages"]) == (1, 0)


def test_the_record_says_at_the_close_what_recognition_was_worth(
    cast: Cast, live: Deployment, staff: Subject, other: Subject
) -> None:
    """Four passages an hour ago, three of them recognised, by two people; and one alert that nobody noted."""
    now = timezone.now()
    then = now - 60 * MINUTE
    camera = camera_of(live)
    for subject, ago in ((staff, 0), (staff, 5), (other, 0), (other, 5)):
        noted = then + ago * MINUTE
        window = {"starts_at": noted - LEAD, "ends_at": noted - LEAD + LENGTH}
        live.passages.create(camera=camera, subject=subject, noted_by=cast.olga, noted_at=noted, **window)
        if (subject, ago) != (other, 5):
            StaffSighting.objects.create(deployment=live, camera=camera, subject=subject, captured_at=noted)
    answered(cast, make_alert(live, now=now, **seen(staff)))
    assert shares_by_subject(live, now) == {staff.pk: Share(2, 2), other.pk: Share(1, 2)}

    deployment_close(actor=cast.olga, deployment=live, reason="Done.")
    [closed] = recorded("deployment.closed")
    assert closed["staff"] == {
        "alerts": 1,
        "mistaken": 0,
        "recognised": 3,
        "passages": 4,
        "low": 0.3006,
        "high": 0.9544,
        "people": 2,
        "cut_short": 0,
        "struck": 0,
        "unnoted": 1,
    }


def test_a_note_and_an_alert_at_the_same_instant_count_for_each_other(committed_db: None) -> None:
    cast = make_cast()
    for _ in range(ROUNDS):
        staff = make_staff(cast)
        live = make_live(cast, make_listed_subject(cast), staff, seeded_staff=True)
        now = timezone.now()
        candidate = make_candidate(live, now=now, **seen(staff))
        results = at_once(
            lambda live=live, staff=staff, now=now: note(cast, live, staff, now),
            lambda candidate=candidate, now=now: alert_raise(candidate, now=now),
        )
        assert not refused(results)
        answered(cast, results[1])
        assert share(live, now + AFTER) == (1, 1)
    assert sound()


def test_of_two_who_note_the_same_walk_one_does(committed_db: None) -> None:
    cast = make_cast()
    staff = make_staff(cast)
    live = make_live(cast, make_listed_subject(cast), staff, seeded_staff=True)
    now = timezone.now()
    results = at_once(*[lambda: note(cast, live, staff, now) for _ in range(4)])
    assert len(refused(results)) == 3
    assert live.passages.count() == 1
    assert sound()


def test_withdrawing_while_an_alert_is_raised_leaves_neither_alert_nor_picture(committed_db: None) -> None:
    cast = make_cast()
    for _ in range(ROUNDS):
        staff = make_staff(cast)
        live = make_live(cast, make_listed_subject(cast), staff, seeded_staff=True)
        now = timezone.now()
        candidate = make_candidate(live, now=now, **seen(staff))
        results = at_once(
            lambda staff=staff, now=now: consent_withdraw(actor=cast.sam, subject=staff, now=now),
            lambda candidate=candidate, now=now: alert_raise(candidate, now=now),
        )
        assert not refused(results)
        for alert in live.alerts.all():
            assert (alert.state, bytes(alert.probe), bytes(alert.portrait)) == ("expired", b"", b"")
    assert sound()


class TestThePage:
    def test_one_press_notes_a_passage(self, cast: Cast, live: Deployment, staff: Subject) -> None:
        client = browser(cast.olga)
        page = client.get(reverse("passages", args=[live.pk])).content.decode()
        sent = {"camera": camera_of(live).pk, "subject": staff.pk}
        answer = client.post(reverse("passage-note", args=[live.pk]), sent)
        scripted = client.post(reverse("passage-note", args=[live.pk]), sent, headers={"X-Requested-With": "fetch"})

        assert "Kim Colleague</button>" in page
        assert (answer.status_code, answer["Location"]) == (302, reverse("passages", args=[live.pk]))
        assert (scripted.status_code, scripted.json()["code"]) == (409, "noted")
        assert "Under way" in client.get(reverse("passages-list", args=[live.pk])).content.decode()
        assert "Kim Colleague</button>" in client.get(reverse("operator", args=[live.pk])).content.decode()

    def test_what_is_wrong_stands_beside_the_field(self, cast: Cast, live: Deployment, staff: Subject) -> None:
        passage = note(cast, live, staff, timezone.now())
        client = browser(cast.olga)
        url = reverse("passage-correct", args=[passage.pk])
        same = {"camera": passage.camera_id, "subject": staff.pk}
        unexplained = client.post(url, same)
        unchanged = client.post(url, same | {"reason": "No reason."})

        assert (unexplained.status_code, unchanged.status_code) == (400, 400)
        assert "Say why it is corrected" in unexplained.content.decode()
        assert "Nothing is changed" in unchanged.content.decode()
        assert client.post(reverse("passage-strike", args=[passage.pk]), {"reason": "None."}).status_code == 302
        assert "Struck out: None." in client.get(reverse("passage", args=[passage.pk])).content.decode()

    def test_the_rate_is_everybodys_and_the_names_are_not(self, cast: Cast, live: Deployment, staff: Subject) -> None:
        note(cast, live, staff, timezone.now())
        for person in (cast.finn, cast.ada):
            client = browser(person)
            rate = client.get(reverse("recognition", args=[live.pk])).content.decode()
            assert "Up to 381 are needed" in rate
            assert "Colleague" not in rate
            assert client.get(reverse("passages", args=[live.pk])).status_code == 403

    def test_a_deployment_without_staff_has_no_such_door(self, cast: Cast) -> None:
        live = make_live(cast)
        page = browser(cast.olga).get(reverse("operator", args=[live.pk])).content.decode()
        assert "Passages" not in page
        assert "Recognised here" not in page
