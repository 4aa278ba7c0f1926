"""How good was the model? Pure functions on the `Outcomes` of a window, whole or of one cut.

- `binary(outcomes, positive, cut="")`, `multiclass(outcomes, cut="")`, `regression(outcomes, cut="")`,
  `ranking(outcomes, cut="")`: every metric as `Measure` with standard error and 95 % interval; `measures(...)` picks by
  task.
- `METRICS`: the facts of each metric by name; `metrics_of(task)`.
- `scores_of(outcomes, positive, cut)`, `top_label_scores(outcomes, cut)`: score histograms, for `roc_curve`,
  `pr_curve`, `reliability` and `score_histogram`; `confusion(outcomes, cut)`, `error_histogram(outcomes, cut)`.
- `binning_bounds(scores)`: how far ROC AUC and PR AUC of the bins may be from those of the rows, at most.
- `judged(current, baseline, task, thresholds, varies=scatter(windows))`: the level of each headline metric of a window,
  from the measures of the window, of the baseline and of the baseline's windows; `judge(...)` for one metric.
  `FLOORS`, `HEADLINES`.

Where it is worst, and what carries a change (modules of their own, on labelled rows or on sums of their losses):

- `slices.worst_slices(loss, columns, weight=None, cluster=None) -> Search`, of columns cut by `coded`.
- `contributions.contributions(reference, current) -> Decomposition`, of `loss_sums.loss_sums(...)` by segment.
- `causes.causes(drift, importance) -> list[Cause]`, with `causes.importance(score, codes)`.
- `sentences`: each of these as a person reads it.
"""

from modelwatch.core.measure import Measure
from modelwatch.core.segment import WHOLE
from modelwatch.monitors.performance.binary import binary, binning_bounds
from modelwatch.monitors.performance.calibration import reliability
from modelwatch.monitors.performance.confusion import confusion
from modelwatch.monitors.performance.curves import error_histogram, pr_curve, roc_curve, score_histogram
from modelwatch.monitors.performance.floors import FLOORS, HEADLINES, Floor
from modelwatch.monitors.performance.judge import Allowance, Judgement, allowance, judge, judged
from modelwatch.monitors.performance.metrics import METRICS, Metric, metrics_of
from modelwatch.monitors.performance.multiclass import multiclass
from modelwatch.monitors.performance.ranking import ranking
from modelwatch.monitors.performance.regression import regression
from modelwatch.monitors.performance.scatter import Scatter, scatter
from modelwatch.monitors.performance.scores import scores_of, top_label_scores
from modelwatch.profiles.outcomes import Outcomes

__all__ = [
    "FLOORS",
    "HEADLINES",
    "METRICS",
    "Allowance",
    "Floor",
    "Judgement",
    "Metric",
    "Scatter",
    "allowance",
    "binary",
    "binning_bounds",
    "confusion",
    "error_histogram",
    "judge",
    "judged",
    "measures",
    "metrics_of",
    "multiclass",
    "pr_curve",
    "ranking",
    "regression",
    "reliability",
    "roc_curve",
    "scatter",
    "score_histogram",
    "scores_of",
    "top_label_scores",
]


def measures(outcomes: Outcomes, task: str, positive: str = "", cut: str = WHOLE) -> list[Measure]:
    """Every metric of a model's task; nothing for a task that is not known."""
    match task:
        case "binary":
            return binary(outcomes, positive, cut)
        case "multiclass":
            return multiclass(outcomes, cut)
        case "regression":
            return regression(outcomes, cut)
        case "ranking":
            return ranking(outcomes, cut)
    return []
