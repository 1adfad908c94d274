"""Reading alerts and their pictures: operators see all of a deployment's, officers the confirmed ones only."""

from collections.abc import Sequence
from enum import StrEnum
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import QuerySet

from watchlist import vault
from watchlist.errors import NotFound
from watchlist.models import Alert, AlertState, Deployment, ReferenceImage, ReferenceState, User
from watchlist.permissions import Permission, allowed, deployment_for, require


class Picture(StrEnum):
    """The four pictures of an alert; the portraits stand side by side at one eye line."""

    PROBE = "probe"
    PROBE_PORTRAIT = "probe-portrait"
    REFERENCE = "reference"
    REFERENCE_PORTRAIT = "reference-portrait"


def alerts_for(user: User, deployment: Deployment, states: Sequence[AlertState] | None = None) -> QuerySet[Alert]:
    """This deployment's alerts, newest first, as far as this person may see them. Raises NotAllowed."""
    alerts = Alert.objects.filter(deployment=deployment).select_related("subject", "camera", "deployment")
    alerts = alerts.defer("probe", "portrait")
    if not allowed(user, Permission.ALERT_VIEW, deployment):
        require(user, Permission.ALERT_VIEW_CONFIRMED, deployment)
        alerts = alerts.filter(state=AlertState.CONFIRMED, seeded=False)  # staff are nobody to stop
    if states is not None:
        alerts = alerts.filter(state__in=states)
    return alerts.order_by("-raised_at")


def alert_for(user: User, pk: UUID | str, permission: Permission = Permission.ALERT_VIEW_CONFIRMED) -> Alert:
    """One alert, if this person may see it and has `permission` at its deployment.

    Raises NotFound where it is not theirs to know of, in the same words whether or not there is one; else NotAllowed.
    """
    try:
        alert = Alert.objects.only("pk", "deployment_id").filter(pk=pk).first()
        deployment = deployment_for(user, alert.deployment_id, permission) if alert else None
    except (ValidationError, NotFound):
        deployment = None
    found = alerts_for(user, deployment).filter(pk=pk).first() if deployment else None
    if found is None:
        raise NotFound("no_alert", "There is no such alert among those that you may see.")
    return found


def picture(alert: Alert, which: Picture) -> bytes:
    """JPEG bytes, opened. For an alert that `alert_for` gave. Raises NotFound once the picture has been destroyed."""
    try:
        match which:
            case Picture.PROBE:
                return _of_probe(alert, "probe")
            case Picture.PROBE_PORTRAIT:
                return _of_probe(alert, "portrait")
            case Picture.REFERENCE:
                return _of_reference(alert, "image")
            case Picture.REFERENCE_PORTRAIT:
                return _of_reference(alert, "portrait")
    except vault.VaultError:
        raise NotFound("picture_destroyed", "This picture has been destroyed.") from None


def other_images_then(alert: Alert) -> QuerySet[ReferenceImage]:
    """The images of the same person that were enrolled when the alert was raised, without the one it rests on."""
    there = ReferenceImage.objects.filter(subject=alert.subject_id, checked_at__lte=alert.raised_at)
    there = there.filter(state__in=(ReferenceState.ENROLLED, ReferenceState.WITHDRAWN))
    return there.exclude(pk=alert.reference_id)


def _of_probe(alert: Alert, column: str) -> bytes:
    key = vault.deployment_key(alert.deployment_id)
    return vault.unseal(bytes(getattr(alert, column)), key=key, context=vault.place(alert, column))


def _of_reference(alert: Alert, column: str) -> bytes:
    sealed = getattr(alert.reference, column)
    if sealed is None:
        raise NotFound("reference_withdrawn", "This reference image has been withdrawn and destroyed.")
    return vault.unseal(bytes(sealed), key=vault.LIST_KEY, context=vault.place(alert.reference, column))
