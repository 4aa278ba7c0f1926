"""What one cell of `Outcomes` holds, and how a cell is named by one integer.

key = cut (12 bits) | fact (6 bits) | a (16 bits) | b (12 bits) | c (12 bits)
"""

from __future__ import annotations

from enum import IntEnum
from typing import Final

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]

C_BITS: Final = 12
B_BITS: Final = 12
A_BITS: Final = 16
FACT_BITS: Final = 6
B_AT: Final = C_BITS
A_AT: Final = B_AT + B_BITS
FACT_AT: Final = A_AT + A_BITS
CUT_AT: Final = FACT_AT + FACT_BITS

MAX_LABELS: Final = 200
"""Labels that are told apart; what is beyond them counts as `OTHER`."""
OTHER: Final = (1 << B_BITS) - 2
NONE: Final = (1 << B_BITS) - 1
"""The label of a prediction or an actual that has none."""
MAX_CUTS: Final = 1 << 12


class Fact(IntEnum):
    """The kinds of cells. Weights are inclusion weights, 1 unless the sender sampled. Never renumber: they are stored.

    `PREDICTED` (a score bin, b predicted label): weight of all predictions, labelled or not; `PREDICTED_SCORE`: the
    same cells, sum of weight x score. `LABELLED` (a score bin, b predicted, c actual) and `LABELLED_SCORE`: the same of
    labelled predictions. `TOTAL` (a `Total`): sums over labelled predictions. `SEEN` (a `Total`): sums over all.
    `ERROR` (a error bin): weight of labelled predictions, `ACTUAL` the same by their true number, in the error's bins.
    `DELAY` (a delay bin): labelled rows, unweighted.
    `CLASS_SCORE` (a score bin, b class, c 1 where the actual is that class): weight, for one against the rest.
    """

    PREDICTED = 0
    PREDICTED_SCORE = 1
    LABELLED = 2
    LABELLED_SCORE = 3
    TOTAL = 4
    SEEN = 5
    ERROR = 6
    DELAY = 7
    CLASS_SCORE = 8
    ACTUAL = 9


class Total(IntEnum):
    """Sums over rows (weight x the value named), each at most once a row. Never renumber.

    Errors are prediction - actual. `PERCENT` is |error / actual| over the `PERCENT_WEIGHT` of rows whose actual is not
    0; `SYMMETRIC` is 2 |error| / (|actual| + |prediction|), 0 where both are 0. Ranking sums are over groups, of which
    `GROUPS` were judged.
    """

    ROWS = 0
    WEIGHT = 1
    WEIGHT_SQ = 2
    LOG_LOSS = 3
    LOG_LOSS_SQ = 4
    BRIER = 5
    BRIER_SQ = 6
    SCORED = 7
    ERROR = 8
    ERROR_SQ = 9
    ERROR_4 = 10
    ABSOLUTE = 11
    PERCENT = 12
    PERCENT_SQ = 13
    PERCENT_WEIGHT = 14
    SYMMETRIC = 15
    SYMMETRIC_SQ = 16
    ACTUAL = 17
    ACTUAL_SQ = 18
    VALUE = 19
    VALUE_SQ = 20
    GROUPS = 21
    NDCG_5 = 22
    NDCG_5_SQ = 23
    NDCG_10 = 24
    NDCG_10_SQ = 25
    MAP_10 = 26
    MAP_10_SQ = 27
    MRR = 28
    MRR_SQ = 29
    HIT_5 = 30
    HIT_10 = 31
    ACTUAL_3 = 32
    ACTUAL_4 = 33
    ERROR_SQ_ACTUAL = 34
    ERROR_SQ_ACTUAL_SQ = 35


def cell(fact: Fact, a: Ints, b: Ints | int = 0, c: Ints | int = 0) -> Ints:
    """The keys of cells of the cut 0.

    >>> cell(Fact.PREDICTED, np.array([1]), 2, 3).tolist() == [(1 << A_AT) + (2 << B_AT) + 3]
    True
    """
    keys: Ints = (np.int64(fact) << FACT_AT) + (a << A_AT) + (np.int64(b) << B_AT) + np.int64(c)
    return keys
