"""A measured share, how sure it is, and what it was to be."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from scipy import stats


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of a table. `goal` is what was to be reached, in words; `reached` None where nothing was asked."""

    section: str
    name: str
    measured: str
    goal: str = ""
    reached: bool | None = None
    note: str = ""

    def to_dict(self) -> dict[str, Any]:
        """Plain values."""
        return asdict(self)


def interval(hits: int, trials: int, sure: float = 0.95) -> tuple[float, float]:
    """The share that `hits` of `trials` stand for lies in here, so sure (Clopper and Pearson, Biometrika 26, 1934).

    >>> [round(each, 5) for each in interval(0, 3_000, 0.9)]
    [0.0, 0.001]
    """
    rest = (1 - sure) / 2
    low = float(stats.beta.ppf(rest, hits, trials - hits + 1)) if hits else 0.0
    high = float(stats.beta.ppf(1 - rest, hits + 1, trials - hits)) if hits < trials else 1.0
    return low, high


def percent(share: float) -> str:
    """A share in per cent with as many digits as it deserves."""
    value = 100 * share
    return f"{value:.0f}" if value in (0.0, 100.0) else f"{value:.2f}" if value < 10 or value > 99 else f"{value:.1f}"


def at_most(section: str, name: str, hits: int, trials: int, goal: float, note: str = "") -> Figure:
    """A share that is to stay under a goal; it is missed when even the lower end of the interval is above."""
    low, high = interval(hits, trials)
    measured = f"{percent(hits / trials)} % ({percent(low)} to {percent(high)}) of {trials:,}"
    return Figure(section, name, measured, f"≤ {percent(goal)} %", low <= goal, note)


def at_least(section: str, name: str, hits: int, trials: int, goal: float | None, note: str = "") -> Figure:
    """A power that is to come within two points of a goal or above it."""
    low, high = interval(hits, trials)
    measured = f"{percent(hits / trials)} % ({percent(low)} to {percent(high)}) of {trials:,}"
    if goal is None:
        return Figure(section, name, measured, note=note)
    return Figure(section, name, measured, f"≥ {percent(goal)} %", hits / trials >= goal - 0.02, note)


def table(figures: list[Figure]) -> str:
    """The figures as a Markdown table per section."""
    lines: list[str] = []
    section = ""
    for each in figures:
        if each.section != section:
            section = each.section
            lines += ["", f"### {section}", "", "| what | goal | measured | | |", "|---|---|---|---|---|"]
        mark = "" if each.reached is None else "yes" if each.reached else "**no**"
        lines.append(f"| {each.name} | {each.goal} | {each.measured} | {mark} | {each.note} |")
    return "\n".join(lines)
