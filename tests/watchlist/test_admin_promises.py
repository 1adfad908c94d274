"""The promise about false alerts in the admin: said wherever it is set, changed by one, loosened by two."""

import re

import pytest
from django.urls import reverse
from django.utils.html import escape

from recognition.packs.calibration import shipped
from tests.cast import PACK, Cast, browser, make_draft, make_listed_subject, make_live
from watchlist.models import Calibration, Deployment, Proposal, ProposalState, User
from watchlist.selectors.calibrations import Promise, promises_of
from watchlist.services.deployments import deployment_close
from watchlist.services.lists import list_add
from watchlist.services.promises import promise_decline, promise_propose
from watchlist.templatetags.false_alerts import expected, recognised, words

SAID = re.compile(r"one false alert in 1,\d00 faces, about [\d.]+ at this footfall \(5,000 faces\), and about \d+\s%")


def page(name: str, *args: object) -> str:
    return reverse(f"admin:watchlist_{name}", args=args)


@pytest.fixture
def live(cast: Cast) -> Deployment:
    return make_live(cast)


@pytest.fixture
def proposal(cast: Cast, live: Deployment) -> Proposal:
    return promise_propose(actor=cast.sam, deployment=live, one_in=100, reason="A child is missing.")


@pytest.mark.parametrize("name", ["deployment_change", "deployment_approve", "deployment_promise"])
def test_it_is_said_in_words_with_its_source(name: str, cast: Cast) -> None:
    draft = make_draft(cast)
    list_add(actor=cast.sam, deployment=draft, subject=make_listed_subject(cast))
    shown = browser(cast.ada).get(page(name, draft.pk)).content.decode()
    assert SAID.search(shown)
    assert "to be fixed at the approval" in shown
    measured = shipped(PACK)
    assert f"Calibration: {escape(measured.source)}, {measured.date:%-d %B %Y}" in shown


def test_nobody_is_told_that_all_are_recognised() -> None:
    measured = shipped(PACK)
    strict = Promise(1000, measured.threshold_for(templates=100), 100, Calibration(), measured)
    loose = Promise(10, measured.thresholds[0], 1, Calibration(), measured)
    assert recognised(strict) == f"about {100 * strict.recognised:.0f}\N{NO-BREAK SPACE}%"
    assert loose.recognised > 0.995
    assert recognised(loose) == "more than 99\N{NO-BREAK SPACE}%"


def test_a_pack_without_calibration_is_said_on_every_page(cast: Cast, uncalibrated_pack: str) -> None:
    draft = make_draft(cast, pack=uncalibrated_pack)
    for name in ("deployment_change", "deployment_approve"):
        shown = browser(cast.ada).get(page(name, draft.pk)).content.decode()
        assert f"not known: the pack {uncalibrated_pack} has no calibration" in shown


def test_what_may_be_chosen_is_told_with_what_it_comes_to(cast: Cast, live: Deployment) -> None:
    shown = browser(cast.sam).get(page("deployment_promise", live.pk)).content.decode()
    measured = shipped(PACK)
    for one_in in (100, 10_000):
        [promise] = promises_of(live, [one_in])
        assert promise.threshold == measured.threshold_for(templates=1, one_in=one_in)
        assert expected(promise, live.footfall) in words(promise, live.footfall)
        assert f"One in {one_in:,}: {expected(promise, live.footfall)} false alerts, {recognised(promise)} of" in shown
    assert "One in 1,000:" not in shown, "It is what holds now."


def test_what_the_calibration_cannot_speak_for_is_no_choice(cast: Cast) -> None:
    draft = make_draft(cast)
    for _ in range(2):
        list_add(actor=cast.sam, deployment=draft, subject=make_listed_subject(cast))
    strictest = max(one_in for one_in in range(1000, 10**6, 1000) if shipped(PACK).largest_list(one_in=one_in) >= 2)
    assert [each.one_in for each in promises_of(draft, [100, strictest, 2 * strictest])] == [100, strictest]


def test_a_stricter_promise_holds_at_once(cast: Cast, live: Deployment) -> None:
    client = browser(cast.sam)
    assert page("deployment_promise", live.pk) in client.get(page("deployment_change", live.pk)).content.decode()
    sent = {"one_in": "2000", "reason": "Too many are stopped."}
    shown = client.post(page("deployment_promise", live.pk), sent, follow=True).content.decode()
    live.refresh_from_db()
    assert (live.one_in, Proposal.objects.exists()) == (2000, False)
    assert "The stricter promise holds from now on." in shown


