"""In each kind of place where data can lie, a planted picture and a planted template are found."""

import base64
import json
import logging
import uuid
from contextlib import closing

import numpy as np
import psycopg
import pytest
from django.utils import timezone
from psycopg import sql
from psycopg.types.json import Jsonb

from lfrweb.celery import app
from lfrweb.embedded.paths import OWNER_ROLE
from recognition import galleryfile
from recognition.candidates import Waiting, leave
from recognition.leakscan import database, files, redis
from recognition.leakscan.datafiles import FOLDERS, JPEG, Remains, remains
from recognition.leakscan.datafiles import TEMPLATE as TEMPLATES
from recognition.leakscan.likeness import ALIKE
from recognition.leakscan.pieces import Piece, appeared
from recognition.leakscan.scan import Match, scan
from recognition.leakscan.sealed import opened
from recognition.leakscan.traffic import Traffic
from recognition.pipeline.types import Gallery
from tests.cast import make_cast, make_live, make_pending, make_reference, make_subject
from tests.leakscan.looked_for import HOPPER, crop_bytes, looking_for, template

PICTURE, TEMPLATE = "picture", "template"
PLANTED = pytest.mark.parametrize("planted", [PICTURE, TEMPLATE])


def clear(planted: str) -> bytes:
    return crop_bytes(HOPPER) if planted == PICTURE else template(HOPPER).tobytes()


def text(planted: str) -> str:
    return base64.b64encode(clear(planted)).decode()


def document(planted: str) -> dict:
    return {"left": text(planted) if planted == PICTURE else template(HOPPER).tolist()}


def found(pieces: list[Piece]) -> list[Match]:
    return scan(pieces, likeness=looking_for(HOPPER), threshold=ALIKE).matches


@pytest.fixture
def owner(services, committed_db):
    from django.db import connections

    name = str(connections["default"].settings_dict["NAME"])
    with closing(
        psycopg.connect(host=str(services.postgres_sockets), user=OWNER_ROLE, dbname=name, autocommit=True)
    ) as connection:
        yield connection


@pytest.fixture
def planted_table(owner):
    owner.execute("CREATE TABLE planted (id int PRIMARY KEY, clear bytea, words text, document jsonb, numbers real[])")
    yield "planted"
    owner.execute("DROP TABLE planted")


@PLANTED
@pytest.mark.parametrize("column", ["clear", "words", "document"])
def test_in_a_column(owner, planted_table, planted, column):
    before = list(database.cells(owner))
    values = {"clear": clear(planted), "words": text(planted), "document": Jsonb(document(planted))}
    statement = sql.SQL("INSERT INTO planted (id, {}) VALUES (1, %s)").format(sql.Identifier(column))
    owner.execute(statement, [values[column]])
    matches = found(appeared(before, database.cells(owner)))
    assert {match.piece.place for match in matches} == {f"planted.{column}"}


def test_in_a_column_of_numbers(owner, planted_table):
    owner.execute("INSERT INTO planted (id, numbers) VALUES (1, %s)", [template(HOPPER).tolist()])
    assert {match.piece.place for match in found(list(database.cells(owner)))} == {"planted.numbers"}


@PLANTED
def test_in_a_sealed_column(owner, planted):
    cast = make_cast()
    make_reference(cast, make_subject(cast))  # of somebody else
    subject = make_subject(cast)
    if planted == PICTURE:
        row, column = make_pending(cast, subject, clear(PICTURE)), "referenceimage.image"
    else:
        row, column = make_reference(cast, subject, clear(TEMPLATE)).templates.get(), "template.vector"
    cells = list(database.cells(owner))
    assert not found(cells), "What is sealed is not to be read in the database itself."
    matches = found(list(opened(cells)))
    assert {match.piece.place for match in matches} == {f"watchlist_{column} (opened)"}
    assert {match.piece.where for match in matches} == {str(row.pk)}


WRITES = {
    "string": lambda client, data: client.set("planted", data, px=5000),
    "hash": lambda client, data: client.hset("planted", "jpeg", data),
    "list": lambda client, data: client.rpush("planted", "first", data),
    "set": lambda client, data: client.sadd("planted", data),
    "sorted set": lambda client, data: client.zadd("planted", {data: 1}),
    "stream": lambda client, data: client.xadd("planted", {"frame": data}),
}


@PLANTED
@pytest.mark.parametrize("write", WRITES)
def test_in_redis(redis_client, planted, write):
    WRITES[write](redis_client, clear(planted))
    assert {match.piece.place for match in found(list(redis.keys(redis_client)))} == {"planted"}


