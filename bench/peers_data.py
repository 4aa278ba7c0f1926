"""W1 as files that every peer can read, and windows of it: undrifted, drifted, and broken."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

import numpy as np

from bench.workload import REFERENCE_ROWS, Column, Number, Words, rows, w1, words
from modelwatch.core.column import ColumnKey
from modelwatch.profiles import CategoryValues, NumericValues, Values

LARGE: Final = "normal 2"
FIVE: Final = "word 2"
SHIFTS: Final = {
    "shift 0.1 sd": "normal 0",
    "shift 0.2 sd": "normal 1",
    "shift 0.5 sd": LARGE,
    "scale 1.2x": "normal 3",
    "nulls 0 to 2 %": "normal 5",
    "5 points of five levels": FIVE,
    "10 points of five levels": FIVE,
}
BROKEN: Final = ("outlier", "nan", "all-null", "constant", "empty")
ZIPF_COLUMNS: Final = 10


def write_w1(folder: Path, random: np.random.Generator, n: int, nulls: int, drifts: int) -> None:
    """Writes reference and windows; undrifted and drifted ones by turns, broken ones among the first."""
    columns = w1()
    save(folder / "reference.npz", rows(columns, random, REFERENCE_ROWS))
    names = ["none 0", "drift 0", *(f"{kind} 0" for kind in ("whole", *BROKEN))]
    for i in range(1, max(nulls, drifts)):
        names += [f"none {i}"] * (i < nulls) + [f"drift {i}"] * (i < drifts)
    window: dict[ColumnKey, Values] = {}
    for place, name in enumerate(names):
        kind, number = name.split()
        if kind == "none":
            window = rows(columns, random, n)
        elif kind in ("whole", "drift"):
            window = rows(drifted(columns, points=10 if int(number) % 2 else 5), random, n)
        held = broken(window, kind, random) if kind in BROKEN else window
        save(folder / f"window-{place:04}-{kind}-{number}.npz", held)


def write_zipf(folder: Path, random: np.random.Generator, n: int, windows: int) -> None:
    """Ten columns of 1,000 categories by Zipf's law, undrifted."""
    columns = [replace(words("x", 1_000, 1.0), name=f"word {i}") for i in range(ZIPF_COLUMNS)]
    save(folder / "reference.npz", rows(columns, random, REFERENCE_ROWS))
    for i in range(windows):
        save(folder / f"window-{i:04}-none-{i}.npz", rows(columns, random, n))


def drifted(columns: Sequence[Column], points: int) -> list[Column]:
    """Six columns changed, each by one of the shifts."""
    return [changed(column, points) for column in columns]


def changed(column: Column, points: int) -> Column:
    """The column after its shift, if it has one."""
    if isinstance(column, Words):
        if column.name != FIVE:
            return column
        return replace(column, shares=column.shares + np.array([-points, points, 0, 0, 0]) / 100)
    match column.name:
        case "normal 0":
            return moved(column, 0.1)
        case "normal 1":
            return moved(column, 0.2)
        case "normal 2":
            return moved(column, 0.5)
        case "normal 3":
            return scaled(column, 1.2)
        case "normal 5":
            return replace(column, nulls=0.02)
    return column


def moved(column: Number, sds: float) -> Number:
    """Gaussian values further up by so many standard deviations."""
    middle, up = column.quantile(np.array([0.5, 0.8413447460685429]))
    shift = sds * float(up - middle)
    return replace(column, quantile=lambda u: column.quantile(u) + shift)


def scaled(column: Number, times: float) -> Number:
    """Gaussian values further from their middle."""
    middle = float(column.quantile(np.array([0.5]))[0])
    return replace(column, quantile=lambda u: middle + times * (column.quantile(u) - middle))


def broken(window: dict[ColumnKey, Values], kind: str, random: np.random.Generator) -> dict[ColumnKey, Values]:
    """The drifted window with one column spoilt, or without rows."""
    answer = dict(window)
    for key, values in window.items():
        if kind == "empty" and isinstance(values, NumericValues):
            answer[key] = NumericValues(values.values[:0])
        elif kind == "empty" and isinstance(values, CategoryValues):
            answer[key] = CategoryValues(values.codes[:0], values.dictionary)
        elif key.name == LARGE and isinstance(values, NumericValues):
            answer[key] = NumericValues(spoilt(values.values.copy(), kind, random))
    return answer


def spoilt(
    x: np.ndarray[tuple[int], np.dtype[np.float64]], kind: str, random: np.random.Generator
) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """One outlier, one NaN, nothing but NaN, or one value everywhere."""
    if kind in ("outlier", "nan"):
        x[random.integers(len(x))] = 1e6 if kind == "outlier" else np.nan
    else:
        x[:] = np.nan if kind == "all-null" else x[0]
    return x


def save(path: Path, held: dict[ColumnKey, Values]) -> None:
    """One frame as arrays; NaN and code -1 are null."""
    path.parent.mkdir(parents=True, exist_ok=True)
    numbers = {key.name: filled(values) for key, values in held.items() if isinstance(values, NumericValues)}
    codes = {key.name: values.codes for key, values in held.items() if isinstance(values, CategoryValues)}
    n = len(next(iter(held.values())))
    np.savez(
        path,
        numbers=np.column_stack(list(numbers.values())) if numbers else np.empty((n, 0)),
        codes=np.column_stack(list(codes.values())) if codes else np.empty((n, 0), dtype=np.int32),
        number_names=np.array(list(numbers), dtype=str),
        word_names=np.array(list(codes), dtype=str),
    )


def filled(values: NumericValues) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Numbers with NaN where they are null."""
    if values.null is None:
        return values.values
    return np.where(values.null, np.nan, values.values)
