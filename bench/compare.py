"""What comparing two frames costs: `python -m bench.compare`.

W1: a reference of 100,000 rows and a window of 10,000, 40 numeric columns and 10 of categories. CPU seconds of the
whole process, the best of several rounds, from frames in memory to a result whose findings explain themselves.
"""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np
import pandas as pd
import polars as pl

import modelwatch as mw

REFERENCE_ROWS, WINDOW_ROWS = 100_000, 10_000
LEVELS = (3, 5, 8, 10, 12, 15, 20, 30, 40, 50)
ROUNDS = 5
TARGET = 0.5


def frame(rows: int, seed: int) -> pl.DataFrame:
    """Normal, lognormal, exponential and uniform numbers, counts, and words of 3 to 50 levels."""
    random = np.random.default_rng(seed)
    columns: dict[str, object] = {}
    for i in range(8):
        columns[f"normal_{i}"] = random.normal(size=rows)
        columns[f"lognormal_{i}"] = random.lognormal(size=rows)
        columns[f"exponential_{i}"] = random.exponential(size=rows)
        columns[f"uniform_{i}"] = random.uniform(size=rows)
        columns[f"count_{i}"] = random.poisson(3 + i, size=rows)
    for levels in LEVELS:
        names = np.array([f"level {i}" for i in range(levels)], dtype=object)
        share = np.arange(1, levels + 1) / np.arange(1, levels + 1).sum()
        columns[f"word_{levels}"] = names[random.choice(levels, size=rows, p=share)].tolist()
    return pl.DataFrame(columns)


def objects(made: pl.DataFrame) -> pd.DataFrame:
    """With texts as Python objects, as pandas had them before version 3."""
    texts = [name for name in made.columns if made[name].dtype == pl.String]
    return made.to_pandas().astype(dict.fromkeys(texts, object))


KINDS: dict[str, Callable[[pl.DataFrame], object]] = {
    "pandas": lambda made: made.to_pandas(),
    "pandas, texts as objects": objects,
    "polars": lambda made: made,
    "pyarrow": lambda made: made.to_arrow(),
}


def main() -> None:
    """Print the figures."""
    reference, window = frame(REFERENCE_ROWS, 1), frame(WINDOW_ROWS, 2)
    mw.compare(reference.head(500), window.head(500))
    print(f"mw.compare on W1, CPU seconds [{TARGET}]")
    for name, kind in KINDS.items():
        pair = kind(reference), kind(window)
        print(f"  {name:<28}{best(lambda pair=pair: mw.compare(*pair)):.3f}")  # type: ignore[misc]
    result = mw.compare(reference, window)
    size = len(result.to_html().encode()) / 1e6
    print(f"  {'the page of 50 columns':<28}{best(result.to_html):.3f}   {size:.2f} MB [1]")


def best(run: Callable[[], object]) -> float:
    """CPU seconds of the quickest round."""
    taken = []
    for _ in range(ROUNDS):
        start = time.process_time()
        run()
        taken.append(time.process_time() - start)
    return min(taken)


if __name__ == "__main__":
    main()
