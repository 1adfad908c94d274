"""Who may send frames of a camera, and for how long?"""

from typing import Any
from uuid import uuid4

import pytest
from asgiref.sync import sync_to_async
from channels.layers import get_channel_layer
from django.urls import reverse
from rest_framework.authtoken.models import Token

from tests.cast import PASSWORD, Cast, browser
from tests.recognition.sockets import Opener, camera_path, session_cookie
from tests.recognition.test_operator_socket import TOLD
from watchlist.events import group_name
from watchlist.models import Camera
from watchlist.services.deployments import deployment_pause
from watchlist.services.staffing import member_remove

PEOPLE = {
    "olga": None,
    "omar": None,
    "ada": 4403,
    "sam": 4403,
    "finn": 4403,
    "audrey": 4403,
    "adam": 4403,
    "nell": 4404,
}


@pytest.mark.parametrize(("name", "code"), PEOPLE.items())
async def test_only_operators_of_the_deployment_may_send(
    name: str, code: int | None, open_socket: Opener, camera: Camera, staff: Cast
) -> None:
    opened = await open_socket(camera_path(camera), getattr(staff, name))

    if code is None:
        assert (await opened.hear("hello", "refused"))["type"] == "hello"
    else:
        assert (await opened.hear("hello", "refused"))["type"] == "refused"
        assert await opened.close_code() == code


async def test_an_operator_of_another_deployment_learns_nothing_of_this_one(
    open_socket: Opener, camera: Camera, staff: Cast
) -> None:
    @sync_to_async
    def leave() -> None:
        camera.deployment.memberships.filter(user=staff.omar).delete()

    await leave()
    opened = await open_socket(camera_path(camera), staff.omar)

    assert (await opened.hear("refused"))["code"] == "no_camera"
    assert await opened.close_code() == 4404


async def test_a_camera_that_does_not_exist_is_said_not_to(open_socket: Opener, staff: Cast) -> None:
    opened = await open_socket(f"/ws/camera/{uuid4()}/", staff.olga)

    assert (await opened.hear("refused"))["code"] == "no_camera"
    assert await opened.close_code() == 4404


@pytest.mark.parametrize(
    "headers",
    [
        [],
        [(b"authorization", b"Token 0123456789")],
        [(b"authorization", b"Bearer 0123456789")],
        [(b"authorization", b"Token")],
        [(b"cookie", b"sessionid=0123456789")],
        [(b"cookie", b"\xff\xfe")],
    ],
)
async def test_nobody_is_told_to_sign_in(
    headers: list[tuple[bytes, bytes]], open_socket: Opener, camera: Camera
) -> None:
    opened = await open_socket(camera_path(camera), headers=headers)

    refusal = await opened.hear("refused")
    assert (refusal["code"], refusal["message"][:13]) == ("not_signed_in", "Sign in first")
    assert await opened.close_code() == 4401


async def test_a_browser_session_serves_as_well_as_a_token(open_socket: Opener, camera: Camera, staff: Cast) -> None:
    opened = await open_socket(camera_path(camera), headers=await session_cookie(staff.olga))

    assert await opened.hear_until("status", state="live")


async def test_a_good_session_does_not_make_a_bad_token_good(open_socket: Opener, camera: Camera, staff: Cast) -> None:
    headers = [*await session_cookie(staff.olga), (b"authorization", b"Token 0123456789")]
    opened = await open_socket(camera_path(camera), headers=headers)

    assert await opened.close_code() == 4401


