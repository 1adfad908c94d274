"""What a run of the product leaves and passes on, and why: a table in which everything has to be found."""

import re
from collections import Counter
from collections.abc import Callable

from recognition.conf import conf
from recognition.leakscan.pieces import Kind, Piece
from recognition.leakscan.redis import NO_EXPIRY
from tests.live.evidence import Evidence

FACE_KEYS = (b"lfr:frame:", b"lfr:tracks:", b"lfr:candidate:")

# Seconds that each sort of key may live; the first three may carry a frame, scores, a sealed candidate.
LIVES: dict[str, Callable[[], float]] = {
    "lfr:frame:*": lambda: conf().frame_life,
    "lfr:tracks:*": lambda: conf().track_life,
    "lfr:candidate:*": lambda: conf().candidate_life,
    "lfr:unanswered:*": lambda: conf().unanswered_life,
    "lfr:busy:*": lambda: conf().job_life,
    "lfr:owner:*": lambda: 30.0,
    "lfr:warm:*": lambda: conf().warm_life,
    "lfr:counted": lambda: conf().counter_life,
}
# Keys that stand as long as there are messages or queues. Every message is in the traffic, and held against the table.
FOR_EVER = r"frames|verify|default|clock|unacked|unacked_index|_kombu\..*"

# A frame is in Redis from the moment it is put until a worker takes it, or for two seconds.
WHERE_A_FRAME_MAY_BE = ("EVALSHA lfr:frame:*", "HSET lfr:frame:*")

CAMERA = r"/ws/camera/[0-9a-f-]{36}/"
STAMP = r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3}"

