"""Whatever is done to a chain of entries, verification names it; what a rule has destroyed is no fault."""

import datetime as dt
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from watchlist.chain import GENESIS, canonical, detail_hash, link_hash
from watchlist.verifier import DETAILS_DESTROYED, Copies, Link, exported_line, exported_links, verify

SALT = bytes(16)


SECRET = canonical({"reason": "The scar over the left eye."})


LENGTH = 9


def extended(
    chain: list[Link], action: str = "alert.decided", facts: dict | None = None, detail: str | None = SECRET
) -> list[Link]:
    """The chain with one more entry, as the service writes it."""
    seq, previous = len(chain) + 1, chain[-1].hash if chain else GENESIS
    at = dt.datetime(2026, 1, 1, tzinfo=dt.UTC).isoformat(timespec="microseconds")
    content = {
        "action": action,
        "actor": "system",
        "at": at,
        "deployment": None,
        "facts": facts or {"n": seq},
        "seq": seq,
    }
    body = canonical(content | {"detail": None if detail is None else detail_hash(SALT, detail)})
    copies = Copies(at, action, "system", None)
    salt = None if detail is None else SALT
    return [*chain, Link(seq, previous, link_hash(previous, body), body, salt, detail, copies)]


def make_chain(length: int = LENGTH) -> list[Link]:
    chain: list[Link] = []
    for number in range(length):
        chain = extended(chain, detail=SECRET if number % 2 else None)
    return chain


def codes(chain: list[Link], **options: object) -> set[tuple[int, str]]:
    return {(fault.seq, fault.code) for fault in verify(chain, **options).faults}  # type: ignore[arg-type]


def rehashed(link: Link, **changes: object) -> Link:
    """Changed by someone who knows the arithmetic, and mends this one hash."""
    link = link._replace(**changes)  # type: ignore[arg-type]
    return link._replace(hash=link_hash(link.previous, link.body))


def test_an_untouched_chain_is_sound() -> None:
    verdict = verify(make_chain())
    assert verdict.sound
    assert (verdict.entries, verdict.head_seq, verdict.head_hash) == (LENGTH, LENGTH, make_chain()[-1].hash)
    assert verify([]).sound


def _changed(chain: list[Link]) -> None:
    chain[4] = chain[4]._replace(body=chain[4].body.replace("alert.decided", "alert.expired"))


def _changed_and_mended(chain: list[Link]) -> None:
    chain[4] = rehashed(chain[4], body=chain[4].body.replace('"n":5', '"n":6'))


def _missing(chain: list[Link]) -> None:
    del chain[4]


def _missing_and_renumbered(chain: list[Link]) -> None:
    del chain[4]
    chain[4:] = [link._replace(seq=link.seq - 1) for link in chain[4:]]


def _reordered(chain: list[Link]) -> None:
    chain[3], chain[4] = chain[4], chain[3]


def _inserted(chain: list[Link]) -> None:
    chain.insert(5, rehashed(chain[4], seq=6, previous=chain[4].hash))


def _doubled(chain: list[Link]) -> None:
    chain.insert(5, chain[4])


def _head_gone(chain: list[Link]) -> None:
    del chain[0]


def _started_below(chain: list[Link]) -> None:
    chain.insert(0, rehashed(chain[0], seq=0, previous=GENESIS))


def _other_columns(chain: list[Link]) -> None:
    assert chain[4].copies is not None
    chain[4] = chain[4]._replace(copies=chain[4].copies._replace(actor="somebody else"))


def _other_detail(chain: list[Link]) -> None:
    chain[5] = chain[5]._replace(detail=canonical({"reason": "A hunch."}))


def _other_salt(chain: list[Link]) -> None:
    chain[5] = chain[5]._replace(salt=bytes(15) + b"\1")


def _shifted_salt(chain: list[Link]) -> None:
    """The same bytes in a row, cut at another place."""
    chain[5] = chain[5]._replace(salt=SALT + SECRET[:1].encode(), detail=SECRET[1:])


def _invented_detail(chain: list[Link]) -> None:
    chain[4] = chain[4]._replace(salt=SALT, detail=SECRET)


def _detail_gone(chain: list[Link]) -> None:
    chain[5] = chain[5]._replace(salt=None, detail=None)


def _not_json(chain: list[Link]) -> None:
    chain[4] = rehashed(chain[4], body="nothing to read")


@pytest.mark.parametrize(
    ("bend", "found"),
    [
        (_changed, {(5, "changed"), (5, "copies")}),
        (_changed_and_mended, {(6, "broken")}),
        (_missing, {(6, "missing"), (6, "broken")}),
        (_missing_and_renumbered, {(5, "broken"), (5, "moved"), (6, "moved"), (7, "moved"), (8, "moved")}),
        (_reordered, {(5, "missing"), (5, "broken"), (4, "order"), (4, "broken"), (6, "missing"), (6, "broken")}),
        (_inserted, {(6, "moved"), (6, "order"), (6, "broken")}),
        (_doubled, {(5, "order"), (5, "broken")}),
        (_head_gone, {(2, "missing"), (2, "broken")}),
        (_started_below, {(0, "order"), (0, "moved"), (1, "broken")}),
        (_other_columns, {(5, "copies")}),
        (_other_detail, {(6, "detail")}),
        (_other_salt, {(6, "detail")}),
        (_shifted_salt, {(6, "detail")}),
        (_invented_detail, {(5, "detail")}),
        (_detail_gone, {(6, "detail_missing")}),
        (_not_json, {(5, "moved"), (5, "copies"), (6, "broken")}),
    ],
)
def test_what_was_done_to_it_is_named(bend: Callable[[list[Link]], None], found: set[tuple[int, str]]) -> None:
    chain = make_chain()
    bend(chain)
    assert codes(chain) == found


