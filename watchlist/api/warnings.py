"""Warnings about images: what waits for a steward, and the answer."""

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from watchlist.api.subjects import ResemblanceOutput
from watchlist.api.views import REFUSALS, Pages, actor_of, page_of, parsed
from watchlist.errors import InvalidInput
from watchlist.models import Resemblance
from watchlist.permissions import Permission, require
from watchlist.selectors.references import resemblance_for, unanswered
from watchlist.services.references import resemblance_answer
from watchlist.services.viewing import viewed


class AnswerInput(serializers.Serializer):
    answer = serializers.ChoiceField(
        choices=Resemblance.Answer.choices,
        help_text="Of a misfit: fits, somebody_else or other_wrong. Of every other kind: two_people or same_person.",
    )
    reason = serializers.CharField(max_length=2000)
    marks = serializers.CharField(
        required=False,
        allow_blank=True,
        default="",
        max_length=2000,
        help_text="Of two people: what the one of the new image is known by. Operators and officers are shown it.",
    )
    other_marks = serializers.CharField(required=False, allow_blank=True, default="", max_length=2000)


class WarningsView(APIView):
    pagination_class = Pages

    @extend_schema(
        operation_id="warnings_list",
        parameters=[OpenApiParameter("kind", OpenApiTypes.STR, enum=Resemblance.Kind.values)],
        responses={200: ResemblanceOutput(many=True), **REFUSALS},
    )
    def get(self, request: Request) -> Response:
        """Those that nobody has answered, newest first; of one kind where it is named."""
        waiting = unanswered(actor_of(request)).order_by("-noticed_at")
        if (kind := request.query_params.get("kind")) is not None:
            if kind not in Resemblance.Kind.values:
                text = f"Choose from {', '.join(Resemblance.Kind.values)}."
                raise InvalidInput("kind", f"There is no kind {kind}. {text}", {"kind": [text]})
            waiting = waiting.filter(kind=kind)
        viewed(actor=actor_of(request), what="resemblance list", pk="all", purpose="API")
        return page_of(waiting, ResemblanceOutput, request)


class AnswerView(APIView):
    @extend_schema(operation_id="warnings_answer", request=AnswerInput, responses={200: ResemblanceOutput, **REFUSALS})
    def post(self, request: Request, pk: int) -> Response:
        """Answers a warning, for good. 409 where somebody else was first."""
        require(actor_of(request), Permission.SUBJECT_EDIT)
        warning = resemblance_for(actor_of(request), pk)
        resemblance_answer(actor=actor_of(request), resemblance=warning, **parsed(AnswerInput, request))
        return Response(ResemblanceOutput(warning).data)
