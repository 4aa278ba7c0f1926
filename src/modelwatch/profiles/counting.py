"""Rows into profiles: one pass over each column, for many time buckets at once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from modelwatch.core.column import ColumnKey
from modelwatch.core.wire import Role
from modelwatch.profiles.binning import INFINITE, MISTYPED, NAN, NULL, WIDTH, Binning, measure_key
from modelwatch.profiles.category import CategoryBinning
from modelwatch.profiles.compiled import compiled
from modelwatch.profiles.numeric import NumericBinning
from modelwatch.profiles.profile import Profile
from modelwatch.profiles.text import MEASURES, Vocabulary, blank, measure
from modelwatch.profiles.values import Bools, CategoryValues, Floats, NumericValues, Values, VectorValues
from modelwatch.profiles.vector import VectorBinning, count_vectors

NO_MASK: Final[Bools] = np.empty(0, dtype=np.bool_)
NO_WEIGHTS: Final[Floats] = np.empty(0)
NOWHERE: Final = -1
"""The place of a row that is counted otherwise."""
FARTHEST_Z: Final = 1e140
"""z is held within this, so that its square can be summed."""


def profile(binning: Binning, columns: Mapping[ColumnKey, Values], weights: Floats | None = None) -> Profile:
    """The profile of all rows of a batch together; see `profile_buckets`."""
    rows = len(weights) if weights is not None else len(next(iter(columns.values()), ()))
    return profile_buckets(binning, columns, np.zeros(rows, dtype=np.int32), 1, weights)[0]


def profile_buckets(
    binning: Binning,
    columns: Mapping[ColumnKey, Values],
    slots: NDArray[np.int32],
    k: int,
    weights: Floats | None = None,
) -> list[Profile]:
    """One profile for each of the k buckets of a batch.

    `slots` [n] is the bucket of each row, 0..k-1; `weights` [n] count a row that often (1 when None). A column of the
    binning that the batch lacks, or holds as the other type, counts as null or as mistyped for all its rows; columns
    that the binning does not know are ignored. Takes k x F x 2 kB of memory. Raises `ValueError` when lengths differ
    or a slot is out of range.
    """
    n = len(slots)
    if n and (int(slots.min()) < 0 or int(slots.max()) >= k):
        raise ValueError(f"a row is in a bucket outside 0..{k - 1}")
    if any(len(values) != n for values in columns.values()) or (weights is not None and len(weights) != n):
        raise ValueError(f"columns and weights must all have the {n} rows of the batch")
    slots = np.ascontiguousarray(slots, dtype=np.int32)
    weight = NO_WEIGHTS if weights is None else np.ascontiguousarray(weights, dtype=np.float64)
    width = len(binning)
    counts = np.zeros((k, width, WIDTH))
    moments = np.zeros((k, width, 2))
    extremes = np.empty((k, width, 2))
    extremes[:] = (np.inf, -np.inf)
    rows = np.bincount(slots, minlength=k).astype(np.float64)
    total = rows if weights is None else np.bincount(slots, weights=weight, minlength=k)
    squared = rows if weights is None else np.bincount(slots, weights=weight * weight, minlength=k)
    for f, column in enumerate(binning.columns):
        if column.key.role is Role.TEXT:
            continue  # it is counted with the column that it is a measure of
        match columns.get(column.key), column.bins:
            case CategoryValues() as values, CategoryBinning() if column.vocabulary is not None:
                count_texts(values, column.vocabulary, binning, f, slots, weight, (counts, moments, extremes))
            case NumericValues() as values, NumericBinning() as bins:
                count_numbers(values, bins, binning.edges[f], slots, weight, counts, moments, extremes, f)
            case VectorValues() as values, VectorBinning() as bins if values.dimension == bins.dimension:
                state = count_vectors(values, bins, slots, weight, counts, f)
                add_places(places_without(values, state), slots, weight, counts, f)
            case CategoryValues() as values, CategoryBinning() as bins:
                count_categories(values, bins, slots, weight, counts, f)
            case None, _:
                counts[:, f, NULL] = total
            case values, _:
                count_mistyped(values, slots, weight, counts, f)
    return [
        Profile(binning.id, counts[s], moments[s], extremes[s], float(rows[s]), float(total[s]), float(squared[s]))
        for s in range(k)
    ]


def count_numbers(
    column: NumericValues,
    bins: NumericBinning,
    edges: Floats,
    slots: NDArray[np.int32],
    weights: Floats,
    counts: Floats,
    moments: Floats,
    extremes: Floats,
    f: int,
) -> None:
    """Adds a numeric column to row `f` of the sums."""
    add_numbers(
        np.ascontiguousarray(column.values, dtype=np.float64),
        NO_MASK if column.null is None else np.ascontiguousarray(column.null),
        NO_MASK if column.mistyped is None else np.ascontiguousarray(column.mistyped),
        np.ascontiguousarray(edges),
        bins.center / 2,
        2 / bins.scale,
        slots,
        weights,
        counts,
        moments,
        extremes,
        f,
    )


def count_categories(
    column: CategoryValues,
    bins: CategoryBinning,
    slots: NDArray[np.int32],
    weights: Floats,
    counts: Floats,
    f: int,
) -> None:
    """Adds a category column to row `f` of the sums: its dictionary is looked up once, its rows are only counted."""
    places = np.append(bins.bins_of(column.dictionary), NULL)  # code -1 is the last place
    found = places[column.codes]
    if column.mistyped is not None:
        found[column.mistyped] = MISTYPED
    add_places(found, slots, weights, counts, f)


class Texts(NamedTuple):
    """The measures [texts, 9] of the texts of a dictionary, and which of them are blank."""

    measures: Floats
    blank: Bools


def measured(column: CategoryValues, vocabulary: Vocabulary) -> Texts:
    """What is measured on each text that a column uses; nan where one is not used or a measure is not counted."""
    used = np.unique(column.codes[column.codes >= 0])
    texts = [column.dictionary[i] for i in used.tolist()]
    answer = Texts(np.full((len(column.dictionary), len(MEASURES)), np.nan), np.zeros(len(column.dictionary), np.bool_))
    if texts:
        answer.measures[used] = measure(texts, vocabulary)
        answer.blank[used] = blank(texts)
    return answer


def text_places(column: CategoryValues, texts: Texts) -> NDArray[np.int64]:
    """The slot [n] of each row of a column of text: 0 for text, 1 for blank text, or a special one."""
    places = np.append(texts.blank.astype(np.int64), NULL)[column.codes]
    if column.mistyped is not None:
        places[column.mistyped] = MISTYPED
    return places


def count_texts(
    column: CategoryValues,
    vocabulary: Vocabulary,
    binning: Binning,
    f: int,
    slots: NDArray[np.int32],
    weights: Floats,
    sums: tuple[Floats, Floats, Floats],
) -> None:
    """Adds a column of text to row `f` of the sums, and its measures to theirs; a row without one is in no slot."""
    texts = measured(column, vocabulary)
    add_places(text_places(column, texts), slots, weights, sums[0], f)
    place = {each.key: g for g, each in enumerate(binning.columns)}
    for i, name in enumerate(MEASURES):
        g = place.get(measure_key(binning.columns[f].key, name))
        bins = binning.columns[g].bins if g is not None else None
        if g is None or not isinstance(bins, NumericBinning):
            continue
        found = np.append(texts.measures[:, i], np.nan)[column.codes]
        keep = ~np.isnan(found) if column.mistyped is None else ~np.isnan(found) & ~column.mistyped
        weight = weights[keep] if len(weights) else weights
        count_numbers(NumericValues(found[keep]), bins, binning.edges[g], slots[keep], weight, *sums, g)


def count_mistyped(column: Values, slots: NDArray[np.int32], weights: Floats, counts: Floats, f: int) -> None:
    """Adds a column whose type (or dimension) is not the binning's: its nulls are null, the rest is mistyped."""
    null = null_rows(column)
    found = np.full(len(slots), MISTYPED, dtype=np.int64)
    if null is not None:
        found[null if column.mistyped is None else null & ~column.mistyped] = NULL
    add_places(found, slots, weights, counts, f)


