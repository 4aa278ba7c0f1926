"""Functions of texts. A text is a code into a list of words, so each is computed once per word, not once per row."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any, Final

import numpy as np

from modelwatch.monitors.custom.values import Kind, Values, numbers, truths

NUMBER: Final = re.compile(r"\s*[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?\s*\Z")


def compact(column: Values) -> Values:
    """The same texts with no more words than there are rows."""
    if len(column.words) <= max(column.values.size, 1):
        return column
    codes = np.where(column.valid, column.values, 0)
    used, places = np.unique(codes, return_inverse=True)
    words = [column.words[code] for code in used.tolist()]
    return Values(column.kind, places.reshape(codes.shape).astype(np.int32), column.valid, words)


def in_common(columns: Sequence[Values]) -> Sequence[Values]:
    """The same columns; the codes of texts become places in one sorted list, so that they compare as the texts do."""
    if columns[0].kind is not Kind.TEXT:
        return columns
    columns = [compact(column) for column in columns]
    words = sorted(set().union(*(column.words for column in columns)))
    place = {word: number for number, word in enumerate(words)}
    return [
        Values(
            Kind.TEXT,
            _looked_up(np.array([place[word] for word in column.words], np.int32), column),
            column.valid,
            words,
        )
        for column in columns
    ]


def _looked_up(table: Any, column: Values) -> Any:
    """The table's entry for every row; where the row is null, any."""
    if len(table) == 0:
        return np.zeros(column.values.shape, table.dtype)
    return table[np.where(column.valid, column.values, 0)]


def _to_words(of: Callable[[str], str]) -> Callable[[Sequence[Values]], Values]:
    def compute(arguments: Sequence[Values]) -> Values:
        column = compact(arguments[0])
        return Values(Kind.TEXT, column.values, column.valid, [of(word) for word in column.words])

    return compute


def _to_number(arguments: Sequence[Values]) -> Values:
    """The number that a text is, null where it is none."""
    column = compact(arguments[0])
    table = np.array([float(word) if NUMBER.match(word) else np.nan for word in column.words], np.float64)
    return numbers(_looked_up(table, column), column.valid)


def _length(arguments: Sequence[Values]) -> Values:
    column = compact(arguments[0])
    return numbers(_looked_up(np.array([len(word) for word in column.words], np.float64), column), column.valid)


def _with_text(prepare: Callable[[str], Callable[[str], bool]]) -> Callable[[Sequence[Values]], Values]:
    """A truth about a text and another one, which is the same for all rows and is prepared once."""

    def compute(arguments: Sequence[Values]) -> Values:
        column, other = compact(arguments[0]), arguments[1]
        of = prepare(other.words[int(other.values)])
        table = np.array([of(word) for word in column.words], bool)
        return truths(_looked_up(table, column), column.valid & other.valid)

    return compute


def like(pattern: str) -> Callable[[str], bool]:
    """Whether a text fits a pattern: `%` is any run, `_` any one character, in len(text) * len(pattern) steps.

    >>> [like(pattern)("us-west") for pattern in ("us%", "_s-%t", "us", "%")]
    [True, True, False, True]
    """
    first, *rest = pattern.split("%")
    if not rest:
        return lambda text: len(text) == len(first) and _fits(text, 0, first)
    last = rest[-1]
    middle = [piece for piece in rest[:-1] if piece]

    def fits(text: str) -> bool:
        at, end = len(first), len(text) - len(last)
        if end < at or not _fits(text, 0, first) or not _fits(text, end, last):
            return False
        for piece in middle:
            at = _found(text, at, end, piece)
            if at < 0:
                return False
            at += len(piece)
        return True

    return fits


def ilike(pattern: str) -> Callable[[str], bool]:
    """The same, small and capital letters being one."""
    fits = like(pattern.lower())
    return lambda text: fits(text.lower())


def _found(text: str, at: int, end: int, piece: str) -> int:
    """The first place of the text, from `at` on, where the piece stands before `end`; -1 when there is none."""
    if "_" not in piece:
        return text.find(piece, at, end)
    return next((place for place in range(at, end - len(piece) + 1) if _fits(text, place, piece)), -1)


def _fits(text: str, at: int, piece: str) -> bool:
    """Whether the piece stands at that place of the text."""
    if "_" not in piece:
        return text.startswith(piece, at)
    return all(wanted in ("_", letter) for wanted, letter in zip(piece, text[at : at + len(piece)], strict=True))


T, N, B = Kind.TEXT, Kind.NUMBER, Kind.BOOLEAN
TEXTS: Final[dict[str, tuple[tuple[Kind | None, ...], Kind, Callable[[Sequence[Values]], Values]]]] = {
    "lower": ((T,), T, _to_words(str.lower)),
    "upper": ((T,), T, _to_words(str.upper)),
    "trim": ((T,), T, _to_words(lambda word: word.strip(" "))),
    "length": ((T,), N, _length),
    "like": ((T, T), B, _with_text(like)),
    "ilike": ((T, T), B, _with_text(ilike)),
    "starts_with": ((T, T), B, _with_text(lambda start: lambda word: word.startswith(start))),
    "ends_with": ((T, T), B, _with_text(lambda end: lambda word: word.endswith(end))),
    "contains": ((T, T), B, _with_text(lambda part: lambda word: part in word)),
    "text to number": ((T,), N, _to_number),
}
"""The second argument of those with two has to be written in the expression."""
