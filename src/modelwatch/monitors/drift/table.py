"""The result of one check: an array over the columns for each metric."""

from __future__ import annotations

import math
import struct
import zlib
from collections.abc import Collection
from dataclasses import dataclass, fields, replace
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from modelwatch.core.level import CODE, Level
from modelwatch.core.wire import Role
from modelwatch.errors import CorruptData

Floats = NDArray[np.float64]
Codes = NDArray[np.uint8]

MAGIC: Final = b"MWD\x02"
HEAD: Final = struct.Struct("<4sHHdddd")


SIZES: Final = {"psi": "PSI", "mmd": "MMD"}
"""The measures of effect, and what they are called in a sentence."""


def size_metric(role: Role) -> str:
    """The measure of effect of the columns of a role: MMD for embeddings, PSI for all else."""
    return "mmd" if role is Role.EMBEDDING else "psi"


class Size(NamedTuple):
    """The measure of effect of one column, what it is on average and stays under in 99 % of windows under no drift."""

    metric: str
    words: str
    value: float
    mean: float
    chance: float


@dataclass(frozen=True, slots=True, eq=False)
class DriftTable:
    """Metrics [F] in the order of the binning's columns; nan where a metric has no meaning for the column.

    A `..._chance` is what the metric stays under in 99 % of windows in which nothing has changed. `psi_mean` is what
    PSI is on average then. `smooth` is the statistic of Neyman's smooth test, `chi_square` that of the chi-square test
    on the groups. Of each rate (`rates.RATES`: `nulls` is the share of the window's rows without a usable value) the
    table holds the window's share, the reference's `..._before` (for `unseen` the expected one), chance and p-value.
    `ks`, `smooth`, `nans`, `infinite`, `outside` are nan for categories, `unseen` for numbers. Vectors have `mmd` with
    `mmd_mean` (as for PSI), `gaussian` (see `mmd`), `centroid` and the rates of numbers; all else is nan for them, and
    these for all else. `design_effect` is how many dependent rows are worth one independent row. `test_p` is the
    p-value of the column as a whole: the smallest of its tests, each divided by its part of the column's allowance.

    `levels` uint8 [F] are codes of `core.level.ORDER`; `psi_levels`, `nulls_levels`, ... say what they come from.
    `rows` and `reference_rows` count rows, the `effective_` ones are worth that many of equal weight. `judged` columns
    share the allowance for false alarms.
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
    smooth: Floats
    smooth_chance: Floats
    smooth_p: Floats
    chi_square: Floats
    chi_square_chance: Floats
    chi_square_p: Floats
    mmd: Floats
    mmd_mean: Floats
    mmd_chance: Floats
    mmd_p: Floats
    gaussian: Floats
    centroid: Floats
    centroid_chance: Floats
    nulls: Floats
    nulls_before: Floats
    nulls_chance: Floats
    nulls_p: Floats
    nans: Floats
    nans_before: Floats
    nans_chance: Floats
    nans_p: Floats
    infinite: Floats
    infinite_before: Floats
    infinite_chance: Floats
    infinite_p: Floats
    mistyped: Floats
    mistyped_before: Floats
    mistyped_chance: Floats
    mistyped_p: Floats
    outside: Floats
    outside_before: Floats
    outside_chance: Floats
    outside_p: Floats
    unseen: Floats
    unseen_before: Floats
    unseen_chance: Floats
    unseen_p: Floats
    design_effect: Floats
    test_p: Floats
    levels: Codes
    psi_levels: Codes
    mmd_levels: Codes
    nulls_levels: Codes
    nans_levels: Codes
    infinite_levels: Codes
    mistyped_levels: Codes
    outside_levels: Codes
    unseen_levels: Codes

    def __len__(self) -> int:
        return len(self.levels)

    def size(self, f: int) -> Size:
        """How much column `f` has changed: MMD for vectors, PSI for all else."""
        metric = "psi" if math.isnan(self.mmd[f]) else "mmd"
        value, mean, chance = (float(getattr(self, metric + part)[f]) for part in ("", "_mean", "_chance"))
        return Size(metric, SIZES[metric], value, mean, chance)

    def with_levels(self, codes: bytes | Codes) -> DriftTable:
        """The same table with the column levels that stand after persistence was looked at."""
        levels = np.frombuffer(codes, dtype=np.uint8) if isinstance(codes, bytes) else codes.astype(np.uint8)
        if len(levels) != len(self):
            raise ValueError(f"{len(levels)} levels for {len(self)} columns")
        return replace(self, levels=levels)

    def to_bytes(self) -> bytes:
        """The stored form: metrics to 7 digits (float32), levels to a byte, packed; some 100 bytes a column."""
        head = HEAD.pack(MAGIC, len(self), self.judged, *(getattr(self, name) for name in ROWS))
        metrics = [to_float32(getattr(self, name)).tobytes() for name in METRICS]
        body = b"".join([*metrics, *(getattr(self, name).tobytes() for name in LEVELS)])
        return head + zlib.compress(body, 1)

    @staticmethod
    def from_bytes(data: bytes) -> DriftTable:
        """The table that `to_bytes` wrote, this version's or an earlier one's; else raises `CorruptData`."""
        if len(data) < HEAD.size or data[:4] not in (MAGIC, FIRST_MAGIC):
            raise CorruptData("these bytes are no drift table of version 1 or 2")
        _, width, judged, *rows = HEAD.unpack_from(data)
        first = data[:4] == FIRST_MAGIC
        metric_names, level_names = (FIRST_METRICS, FIRST_LEVELS) if first else (METRICS, LEVELS)
        expected = width * (4 * len(metric_names) + len(level_names))
        body = data[HEAD.size :] if first else unpacked(data[HEAD.size :], expected)
        if len(body) != expected:
            raise CorruptData("a drift table has the wrong size")
        metrics = np.frombuffer(body, "<f4", len(metric_names) * width).astype(np.float64)
        levels = np.frombuffer(body, np.uint8, len(level_names) * width, 4 * len(metric_names) * width)
        if levels.max(initial=0) > HIGHEST_CODE:
            raise CorruptData("a drift table names a level that does not exist")
        values: dict[str, Any] = {name: np.full(width, np.nan) for name in METRICS}
        values |= {name: np.full(width, CODE[Level.OK], dtype=np.uint8) for name in LEVELS}
        values.update(zip(metric_names, metrics.reshape(len(metric_names), width), strict=True))
        values.update(zip(level_names, levels.reshape(len(level_names), width), strict=True))
        values.update(zip(ROWS, rows, strict=True))
        return DriftTable(judged=judged, **values)


def read_metrics(data: bytes, names: Collection[str]) -> dict[str, Floats]:
    """Some metrics [F] of a stored table, at a fifth of the cost of all of it; nan where its version has none."""
    if len(data) < HEAD.size or data[:4] not in (MAGIC, FIRST_MAGIC):
        raise CorruptData("these bytes are no drift table of version 1 or 2")
    width = HEAD.unpack_from(data)[1]
    first = data[:4] == FIRST_MAGIC
    held, levels = (FIRST_METRICS, FIRST_LEVELS) if first else (METRICS, LEVELS)
    size = width * (4 * len(held) + len(levels))
    body = data[HEAD.size :] if first else unpacked(data[HEAD.size :], size)
    if len(body) != size:
        raise CorruptData("a drift table has the wrong size")
    return {
        name: np.frombuffer(body, "<f4", width, 4 * width * held.index(name)).astype(np.float64)
        if name in held
        else np.full(width, np.nan)
        for name in names
    }


def unpacked(data: bytes, size: int) -> bytes:
    """Packed bytes that must be `size` long, without making room for more."""
    unpacker = zlib.decompressobj()
    try:
        body = unpacker.decompress(data, size + 1)
        body += unpacker.decompress(unpacker.unconsumed_tail, 1)
    except zlib.error as error:
        raise CorruptData("a drift table is damaged") from error
    if not unpacker.eof or unpacker.unused_data:
        raise CorruptData("a drift table has the wrong size")
    return body


HIGHEST_CODE: Final = 6
ROWS: Final = ("rows", "reference_rows", "effective_rows", "effective_reference_rows")
METRICS: Final = tuple(item.name for item in fields(DriftTable) if item.type == "Floats")
LEVELS: Final = tuple(item.name for item in fields(DriftTable) if item.type == "Codes")

FIRST_MAGIC: Final = b"MWD\x01"
FIRST_METRICS: Final = (
    *("psi", "psi_mean", "psi_chance", "ks", "ks_p", "ks_chance", "kl", "kl_chance"),
    *(rate + part for rate in ("nulls", "unseen") for part in ("", "_before", "_chance", "_p")),
    "test_p",
)
FIRST_LEVELS: Final = ("levels", "psi_levels", "nulls_levels", "unseen_levels")
"""What a table of version 1 held: windows that were checked before an upgrade are still shown."""


def to_float32(values: Floats) -> NDArray[np.float32]:
    """Rounded to float32; what is too small becomes 0."""
    with np.errstate(under="ignore"):
        return values.astype("<f4")
