"""`python -m bench sequential`: false alarms under continuous looking, and delay, of the sequential test.

Columns as in W1: 40 numeric (normal, lognormal, exponential, uniform, counts) and 10 categorical with 3 to 48
levels, all with some nulls; a look after every batch of 50 rows. `--budget 1` is a thousand times the default, so
that there is something to count; `--large` holds alarms against the floors of size too, as a server does.
"""

from __future__ import annotations

import argparse
import math
import time
from collections import Counter
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from modelwatch.core.column import ColumnKey
from modelwatch.core.window import DAY_US
from modelwatch.core.wire import Role
from modelwatch.monitors.sequential import Alarms, Floors, begin, expect, step
from modelwatch.profiles import CategoryValues, NumericValues, Values, fit, profile

Floats = NDArray[np.float64]
Columns = dict[ColumnKey, Values]

NULLS = (0.0, 0.0005, 0.01, 0.1)
COLUMNS = 50
ANY_SIZE = Floors(-1.0, 1e9, -1.0, 1e9)


def key(name: str) -> ColumnKey:
    """A feature."""
    return ColumnKey(Role.FEATURE, name)


def w1(rng: np.random.Generator, n: int) -> Columns:
    """Rows of W1 with nulls."""
    draws: tuple[Callable[[], Floats], ...] = (
        lambda: rng.normal(0, 1, n),
        lambda: rng.lognormal(3, 1, n),
        lambda: rng.exponential(5, n),
        lambda: rng.random(n),
        lambda: rng.poisson(4, n).astype(np.float64),
    )
    found: Columns = {}
    for i in range(40):
        found[key(f"n{i}")] = NumericValues(draws[i % 5](), rng.random(n) < NULLS[i % 4])
    for i in range(10):
        levels = 3 + 5 * i
        codes = rng.integers(0, levels, n).astype(np.int32)
        codes[rng.random(n) < NULLS[i % 4]] = -1
        found[key(f"c{i}")] = CategoryValues(codes, [f"level {j}" for j in range(levels)])
    return found


def part(columns: Columns, start: int, end: int) -> Columns:
    """Some rows."""
    cut = slice(start, end)
    found: Columns = {}
    for name, values in columns.items():
        if isinstance(values, NumericValues):
            found[name] = NumericValues(values.values[cut], None if values.null is None else values.null[cut])
        elif isinstance(values, CategoryValues):
            found[name] = CategoryValues(values.codes[cut], values.dictionary)
    return found


def false_alarms(chosen: argparse.Namespace, m: int) -> None:
    """Model-days without drift: alarms, and the upper bound of their rate."""
    rng = np.random.default_rng(chosen.seed)
    alarms = Alarms(chosen.budget, Floors() if chosen.large else ANY_SIZE)
    raised: Counter[str] = Counter()
    days = looks = 0
    took = 0.0
    while days < chosen.days:
        before = w1(rng, m)
        binning = fit(before)
        expected = expect(profile(binning, before), binning)
        state = begin(expected, "", "", 0, alarms)
        for day in range(chosen.days_a_reference):
            rows = w1(rng, chosen.rows)
            for i in range(0, chosen.rows, 50):
                fresh = expected.cells(profile(binning, part(rows, i, i + 50)).counts, 1.0)
                now_us = int((day + (i + 50) / chosen.rows) * DAY_US)
                begun = time.process_time()
                state, crossings = step(state, expected, fresh, 50, now_us, alarms)
                took += time.process_time() - begun
                looks += 1
                raised.update(each.cause for each in crossings)
            days += 1
    total = sum(raised.values())
    upper = upper_bound(total) / days
    kind = "certain and large" if chosen.large else "certain"
    print(
        f"{m:>8,} {chosen.rows:>7,} {days:>6,} {looks:>8,} {chosen.budget:>7g} {kind:<18}{total:>5}"
        f"  <= {upper:.5f} a day  {dict(raised)}  {took / looks * 1e3:.2f} ms a look",
        flush=True,
    )


def upper_bound(count: int) -> float:
    """The upper 95 % confidence bound of a Poisson mean (Garwood, Biometrika 28, 1936), by bisection."""
    low, high = float(count), count + 10.0 + 6 * math.sqrt(count + 1)
    for _ in range(60):
        middle = (low + high) / 2
        tail = sum(math.exp(-middle + i * math.log(middle) - math.lgamma(i + 1)) for i in range(count + 1))
        low, high = (middle, high) if tail > 0.05 else (low, middle)
    return high


