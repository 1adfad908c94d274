"""With which models does this process compute? With those of the deployment's pack; never in the web process.

A pack is loaded once, warm, and kept while it is among the few that were used last.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from threading import Lock

import cv2
from django.conf import settings

from recognition.conf import conf
from recognition.packs import registry
from recognition.packs.errors import UnknownPack
from recognition.packs.registry import Pack
from recognition.pipeline.interfaces import Engine
from watchlist.errors import Refused

HELD = 3  # engines in a process: the largest pack takes some 300 MB, and few deployments run at once

# A frame may arrive while the process warms itself in another thread: it waits for that load instead of repeating it.
_loading = Lock()
# DeepFace knows one engine at a time: nobody may enter another while two pictures are compared.
_verifying = Lock()
_entered: Engine | None = None


def default_pack() -> Pack:
    """The installation's own, with which uploads are checked."""
    return registry.find_for_live_use(conf().pack)


def pack_of(identifier: str) -> Pack:
    """The pack whose templates carry this identifier. Raises Refused where another version of it is installed, or where
    its licence allows research only."""
    try:
        pack = registry.find(identifier.rpartition("-")[0])
    except UnknownPack:
        pack = None
    if pack is None or pack.identifier != identifier:
        here = f"has {pack.identifier} in its place" if pack else "does not know it"
        raise Refused(
            "pack_replaced",
            f"{identifier} is asked for, and this installation {here}. For a draft choose a pack that is offered; a "
            "deployment that is approved must be closed, and another applied for.",
        )
    if not pack.operational:
        raise Refused("not_for_live_use", f"The licence of {pack.name} allows research only: choose another pack.")
    return pack


def engine() -> Engine:
    """The engine of the installation's own pack."""
    return engine_of(default_pack().identifier)


def engine_of(identifier: str) -> Engine:
    """The engine that makes and compares templates of this pack.

    The first call takes half a second, or two where the pack has to be converted first. Raises Refused as `pack_of`,
    and PackError where its files are not sound.
    """
    pack = pack_of(identifier)
    with _loading:
        return _loaded(pack.name, pack.identifier)


@contextmanager
def verifier(identifier: str) -> Iterator[Pack]:
    """While it lasts, DeepFace computes with this pack. Entered once before, it costs nothing to enter again."""
    global _entered
    prepared, pack = engine_of(identifier), pack_of(identifier)
    with _verifying:
        if _entered is not prepared:
            _enter(prepared, pack)
            _entered = prepared
        yield pack


@lru_cache(maxsize=HELD)
def _loaded(name: str, _identifier: str) -> Engine:
    cv2.setNumThreads(1)  # as ONNX Runtime: processes are what is scaled
    return registry.load(name, conf().pack_cache)


def _enter(prepared: Engine, pack: Pack) -> None:
    """Builds DeepFace's models too, so that no candidate waits for that."""
    # Before the first import of DeepFace, which reads the one and makes a folder for weights in the other.
    os.environ["DEEPFACE_BACKEND_ENGINE"] = settings.LFR_DEEPFACE_BACKEND
    os.environ["DEEPFACE_HOME"] = str(conf().pack_cache)
    from deepface.modules import modeling

    from recognition.packs.deepface_models import register_with_deepface

    register_with_deepface(prepared, pack)
    modeling.build_model(task="face_detector", model_name=pack.detector)
    modeling.build_model(task="facial_recognition", model_name=pack.recogniser)
    from deepface import DeepFace  # noqa: F401  the import takes most of a second
