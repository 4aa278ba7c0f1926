"""How often a single window sees a loss of known size."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

import numpy as np

from bench.trust.effort import Effort
from bench.trust.figure import Figure, percent
from bench.worth.draw import Draw, many_classes, numbers, ranked, two_classes
from modelwatch.core.level import CODE, Level, worst
from modelwatch.monitors.performance import judged, measures

SECTION: Final = "Power: single windows of a day, baseline of 20,000 rows: at notice or above / raised / critical"
SIZES: Final = (500, 2_000, 10_000)
BASELINE: Final = 20_000


class Loss(NamedTuple):
    """A model before and after, and the metric that is asked for; '' for any headline metric."""

    name: str
    task: str
    before: Draw
    after: Draw
    metric: str = ""
    scale: int = 1


LOSSES: Final = (
    Loss("AUC .75 to .73, 20 % positive", "binary", two_classes(0.75, 0.2), two_classes(0.73, 0.2), "roc_auc"),
    Loss("AUC .75 to .70, 20 % positive", "binary", two_classes(0.75, 0.2), two_classes(0.70, 0.2), "roc_auc"),
    Loss("AUC .75 to .65, 20 % positive", "binary", two_classes(0.75, 0.2), two_classes(0.65, 0.2), "roc_auc"),
    Loss("the same, any headline metric", "binary", two_classes(0.75, 0.2), two_classes(0.65, 0.2)),
    Loss("AUC .90 to .80, 2 % positive", "binary", two_classes(0.9, 0.02), two_classes(0.8, 0.02), "roc_auc"),
    Loss("accuracy of five classes .82 to .77", "multiclass", many_classes(0.75), many_classes(0.68), "accuracy"),
    Loss("the same, any headline metric", "multiclass", many_classes(0.75), many_classes(0.68)),
    Loss("errors 1.2 times as large, any headline metric", "regression", numbers(1.0), numbers(1.2)),
    Loss("errors 1.5 times as large, any headline metric", "regression", numbers(1.0), numbers(1.5)),
    Loss("NDCG@10 falls by .10, a group per 20 rows", "ranking", ranked(1.5), ranked(1.0), "ndcg_10", 20),
)


def power(effort: Effort, random: np.random.Generator) -> Iterator[Figure]:
    """Each loss at each size; a new baseline for every twentieth of the windows."""
    repeats = effort.power // 5
    for loss in LOSSES:
        parts, values = [], []
        for size in SIZES:
            seen = np.zeros(3)
            for _ in range(20):
                (reference,) = loss.before(random, 1, BASELINE // loss.scale)
                before = measures(reference, loss.task, "yes")
                for one in loss.after(random, repeats // 20, size // loss.scale):
                    found = judged(measures(one, loss.task, "yes"), before, loss.task)
                    mine = [each for each in found if loss.metric in ("", each.metric)]
                    values += [each.value for each in mine[:1]]
                    code = CODE[worst(each.level for each in mine)]
                    levels = (Level.NOTICE, Level.WARNING, Level.CRITICAL)
                    seen += [code <= CODE[level] for level in levels]
            parts.append(" / ".join(percent(float(each) / (repeats // 20 * 20)) for each in seen) + " %")
        sizes = ", ".join(f"{size:,} rows {part}" for size, part in zip(SIZES, parts, strict=True))
        yield Figure(SECTION, loss.name, sizes, note=f"mean of the metric then {np.mean(values):.3f}")
