"""Rows counted one by one in plain Python, to compare profiles with. Takes only the edges from what it judges."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from hypothesis import strategies as st

from modelwatch.core.column import ColumnKey
from modelwatch.core.wire import Role
from modelwatch.profiles import CategoryBinning, CategoryValues, NumericBinning, NumericValues

X = ColumnKey(Role.FEATURE, "x")
C = ColumnKey(Role.FEATURE, "c")
MISTYPED = "mistyped"

numbers = st.one_of(
    st.none(),
    st.just(MISTYPED),
    st.sampled_from([0.0, -0.0, 1.0, 2.0, math.nan, math.inf, -math.inf, 1e308, -1e308, 5e-324]),
    st.floats(allow_nan=False, width=64),
    st.integers(-5, 5).map(float),
)
words = st.one_of(st.none(), st.just(MISTYPED), st.sampled_from(["", "a", "b", "c", "d"]), st.text(max_size=3))


def numeric(rows: Sequence[object]) -> NumericValues:
    return NumericValues(
        np.array([row if isinstance(row, float) else 0.0 for row in rows], dtype=np.float64),
        np.array([row is None for row in rows], dtype=np.bool_),
        np.array([row == MISTYPED for row in rows], dtype=np.bool_),
    )


def category(rows: Sequence[object]) -> CategoryValues:
    names = sorted({str(row) for row in rows if row is not None and row is not MISTYPED}, reverse=True)
    code = {name: i for i, name in enumerate(names)}
    return CategoryValues(
        np.array([-1 if row is None or row is MISTYPED else code[str(row)] for row in rows], dtype=np.int32),
        names,
        np.array([row is MISTYPED for row in rows], dtype=np.bool_),
    )


@dataclass
class Counted:
    slots: dict[int, float]
    first: float
    second: float
    low: float
    high: float


def count_numbers(rows: Sequence[object], weights: Sequence[float], bins: NumericBinning) -> Counted:
    edges = bins.edges.tolist()
    answer = Counted({}, 0.0, 0.0, math.inf, -math.inf)
    for row, weight in zip(rows, weights, strict=True):
        if row == MISTYPED:
            slot = 259
        elif row is None:
            slot = 256
        else:
            x = float(str(row))
            if math.isnan(x):
                slot = 257
            elif math.isinf(x):
                slot = 258
            else:
                slot = sum(1 for edge in edges if edge <= x)
                z = (x / 2 - bins.center / 2) / (bins.scale / 2)
                z = min(max(z, -1e140), 1e140)
                answer.first += weight * z
                answer.second += weight * z * z
                answer.low, answer.high = min(answer.low, x), max(answer.high, x)
        answer.slots[slot] = answer.slots.get(slot, 0.0) + weight
    return answer


def count_words(
    rows: Sequence[object], weights: Sequence[float], bins: CategoryBinning, reference: Sequence[object]
) -> dict[int, float]:
    kept = list(bins.categories)
    answer: dict[int, float] = {}
    for row, weight in zip(rows, weights, strict=True):
        if row is MISTYPED:
            slot = 259
        elif row is None:
            slot = 256
        elif row in kept:
            slot = kept.index(str(row))
        else:
            slot = len(kept) if row in reference else len(kept) + 1
        answer[slot] = answer.get(slot, 0.0) + weight
    return answer


def held(row: np.ndarray) -> dict[int, float]:
    return {int(i): float(row[i]) for i in np.flatnonzero(row)}
