"""The bins of all columns of a model, shared by its versions and references, and their stored form."""

from __future__ import annotations

import struct
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Final

import numpy as np
from numpy.typing import NDArray

from modelwatch.core.column import ColumnKey, ColumnType
from modelwatch.core.wire import Role
from modelwatch.errors import CorruptData
from modelwatch.profiles.category import CategoryBinning, fit_category
from modelwatch.profiles.fit_text import fit_vocabulary, is_text
from modelwatch.profiles.fit_vector import fit_vector
from modelwatch.profiles.numeric import MAX_BINS, NumericBinning, fit_numeric
from modelwatch.profiles.reader import Reader, text
from modelwatch.profiles.text import MEASURES, Vocabulary, measure
from modelwatch.profiles.values import CategoryValues, Floats, NumericValues, Values, VectorValues
from modelwatch.profiles.vector import VectorBinning
from modelwatch.profiles.vector_bytes import read_vector, vector_bytes
from modelwatch.profiles.vocabulary_bytes import read_vocabulary, vocabulary_bytes

WIDTH: Final = 260
"""Slots of a column: 256 bins, then null, NaN, infinite and mistyped."""
NULL: Final = 256
NAN: Final = 257
INFINITE: Final = 258
MISTYPED: Final = 259

TEXT_BINS: Final = ("text", "blank")
"""The categories of a column of text."""

MAGIC: Final = b"MWBIN\x01"
DIGEST_BYTES: Final = 8


@dataclass(frozen=True, slots=True)
class ColumnBinning:
    """One column and its bins; a column of text has a vocabulary, and columns of role `text` for what is measured."""

    key: ColumnKey
    type: ColumnType
    bins: NumericBinning | CategoryBinning | VectorBinning
    vocabulary: Vocabulary | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Binning:
    """The bins of F columns. `id` is a hash of their stored form: equal bins have equal ids.

    `size` [F] is the number of bins of each column, `numeric` [F] is true where they are numeric, `vector` [F]
    where they hold sums of features, `edges` [F, 256] are numeric edges padded with +inf, `single` [F, 256] is true
    for bins that hold exactly one number.
    """

    columns: tuple[ColumnBinning, ...]
    id: str = field(init=False)
    size: NDArray[np.int64] = field(init=False, repr=False)
    numeric: NDArray[np.bool_] = field(init=False, repr=False)
    vector: NDArray[np.bool_] = field(init=False, repr=False)
    edges: Floats = field(init=False, repr=False)
    single: NDArray[np.bool_] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        edges = np.full((len(self.columns), MAX_BINS), np.inf)
        single = np.zeros((len(self.columns), MAX_BINS), dtype=np.bool_)
        for f, column in enumerate(self.columns):
            if isinstance(column.bins, NumericBinning):
                edges[f, : len(column.bins.edges)] = column.bins.edges
                single[f, : column.bins.bins] = column.bins.single()
        kinds = [isinstance(c.bins, NumericBinning) for c in self.columns]
        vectors = [isinstance(c.bins, VectorBinning) for c in self.columns]
        object.__setattr__(self, "size", np.array([c.bins.bins for c in self.columns], dtype=np.int64))
        object.__setattr__(self, "numeric", np.array(kinds, dtype=np.bool_))
        object.__setattr__(self, "vector", np.array(vectors, dtype=np.bool_))
        object.__setattr__(self, "edges", edges)
        object.__setattr__(self, "single", single)
        object.__setattr__(self, "id", self.to_bytes()[-DIGEST_BYTES:].hex())

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Binning) and self.id == other.id

    def __hash__(self) -> int:
        return hash(self.id)

    def __len__(self) -> int:
        return len(self.columns)

    def index(self, key: ColumnKey) -> int | None:
        """The row of a column in the arrays of a profile, or None."""
        return next((i for i, column in enumerate(self.columns) if column.key == key), None)

    def to_bytes(self) -> bytes:
        """The stored form: the same bins always give the same bytes."""
        parts = [MAGIC, struct.pack("<I", len(self.columns))]
        for column in self.columns:
            parts += [text(column.key.role), text(column.key.name), text(column.type)]
            match column.bins:
                case NumericBinning() as bins:
                    parts.append(struct.pack("<cHdd", b"n", len(bins.edges), bins.center, bins.scale))
                    parts.append(bins.edges.astype("<f8").tobytes())
                case CategoryBinning() as bins:
                    if column.vocabulary is not None:
                        parts += [b"t", vocabulary_bytes(column.vocabulary)]
                    head = struct.pack(
                        "<cHI?d", b"c", len(bins.categories), len(bins.others), bins.forgetful, bins.novelty
                    )
                    parts += [head, *map(text, bins.categories), bins.others.astype("<u8").tobytes()]
                case VectorBinning() as bins:
                    parts += [b"v", vector_bytes(bins)]
        body = b"".join(parts)
        return body + blake2b(body, digest_size=DIGEST_BYTES).digest()

    @staticmethod
    def from_bytes(data: bytes) -> Binning:
        """The binning that `to_bytes` wrote; raises `CorruptData` for anything else."""
        body, digest = data[:-DIGEST_BYTES], data[-DIGEST_BYTES:]
        if body[: len(MAGIC)] != MAGIC:
            raise CorruptData("these bytes are no binning of version 1")
        if blake2b(body, digest_size=DIGEST_BYTES).digest() != digest:
            raise CorruptData("a binning fails its checksum")
        reader = Reader(body, len(MAGIC))
        (count,) = reader.take("<I")
        return Binning(tuple(read_column(reader) for _ in range(count)))


