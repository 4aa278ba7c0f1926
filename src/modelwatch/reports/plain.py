"""A comparison as plain values, fit for JSON."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping
from enum import Enum

from modelwatch.core.finding import Finding
from modelwatch.core.version import VERSION
from modelwatch.reports.comparison import ComparedColumn, Comparison
from modelwatch.reports.outcome import Outcome
from modelwatch.reports.words import ONE_WINDOW

FORMAT = 1
"""Grows when a key changes its meaning; new keys may come at any time."""


def to_dict(comparison: Comparison) -> dict[str, object]:
    """The whole comparison; keys are documented in docs/reference/compare.md."""
    whole = {
        "format": FORMAT,
        "modelwatch": VERSION,
        "passed": comparison.passed,
        "level": comparison.level,
        "verdict": comparison.verdict,
        "decision": ONE_WINDOW,
        "rows": {"reference": comparison.reference_rows, "current": comparison.rows},
        "columns": [column_dict(column) for column in comparison.columns],
        "changes": [change_dict(change) for change in comparison.changes],
        "not_compared": [
            {"feature": left.key.name or left.key.role, "role": left.key.role, "reason": left.reason}
            for left in comparison.left
        ],
        "expectations": [outcome_dict(outcome) for outcome in comparison.expectations],
    }
    answer = plain(whole)
    assert isinstance(answer, dict)
    return answer


def column_dict(column: ComparedColumn) -> dict[str, object]:
    """One column with its metrics and its evidence."""
    evidence = dict(column.findings[0].evidence) if column.findings else {}
    evidence.setdefault("why", list(column.why))
    return {
        "feature": column.feature,
        "role": column.key.role,
        "type": column.type,
        "level": column.level,
        "note": column.note,
        "metrics": [dataclasses.asdict(method) for method in column.methods],
        "sure": [dataclasses.asdict(question) for question in column.sure],
        "evidence": evidence,
        "distribution": dataclasses.asdict(column.distribution),
    }


def change_dict(change: Finding) -> dict[str, object]:
    """A finding about a column as a whole."""
    return {
        "feature": change.feature,
        "role": change.column.role,
        "metric": change.metric,
        "level": change.level,
        "evidence": change.evidence,
    }


def outcome_dict(outcome: Outcome) -> dict[str, object]:
    """What came of an expectation."""
    return {"expectation": outcome.kind, **dataclasses.asdict(outcome), "level": outcome.level}


def plain(value: object) -> object:
    """Text, whole numbers, finite numbers, truth values, None, lists and dictionaries of these."""
    match value:
        case Enum():
            return plain(value.value)
        case None | bool() | str() | int():
            return value
        case Mapping():
            return {str(key): plain(item) for key, item in value.items()}
        case list() | tuple():
            return [plain(item) for item in value]
        case _:
            number = float(value)  # type: ignore[arg-type]
            return number if math.isfinite(number) else None
