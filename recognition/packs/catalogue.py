"""Which recognisers and detectors are there, with which files, licence and form of input.

Each is DeepFace's model of that name: its ONNX edition where DeepFace downloads one, and all named here have one, so
that none needs TensorFlow. How pixels reach the network is DeepFace's way too, since that is what its published figures
were measured with; tests/packs/test_pixels.py holds the two side by side. Hashes are those of independent publications.
DeepFace publishes none of its own files; for these the first installation records what it got.
"""

from recognition.pipeline.align import CHIP_SIDE, MEASURED
from recognition.pipeline.interfaces import Alignment, FaceDetector, Recogniser

from . import dlib_resnet, mtcnn_graphs
from .alignments import ARCFACE, FACENET
from .dlib_recogniser import DlibRecogniser
from .install import Network
from .mtcnn import Mtcnn
from .parts import DetectorPart, RecogniserPart
from .pixels import ColourOrder, PixelInput
from .retinaface import RetinaFace
from .sessions import PixelEmbedder, open_session
from .weights import WeightFile
from .yunet import Yunet

DEEPFACE_FILES = (
    "https://github.com/serengil/deepface_models/releases/download/v1.0",
    "https://huggingface.co/serengil/deepface/resolve/main",
)
OPENCV_ZOO = "https://github.com/opencv/opencv_zoo/raw/main/models"

WEB_PICTURES = "Its training pictures were collected on the web without asking those they show; take advice first."


def _of_deepface(name: str) -> WeightFile:
    return WeightFile(name, tuple(f"{place}/{name}" for place in DEEPFACE_FILES))


def _mtcnn(stage: str, digest: str) -> Network:
    return Network(
        name=f"mtcnn-{stage}",
        package="mtcnn",
        file=f"{stage}.lz4",
        sha256=digest,
        build=getattr(mtcnn_graphs, stage),
        conversion=2,
    )


def _open_mtcnn(pnet: bytes, rnet: bytes, onet: bytes) -> FaceDetector:
    detector = Mtcnn(pnet=open_session(pnet), rnet=open_session(rnet), onet=open_session(onet))
    detector.warm()
    return detector


def _open_dlib(model: bytes) -> Recogniser:
    recogniser = DlibRecogniser(open_session(model))
    recogniser.describe(DLIB_PIXELS.blank)
    return recogniser


def _downloaded(
    *,
    name: str,
    deepface: str,
    file: WeightFile,
    dimension: int,
    alignment: Alignment,
    pixels: PixelInput,
    licence: str,
    limits: str,
    operational: bool = True,
) -> RecogniserPart:
    return RecogniserPart(
        name=name,
        deepface=deepface,
        version=1,
        dimension=dimension,
        alignment=alignment,
        pixels=pixels,
        sources=(file,),
        licence=licence,
        operational=operational,
        limits=limits,
        open=lambda model: PixelEmbedder(model, pixels, dimension, file=file.name),
    )


DLIB_PIXELS = PixelInput(CHIP_SIDE, ColourOrder.RGB, planes=False, offset=0, scale=1)  # its graph does the rest
BGR_112 = PixelInput(112, ColourOrder.BGR, planes=False, offset=0, scale=255)
BGR_160 = PixelInput(160, ColourOrder.BGR, planes=False, offset=0, scale=255)
SFACE_PIXELS = PixelInput(112, ColourOrder.RGB, planes=True, offset=0, scale=1)
BUFFALO_PIXELS = PixelInput(112, ColourOrder.RGB, planes=True, offset=127.5, scale=127.5)

YUNET_FILE = WeightFile(
    "face_detection_yunet_2023mar.onnx",
    (f"{OPENCV_ZOO}/face_detection_yunet/face_detection_yunet_2023mar.onnx",),
    size=232_589,
    sha256="8f2383e4dd3cfbb4553ea8718107fc0423210dc964f9f4280604804ed2552fa4",
    known_from="the Git LFS pointer in opencv/opencv_zoo; package alchemyface 1.2.0",
)
RETINAFACE_FILE = _of_deepface("retinaface.onnx")

