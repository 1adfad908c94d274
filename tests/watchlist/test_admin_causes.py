"""Which image an alert rests on, and what there would have been without it, as far as that can be known."""

import pytest
from django.urls import reverse

from tests.cast import Cast, browser, make_alert, make_listed_subject, make_live, make_pending, make_reference
from watchlist.services.references import reference_withdraw


@pytest.mark.parametrize(
    ("others", "said"),
    [
        (0, "There would have been no alert: the person had no other image then."),
        (1, "Not known: the person had another image then"),
        (2, "Not known: the person had 2 other images then"),
    ],
)
def test_an_alert_names_the_image_it_rests_on(others: int, said: str, cast: Cast) -> None:
    subject = make_listed_subject(cast)
    first = subject.references.get()
    then = [make_reference(cast, subject) for _ in range(others)]
    alert = make_alert(make_live(cast, subject), reference_id=first.pk)
    make_reference(cast, subject), make_pending(cast, subject)  # later, and never searched: neither counts
    for reference in then:
        reference_withdraw(actor=cast.sam, reference=reference, reason="A better one came.")
    shown = browser(cast.audrey).get(reverse("admin:watchlist_alert_change", args=[alert.pk])).content.decode()
    assert said in shown
    assert reverse("admin:watchlist_referenceimage_change", args=[first.pk]) in shown