def null_rows(column: Values) -> Bools | None:
    """Which rows are null; None when none is."""
    match column:
        case NumericValues():
            return column.null
        case CategoryValues():
            return column.codes < 0
        case VectorValues():
            return ~column.held


def places_without(column: VectorValues, state: NDArray[np.uint8]) -> NDArray[np.int64]:
    """The special slot [n] of each row without a usable vector, `NOWHERE` for the others; `state` is `usable`'s."""
    found = np.full(len(column), NULL, dtype=np.int64)
    found[column.held] = np.array([NOWHERE, NAN, INFINITE])[state]
    if column.mistyped is not None:
        found[column.mistyped] = MISTYPED
    return found


@compiled
def add_places(places: NDArray[np.int64], slots: NDArray[np.int32], weights: Floats, counts: Floats, f: int) -> None:
    """Counts each row in its place, but for those that have none."""
    weighted = len(weights) > 0
    for i in range(len(places)):
        if places[i] >= 0:
            counts[slots[i], f, places[i]] += weights[i] if weighted else 1.0


@compiled
def bin_of(edges: Floats, x: float) -> int:
    """How many of 256 padded edges are at or below a finite number: eight halvings without a branch."""
    place = 128 if edges[127] <= x else 0
    place += 64 if edges[place + 63] <= x else 0
    place += 32 if edges[place + 31] <= x else 0
    place += 16 if edges[place + 15] <= x else 0
    place += 8 if edges[place + 7] <= x else 0
    place += 4 if edges[place + 3] <= x else 0
    place += 2 if edges[place + 1] <= x else 0
    return place + (1 if edges[place] <= x else 0)


@compiled
def add_numbers(
    values: Floats,
    null: Bools,
    mistyped: Bools,
    edges: Floats,
    half_center: float,
    twice_per_scale: float,
    slots: NDArray[np.int32],
    weights: Floats,
    counts: Floats,
    moments: Floats,
    extremes: Floats,
    f: int,
) -> None:
    """Bin, count, sum, sum of squares, smallest and largest of each row in one pass.

    Rows of one bucket mostly follow each other: the sums of such a run stay in registers.
    """
    weighted, nulls, wrong = len(weights) > 0, len(null) > 0, len(mistyped) > 0
    i, n = 0, len(values)
    while i < n:
        s = slots[i]
        row = counts[s, f]
        total, squares = 0.0, 0.0
        low, high = extremes[s, f, 0], extremes[s, f, 1]
        while i < n and slots[i] == s:
            w = weights[i] if weighted else 1.0
            x = values[i]
            if wrong and mistyped[i]:
                row[MISTYPED] += w
            elif nulls and null[i]:
                row[NULL] += w
            elif x - x == 0.0:
                row[bin_of(edges, x)] += w
                z = (x * 0.5 - half_center) * twice_per_scale
                z = min(max(z, -FARTHEST_Z), FARTHEST_Z)
                total += w * z
                squares += w * z * z
                low, high = min(low, x), max(high, x)
            else:
                row[NAN if x != x else INFINITE] += w
            i += 1
        moments[s, f, 0] += total
        moments[s, f, 1] += squares
        extremes[s, f, 0], extremes[s, f, 1] = low, high
