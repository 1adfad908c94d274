"""A shift through the API: alerts answered, stops recorded, people listed; and what is never in its answers."""

import base64
import json
from datetime import timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test.client import encode_multipart
from django.urls import reverse
from django.utils import timezone

from recognition.packs.calibration import shipped
from tests.cast import (
    PACK,
    Cast,
    browser,
    make_alert,
    make_draft,
    make_live,
    make_picture,
    make_reference,
    make_subject,
    make_template,
)
from watchlist.models import Alert, AlertState, AuditEntry, ReferenceImage, Resemblance, Stop, Subject, Template, User
from watchlist.services.references import Resembling


def post(user: User, address: str, /, *args: Any, **body: Any) -> Any:
    return browser(user).post(reverse(f"api:{address}", args=args), body, content_type="application/json")


def get(user: User, name: str, *args: Any, query: str = "") -> Any:
    return browser(user).get(reverse(f"api:{name}", args=args) + query)


def test_an_operator_answers_an_alert_once(cast: Cast) -> None:
    alert = make_alert(make_live(cast))
    answered = post(cast.olga, "alert-decide", alert.pk, answer="same", reason="The scar over the left eye.")
    assert answered.status_code == 201
    assert answered.json()["answer"] == "same"
    alert.refresh_from_db()
    assert alert.state == AlertState.CONFIRMED
    late = post(cast.omar, "alert-decide", alert.pk, answer="different", reason="The ears.")
    assert late.status_code == 409
    assert set(late.json()) == {"code", "message", "fields"}


def test_an_answer_needs_a_reason_and_a_known_word(cast: Cast) -> None:
    alert = make_alert(make_live(cast))
    response = post(cast.olga, "alert-decide", alert.pk, answer="maybe", reason="")
    assert response.status_code == 400
    assert set(response.json()["fields"]) == {"answer", "reason"}
    alert.refresh_from_db()
    assert alert.state == AlertState.OPEN


def test_person_and_score_come_with_the_answer(cast: Cast) -> None:
    alert = make_alert(make_live(cast, two_person=True))
    seen = []
    for operator in (cast.olga, cast.omar):
        before = get(operator, "alert", alert.pk).json()
        seen.append((before["sought"], before["score"]))
        post(operator, "alert-decide", alert.pk, answer="same", reason="The scar.")
    assert seen == [(None, None), (None, None)]
    after = get(cast.olga, "alert", alert.pk).json()
    assert after["sought"]["name"] == alert.subject.name
    assert after["score"] == alert.score
    assert len(after["decisions"]) == 2


def test_officers_are_told_of_confirmed_alerts_only(cast: Cast) -> None:
    deployment = make_live(cast)
    alert = make_alert(deployment)
    assert get(cast.finn, "alerts", deployment.pk).json()["count"] == 0
    assert get(cast.finn, "alert", alert.pk).status_code == 404
    post(cast.olga, "alert-decide", alert.pk, answer="same", reason="The scar.")
    assert [found["id"] for found in get(cast.finn, "alerts", deployment.pk).json()["results"]] == [str(alert.pk)]


def test_alerts_are_asked_for_by_state(cast: Cast) -> None:
    deployment = make_live(cast)
    make_alert(deployment)
    assert get(cast.olga, "alerts", deployment.pk, query="?state=open&state=seconded").json()["count"] == 1
    assert get(cast.olga, "alerts", deployment.pk, query="?state=confirmed").json()["count"] == 0
    refused = get(cast.olga, "alerts", deployment.pk, query="?state=asleep")
    assert (refused.status_code, refused.json()["code"]) == (400, "state")


def test_an_officer_records_a_stop_from_start_to_end(cast: Cast) -> None:
    deployment = make_live(cast)
    alert = make_alert(deployment)
    post(cast.olga, "alert-decide", alert.pk, answer="same", reason="The scar.")
    started = post(cast.finn, "stops", deployment.pk, grounds=["alert"], alert=str(alert.pk))
    assert started.status_code == 201
    ended = post(cast.finn, "stop-end", started.json()["id"], identity_check="document", outcome="arrest", minutes=12)
    assert ended.status_code == 200
    assert (ended.json()["state"], ended.json()["minutes"], ended.json()["alert"]) == ("ended", 12, str(alert.pk))
    again = post(cast.finn, "stop-end", started.json()["id"], identity_check="document", outcome="arrest")
    assert again.status_code == 409