DETECTORS = (
    DetectorPart(
        name="mtcnn",
        deepface="mtcnn",
        sources=(
            _mtcnn("pnet", "ea6b0c3e685ebee3165326ad6484acc95f2ef78f1c94fbf40a55704fa989f7b5"),
            _mtcnn("rnet", "cb00e6460f3c98b0bfafaba3c0a0ded4bdf6e62cee7174d969e8670d7e757fee"),
            _mtcnn("onet", "94f6ea2f4cf985275ee958cdd762d17b6009348a4fb9d8c6be39ba73ffd22ca3"),
        ),
        licence="MIT",
        limits="Faces that show both eyes, from 20 px.",
        open=_open_mtcnn,
    ),
    DetectorPart(
        name="yunet",
        deepface="yunet",
        sources=(YUNET_FILE,),
        licence="MIT",
        limits="Not measured here with its real weights.",
        open=lambda model: Yunet(model, file=YUNET_FILE.name),
    ),
    DetectorPart(
        name="retinaface",
        deepface="retinaface",
        sources=(RETINAFACE_FILE,),
        licence="MIT",
        limits="Too slow for more than a camera or two on a processor. Not measured here with its real weights.",
        open=lambda model: RetinaFace(model, file=RETINAFACE_FILE.name),
    ),
)

RECOGNISERS = (
    RecogniserPart(
        name="dlib",
        deepface="Dlib",
        version=2,  # 1: one chip and its mirror image, and the embedding alone
        dimension=DlibRecogniser.dimension,
        alignment=MEASURED,
        pixels=DLIB_PIXELS,
        sources=(
            Network(
                name="dlib-resnet",
                package="face-recognition-models",
                file="dlib_face_recognition_resnet_model_v1.dat",
                sha256="55533b28a95800a551ba546ba62fe69625c7e95a7061c338adffead08719da30",
                build=dlib_resnet.build,
                conversion=2,
            ),
        ),
        licence="CC0-1.0",
        operational=True,
        limits="For demonstrations and short lists. With one still image per search and 250 people listed it finds "
        "79 % of those listed at 1 % false positives (LFW); a list of thousands needs a stronger pack.",
        open=_open_dlib,
    ),
    _downloaded(
        name="arcface",
        deepface="ArcFace",
        file=_of_deepface("arcface_weights.onnx"),
        dimension=512,
        alignment=ARCFACE,
        pixels=BGR_112,
        licence="MIT (Keras_insightface)",
        limits=WEB_PICTURES,
    ),
    _downloaded(
        name="facenet512",
        deepface="Facenet512",
        file=_of_deepface("facenet512_weights.onnx"),
        dimension=512,
        alignment=FACENET,
        pixels=BGR_160,
        licence="MIT (facenet)",
        limits=WEB_PICTURES,
    ),
    _downloaded(
        name="ghostfacenet",
        deepface="GhostFaceNet",
        file=_of_deepface("ghostfacenet_v1.onnx"),
        dimension=512,
        alignment=ARCFACE,
        pixels=BGR_112,
        licence="MIT (GhostFaceNets)",
        limits=WEB_PICTURES,
    ),
    _downloaded(
        name="sface",
        deepface="SFace",
        file=WeightFile(
            "face_recognition_sface_2021dec.onnx",
            (f"{OPENCV_ZOO}/face_recognition_sface/face_recognition_sface_2021dec.onnx",),
            size=38_696_353,
            sha256="0ba9fbfa01b5270c96627c4ef784da859931e02f04419c829e83484087c34e79",
            known_from="package alchemyface 1.2.0; eight further projects that pin it",
        ),
        dimension=128,
        alignment=ARCFACE,
        pixels=SFACE_PIXELS,
        licence="Apache-2.0",
        limits=WEB_PICTURES,
    ),
    _downloaded(
        name="buffalo_l",
        deepface="Buffalo_L",
        file=WeightFile(
            "w600k_r50.onnx",
            ("https://github.com/deepinsight/insightface/releases/download/v0.7/buffalo_l.zip",),
            size=174_383_860,
            sha256="4c06341c33c2ca1f86781dab0e829f88ad5b64be9fba56e56bc9ebdefc619e43",
            known_from="ten projects that pin it, PhotoPrism and uniface among them",
            member="w600k_r50.onnx",
        ),
        dimension=512,
        alignment=ARCFACE,
        pixels=BUFFALO_PIXELS,
        licence="non-commercial research only (InsightFace)",
        operational=False,
        limits="For evaluation only: its licence allows non-commercial research, which a deployment is not.",
    ),
)
