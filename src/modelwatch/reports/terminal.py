"""A comparison as a few lines for people at a terminal."""

from __future__ import annotations

from typing import Final

from modelwatch.core.level import Level
from modelwatch.monitors.drift.words import THIN
from modelwatch.reports.comparison import Comparison
from modelwatch.reports.words import LEVEL_WORDS, plural, sentences

MARKS: Final = {
    Level.CRITICAL: "■",
    Level.WARNING: "▲",
    Level.ERROR: "✗",
    Level.NO_DATA: "⊘",
    Level.NOTICE: "◇",
    Level.INSUFFICIENT_DATA: "◌",
    Level.OK: "○",
}
SHOWN: Final = 20


def summary(comparison: Comparison) -> str:
    """The verdict, then what is not ok, the worst first; names given by users have their control marks shown."""
    lines = [
        comparison.verdict,
        f"{plural(comparison.rows, 'row')} against {plural(comparison.reference_rows, 'row')} of the reference.",
    ]
    entries = [(change.level, change.feature, sentences(change)) for change in comparison.changes]
    entries += [
        (outcome.level, outcome.feature, f"expected {outcome.asked}; found {outcome.found}")
        for outcome in comparison.expectations
        if not outcome.passed
    ]
    entries += [
        (column.level, column.feature, " ".join(column.why[:3]))
        for column in comparison.columns
        if column.level not in (Level.OK, Level.INSUFFICIENT_DATA)
    ]
    if entries:
        lines.append("")
    width = min(max((len(visible(name)) for _, name, _ in entries[:SHOWN]), default=0), 32)
    for level, name, text in entries[:SHOWN]:
        lines.append(f"{MARKS[level]} {LEVEL_WORDS[level]:<12} {visible(name):<{width}}  {visible(text)}")
    if len(entries) > SHOWN:
        lines.append(f"... and {len(entries) - SHOWN} more")
    if comparison.left:
        named = ", ".join(f"{visible(left.key.name)} ({left.reason})" for left in comparison.left[:5])
        more = f" and {len(comparison.left) - 5} more" if len(comparison.left) > 5 else ""
        lines += ["", f"Not compared: {named}{more}."]
    return "\n".join(lines)


def visible(text: str) -> str:
    """Text in which nothing moves the cursor or turns the writing around.

    >>> visible("a" + chr(27) + "[31mb")
    'a\\\\x1b[31mb'
    """
    return "".join(
        c if c.isprintable() or c == THIN else c.encode("unicode_escape", "backslashreplace").decode() for c in text
    )
