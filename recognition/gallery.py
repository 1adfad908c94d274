"""With what is a frame compared? The list of its deployment as it stands now, held in memory only.

The version is a column of the deployment's row, which is read for every frame anyway: a person who is taken off the
list is not searched in the next frame, on any machine. Galleries that are no longer needed are let go by `sweep`, which
every worker process calls every few seconds; the announcement of a closed deployment unlinks at once.
"""

import logging
from uuid import UUID

import numpy as np
from django.utils import timezone

from recognition import galleryfile
from recognition.conf import conf
from recognition.galleryfile import Edition
from recognition.pipeline.pool import pooled_gallery
from recognition.pipeline.types import Gallery
from watchlist.errors import Refused
from watchlist.models import Deployment
from watchlist.selectors.gallery import galleries_in_use, gallery_rows

logger = logging.getLogger(__name__)

_held: dict[UUID, tuple[Edition, Gallery]] = {}  # of this process; bounded by the deployments that run


def gallery_of(deployment: Deployment, *, dimension: int) -> Gallery:
    """The deployment's templates of its pack, in the edition its row names. `dimension` is the pack's."""
    edition = Edition(deployment.pk, deployment.gallery_version, timezone.localdate(timezone=deployment.zone))
    held = _held.get(deployment.pk)
    if held is None or held[0] != edition or held[1].pack != deployment.pack:
        held = _held[deployment.pk] = (edition, _found_or_built(edition, deployment.pack, dimension))
    return held[1]


def forget(deployment: UUID) -> None:
    """Nothing of this deployment's list stays in this process, nor in this machine's shared memory."""
    _held.pop(deployment, None)
    if folder := conf().shared_memory:
        galleryfile.unlink(folder, deployment)


def forget_all() -> None:
    """No list stays in this process, nor in this machine's shared memory."""
    _held.clear()
    if (folder := conf().shared_memory) and folder.is_dir():
        for path, _ in galleryfile.editions(folder):
            path.unlink(missing_ok=True)


def sweep() -> None:
    """Lets go of every gallery whose deployment no longer runs, and of every edition but the newest."""
    current = galleries_in_use()
    for deployment, (edition, _) in list(_held.items()):
        if current.get(deployment) != edition.version:
            _held.pop(deployment, None)
    folder = conf().shared_memory
    if folder is None or not folder.is_dir():
        return
    for path, edition in galleryfile.editions(folder):
        if current.get(edition.deployment) != edition.version:
            path.unlink(missing_ok=True)
    galleryfile.unlink_abandoned(folder)


def _found_or_built(edition: Edition, pack: str, dimension: int) -> Gallery:
    folder = conf().shared_memory
    if folder is None:
        return _built(edition, pack, dimension)
    found = galleryfile.read(folder, edition)
    if found is None or found.pack != pack:
        galleryfile.write(folder, edition, _built(edition, pack, dimension))
        found = galleryfile.read(folder, edition)
    if found is None:  # a newer edition was written in between, and unlinked this one
        found = _built(edition, pack, dimension)
    return found


def _built(edition: Edition, pack: str, dimension: int) -> Gallery:
    rows = gallery_rows(edition.deployment)
    if any(row.pack != pack for row in rows):
        raise Refused("pack_mismatch", f"The pack of this deployment is no longer {pack}: look again.")
    templates = np.empty((len(rows), dimension), dtype=np.float32)
    for i, row in enumerate(rows):
        templates[i] = np.frombuffer(row.template, dtype="<f4")
    logger.info("Gallery of %s built: version %s, %s templates.", edition.deployment, edition.version, len(rows))
    return pooled_gallery(
        templates,
        [row.reference_id for row in rows],
        [row.subject_id for row in rows],
        version=edition.version,
        pack=pack,
    )
