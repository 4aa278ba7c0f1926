"""`python -m bench slices`: the search for the worst segments: false ones, power, honesty of its intervals, cost."""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from modelwatch.core.column import ColumnKey
from modelwatch.core.wire import Role
from modelwatch.monitors.performance.causes import importance
from modelwatch.monitors.performance.coded import Coded, bands, capped
from modelwatch.monitors.performance.contributions import contributions
from modelwatch.monitors.performance.loss_sums import loss_sums
from modelwatch.monitors.performance.slices import Search, worst_slices

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]
NUMERIC = 8
CATEGORICAL = 4
DAYS = 60


class Drawn(NamedTuple):
    """Rows of one run."""

    loss: Floats
    columns: list[Coded]
    weight: Floats | None = None
    cluster: Codes | None = None


def drawn_columns(rng: np.random.Generator, rows: int, day: Codes | None = None) -> list[Coded]:
    """Eight numeric columns, one in five values of two of them null, and four of 3, 6, 12 and 40 categories.

    With days, half of the columns are the same for all rows of a day, as weather is.
    """
    made = []
    for i in range(NUMERIC):
        values = rng.normal(size=rows)
        if i < 2:
            values[rng.random(rows) < 0.2] = np.nan
        if day is not None and i % 2:
            values = rng.normal(size=DAYS)[day]
        made.append(Coded(ColumnKey(Role.FEATURE, f"x{i}"), *bands(values), banded=True))
    for i, size in enumerate((3, 6, 12, 40)[:CATEGORICAL]):
        codes = rng.choice(size, rows, p=rng.dirichlet(np.ones(size) * 2))
        made.append(Coded(ColumnKey(Role.FEATURE, f"c{i}"), *capped(codes, [f"v{j}" for j in range(size)])))
    return made


def errors(rate: float) -> Callable[[np.random.Generator, int], Drawn]:
    """Errors that follow no column."""
    return lambda rng, rows: Drawn((rng.random(rows) < rate).astype(float), drawn_columns(rng, rows))


def skewed(rng: np.random.Generator, rows: int) -> Drawn:
    """Absolute errors with a heavy tail: log-normal, sigma 1.5, skewness 33."""
    return Drawn(rng.lognormal(0, 1.5, rows), drawn_columns(rng, rows))


def absolute(rng: np.random.Generator, rows: int) -> Drawn:
    """Absolute errors of a normal residual."""
    return Drawn(np.abs(rng.normal(size=rows)), drawn_columns(rng, rows))


def left_skewed(rng: np.random.Generator, rows: int) -> Drawn:
    """Losses that are mostly near their largest value."""
    return Drawn(rng.beta(5, 0.5, rows), drawn_columns(rng, rows))


def uneven(rng: np.random.Generator, rows: int) -> Drawn:
    """Losses of one mean whose spread follows a column: one band's are four times as wide."""
    made = drawn_columns(rng, rows)
    shape = np.where(made[3].codes == 4, 0.25, 4.0)
    return Drawn(rng.gamma(shape, 1 / shape), made)


def sampled(rng: np.random.Generator, rows: int) -> Drawn:
    """Errors of rows sampled one in one to one in ten."""
    return Drawn((rng.random(rows) < 0.1).astype(float), drawn_columns(rng, rows), rng.choice([1.0, 2, 10], rows))


def sampled_skewed(rng: np.random.Generator, rows: int) -> Drawn:
    """Log-normal losses of such rows."""
    return Drawn(rng.lognormal(0, 1, rows), drawn_columns(rng, rows), rng.choice([1.0, 2, 10], rows))


def days(told: bool, continuous: bool = False) -> Callable[[np.random.Generator, int], Drawn]:
    """Losses whose level differs from day to day, with columns that are the same all day; `told` hands over the day."""

    def draw(rng: np.random.Generator, rows: int) -> Drawn:
        day = np.sort(rng.integers(0, DAYS, rows))
        rate = rng.beta(4, 16, DAYS)[day]
        loss = rng.gamma(2.0, rate / 2) if continuous else (rng.random(rows) < rate).astype(float)
        return Drawn(loss, drawn_columns(rng, rows, day), cluster=day if told else None)

    return draw


NULLS: dict[str, Callable[[np.random.Generator, int], Drawn]] = {
    "errors, 2 %": errors(0.02),
    "errors, 10 %": errors(0.1),
    "errors, 50 %": errors(0.5),
    "errors, 95 %": errors(0.95),
    "absolute errors of a normal": absolute,
    "log-normal losses, sigma 1.5": skewed,
    "losses near their maximum": left_skewed,
    "one mean, one band 4 x as wide": uneven,
    "errors, 10 %, weights 1 to 10": sampled,
    "log-normal, weights 1 to 10": sampled_skewed,
    "errors by day, day given": days(True),
    "losses by day, day given": days(True, continuous=True),
    "errors by day, day not given": days(False),
}


