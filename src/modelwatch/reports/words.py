"""What a comparison says in sentences, for the page, the notebook and the terminal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from modelwatch.core.column import ColumnType
from modelwatch.core.finding import Finding
from modelwatch.core.level import Level
from modelwatch.core.wire import Role

if TYPE_CHECKING:
    from modelwatch.reports.comparison import Comparison

LEVEL_WORDS: Final = {
    Level.CRITICAL: "Critical",
    Level.WARNING: "Warning",
    Level.ERROR: "Check failed",
    Level.NO_DATA: "No data",
    Level.NOTICE: "Notice",
    Level.INSUFFICIENT_DATA: "Too few rows",
    Level.OK: "Ok",
}
TYPE_WORDS: Final = {
    ColumnType.NUMERIC: "number",
    ColumnType.CATEGORY: "category",
    ColumnType.BOOLEAN: "boolean",
    ColumnType.VECTOR: "vector",
}
ROLE_WORDS: Final = {
    Role.PREDICTION_LABEL: "prediction",
    Role.PREDICTION_SCORE: "prediction score",
    Role.PREDICTION_VALUE: "prediction value",
    Role.PREDICTION_SCORES: "score of a class",
    Role.ACTUAL_LABEL: "actual",
    Role.ACTUAL_VALUE: "actual value",
    Role.EMBEDDING: "embedding",
    Role.TAG: "tag",
    Role.TEXT: "measured on text",
}
ONE_WINDOW: Final = (
    "One window, no history: what is certain and large is raised, nothing is asked to last. "
    "Notice is certain but small."
)


def verdict(comparison: Comparison) -> str:
    """The answer: what has drifted, which expectations are broken, or that nothing could be judged."""
    sentences = []
    columns = comparison.columns
    raised = [column for column in columns if column.level.raised]
    if not comparison.judged:
        sentences.append(unjudged(comparison))
    elif raised:
        verb = "has" if len(raised) == 1 else "have"
        sentences.append(f"{len(raised)} of {plural(len(columns), 'column')} {verb} drifted: {counts(raised)}.")
    else:
        small = sum(column.level is Level.NOTICE for column in columns)
        aside = f"; {small} moved for certain, but little" if small else ""
        sentences.append(f"None of {plural(len(columns), 'column')} has drifted{aside}.")
    kinds = Counter(change.metric for change in comparison.changes)
    for metric, text in (("column_missing", "missing"), ("column_type", "of another type"), ("column_new", "new")):
        if kinds[metric]:
            sentences.append(f"{plural(kinds[metric], 'column')} {'is' if kinds[metric] == 1 else 'are'} {text}.")
    broken = sum(not outcome.passed for outcome in comparison.expectations)
    if comparison.expectations:
        total = plural(len(comparison.expectations), "expectation")
        sentences.append(f"{broken} of {total} {'is' if broken == 1 else 'are'} broken." if broken else all_hold(total))
    return " ".join(sentences)


def all_hold(total: str) -> str:
    """That every expectation is met."""
    return "The expectation holds." if total.startswith("1 ") else f"All {total} hold."


def counts(columns: Sequence[object]) -> str:
    """How many columns are at each of the raised levels."""
    found = Counter(column.level for column in columns)  # type: ignore[attr-defined]
    return ", ".join(f"{found[level]} {level.value}" for level in (Level.CRITICAL, Level.WARNING) if found[level])


def unjudged(comparison: Comparison) -> str:
    """Why nothing could be judged."""
    if not comparison.columns:
        return "Nothing could be judged: there is no column to compare."
    why = comparison.columns[0].why
    return f"Nothing could be judged. {why[0] if why else ''}".strip()


def sentences(finding: Finding) -> str:
    """Why a finding has its level."""
    found = finding.evidence.get("why")
    return " ".join(map(str, found)) if isinstance(found, list) else ""


def plural(count: int, noun: str) -> str:
    """A number with its noun.

    >>> plural(1, "column"), plural(1200, "row")
    ('1 column', '1,200 rows')
    """
    return f"{count:,} {noun}{'' if count == 1 else 's'}"
