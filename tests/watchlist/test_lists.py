"""Who may be put on a deployment's list, until when, and what a removal does."""

import datetime as dt

import pytest
from django.utils import timezone

from tests.cast import (
    Cast,
    approve,
    make_alert,
    make_draft,
    make_listed_subject,
    make_live,
    make_reference,
    make_subject,
)
from tests.watchlist.alerting import recorded
from watchlist.errors import InvalidInput, Refused
from watchlist.models import (
    AlertState,
    AuditEntry,
    Category,
    Deployment,
    DeploymentState,
    LegalBasis,
    ListEntry,
    Resemblance,
    Risk,
    Subject,
)
from watchlist.selectors.gallery import gallery_rows, gallery_size
from watchlist.services.deployments import deployment_close
from watchlist.services.lists import list_add, list_remove, lists_expire
from watchlist.services.references import Resembling
from watchlist.services.subjects import subject_create, subject_update


def approved(cast: Cast) -> Deployment:
    deployment = Deployment.objects.get(pk=make_draft(cast).pk)
    approve(cast.ada, deployment)
    return deployment


@pytest.fixture
def subject(cast: Cast) -> Subject:
    return make_listed_subject(cast)


@pytest.fixture
def live(cast: Cast, subject: Subject) -> Deployment:
    return make_live(cast, subject)


def test_it_is_built_until_the_start_and_then_frozen(cast: Cast) -> None:
    for deployment in (make_draft(cast), approved(cast)):
        list_add(actor=cast.sam, deployment=deployment, subject=make_subject(cast))
    live = make_live(cast)
    for state in (DeploymentState.LIVE, DeploymentState.PAUSED, DeploymentState.CLOSED, DeploymentState.DESTROYED):
        closed_at = timezone.now() if state in ("closed", "destroyed") else None
        Deployment.objects.filter(pk=live.pk).update(state=state, closed_at=closed_at)
        with pytest.raises(Refused, match="frozen"):
            list_add(actor=cast.sam, deployment=live, subject=make_subject(cast))


def test_who_read_it_before_the_start_is_refused_as_well(cast: Cast) -> None:
    live = make_live(cast)
    live.state = DeploymentState.DRAFT  # as it was read
    with pytest.raises(Refused, match="frozen"):
        list_add(actor=cast.sam, deployment=live, subject=make_subject(cast))


def test_only_the_categories_that_were_applied_for(cast: Cast) -> None:
    deployment = make_draft(cast, categories=[Category.MISSING])
    with pytest.raises(Refused, match="not applied for"):
        list_add(actor=cast.sam, deployment=deployment, subject=make_subject(cast))


def test_a_listed_person_keeps_the_category_that_was_approved(cast: Cast) -> None:
    subject = make_listed_subject(cast)
    live = make_live(cast, subject)
    with pytest.raises(InvalidInput, match="remove them from it first"):
        subject_update(actor=cast.sam, subject=subject, category=Category.MISSING)
    list_remove(actor=cast.sam, entry=live.entries.get(), reason="Found.")
    assert subject_update(actor=cast.sam, subject=subject, category=Category.MISSING).category == Category.MISSING


def test_nobody_whose_entry_has_expired(cast: Cast) -> None:
    subject = make_subject(cast)
    Subject.objects.filter(pk=subject.pk).update(expires_on=timezone.localdate() - dt.timedelta(days=2))
    with pytest.raises(Refused, match="expired"):
        list_add(actor=cast.sam, deployment=make_draft(cast), subject=subject)


def test_nobody_twice_unless_removed_between(cast: Cast) -> None:
    subject, deployment = make_subject(cast), make_draft(cast)
    entry = list_add(actor=cast.sam, deployment=deployment, subject=subject)
    with pytest.raises(InvalidInput):
        list_add(actor=cast.sam, deployment=deployment, subject=subject)
    list_remove(actor=cast.sam, entry=entry, reason="Added too early.")
    list_add(actor=cast.sam, deployment=deployment, subject=subject)
    assert ListEntry.objects.filter(deployment=deployment, subject=subject).count() == 2


def test_a_removal_empties_the_gallery_and_moves_its_version(cast: Cast) -> None:
    live = make_live(cast)
    assert gallery_size(live.pk) == len(gallery_rows(live.pk)) == 1
    list_remove(actor=cast.sam, entry=live.entries.get(), reason="Warrant withdrawn.")
    assert gallery_size(live.pk) == len(gallery_rows(live.pk)) == 0
    assert Deployment.objects.get(pk=live.pk).gallery_version == live.gallery_version + 1


