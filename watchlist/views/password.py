"""Where people give themselves a password that nobody else knows."""

from django.contrib import messages
from django.contrib.auth import authenticate, update_session_auth_hash
from django.http import HttpResponse
from django.shortcuts import redirect, render

from watchlist.forms import OwnPasswordForm
from watchlist.services.users import password_change
from watchlist.views.page import SignedInRequest, form_page


@form_page
def password(request: SignedInRequest) -> HttpResponse:
    """Whoever sits down at somebody's open page guesses no more often than at the sign-in page."""
    form = OwnPasswordForm(request.POST if request.method == "POST" else None, user=request.user)
    if form.is_valid():
        if authenticate(request, username=request.user.username, password=form.cleaned_data["old"]):
            password_change(actor=request.user, password=form.cleaned_data["password"])
            update_session_auth_hash(request, request.user)  # this session goes on, all others have ended
            messages.success(request, "Your password is changed. Wherever else you were signed in, you no longer are.")
            return redirect("home")
        form.add_error("old", "This is not your present password.")
    return render(request, "password.html", {"form": form}, status=400 if form.errors else 200)
