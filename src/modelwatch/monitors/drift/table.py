"""The result of one check: an array over the columns for each metric."""

from __future__ import annotations

import struct
from dataclasses import dataclass, fields, replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from modelwatch.errors import CorruptData

Floats = NDArray[np.float64]
Codes = NDArray[np.uint8]

MAGIC: Final = b"MWD\x01"
HEAD: Final = struct.Struct("<4sHHdddd")


@dataclass(frozen=True, slots=True, eq=False)
class DriftTable:
    """Metrics [F] in the order of the binning's columns; nan where a metric has no meaning for the column.

    A `..._chance` is what the metric stays under in 99 % of windows in which nothing has changed. `psi_mean` is what
    PSI is on average then. `nulls` is the share of the window's rows without a usable value (null, NaN, infinite,
    mistyped), `unseen` that of categories never seen in the reference; `nulls_before` and `unseen_before` are the
    reference's shares (for unseen: the expected one). `ks`, `ks_p`, `ks_chance` are nan for categories, `unseen`
    for numbers. `test_p` is the p-value of the column as a whole: of the Kolmogorov-Smirnov or chi-square test and
    those of the rates, the smallest times their number.

    `levels` uint8 [F] are codes of `core.level.ORDER`; `psi_levels`, `nulls_levels`, `unseen_levels` say what they
    come from. `rows` and `reference_rows` count rows, the `effective_` ones are worth that many of equal weight.
    `judged` columns share the allowance for false alarms.
    """

    rows: float
    reference_rows: float
    effective_rows: float
    effective_reference_rows: float
    judged: int
    psi: Floats
    psi_mean: Floats
    psi_chance: Floats
    ks: Floats
    ks_p: Floats
    ks_chance: Floats
    kl: Floats
    kl_chance: Floats
    nulls: Floats
    nulls_before: Floats
    nulls_chance: Floats
    nulls_p: Floats
    unseen: Floats
    unseen_before: Floats
    unseen_chance: Floats
    unseen_p: Floats
    test_p: Floats
    levels: Codes
    psi_levels: Codes
    nulls_levels: Codes
    unseen_levels: Codes

    def __len__(self) -> int:
        return len(self.levels)

    def with_levels(self, codes: bytes | Codes) -> DriftTable:
        """The same table with the column levels that stand after persistence was looked at."""
        levels = np.frombuffer(codes, dtype=np.uint8) if isinstance(codes, bytes) else codes.astype(np.uint8)
        if len(levels) != len(self):
            raise ValueError(f"{len(levels)} levels for {len(self)} columns")
        return replace(self, levels=levels)

    def to_bytes(self) -> bytes:
        """The stored form: metrics to 7 digits (float32), levels to a byte; 76 bytes a column."""
        head = HEAD.pack(MAGIC, len(self), self.judged, *(getattr(self, name) for name in ROWS))
        metrics = [to_float32(getattr(self, name)).tobytes() for name in METRICS]
        return b"".join([head, *metrics, *(getattr(self, name).tobytes() for name in LEVELS)])

    @staticmethod
    def from_bytes(data: bytes) -> DriftTable:
        """The table that `to_bytes` wrote; raises `CorruptData` for another version or size."""
        if len(data) < HEAD.size or data[:4] != MAGIC:
            raise CorruptData("these bytes are no drift table of version 1")
        _, width, judged, *rows = HEAD.unpack_from(data)
        if len(data) != HEAD.size + width * (4 * len(METRICS) + len(LEVELS)):
            raise CorruptData("a drift table has the wrong size")
        metrics = np.frombuffer(data, "<f4", len(METRICS) * width, HEAD.size).astype(np.float64)
        levels = np.frombuffer(data, np.uint8, len(LEVELS) * width, HEAD.size + 4 * len(METRICS) * width)
        if levels.max(initial=0) > HIGHEST_CODE:
            raise CorruptData("a drift table names a level that does not exist")
        values: dict[str, Any] = dict(zip(METRICS, metrics.reshape(len(METRICS), width), strict=True))
        values.update(zip(LEVELS, levels.reshape(len(LEVELS), width), strict=True))
        values.update(zip(ROWS, rows, strict=True))
        return DriftTable(judged=judged, **values)


HIGHEST_CODE: Final = 6
ROWS: Final = ("rows", "reference_rows", "effective_rows", "effective_reference_rows")
LEVELS: Final = ("levels", "psi_levels", "nulls_levels", "unseen_levels")
METRICS: Final = tuple(item.name for item in fields(DriftTable) if item.type == "Floats")


def to_float32(values: Floats) -> NDArray[np.float32]:
    """Rounded to float32; what is too small becomes 0."""
    with np.errstate(under="ignore"):
        return values.astype("<f4")