def searched(drawn: Drawn) -> Search:
    """The search with its defaults."""
    return worst_slices(drawn.loss, drawn.columns, drawn.weight, drawn.cluster)


def bound(count: int, runs: int) -> str:
    """A share with its upper 95 % bound (Clopper-Pearson)."""
    upper = 1.0 if count == runs else float(stats.beta.ppf(0.95, count + 1, runs - count))
    return f"{100 * count / runs:5.1f} % (at most {100 * upper:.1f})"


def nulls(runs: int, rows: int) -> Iterator[str]:
    """Searches that tell any slice where losses follow no column."""
    for name, draw in NULLS.items():
        told = sum(bool(searched(draw(np.random.default_rng((1, run)), rows)).slices) for run in range(runs))
        yield f"no structure, {name:<32} {runs} searches of {rows:,} rows: {bound(told, runs)} tell a slice"


def beside_structure(runs: int, rows: int) -> str:
    """One column has a bad part; crossings of it and other columns' parts are false."""
    wrong = 0
    for run in range(runs):
        rng = np.random.default_rng((2, run))
        made = drawn_columns(rng, rows)
        bad = made[2].codes == 3
        found = searched(Drawn((rng.random(rows) < 0.1 + 0.2 * bad).astype(float), made))
        wrong += any({each.column.name for each in one.where} != {"x2"} or len(one.where) > 1 for one in found.slices)
    return f"one bad band of eight (30 % errors, else 10 %), {runs} searches: {bound(wrong, runs)} tell another slice"


def power(runs: int, rows: int, crossing: bool, rate: float, continuous: bool, by_day: bool = False) -> str:
    """How often a planted slice is told, and how honest the told size is; `by_day` where days differ and are given."""
    hits = inside = told = 0
    over: list[float] = []
    for run in range(runs):
        rng = np.random.default_rng((3, run))
        made = drawn_columns(rng, rows)
        bad = (made[2].codes == 3) & ((made[3].codes == 5) | (not crossing))
        level = 0.1 + (rate - 0.1) * bad
        day = np.sort(rng.integers(0, DAYS, rows)) if by_day else None
        drawn = level if day is None else level * rng.gamma(8, 1 / 8, DAYS)[day]
        loss = rng.gamma(1.0, drawn) if continuous else (rng.random(rows) < drawn).astype(float)
        wanted = {made[2].text(3), made[3].text(5)} if crossing else {made[2].text(3)}
        for one in searched(Drawn(loss, made, cluster=day)).slices:
            codes = [(made[[c.key for c in made].index(each.column)], each) for each in one.where]
            mask = np.all([c.codes == c.labels.index(each.label) for c, each in codes], axis=0)
            true = float(level[mask].mean() - level[~mask].mean())
            hit = {each.text for each in one.where} == wanted
            hits, told, inside = hits + hit, told + 1, inside + (one.low <= true <= one.high)
            if hit:
                over.append(one.excess / true - 1)
    kind = ("exponential losses" if continuous else "errors") + (f" of {DAYS} days that differ" if by_day else "")
    size = "crossing, 1/64 of rows" if crossing else "band, 1/8 of rows"
    excess = f"{100 * float(np.mean(over)):+.0f} %" if over else "-"
    held = f"{100 * inside / told:.1f} % of {told}" if told else "-"
    return (
        f"{kind}, {size}: {rate:.0%} in it, 10 % elsewhere: told in {100 * hits / runs:5.1f} % of {runs}; "
        f"its excess overstated by {excess}; intervals hold {held}"
    )


def named(runs: int, rate: float, continuous: bool = False) -> str:
    """Decompositions that name a segment where nothing has changed, and how often all intervals hold 0."""
    shares = 1 / np.arange(1, 31)
    kind = "losses" if continuous else "errors"

    def lost(rng: np.random.Generator, level: Floats) -> Floats:
        return rng.gamma(1, level) if continuous else (rng.random(len(level)) < level).astype(float)

    wrong = held = 0
    for run in range(runs):
        rng = np.random.default_rng((5, run))
        level = np.clip(rng.normal(rate, rate / 3, 30), 0.001, 1)
        before, now = (rng.choice(30, rows, p=shares / shares.sum()) for rows in (20_000, 4_000))
        sides = [loss_sums(lost(rng, level[codes]), codes, 30) for codes in (before, now)]
        found = contributions(sides[0], sides[1]).segments
        wrong += any(each.named for each in found)
        held += all(part.low <= 0 <= part.high for each in found for part in (each.within, each.mix))
    return f"no change, 30 segments, {rate:.0%} {kind}: {bound(wrong, runs)} name one; intervals hold {held / runs:.1%}"


