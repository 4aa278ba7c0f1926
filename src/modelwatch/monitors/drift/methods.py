"""Every method's figure for one column, and the questions that decide its level."""

from __future__ import annotations

import math
from dataclasses import dataclass

from modelwatch.core.level import CODE, ORDER, Level
from modelwatch.monitors.drift.rates import RATES
from modelwatch.monitors.drift.table import DriftTable
from modelwatch.monitors.drift.thresholds import DEFAULT, GROUPS_SHARE, OMNIBUS_SHARE, SMOOTH_SHARE, Thresholds
from modelwatch.monitors.drift.words import change, number, odds, times


@dataclass(frozen=True, slots=True)
class Method:
    """One metric of one column, with what chance makes of it and the thresholds that it is held against."""

    metric: str
    label: str
    value: float
    chance: float | None
    p_value: float | None
    threshold_warning: float | None
    threshold_critical: float | None
    level: Level


@dataclass(frozen=True, slots=True)
class Sure:
    """A question that must be answered with yes before anybody is told."""

    title: str
    holds: bool
    detail: str


def methods(table: DriftTable, f: int, thresholds: Thresholds = DEFAULT) -> tuple[Method, ...]:
    """The methods that apply to column `f`: psi, smooth, chi_square, ks, kl (vectors: mmd, centroid) and the rates.

    Empty when they were not computed.

    PSI and the rates have levels of their own. The tests of significance are at notice at most, because they say how
    sure a change is and not how large. KS and KL are shown and decide nothing: the smooth test sees more than KS, and
    KL measures the same as PSI.
    """
    if not math.isnan(table.mmd[f]):
        return (*vector_methods(table, f, thresholds), *rate_methods(table, f, thresholds))
    if math.isnan(table.psi[f]):
        return ()
    quiet = Level.INSUFFICIENT_DATA if table.psi_levels[f] == CODE[Level.INSUFFICIENT_DATA] else Level.OK
    answer = [
        Method(
            "psi",
            "Population stability index",
            float(table.psi[f]),
            float(table.psi_chance[f]),
            None,
            thresholds.psi_warning,
            thresholds.psi_critical,
            ORDER[table.psi_levels[f]],
        )
    ]
    numeric = not math.isnan(table.ks[f]) or not math.isnan(table.smooth[f])
    tests = [("smooth", "Neyman's smooth test", SMOOTH_SHARE)] if numeric else []
    tests.append(("chi_square", "Chi-square", OMNIBUS_SHARE if numeric else GROUPS_SHARE))
    for metric, label, part in tests:
        value, chance, p = (float(getattr(table, metric + each)[f]) for each in ("", "_chance", "_p"))
        if not math.isnan(value):  # a window that an earlier version checked does not have it
            level = Level.NOTICE if quiet is Level.OK and p / part < thresholds.notice_below(table.judged) else quiet
            answer.append(Method(metric, label, value, chance, p, None, None, level))
    if not math.isnan(table.ks[f]):
        value, chance, p = float(table.ks[f]), float(table.ks_chance[f]), float(table.ks_p[f])
        answer.append(Method("ks", "Kolmogorov–Smirnov", value, chance, p, None, None, quiet))
    value = float(table.kl[f])
    answer.append(Method("kl", "Kullback–Leibler, nats", value, float(table.kl_chance[f]), None, None, None, quiet))
    return (*answer, *rate_methods(table, f, thresholds))


def vector_methods(table: DriftTable, f: int, thresholds: Thresholds) -> list[Method]:
    """MMD, which is test and size in one, and the centroid, which is shown and decides nothing."""
    values = [float(getattr(table, name)[f]) for name in ("mmd", "mmd_chance", "mmd_p", "centroid", "centroid_chance")]
    mmd, chance, p, middle, middle_chance = values
    floors = thresholds.psi_warning, thresholds.psi_critical
    quiet = Level.INSUFFICIENT_DATA if table.mmd_levels[f] == CODE[Level.INSUFFICIENT_DATA] else Level.OK
    return [
        Method("mmd", "Maximum mean discrepancy", mmd, chance, p, *floors, ORDER[table.mmd_levels[f]]),
        Method("centroid", "Shift of the middle", middle, middle_chance, None, None, None, quiet),
    ]


def rate_methods(table: DriftTable, f: int, thresholds: Thresholds) -> list[Method]:
    """The rates that have a meaning for column `f`."""
    answer = []
    for rate in RATES:
        value, before, chance, p = (
            float(getattr(table, rate.metric + part)[f]) for part in ("", "_before", "_chance", "_p")
        )
        if not math.isnan(value):
            level = ORDER[getattr(table, f"{rate.metric}_levels")[f]]
            floors = before + thresholds.missing_warning, before + thresholds.missing_critical
            answer.append(Method(rate.metric, rate.label, value, chance, p, *floors, level))
    return answer


def sure(table: DriftTable, f: int, thresholds: Thresholds = DEFAULT) -> tuple[Sure, ...]:
    """Whether the change of column `f` is certain, large and seen by two methods; if it persists, history tells."""
    size = table.size(f)
    if math.isnan(size.value):
        return ()
    limit = thresholds.certain_below(table.judged)
    p = float(table.test_p[f])
    certain = p < limit
    net = max(size.value - size.mean, 0.0)
    grown = grown_rates(table, f, thresholds.missing_warning)
    large = net >= thresholds.psi_warning or bool(grown)
    far = f"{size.words} {net:.2f} above what chance gives, from {number(thresholds.psi_warning)} on it is large"
    far += "".join(f"; {words} {change(*pair)}" for words, pair in grown.items())
    test = "chi-square" if math.isnan(table.ks[f]) else "Neyman's smooth test"
    test = test if size.metric == "psi" else "Hotelling's"
    looks = "" if thresholds.looks == 1 else f" and {thresholds.looks:.3g} looks a day"
    if thresholds.series > 1:
        looks += f" at each of {thresholds.series} series"
    effect = float(table.design_effect[f])
    depends = f"; {times(effect)} dependent rows count as one" if effect > 1 else ""
    return (
        Sure(
            "Certain",
            certain,
            f"chance alone would do this in {odds(p)} of windows; asked for is under {odds(limit)},"
            f" with all {table.judged} columns{looks} counted{depends}",
        ),
        Sure("Large", large, far),
        Sure(
            "Two methods agree",
            certain and large,
            f"a test of significance ({test}, rates) and a size ({size.words}, points)",
        ),
    )


def grown_rates(table: DriftTable, f: int, by: float) -> dict[str, tuple[float, float]]:
    """The rates of column `f` that are up by at least `by`: what they count, and the shares before and now."""
    pairs = {
        r.words: (float(getattr(table, f"{r.metric}_before")[f]), float(getattr(table, r.metric)[f])) for r in RATES
    }
    return {words: pair for words, pair in pairs.items() if pair[1] - pair[0] >= by}