@PLANTED
def test_in_a_key_that_was_gone_before_anybody_looked(redis_client, planted):
    with Traffic(redis_client) as traffic:
        redis_client.set("planted", clear(planted), px=1)
        redis_client.publish("planted", clear(planted))
    assert {match.piece.place for match in found(list(traffic.pieces()))} == {"SET planted", "PUBLISH planted"}


def test_in_a_sealed_candidate(redis_client, services):
    candidate = Waiting(
        *("camera", "subject", "reference", 0.0, 0.9, 3, 1, 1, "dlib-2", {}, []), probe=crop_bytes(HOPPER)
    )
    with Traffic(redis_client) as traffic:
        leave(candidate, deployment=uuid.uuid4())
    sealed = [*redis.keys(redis_client), *traffic.pieces()]
    assert not found(sealed), "A candidate waits sealed."
    places = {match.piece.place for match in found(list(opened(sealed)))}
    assert places == {"lfr:candidate:* (opened)", "SET lfr:candidate:* (opened)"}


@PLANTED
def test_in_a_task_message(redis_client, planted):
    with Traffic(redis_client) as traffic:
        app.send_task("recognition.tasks.process_frame", args=[document(planted)], queue="frames")
    assert {match.piece.place for match in found(list(redis.keys(redis_client)))} == {"frames"}
    assert {match.piece.place for match in found(list(traffic.pieces()))} == {"LPUSH frames"}


@PLANTED
def test_in_a_file(tmp_path, planted):
    kept = tmp_path / "kept.bin"
    kept.write_bytes(b"as it was")
    before = files.Look.at([tmp_path])
    folder = tmp_path / "deep" / "below"
    folder.mkdir(parents=True)
    (folder / "spooled.tmp").write_bytes(b"header" + clear(planted))
    changed = files.Look.at([tmp_path]).changed_since(before)
    assert changed == [folder / "spooled.tmp"]
    matches = found(list(files.contents(changed, relative_to=tmp_path)))
    assert {match.piece.place for match in matches} == {"deep/below/spooled.tmp"}


@PLANTED
@pytest.mark.parametrize("form", ["repr", "base64", "JSON"])
def test_in_a_log_line(tmp_path, planted, form):
    log = tmp_path / "web.log"
    log.write_text("an older line\n")
    start = log.stat().st_size
    said = {"repr": clear(planted), "base64": text(planted), "JSON": json.dumps(document(planted))}[form]
    handler = logging.FileHandler(log)
    logger = logging.Logger("planted")
    logger.addHandler(handler)
    logger.warning("A frame could not be looked at: %s", said)
    handler.close()
    matches = found(list(files.lines(log, start=start)))
    assert {(match.piece.place, match.piece.where) for match in matches} == {("web.log", "line 1")}


def test_in_shared_memory(services):
    folder = services.shared_memory or pytest.skip("This machine has no /dev/shm.")
    edition = galleryfile.Edition(uuid.uuid4(), 1, timezone.localdate())
    before = files.Look.at([folder])
    gallery = Gallery(np.stack([template(HOPPER)]), ["reference"], ["subject"], 1, "dlib-2")
    galleryfile.write(folder, edition, gallery)
    try:
        changed = files.Look.at([folder]).changed_since(before)
        matches = found(list(files.contents(changed, relative_to=folder)))
        assert {match.piece.place for match in matches} == {edition.filename}
    finally:
        galleryfile.unlink(folder, edition.deployment)


def test_in_the_files_of_postgresql(owner, planted_table, services):
    """What was deleted long ago still lies in pages and in the write-ahead log: a reason to store nothing in clear."""
    before = _remains(services)
    # Thrice, for one may lie across two pages, with the second page's header in its midst.
    for number in range(3):
        values = [number, clear(PICTURE), 100 + number, clear(TEMPLATE)]
        owner.execute("INSERT INTO planted (id, clear) VALUES (%s, %s), (%s, %s)", values)
    owner.execute("DELETE FROM planted")
    _checkpoint(services)
    grown = _remains(services) - before
    assert set(grown) == {(folder, kind) for folder in FOLDERS for kind in (JPEG, TEMPLATES)}


def _remains(services) -> Remains:
    return remains(services.postgres_data, likeness=looking_for(HOPPER), threshold=ALIKE)


def _checkpoint(services) -> None:
    with psycopg.connect(host=str(services.postgres_sockets), user="postgres", dbname="postgres") as connection:
        connection.execute("CHECKPOINT")


def test_what_is_listed_is_not_what_is_looked_for(owner):
    """The scan is about one person: others' sealed pictures are opened, looked at, and left in peace."""
    make_live(make_cast())
    report = scan(opened(database.cells(owner)), likeness=looking_for(HOPPER), threshold=ALIKE)
    assert report.pictures >= 2
    assert report.windows >= 1
    assert not report.matches
