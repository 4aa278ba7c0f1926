"""Rows of one model version -> the columns of one batch."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

from modelwatch.client import columns
from modelwatch.client.arrow_stream import ColumnKind, Data, WireColumn, encoded
from modelwatch.client.columns import Built
from modelwatch.client.plain import epoch_us, text
from modelwatch.client.row import Key, Row
from modelwatch.core.wire import (
    MAX_NAME_BYTES,
    META_DROPPED,
    META_ENVIRONMENT,
    META_EPOCH,
    META_MODEL,
    META_PRODUCER,
    META_SEQUENCE,
    META_VERSION,
    META_WIRE,
    WIRE_VERSION,
    Kind,
    Role,
    Sequenced,
)

MAX_BATCH_ROWS = 2_000
MAX_BATCH_BYTES = 4 * 1024 * 1024
SLICE = 125
"""Rows turned into columns in one go: they stay in the processor's cache, and no other thread waits for long."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Columns ready to be sent; `coerced` counts the values that had to become something else to fit."""

    key: Key
    rows: int
    columns: tuple[WireColumn, ...]
    coerced: int = 0

    @property
    def size(self) -> int:
        """Bytes of all buffers, which is the size of the batch but for a few kilobytes."""
        return sum(_size(column.data) for column in self.columns)


def metadata(key: Key, identity: Sequenced | None, dropped: int = 0) -> dict[str, str]:
    """The schema metadata of a stream; a reference has no identity. `dropped` rows of the model never came in."""
    pairs = {META_WIRE: WIRE_VERSION, META_MODEL: key.model, META_ENVIRONMENT: key.environment}
    if key.version:
        pairs[META_VERSION] = key.version
    if identity is not None:
        pairs |= {
            META_PRODUCER: identity.producer,
            META_EPOCH: str(identity.epoch),
            META_SEQUENCE: str(identity.sequence),
        }
    if dropped:
        pairs[META_DROPPED] = str(dropped)
    return pairs


def build(key: Key, rows: Sequence[Row], breathe: Callable[[], object] = lambda: None) -> Batch:
    """The batch of rows that all begin with `key`; `breathe` is called often, to let other threads run."""
    build = Building(breathe)
    match key.kind:
        case Kind.PREDICTIONS:
            _predictions(rows, build)
        case Kind.ACTUALS:
            _actuals(rows, build)
    return Batch(key, len(rows), tuple(build.columns), build.coerced)


class Building:
    """Collects the columns of one batch, leaving out those without a value."""

    def __init__(self, breathe: Callable[[], object]) -> None:
        self.columns: list[WireColumn] = []
        self.coerced = 0
        self._breathe = breathe

    def add(self, role: Role, name: str, built: Built) -> None:
        """Takes the column under that name, unless it is empty or no server would take the name."""
        data, changed = built
        self.coerced += changed
        if data is not None and not sendable(name):
            self.coerced += data.length - data.nulls
        elif data is not None:
            self.columns.append(WireColumn(role, name, data))
        self._breathe()

    def single(self, role: Role, values: Sequence[Any], make: Callable[[Sequence[Any]], Built]) -> None:
        """A role with one column, named like the role."""
        if any(map(_is_given, values)):
            self.add(role, role.value, make(values))

    def named(self, role: Role, rows: Sequence[Any], make: Callable[[Sequence[Any]], Built]) -> None:
        """A role with a column for each name in the rows' dicts."""
        if not any(rows):
            return
        taken: set[str] = set()
        for name, values in pivot([row or {} for row in rows], self._breathe):
            label = encoded(text(name) or "").decode()
            if label in taken:
                self.coerced += len(values) - values.count(None)
            else:
                taken.add(label)
                self.add(role, sys.intern(label), make(values))


def sendable(name: str) -> bool:
    """True for a name that servers take; one bad name would have the whole batch refused."""
    return 0 < len(encoded(name)) <= MAX_NAME_BYTES and "\0" not in name


