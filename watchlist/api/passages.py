"""How well it recognises here: passages of consenting staff, and the rate that they give."""

from typing import Any
from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from watchlist.api.views import REFUSALS, actor_of, parsed
from watchlist.errors import InvalidInput
from watchlist.forms import PassageNoteForm
from watchlist.models import Deployment
from watchlist.passages import Outcome
from watchlist.permissions import Permission, deployment_for
from watchlist.selectors.figures import figures_of
from watchlist.selectors.passages import Recognition, passage_for, passages_for, recognition_of
from watchlist.services.passages import passage_correct, passage_note, passage_strike
from watchlist.services.viewing import viewed


class RecognitionOutput(serializers.Serializer):
    """Passages that are over; the interval is Wilson's, of 95 %, as if each were of another person."""

    passages = serializers.IntegerField(source="share.of")
    recognised = serializers.IntegerField(source="share.count")
    rate = serializers.SerializerMethodField(allow_null=True, help_text="Null before the first passage is over.")
    low = serializers.FloatField()
    high = serializers.FloatField()
    people = serializers.IntegerField(help_text="Who made those passages.")
    more = serializers.IntegerField(help_text="Passages until the interval reaches at most 5 points to either side.")
    running = serializers.IntegerField(help_text="Under way, or an alert from it could still wait for its answer.")
    cut_short = serializers.IntegerField()
    struck = serializers.IntegerField()
    unnoted = serializers.IntegerField(help_text="Answered alerts on staff outside any noted passage; not counted.")

    def get_rate(self, recognition: Recognition) -> float | None:
        return recognition.share.value if recognition.share.of else None


class FiguresOutput(serializers.Serializer):
    """Alerts of the public: once they are answered, none on staff, but those on passers-by taken for them."""

    raised = serializers.IntegerField()
    waiting = serializers.IntegerField()
    confirmed = serializers.IntegerField()
    dismissed = serializers.IntegerField()
    expired = serializers.IntegerField()
    mistaken_for_staff = serializers.IntegerField(help_text="Of those dismissed.")


class PassageInput(serializers.Serializer):
    camera = serializers.UUIDField()
    subject = serializers.UUIDField(help_text="A consenting member of staff who is on this list.")


class CorrectInput(PassageInput):
    reason = serializers.CharField(max_length=500)


class StrikeInput(serializers.Serializer):
    reason = serializers.CharField(max_length=500)


class PassageOutput(serializers.Serializer):
    id = serializers.UUIDField()
    camera = serializers.UUIDField(source="camera_id")
    subject = serializers.UUIDField(source="subject_id")
    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField()
    noted_by = serializers.UUIDField(source="noted_by_id")
    noted_at = serializers.DateTimeField()
    struck_at = serializers.DateTimeField(allow_null=True)


class ToldOutput(serializers.Serializer):
    passage = PassageOutput()
    outcome = serializers.ChoiceField(choices=[str(outcome) for outcome in Outcome])


class FiguresView(APIView):
    @extend_schema(responses={200: FiguresOutput, **REFUSALS})
    def get(self, request: Request, pk: UUID) -> Response:
        return Response(FiguresOutput(figures_of(deployment_for(actor_of(request), pk, Permission.ALERT_VIEW))).data)


class RecognitionView(APIView):
    @extend_schema(responses={200: RecognitionOutput, **REFUSALS})
    def get(self, request: Request, pk: UUID) -> Response:
        deployment = deployment_for(actor_of(request), pk, Permission.DEPLOYMENT_VIEW)
        return Response(RecognitionOutput(recognition_of(deployment, timezone.now())).data)


class PassagesView(APIView):
    @extend_schema(operation_id="passages_list", responses={200: ToldOutput(many=True), **REFUSALS})
    def get(self, request: Request, pk: UUID) -> Response:
        """All of a deployment's, newest first."""
        deployment = deployment_for(actor_of(request), pk, Permission.PASSAGE_VIEW)
        told = passages_for(actor_of(request), deployment, timezone.now())
        viewed(actor=actor_of(request), what="passages", pk=pk, purpose="API", deployment=deployment)
        return Response(ToldOutput(told, many=True).data)

    @extend_schema(operation_id="passages_note", request=PassageInput, responses={201: PassageOutput, **REFUSALS})
    def post(self, request: Request, pk: UUID) -> Response:
        """They walk past now. 409 where that has been noted, or the deployment is not live."""
        deployment = deployment_for(actor_of(request), pk, Permission.PASSAGE_NOTE)
        chosen = _chosen(deployment, parsed(PassageInput, request))
        noted = passage_note(actor=actor_of(request), deployment=deployment, now=timezone.now(), **chosen)
        return Response(PassageOutput(noted).data, status=status.HTTP_201_CREATED)


class CorrectView(APIView):
    @extend_schema(operation_id="passages_correct", request=CorrectInput, responses={200: PassageOutput, **REFUSALS})
    def post(self, request: Request, pk: UUID) -> Response:
        passage = passage_for(actor_of(request), pk, Permission.PASSAGE_NOTE)
        fields = parsed(CorrectInput, request)
        chosen = _chosen(passage.deployment, fields)
        corrected = passage_correct(actor=actor_of(request), passage=passage, reason=fields["reason"], **chosen)
        return Response(PassageOutput(corrected).data)


class StrikeView(APIView):
    @extend_schema(operation_id="passages_strike", request=StrikeInput, responses={200: PassageOutput, **REFUSALS})
    def post(self, request: Request, pk: UUID) -> Response:
        passage = passage_for(actor_of(request), pk, Permission.PASSAGE_NOTE)
        fields = parsed(StrikeInput, request)
        struck = passage_strike(actor=actor_of(request), passage=passage, now=timezone.now(), **fields)
        return Response(PassageOutput(struck).data)


def _chosen(deployment: Deployment, fields: dict[str, Any]) -> dict[str, Any]:
    """Camera and person, of this deployment: nobody learns here whether there is such a one elsewhere."""
    form = PassageNoteForm(fields, deployment=deployment)
    if not form.is_valid():
        raise InvalidInput("invalid", form.sentence(), {name: [*map(str, each)] for name, each in form.errors.items()})
    return form.cleaned_data
