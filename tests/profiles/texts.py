"""Sentences in two languages, made from small grammars: real words, in the order and number that a seed gives."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from modelwatch.core.column import ColumnKey
from modelwatch.core.wire import Role
from modelwatch.profiles import CategoryValues

COMMENT = ColumnKey(Role.FEATURE, "comment")

ENGLISH = (
    "the parcel|my order|this phone|the battery|your support team|the delivery driver|a refund|the screen|the app",
    "arrived|broke|works|stopped working|was late|looks great|is too small|came quickly|never answered|failed again",
    "after two days|in the morning|without any warning|as promised|for the second time|although I paid extra|last week",
    "and I am happy|so I want my money back|but the quality is fine|and nobody called me|which is a shame|thank you",
)
GERMAN = (
    "das Paket|meine Bestellung|dieses Telefon|der Akku|Ihr Kundendienst|der Fahrer|eine Erstattung|die App",
    "kam an|ging kaputt|funktioniert|war verspätet|sieht großartig aus|ist zu klein|kam schnell|antwortete nie",
    "nach zwei Tagen|am Morgen|ohne jede Warnung|wie versprochen|zum zweiten Mal|obwohl ich mehr zahlte|letzte Woche",
    "und ich bin zufrieden|also möchte ich mein Geld zurück|aber die Qualität ist gut|und niemand rief mich an",
)
NAMES = ("Anna", "Bela", "Carl", "Dora", "Emil", "Fritz", "Gita", "Hugo", "Ida", "Jana", "Karl", "Lena", "Moritz")


def sentences(rng: np.random.Generator, count: int, grammar: Sequence[str] = ENGLISH) -> list[str]:
    """Sentences of one to two clauses, some with an order's number and a name that hardly comes twice."""
    parts = [part.split("|") for part in grammar]
    found = []
    for _ in range(count):
        clauses = [" ".join(str(rng.choice(part)) for part in parts) for _ in range(int(rng.integers(1, 3)))]
        text = ". ".join(clause[0].upper() + clause[1:] for clause in clauses) + "."
        if rng.random() < 0.5:
            text += f" No. {rng.integers(10_000, 99_999)}"
        if rng.random() < 0.5:
            text += " " + "".join(str(rng.choice(NAMES)) for _ in range(2)).capitalize()
        found.append(text)
    return found


def column(rows: Sequence[str | None]) -> CategoryValues:
    """Texts as values; None is null."""
    names: dict[str, int] = {}
    codes = [-1 if row is None else names.setdefault(row, len(names)) for row in rows]
    return CategoryValues(np.array(codes, dtype=np.int32), list(names))
