"""What a table's columns have in common: whether its rows depend, in which columns, and how far each one is believed.

Customers, bursts and days are common to all columns of a model. What one column's blocks cannot tell from chance, all
columns together can, and the estimate of one column gains by the others':

- `together` asks whether columns vary between blocks more than chance, all of them added up. The sum is held against
  its own spread over the blocks, so that columns that say the same count as one; and no column counts for more than
  would be seen in it alone, so that it takes many to say it of all.
- `apart` names the columns that are independent nevertheless.
- `credible` says how far to draw the columns' estimates towards their mean: the more, the less they differ beyond
  chance (empirical Bayes: Bühlmann, Experience rating and credibility, ASTIN Bulletin 4, 1967; of variances: Smyth,
  Linear models and empirical Bayes methods, Statistical Applications in Genetics and Molecular Biology 3, 2004). A
  variance so moderated stands on more degrees of freedom: its own and those that the others lend.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from modelwatch.monitors.drift.block_squares import Squares
from modelwatch.monitors.tails import chi_square_points, student_tail

Floats = NDArray[np.float64]

ONE: Final = 0.01
ALL: Final = 0.025
FEWEST: Final = 4
"""Columns whose spread can be estimated."""
LEAST_FREEDOM: Final = 7.0
"""Behind an estimate, that of eight blocks: with less nothing can be said of a variance."""
STEPS: Final = 50
FAR: Final = 500.0
"""Logarithms of odds beyond it are certain."""


def together(found: Sequence[Squares]) -> bool:
    """Whether the columns, added up, vary between blocks more than chance does in 1 % of tables.

    >>> squares = np.random.default_rng(1).chisquare(2, (72, 40))
    >>> used, freedom = np.full(40, 72), np.full(40, 2)
    >>> [together([Squares(k * squares.sum(axis=0), used, freedom, k * squares)]) for k in (1.0, 1.2)]
    [False, True]
    """
    total = np.concatenate([each.by_block.sum(axis=0) for each in found])
    freedom = np.concatenate([each.used * each.freedom for each in found])
    known = (freedom > 0) & (total > 0)
    if not known.any():
        return False
    total, freedom = total[known], freedom[known]
    part = np.minimum(chi_square_points(ALL, freedom) / total, 1.0)
    blocks = np.concatenate([each.by_block for each in found], axis=1)[:, known] @ part
    noise = blocks.std(ddof=1) * np.sqrt(len(blocks)) if len(blocks) > 1 else 0.0
    if noise <= 0:
        return False
    excess = np.array([(part @ total - freedom.sum()) / noise])
    return bool(student_tail(excess, np.array([len(blocks) - 1.0]))[0] < ONE)


class Kind(NamedTuple):
    """Estimates [F] of columns of one kind, each a variance on so many degrees of freedom [F]."""

    effect: Floats
    freedom: Floats

    def of(self, columns: NDArray[np.bool_]) -> Kind:
        """Those of the columns whose estimate stands on some blocks."""
        held = columns & (self.freedom >= LEAST_FREEDOM)
        return Kind(self.effect[held], self.freedom[held])


def apart(found: Kind) -> NDArray[np.bool_]:
    """The columns [F] of a table with dependent rows that are independent themselves, as others than its customers'.

    Two groups are taken to be there, effects of 1 and of one larger value, whose shares and value are those that are
    most likely (Efron, Microarrays, empirical Bayes and the two-groups model, Statistical Science 23, 2008; found by
    expectation and maximisation: Dempster, Laird and Rubin, J. Royal Statistical Society B 39, 1977). A column is apart
    that belongs to the larger ones with a probability under 1 %, and that is not half a standard error above 1: where
    the larger ones differ among themselves, one of 1.3 is no independent one.

    >>> freedom = np.full(6, 72.0)
    >>> apart(Kind(np.array([1.0, 0.9, 1.3, 3.1, 2.8, 3.0]), freedom)).tolist()
    [True, True, False, False, False, False]
    >>> apart(Kind(np.array([1.0, 1.1, 1.2, 1.3, 1.2, 1.2]), freedom)).any()
    np.False_
    """
    effect, freedom = found
    columns = len(effect)
    if columns < FEWEST:
        return np.zeros(columns, np.bool_)
    share, value = 0.5, max(float(effect.mean()), 1.0)
    belongs = np.full(columns, 0.5)
    for _ in range(STEPS):
        odds = np.log(share / (1 - share)) - freedom / 2 * (np.log(value) - effect * (1 - 1 / value))
        belongs = 1 / (1 + np.exp(np.clip(-odds, -FAR, FAR)))
        weight = belongs * freedom
        value = max(float((weight * effect).sum() / max(weight.sum(), 1 / FAR)), 1.0)
        share = min(max(float(belongs.mean()), 1 / columns), 1 - 1 / columns)
    answer: NDArray[np.bool_] = (belongs < ONE) & (effect <= 1 + np.sqrt(2 / freedom) / 2)
    return answer


def credible(kinds: Sequence[Kind], freedom: float) -> float:
    """The part of an estimate on `freedom` degrees of freedom that is its kind's mean: 0 believes each column alone.

    Estimates differ by chance by sqrt(2 / freedom) of themselves; what they differ by beyond that is the columns' own.
    How much that is stands on few columns itself, so the part is (n - 3) / (n - 1) of what it would be if it were known
    (Morris, Parametric empirical Bayes inference, J. American Statistical Association 78, 1983).

    >>> alike, apart = Kind(np.full(20, 2.0), np.full(20, 72.0)), Kind(np.arange(1.0, 21.0), np.full(20, 72.0))
    >>> round(credible([alike], 72), 2), round(credible([apart], 72), 2)
    (0.89, 0.1)
    """
    held = [kind for kind in kinds if len(kind.effect) >= FEWEST]
    columns = sum(len(kind.effect) - 1 for kind in held)
    if not columns:
        return 0.0
    squares = own = 0.0
    for effect, behind in held:
        chance = float(np.mean(2 / behind))
        squares += float(np.sum((effect / effect.mean() - 1) ** 2)) / (1 + chance)
        own += (len(effect) - 1) * chance / (1 + chance)
    differ = max(squares - own, 0.0) / columns
    lent = 2 + 2 / differ if differ > 0 else np.inf
    part = 1.0 if np.isinf(lent) else lent / (lent + freedom)
    return part * (columns - 2) / columns
