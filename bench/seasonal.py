"""False alerts and delay with seasonal traffic: profiles in SQLite -> check_series -> alerts, day by day.

    python -m bench seasonal [--days 90] [--kind seasonal] [--pattern NAME]

Each pattern has eight weeks of history, then 90 days without drift, in which every alert is false; then the first
number moves by half its standard deviation, and the days until an alert names it are counted. As in production a day's
5-minute buckets are checked, then those over 48 hours old roll up into hours.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Engine

from bench.patterns import PATTERNS, START, Pattern, Traffic, keys
from modelwatch.core.column import ColumnKey
from modelwatch.core.level import CODE, Level
from modelwatch.core.reference import Moving, Past, Seasonal, to_json
from modelwatch.core.window import BUCKET_US, DAY_US
from modelwatch.jobs.check import check_series
from modelwatch.jobs.retain import roll_up_model
from modelwatch.monitors.drift.dependence import estimate
from modelwatch.profiles import Binning, Values, encode, fit, profile, profile_buckets
from modelwatch.server.queries.choose_reference import choose
from modelwatch.store import alerts, models, references
from modelwatch.store.checks import load_checks
from modelwatch.store.engine import checkpoint, open_database, reading, writing
from modelwatch.store.migrate import migrate
from modelwatch.store.profiles import Series, Stretch, load_dirty, mark_dirty, save_stretches

HISTORY_DAYS = 56
SHIFT_DAYS = 4
SEEN = [CODE[level] for level in (Level.CRITICAL, Level.WARNING, Level.NOTICE)]
HEAD = ("windows", "judged", "notice", "false alerts", "a month", "found, days", "CPU s")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one pattern: false alerts, shares of windows, days until the shift was found, CPU seconds."""

    windows: int
    judged: float
    notices: float
    false_alerts: int
    found_days: float
    seconds: float


