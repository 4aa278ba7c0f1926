"""How often a custom metric raises an alert by chance: `python -m bench custom_alarms`, some minutes.

The truth lies exactly at the threshold, where chance is at its worst. Windows stand on their grid, each expression is
computed, judged and followed over disjoint windows by what the server runs; 2 of 3 must agree.
"""

from __future__ import annotations

import argparse
import math
import sys

import numpy as np
import pyarrow as pa

from modelwatch.alerts.persistence import Judged, Persistence, Point, raised_items
from modelwatch.core.figure import Figure, Subject
from modelwatch.core.level import CODE
from modelwatch.core.window import DAY_US, HOUR_US, grid
from modelwatch.metrics import Direction, Metric, evaluate_windows
from modelwatch.monitors.custom.judge import judge
from modelwatch.monitors.custom.watched import Watched
from modelwatch.monitors.drift import Thresholds
from modelwatch.monitors.drift.thresholds import looks_per_day

SHARE_OF_BUDGET = 0.2
METRICS = (
    ("share of 30 %", "avg(common)", 0.3),
    ("share of 5 %", "avg(rare)", 0.05),
    ("share of 1 %", "avg(scarce)", 0.01),
    ("mean of log-normal amounts", "avg(amount)", math.exp(0.5)),
    ("sum of those of 30 %", "sum(amount) filter (where common) / count(*)", 0.3 * math.exp(0.5)),
)


def drawn(rows: int, step_us: float) -> pa.Table:
    """Rows that come evenly and in which nothing changes."""
    random = np.random.default_rng(5)
    return pa.table(
        {
            "timestamp": pa.array((np.arange(rows) * step_us).astype(np.int64), pa.timestamp("us", "UTC")),
            "common": random.random(rows) < 0.3,
            "rare": random.random(rows) < 0.05,
            "scarce": random.random(rows) < 0.01,
            "amount": random.lognormal(0, 1, rows),
        }
    )


def alarms(table: pa.Table, expression: str, truth: float, length: int, days: int) -> dict[Direction, float]:
    """Alerts in 1,000 days for each side of the threshold."""
    allowed = Thresholds(looks=looks_per_day(length), part=SHARE_OF_BUDGET)
    metric = Metric("m", expression)
    ends = range(length, days * DAY_US + 1, grid(length))
    values = evaluate_windows(metric, table, [end - length for end in ends], length, seconds=3600)
    figure: Judged = Figure(Subject.CUSTOM, "m")
    found = {}
    for direction in Direction:
        watched = Watched(Metric("m", expression, direction=direction), warning=truth)
        points = {}
        for end, value in zip(ends, values, strict=True):
            said = judge(watched, value, value.rows, "", (), allowed, 1)
            points[end] = Point(end, {figure: CODE[said.level]}, {})
        raised = np.array([bool(items) for items in raised_items(ends, length, points, Persistence(), {}).values()])
        found[direction] = float(np.sum(raised[1:] & ~raised[:-1])) / days * 1000
    return found


def main(argv: list[str] | None = None) -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(prog="bench custom_alarms", description=__doc__)
    parser.add_argument("--windows", type=int, default=5_000, help="disjoint windows of each kind")
    options = parser.parse_args(argv)
    print(f"{'metric':28}{'window':>8}{'rows':>7}{'days':>7}  alerts in 1,000 days: up_is_bad  down_is_bad")
    for name, length in (("1 d", DAY_US), ("1 h", HOUR_US)):
        days = options.windows * length // DAY_US
        for rows in (204, 504, 2004):
            table = drawn(options.windows * rows, length / rows)
            for title, expression, truth in METRICS:
                up, down = alarms(table, expression, truth, length, days).values()
                print(f"{title:28}{name:>8}{rows:>7}{days:>7}{up:>33.2f}{down:>13.2f}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