def fit(columns: Mapping[ColumnKey, Values], weights: Floats | None = None) -> Binning:
    """The binning of a reference: one entry per column, in the order given; `weights` [n] count a row that often.

    A feature that holds text (see `is_text`) is followed by an entry for each of its measures.
    """
    fitted = []
    for key, values in columns.items():
        if isinstance(values, NumericValues):
            fitted.append(ColumnBinning(key, ColumnType.NUMERIC, fit_numeric(values, weights)))
        elif isinstance(values, VectorValues):
            fitted.append(ColumnBinning(key, ColumnType.VECTOR, fit_vector(values, weights)))
        elif key.role is Role.FEATURE and is_text(values):
            fitted += fit_text(key, values, weights)
        else:
            kind = ColumnType.BOOLEAN if values.boolean else ColumnType.CATEGORY
            fitted.append(ColumnBinning(key, kind, fit_category(values, weights)))
    return Binning(tuple(fitted))


def fit_text(key: ColumnKey, column: CategoryValues, weights: Floats | None) -> list[ColumnBinning]:
    """A column of text, whose rows are only told from blank ones, and its measures."""
    used = np.unique(column.codes[column.codes >= 0])
    texts = [column.dictionary[i] for i in used.tolist()]
    vocabulary = fit_vocabulary(texts)
    measures = np.full((len(column.dictionary), len(MEASURES)), np.nan)
    measures[used] = measure(texts, vocabulary)
    found = measures[np.maximum(column.codes, 0)]
    missing = column.codes < 0 if column.mistyped is None else (column.codes < 0) | column.mistyped
    columns = [ColumnBinning(key, ColumnType.CATEGORY, CategoryBinning(TEXT_BINS), vocabulary)]
    for i, name in enumerate(MEASURES):
        values = NumericValues(np.ascontiguousarray(found[:, i]), missing)
        columns.append(ColumnBinning(measure_key(key, name), ColumnType.NUMERIC, fit_numeric(values, weights)))
    return columns


def measure_key(key: ColumnKey, name: str) -> ColumnKey:
    """The column of a measure of a text column; no user's column has its role."""
    return ColumnKey(Role.TEXT, f"{key.name}: {name}")


def read_column(reader: Reader) -> ColumnBinning:
    """The next column of a stored binning."""
    key = ColumnKey(Role(reader.text()), reader.text())
    kind = ColumnType(reader.text())
    (tag,) = reader.take("<c")
    vocabulary = None
    if tag == b"t":
        vocabulary = read_vocabulary(reader)
        (tag,) = reader.take("<c")
    if tag == b"n":
        count, center, scale = reader.take("<Hdd")
        return ColumnBinning(key, kind, NumericBinning(reader.array("<f8", count).astype(np.float64), center, scale))
    if tag == b"v":
        return ColumnBinning(key, kind, read_vector(reader))
    count, others, forgetful, novelty = reader.take("<HI?d")
    names = tuple(reader.text() for _ in range(count))
    hashes = reader.array("<u8", others).astype(np.uint64)
    return ColumnBinning(key, kind, CategoryBinning(names, hashes, bool(forgetful), novelty), vocabulary)