def test_a_removal_is_reasoned_and_happens_once(cast: Cast) -> None:
    entry = make_live(cast).entries.get()
    with pytest.raises(InvalidInput, match="Say why"):
        list_remove(actor=cast.sam, entry=entry, reason=" ")
    list_remove(actor=cast.sam, entry=entry, reason="Warrant withdrawn.")
    with pytest.raises(Refused, match="already"):
        list_remove(actor=cast.sam, entry=entry, reason="Warrant withdrawn.")
    assert AuditEntry.objects.filter(action="list.removed").count() == 1


def test_the_list_of_a_closed_deployment_stays_as_it_was(cast: Cast) -> None:
    live = make_live(cast)
    deployment_close(actor=cast.olga, deployment=live, reason="Done.")
    with pytest.raises(Refused, match="stays as it was"):
        list_remove(actor=cast.sam, entry=live.entries.get(), reason="Tidying.")
    assert live.entries.get().removed_at is None


@pytest.mark.parametrize("category", [Category.ASSOCIATE, Category.WITNESS, Category.VICTIM])
def test_people_not_sought_themselves_need_a_justification(category: str, cast: Cast) -> None:
    fields = {
        "name": "Somebody",
        "record_number": "R-x",
        "category": category,
        "legal_basis": LegalBasis.SAFEGUARDING,
        "risk": Risk.GREEN,
        "instructions": "Be kind.",
        "expires_on": timezone.localdate(),
    }
    with pytest.raises(InvalidInput, match="need a justification"):
        subject_create(actor=cast.sam, **fields)
    subject_create(actor=cast.sam, **fields, justification="Last seen with the missing child.")


def test_what_is_written_of_a_person_is_detail_and_no_fact(cast: Cast) -> None:
    subject = make_subject(cast, name="Oswald Quill", instructions="Ask after his brother.")
    subject_update(actor=cast.sam, subject=subject, name="Oswin Quill")
    entries = AuditEntry.objects.filter(action__startswith="subject.").select_related("detail")
    assert [entry.action for entry in entries.order_by("seq")] == ["subject.created", "subject.updated"]
    for entry in entries:
        assert "Quill" not in entry.body
        assert "Quill" in entry.detail.text


def test_a_change_is_made_to_the_person_as_they_are_stored(cast: Cast) -> None:
    first = make_subject(cast)
    second = Subject.objects.get(pk=first.pk)
    subject_update(actor=cast.sam, subject=first, risk=Risk.RED)
    assert subject_update(actor=cast.sam, subject=second, instructions="New.").risk == Risk.RED


class TestListsExpire:
    def test_takes_people_off_after_their_last_day(self, cast: Cast, live: Deployment, subject: Subject) -> None:
        alert = make_alert(live)
        version = Deployment.objects.get(pk=live.pk).gallery_version
        last_day = timezone.now().replace(hour=12)
        Subject.objects.filter(pk=subject.pk).update(expires_on=last_day.date())
        assert lists_expire(now=last_day) == 0
        assert lists_expire(now=last_day + dt.timedelta(days=1)) == 1
        assert lists_expire(now=last_day + dt.timedelta(days=1)) == 0
        assert gallery_rows(live.pk) == []
        assert Deployment.objects.get(pk=live.pk).gallery_version == version + 1
        alert.refresh_from_db()
        assert alert.state == AlertState.EXPIRED
        assert recorded("list.removed")[0]["why"] == "expired"

    def test_a_changed_last_day_moves_the_gallery(self, cast: Cast, live: Deployment, subject: Subject) -> None:
        version = Deployment.objects.get(pk=live.pk).gallery_version
        subject_update(actor=cast.sam, subject=subject, expires_on=timezone.localdate() + dt.timedelta(days=3))
        assert Deployment.objects.get(pk=live.pk).gallery_version == version + 1


def test_an_unanswered_resemblance_keeps_an_image_out_of_the_gallery(cast: Cast) -> None:
    first, second = make_listed_subject(cast), make_subject(cast)
    twin = make_reference(
        cast, second, resemblances=[Resembling(first.references.get().pk, Resemblance.Kind.SAME_FACE, 0.97)]
    )
    live = make_live(cast, first, second)
    assert str(twin.pk) not in {row.reference_id for row in gallery_rows(live.pk)}
