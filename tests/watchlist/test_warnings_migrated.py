"""Earlier warnings after the change: what was called the same face is called alike, answered or not."""

from django.core.management import call_command

from lfrweb.database_roles import as_owner
from tests.cast import Cast, make_cast, make_reference, make_subject
from watchlist.models import Resemblance
from watchlist.services.references import Resembling, resemblance_answer


def test_what_was_found_before_is_called_alike_and_keeps_its_answer(committed_db: None) -> None:
    cast: Cast = make_cast()
    other = make_reference(cast, make_subject(cast))
    for kind, answer in ((Resemblance.Kind.SAME_FACE, "two_people"), (Resemblance.Kind.SAME_FILE, "")):
        score = 0.97 if kind == Resemblance.Kind.SAME_FACE else None
        made = make_reference(cast, make_subject(cast), resemblances=[Resembling(other.pk, kind, score)])
        if answer:
            resemblance_answer(actor=cast.sam, resemblance=made.resemblances.get(), answer=answer, reason="Brothers.")
    before = set(Resemblance.objects.values_list("pk", "answer", "reason", "score"))
    try:
        with as_owner():
            call_command("migrate", "watchlist", "0006", verbosity=0)
    finally:
        with as_owner():
            call_command("migrate", "watchlist", verbosity=0)
    assert sorted(Resemblance.objects.values_list("kind", flat=True)) == ["alike", "file"]
    assert set(Resemblance.objects.values_list("pk", "answer", "reason", "score")) == before
