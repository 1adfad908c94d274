"""Every writing service, who may call it, and a call that succeeds for them."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from tests.cast import (
    Cast,
    approve,
    camera_of,
    make_alert,
    make_draft,
    make_listed_subject,
    make_live,
    make_picture,
    make_reference,
    make_rejected,
    make_staff,
    make_subject,
    make_user,
    seen,
)
from watchlist.models import (
    Alert,
    Answer,
    Appointment,
    Category,
    Deployment,
    LegalBasis,
    LocationGround,
    Membership,
    Passage,
    Proposal,
    ReferenceImage,
    Resemblance,
    Risk,
    Role,
    Stop,
    Subject,
    Template,
    User,
)
from watchlist.services.decisions import alert_decide
from watchlist.services.deployments import (
    deployment_apply,
    deployment_close,
    deployment_pause,
    deployment_resume,
    deployment_start,
    deployment_update,
)
from watchlist.services.fairness import recognition_by_group
from watchlist.services.lists import list_add, list_remove
from watchlist.services.passages import passage_correct, passage_note, passage_strike
from watchlist.services.promises import promise_agree, promise_decline, promise_propose, promise_tighten
from watchlist.services.references import (
    Resembling,
    reference_withdraw,
    references_clear_rejected,
    resemblance_answer,
)
from watchlist.services.staff import consent_withdraw, staff_create, staff_update
from watchlist.services.staffing import camera_add, camera_remove, camera_rename, member_add, member_remove
from watchlist.services.stops import stop_end, stop_start
from watchlist.services.subjects import subject_create, subject_create_pictured, subject_update
from watchlist.services.templates import template_failed, templates_retry
from watchlist.services.tokens import token_revoke
from watchlist.services.uploads import Upload, reference_add, references_add
from watchlist.services.users import appointment_add, appointment_remove, password_set, user_create, user_update
from watchlist.services.viewing import record_export


@dataclass
class World:
    """One object for every service to work on."""

    cast: Cast
    subject: Subject
    listed: Subject
    reference: ReferenceImage
    rejected: ReferenceImage
    resemblance: Resemblance
    draft: Deployment
    failing: Deployment
    approved: Deployment
    live: Deployment
    paused: Deployment
    alert: Alert
    confirmed: Alert
    stop: Stop
    staff: Subject
    passage: Passage
    proposal: Proposal
    newcomer: User
    appointment: Appointment
    membership: Membership


def make_world(cast: Cast) -> World:
    now = timezone.now()
    listed, other = make_listed_subject(cast), make_listed_subject(cast)
    reference = listed.references.get()
    twin = make_reference(
        cast, make_subject(cast), resemblances=[Resembling(reference.pk, Resemblance.Kind.SAME_FACE, 0.97)]
    )
    rejected = make_rejected(cast, make_subject(cast))
    staff, colleague = make_staff(cast), make_staff(cast)
    live = make_live(
        cast, listed, other, staff, colleague, seeded_staff=True, alert_seconds=600
    )  # as long as all calls take
    alert = make_alert(live, now=now, **seen(listed))
    confirmed = make_alert(live, now=now, **seen(other))
    alert_decide(actor=cast.olga, alert=confirmed, answer=Answer.SAME, reason="The same scar.", now=now)
    paused = make_live(cast)
    deployment_pause(actor=cast.olga, deployment=paused, reason="Rain on the lens.")
    approved = make_draft(cast)
    list_add(actor=cast.sam, deployment=approved, subject=listed)
    approve(cast.ada, Deployment.objects.get(pk=approved.pk))
    return World(
        cast=cast,
        subject=make_subject(cast),
        listed=listed,
        reference=reference,
        rejected=rejected,
        resemblance=twin.resemblances.get(),
        draft=make_draft(cast),
        failing=_failing(cast, listed),
        approved=Deployment.objects.get(pk=approved.pk),
        live=live,
        paused=paused,
        alert=alert,
        confirmed=confirmed,
        stop=Stop.objects.create(deployment=live, officer=cast.finn, grounds=["known"], started_at=now),
        staff=staff,
        passage=passage_note(actor=cast.olga, deployment=live, camera=camera_of(live), subject=colleague, now=now),
        proposal=promise_propose(actor=cast.sam, deployment=live, one_in=500, reason="Too few are found."),
        newcomer=make_user("newcomer"),
        appointment=Appointment.objects.get(user=cast.finn),
        membership=live.memberships.get(user=cast.finn),
    )


def _failing(cast: Cast, listed: Subject) -> Deployment:
    """A draft with an image that could not be enrolled with its pack."""
    draft = make_draft(cast)
    list_add(actor=cast.sam, deployment=draft, subject=listed)
    Deployment.objects.filter(pk=draft.pk).update(pack="third-1")
    template = Template.objects.create(reference=listed.references.get(), pack="third-1")
    template_failed(template=template, code="no_face", reason="No face was found.")
    return Deployment.objects.get(pk=draft.pk)


def reread(world: World) -> World:
    """As a door reads it: what an undone call left in the objects must not reach the next."""
    fields = {name: getattr(world, name) for name in world.__dataclass_fields__}
    fresh = {
        name: value if isinstance(value, Cast) else type(value).objects.filter(pk=value.pk).first() or value
        for name, value in fields.items()
    }
    return World(**fresh)


def _apply(w: World, actor: User) -> Any:
    now = timezone.now()
    return deployment_apply(
        actor=actor,
        name="Another",
        place="Station",
        ground=LocationGround.INTELLIGENCE,
        evidence="Sightings.",
        purpose="To find people wanted by the courts.",
        categories=[Category.WANTED_BY_COURTS],
        starts_at=now,
        ends_at=now + dt.timedelta(hours=1),
        one_in=2000,
        footfall=100,
    )


COURT_2020: dict[str, Any] = {"source": "court", "taken_on": dt.date(2020, 1, 1)}


def _two_files() -> list[Upload]:
    return [Upload(make_picture(), "one.jpg"), Upload(make_picture(), "two.jpg")]


def _somebody() -> dict[str, Any]:
    return {
        "name": "Somebody",
        "record_number": "R-somebody",
        "category": Category.WANTED_BY_COURTS,
        "legal_basis": LegalBasis.WARRANT,
        "risk": Risk.GREEN,
        "instructions": "Ask for a document.",
        "expires_on": timezone.localdate() + dt.timedelta(days=1),
    }


def _start_stop(w: World, actor: User) -> Any:
    Stop.objects.filter(pk=w.stop.pk).delete()  # else the officer is busy
    return stop_start(actor=actor, deployment=w.live, grounds=["alert"], alert=w.confirmed, now=timezone.now())


def _decide(w: World, actor: User) -> Any:
    return alert_decide(actor=actor, alert=w.alert, answer=Answer.SAME, reason="The nose.", now=timezone.now())


def _end_stop(w: World, actor: User) -> Any:
    return stop_end(
        actor=actor, stop=w.stop, identity_check="document", outcome="no_action", note="", now=timezone.now()
    )


def _kim() -> dict[str, Any]:
    today = timezone.localdate()
    week = dt.timedelta(days=7)
    return {"name": "Kim", "record_number": "S-kim", "consented_on": today, "expires_on": today + week}


def _note(w: World, actor: User) -> Any:
    return passage_note(actor=actor, deployment=w.live, camera=camera_of(w.live), subject=w.staff, now=timezone.now())


def _correct(w: World, actor: User) -> Any:
    past = camera_of(w.live)
    return passage_correct(actor=actor, passage=w.passage, camera=past, subject=w.staff, reason="The wrong name.")


def _compare(w: World, actor: User) -> Any:
    lines = ["record_number,group", f"{w.staff.record_number},a"]
    return recognition_by_group(actor=actor, deployment=w.live, lines=lines, why="A test.")


def _strike(w: World, actor: User) -> Any:
    return passage_strike(actor=actor, passage=w.passage, reason="They turned round.", now=timezone.now())


Call = Callable[[World, User], Any]

# Which roles may call it, and a call that succeeds for them.
SERVICES: dict[str, tuple[str, Call]] = {
    "user_create": ("administrator", lambda w, a: user_create(actor=a, username="fresh", password="x" * 20)),
    "user_update": (
        "administrator",
        lambda w, a: user_update(actor=a, user=w.newcomer, display_name="New", is_active=False),
    ),
    "password_set": ("administrator", lambda w, a: password_set(actor=a, user=w.newcomer, password="y" * 20)),
    "token_revoke": ("administrator", lambda w, a: token_revoke(actor=a, user=w.newcomer)),
    "appointment_add": ("administrator", lambda w, a: appointment_add(actor=a, user=w.newcomer, role=Role.OFFICER)),
    "appointment_remove": (
        "administrator",
        lambda w, a: appointment_remove(actor=a, appointment=w.appointment),
    ),
    "subject_create": ("steward", lambda w, a: subject_create(actor=a, **_somebody())),
    "subject_update": ("steward", lambda w, a: subject_update(actor=a, subject=w.subject, risk=Risk.RED)),
    "staff_create": ("steward", lambda w, a: staff_create(actor=a, **_kim())),
    "staff_update": ("steward", lambda w, a: staff_update(actor=a, subject=w.staff, name="Kim")),
    "consent_withdraw": ("steward", lambda w, a: consent_withdraw(actor=a, subject=w.staff, now=timezone.now())),
    "reference_add": (
        "steward",
        lambda w, a: reference_add(actor=a, subject=w.subject, data=make_picture(), **COURT_2020),
    ),
    "references_add": (
        "steward",
        lambda w, a: references_add(actor=a, subject=w.subject, files=_two_files(), **COURT_2020),
    ),
    "subject_create_pictured": (
        "steward",
        lambda w, a: subject_create_pictured(actor=a, files=_two_files(), **COURT_2020, **_somebody()),
    ),
    "references_clear_rejected": (
        "steward",
        lambda w, a: references_clear_rejected(actor=a, subject=w.rejected.subject),
    ),
    "reference_withdraw": (
        "steward",
        lambda w, a: reference_withdraw(actor=a, reference=w.reference, reason="A better one came."),
    ),
    "resemblance_answer": (
        "steward",
        lambda w, a: resemblance_answer(actor=a, resemblance=w.resemblance, answer="two_people", reason="Brothers."),
    ),
    "deployment_apply": ("steward", _apply),
    "deployment_update": ("steward", lambda w, a: deployment_update(actor=a, deployment=w.draft, footfall=9)),
    "deployment_approve": (
        "authoriser",
        lambda w, a: approve(a, Deployment.objects.get(pk=w.draft.pk)),
    ),
    "deployment_start": ("operator", lambda w, a: deployment_start(actor=a, deployment=w.approved)),
    "deployment_pause": ("operator", lambda w, a: deployment_pause(actor=a, deployment=w.live, reason="Rain.")),
    "deployment_resume": ("operator", lambda w, a: deployment_resume(actor=a, deployment=w.paused)),
    "deployment_close": (
        "authoriser operator administrator",
        lambda w, a: deployment_close(actor=a, deployment=w.live, reason="Done."),
    ),
    "promise_tighten": (
        "authoriser steward",
        lambda w, a: promise_tighten(actor=a, deployment=w.live, one_in=2000, reason="Too many are stopped."),
    ),
    "promise_propose": (
        "authoriser steward",
        lambda w, a: promise_propose(actor=a, deployment=w.approved, one_in=500, reason="Too few are found."),
    ),
    "promise_agree": ("authoriser", lambda w, a: promise_agree(actor=a, proposal=w.proposal)),
    "promise_decline": (
        "authoriser steward",
        lambda w, a: promise_decline(actor=a, proposal=w.proposal, reason="They are found often enough."),
    ),
    "member_add": (
        "steward",
        lambda w, a: (
            Appointment.objects.create(user=w.newcomer, role=Role.OFFICER),
            member_add(actor=a, deployment=w.live, user=w.newcomer, role=Role.OFFICER),
        ),
    ),
    "member_remove": (
        "steward",
        lambda w, a: (w.stop.delete(), member_remove(actor=a, membership=w.membership)),
    ),
    "camera_add": ("steward", lambda w, a: camera_add(actor=a, deployment=w.draft, name="South")),
    "camera_rename": ("steward", lambda w, a: camera_rename(actor=a, camera=w.draft.cameras.get(), name="South")),
    "camera_remove": ("steward", lambda w, a: camera_remove(actor=a, camera=w.draft.cameras.get())),
    "templates_retry": ("steward", lambda w, a: templates_retry(actor=a, deployment=w.failing)),
    "list_add": ("steward", lambda w, a: list_add(actor=a, deployment=w.draft, subject=w.subject)),
    "list_remove": (
        "steward",
        lambda w, a: list_remove(actor=a, entry=w.live.entries.get(subject=w.listed), reason="Warrant withdrawn."),
    ),
    "alert_decide": ("operator", _decide),
    "passage_note": ("operator", _note),
    "passage_correct": ("operator", _correct),
    "passage_strike": ("operator", _strike),
    "stop_start": ("officer", _start_stop),
    "stop_end": ("officer", _end_stop),
    "recognition_by_group": ("auditor", _compare),
    "record_export": ("auditor", lambda w, a: list(record_export(actor=a, purpose="test"))),
}
