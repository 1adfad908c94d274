"""Celery where the tests' second pack is installed:  python -m tests.live.celery_with_second_pack ARGUMENTS"""

from celery.__main__ import main

from recognition.packs.registry import PACKS
from tests.second_pack import NAME, second

if __name__ == "__main__":
    PACKS[NAME] = second()
    main()
