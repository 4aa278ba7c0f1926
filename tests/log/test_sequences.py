"""Windows answer as a set of all sequences would, in bounded memory."""

from __future__ import annotations

import json
import sys

from hypothesis import given
from hypothesis import strategies as st

from modelwatch.core.wire import SEQUENCE_WINDOW, Sequenced
from modelwatch.log.sequences import Sequences, Verdict, judge, windows_from_json

batches = st.builds(
    Sequenced,
    st.sampled_from(["p", "q"]),
    st.integers(0, 2),
    st.one_of(st.integers(0, 5), st.integers(1018, 1030), st.integers(2045, 2051), st.sampled_from([10**6, 2**63 - 1])),
)


def decide_all(sequences: Sequences, wanted: list[Sequenced]) -> list[Verdict]:
    return [sequences.decide(batch, 0) for batch in wanted]


@given(st.lists(batches, max_size=60))
def test_they_answer_as_sets_would(script: list[Sequenced]) -> None:
    sequences = Sequences({})
    seen: dict[str, dict[int, set[int]]] = {"p": {}, "q": {}}
    for batch in script:
        epochs = seen[batch.producer]
        known = epochs.get(batch.epoch, set())
        if batch.epoch < max(epochs, default=0) or (known and batch.sequence <= max(known) - SEQUENCE_WINDOW):
            expected = Verdict.STALE
        elif batch.sequence in known:
            expected = Verdict.DUPLICATE
        else:
            expected = Verdict.NEW
            epochs[batch.epoch] = known | {batch.sequence}
        assert sequences.decide(batch, 0) is expected


@given(st.lists(batches, max_size=20), st.lists(batches, max_size=20), st.lists(batches, max_size=20))
def test_a_rollback_leaves_no_trace(kept: list[Sequenced], undone: list[Sequenced], after: list[Sequenced]) -> None:
    tried, plain = Sequences({}), Sequences({})
    decide_all(tried, kept)
    tried.commit()
    decide_all(plain, kept)
    decide_all(tried, undone)
    tried.rollback()
    assert tried.windows == plain.windows
    assert decide_all(tried, after) == decide_all(plain, after)


@given(st.lists(batches, max_size=30), st.lists(batches, max_size=30))
def test_they_survive_being_written_down(before: list[Sequenced], after: list[Sequenced]) -> None:
    sequences = Sequences({})
    decide_all(sequences, before)
    again = Sequences(windows_from_json(json.loads(json.dumps(sequences.to_json()))))
    assert decide_all(again, after) == decide_all(sequences, after)


def test_no_jump_makes_a_window_larger() -> None:
    window = None
    for sequence in (*range(0, 10_000, 900), 20_000, 10**9, 2**63 - 1):
        _, window = judge(window, Sequenced("p", 0, sequence), 0)
        assert sys.getsizeof(window.seen) < 200


def test_silent_producers_are_forgotten_and_never_more_than_so_many_kept() -> None:
    sequences = Sequences({}, most=3)
    for time, producer in enumerate("abcdea"):
        sequences.decide(Sequenced(producer, 0, time), time)
        sequences.commit()
    assert list(sequences.windows) == ["d", "e", "a"]
    sequences.forget(before_us=4)
    assert list(sequences.windows) == ["e", "a"]
