"""Real models replayed through a real fold, join and check: what the server finds, beside what is so.

python -m bench truth [--only flights|bicycles|employment|adult]
"""

from __future__ import annotations

import argparse
import itertools
from collections.abc import Callable, Iterator, Sequence
from typing import Final

import pandas as pd

from bench.real_run import RealRun, real_run
from bench.truth_data import Model, bicycles, census, employment, late_flights
from modelwatch.core.figure import Subject
from modelwatch.core.level import ORDER
from modelwatch.core.window import HOUR_US
from modelwatch.core.wire import Kind
from modelwatch.monitors.drift import DriftTable
from modelwatch.store.outcome_checks import FigureRow, OutcomeCheck

PARTS: Final[dict[str, Callable[[], Model]]] = {
    "flights": late_flights,
    "bicycles": bicycles,
    "employment": employment,
    "adult": census,
}
SHOWN: Final = (Subject.PERFORMANCE, Subject.ESTIMATED, Subject.TARGET)
ACTUAL_ROLES: Final = ("actual_label", "actual_value")


def replay(run: RealRun, model: Model, every: str = "MS") -> None:
    """Send the reference, then month by month what was predicted and what came to be known in it; check after each."""
    run.configure(model.task, **model.settings)
    run.refer(model.reference, model.roles)
    run.settle()
    said = {role: name for role, name in model.roles.items() if role not in ACTUAL_ROLES}
    truth = {"prediction_id": "prediction_id", "timestamp": "known_at"}
    truth |= {role: str(name) for role, name in model.roles.items() if role in ACTUAL_ROLES}
    first, last = model.rows["at"].min().normalize(), max(model.rows["at"].max(), model.rows["known_at"].max())
    edges = [first, *pd.date_range(first, last, freq=every, inclusive="right"), last + pd.Timedelta(seconds=1)]
    for start, end in itertools.pairwise(edges):
        rows = model.rows[(model.rows["at"] >= start) & (model.rows["at"] < end)]
        known = model.rows[(model.rows["known_at"] >= start) & (model.rows["known_at"] < end)]
        if len(rows):
            run.send(rows, said)
        if len(known):
            run.send(known, dict(truth), Kind.ACTUALS)
        run.settle()


def main() -> None:
    """All, or one."""
    parser = argparse.ArgumentParser(prog="python -m bench truth", description=__doc__)
    parser.add_argument("--only", choices=tuple(PARTS))
    asked = parser.parse_args().only
    for name, made in PARTS.items():
        if asked in (None, name):
            with real_run() as run:
                model = made()
                replay(run, model)
                show(run, model)


def show(run: RealRun, model: Model) -> None:
    """What the server knows of a model."""
    checks = run.checks()
    print(f"\n## {model.name}\n\n{len(model.reference):,} rows of reference, {len(model.rows):,} predictions, ", end="")
    print(f"{len(checks):,} windows; " + ", ".join(f"{part} {seconds:.0f} s" for part, seconds in run.spent.items()))
    for line in (*table(checks), *drift(run, model.features), *unfair(checks)):
        print(line)
    print()
    for alert in run.alerts():
        until = "still firing" if alert.resolved_us is None else day(alert.resolved_us)
        print(f"- {alert.kind}, {alert.peak_level.value}, {day(alert.opened_us)} to {until}: {alert.title}")


def by_month(checks: Sequence[OutcomeCheck]) -> dict[str, list[OutcomeCheck]]:
    """Windows by the month of their middle."""
    months: dict[str, list[OutcomeCheck]] = {}
    for check in checks:
        months.setdefault(day(check.end_us - check.length_us // 2)[:7], []).append(check)
    return months


def table(checks: Sequence[OutcomeCheck]) -> Iterator[str]:
    """One line per month: the mean of each figure over its windows, its baseline, and its worst level."""
    for month, held in by_month(checks).items():
        cells = []
        for subject in SHOWN:
            rows = [row for check in held for row in check.figures if told(row, subject)]
            for metric in dict.fromkeys(row.figure.metric for row in rows):
                mine = [row for row in rows if row.figure.metric == metric]
                levels = [row.level for row in mine if row.level]
                level = min(levels, key=ORDER.index).value if levels else ""
                mean = sum(row.value for row in mine) / len(mine)
                cells.append(f"{subject.value} {metric} {mean:.3f} ({mine[0].baseline:.3f}) {level}")
        unripe = sum(not check.mature for check in held)
        hours = held[-1].length_us // HOUR_US
        yield f"{month}: {len(held)} windows of {hours} h, {unripe} immature; " + "; ".join(cells)


def told(row: FigureRow, subject: Subject) -> bool:
    """True for the figures of everything that are judged, and for R2."""
    if row.figure.subject is not subject or row.figure.cut or row.figure.label or row.value != row.value:
        return False
    return row.level is not None or row.figure.metric == "r2"


def drift(run: RealRun, features: Sequence[str]) -> Iterator[str]:
    """The largest PSI of features by month."""
    found: dict[str, dict[str, float]] = {}
    for row in run.drift():
        sizes = DriftTable.from_bytes(row.body)
        month = found.setdefault(day(row.end_us - row.length_us // 2)[:7], {})
        for i, key in enumerate(run.columns()):
            if key.name in features:
                month[key.name] = max(month.get(key.name, 0.0), sizes.size(i).value)
    for name in features:
        yield f"PSI of {name}: " + ", ".join(f"{month} {sizes[name]:.2f}" for month, sizes in found.items())


def unfair(checks: Sequence[OutcomeCheck]) -> Iterator[str]:
    """What the last full window says of groups."""
    for row in checks[-1].figures if checks else ():
        if row.figure.subject is Subject.FAIRNESS and row.level is not None:
            stood = ", stood in the reference" if row.evidence.get("stood") else ""
            yield f"{row.figure.title}: {row.value:.3f} (reference {row.baseline:.3f}), {row.level.value}{stood}"


def day(time_us: int) -> str:
    """A time as a date."""
    return str(pd.Timestamp(time_us, unit="us").date())


if __name__ == "__main__":
    main()
