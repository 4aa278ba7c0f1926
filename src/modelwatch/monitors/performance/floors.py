"""From what size on a loss of performance matters, and which metrics decide about a model.

A floor is what a team would act on, not what can be seen: 2 points of AUC or accuracy are about what a new model is
released for, 5 are a model that has lost its worth against a simple one. In a calibrated model of AUC .75 or .9, 2
points of it cost 2 to 4 points of F1, 2 to 9 % of log loss and .02 to .05 of its ratio to that of the base rate; 5
points cost 4 to 10, 3 to 20 % and .05 to .12: hence their floors. Those of errors are relative: their scale is that of
the target.

What decides must not move because the world has other shares of classes: when more flights are late, log loss rises,
accuracy falls and F1 rises, though the model tells them apart as well as before. So two classes are decided by the ROC
AUC, balanced accuracy and the log loss ratio, and the others are shown. R2 depends on how much the actuals of a window
vary, so it has floors and does not decide unless asked to.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Floor:
    """How much worse a metric must be: in its own unit, or relative to the baseline."""

    warning: float
    critical: float
    relative: bool = False

    def at(self, baseline: float, worse: float) -> tuple[float, float]:
        """The values from which on the metric is at warning and at critical; `worse` is 1 where larger is worse, else
        -1."""
        scale = abs(baseline) if self.relative else 1.0
        return baseline + worse * self.warning * scale, baseline + worse * self.critical * scale


POINTS: Final = Floor(0.02, 0.05)
STEEP: Final = Floor(0.03, 0.08)
LOSS: Final = Floor(0.05, 0.15, relative=True)
SIZE: Final = Floor(0.10, 0.25, relative=True)

FLOORS: Final = {
    **dict.fromkeys(("accuracy", "balanced_accuracy", "roc_auc", "roc_auc_macro", "specificity", "ece"), POINTS),
    **dict.fromkeys(("precision", "recall", "f1", "pr_auc", "gain_10", "log_loss_ratio"), STEEP),
    **{f"{part}_{how}": STEEP for part in ("precision", "recall", "f1") for how in ("macro", "weighted")},
    **{f"{part}_micro": POINTS for part in ("precision", "recall", "f1")},
    **dict.fromkeys(("log_loss", "brier"), LOSS),
    "lift_10": Floor(0.10, 0.25, relative=True),
    **dict.fromkeys(("mae", "rmse", "mape", "smape", "absolute_error_p50", "absolute_error_p90"), SIZE),
    "r2": Floor(0.05, 0.15),
    **dict.fromkeys(("ndcg_5", "ndcg_10", "map_10", "mrr", "hit_5", "hit_10"), POINTS),
}
"""Of every metric that has a good and a bad way."""

HEADLINES: Final = {
    "binary": ("roc_auc", "balanced_accuracy", "log_loss_ratio"),
    "multiclass": ("accuracy", "recall_macro", "log_loss_ratio"),
    "regression": ("mae", "rmse"),
    "ranking": ("ndcg_10",),
}
"""By task: the few metrics that may raise a model. The budget of false alerts is split over them."""
