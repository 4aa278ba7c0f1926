"""How well each group of ranked rows was ordered: its metrics, and their sums as `Outcomes`.

NDCG with linear gains and tied scores averaged over the places that they share, as scikit-learn has it (Järvelin and
Kekäläinen, ACM TOIS 20, 2002; McSherry and Najork, ECIR 2008). Average precision at 10 over the relevant rows that 10
places can hold, reciprocal rank, hit rates: a row is relevant when its relevance is above 0; of tied rows the less
relevant come first, so that a constant score earns nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from modelwatch.profiles.outcomes.facts import Fact, Total, cell
from modelwatch.profiles.outcomes.outcomes import EMPTY, Outcomes, summed

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

PLACES: Final = (5, 10)


@dataclass(frozen=True, slots=True, eq=False)
class RankedGroups:
    """The metrics of each group [g] that was judged, which is one with a relevant row; `code` names it.

    Values lie in 0 to 1; `hit_5` and `hit_10` are 0 or 1.
    """

    code: Ints
    ndcg_5: Floats
    ndcg_10: Floats
    map_10: Floats
    mrr: Floats
    hit_5: Floats
    hit_10: Floats


def ranked_groups(group: Ints, rank: Floats | None, relevance: Floats, score: Floats | None = None) -> RankedGroups:
    """The metrics of the groups of rows [n]; rows of one code are one group.

    `rank` orders a group's rows, 1 first; without it (None) `score` does, the highest first. Rows whose relevance or
    order is NaN are left out.
    """
    by = -score if rank is None and score is not None else rank
    if by is None:
        raise ValueError("rows are ranked by their rank or by their score")
    known = np.isfinite(relevance) & ~np.isnan(by)
    group, by, relevance = group[known], by[known], np.maximum(relevance[known], 0.0)
    codes, inverse = np.unique(group, return_inverse=True)
    inverse = inverse.reshape(-1).astype(np.int64)
    relevant = np.bincount(inverse, relevance > 0, len(codes))
    judged = relevant > 0
    held = judged[inverse]
    codes, inverse = codes[judged], (np.cumsum(judged) - 1)[inverse[held]]
    by, relevance, relevant = by[held], relevance[held], relevant[judged].astype(np.float64)
    order = np.lexsort((relevance, by, inverse))
    inverse, by, relevance = inverse[order], by[order], relevance[order]
    place = places_in(inverse)
    ndcg_5, ndcg_10 = (ndcg(inverse, by, relevance, place, k) for k in PLACES)
    hit = relevance > 0
    first = np.full(len(codes), np.inf)
    np.minimum.at(first, inverse[hit], place[hit])
    hits_before = np.cumsum(hit)
    start = np.flatnonzero(place == 1.0)
    so_far: Ints = hits_before - (hits_before - hit)[start][inverse]
    precise = np.where(hit & (place <= 10), so_far / place, 0.0)
    map_10 = np.bincount(inverse, precise, len(codes)) / np.minimum(relevant, 10.0)
    return RankedGroups(
        codes, ndcg_5, ndcg_10, map_10, 1 / first, (first <= 5).astype(np.float64), (first <= 10).astype(np.float64)
    )


def places_in(groups: Ints) -> Floats:
    """The place of each row in its group, from 1; rows of a group follow each other."""
    n = len(groups)
    new = np.concatenate(([True], groups[1:] != groups[:-1])) if n else np.zeros(0, bool)
    start = np.maximum.accumulate(np.where(new, np.arange(n), 0)) if n else np.zeros(0, np.int64)
    place: Floats = (np.arange(n) - start + 1).astype(np.float64)
    return place


def ndcg(groups: Ints, by: Floats, relevance: Floats, place: Floats, k: int) -> Floats:
    """Normalised discounted cumulative gain at `k` of each group; rows are in their order."""
    if not len(groups):
        return np.empty(0)
    discount = np.where(place <= k, 1 / np.log2(place + 1), 0.0)
    new = np.concatenate(([True], (groups[1:] != groups[:-1]) | (by[1:] != by[:-1])))
    tie = np.cumsum(new) - 1
    shared = (np.bincount(tie, discount) / np.bincount(tie))[tie]
    gained = np.bincount(groups, shared * relevance)
    ideal = np.lexsort((-relevance, groups))
    best = np.bincount(groups, relevance[ideal] * discount)
    return np.minimum(gained / best, 1.0)


def count_ranked(groups: RankedGroups, slots: Ints, k: int) -> list[Outcomes]:
    """The sums of each of `k` slots; `slots` [g] are those of the groups."""
    sums: dict[Total, Floats] = {Total.GROUPS: np.ones(len(groups.code))}
    for name in ("NDCG_5", "NDCG_10", "MAP_10", "MRR"):
        value = getattr(groups, name.lower())
        sums |= {Total[name]: value, Total[f"{name}_SQ"]: value**2}
    sums |= {Total.HIT_5: groups.hit_5, Total.HIT_10: groups.hit_10}
    keys = cell(Fact.TOTAL, np.array([int(total) for total in sums], np.int64))
    values = np.stack([np.bincount(slots, each, k).astype(np.float64) for each in sums.values()])
    held = np.bincount(slots, minlength=k) > 0
    return [summed((), EMPTY.cuts, keys, values[:, i]) if held[i] else EMPTY for i in range(k)]
