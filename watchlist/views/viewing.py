"""Looking at personal data goes on the record once for each sitting, not once for each request of a page: an alert's
page comes first and is what is recorded, its four pictures follow."""

from uuid import UUID

from watchlist.models import Deployment
from watchlist.services.viewing import viewed
from watchlist.views.page import SignedInRequest

SESSION_KEY = "viewed"
REMEMBERED = 200  # the oldest are forgotten first; seeing one of those again is recorded again


def viewed_once(
    request: SignedInRequest, *, what: str, pk: UUID | int, purpose: str, deployment: Deployment | None
) -> None:
    """Records that the person looked, unless this session's record of the same look stands already."""
    look = f"{what}:{pk}"
    looks: list[str] = request.session.get(SESSION_KEY, [])
    if look in looks:
        return
    viewed(actor=request.user, what=what, pk=pk, purpose=purpose, deployment=deployment)
    request.session[SESSION_KEY] = [*looks, look][-REMEMBERED:]
