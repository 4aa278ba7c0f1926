"""How often fairness is wrong where groups do not differ, and how often it finds where they do."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from modelwatch.core.column import ColumnKey
from modelwatch.core.level import Level
from modelwatch.core.wire import Role
from modelwatch.monitors.fairness import Attribute, Fairness, FairnessSettings, check, crossed, grouped
from modelwatch.profiles.outcomes import Cuts, Outcomes, Rows, count_labelled, count_seen, merge

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

LEVELS: Final = (0.05, 0.01, 0.001)
RATIOS: Final = (0.9, 0.8, 0.7, 0.6, 0.5, 0.35)
SIZES: Final = (50, 200, 1_000, 5_000)
SELECTED: Final = 0.3


@dataclass(frozen=True, slots=True)
class Kind:
    """Windows of one kind: rows of the groups of one attribute, and how the rest is drawn."""

    name: str
    sizes: tuple[int, ...]
    draw: Callable[[np.random.Generator, int], Rows]
    crossed: int = 0

    @property
    def rows(self) -> int:
        """Of a window."""
        return sum(self.sizes)


def classified(positive: float, weighted: bool = False) -> Callable[[np.random.Generator, int], Rows]:
    """A calibrated binary model; so large a share has a score above one half."""

    def draw(random: np.random.Generator, n: int) -> Rows:
        score = np.where(random.random(n) < positive, random.uniform(0.5, 1, n), random.uniform(0, positive, n))
        return Rows(
            weight=random.exponential(size=n) if weighted else None,
            labels=("no", "yes"),
            predicted=(score > 0.5).astype(np.int64),
            actual=(random.random(n) < score).astype(np.int64),
            score=score,
            positive=1,
        )

    return draw


def valued(error: Callable[[np.random.Generator, int], Floats]) -> Callable[[np.random.Generator, int], Rows]:
    """A regression with such errors, and such predictions."""
    return lambda random, n: Rows(value=(value := error(random, n)), truth=value - error(random, n))


KINDS: Final = (
    Kind("binary, 30 %, groups of 1,500, 400, 100", (1_500, 400, 100), classified(0.3)),
    Kind("binary, 2 %, groups of 15,000, 4,000, 1,000", (15_000, 4_000, 1_000), classified(0.02)),
    Kind("binary, 40 groups of 50", (50,) * 40, classified(0.3)),
    Kind("binary, 5 x 2 groups and their intersections, 5,000 rows", (2_500, 1_200, 800, 400, 100), classified(0.3), 2),
    Kind("binary, sampled (weights exponential), 1,500, 400, 100", (1_500, 400, 100), classified(0.3, weighted=True)),
    Kind("regression, normal, 1,500, 400, 100", (1_500, 400, 100), valued(lambda r, n: r.normal(size=n))),
    Kind("regression, Student's t(3), 1,500, 400, 100", (1_500, 400, 100), valued(lambda r, n: r.standard_t(3, n))),
    Kind("regression, log-normal, 1,500, 400, 100", (1_500, 400, 100), valued(lambda r, n: r.lognormal(size=n))),
    Kind("regression, log-normal, 1,940, 30, 30", (1_940, 30, 30), valued(lambda r, n: r.lognormal(size=n))),
)


def outcomes_of(rows: Rows) -> Outcomes:
    """All rows in one slot."""
    slots = np.zeros(rows.n, np.int64)
    return merge([*count_seen(rows, slots, 1), *count_labelled(rows, slots, 1)])


def cuts_of(kind: Kind, random: np.random.Generator) -> Sequence[Cuts]:
    """Groups of the sizes that the kind says; a second attribute is drawn evenly and crossed with the first."""
    first = grouped(
        ColumnKey(Role.TAG, "first"), np.repeat(np.arange(len(kind.sizes)), kind.sizes), names(len(kind.sizes))
    )
    if not kind.crossed:
        return [first]
    second = grouped(ColumnKey(Role.TAG, "second"), random.integers(0, kind.crossed, kind.rows), names(kind.crossed))
    return [first, second, crossed([first, second], 60).cuts]


def names(count: int) -> list[str]:
    """Names of groups."""
    return [str(i) for i in range(count)]


def window(kind: Kind, random: np.random.Generator) -> Fairness:
    """One window of a kind, checked."""
    rows = replace(kind.draw(random, kind.rows), cuts=cuts_of(kind, random))
    settings = FairnessSettings((Attribute("first"), Attribute("second")))
    return check(outcomes_of(rows), settings, positive="yes")


def chance(windows: int, random: np.random.Generator) -> Iterator[str]:
    """Windows in which groups do not differ: how many have any p-value under a level, any notice, any alert."""
    yield f"| groups do not differ, {windows:,} windows each | p < .05 | p < .01 | p < .001 | notice | warning |"
    yield "|---|---|---|---|---|---|"
    for kind in KINDS:
        hits = np.zeros(len(LEVELS) + 2, np.int64)
        for _ in range(windows):
            found = window(kind, random).disparities
            least = min(each.p_value for each in found)
            broken = any(each.level in (Level.NOTICE, Level.WARNING, Level.CRITICAL) for each in found)
            hits += [*(least < level for level in LEVELS), broken, any(each.level.raised for each in found)]
        yield f"| {kind.name} | {' | '.join(told(int(count), windows) for count in hits)} |"


def told(hits: int, of: int) -> str:
    """A share in per cent with its upper 95 % bound (Clopper and Pearson)."""
    bound = 100 * float(stats.beta.ppf(0.95, hits + 1, of - hits)) if hits < of else 100.0
    return f"{100 * hits / of:.2g} (≤ {bound:.2g}) %"


def power(windows: int, random: np.random.Generator) -> Iterator[str]:
    """One window without labels: 30 % of a group four times as large are selected, so much less of this one."""
    yield f"| rows of the group | {' | '.join(f'ratio {ratio}' for ratio in RATIOS)} |"
    yield f"|{'---|' * (len(RATIOS) + 1)}"
    settings = FairnessSettings((Attribute("first"),))
    for size in SIZES:
        cells = []
        for ratio in RATIOS:
            found = [compared(size, ratio, random, settings) for _ in range(windows)]
            shares = [100 * sum(level in wanted for level in found) / windows for wanted in (SEEN, RAISED)]
            cells.append(f"{shares[0]:.0f} / {shares[1]:.0f}")
        yield f"| {size:,} | {' | '.join(cells)} |"


RAISED: Final = (Level.WARNING, Level.CRITICAL)
SEEN: Final = (Level.NOTICE, *RAISED)


def compared(size: int, ratio: float, random: np.random.Generator, settings: FairnessSettings) -> Level:
    """The level of the ratio of selection rates of one window."""
    group = np.repeat([0, 1], [4 * size, size])
    chosen = random.random(5 * size) < np.where(group == 0, SELECTED, SELECTED * ratio)
    cut = grouped(ColumnKey(Role.TAG, "first"), group, names(2))
    rows = Rows(labels=("no", "yes"), predicted=chosen.astype(np.int64), cuts=(cut,))
    found = check(count_seen(rows, np.zeros(rows.n, np.int64), 1)[0], settings, positive="yes").disparities
    return next(each.level for each in found if each.metric == "demographic_parity_ratio")
