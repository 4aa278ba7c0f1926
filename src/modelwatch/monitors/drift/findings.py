"""A drift table as findings that explain themselves."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Final

from modelwatch.core.finding import Finding
from modelwatch.core.level import CODE, ORDER, Level
from modelwatch.monitors.drift.methods import grown_rates, methods
from modelwatch.monitors.drift.moved import SPECIAL_LABELS, Moved, moved
from modelwatch.monitors.drift.rates import RATES
from modelwatch.monitors.drift.table import DriftTable
from modelwatch.monitors.drift.thresholds import DEFAULT, Thresholds
from modelwatch.monitors.drift.vector_words import vector_sentences
from modelwatch.monitors.drift.words import change, number, odds, times
from modelwatch.profiles import Binning, NumericBinning, Profile, VectorBinning
from modelwatch.profiles.describe import mean, quantile

BASE: Final = "256 bins of the reference, at most 10 quantile groups or 30 categories, natural logarithm"
VECTOR_BASE: Final = "whitened means of random Fourier features, principal directions and length; on the scale of PSI"


def findings(
    table: DriftTable,
    current: Profile,
    reference: Profile,
    binning: Binning,
    columns: Iterable[int] | None = None,
    thresholds: Thresholds = DEFAULT,
) -> list[Finding]:
    """One finding per metric of each of the columns (row numbers; all when None), in the order of the binning."""
    answer = []
    for f in range(len(binning)) if columns is None else columns:
        evidence = explain(table, current, reference, binning, f, thresholds)
        key = binning.columns[f].key
        answer += [
            Finding(
                column=key,
                metric=method.metric,
                value=method.value,
                level=method.level,
                chance=method.chance,
                p_value=method.p_value,
                threshold_warning=method.threshold_warning,
                threshold_critical=method.threshold_critical,
                evidence=evidence,
            )
            for method in methods(table, f, thresholds)
        ]
    return answer


def explain(
    table: DriftTable,
    current: Profile,
    reference: Profile,
    binning: Binning,
    f: int,
    thresholds: Thresholds = DEFAULT,
) -> Mapping[str, object]:
    """The evidence about column `f` as plain values: sentences, what moved, medians and means, rows."""
    parts = moved(current, reference, binning, f)
    return {
        "why": list(why(table, current, reference, binning, f, parts, thresholds)),
        "moved": [
            {"label": part.label, "reference": part.reference, "window": part.window, "part": part.part}
            for part in parts
        ],
        "median": [quantile(reference, binning, f, 0.5), quantile(current, binning, f, 0.5)],
        "mean": [mean(reference, binning, f), mean(current, binning, f)],
        "rows": [table.reference_rows, table.rows],
        "test_p": float(table.test_p[f]),
        "design_effect": float(table.design_effect[f]),
        "base": VECTOR_BASE if binning.vector[f] else BASE,
        "binning": binning.id,
    }


def why(
    table: DriftTable,
    current: Profile,
    reference: Profile,
    binning: Binning,
    f: int,
    parts: tuple[Moved, ...] | None = None,
    thresholds: Thresholds = DEFAULT,
) -> tuple[str, ...]:
    """Why column `f` has its level, in sentences, the most important first; `parts` are its `moved` when at hand."""
    if table.psi_levels[f] == CODE[Level.INSUFFICIENT_DATA]:
        return (too_few(table, reference, f, thresholds),)
    size = table.size(f)
    verb = "gives at most" if size.value > size.chance else "can give up to"
    digits = 2 if size.value >= 0.095 else 3
    far = number(float(f"{size.chance:.2g}"))
    sentences = [f"{size.words} {size.value:.{digits}f}; chance alone {verb} {far}."]
    raised = getattr(table, f"{size.metric}_levels")[f] != CODE[Level.OK]
    for rate in RATES:
        if getattr(table, f"{rate.metric}_levels")[f] != CODE[Level.OK]:
            pair = float(getattr(table, f"{rate.metric}_before")[f]), float(getattr(table, rate.metric)[f])
            sentences.append(f"{rate.label} {change(*pair)} of rows.")
            raised = True
    if not raised:
        return (*sentences, "Nothing has changed that chance does not explain.", compared(table, f))
    bins = binning.columns[f].bins
    if isinstance(bins, VectorBinning):
        more = vector_sentences(table, current, reference, bins, f)
        return (*sentences, *more, *reached(table, f, thresholds), compared(table, f))
    parts = moved(current, reference, binning, f) if parts is None else parts
    told = [part for part in parts if part.label not in SPECIAL_LABELS.values() or not isinstance(bins, NumericBinning)]
    sentences += [f"{part.label}: {change(part.reference, part.window)} of rows." for part in told[:2]]
    medians = quantile(reference, binning, f, 0.5), quantile(current, binning, f, 0.5)
    if None not in medians and medians[0] != medians[1]:
        sentences.append(f"Median {number(medians[0] or 0.0)} → {number(medians[1] or 0.0)}.")
    distance = float(table.ks[f])
    if not math.isnan(distance) and distance > table.ks_chance[f]:
        far = number(float(f"{table.ks_chance[f]:.2g}"))
        sentences.append(f"KS distance {distance:.2g}; chance alone gives at most {far}.")
    return (*sentences, *reached(table, f, thresholds), compared(table, f))


def compared(table: DriftTable, f: int) -> str:
    """What was compared with what: rows on both sides, and what dependent rows are worth."""
    text = f"{table.rows:,.0f} rows of the window against {table.reference_rows:,.0f} of the reference"
    if table.effective_rows < table.rows * 0.995:
        text += f"; by their weights the window's are worth {table.effective_rows:,.0f}"
    effect = float(table.design_effect[f])
    if effect > 1:
        text += f"; rows depend on each other, {times(effect)} count as one"
    return text + "."


def reached(table: DriftTable, f: int, thresholds: Thresholds) -> tuple[str, ...]:
    """Why a column that has changed is raised by this window or is not."""
    p = float(table.test_p[f])
    said = f"Chance alone would do this in {odds(p)} of windows"
    if ORDER[table.levels[f]].raised:
        return (f"{said}, and the change is large.",)
    certain = p < thresholds.certain_below(table.judged)
    size = table.size(f)
    net = max(size.value - size.mean, 0.0)
    grown = grown_rates(table, f, thresholds.missing_warning)
    if net < thresholds.psi_warning and not grown:
        points = number(thresholds.missing_warning * 100)
        floor = f"{size.words} from {number(thresholds.psi_warning)} or {points} points on"
        return (f"{said}: a change, but a small one; raised is {floor}.",)
    if not certain:
        return (f"{said}; to raise it, less than {odds(thresholds.certain_below(table.judged))} is asked for.",)
    return (f"{said}, and the change is large; raised is what disjoint windows agree on.",)


def too_few(table: DriftTable, reference: Profile, f: int, thresholds: Thresholds) -> str:
    """What is missing before the column can be judged."""
    least = thresholds.min_rows
    if reference.counts[f].sum() <= 0:
        return "The reference does not have this column."
    side, rows = "of the window", table.effective_rows
    if table.effective_rows >= least:
        side, rows = "of the reference", table.effective_reference_rows
    if rows >= least:
        return "Too few rows were counted on the bins that this column has now."
    return f"{rows:.0f} of {least:.0f} rows {side}: too few to judge."
