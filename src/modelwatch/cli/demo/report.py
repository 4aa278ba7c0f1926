"""The findings of the demo as tables for a terminal."""

from __future__ import annotations

from typing import Final

from rich.console import Console
from rich.table import Table
from rich.text import Text

from modelwatch.cli.demo.found import MONTHS, Drift, Found, Peak
from modelwatch.cli.demo.kept import Kept
from modelwatch.core.level import Level

NAMES: Final = ("Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
STYLE: Final = {Level.CRITICAL: "bold red", Level.WARNING: "yellow", Level.NOTICE: "cyan", Level.ERROR: "magenta"}
SHOWN: Final = 10


def show(console: Console, kept: Kept, found: Found, url: str) -> None:
    """Prints drift by month, the alerts, how good the model stayed, what was sent, and where to look on."""
    console.print()
    console.print(drift_table(found.drift[:SHOWN], kept))
    rest = len(found.drift) - SHOWN
    if rest > 0:
        console.print(f"{rest} more features have drifted less.", style="dim")
    console.print(alert_table(found) if found.alerts else "No alert was raised.")
    console.print(
        f"{kept.predictions:,} predictions and {kept.actuals:,} actuals were acknowledged, {kept.rejected:,} rejected. "
        f"The whole demo took {kept.seconds:.0f} s."
    )
    console.print(f"Dashboard: [bold]{url}[/bold]")


def drift_table(drift: tuple[Drift, ...], kept: Kept) -> Table:
    """Features down, months across: the largest PSI of each month, in the colour of the worst level."""
    table = Table(title="flight-delay: largest PSI of the month against January to March", title_justify="left")
    table.add_column("feature")
    table.add_column("level")
    for name in NAMES:
        table.add_column(name, justify="right")
    for one in drift:
        table.add_row(one.feature, styled(one.level.value, one.level), *(cell(peak) for peak in one.months))
    if kept.auc:
        table.add_section()
        table.add_row("AUC", f"{kept.auc['0']:.3f} in Q1", *(f"{kept.auc[str(m)]:.3f}" for m in MONTHS), style="dim")
    return table


def cell(peak: Peak) -> Text:
    """A number in the colour of its level, a dot where nothing could be judged."""
    return styled("·" if peak.value is None else f"{peak.value:.2f}", peak.level)


def styled(text: str, level: Level) -> Text:
    """Text in the colour of a level. Names come from outside: never read as markup."""
    return Text(text, style=STYLE.get(level, ""))


def alert_table(found: Found) -> Table:
    """Every alert of the replay, newest first."""
    table = Table(title="Alerts", title_justify="left")
    for name in ("level", "status", "opened", "resolved", "what"):
        table.add_column(name)
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
