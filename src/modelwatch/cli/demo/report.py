"""The findings of the demo as tables for a terminal."""

from __future__ import annotations

from typing import Final, TypedDict

from rich.box import SIMPLE_HEAD, Box
from rich.console import Console, JustifyMethod
from rich.table import Table
from rich.text import Text

from modelwatch.cli.demo.found import MONTHS, Found, Peak
from modelwatch.cli.demo.kept import Kept
from modelwatch.core.level import Level

NAMES: Final = ("Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
STYLE: Final = {Level.CRITICAL: "bold red", Level.WARNING: "yellow", Level.NOTICE: "cyan", Level.ERROR: "magenta"}
MARK: Final = {Level.CRITICAL: "●", Level.WARNING: "○", Level.NOTICE: "·"}
SHOWN: Final = 10


class Look(TypedDict):
    """How both tables are drawn."""

    box: Box
    padding: tuple[int, int]
    pad_edge: bool
    title_justify: JustifyMethod
    caption_justify: JustifyMethod
    title_style: str


LOOK: Final[Look] = {
    "box": SIMPLE_HEAD,
    "padding": (0, 0),
    "pad_edge": False,
    "title_justify": "left",
    "caption_justify": "left",
    "title_style": "bold",
}


def show(console: Console, kept: Kept, found: Found, url: str) -> None:
    """Prints drift by month, the alerts, how good the model stayed, what was sent, and where to look on."""
    console.print()
    console.print(drift_table(found, kept))
    rest = len(found.drift) - SHOWN
    if rest > 0:
        console.print(f"{rest} more features have drifted less.", style="dim")
    console.print(alert_table(found) if found.alerts else "No alert was raised.")
    console.print(
        f"{kept.predictions:,} predictions and {kept.actuals:,} actuals were acknowledged, {kept.rejected:,} rejected. "
        f"The whole demo took {kept.seconds:.0f} s."
    )
    console.print(f"Dashboard: [bold]{url}[/bold]")


def drift_table(found: Found, kept: Kept) -> Table:
    """Features down, months across: the largest PSI of each month and the worst level; under them how good the model
    was; 80 columns wide."""
    table = Table(
        title="Drift of flight-delay: the largest PSI of each month against January to March",
        caption="  ".join(f"{mark} {level.value}" for level, mark in MARK.items()),
        **LOOK,
    )
    table.add_column("feature", no_wrap=True)
    for name in NAMES:
        table.add_column(f"{name}  ", justify="right", no_wrap=True, min_width=6)
    for one in found.drift[:SHOWN]:
        table.add_row(styled(one.feature, one.level), *(cell(peak) for peak in one.months))
    table.add_section()
    if any(peak.value is not None for peak in found.auc):
        table.add_row("AUC, worst week", *(cell(peak) for peak in found.auc))
    if kept.auc:
        table.add_row(f"AUC; Q1 {kept.auc['0']:.2f}", *(f"{kept.auc[str(month)]:.2f}  " for month in MONTHS))
    return table


def cell(peak: Peak) -> Text:
    """A number with the mark and in the colour of its level; a dash where nothing could be judged."""
    value = "-" if peak.value is None else f"{peak.value:.2f}"
    return styled(f"{value} {MARK.get(peak.level, ' ')}", peak.level)


def styled(text: str, level: Level) -> Text:
    """Text in the colour of a level. Names come from outside: never read as markup."""
    return Text(text, style=STYLE.get(level, ""))


def alert_table(found: Found) -> Table:
    """Every alert of the replay, newest first."""
    table = Table(title="Alerts", **LOOK)
    for name in ("level", "status", "opened", "resolved"):
        table.add_column(name, no_wrap=True)
    table.add_column("what")
    for alert in found.alerts:
        level = Level(str(alert["level"]))
        table.add_row(
            styled(level.value, level),
            str(alert["status"]),
            str(alert["opened_at"])[:10],
            str(alert.get("resolved_at") or "")[:10],
            Text(str(alert["title"])),
        )
    return table
