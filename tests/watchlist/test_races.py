"""People and workers who act at the same instant, on separate connections: one comes first, nobody deadlocks, the
record stays one chain."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from tests.cast import (
    Cast,
    approve,
    camera_of,
    make_alert,
    make_candidate,
    make_cast,
    make_draft,
    make_listed_subject,
    make_live,
    make_pending,
    make_reference,
    make_rejected,
    make_subject,
    make_user,
    seen,
)
from tests.racing import ROUNDS, at_once, refused, sound
from watchlist.errors import WatchlistError
from watchlist.models import (
    Alert,
    AuditEntry,
    Camera,
    CameraUse,
    Deployment,
    Proposal,
    ProposalState,
    Resemblance,
    Role,
    Stop,
    Subject,
)
from watchlist.selectors.calibrations import calibration_for, measured
from watchlist.selectors.terms import terms_digest
from watchlist.services.alerts import alert_raise, alerts_expire
from watchlist.services.audit import record
from watchlist.services.cameras import camera_connected
from watchlist.services.decisions import alert_decide
from watchlist.services.deployments import deployment_approve, deployment_close, deployment_start, deployment_update
from watchlist.services.lists import list_add, list_remove
from watchlist.services.promises import promise_agree, promise_decline, promise_propose
from watchlist.services.references import (
    Resembling,
    reference_withdraw,
    references_clear_rejected,
    resemblance_answer,
)
from watchlist.services.staffing import camera_remove, member_add
from watchlist.services.stops import stop_start
from watchlist.services.subjects import subject_update
from watchlist.services.users import appointment_add


@pytest.fixture
def people(committed_db: None) -> Cast:
    return make_cast()


def decide(operator: Any, alert: Alert, answer: str = "same") -> Callable[[], Any]:
    read = Alert.objects.select_related("deployment").get(pk=alert.pk)
    return lambda: alert_decide(actor=operator, alert=read, answer=answer, reason="The scar.", now=timezone.now())


def test_of_two_operators_one_decides(people: Cast) -> None:
    for _ in range(ROUNDS):
        alert = make_alert(make_live(people))
        results = at_once(decide(people.olga, alert, "same"), decide(people.omar, alert, "different"))
        assert len(refused(results)) == 1
        [decision] = alert.decisions.all()
        assert Alert.objects.get(pk=alert.pk).state == ("confirmed" if decision.answer == "same" else "dismissed")
    assert sound()


def test_a_double_click_is_one_answer_and_never_both_of_two(people: Cast) -> None:
    for _ in range(ROUNDS):
        alert = make_alert(make_live(people, two_person=True))
        results = at_once(*[decide(people.olga, alert) for _ in range(4)])
        assert len(refused(results)) == 3
        assert Alert.objects.get(pk=alert.pk).state == "seconded"
    assert sound()


def test_a_decision_and_the_expiry_do_not_both_happen(people: Cast) -> None:
    for _ in range(ROUNDS):
        alert = make_alert(make_live(people))
        at_once(decide(people.olga, alert), lambda late=alert.expires_at: alerts_expire(now=late))
        state = Alert.objects.get(pk=alert.pk).state
        assert (state, alert.decisions.count()) in {("confirmed", 1), ("expired", 0)}
    assert sound()


def test_an_overdue_alert_ends_once_and_makes_room_for_one_other(people: Cast) -> None:
    for _ in range(ROUNDS):
        live = make_live(people)
        overdue = make_alert(live)
        later = overdue.expires_at + 3 * dt.timedelta(seconds=live.quiet_seconds)
        candidate = make_candidate(live, now=later)
        come = [lambda candidate=candidate, now=later: alert_raise(candidate, now=now) for _ in range(2)]
        at_once(decide(people.olga, overdue), lambda now=later: alerts_expire(now=now), *come)
        assert sorted(live.alerts.values_list("state", flat=True))[1:] == ["open"]
        overdue.refresh_from_db()
        told = AuditEntry.objects.filter(action="alert.expired", body__contains=str(overdue.pk)).count()
        assert told == (overdue.state == "expired")
    assert sound()


@pytest.mark.parametrize("two_person", [False, True])
def test_closing_while_someone_decides_leaves_nothing_open(two_person: bool, people: Cast) -> None:
    for _ in range(ROUNDS):
        live = make_live(people, two_person=two_person)
        alert = make_alert(live)
        at_once(
            decide(people.olga, alert),
            lambda live=live: deployment_close(actor=people.ada, deployment=live, reason="Done."),
        )
        alert.refresh_from_db()
        assert alert.state in ("confirmed", "expired")
        told = AuditEntry.objects.filter(action="alert.expired", body__contains=str(alert.pk)).count()
        assert told == (alert.state == "expired")
    assert sound()


def test_many_cameras_raise_one_alert(people: Cast) -> None:
    for _ in range(ROUNDS):
        live, now = make_live(people), timezone.now()
        cameras = [live.cameras.create(name=f"Camera {number}") for number in range(6)]
        candidates = [make_candidate(live, now=now, camera_id=camera.pk) for camera in cameras]
        results = at_once(
            *[lambda sighting=sighting, now=now: alert_raise(sighting, now=now) for sighting in candidates]
        )
        raised = [alert for alert in results if alert is not None]
        assert len(raised) == 1
        assert Alert.objects.get(deployment=live).sightings == len(cameras)
    assert sound()


@pytest.mark.parametrize("ending", ["removed", "withdrawn", "closed"])
def test_no_alert_is_left_open_on_what_ended_meanwhile(ending: str, people: Cast) -> None:
    for _ in range(ROUNDS):
        subject = make_listed_subject(people)
        live, now = make_live(people, subject), timezone.now()
        candidate, entry, reference = make_candidate(live, now=now), live.entries.get(), subject.references.get()
        endings = {
            "removed": lambda entry=entry: list_remove(actor=people.sam, entry=entry, reason="Found."),
            "withdrawn": lambda kept=reference: reference_withdraw(actor=people.sam, reference=kept, reason="Wrong."),
            "closed": lambda live=live: deployment_close(actor=people.ada, deployment=live, reason="Done."),
        }
        results = at_once(lambda sighting=candidate, now=now: alert_raise(sighting, now=now), endings[ending])
        assert not refused(results)
        assert not live.alerts.filter(state="open").exists()
    assert sound()


def test_two_officers_start_one_stop_on_an_alert(people: Cast) -> None:
    fay, fred = make_user("fay"), make_user("fred")
    for officer in (fay, fred):
        appointment_add(actor=people.adam, user=officer, role=Role.OFFICER)
    for _ in range(ROUNDS):
        live = make_live(people)
        for officer in (fay, fred):
            member_add(actor=people.sam, deployment=live, user=officer, role=Role.OFFICER)
        alert = make_alert(live)
        decide(people.olga, alert)()
        alert.refresh_from_db()
        start = [
            lambda who=who, live=live, alert=alert: stop_start(
                actor=who, deployment=live, grounds=["alert"], alert=alert, now=timezone.now()
            )
            for who in (fay, fred, fay, fred)
        ]
        assert len(refused(at_once(*start))) == 3
        assert Stop.objects.filter(deployment=live).count() == 1
    assert sound()


def test_nothing_is_approved_that_was_changed_in_the_same_instant(people: Cast) -> None:
    for _ in range(ROUNDS):
        draft = Deployment.objects.get(pk=make_draft(people, one_in=2000).pk)
        again, read = Deployment.objects.get(pk=draft.pk), terms_digest(draft)
        at_once(
            lambda draft=draft, read=read: deployment_approve(actor=people.ada, deployment=draft, terms=read),
            lambda again=again: deployment_update(actor=people.sam, deployment=again, one_in=3000),
        )
        kept = Deployment.objects.get(pk=draft.pk)
        assert (kept.state, kept.one_in) in {("approved", 2000), ("draft", 3000)}
    assert sound()


def test_two_authorisers_agree_to_one_proposal(people: Cast) -> None:
    alma = make_user("alma")
    appointment_add(actor=people.adam, user=alma, role=Role.AUTHORISER)
    for _ in range(ROUNDS):
        live = make_live(people)
        live.memberships.create(user=alma, role=Role.AUTHORISER, added_by=people.sam)
        pk = promise_propose(actor=people.sam, deployment=live, one_in=100, reason="A child is missing.").pk
        *read, decline = [Proposal.objects.get(pk=pk) for _ in range(5)]
        agree = [
            lambda who=who, proposal=proposal: promise_agree(actor=who, proposal=proposal)
            for who, proposal in zip((people.ada, alma, people.ada, alma), read, strict=True)
        ]
        results = at_once(
            *agree, lambda decline=decline: promise_decline(actor=people.sam, proposal=decline, reason="Found.")
        )
        assert len(refused(results)) == 4
        agreed = Proposal.objects.get(pk=pk).state == ProposalState.AGREED
        assert Deployment.objects.get(pk=live.pk).one_in == (100 if agreed else 1000)
    assert sound()


def test_a_promise_that_changes_in_the_instant_of_the_start_holds_after_both(people: Cast) -> None:
    for _ in range(ROUNDS):
        draft = make_draft(people)
        list_add(actor=people.sam, deployment=draft, subject=make_listed_subject(people))
        approve(people.ada, draft)
        approved = Deployment.objects.get(pk=draft.pk)
        proposal = promise_propose(actor=people.sam, deployment=draft, one_in=100, reason="A child is missing.")
        results = at_once(
            lambda approved=approved: deployment_start(actor=people.olga, deployment=approved),
            lambda proposal=proposal: promise_agree(actor=people.ada, proposal=proposal),
        )
        assert refused(results) == []
        started = Deployment.objects.get(pk=draft.pk)
        stored = measured(calibration_for(started.pack))
        assert (started.state, started.one_in) == ("live", 100)
        assert started.threshold == stored.threshold_for(templates=1, one_in=100)
    assert sound()


def test_images_that_are_enrolled_at_once_are_all_reckoned_with(people: Cast) -> None:
    for _ in range(ROUNDS):
        live = make_live(people)
        subject = live.entries.get().subject
        at_once(*[lambda subject=subject: make_reference(people, subject) for _ in range(4)])
        grown = Deployment.objects.get(pk=live.pk)
        assert (grown.calibrated_for, grown.threshold) == (
            6,  # five images, and their mean
            measured(calibration_for(live.pack)).threshold_for(templates=6),
        )
    assert sound()


def test_nobody_is_listed_after_the_start(people: Cast) -> None:
    for _ in range(ROUNDS):
        draft, late = make_draft(people), make_subject(people)
        list_add(actor=people.sam, deployment=draft, subject=make_listed_subject(people))
        approved = Deployment.objects.get(pk=draft.pk)
        approve(people.ada, approved)
        added, started = at_once(
            lambda draft=draft, late=late: list_add(actor=people.sam, deployment=draft, subject=late),
            lambda approved=approved: deployment_start(actor=people.olga, deployment=approved),
        )
        assert not isinstance(started, WatchlistError)
        actions = AuditEntry.objects.filter(deployment=draft.pk, action__in=["list.added", "deployment.started"])
        assert actions.order_by("-seq").values_list("action", flat=True)[0] == "deployment.started"
        assert draft.entries.filter(subject=late).exists() is not isinstance(added, WatchlistError)
    assert sound()


def test_one_person_does_not_get_two_roles_that_exclude_each_other(people: Cast) -> None:
    for role in (Role.OPERATOR, Role.AUTHORISER):
        appointment_add(actor=people.adam, user=people.nell, role=role)
    for _ in range(ROUNDS):
        draft = make_draft(people)
        add = [
            lambda role=role, draft=draft: member_add(actor=people.sam, deployment=draft, user=people.nell, role=role)
            for role in (Role.OPERATOR, Role.AUTHORISER)
        ]
        assert len(refused(at_once(*add))) == 1
        assert draft.memberships.filter(user=people.nell).count() == 1


def test_many_writers_keep_one_chain(people: Cast) -> None:
    before = AuditEntry.objects.count()

    def write(number: int) -> None:
        for step in range(20):
            with transaction.atomic():
                record("test.written", actor=None, facts={"writer": number, "step": step}, detail={"n": number})

    at_once(*[lambda number=number: write(number) for number in range(8)])
    assert AuditEntry.objects.count() == before + 160
    assert sound()


def test_a_camera_is_opened_or_removed_never_both(people: Cast) -> None:
    for number in range(ROUNDS):
        camera = camera_of(make_draft(people, name=f"Draft {number}"))
        results = at_once(
            lambda camera=camera: camera_connected(actor=people.olga, camera=camera, now=timezone.now()),
            lambda camera=camera: camera_remove(actor=people.sam, camera=camera),
        )
        assert len(refused(results)) == 1
        assert Camera.objects.filter(pk=camera.pk).count() == CameraUse.objects.filter(camera=camera.pk).count()
    assert sound()


@pytest.mark.parametrize(
    ("kind", "answers"),
    [("face", ("two_people", "same_person")), ("misfit", ("somebody_else", "other_wrong"))],
)
def test_of_two_stewards_one_answers_a_warning(kind: str, answers: tuple[str, str], people: Cast) -> None:
    for _ in range(ROUNDS):
        warning = _warning(people, kind)
        results = at_once(*[_answer(people, warning, answer) for answer in answers for _ in range(2)])
        assert len(refused(results)) == 3
        kept = Resemblance.objects.select_related("reference", "other").get(pk=warning.pk)
        wrong = {"same_person": "reference", "somebody_else": "reference", "other_wrong": "other"}.get(kept.answer)
        gone = [side for side in ("reference", "other") if getattr(kept, side).state == "withdrawn"]
        assert gone == ([wrong] if wrong else [])
    assert sound()


@pytest.mark.parametrize("answer", ["fits", "somebody_else", "other_wrong"])
@pytest.mark.parametrize("side", ["reference", "other"])
def test_an_answer_while_an_image_is_withdrawn_leaves_it_withdrawn_once(side: str, answer: str, people: Cast) -> None:
    """Whichever comes second finds it done: the answer is kept, or is refused and can be given again."""
    for _ in range(ROUNDS):
        warning = _warning(people, "misfit")
        image = getattr(warning, side)
        results = at_once(
            _answer(people, warning, answer),
            lambda image=image: reference_withdraw(actor=people.sam, reference=image, reason="A better one came."),
        )
        assert len(refused(results)) <= 1
        image.refresh_from_db()
        assert image.state == "withdrawn"
        warning.refresh_from_db()
        told = AuditEntry.objects.filter(action="resemblance.answered", body__contains=str(warning.reference_id))
        assert told.count() == bool(warning.answer)
    assert sound()


def _warning(people: Cast, kind: str) -> Resemblance:
    listed = make_listed_subject(people)
    subject = listed if kind == "misfit" else make_subject(people)
    found = [Resembling(listed.references.get().pk, Resemblance.Kind(kind), 0.9)]
    warning = make_reference(people, subject, resemblances=found).resemblances.get()
    make_live(people, *{listed, subject})
    return warning


def _answer(people: Cast, warning: Resemblance, answer: str) -> Callable[[], Any]:
    read = Resemblance.objects.get(pk=warning.pk)
    return lambda: resemblance_answer(actor=people.sam, resemblance=read, answer=answer, reason="By the record.")


def test_everything_at_once_deadlocks_nowhere(people: Cast) -> None:
    """Every service that locks more than one row, on the same rows, in every order that chance finds."""
    for _ in range(ROUNDS):
        _everything_at_once(people)
    assert sound()


def _everything_at_once(people: Cast) -> None:
    one, other = make_listed_subject(people), make_listed_subject(people)
    first = one.references.get()
    make_rejected(people, one)
    here, there = make_live(people, one, other), make_live(people, other, one)
    standing = [make_alert(here, **seen(one)), make_alert(there, **seen(other))]
    now, tomorrow = timezone.now(), timezone.localdate() + dt.timedelta(days=1)
    sightings = [make_candidate(here, now=now, **seen(other)), make_candidate(there, now=now, **seen(one))]
    twin = make_reference(
        people, one, resemblances=[Resembling(other.references.get().pk, Resemblance.Kind.SAME_FACE, 0.97)]
    )
    warning, entry, fresh = twin.resemblances.get(), here.entries.get(subject=one), Subject.objects.get(pk=other.pk)
    at_once(
        decide(people.olga, standing[0]),
        decide(people.omar, standing[1], "different"),
        *[lambda sighting=sighting: alert_raise(sighting, now=now) for sighting in sightings],
        lambda: list_remove(actor=people.sam, entry=entry, reason="Found."),
        lambda: subject_update(actor=people.sam, subject=fresh, expires_on=tomorrow),
        lambda: resemblance_answer(actor=people.sam, resemblance=warning, answer="same_person", reason="Same."),
        lambda: reference_withdraw(actor=people.sam, reference=first, reason="Wrong."),
        lambda: make_pending(people, one),
        lambda: references_clear_rejected(actor=people.sam, subject=one),
        lambda: deployment_close(actor=people.ada, deployment=there, reason="Done."),
        lambda: alerts_expire(now=now + dt.timedelta(minutes=5)),
    )
