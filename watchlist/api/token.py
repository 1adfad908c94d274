"""Tokens for programs: issued for a name and password, valid for API and sockets until revoked."""

from django.contrib.auth import authenticate
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.exceptions import APIException
from rest_framework.permissions import AllowAny, BasePermission, IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import AnonRateThrottle
from rest_framework.views import APIView

from watchlist.api.views import REFUSALS, actor_of, parsed
from watchlist.models import User
from watchlist.services.tokens import token_issue, token_revoke


class WrongCredentials(APIException):
    status_code = status.HTTP_401_UNAUTHORIZED
    default_code = "wrong_credentials"
    default_detail = "The name or the password is wrong, or the account is not active."


class LockedOut(APIException):
    status_code = status.HTTP_429_TOO_MANY_REQUESTS
    default_code = "locked_out"
    default_detail = "Too many wrong passwords: wait a quarter of an hour, or ask an administrator for a new one."


class TokenInput(serializers.Serializer):
    username = serializers.CharField(max_length=150)
    password = serializers.CharField(max_length=1000, trim_whitespace=False, style={"input_type": "password"})


class TokenOutput(serializers.Serializer):
    token = serializers.CharField(help_text="Send it as `Authorization: Token ...`. Shown again at the next request.")


class TokenRequests(AnonRateThrottle):
    """Beside the lock on wrong passwords: guesses for many names from one address are slowed as well."""

    scope = "token"


class TokenView(APIView):
    def get_permissions(self) -> list[BasePermission]:
        return [AllowAny()] if self.request.method == "POST" else [IsAuthenticated()]

    @extend_schema(request=TokenInput, responses={200: TokenOutput, **REFUSALS}, auth=[])
    def post(self, request: Request) -> Response:
        """Issues the token of whoever these credentials belong to."""
        token = token_issue(actor=self._signed_in(request))
        return Response({"token": token})

    @extend_schema(request=None, responses={204: None, **REFUSALS})
    def delete(self, request: Request) -> Response:
        """Revokes the caller's token; programs and sockets that use it are refused from then on."""
        token_revoke(actor=actor_of(request), user=actor_of(request))
        return Response(status=status.HTTP_204_NO_CONTENT)

    def get_throttles(self) -> list:
        return [TokenRequests()] if self.request.method == "POST" else super().get_throttles()

    def _signed_in(self, request: Request) -> User:
        django_request = request._request
        user = authenticate(django_request, **parsed(TokenInput, request))
        if getattr(django_request, "axes_locked_out", False):
            django_request.axes_locked_out = False  # type: ignore[attr-defined]  # else its middleware answers with a page
            raise LockedOut
        if not isinstance(user, User):
            raise WrongCredentials
        return user