def named_by_day(runs: int, told: bool) -> str:
    """The same where days differ by themselves: 60 days of 200 rows and 20 days, 8 segments; `told` hands over days."""
    wrong = 0
    for run in range(runs):
        rng = np.random.default_rng((7, run))
        sides = []
        for count in (60, 20):
            day = np.repeat(np.arange(count), 200)
            codes = rng.integers(0, 8, len(day))
            loss = (rng.random(len(day)) < rng.beta(4, 16, count)[day]).astype(float)
            by_day = loss_sums(loss, day * 8 + codes, count * 8).reshape(count, 8)
            sides.append(by_day if told else by_day.over(0))
        wrong += any(each.named for each in contributions(sides[0], sides[1]).segments)
    return (
        f"no change but days that differ, 8 segments, days {'' if told else 'not '}given: {bound(wrong, runs)} name one"
    )


def noise(runs: int) -> str:
    """Features of noise that a score is said to follow."""
    told = np.zeros(4)
    for run in range(runs):
        rng = np.random.default_rng((6, run))
        score = rng.beta(2, 8, 5000)
        told += importance(score, [rng.integers(0, size, 5000) for size in (2, 10, 100, 250)]) > 0
    each = " / ".join(f"{100 * count / runs:.1f}" for count in told)
    return f"features of noise with 2 / 10 / 100 / 250 bins: importance above 0 in {each} % of {runs}"


def cost() -> Iterator[str]:
    """What a search of 200,000 rows and 20 columns costs."""
    rng = np.random.default_rng(4)
    rows = 200_000
    made = [each for _ in range(2) for each in drawn_columns(rng, rows)][:20]
    begun = time.process_time()
    bands(rng.normal(size=rows))
    yield f"bands of one column of {rows:,} rows: {1e3 * (time.process_time() - begun):.0f} ms"
    for name, loss, weight, cluster in (
        ("errors", (rng.random(rows) < 0.1).astype(float), None, None),
        ("losses", rng.exponential(size=rows), None, None),
        ("losses with weights", rng.exponential(size=rows), rng.uniform(1, 5, rows), None),
        ("errors in 2,000 clusters", (rng.random(rows) < 0.1).astype(float), None, np.arange(rows) // 100),
    ):
        worst_slices(loss[:2000], [Coded(c.key, c.codes[:2000], c.labels) for c in made])
        begun = time.process_time()
        found = worst_slices(loss, made, weight, cluster)
        seconds = time.process_time() - begun
        yield f"{name}: {rows:,} rows x {len(made)} columns, {found.searched:,} slices: {seconds:.2f} s CPU"


def main() -> None:
    """Print all figures, or those asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=1000)
    parser.add_argument("--rows", type=int, default=5000)
    parser.add_argument("--only", choices=["nulls", "structure", "power", "change", "cost"])
    asked = parser.parse_args()
    if asked.only in (None, "cost"):
        for line in cost():
            print(line, flush=True)
    if asked.only in (None, "nulls"):
        for line in nulls(asked.runs, asked.rows):
            print(line, flush=True)
    if asked.only in (None, "structure"):
        print(beside_structure(asked.runs, asked.rows), flush=True)
    if asked.only in (None, "change"):
        for rate in (0.02, 0.1, 0.5):
            print(named(asked.runs, rate), flush=True)
        print(named(asked.runs, 0.1, continuous=True), flush=True)
        print(named_by_day(asked.runs, True), flush=True)
        print(named_by_day(asked.runs, False), flush=True)
        print(noise(asked.runs), flush=True)
    if asked.only in (None, "power"):
        for continuous in (False, True):
            for rows, crossing, rate in (
                (asked.rows, False, 0.15),
                (asked.rows, False, 0.2),
                (asked.rows, True, 0.3),
                (4 * asked.rows, True, 0.2),
                (4 * asked.rows, True, 0.3),
            ):
                print(f"{rows:,} rows:", power(asked.runs // 5, rows, crossing, rate, continuous), flush=True)
        for rate in (0.2, 0.3):
            print(f"{asked.rows:,} rows:", power(asked.runs // 5, asked.rows, False, rate, False, True), flush=True)


if __name__ == "__main__":
    main()
