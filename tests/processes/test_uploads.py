"""What Django is given of an upload stays in memory. `tests/live/test_upload_bodies.py` asks the same of daphne."""

from io import BytesIO

from django.conf import settings
from django.core.files.uploadedfile import InMemoryUploadedFile
from django.test import RequestFactory

from lfrweb.uploads import MemoryOnlyUploadHandler

LARGE = 5 * 1024 * 1024


def test_a_large_file_arrives_in_memory():
    request = RequestFactory().post("/", {"picture": BytesIO(b"x" * LARGE)})
    assert [type(handler) for handler in request.upload_handlers] == [MemoryOnlyUploadHandler]
    assert isinstance(request.FILES["picture"], InMemoryUploadedFile)
    assert request.FILES["picture"].size == LARGE


def test_django_spools_no_body_that_is_let_in():
    assert settings.FILE_UPLOAD_MAX_MEMORY_SIZE >= settings.LFR_LARGEST_UPLOAD
