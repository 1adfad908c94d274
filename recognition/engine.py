"""With which models does this process compute? One pack, loaded once, warm; never in the web process."""

import os
from functools import lru_cache
from threading import Lock

import cv2
from django.conf import settings

from recognition.conf import conf
from recognition.packs import registry
from recognition.packs.registry import Pack
from recognition.pipeline.types import Engine

# A frame may arrive while the process warms itself in another thread: it waits for that load instead of repeating it.
_loading = Lock()


def pack() -> Pack:
    return registry.find_for_live_use(conf().pack)


def engine() -> Engine:
    """The process's engine; the first call takes half a second, or two where the pack has to be converted first."""
    with _loading:
        return _loaded(pack().name)


def prepare_verifier() -> None:
    """Enters the engine in DeepFace's registry and builds its models, so that no candidate waits for that."""
    prepared = engine()
    with _loading:
        _registered(prepared)


@lru_cache(maxsize=1)
def _loaded(name: str) -> Engine:
    cv2.setNumThreads(1)  # as ONNX Runtime: processes are what is scaled
    return registry.load(name, conf().pack_cache)


@lru_cache(maxsize=1)
def _registered(prepared: Engine) -> None:
    # Before the first import of DeepFace, which reads the one and makes a folder for weights in the other.
    os.environ["DEEPFACE_BACKEND_ENGINE"] = settings.LFR_DEEPFACE_BACKEND
    os.environ["DEEPFACE_HOME"] = str(conf().pack_cache)
    from deepface.modules import modeling

    from recognition.packs.deepface_models import register_with_deepface

    chosen = pack()
    register_with_deepface(prepared, chosen)
    modeling.build_model(task="face_detector", model_name=chosen.detector)
    modeling.build_model(task="facial_recognition", model_name=chosen.recogniser)
    from deepface import DeepFace  # noqa: F401  the import takes most of a second
