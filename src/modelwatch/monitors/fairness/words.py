"""A disparity as people say it."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Final

from modelwatch.core.group import group_of
from modelwatch.core.level import Level
from modelwatch.monitors.drift.words import THIN, number, percent
from modelwatch.monitors.fairness import metrics as named
from modelwatch.monitors.fairness.check import Disparity
from modelwatch.monitors.fairness.metrics import COMPARED, Kind, Rules

RATES: Final[Mapping[str, Callable[[str, str], str]]] = {
    named.SELECTION_RATE: lambda said, label: f"{said} are predicted {label}",
    named.TRUE_POSITIVE_RATE: lambda said, label: f"{said} of those who are {label} are predicted so",
    named.FALSE_POSITIVE_RATE: lambda said, label: f"{said} of those who are not {label} are predicted {label}",
    named.PRECISION: lambda said, label: f"{said} of those predicted {label} are",
    named.ACCURACY: lambda said, label: f"{said} of predictions are right",
}
MEANS: Final[Mapping[str, str]] = {
    named.MEAN_PREDICTION: "the mean prediction is",
    named.MEAN_ERROR: "the mean error (prediction less truth) is",
}


def told(each: Disparity, rules: Rules, favourable: str = "selected") -> str:
    """What was compared, how large and how sure it is, and what the rule says.

    Favourable is the label that people want. Begins with the group's own label, which is data, as the others are.
    """
    comparison = f"{label(each.group)}: {own(each, each.group_value, favourable)}; "
    comparison += f"{label(each.against)}: {own(each, each.against_value, favourable, short=True)}"
    rows = f"{each.rows:,.0f} and {each.against_rows:,.0f} rows"
    if each.level is Level.INSUFFICIENT_DATA:
        return f"{comparison}; too few rows or events to judge: {rows}"
    return "; ".join(part for part in (comparison, size(each), rule(each, rules), rows, past(each)) if part)


def label(group: str) -> str:
    """How people write a group."""
    return group_of(group).label


def own(each: Disparity, value: float, favourable: str, short: bool = False) -> str:
    """One group's own figure."""
    if math.isnan(value):
        return "none known"
    if each.figure in RATES:
        said = f"{percent(value)}{THIN}%"
        return said if short else RATES[each.figure](said, favourable)
    if each.figure == named.CALIBRATION_GAP:
        said = f"{percent(abs(value))} points"
        return f"scores are {said} {'above' if value >= 0 else 'under'} what came true"
    return number(value) if short else f"{MEANS[each.figure]} {number(value)}"


def size(each: Disparity) -> str:
    """The comparison in one number, with its interval."""
    match COMPARED[each.metric].kind:
        case Kind.RATIO:
            return f"ratio {number(each.value)}, 95{THIN}% interval {number(each.low)} to {number(each.high)}"
        case Kind.DIFFERENCE:
            points = [number(100 * value) for value in (each.value, each.low, each.high)]
            return f"difference {points[0]} points, 95{THIN}% interval {points[1]} to {points[2]}"
        case Kind.MEANS:
            ends = f"95{THIN}% interval {number(each.low)} to {number(each.high)}"
            return f"difference {number(each.value)}, {ends}, {number(each.size)} standard deviations"


def rule(each: Disparity, rules: Rules) -> str:
    """Which rule it is held against, and whether it is broken."""
    kind = COMPARED[each.metric].kind
    warning, critical = rules.of(kind)
    limit = critical if each.level is Level.CRITICAL else warning
    match kind:
        case Kind.RATIO:
            said = f"at least {number(limit)}"
        case Kind.DIFFERENCE:
            said = f"under {number(100 * limit)} points"
        case Kind.MEANS:
            said = f"under {number(limit)} standard deviations"
    return f"the rule is {said}"


def past(each: Disparity) -> str:
    """What the reference had."""
    if math.isnan(each.before):
        return ""
    before = number(each.before if COMPARED[each.metric].kind is not Kind.DIFFERENCE else 100 * each.before)
    unit = " points" if COMPARED[each.metric].kind is Kind.DIFFERENCE else ""
    return f"in the reference {before}{unit}" + (", the rule was broken there, too" if each.stood else "")
