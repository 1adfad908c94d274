"""The list a frame is compared with: one file in shared memory, as new as its deployment's row, gone in time."""

import multiprocessing
import os
from datetime import timedelta
from pathlib import Path
from time import time
from typing import Any
from uuid import uuid4

import numpy as np
import pytest
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks

from recognition import gallery, galleryfile
from recognition.galleryfile import Edition, UnsafeFolder
from recognition.pipeline.types import POOLED, Gallery
from tests.cast import (
    DIMENSION,
    PACK,
    Cast,
    make_listed_subject,
    make_live,
    make_reference,
    make_subject,
    make_template,
    make_template_of,
)
from watchlist.errors import Refused
from watchlist.models import Deployment
from watchlist.selectors.gallery import gallery_size, templates_searched
from watchlist.services.deployments import deployment_close, deployment_pause
from watchlist.services.lists import list_remove
from watchlist.services.references import reference_withdraw


@pytest.fixture
def shared(settings: Any) -> Path:
    """The folder in shared memory, empty, and no gallery held by this process."""
    folder: Path = settings.LFR_SHM_DIR
    gallery._held.clear()
    for path in folder.glob("*"):
        path.unlink()
    return folder


def gallery_of(deployment: Deployment) -> Gallery:
    deployment.refresh_from_db()
    return gallery.gallery_of(deployment, dimension=DIMENSION)


def test_it_holds_the_enrolled_templates_of_the_list(cast: Cast, shared: Path) -> None:
    listed, other = make_subject(cast), make_subject(cast)
    templates = [make_template(), make_template()]
    references = [make_reference(cast, listed, template) for template in templates]
    make_reference(cast, other)
    found = gallery_of(make_live(cast, listed))

    rows = dict(zip(found.references, found.templates, strict=True))
    assert set(found.subjects) == {str(listed.pk)}
    for reference, template in zip(references, templates, strict=True):
        assert rows[str(reference.pk)].tobytes() == template


def test_it_is_as_long_as_the_list_that_false_alerts_are_reckoned_for(cast: Cast, shared: Path) -> None:
    several, one = make_subject(cast), make_listed_subject(cast)
    for _ in range(3):
        make_reference(cast, several)
    deployment = make_live(cast, several, one)
    found = gallery_of(deployment)

    assert len(found) == templates_searched(deployment.pk) == 3 + 1 + 1
    assert found.references.count(POOLED) == 1, "the mean of the three"
    assert gallery_size(deployment.pk) == 4


def test_it_is_one_file_of_this_account_alone_in_shared_memory(cast: Cast, shared: Path) -> None:
    found = gallery_of(make_live(cast))

    (file,) = shared.iterdir()
    assert str(shared).startswith("/dev/shm/")
    assert (file.stat().st_mode & 0o777, shared.stat().st_mode & 0o777) == (0o600, 0o700)
    assert not found.templates.flags.owndata, "mapped, not copied"
    assert not found.templates.flags.writeable


def test_another_process_maps_the_same_memory(cast: Cast, shared: Path) -> None:
    deployment = make_live(cast)
    built = gallery_of(deployment)
    gallery._held.clear()
    (file,) = shared.iterdir()
    before = file.stat().st_mtime_ns

    assert np.array_equal(gallery_of(deployment).templates, built.templates)
    assert file.stat().st_mtime_ns == before, "found, not built again"
    assert str(file) in Path(f"/proc/{os.getpid()}/maps").read_text()


def test_a_person_taken_off_the_list_is_not_in_the_next_gallery(cast: Cast, shared: Path) -> None:
    staying, going = make_listed_subject(cast), make_listed_subject(cast)
    deployment = make_live(cast, staying, going)
    assert set(gallery_of(deployment).subjects) == {str(staying.pk), str(going.pk)}
    list_remove(actor=cast.sam, entry=deployment.entries.get(subject=going), reason="Arrested.")

    assert set(gallery_of(deployment).subjects) == {str(staying.pk)}
    assert len(list(shared.iterdir())) == 1, "the edition before is unlinked"


def test_a_withdrawn_image_is_not_in_the_next_gallery(cast: Cast, shared: Path) -> None:
    subject = make_subject(cast)
    kept, withdrawn = make_reference(cast, subject), make_reference(cast, subject)
    deployment = make_live(cast, subject)
    assert len(gallery_of(deployment)) == 3, "two images and their mean"
    reference_withdraw(actor=cast.sam, reference=withdrawn, reason="Another person.")

    assert gallery_of(deployment).references == [str(kept.pk)]