def test_covering_ones_face_is_no_ground_by_itself(cast: Cast) -> None:
    deployment = make_live(cast)
    refused = post(cast.finn, "stops", deployment.pk, grounds=["covered_face", "avoided_camera"])
    assert (refused.status_code, refused.json()["code"]) == (409, "ground_not_enough")
    assert not Stop.objects.exists()
    without_alert = post(cast.finn, "stops", deployment.pk, grounds=["covered_face", "behaviour"])
    assert (without_alert.status_code, without_alert.json()["alert"]) == (201, None)


def a_subject(**changes: Any) -> dict[str, Any]:
    return {
        "name": "Somebody",
        "record_number": "W-1",
        "category": "wanted",
        "legal_basis": "warrant",
        "risk": "amber",
        "instructions": "Ask for a document.",
        "expires_on": (timezone.localdate() + timedelta(days=3)).isoformat(),
    } | changes


def test_a_steward_lists_a_person_and_hands_in_an_image(cast: Cast) -> None:
    made = post(cast.sam, "subjects", **a_subject())
    assert made.status_code == 201
    assert Subject.objects.get().added_by == cast.sam
    handed_in = browser(cast.sam).post(
        reverse("api:references", args=[made.json()["id"]]),
        {
            "image": SimpleUploadedFile("somebody.jpg", make_picture(), "image/jpeg"),
            "source": "custody",
            "taken_on": "2024-05-01",
        },
    )
    assert handed_in.status_code == 202
    assert handed_in.json()["state"] == "pending"
    status = get(cast.sam, "reference", handed_in.json()["id"]).json()
    assert (status["state"], status["resemblances"]) == ("pending", [])


def test_rules_of_the_list_are_told_by_field(cast: Cast) -> None:
    unjustified = post(cast.sam, "subjects", **a_subject(category="witness"))
    assert unjustified.status_code == 400
    assert "justification" in unjustified.json()["message"]
    past = post(cast.sam, "subjects", **a_subject(expires_on="2020-01-01"))
    assert set(past.json()["fields"]) == {"expires_on"}
    post(cast.sam, "subjects", **a_subject())
    twice = post(cast.sam, "subjects", **a_subject())
    assert set(twice.json()["fields"]) == {"record_number"}
    assert Subject.objects.count() == 1


def test_a_warning_is_told_with_the_image(cast: Cast) -> None:
    listed = make_reference(cast, make_subject(cast))
    found = [Resembling(listed.pk, Resemblance.Kind.SAME_FACE, 0.97)]
    twin = make_reference(cast, make_subject(cast), resemblances=found)
    warnings = get(cast.sam, "reference", twin.pk).json()["resemblances"]
    assert [(warning["kind"], warning["score"], warning["answer"]) for warning in warnings] == [("face", 0.97, "")]


def test_warnings_are_listed_by_kind_and_answered_once(cast: Cast) -> None:
    subject = make_subject(cast)
    listed = make_reference(cast, subject)
    misfit = make_reference(cast, subject, resemblances=[Resembling(listed.pk, Resemblance.Kind.MISFIT, 0.7)])
    alike = [Resembling(listed.pk, Resemblance.Kind.LOOK_ALIKE, 0.94)]
    twin = make_reference(cast, make_subject(cast), resemblances=alike)
    waiting = get(cast.sam, "warnings").json()
    assert (waiting["count"], waiting["results"][0]["reference"]) == (2, str(twin.pk))
    of_own = get(cast.sam, "warnings", query="?kind=misfit").json()["results"]
    assert [(row["reference"], row["other"]) for row in of_own] == [(str(misfit.pk), str(listed.pk))]
    assert get(cast.sam, "warnings", query="?kind=ghost").status_code == 400

    of_another_kind = post(cast.sam, "warning-answer", of_own[0]["id"], answer="two_people", reason="Twins.")
    answered = post(cast.sam, "warning-answer", of_own[0]["id"], answer="somebody_else", reason="A mix-up.")
    again = post(cast.sam, "warning-answer", of_own[0]["id"], answer="fits", reason="On reflection.")
    assert (of_another_kind.status_code, answered.status_code, again.status_code) == (400, 200, 409)
    assert answered.json()["answer"] == "somebody_else"
    assert ReferenceImage.objects.get(pk=misfit.pk).state == "withdrawn"
    assert get(cast.sam, "warnings").json()["count"] == 1