class TestDestroyedDetails:
    def destroyed(self, entries: list[list[int]], rule: str = "alerts.31_days") -> list[Link]:
        chain = make_chain()
        gone = {seq for first, last in entries for seq in range(first, last + 1)}
        chain = [link._replace(salt=None, detail=None) if link.seq in gone else link for link in chain]
        return extended(chain, DETAILS_DESTROYED, {"rule": rule, "entries": entries}, detail=None)

    def test_are_no_fault_and_counted_by_rule(self) -> None:
        verdict = verify(self.destroyed([[2, 2], [4, 6]]))
        assert verdict.sound
        assert verdict.destroyed == {"alerts.31_days": 3}

    def test_are_a_fault_where_another_is_missing_too(self) -> None:
        chain = self.destroyed([[2, 2]])
        chain[7] = chain[7]._replace(salt=None, detail=None)
        assert codes(chain) == {(8, "detail_missing")}

    def test_are_not_forgiven_by_an_entry_that_came_before(self) -> None:
        chain = extended(make_chain(1), DETAILS_DESTROYED, {"rule": "any", "entries": [[1, 10**12]]}, detail=None)
        chain = extended(chain)
        chain[-1] = chain[-1]._replace(salt=None, detail=None)
        assert codes(chain) == {(3, "detail_missing")}

    @pytest.mark.parametrize("facts", [{"rule": "x"}, {"entries": [[1]], "rule": "x"}, {"entries": 3, "rule": "x"}])
    def test_that_are_not_said_are_not_forgiven(self, facts: dict) -> None:
        chain = extended(make_chain(), DETAILS_DESTROYED, facts, detail=None)
        assert codes(chain) == {(LENGTH + 1, "unreadable")}

    def test_that_come_back_changed_are_a_fault(self) -> None:
        chain = self.destroyed([[2, 2]])
        chain[1] = chain[1]._replace(salt=SALT, detail=canonical({"reason": "A hunch."}))
        assert codes(chain) == {(2, "detail")}


class TestAnchors:
    def test_find_a_tail_that_was_cut_off(self) -> None:
        chain = make_chain()
        assert verify(chain[:-2]).sound, "Nothing in it shows."
        assert codes(chain[:-2], anchors={LENGTH: chain[-1].hash}) == {(LENGTH, "cut_off")}

    def test_find_a_chain_that_was_written_anew(self) -> None:
        chain = make_chain()
        anew = extended(make_chain(5), "alert.expired")
        assert verify(anew).sound, "Nothing in it shows."
        assert codes(anew, anchors={6: chain[5].hash}) == {(6, "anchor")}

    def test_that_hold_are_silent(self) -> None:
        chain = make_chain()
        assert verify(chain, anchors={1: chain[0].hash, LENGTH: chain[-1].hash}).sound


def test_faults_beyond_the_first_are_counted() -> None:
    chain = [link._replace(hash="0" * 64) for link in make_chain()]
    verdict = verify(chain, most=3)
    assert len(verdict.faults) == 3
    assert verdict.fault_count > 3
    assert not verdict.sound


def test_an_export_says_the_same_as_the_chain() -> None:
    lines = list(map(exported_line, make_chain()))
    assert verify(exported_links(lines)) == verify(make_chain())


@pytest.mark.parametrize("line", ["", "{}", "[]", "null", "not json", '{"seq": 1, "previous": "a", "hash": "b"}'])
def test_a_line_that_is_no_entry_is_named(line: str) -> None:
    with pytest.raises(ValueError, match="Line 2"):
        verify(exported_links([exported_line(make_chain()[0]), line]))


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_any_one_character_changed_in_an_export_is_found(data: st.DataObject) -> None:
    text = "".join(map(exported_line, make_chain(4)))
    at = data.draw(st.integers(0, len(text) - 1))
    other = data.draw(st.sampled_from([c for c in '0f",:}\n x' if c != text[at]]))
    bent = (text[:at] + other + text[at + 1 :]).splitlines()
    try:
        links = list(exported_links(bent))
    except ValueError:
        return
    assert not verify(links).sound or links == list(exported_links(text.splitlines()))


@settings(max_examples=100, deadline=None)
@given(order=st.permutations(range(6)), keep=st.integers(1, 6))
def test_only_a_beginning_in_its_order_is_sound(order: list[int], keep: int) -> None:
    chain = make_chain(6)
    picked = [chain[index] for index in order[:keep]]
    assert verify(picked).sound == (order[:keep] == list(range(keep)))
