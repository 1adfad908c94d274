"""One shape for every refusal: `{"code": ..., "message": ..., "fields": {...}}`."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.exceptions import ValidationError as DjangoValidationError
from django.http import Http404
from rest_framework import serializers, status
from rest_framework.exceptions import APIException, ValidationError
from rest_framework.response import Response
from rest_framework.views import exception_handler

from watchlist.errors import InvalidInput, WatchlistError

INVALID = "Some of what was sent cannot be used: see the fields."


class ErrorOutput(serializers.Serializer):
    code = serializers.CharField(help_text="For programs; stable.")
    message = serializers.CharField(help_text="For the person in front of the screen: what is wrong and what to do.")
    fields = serializers.DictField(child=serializers.ListField(child=serializers.CharField()))  # type: ignore[assignment]


def handle(error: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's EXCEPTION_HANDLER. None, which becomes a 500, for what is a fault of ours."""
    if isinstance(error, WatchlistError):
        fields = error.fields if isinstance(error, InvalidInput) else {}
        return Response(_body(error.code, error.message, fields), status=error.status)
    if isinstance(error, DjangoValidationError):
        return Response(_body("invalid", " ".join(error.messages), {}), status=status.HTTP_400_BAD_REQUEST)
    response = exception_handler(error, context)
    if response is None:
        return None
    if isinstance(error, ValidationError):
        response.data = _body("invalid", INVALID, _flat(error.detail))
    elif isinstance(error, APIException):
        response.data = _body(str(error.get_codes()), str(error.detail), {})
    elif isinstance(error, Http404):
        response.data = _body("not_found", "There is nothing at this address.", {})
    elif isinstance(error, PermissionDenied):
        response.data = _body("permission_denied", "You may not do this.", {})
    return response


def _body(code: str, message: str, fields: dict[str, Any]) -> dict[str, Any]:
    return {"code": code, "message": message, "fields": fields}


def _flat(detail: Any, prefix: str = "") -> dict[str, list[str]]:
    """DRF's nested details as `field` or `field.0` to sentences."""
    if isinstance(detail, dict):
        nested = [_flat(value, f"{prefix}.{name}".lstrip(".")) for name, value in detail.items()]
        return {name: texts for part in nested for name, texts in part.items()}
    return {prefix: [str(text) for text in detail]}
