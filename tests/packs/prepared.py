"""Run by the DeepFace tests in a process of its own: the verifier as a worker of the product prepares it.

python prepared.py IMAGE IMAGE      prints the back end and whether each picture shows the first one's person
"""

import json
import sys

import cv2
import django
import numpy as np


def main() -> None:
    django.setup()
    from recognition.engine import default_pack, verifier
    from recognition.packs.verification import verify

    first, second = (np.ascontiguousarray(cv2.imread(path)[:, :, ::-1]) for path in sys.argv[1:])
    with verifier(default_pack().identifier) as pack:
        from deepface.commons import backend_utils

        answer = {
            "backend": backend_utils.get_backend_engine(),
            "tensorflow": "tensorflow" in sys.modules,
            "verified": [verify(first, other, pack=pack).verified for other in (first[:, ::-1], second)],
        }
    print(json.dumps(answer))


if __name__ == "__main__":
    main()
