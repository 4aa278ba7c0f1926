"""The metrics of a model that tells a class from everything else."""

from __future__ import annotations

from modelwatch.core.measure import Measure
from modelwatch.core.segment import WHOLE
from modelwatch.monitors.performance.average_precision import average_precision, average_precision_bound
from modelwatch.monitors.performance.calibration import expected_calibration_error
from modelwatch.monitors.performance.confusion import Table, table_of
from modelwatch.monitors.performance.estimate import Estimate, average, mean, share, unit_of
from modelwatch.monitors.performance.gain import gain, lift
from modelwatch.monitors.performance.log_loss import binary_log_loss_ratio
from modelwatch.monitors.performance.roc_auc import roc_auc, roc_auc_bound
from modelwatch.monitors.performance.scores import Scores, code_of, scores_of
from modelwatch.profiles.outcomes import NONE, Fact, Outcomes, Total


def binary(outcomes: Outcomes, positive: str, cut: str = WHOLE) -> list[Measure]:
    """Every metric of the class `positive`, in the order of `metrics.METRICS`; NaN where there is nothing to say.

    Label metrics are over labelled rows with a predicted label, score metrics over those with a score in 0 to 1.
    """
    table, scores = table_of(outcomes, positive, cut), scores_of(outcomes, positive, cut)
    found: dict[str, Estimate] = {
        **label_metrics(table),
        "roc_auc": roc_auc(scores),
        "pr_auc": average_precision(scores),
        **loss_metrics(outcomes, cut),
        "log_loss_ratio": binary_log_loss_ratio(outcomes, scores, cut),
        "ece": expected_calibration_error(scores),
        "gain_10": gain(scores),
        "lift_10": lift(scores),
        "positive_rate": positive_rate(outcomes, positive, cut),
        "predicted_positive_rate": predicted_positive_rate(outcomes, positive, cut),
    }
    return [estimate.named(metric, cut) for metric, estimate in found.items()]


def binning_bounds(scores: Scores) -> dict[str, float]:
    """How far the metrics that are read from score bins may be from those of the rows, at most."""
    return {"roc_auc": roc_auc_bound(scores), "pr_auc": average_precision_bound(scores)}


def label_metrics(table: Table) -> dict[str, Estimate]:
    """What the four cells of the confusion matrix say."""
    recall, specificity = table.recall(), table.specificity()
    return {
        "accuracy": table.accuracy(),
        "balanced_accuracy": average([recall, specificity]),
        "precision": table.precision(),
        "recall": recall,
        "f1": table.f1(),
        "specificity": specificity,
    }


def loss_metrics(outcomes: Outcomes, cut: str = WHOLE) -> dict[str, Estimate]:
    """Log loss and Brier score, of the probabilities of what came true."""
    totals = outcomes.totals(cut)
    unit, scored = unit_of(totals), float(totals[Total.SCORED])
    return {
        "log_loss": mean(float(totals[Total.LOG_LOSS]), float(totals[Total.LOG_LOSS_SQ]), scored, unit, 0.0),
        "brier": mean(float(totals[Total.BRIER]), float(totals[Total.BRIER_SQ]), scored, unit, 0.0),
    }


def positive_rate(outcomes: Outcomes, positive: str, cut: str = WHOLE) -> Estimate:
    """The share of labelled rows that are of the class."""
    _, _, actual, weights = outcomes.cells(Fact.LABELLED, cut)
    mine = actual == code_of(outcomes, positive)
    return share(float(weights[mine].sum()), float(weights.sum()), unit_of(outcomes.totals(cut)))


def predicted_positive_rate(outcomes: Outcomes, positive: str, cut: str = WHOLE) -> Estimate:
    """The share of all predictions, labelled or not, that say that a row is of the class."""
    _, predicted, _, weights = outcomes.cells(Fact.PREDICTED, cut)
    named = predicted != NONE
    mine = named & (predicted == code_of(outcomes, positive))
    return share(float(weights[mine].sum()), float(weights[named].sum()), unit_of(outcomes.totals(cut, Fact.SEEN)))