def test_an_entry_that_expires_at_midnight_is_not_searched_the_day_after(
    cast: Cast, shared: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    today, tomorrow = timezone.localdate(), timezone.now() + timedelta(days=1)
    lasting, expiring = make_listed_subject(cast), make_listed_subject(cast, expires_on=today)
    deployment = make_live(cast, lasting, expiring)
    assert len(gallery_of(deployment)) == 2
    monkeypatch.setattr(timezone, "now", lambda: tomorrow)

    assert gallery_of(deployment).subjects == [str(lasting.pk)]


def test_nothing_changes_while_the_version_stands(cast: Cast, shared: Path) -> None:
    deployment = make_live(cast)

    assert gallery_of(deployment) is gallery_of(deployment)


def test_it_holds_the_templates_of_the_deployments_pack_alone(cast: Cast, shared: Path) -> None:
    subject = make_listed_subject(cast)
    deployment = make_live(cast, subject)
    own = gallery_of(deployment)
    other = make_template_of(subject.references.get(), "other-9")
    Deployment.objects.filter(pk=deployment.pk).update(gallery_version=deployment.gallery_version + 1)
    again = gallery_of(deployment)
    Deployment.objects.filter(pk=deployment.pk).update(pack="other-9")

    assert (again.pack, again.templates.tobytes()) == (PACK, own.templates.tobytes())
    assert (gallery_of(deployment).pack, gallery_of(deployment).templates.tobytes()) == ("other-9", other)


def test_a_file_of_another_pack_is_never_read_for_this_one(cast: Cast, shared: Path) -> None:
    subject = make_listed_subject(cast)
    deployment = make_live(cast, subject)
    gallery_of(deployment)
    gallery._held.clear()
    other = make_template_of(subject.references.get(), "other-9")
    Deployment.objects.filter(pk=deployment.pk).update(pack="other-9")  # the file's name is still the same

    assert gallery_of(deployment).templates.tobytes() == other


def test_a_deployment_read_before_its_pack_changed_is_given_no_template_of_the_new_one(
    cast: Cast, shared: Path
) -> None:
    subject = make_listed_subject(cast)
    before = make_live(cast, subject)
    make_template_of(subject.references.get(), "other-9")
    Deployment.objects.filter(pk=before.pk).update(pack="other-9")

    with pytest.raises(Refused) as refusal:
        gallery.gallery_of(before, dimension=DIMENSION)
    assert refusal.value.code == "pack_mismatch"


def test_closing_a_deployment_unlinks_at_once(
    cast: Cast, shared: Path, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    deployment, other = make_live(cast), make_live(cast)
    gallery_of(deployment)
    gallery_of(other)
    with django_capture_on_commit_callbacks(execute=True):
        deployment_close(actor=cast.olga, deployment=deployment, reason="Over.")

    assert [Edition.of(path).deployment for path in shared.iterdir()] == [other.pk]
    assert deployment.pk not in gallery._held


def test_a_sweep_lets_go_of_what_was_closed_elsewhere_and_keeps_what_is_paused(cast: Cast, shared: Path) -> None:
    closed, paused, running = make_live(cast), make_live(cast), make_live(cast)
    for deployment in (closed, paused, running):
        gallery_of(deployment)
    deployment_close(actor=cast.olga, deployment=closed, reason="Over.")  # announced only after a commit
    deployment_pause(actor=cast.olga, deployment=paused, reason="Lunch.")
    gallery.sweep()

    assert {Edition.of(path).deployment for path in shared.iterdir()} == {paused.pk, running.pk}
    assert set(gallery._held) == {paused.pk, running.pk}


def test_a_sweep_removes_what_a_killed_builder_left_behind(cast: Cast, shared: Path) -> None:
    shared.mkdir(mode=0o700, exist_ok=True)
    abandoned, under_way = shared / "a.building", shared / "b.building"
    for path in (abandoned, under_way):
        path.touch(0o600)
    long_ago = time() - galleryfile.ABANDONED_AFTER - 1
    os.utime(abandoned, (long_ago, long_ago))
    gallery.sweep()

    assert list(shared.iterdir()) == [under_way]


def test_without_shared_memory_it_is_private_memory_and_no_file(cast: Cast, shared: Path, settings: Any) -> None:
    settings.LFR_SHM_DIR = None
    deployment = make_live(cast)

    assert len(gallery_of(deployment)) == 1
    assert not shared.exists() or not list(shared.iterdir())
    gallery.forget(deployment.pk)
    assert deployment.pk not in gallery._held


def test_an_empty_list_is_a_gallery_of_nothing(cast: Cast, shared: Path) -> None:
    deployment = make_live(cast)
    list_remove(actor=cast.sam, entry=deployment.entries.get(), reason="Arrested.")

    assert gallery_of(deployment).templates.shape == (0, DIMENSION)


def test_a_folder_that_others_may_enter_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "open"
    folder.mkdir(mode=0o755)
    edition = Edition(uuid4(), 1, timezone.localdate())

    with pytest.raises(UnsafeFolder, match="not a folder of mode 700"):
        galleryfile.write(folder, edition, some_gallery(4))


def test_processes_that_build_at_once_leave_one_whole_file(shared: Path) -> None:
    edition = Edition(uuid4(), 3, timezone.localdate())
    context = multiprocessing.get_context("fork")
    builders = [context.Process(target=galleryfile.write, args=(shared, edition, some_gallery(2000))) for _ in range(4)]
    for builder in builders:
        builder.start()
    for builder in builders:
        builder.join(20)

    assert [builder.exitcode for builder in builders] == [0] * 4
    assert [path.name for path in shared.iterdir()] == [edition.filename]
    found = galleryfile.read(shared, edition)
    assert found is not None
    assert np.array_equal(found.templates, some_gallery(2000).templates)


def test_who_has_it_mapped_keeps_it_after_it_is_unlinked(shared: Path) -> None:
    edition = Edition(uuid4(), 1, timezone.localdate())
    galleryfile.write(shared, edition, some_gallery(100))
    found = galleryfile.read(shared, edition)
    assert galleryfile.unlink(shared, edition.deployment) == 1

    assert found is not None
    assert np.array_equal(found.templates, some_gallery(100).templates)
    assert galleryfile.read(shared, edition) is None


def some_gallery(rows: int) -> Gallery:
    templates = np.random.default_rng(1).normal(size=(rows, DIMENSION)).astype(np.float32)
    names = [str(row) for row in range(rows)]
    return Gallery(templates, names, names, version=1, pack=PACK)
