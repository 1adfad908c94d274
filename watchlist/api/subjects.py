"""The watch-list, for its stewards: entries, and images handed in and asked after."""

from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from watchlist.api.views import REFUSALS, Pages, actor_of, page_of, parsed
from watchlist.models import Category, ImageSource, Kind, LegalBasis, ReferenceState, Resemblance, Risk
from watchlist.permissions import Permission, require
from watchlist.selectors.references import reference_for
from watchlist.selectors.subjects import subject_for, subjects_for
from watchlist.services.subjects import subject_create
from watchlist.services.uploads import reference_add
from watchlist.services.viewing import viewed


class SubjectInput(serializers.Serializer):
    name = serializers.CharField(max_length=200)
    record_number = serializers.CharField(max_length=60)
    category = serializers.ChoiceField(choices=Category.choices)
    justification = serializers.CharField(required=False, allow_blank=True, default="")
    legal_basis = serializers.ChoiceField(choices=LegalBasis.choices)
    risk = serializers.ChoiceField(choices=Risk.choices)
    instructions = serializers.CharField()
    expires_on = serializers.DateField()


class SubjectOutput(SubjectInput):
    """Of consenting staff, category, risk and instructions are empty."""

    id = serializers.UUIDField()
    kind = serializers.ChoiceField(choices=Kind.choices)


class ReferenceInput(serializers.Serializer):
    image = serializers.FileField(help_text="JPEG, PNG or WebP.")
    source = serializers.ChoiceField(choices=ImageSource.choices)  # type: ignore[assignment]
    taken_on = serializers.DateField()


class ResemblanceOutput(serializers.Serializer):
    id = serializers.IntegerField()
    kind = serializers.ChoiceField(choices=Resemblance.Kind.choices)
    reference = serializers.UUIDField(source="reference_id")
    other = serializers.UUIDField(
        source="other_id", help_text="The image it was held against: of somebody else, or of the same subject (misfit)."
    )
    score = serializers.FloatField(allow_null=True, help_text="Cosine similarity; none for an identical file.")
    noticed_at = serializers.DateTimeField()
    answer = serializers.CharField(help_text="Empty: the image is not searched until a person has answered.")
    marks = serializers.CharField(help_text="Of two people: what the one of the new image is known by.")
    other_marks = serializers.CharField(help_text="And the one of the other image.")


class ReferenceOutput(serializers.Serializer):
    id = serializers.UUIDField()
    subject = serializers.UUIDField(source="subject_id")
    state = serializers.ChoiceField(choices=ReferenceState.choices)
    source = serializers.ChoiceField(choices=ImageSource.choices)  # type: ignore[assignment]
    taken_on = serializers.DateField()
    reason_code = serializers.CharField()
    reason = serializers.CharField(help_text="Why it was rejected or withdrawn, in words.")
    resemblances = ResemblanceOutput(many=True)


class SubjectsView(APIView):
    pagination_class = Pages

    @extend_schema(operation_id="subjects_list", responses={200: SubjectOutput(many=True), **REFUSALS})
    def get(self, request: Request) -> Response:
        subjects = subjects_for(actor_of(request))
        viewed(actor=actor_of(request), what="subject list", pk="all", purpose="API")
        return page_of(subjects, SubjectOutput, request)

    @extend_schema(operation_id="subjects_create", request=SubjectInput, responses={201: SubjectOutput, **REFUSALS})
    def post(self, request: Request) -> Response:
        require(actor_of(request), Permission.SUBJECT_EDIT)
        subject = subject_create(actor=actor_of(request), **parsed(SubjectInput, request))
        return Response(SubjectOutput(subject).data, status=status.HTTP_201_CREATED)


class SubjectView(APIView):
    @extend_schema(responses={200: SubjectOutput, **REFUSALS})
    def get(self, request: Request, pk: UUID) -> Response:
        subject = subject_for(actor_of(request), pk)
        viewed(actor=actor_of(request), what="subject", pk=pk, purpose="API")
        return Response(SubjectOutput(subject).data)


class ReferencesView(APIView):
    parser_classes = (MultiPartParser,)

    @extend_schema(request=ReferenceInput, responses={202: ReferenceOutput, **REFUSALS})
    def post(self, request: Request, pk: UUID) -> Response:
        """Takes an image for checking; ask for its state until it is no longer pending."""
        require(actor_of(request), Permission.SUBJECT_EDIT)
        subject = subject_for(actor_of(request), pk)
        fields = parsed(ReferenceInput, request)
        reference = reference_add(
            actor=actor_of(request),
            subject=subject,
            data=fields["image"].read(),
            source=fields["source"],
            taken_on=fields["taken_on"],
            file_name=fields["image"].name,
        )
        return Response(ReferenceOutput(reference).data, status=status.HTTP_202_ACCEPTED)


class ReferenceView(APIView):
    @extend_schema(responses={200: ReferenceOutput, **REFUSALS})
    def get(self, request: Request, pk: UUID) -> Response:
        return Response(ReferenceOutput(reference_for(actor_of(request), pk)).data)
