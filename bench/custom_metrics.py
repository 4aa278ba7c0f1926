"""What a custom metric costs: `python -m bench custom_metrics` prints a table within about ten seconds.

A million labelled rows as the lake gives them: two labels of two classes, an amount with a tenth missing, a region of
50 values, an id that never repeats. Each expression is computed for all rows, and for 288 windows that follow each
other, each time with its interval.
"""

from __future__ import annotations

import argparse
import sys
import time

import numpy as np
import pyarrow as pa

from modelwatch.metrics import Metric, evaluate_windows

ROWS = 1_000_000
WINDOWS = 288
REPEATS = 5
EXPRESSIONS = (
    "count(*)",
    "sum(amount) filter (where actual = 'fraud' and prediction = 'ok')",
    "avg(actual = prediction)",
    "quantile_cont(amount, 0.95)",
    "sum(amount) filter (where region in ('r1', 'r2') and hour(timestamp) between 8 and 17) / count(*)",
    "count(distinct prediction_id)",
)


def labelled(rows: int) -> pa.Table:
    """Rows with their labels, in order of time."""
    random = np.random.default_rng(8)

    def texts(words: list[str]) -> pa.Array:
        codes = random.integers(0, len(words), rows).astype(np.int32)
        return pa.DictionaryArray.from_arrays(codes, pa.array(words))

    amount = random.gamma(2, 50, rows)
    return pa.table(
        {
            "timestamp": pa.array(np.arange(rows), pa.timestamp("us", "UTC")),
            "prediction_id": [f"{number:032x}" for number in range(rows)],
            "prediction": texts(["ok", "fraud"]),
            "actual": texts(["ok", "fraud"]),
            "region": texts([f"r{number}" for number in range(50)]),
            "amount": pa.array(amount, mask=random.random(rows) < 0.1),
        }
    )


def seconds(table: pa.Table, expression: str, windows: int) -> float:
    """The median CPU time."""
    length = table.num_rows // windows
    starts = range(0, length * windows, length)
    took = []
    for _ in range(REPEATS):
        started = time.process_time()
        found = evaluate_windows(Metric("m", expression), table, starts, length)
        took.append(time.process_time() - started)
        assert not any(one.error for one in found)
    return float(np.median(took))


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(prog="python -m bench custom_metrics", description=__doc__)
    parser.add_argument("--rows", type=int, default=ROWS)
    arguments = parser.parse_args()
    table = labelled(arguments.rows)
    print(f"{arguments.rows:,} rows: CPU seconds for one window, for {WINDOWS}")
    for expression in EXPRESSIONS:
        print(f"{seconds(table, expression, 1):8.3f} {seconds(table, expression, WINDOWS):8.3f}  {expression}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
