"""What every door of the API has in common."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiResponse
from rest_framework.pagination import LimitOffsetPagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import Serializer

from watchlist.api.errors import ErrorOutput
from watchlist.models import User

REFUSALS = {
    400: OpenApiResponse(ErrorOutput, "What was sent cannot be used."),
    401: OpenApiResponse(ErrorOutput, "Neither a session nor a token."),
    403: OpenApiResponse(ErrorOutput, "The role table says no."),
    404: OpenApiResponse(ErrorOutput, "No such thing, or not yours to know of."),
    409: OpenApiResponse(ErrorOutput, "A rule says no, or somebody else was first."),
}


class Pages(LimitOffsetPagination):
    default_limit = 50
    max_limit = 200


def actor_of(request: Request) -> User:
    """Who is asking; IsAuthenticated has let nobody else come this far."""
    assert isinstance(request.user, User)
    return request.user


def parsed(serializer: type[Serializer], request: Request) -> dict[str, Any]:
    """The body as the input serializer understands it; raises ValidationError."""
    read = serializer(data=request.data)
    read.is_valid(raise_exception=True)
    return dict(read.validated_data)


def page_of(queryset: QuerySet, output: type[Serializer], request: Request) -> Response:
    pages = Pages()
    rows = pages.paginate_queryset(queryset, request)
    return pages.get_paginated_response(output(rows, many=True).data)