def test_a_looser_one_waits_for_another_person(cast: Cast, live: Deployment) -> None:
    sent = {"one_in": "100", "reason": "A child is missing."}
    shown = browser(cast.sam).post(page("deployment_promise", live.pk), sent, follow=True).content.decode()
    proposal = Proposal.objects.get()
    assert "Nothing changes until an authoriser" in shown
    assert page("proposal_agree", proposal.pk) not in shown
    assert page("proposal_decline", proposal.pk) in shown
    adas = browser(cast.ada)
    assert page("proposal_agree", proposal.pk) in adas.get(page("deployment_change", live.pk)).content.decode()
    asked = adas.get(page("proposal_agree", proposal.pk)).content.decode()
    looser = shipped(PACK).threshold_for(templates=1, one_in=100)
    for said in (
        "in 100 faces, instead of 1,000",
        "A child is missing.",
        "Sam (sam)",
        "As it would be",
        f"Threshold {looser:.4f}.",
    ):
        assert said in asked
    adas.post(page("proposal_agree", proposal.pk))
    live.refresh_from_db()
    proposal.refresh_from_db()
    assert (live.one_in, proposal.state) == (100, ProposalState.AGREED)


def test_whoever_may_agree_finds_it_waiting(cast: Cast, proposal: Proposal) -> None:
    def told(person: User) -> bool:
        return f"looser promise of {proposal.deployment.name}" in browser(person).get("/admin/").content.decode()

    assert (told(cast.ada), told(cast.sam), told(cast.audrey)) == (True, False, False)
    Proposal.objects.update(proposed_by=cast.ada)
    assert not told(cast.ada), "Another must agree."
    Proposal.objects.update(proposed_by=cast.sam)
    promise_decline(actor=cast.sam, proposal=proposal, reason="She has been found.")
    assert not told(cast.ada)


def test_one_of_a_closed_deployment_waits_for_nobody(cast: Cast, proposal: Proposal) -> None:
    deployment_close(actor=cast.olga, deployment=proposal.deployment, reason="Done.")
    assert "looser promise of" not in browser(cast.ada).get("/admin/").content.decode()


def test_a_looser_one_is_declined(cast: Cast, proposal: Proposal) -> None:
    browser(cast.ada).post(page("proposal_decline", proposal.pk), {"reason": "She has been found."})
    proposal.refresh_from_db()
    assert (proposal.state, proposal.deployment.one_in) == (ProposalState.DECLINED, 1000)


def test_what_a_rule_refuses_is_told_in_the_form(cast: Cast, live: Deployment, proposal: Proposal) -> None:
    client = browser(cast.ada)
    again = client.post(page("deployment_promise", live.pk), {"one_in": "50", "reason": "Again."})
    same = client.post(page("deployment_promise", live.pk), {"one_in": "1000", "reason": "Again."})
    assert "A proposal waits already" in again.content.decode()
    assert "is promised already" in same.content.decode()
    assert client.post(page("deployment_promise", live.pk), {"one_in": "2000", "reason": ""}).status_code == 200
    live.refresh_from_db()
    assert live.one_in == 1000


@pytest.mark.parametrize(("who", "status"), [("sam", 403), ("audrey", 403), ("adam", 403), ("ada", 200)])
def test_only_an_authoriser_agrees(who: str, status: int, cast: Cast, proposal: Proposal) -> None:
    assert browser(getattr(cast, who)).get(page("proposal_agree", proposal.pk)).status_code == status


@pytest.mark.parametrize("name", ["audrey", "adam"])
def test_others_change_nothing(name: str, cast: Cast, live: Deployment, proposal: Proposal) -> None:
    client = browser(getattr(cast, name))
    assert client.get(page("deployment_promise", live.pk)).status_code == 403
    assert client.get(page("proposal_decline", proposal.pk)).status_code == 403
    assert page("deployment_promise", live.pk) not in client.get(page("deployment_change", live.pk)).content.decode()


def test_whoever_has_no_role_there_learns_nothing_of_it(cast: Cast, proposal: Proposal) -> None:
    proposal.deployment.memberships.filter(user=cast.ada).delete()
    assert browser(cast.ada).get(page("proposal_agree", proposal.pk)).status_code == 404


def test_it_stands_on_the_deployments_page_for_everybody_there(
    cast: Cast, live: Deployment, proposal: Proposal
) -> None:
    for person in (cast.olga, cast.finn, cast.audrey):
        shown = browser(person).get(reverse("deployment", args=[live.pk])).content.decode()
        assert "At most one false alert in 100 faces instead of 1,000, by Sam: A child is missing." in shown
