"""What every log must do, whoever implements it: the laws of `modelwatch.log.Log`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from modelwatch.core.window import DAY_US
from modelwatch.core.wire import SEQUENCE_WINDOW, Identity, Keyed, Sequenced
from modelwatch.errors import StaleSequence
from modelwatch.log import Appended, Log, Readable
from modelwatch.log.embedded import EmbeddedLog
from modelwatch.log.reader import LogReader

Payload = Sequence[bytes | memoryview]


class Place(Protocol):
    """Where one log is kept, so that it can be opened again and read from elsewhere."""

    def writer(self) -> Log: ...
    def reader(self) -> Readable: ...


@dataclass
class Embedded:
    folder: Path

    def writer(self) -> Log:
        # small segments and few keys in memory, so that every example rotates and spills
        return EmbeddedLog(self.folder, segment_bytes=600, most_keys_in_memory=3)

    def reader(self) -> Readable:
        return LogReader(self.folder)


class Forgetful(EmbeddedLog):
    """Broken on purpose: it takes a replay for something new."""

    def append(self, payload: Payload, identity: Identity | None, received_us: int) -> Future[Appended]:
        return super().append(payload, None, received_us)


@dataclass
class Broken(Embedded):
    def writer(self) -> Log:
        return Forgetful(self.folder, segment_bytes=600)


IMPLEMENTATIONS: dict[str, Callable[[Path], Place]] = {"embedded": Embedded}


@pytest.fixture(params=sorted(IMPLEMENTATIONS))
def make(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Place]:
    return lambda: IMPLEMENTATIONS[request.param](tmp_path_factory.mktemp("log"))


@pytest.fixture
def place(make: Callable[[], Place]) -> Place:
    return make()


@pytest.fixture
def log(place: Place) -> Iterator[Log]:
    log = place.writer()
    yield log
    log.close()


def everything(log: Readable, start: int | None = None, max_bytes: int = 1 << 20) -> list[bytes]:
    """All payloads from a position on, checking on the way that positions only grow."""
    at = log.first() if start is None else start
    found: list[bytes] = []
    while records := log.read(at, max_bytes):
        for record in records:
            assert at <= record.position < record.next <= log.end()
            at = record.next
            found.append(bytes(record.payload))
    return found


def append(log: Log, payload: bytes, identity: Identity | None = None, received_us: int = 0) -> Appended:
    return log.append([payload], identity, received_us).result(timeout=30)


# the oracle: written from the words of the contract, with sets instead of bitmaps and files


@dataclass
class Oracle:
    """What the log must hold and answer, kept as plainly as possible."""

    payloads: list[bytes] = field(default_factory=list)
    seen: dict[str, tuple[int, set[int]]] = field(default_factory=dict)
    keys: dict[str, int] = field(default_factory=dict)
    heard_us: dict[str, int] = field(default_factory=dict)

    def may_be_forgotten(self, identity: Identity | None, received_us: int) -> bool:
        """True when the log may answer as it likes, since the producer was silent for so long."""
        if not isinstance(identity, Sequenced) or identity.producer not in self.heard_us:
            return False
        return received_us - self.heard_us[identity.producer] > 7 * DAY_US

    def append(self, payload: bytes, identity: Identity | None, received_us: int) -> str:
        answer = "new"
        if isinstance(identity, Keyed):
            used = self.keys.get(identity.key)
            if used is not None and received_us - used < 7 * DAY_US:
                answer = "duplicate"
            else:
                self.keys[identity.key] = received_us
        elif isinstance(identity, Sequenced):
            epoch, sequences = self.seen.get(identity.producer, (-1, set()))
            if identity.epoch > epoch:
                epoch, sequences = identity.epoch, set()
            if identity.epoch < epoch or (sequences and identity.sequence <= max(sequences) - SEQUENCE_WINDOW):
                answer = "stale"
            elif identity.sequence in sequences:
                answer = "duplicate"
            else:
                self.seen[identity.producer] = (epoch, sequences | {identity.sequence})
                self.heard_us[identity.producer] = received_us
        if answer == "new":
            self.payloads.append(payload)
        return answer


def outcome(future: Future[Appended]) -> str:
    try:
        return "duplicate" if future.result(timeout=30).duplicate else "new"
    except StaleSequence:
        return "stale"


sequences = st.one_of(st.integers(0, 6), st.sampled_from([1020, 1023, 1024, 1025, 1026, 1030, 5000, 2**63 - 1]))
identities = st.one_of(
    st.none(),
    st.builds(Keyed, st.sampled_from(["", "a", "b", "c", "d", "e", "ключ", "../../x"])),
    st.builds(Sequenced, st.sampled_from(["", "p", "q"]), st.integers(0, 2), sequences),
)
steps = st.lists(
    st.one_of(
        st.tuples(st.just("append"), identities, st.sampled_from([0, 1, DAY_US, 3 * DAY_US])),
        st.tuples(st.just("reopen"), st.none(), st.just(0)),
        st.tuples(st.just("settle"), st.none(), st.just(0)),
    ),
    max_size=60,
)


def follow(place: Place, script: list[tuple[str, Identity | None, int]]) -> None:
    """Do the steps on a log and on the oracle; both must answer and hold the same."""
    log, oracle, now = place.writer(), Oracle(), 0
    waiting: list[tuple[Future[Appended], str]] = []
    try:
        for number, (step, identity, later) in enumerate(script):
            now += later
            if step == "append" and oracle.may_be_forgotten(identity, now):
                continue
            if step == "append":
                payload = b"%d " % number * (number % 7 * 5)
                half = len(payload) // 2
                future = log.append([payload[:half], memoryview(payload)[half:]], identity, now)
                waiting.append((future, oracle.append(payload, identity, now)))
            else:
                assert [outcome(future) for future, _ in waiting] == [expected for _, expected in waiting]
                waiting = []
                if step == "reopen":
                    log.close()
                    log = place.writer()
        assert [outcome(future) for future, _ in waiting] == [expected for _, expected in waiting]
        assert everything(log) == oracle.payloads
        assert everything(place.reader(), max_bytes=1) == oracle.payloads
    finally:
        log.close()


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(script=steps)
def test_it_answers_and_holds_what_the_oracle_does(
    make: Callable[[], Place], script: list[tuple[str, Identity | None, int]]
) -> None:
    follow(make(), script)


@pytest.mark.xfail(strict=True, reason="broken on purpose: the suite must notice")
def test_the_suite_notices_a_log_that_forgets(tmp_path: Path) -> None:
    batch = Sequenced("p", 1, 1)
    follow(Broken(tmp_path), [("append", batch, 0), ("append", batch, 1)])


def test_what_is_appended_is_read_in_order(log: Log) -> None:
    payloads = [b"x" * size for size in (0, 1, 7, 8, 9, 300, 599, 5000)]
    answers = [append(log, payload) for payload in payloads]
    assert everything(log) == payloads
    positions = [answer.position for answer in answers]
    assert positions == sorted({position for position in positions if position is not None})


def test_a_record_is_read_from_the_position_that_was_answered(log: Log) -> None:
    answers = [append(log, b"%d" % number * 50) for number in range(20)]
    for number, answer in enumerate(answers):
        assert answer.position is not None
        assert bytes(log.read(answer.position, 1)[0].payload) == b"%d" % number * 50


def test_reading_stops_before_it_grows_too_large(log: Log) -> None:
    for number in range(10):
        append(log, b"%d" % number * 100)
    assert sum(len(record.payload) for record in log.read(log.first(), 250)) <= 250
    assert len(log.read(log.first(), 0)) == 1
    assert everything(log, max_bytes=250) == [b"%d" % number * 100 for number in range(10)]


def test_nothing_is_there_before_the_first_append(log: Log) -> None:
    assert log.read(log.first(), 100) == []
    assert log.first() == log.end()


def test_the_end_has_moved_when_the_answer_comes(log: Log, place: Place) -> None:
    reader = place.reader()
    for number in range(20):
        position = append(log, b"%d" % number).position
        assert position is not None
        assert reader.end() > position
        assert bytes(reader.read(position, 100)[0].payload) == b"%d" % number


def test_reading_at_the_end_is_empty_until_more_comes(log: Log) -> None:
    append(log, b"one")
    end = log.end()
    assert log.read(end, 100) == []
    append(log, b"two")
    assert [bytes(record.payload) for record in log.read(end, 100)] == [b"two"]


def test_release_drops_only_what_lies_before(log: Log, place: Place) -> None:
    positions = [append(log, b"%d" % number * 60).position for number in range(30)]
    for index, before in enumerate(positions):
        assert before is not None
        log.release(before)
        assert log.first() <= before
        assert everything(log, start=before) == [b"%d" % number * 60 for number in range(index, 30)]
    assert log.first() > 0
    reader = place.reader()
    reader.release(log.end())
    assert log.first() == reader.first()
    assert log.read(log.end(), 100) == []


def test_positions_keep_growing_after_all_was_released(place: Place) -> None:
    newest = -1
    for _ in range(4):
        log = place.writer()
        for number in range(10):
            position = append(log, b"%d" % number * 100).position
            assert position is not None
            assert position > newest
            newest = position
        log.release(log.end())
        log.close()


def test_many_threads_lose_and_double_nothing(log: Log) -> None:
    def send(number: int) -> str:
        batch = number % 300
        return outcome(log.append([b"%d" % batch], Sequenced(f"p{batch % 7}", 1, batch), 0))

    with ThreadPoolExecutor(16) as threads:
        answers = list(threads.map(send, range(900)))
    assert (answers.count("new"), answers.count("duplicate")) == (300, 600)
    assert sorted(everything(log), key=int) == [b"%d" % number for number in range(300)]


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(order=st.permutations(range(40)), again=st.lists(st.integers(0, 39), max_size=20))
def test_any_order_within_the_window_is_taken_once(
    make: Callable[[], Place], order: list[int], again: list[int]
) -> None:
    log = make().writer()
    try:
        first = [log.append([b"%d" % number], Sequenced("p", 1, number), 0) for number in order]
        second = [log.append([b"%d" % number], Sequenced("p", 1, number), 0) for number in again]
        assert [outcome(future) for future in first] == ["new"] * 40
        assert [outcome(future) for future in second] == ["duplicate"] * len(again)
        assert everything(log) == [b"%d" % number for number in order]
    finally:
        log.close()


def test_the_window_of_1024_ends_exactly_there(log: Log) -> None:
    script = [5_000, 5_000 - 1_023, 5_000 - 1_024, 5_000 - 1_023, 5_001, 5_000 - 1_023, 5_000 - 1_022, 9_000, 5_001]
    futures = [log.append([b"x"], Sequenced("p", 1, sequence), 0) for sequence in script]
    answers = ["new", "new", "stale", "duplicate", "new", "stale", "new", "new", "stale"]
    assert [outcome(future) for future in futures] == answers


def test_an_epoch_that_has_ended_is_stale_and_a_new_one_starts_anywhere(log: Log) -> None:
    script = [(1, 100), (2, 5), (1, 101), (2, 4), (2, 5), (3, 0), (2, 6)]
    futures = [log.append([b"x"], Sequenced("p", *place), 0) for place in script]
    assert [outcome(future) for future in futures] == ["new", "new", "stale", "new", "duplicate", "new", "stale"]


@pytest.mark.parametrize("reopened", [False, True])
def test_a_key_is_free_again_after_7_days(place: Place, reopened: bool) -> None:
    log = place.writer()
    append(log, b"first", Keyed("key"), 10)
    for number in range(20):
        append(log, b"other" * 20, Keyed(f"other {number}"), 11)
    if reopened:
        log.close()
        log = place.writer()
    assert append(log, b"replay", Keyed("key"), 10 + 7 * DAY_US - 1).duplicate
    assert not append(log, b"again", Keyed("key"), 10 + 7 * DAY_US).duplicate
    assert append(log, b"replay", Keyed("key"), 11 + 7 * DAY_US).duplicate
    log.close()


def test_a_closed_log_has_kept_all_that_waited(place: Place) -> None:
    log = place.writer()
    futures = [log.append([b"%d" % number * 50], None, 0) for number in range(200)]
    log.close()
    assert [outcome(future) for future in futures] == ["new"] * 200
    assert everything(place.reader()) == [b"%d" % number * 50 for number in range(200)]