def prepare(
    engine: Engine,
    name: str,
    length: int,
    rows: tuple[Mapping[ColumnKey, Values], NDArray[np.int32]],
    rule: Past | None,
    start: int = START,
) -> tuple[Series, Binning]:
    """A model whose uploaded reference are rows in the order of their slots."""
    values, slots = rows
    binning = fit(values)
    first = profile(binning, values)
    blocks = profile_buckets(binning, values, (slots.astype(np.int64) * 128 // (slots.max() + 1)).astype(np.int32), 128)
    with writing(engine) as connection:
        model = models.ensure_model(connection, "default", name, 0)
        row = models.ensure_deployment(connection, model.id, "production", "1", 0)
        stored = None if rule is None else to_json(rule)
        settings = {"window_seconds": length // 1_000_000, "reference": stored}
        models.set_settings(connection, model.id, "", {k: v for k, v in settings.items() if v is not None})
        references.save_binning(
            connection, model.id, references.BinningRow(binning.id, "uploaded", None, 0, binning.to_bytes())
        )
        models.set_binning(connection, model.id, binning.id)
        said = {"model_id": model.id, "environment": "production", "version": "1", "kind": "uploaded", "label": "a day"}
        more = {"rows": first.rows, "created_us": 0, "binning": binning.id, "file": "", "body": encode(first, binning)}
        references.save_reference(connection, {**said, **more, "dependence": estimate(blocks, binning).to_bytes()})
        choose(connection, model, stored, start)
    return Series(row.id), binning


def live_through(engine: Engine, series: Series, binning: Binning, traffic: Traffic, day: int, shift: float) -> None:
    """A day of traffic: counted, stored, checked, and what is old rolled up."""
    start = START + day * DAY_US
    values, slots = traffic.day(start, shift)
    counted = profile_buckets(binning, values, slots, DAY_US // BUCKET_US)
    held = [(start + i * BUCKET_US, each) for i, each in enumerate(counted) if each.rows]
    with writing(engine) as connection:
        stretches = [Stretch(at, BUCKET_US, each.rows, binning.id, encode(each, binning)) for at, each in held]
        save_stretches(connection, series, stretches)
        mark_dirty(connection, series, [at for at, _ in held], start, day + 1)
        seen = {"id": series.deployment_id, "first_event_us": START, "last_event_us": held[-1][0] + BUCKET_US - 1}
        models.update_deployments(connection, [seen])
    while has_dirty(engine, series):
        check_series(engine, series, start + DAY_US)
    with reading(engine) as connection:
        row = models.get_deployment(connection, series.deployment_id)
    roll_up_model(engine, row, start + DAY_US)
    checkpoint(engine)


def has_dirty(engine: Engine, series: Series) -> bool:
    """True while windows wait for a check."""
    with reading(engine) as connection:
        return bool(load_dirty(connection, series))


def run(pattern: Pattern, seed: int, days: int, rule: Past | None, history: int = HISTORY_DAYS) -> Outcome:
    """One pattern from its first day to the shift that must be found."""
    began = time.process_time()
    traffic = Traffic(pattern, seed)
    with tempfile.TemporaryDirectory(prefix="modelwatch-bench-") as folder:
        engine = open_database(Path(folder) / "modelwatch.db")
        migrate(engine)
        series, binning = prepare(engine, pattern.name, pattern.length, traffic.day(START), rule)
        last = history + days
        for day in range(last):
            live_through(engine, series, binning, traffic, day, 0.0)
        shift_us, judged_from = START + last * DAY_US, START + history * DAY_US
        with reading(engine) as connection:
            rows = load_checks(connection, series, judged_from + 1, shift_us)
            known = [row for row in alerts.list_alerts(connection) if row.opened_us > judged_from]
        for day in range(last, last + SHIFT_DAYS):
            live_through(engine, series, binning, traffic, day, 0.5)
        with reading(engine) as connection:
            found = [
                item.since_us if row.opened_us <= shift_us else row.opened_us
                for row in alerts.list_alerts(connection)
                for item in row.peak_items
                if item.column == keys()[0] and (row.resolved_us is None or row.resolved_us > shift_us)
            ]
        engine.dispose()
    single = [np.frombuffer(row.single, np.uint8) for row in rows]
    sure = [codes for codes in single if (codes != CODE[Level.INSUFFICIENT_DATA]).any()]
    noticed = [bool(np.isin(codes, SEEN).any()) for codes in sure]
    first = min((at for at in found if at > shift_us), default=None)
    delay = float("nan") if first is None else (first - shift_us) / DAY_US
    share = len(sure) / max(len(rows), 1)
    spent = time.process_time() - began
    return Outcome(len(rows), share, float(np.mean(noticed or [False])), len(known), delay, spent)


def main() -> None:
    """All patterns, or one."""
    parser = argparse.ArgumentParser(prog="python -m bench seasonal", description=__doc__)
    parser.add_argument("--days", type=int, default=90)
    parser.add_argument("--kind", choices=("seasonal", "moving", "uploaded"), default="seasonal")
    parser.add_argument("--pattern", default="", help="only patterns whose names contain this")
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    print(f"{'pattern':<52}" + "".join(f"{name:>14}" for name in HEAD))
    for i, pattern in enumerate(PATTERNS):
        if asked.pattern not in pattern.name:
            continue
        rules: dict[str, Past | None] = {"seasonal": Seasonal(zone=pattern.zone), "moving": Moving(), "uploaded": None}
        got = run(pattern, asked.seed * 100 + i, asked.days, rules[asked.kind])
        cells = (
            f"{got.windows:,}",
            f"{got.judged:.1%}",
            f"{got.notices:.2%}",
            f"{got.false_alerts}",
            f"{got.false_alerts * 30 / asked.days:.2f}",
            f"{got.found_days:.2f}",
            f"{got.seconds:.0f}",
        )
        print(f"{pattern.name:<52}" + "".join(f"{cell:>14}" for cell in cells), flush=True)


if __name__ == "__main__":
    main()
