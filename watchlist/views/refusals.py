"""The one place where an error of the family becomes an answer: a page for people, JSON for scripts."""

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, TooManyFilesSent
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, HttpResponseNotAllowed, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views.defaults import bad_request

from watchlist.errors import WatchlistError
from watchlist.views.page import wants_fragment

HEADINGS = {
    400: "That could not be used",
    403: "Not for your role",
    404: "Not found",
    405: "Not in this way",
    409: "Not possible now",
}


class NotInThisWay(WatchlistError):
    status = 405

    def __init__(self) -> None:
        text = "This address takes what a form sends, or shows a page, but not what was asked of it: start from there."
        super().__init__("method_not_allowed", text)


class RefusalMiddleware:
    """Turns what a view raises into its status and its sentence, and Django's empty answers to a wrong method too."""

    def __init__(self, get_response):  # type: ignore[no-untyped-def]
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if isinstance(response, HttpResponseNotAllowed) and not response.content:
            told = refusal(request, NotInThisWay())
            told["Allow"] = response["Allow"]
            return told
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, WatchlistError):
            return None
        return refusal(request, error)


def refusal(request: HttpRequest, error: WatchlistError) -> HttpResponse:
    if wants_fragment(request):
        return JsonResponse({"code": error.code, "message": error.message}, status=error.status)
    context = {"heading": HEADINGS[error.status], "message": error.message}
    return render(request, "refused.html", context, status=error.status)


def not_understood(request: HttpRequest, exception: Exception) -> HttpResponse:
    """What Django refuses before any view: a form with too much in it is told what would be taken."""
    match exception:
        case TooManyFilesSent():
            message = f"Send at most {settings.DATA_UPLOAD_MAX_NUMBER_FILES} files at a time: go back and choose fewer."
        case RequestDataTooBig():
            message = "That is more than is taken at a time: go back and send less."
        case _:
            return bad_request(request, exception)
    # Without the request: that its body could not be read must not end this page as well.
    context = {"heading": "Too much at once", "message": message}
    return HttpResponseBadRequest(render_to_string("refused.html", context))