def pivot(rows: Sequence[Mapping[Any, Any]], breathe: Callable[[], object]) -> Iterator[tuple[object, Sequence[Any]]]:
    """Dicts -> names and the values under them, None where a dict lacks the name; fast when all names are the same."""
    names = list(rows[0])
    if len(names) > 1 and set(map(len, rows)) == {len(names)}:
        pick = itemgetter(*names)
        values: list[list[Any]] = [[] for _ in names]
        try:
            for start in range(0, len(rows), SLICE):
                for column, part in zip(values, zip(*map(pick, rows[start : start + SLICE]), strict=True), strict=True):
                    column.extend(part)
                breathe()
        except KeyError:
            pass
        else:
            yield from zip(names, values, strict=True)
            return
    for name in dict.fromkeys(name for row in rows for name in row):
        yield name, tuple(row.get(name) for row in rows)


def _predictions(rows: Sequence[Row], build: Building) -> None:
    fields = list(zip(*rows, strict=True))
    ids, logged, stamps, labels, scores, values, by_class, features, tags, weights = fields[4:14]
    embeddings, explanations, groups, ranks = fields[14:]
    _identity(ids, logged, stamps, build)
    build.single(Role.PREDICTION_LABEL, labels, columns.texts)
    build.single(Role.PREDICTION_SCORE, scores, columns.numbers)
    build.single(Role.PREDICTION_VALUE, values, columns.numbers)
    build.named(Role.PREDICTION_SCORES, by_class, columns.numbers)
    build.single(Role.WEIGHT, weights, columns.numbers)
    build.single(Role.GROUP_ID, groups, columns.texts)
    build.single(Role.RANK, ranks, columns.numbers)
    build.named(Role.FEATURE, features, columns.feature)
    build.named(Role.TAG, tags, columns.texts)
    build.named(Role.EMBEDDING, embeddings, columns.vectors)
    build.named(Role.EXPLANATION, explanations, columns.numbers)


def _actuals(rows: Sequence[Row], build: Building) -> None:
    ids, logged, stamps, labels, scores, values, relevances, tags, predicted = list(zip(*rows, strict=True))[4:]
    _identity(ids, logged, stamps, build)
    build.single(Role.ACTUAL_LABEL, labels, columns.texts)
    build.single(Role.ACTUAL_SCORE, scores, columns.numbers)
    build.single(Role.ACTUAL_VALUE, values, columns.numbers)
    build.single(Role.RELEVANCE, relevances, columns.numbers)
    build.named(Role.TAG, tags, columns.texts)
    build.single(Role.PREDICTION_TIMESTAMP, predicted, columns.times)


def _identity(ids: Sequence[Any], logged: Sequence[int], stamps: Sequence[Any], build: Building) -> None:
    texts = ids if set(map(type, ids)) == {str} else [text(value) or "" for value in ids]
    build.add(Role.PREDICTION_ID, Role.PREDICTION_ID.value, (columns.plain_strings(texts), 0))
    times = logged
    if any(map(_is_given, stamps)):
        times = [now if stamp is None else epoch_us(stamp) for now, stamp in zip(logged, stamps, strict=True)]  # type: ignore[misc]
    build.add(Role.TIMESTAMP, Role.TIMESTAMP.value, (columns.integers(times, ColumnKind.TIMESTAMP), 0))


def _is_given(value: object) -> bool:
    return value is not None


def _size(data: Data) -> int:
    return sum(map(len, data.buffers)) + (0 if data.inner is None else _size(data.inner))


def by_key(rows: Iterable[Row]) -> Iterator[tuple[tuple[Any, ...], list[Row]]]:
    """Rows that begin alike together, at most `MAX_BATCH_ROWS` at a time, in the order in which they came."""
    groups: dict[tuple[Any, ...], list[Row]] = {}
    for start, row in zip(map(itemgetter(0, 1, 2, 3), rows), rows, strict=True):
        try:
            group = groups[start]
        except KeyError:
            group = groups[start] = []
        except TypeError:  # a list as a model's name, say
            yield start, [row]
            continue
        group.append(row)
        if len(group) == MAX_BATCH_ROWS:
            yield start, groups.pop(start)
    yield from groups.items()