def changed(rng: np.random.Generator, change: str, size: float, n: int) -> Columns:
    """`COLUMNS` columns of one kind, all changed alike: each is a repetition."""
    found: Columns = {}
    for i in range(COLUMNS):
        if change == "category":
            shares = np.full(5, 0.2)
            shares[0] += size
            shares[1] -= size
            codes = rng.choice(5, n, p=shares).astype(np.int32)
            found[key(f"c{i}")] = CategoryValues(codes, [f"level {j}" for j in range(5)])
        else:
            values = rng.normal(size if change == "shift" else 0.0, 1 + size * (change == "scale"), n)
            null = rng.random(n) < (size if change == "nulls" else 0.0)
            found[key(f"n{i}")] = NumericValues(values, null)
    return found


def delays(chosen: argparse.Namespace, m: int, change: str, size: float, floors: Floors) -> str:
    """Rows from the change to the alarm: median, 90 % and share found within the rows simulated."""
    alarms = Alarms(1 / 1000, floors, chosen.spacing)
    found: list[float] = []
    rng = np.random.default_rng(chosen.seed)
    for _ in range(chosen.repeat):
        before = changed(rng, change, 0.0, m)
        binning = fit(before)
        expected = expect(profile(binning, before), binning)
        state = begin(expected, "", "", 0, alarms)
        quiet = int(rng.integers(2_000, 2_400))
        seen = np.full(COLUMNS, np.inf)
        at = 0
        for size_now, rows in ((0.0, quiet), (size, chosen.after)):
            columns = changed(rng, change, size_now, rows)
            for i in range(0, rows, 10):
                end = min(i + 10, rows)
                at += end - i
                fresh = expected.cells(profile(binning, part(columns, i, end)).counts, 1.0)
                now_us = int(at / chosen.rate * 1e6)
                state, crossings = step(state, expected, fresh, end - i, now_us, alarms)
                for each in crossings:
                    if size_now:
                        seen[each.column] = min(seen[each.column], end)
                if np.isfinite(seen).all():
                    break
        found.extend(seen.tolist())
    array = np.sort(np.array(found))
    shown = [array[len(array) // 2], array[int(len(array) * 0.9)]]
    return " / ".join(f"{x:,.0f}" if x < np.inf else "-" for x in shown) + f" ({np.isfinite(array).mean() * 100:.0f} %)"


CHANGES = (
    ("shift", 0.2),
    ("shift", 0.35),
    ("shift", 0.5),
    ("shift", 1.0),
    ("scale", 0.5),
    ("category", 0.1),
    ("category", 0.15),
    ("nulls", 0.02),
    ("nulls", 0.1),
)


def main() -> None:
    """Run and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--mode", choices=("null", "delay"), default="delay")
    parser.add_argument("--reference", type=int, nargs="+", default=[1_000, 100_000], help="rows of the reference")
    parser.add_argument("--days", type=int, default=500, help="model-days without drift")
    parser.add_argument("--days-a-reference", type=int, default=25)
    parser.add_argument("--rows", type=int, default=5_000, help="rows a day without drift")
    parser.add_argument("--budget", type=float, default=1.0, help="false alarms a day that are allowed without drift")
    parser.add_argument("--large", action="store_true", help="alarms must be large, too")
    parser.add_argument("--rate", type=float, default=1_000, help="rows a second for delays")
    parser.add_argument("--after", type=int, default=4_000, help="rows after the change")
    parser.add_argument("--spacing", type=float, default=64, help="rows between the beginnings of epochs")
    parser.add_argument("--repeat", type=int, default=1, help="times 50 repetitions of each delay")
    parser.add_argument("--seed", type=int, default=7)
    chosen = parser.parse_args()
    if chosen.mode == "null":
        print("reference  rows/d   days    looks  budget what              alarms")
        for m in chosen.reference:
            false_alarms(chosen, m)
        return
    print(f"{'change':<16}{'reference':>10}  rows to the alarm, median / 90 % (found in {chosen.after:,})")
    for change, size in CHANGES:
        for m in chosen.reference:
            certain = delays(chosen, m, change, size, ANY_SIZE)
            large = delays(chosen, m, change, size, Floors())
            print(f"{change + f' {size:g}':<16}{m:>10,}  certain {certain:<24} and large {large}", flush=True)


if __name__ == "__main__":
    main()