async def test_a_person_who_has_left_cannot_send(open_socket: Opener, camera: Camera, staff: Cast) -> None:
    staff.olga.is_active = False
    await staff.olga.asave()
    opened = await open_socket(camera_path(camera), staff.olga)

    assert await opened.close_code() == 4401


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("loss", ["token", "membership", "appointment", "account"])
async def test_a_right_that_is_lost_closes_the_open_socket(
    loss: str, open_socket: Opener, camera: Camera, staff: Cast
) -> None:
    opened = await open_socket(camera_path(camera), staff.olga)
    await opened.hear_until("status", state="live")

    @sync_to_async
    def lose() -> None:
        match loss:
            case "token":
                Token.objects.filter(user=staff.olga).delete()
            case "membership":
                staff.olga.memberships.all().delete()
            case "appointment":
                staff.olga.appointments.all().delete()
            case "account":
                type(staff.olga).objects.filter(pk=staff.olga.pk).update(is_active=False)

    await lose()

    assert await opened.close_code() in (4401, 4403, 4404)


@pytest.mark.usefixtures("impatient")
async def test_signing_out_closes_the_open_socket(open_socket: Opener, camera: Camera, staff: Cast) -> None:
    from django.contrib.sessions.models import Session

    opened = await open_socket(camera_path(camera), headers=await session_cookie(staff.olga))
    await opened.hear_until("status", state="live")
    await Session.objects.all().adelete()

    assert await opened.close_code() == 4401


@pytest.mark.usefixtures("impatient")
async def test_after_a_new_password_the_new_cookie_of_the_same_browser_serves(
    open_socket: Opener, camera: Camera, staff: Cast
) -> None:
    @sync_to_async
    def cookie() -> list[tuple[bytes, bytes]]:
        return [(b"cookie", f"sessionid={client.cookies['sessionid'].value}".encode())]

    client = await sync_to_async(browser)(staff.olga)
    opened = await open_socket(camera_path(camera), headers=await cookie())
    await opened.hear_until("status", state="live")
    fields = {"old": PASSWORD, "password": "quite another password", "again": "quite another password"}
    await sync_to_async(client.post)(reverse("password"), fields)

    assert await opened.close_code() == 4401
    again = await open_socket(camera_path(camera), headers=await cookie())
    assert await again.hear_until("status", state="live")


@pytest.fixture
def hearing_only(settings: Any) -> None:
    """The sockets' own clock never comes round: what they learn, they are told."""
    settings.LFR_RECOGNITION = {"tick": 60.0}


@pytest.mark.usefixtures("hearing_only")
async def test_a_member_who_is_removed_is_out_at_once(open_socket: Opener, camera: Camera, staff: Cast) -> None:
    opened = await open_socket(camera_path(camera), staff.omar)
    other = await open_socket(camera_path(await another(camera)), staff.olga)
    await opened.hear_until("status", state="live")

    @sync_to_async
    def remove() -> None:
        member_remove(actor=staff.sam, membership=camera.deployment.memberships.get(user=staff.omar))

    await remove()

    assert (await opened.hear("refused"))["code"] == "no_camera"
    await opened.send_frame(1)
    assert await opened.close_code() == 4404
    assert await opened.receive_nothing(timeout=0.3), "no frame is taken after that"
    await other.send_frame(1)
    assert await other.hear("ack"), "who stays goes on"


@pytest.mark.usefixtures("hearing_only")
async def test_a_pause_is_heard_of_at_once(open_socket: Opener, camera: Camera, staff: Cast) -> None:
    opened = await open_socket(camera_path(camera), staff.olga)
    await opened.hear_until("status", state="live")
    await sync_to_async(deployment_pause)(actor=staff.omar, deployment=camera.deployment, reason="Rain.")

    assert await opened.hear_until("status", state="paused")


@pytest.mark.parametrize("kind", sorted({event.split()[0] for event in TOLD}))
async def test_what_happens_at_the_deployment_does_not_disturb_its_cameras(
    kind: str, open_socket: Opener, camera: Camera, staff: Cast
) -> None:
    opened = await open_socket(camera_path(camera), staff.olga)
    await opened.hear_until("status", state="live")
    await get_channel_layer().group_send(group_name(camera.deployment_id), {"type": kind})
    await opened.send_frame(1)

    assert await opened.hear("ack")


@sync_to_async
def another(camera: Camera) -> Camera:
    return camera.deployment.cameras.create(name="South")
