"""Frames to compare, the same rows for each kind of frame."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa

KINDS: Mapping[str, Callable[[dict[str, list[Any]]], Any]] = {
    "pandas": pd.DataFrame,
    "pandas nullable": lambda data: pd.DataFrame(data).convert_dtypes(),
    "pandas arrow": lambda data: pl.DataFrame(data).to_pandas(use_pyarrow_extension_array=True),
    "pandas objects": lambda data: pd.DataFrame(data, dtype=object),
    "polars": pl.DataFrame,
    "polars lazy": pl.LazyFrame,
    "pyarrow": pa.table,
    "pyarrow in chunks": lambda data: pa.concat_tables([pa.table(data).slice(0, 100), pa.table(data).slice(100)]),
}


def columns(rows: int, seed: int, shift: float = 0.0) -> dict[str, list[Any]]:
    """Numbers, counts, words and truth values, each with some nulls."""
    random = np.random.default_rng(seed)
    amount = [None if i % 50 == 0 else float(value) for i, value in enumerate(random.normal(shift, 1.0, rows))]
    items = [None if i % 40 == 1 else int(value) for i, value in enumerate(random.poisson(4, rows))]
    country = [None if i % 30 == 2 else str(value) for i, value in enumerate(random.choice(["AT", "DE", "CH"], rows))]
    member = [None if i % 20 == 3 else bool(value) for i, value in enumerate(random.random(rows) < 0.3)]
    return {"amount": amount, "items": items, "country": country, "member": member}
