"""A worker holds the packs of deployments that run or may be started before their first frame comes."""

import logging
from threading import Thread

import pytest

from recognition import engine, worker
from recognition.packs import registry
from tests.cast import PACK, Cast, make_cast, make_draft, make_live
from watchlist.models import Deployment
from watchlist.selectors.deployments import packs_in_use


@pytest.fixture
def people(committed_db: None) -> Cast:
    return make_cast()


@pytest.fixture
def loads(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The packs that are loaded from here on, in that order; none is held at first."""
    load, noted = registry.load, []
    engine._loaded.cache_clear()
    worker._told.clear()
    monkeypatch.setattr(registry, "load", lambda name, cache: (noted.append(name), load(name, cache))[1])
    return noted


def look(monkeypatch: pytest.MonkeyPatch, *queues: str) -> None:
    """In a thread, as in the worker, since it closes its connections."""
    monkeypatch.setattr(worker, "_queues", lambda: list(queues))
    looking = Thread(target=worker._load_others)
    looking.start()
    looking.join()


def searching(cast: Cast, pack: str) -> Deployment:
    deployment = make_live(cast)
    Deployment.objects.filter(pk=deployment.pk).update(pack=pack)
    return deployment


def test_those_of_deployments_that_run_are_loaded_and_no_drafts(
    people: Cast, second_pack: str, loads: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    draft = make_draft(people)
    Deployment.objects.filter(pk=draft.pk).update(pack=second_pack)
    look(monkeypatch, "frames")
    assert (loads, packs_in_use()) == ([], [])
    searching(people, PACK)
    searching(people, second_pack)
    look(monkeypatch, "clock")
    assert loads == []
    for _ in range(2):
        look(monkeypatch, "frames")
    assert sorted(loads) == ["dlib", "second"]
    assert sorted(packs_in_use()) == [PACK, second_pack]


def test_one_that_cannot_be_loaded_is_said_once_and_keeps_no_other_from_being_loaded(
    people: Cast, loads: list[str], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    searching(people, "dlib-9")
    searching(people, PACK)
    with caplog.at_level(logging.ERROR, "recognition.worker"):
        for _ in range(2):
            look(monkeypatch, "frames")
    [said] = [record.getMessage() for record in caplog.records if record.name == "recognition.worker"]
    assert "The pack dlib-9 cannot be loaded" in said
    assert "has dlib-2 in its place" in said
    assert loads == ["dlib"]
