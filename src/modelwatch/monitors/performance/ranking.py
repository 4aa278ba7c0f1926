"""The metrics of a model that ranks: means over the groups that were judged."""

from __future__ import annotations

from typing import Final

from modelwatch.core.measure import Measure
from modelwatch.core.segment import WHOLE
from modelwatch.monitors.performance.estimate import Estimate, mean, share
from modelwatch.profiles.outcomes import Outcomes, Total

MEANS: Final = {
    "ndcg_5": (Total.NDCG_5, Total.NDCG_5_SQ),
    "ndcg_10": (Total.NDCG_10, Total.NDCG_10_SQ),
    "map_10": (Total.MAP_10, Total.MAP_10_SQ),
    "mrr": (Total.MRR, Total.MRR_SQ),
}
HITS: Final = {"hit_5": Total.HIT_5, "hit_10": Total.HIT_10}


def ranking(outcomes: Outcomes, cut: str = WHOLE) -> list[Measure]:
    """Every metric, in the order of `metrics.METRICS`; `rows` are groups here. NaN when no group was judged.

    The sums come from `profiles.outcomes.ranked_groups`.
    """
    totals = outcomes.totals(cut)
    groups = float(totals[Total.GROUPS])
    found: dict[str, Estimate] = {}
    for metric, (value, squares) in MEANS.items():
        each = mean(float(totals[value]), float(totals[squares]), groups, 1.0, 0.0)
        found[metric] = each._replace(high=min(each.high, 1.0))
    found |= {metric: share(float(totals[hits]), groups) for metric, hits in HITS.items()}
    return [estimate.named(metric, cut) for metric, estimate in found.items()]
