"""The socket of a page at a deployment: who is told what, in ids, and only while they may know it."""

from typing import Any
from uuid import uuid4

import pytest
from asgiref.sync import sync_to_async
from channels.layers import get_channel_layer

from tests.cast import Cast, make_alert, make_listed_subject, make_live, make_staff, seen
from tests.recognition.sockets import Opener, Socket
from watchlist.events import group_name
from watchlist.models import Alert, Answer, Deployment
from watchlist.services.decisions import alert_decide
from watchlist.services.deployments import deployment_pause
from watchlist.services.staffing import member_remove

PEOPLE = {
    "olga": None,
    "omar": None,
    "finn": None,
    "audrey": None,
    "ada": 4403,
    "sam": 4403,
    "adam": 4403,
    "nell": 4404,
}

# Who is told of what; a row per kind of event.
TOLD = {
    "alert.raised": {"olga", "audrey"},
    "alert.changed dismissed": {"olga", "audrey"},
    "alert.changed confirmed": {"olga", "audrey", "finn"},
    "passage.changed": {"olga", "audrey"},
    "stop.changed": {"audrey", "finn"},
    "camera.health": {"olga", "audrey", "finn"},
    "deployment.changed": {"olga", "audrey", "finn"},
}


def path_of(deployment: Deployment) -> str:
    return f"/ws/operator/{deployment.pk}/"


async def listening(open_socket: Opener, deployment: Deployment, user: Any) -> Socket:
    socket = await open_socket(path_of(deployment), user)
    await socket.hear("hello")
    return socket


@pytest.mark.parametrize(("name", "code"), PEOPLE.items())
async def test_only_those_who_may_see_alerts_may_listen(
    name: str, code: int | None, open_socket: Opener, deployment: Deployment, staff: Cast
) -> None:
    socket = await open_socket(path_of(deployment), getattr(staff, name))

    if code is None:
        assert await socket.hear("hello", "refused") == {"type": "hello"}
    else:
        assert (await socket.hear("hello", "refused"))["type"] == "refused"
        assert await socket.close_code() == code


async def test_nobody_is_told_to_sign_in(open_socket: Opener, deployment: Deployment) -> None:
    socket = await open_socket(path_of(deployment))

    assert (await socket.hear("refused"))["code"] == "not_signed_in"
    assert await socket.close_code() == 4401


async def test_a_deployment_that_does_not_exist_is_said_not_to(open_socket: Opener, staff: Cast) -> None:
    socket = await open_socket(f"/ws/operator/{uuid4()}/", staff.olga)

    assert await socket.close_code() == 4404


async def test_an_alert_is_told_at_once_in_ids_alone(open_socket: Opener, deployment: Deployment, staff: Cast) -> None:
    socket = await listening(open_socket, deployment, staff.olga)
    alert: Alert = await sync_to_async(make_alert)(deployment)

    assert await socket.hear("alert.raised", timeout=1.0) == {
        "type": "alert.raised",
        "alert": str(alert.pk),
        "captured_at": alert.captured_at.isoformat(),
    }


async def test_two_operators_see_each_others_answers_at_once(
    open_socket: Opener, deployment: Deployment, staff: Cast
) -> None:
    sockets = [await listening(open_socket, deployment, user) for user in (staff.olga, staff.omar)]
    alert = await sync_to_async(make_alert)(deployment)
    await sync_to_async(alert_decide)(
        actor=staff.olga, alert=alert, answer=Answer.DIFFERENT, reason="Other ears.", now=alert.raised_at
    )

    for socket in sockets:
        changed = await socket.hear("alert.changed", timeout=1.0)
        assert changed == {"type": "alert.changed", "alert": str(alert.pk), "state": "dismissed"}


async def test_officers_hear_nothing_of_an_alert_on_staff(open_socket: Opener, staff: Cast) -> None:
    @sync_to_async
    def with_a_colleague() -> tuple[Deployment, Alert]:
        colleague = make_staff(staff)
        live = make_live(staff, make_listed_subject(staff), colleague, seeded_staff=True)
        return live, make_alert(live, **seen(colleague))

    live, alert = await with_a_colleague()
    officer, operator = [await listening(open_socket, live, user) for user in (staff.finn, staff.olga)]
    await sync_to_async(alert_decide)(
        actor=staff.omar, alert=alert, answer=Answer.SAME, reason="The ears agree.", now=alert.raised_at
    )
    changed = await operator.hear("alert.changed", timeout=1.0)

    assert (changed["state"], changed["seeded"]) == ("confirmed", True)
    assert await officer.receive_nothing(timeout=0.5)


async def test_nothing_of_another_deployment_is_told(open_socket: Opener, deployment: Deployment, staff: Cast) -> None:
    other = await sync_to_async(make_live)(staff)
    socket = await listening(open_socket, deployment, staff.olga)
    await sync_to_async(make_alert)(other)

    assert await socket.receive_nothing(timeout=0.5)


@pytest.mark.parametrize(("event", "told"), TOLD.items())
async def test_each_is_told_what_the_role_table_allows(
    event: str, told: set[str], open_socket: Opener, deployment: Deployment, staff: Cast
) -> None:
    sockets = {
        name: await listening(open_socket, deployment, getattr(staff, name)) for name in ("olga", "finn", "audrey")
    }
    kind, _, state = event.partition(" ")
    await get_channel_layer().group_send(group_name(deployment.pk), {"type": kind, "state": state or "live", "id": "1"})
    heard = {name for name, socket in sockets.items() if not await socket.receive_nothing(timeout=0.3)}

    assert heard == told


async def test_a_member_who_is_removed_hears_no_more(open_socket: Opener, deployment: Deployment, staff: Cast) -> None:
    socket = await listening(open_socket, deployment, staff.omar)

    @sync_to_async
    def remove() -> None:
        member_remove(actor=staff.sam, membership=deployment.memberships.get(user=staff.omar))

    await remove()
    assert (await socket.hear("refused", "deployment.changed", timeout=1.0))["type"] == "refused"
    assert await socket.close_code() == 4404


@pytest.mark.usefixtures("impatient")
async def test_a_right_that_is_lost_without_an_event_is_noticed(
    open_socket: Opener, deployment: Deployment, staff: Cast
) -> None:
    socket = await listening(open_socket, deployment, staff.olga)
    await staff.olga.appointments.all().adelete()

    assert await socket.close_code() in (4403, 4404)


async def test_a_change_of_the_deployment_is_told(open_socket: Opener, deployment: Deployment, staff: Cast) -> None:
    socket = await listening(open_socket, deployment, staff.finn)
    await sync_to_async(deployment_pause)(actor=staff.olga, deployment=deployment, reason="Rain.")

    assert await socket.hear("deployment.changed") == {"type": "deployment.changed", "state": "paused"}


async def test_nothing_that_is_sent_here_is_heard(open_socket: Opener, deployment: Deployment, staff: Cast) -> None:
    socket = await listening(open_socket, deployment, staff.olga)
    await socket.send_to(text_data='{"type": "alert.changed", "state": "confirmed"}')
    await socket.send_to(bytes_data=b"LFR1")

    assert await socket.receive_nothing(timeout=0.3)
