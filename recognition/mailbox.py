"""Which frame of a camera is looked at next? Always the newest; one job per camera at a time.

Three keys per camera, all of which expire by themselves:
  frame  the newest frame that no job has taken (at most one: a newer one takes its place)
  busy   the token of the job that is queued or running
  owner  the reply channel of the socket that may send: the one that came last

Each step is one script, so that no frame can arrive between looking and acting: a frame is put either before the
running job looks for a next one, or after it has let go, and then the put itself begins a new job.
"""

import secrets
from dataclasses import dataclass
from uuid import UUID

from recognition.conf import conf
from recognition.connections import blocking, key, waiting


@dataclass(frozen=True, slots=True)
class Frame:
    sequence: int
    received: float  # server time, seconds since the epoch
    reply: str  # channel of the socket that waits for the result
    jpeg: bytes


@dataclass(frozen=True, slots=True)
class Put:
    """What became of a frame that was put, and of the one before it."""

    replaced: bool = False  # another socket has taken the camera over: the frame was not kept
    overwritten: int | None = None  # sequence of this socket's frame that nobody will look at any more
    token: str | None = None  # to be queued with a job, where none is queued or running


_PUT = """
local owner = redis.call('GET', KEYS[3])
if owner and owner ~= ARGV[1] then return {1, false, 0} end
redis.call('SET', KEYS[3], ARGV[1], 'PX', ARGV[2])
local before = redis.call('HMGET', KEYS[1], 'reply', 'sequence')
local overwritten = before[1] == ARGV[1] and before[2]
redis.call('DEL', KEYS[1])
redis.call('HSET', KEYS[1], 'reply', ARGV[1], 'sequence', ARGV[3], 'received', ARGV[4], 'jpeg', ARGV[5])
redis.call('PEXPIRE', KEYS[1], ARGV[6])
local free = redis.call('SET', KEYS[2], ARGV[7], 'NX', 'PX', ARGV[8])
return {0, overwritten, free and 1 or 0}
"""

_TAKE = """
if redis.call('GET', KEYS[2]) ~= ARGV[1] then return false end
redis.call('PEXPIRE', KEYS[2], ARGV[2])
local frame = redis.call('HMGET', KEYS[1], 'sequence', 'received', 'reply', 'jpeg')
redis.call('DEL', KEYS[1])
return frame
"""

_FINISH = """
if redis.call('GET', KEYS[2]) ~= ARGV[1] then return 0 end
if redis.call('EXISTS', KEYS[1]) == 1 then
  redis.call('PEXPIRE', KEYS[2], ARGV[2])
  return 1
end
redis.call('DEL', KEYS[2])
return 0
"""

_HOLD = """
local owner = redis.call('GET', KEYS[1])
if owner and owner ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1
"""

_LET_GO = """
if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end
return 0
"""

OWNER_LIFE_MS = 30_000  # a socket holds its camera anew every second; one that died in silence loses it after this


async def claim(camera: UUID, *, reply: str) -> None:
    """From now on only the socket behind `reply` may put frames of this camera; the one before it is out."""
    await waiting().set(_owner(camera), reply, px=OWNER_LIFE_MS)


async def hold(camera: UUID, *, reply: str) -> bool:
    """Whether the camera is still this socket's; if so, for another while."""
    return bool(await waiting().register_script(_HOLD)(keys=[_owner(camera)], args=[reply, OWNER_LIFE_MS]))


async def let_go(camera: UUID, *, reply: str) -> None:
    await waiting().register_script(_LET_GO)(keys=[_owner(camera)], args=[reply])


async def put(camera: UUID, frame: Frame) -> Put:
    """Leaves a frame to be taken. The caller queues a job where a token comes back."""
    token = secrets.token_hex(8)
    replaced, overwritten, free = await waiting().register_script(_PUT)(
        keys=[*_frame_and_busy(camera), _owner(camera)],
        args=[
            *(frame.reply, OWNER_LIFE_MS, frame.sequence, repr(frame.received), frame.jpeg),
            *(_ms(conf().frame_life), token, _ms(conf().job_life)),
        ],
    )
    return Put(
        replaced=bool(replaced),
        overwritten=int(overwritten) if overwritten is not None else None,
        token=token if free else None,
    )


def take(camera: UUID, *, token: str) -> Frame | None:
    """The newest frame, for the job with this token. None where it has expired, or the job was given up for lost and
    another has taken its place."""
    script = blocking().register_script(_TAKE)
    found = script(keys=_frame_and_busy(camera), args=[token, _ms(conf().job_life)])
    if not found or found[0] is None:
        return None
    sequence, received, reply, jpeg = found
    return Frame(int(sequence), float(received), reply.decode(), jpeg)


def finish(camera: UUID, *, token: str) -> bool:
    """Ends a job. True where another frame has come meanwhile: then the token stays taken and the caller queues a job
    with it."""
    script = blocking().register_script(_FINISH)
    return bool(script(keys=_frame_and_busy(camera), args=[token, _ms(conf().job_life)]))


def busy_key(camera: UUID) -> str:
    return key("busy", camera)


def _frame_and_busy(camera: UUID) -> list[str]:
    return [key("frame", camera), busy_key(camera)]


def _owner(camera: UUID) -> str:
    return key("owner", camera)


def _ms(seconds: float) -> int:
    return round(seconds * 1000)
