"""How good is the model, as far as can be told before labels come? Pure functions on mergeable counts.

Classification, from `Outcomes` (confidence-based):

- `learn(reference, positive=None, cut="") -> Confidence`: what the reference's labelled predictions say of each score;
  `positive` is the positive class of a binary model, None for many classes.
- `estimate(confidence, window, cut="") -> tuple[Estimated, ...]`: accuracy, precision, recall, F1, specificity, ROC
  AUC and log loss of all predictions of a window, labelled or not; of many classes accuracy, and precision, recall and
  F1 by class and on average.

Regression, from the counts of a `Profile` (the size of the error by feature):

- `learn_loss(codes, loss, ordered, weight=None) -> LossModel` from the rows of a reference (`profiles.places` gives
  their slots); `estimate_loss(model, counts, weight, rows, metric="mae")`; `rooted(estimated, "rmse")`.
  `encode(model)`, `decode(block)`: its stored form.

`Estimated` is a `Measure` with its change from the reference's; `judge_estimated(estimated, task) -> list[Judgement]`
says whether a model is expected to have become worse, at most as a warning. All assume that the same input still leads
to the same outcome (`ASSUMPTION`); when labels have come, `surprise(estimated, realized)` tells whether it did.
"""

from modelwatch.monitors.estimated.confidence import Confidence, estimate, learn
from modelwatch.monitors.estimated.estimated import Estimated
from modelwatch.monitors.estimated.judge import ASSUMPTION, judge_estimated, surprise
from modelwatch.monitors.estimated.loss import LossModel, estimate_loss, learn_loss, rooted
from modelwatch.monitors.estimated.stored import decode, encode

__all__ = [
    "ASSUMPTION",
    "Confidence",
    "Estimated",
    "LossModel",
    "decode",
    "encode",
    "estimate",
    "estimate_loss",
    "judge_estimated",
    "learn",
    "learn_loss",
    "rooted",
    "surprise",
]