EXPLAINED: list[tuple[Kind, str, str]] = [
    # --- Database ---
    (Kind.COLUMN, r"authtoken_token\..*", "the operator's token"),
    (Kind.COLUMN, r"watchlist_alert\.(probe|portrait)( \(opened\))?", "the listed person, sealed"),
    (Kind.COLUMN, r"watchlist_alert\.(verification|quality)", "figures about the listed person's passage"),
    (Kind.COLUMN, r"watchlist_alert\.seeded", "whether the listed person is consenting staff"),
    (
        Kind.COLUMN,
        r"watchlist_alert\.\w*(id|_at|list_\w+|score|threshold|frames|sightings|pack|software|state)",
        "same",
    ),
    (Kind.COLUMN, r"watchlist_auditentry\..*", "ids, codes and counts: camera connected, alert raised, disconnected"),
    (Kind.COLUMN, r"watchlist_camerause\..*", "ids and counts of a camera in use, until it is not"),
    (Kind.COLUMN, r"watchlist_deployment\.(faces_seen|templates_destroyed)", "counts"),
    # --- Redis, as it is used: first the mailbox ---
    (Kind.COMMAND, r"(EVALSHA|HSET|HMGET|DEL|PEXPIRE|EXISTS) lfr:frame:\*", "the newest frame, for two seconds"),
    (Kind.COMMAND, r"(SET|GET|DEL|PEXPIRE) lfr:busy:\*", "token of a camera's job"),
    (Kind.COMMAND, r"(EVALSHA|SET|GET|DEL) lfr:owner:\*", "which socket sends for a camera"),
    (Kind.COMMAND, r"(EVALSHA|SET|GET) lfr:tracks:\*", "boxes and scores, for five seconds"),
    (Kind.COMMAND, r"(SET|GETDEL) lfr:candidate:\*( \(opened\))?", "the listed person, sealed, for ten seconds"),
    (
        Kind.COMMAND,
        r"(SET|DEL|EXISTS) lfr:unanswered:.*",
        "that a candidate of a listed person waits, for milliseconds",
    ),
    (Kind.COMMAND, r"(HINCRBY|EXPIRE|HGETALL|DEL) lfr:counted", "counts on their way to the database"),
    (Kind.COMMAND, r"(SET|DEL) lfr:warm:.*", "worker processes that are ready"),
    (Kind.COMMAND, r"SCRIPT LOAD", "the text of the mailbox's scripts"),
    # --- then Celery: messages with ids ---
    (Kind.COMMAND, r"(LPUSH|BRPOP|LLEN) (frames|verify|default|clock)(\x06\x16\d)?", "task messages"),
    (Kind.COMMAND, r"(HSET|HDEL|HGET) unacked", "task messages in work"),
    (Kind.COMMAND, r"(ZADD|ZREM|ZRANGE|ZREVRANGEBYSCORE) unacked_index", "when a message was taken"),
    (Kind.COMMAND, r"(SET|DEL|GET|EVALSHA) unacked_mutex", "who looks for messages that were lost"),
    (Kind.COMMAND, r"(SADD|SMEMBERS) _kombu\..*", "names of queues"),
    # --- then the channel layer: results to the camera's page, ids to everybody's ---
    (Kind.COMMAND, r"PUBLISH lfrweb__group__deployment\.\*", "health of a camera, ids of alerts"),
    (Kind.COMMAND, r"PUBLISH lfrwebspecific\.\*", "boxes and quality of a frame's faces, for its sender"),
    (Kind.COMMAND, r"(SUBSCRIBE|UNSUBSCRIBE) lfrweb(specific\.\*|__group__deployment\.\*)", "sockets that come and go"),
    (Kind.COMMAND, r"(HELLO|CLIENT|SELECT|PING|MULTI|EXEC|INFO|ECHO)\b.*", "connections"),
    (Kind.COMMAND, r"(SCAN|TYPE|PTTL)\b.*", "these tests, and the page that says whether workers are ready"),
    # --- and what stands there afterwards ---
    (Kind.KEY, r"lfr:(counted|warm:.*|owner:\*|busy:\*)", "counts and marks, which expire"),
    (Kind.KEY, FOR_EVER, "queues and messages"),
    # --- Files ---
    (Kind.FILE, r"var/test(-\d)?/keys/deployment-[0-9a-f-]{36}\.key", "the deployment's data key, wrapped"),
    (Kind.FILE, r"var/test(-\d)?/beat-schedule.*", "when beat last called what"),
    (Kind.FILE, r"(\.\./)+dev/shm/lfrweb-\d+-\w{12}/[0-9a-f_-]+\.gallery", "templates of the list, in memory"),
    (Kind.FILE, r"(\.\./)+dev/shm/PostgreSQL\.\d+", "PostgreSQL's own shared memory"),
    # --- Logs ---
    (Kind.LINE, rf'127\.0\.0\.1:\d+ - - \[.+\] "WS(CONNECT|CONNECTING|DISCONNECT) {CAMERA}" - -', "a camera's socket"),
    (Kind.LINE, r'127\.0\.0\.1:\d+ - - \[.+\] "GET /healthz" \d+ \d+', "these tests, asking for its health"),
    (
        Kind.LINE,
        rf"{STAMP} INFO recognition\.gallery: Gallery of \S{{36}} built: version \d+, \d+ templates\.",
        "a list",
    ),
    (
        Kind.LINE,
        rf"{STAMP} INFO celery\.worker\.request: Discarding revoked task: [\w.]+\[[0-9a-f-]+\]",
        "a task whose time was over",
    ),
    (
        Kind.LINE,
        rf"{STAMP} ERROR recognition\.services\.frames: A frame could not be looked at: \w+ at (\w+\.py:\d+ \w+(, )?)+",
        "an error's type and place",
    ),
    (
        Kind.LINE,
        rf"{STAMP} ERROR recognition\.worker: The pack [\w-]+ cannot be loaded: "
        r"Refused \(pack_replaced\) at (\w+\.py:\d+ \w+(, )?)+\. [\w-]+ is asked for, and this installation .*",
        "a deployment whose pack is not there",
    ),
]


def unexplained(evidence: Evidence) -> dict[str, int]:
    """Sorts of things that the table does not know, with how many there are of each."""
    pieces = (*evidence.passed, *evidence.left)
    return dict(Counter(_named(piece) for piece in pieces if not _explained(piece)))


def lives_too_long(evidence: Evidence) -> dict[str, int]:
    """Sorts of keys that it does not know, or that lived longer than it says: milliseconds, -1 for ever."""
    return {place: life for place, life in evidence.longest_life.items() if not _may_live(place, life)}


def _may_live(place: str, life: int) -> bool:
    if life == NO_EXPIRY:
        return re.fullmatch(FOR_EVER, place) is not None
    limits = (limit() for known, limit in LIVES.items() if place.startswith(known.rstrip("*")))
    return any(life <= limit * 1000 for limit in limits)


def _explained(piece: Piece) -> bool:
    return any(kind == piece.kind and re.fullmatch(pattern, _subject(piece)) for kind, pattern, _ in EXPLAINED)


def _subject(piece: Piece) -> str:
    """Of a log each line has to be known, of everything else its sort."""
    return piece.data.decode(errors="backslashreplace") if piece.kind == Kind.LINE else piece.place


def _named(piece: Piece) -> str:
    text = f"{piece.kind} {piece.place}"
    return f"{text}: {_subject(piece)[:200]}" if piece.kind == Kind.LINE else text