def test_a_look_alike_is_told_with_the_answer_and_without_a_name(cast: Cast) -> None:
    subject, other = make_subject(cast), make_subject(cast, name="Bruno Brother")
    listed = make_reference(cast, subject)
    alike = [Resembling(listed.pk, Resemblance.Kind.LOOK_ALIKE, 0.94)]
    twin = make_reference(cast, other, resemblances=alike)
    warning = twin.resemblances.get()
    post(
        cast.sam,
        "warning-answer",
        warning.pk,
        answer="two_people",
        reason="By name.",
        marks="A beard.",
        other_marks="A scar.",
    )
    alert = make_alert(make_live(cast, subject))
    assert get(cast.olga, "alert", alert.pk).json()["look_alikes"] is None
    post(cast.olga, "alert-decide", alert.pk, answer="same", reason="The same scar.")
    for person in (cast.olga, cast.finn, cast.audrey):
        told = get(person, "alert", alert.pk)
        assert told.json()["look_alikes"] == [{"listed_here": False, "marks": ["A scar."], "other_marks": ["A beard."]}]
        for secret in ("Bruno", other.record_number, str(other.pk), str(twin.pk)):
            assert secret not in told.content.decode()


def test_looking_at_a_person_or_an_alert_is_on_the_record(cast: Cast) -> None:
    deployment = make_live(cast)
    alert = make_alert(deployment)
    get(cast.audrey, "alert", alert.pk)
    get(cast.audrey, "subject", alert.subject_id)
    get(cast.audrey, "subjects")
    facts = [
        (entry.actor, json.loads(entry.body)["facts"])
        for entry in AuditEntry.objects.filter(action="record.viewed").order_by("seq")
    ]
    assert facts == [
        (str(cast.audrey.pk), {"what": what, "id": pk, "purpose": "API"})
        for what, pk in (
            ("alert", str(alert.pk)),
            ("subject", str(alert.subject_id)),
            ("subject list", "all"),
        )
    ]


def test_a_deployment_says_what_it_promises_and_on_what_that_rests(cast: Cast, uncalibrated_pack: str) -> None:
    live = make_live(cast)
    said = get(cast.olga, "deployment", live.pk).json()["promise"]
    assert (said["one_in"], said["threshold"], said["templates"]) == (1000, live.threshold, 1)
    assert said["false_alerts"] == said["false_alert_rate"] * live.footfall
    assert 0 < said["false_alert_rate"] <= 1 / 1000
    calibration = shipped(PACK)
    assert said["recognised"] == calibration.recognised_share(said["threshold"])
    assert said["largest_list"] == calibration.largest_list()
    assert (said["calibrated_on"], said["measured_on"]) == (calibration.source, calibration.date.isoformat())
    unmeasured = make_draft(cast, pack=uncalibrated_pack)
    assert get(cast.olga, "deployment", unmeasured.pk).json()["promise"] is None


def test_no_answer_holds_a_picture_or_a_template(cast: Cast) -> None:
    subject = make_subject(cast)
    template, picture, probe = make_template(), make_picture(), make_picture()
    reference = make_reference(cast, subject, template=template, data=picture)
    deployment = make_live(cast, subject)
    alert = make_alert(deployment, probe=probe)
    post(cast.olga, "alert-decide", alert.pk, answer="same", reason="The scar.")
    sealed = ReferenceImage.objects.values_list("image", "portrait").get(pk=reference.pk)
    sealed += Template.objects.values_list("vector").get(reference=reference)
    sealed += Alert.objects.values_list("probe", "portrait").get(pk=alert.pk)
    answers = "".join(
        get(cast.audrey, name, *args).content.decode()
        for name, args in (
            ("deployments", []),
            ("deployment", [deployment.pk]),
            ("alerts", [deployment.pk]),
            ("alert", [alert.pk]),
            ("subjects", []),
            ("subject", [subject.pk]),
            ("reference", [reference.pk]),
        )
    )
    for secret in (template, picture, probe, *map(bytes, sealed)):
        inside = secret[30:60]
        assert base64.b64encode(inside).decode() not in answers
        assert inside.hex() not in answers
    longest = max(len(word) for word in answers.replace('"', " ").split())
    assert longest < 60, "Nothing but ids, words and numbers: no word is as long as an encoded picture."


def test_a_body_that_is_no_form_is_refused(cast: Cast) -> None:
    subject = make_subject(cast)
    body = encode_multipart("other", {"source": "custody"})
    response = browser(cast.sam).post(
        reverse("api:references", args=[subject.pk]), body, content_type="multipart/form-data; boundary=one"
    )
    assert response.status_code == 400
    assert set(response.json()) == {"code", "message", "fields"}
