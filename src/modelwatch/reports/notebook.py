"""A comparison as the output of a notebook's cell: the verdict and the columns that are not ok, without any script."""

from __future__ import annotations

from typing import Final

from modelwatch.core.level import Level
from modelwatch.monitors.drift.words import number
from modelwatch.reports.comparison import Comparison
from modelwatch.reports.html import Safe, el, join, name, printable
from modelwatch.reports.row import likely
from modelwatch.reports.words import LEVEL_WORDS, plural, sentences

SHOWN: Final = 12
COLOURS: Final = {Level.CRITICAL: "#c8251d", Level.ERROR: "#c8251d", Level.WARNING: "#b06f00", Level.OK: "#2b8266"}
MARKS: Final = {Level.CRITICAL: "■", Level.WARNING: "▲", Level.ERROR: "✕", Level.NOTICE: "◇", Level.OK: "○"}


def to_cell(comparison: Comparison) -> str:
    """Colours are set on each element, since notebooks drop styles and have themes of their own."""
    entries = [(change.level, change.feature, sentences(change)) for change in comparison.changes]
    entries += [
        (outcome.level, outcome.feature, f"Expected {outcome.asked}; found {outcome.found}.")
        for outcome in comparison.expectations
        if not outcome.passed
    ]
    for column in comparison.columns:
        if column.level not in (Level.OK, Level.INSUFFICIENT_DATA):
            size = column.size
            shown = (
                ""
                if size is None
                else f"{size.metric.upper()} {number(float(f'{size.value:.3g}'))}; chance alone: {likely(column)}. "
            )
            entries.append((column.level, column.feature, shown + " ".join(column.why[1:3])))
    lines = [line(*entry) for entry in entries[:SHOWN]]
    more = len(entries) - SHOWN
    rows = f"{plural(comparison.rows, 'row')} against {plural(comparison.reference_rows, 'row')} of the reference."
    return el(
        "div",
        el("p", mark(comparison.level), " ", el("strong", printable(comparison.verdict))),
        el("p", rows + " ", el("code", "save_html(path)"), " writes the whole page.", style="opacity:.75"),
        el("table", el("tbody", *lines)) if lines else "",
        el("p", f"… and {more} more.") if more > 0 else "",
    )


def line(level: Level, feature: str, text: str) -> Safe:
    """One entry of the table."""
    left = "text-align:left;vertical-align:top"
    return el(
        "tr",
        el("td", mark(level), style=f"{left};white-space:nowrap"),
        el("td", el("strong", name(feature)), style=left),
        el("td", printable(text), style=left),
    )


def mark(level: Level) -> Safe:
    """Shape, word and colour."""
    colour = COLOURS.get(level)
    return el(
        "span", join(f"{MARKS.get(level, '◌')} {LEVEL_WORDS[level]}"), style=f"color:{colour}" if colour else None
    )
