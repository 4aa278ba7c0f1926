"""The fairness metrics: what each compares between groups, and from where on that is large."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Kind(StrEnum):
    """How two groups are compared: by a difference, by the smaller over the larger, by a difference of means."""

    DIFFERENCE = "difference"
    RATIO = "ratio"
    MEANS = "means"


class Metric(StrEnum):
    """Names as fairlearn gives them, where it has the metric."""

    DEMOGRAPHIC_PARITY_RATIO = "demographic_parity_ratio"
    DEMOGRAPHIC_PARITY_DIFFERENCE = "demographic_parity_difference"
    EQUAL_OPPORTUNITY_DIFFERENCE = "equal_opportunity_difference"
    EQUAL_OPPORTUNITY_RATIO = "equal_opportunity_ratio"
    EQUALIZED_ODDS_DIFFERENCE = "equalized_odds_difference"
    EQUALIZED_ODDS_RATIO = "equalized_odds_ratio"
    FALSE_POSITIVE_RATE_DIFFERENCE = "false_positive_rate_difference"
    PREDICTIVE_PARITY_DIFFERENCE = "predictive_parity_difference"
    ACCURACY_DIFFERENCE = "accuracy_difference"
    CALIBRATION_DIFFERENCE = "calibration_difference"
    MEAN_PREDICTION_DIFFERENCE = "mean_prediction_difference"
    MEAN_ERROR_DIFFERENCE = "mean_error_difference"


SELECTION_RATE: Final = "selection_rate"
TRUE_POSITIVE_RATE: Final = "true_positive_rate"
FALSE_POSITIVE_RATE: Final = "false_positive_rate"
PRECISION: Final = "precision"
ACCURACY: Final = "accuracy"
BASE_RATE: Final = "base_rate"
CALIBRATION_GAP: Final = "calibration_gap"
CALIBRATION_ERROR: Final = "calibration_error"
MEAN_SCORE: Final = "mean_score"
MEAN_PREDICTION: Final = "mean_prediction"
MEAN_ERROR: Final = "mean_error"

ODDS: Final = (TRUE_POSITIVE_RATE, FALSE_POSITIVE_RATE)


@dataclass(frozen=True, slots=True)
class Compared:
    """What a metric compares: the worst of its `figures`, in one way."""

    kind: Kind
    figures: tuple[str, ...]


COMPARED: Final[Mapping[Metric, Compared]] = {
    Metric.DEMOGRAPHIC_PARITY_RATIO: Compared(Kind.RATIO, (SELECTION_RATE,)),
    Metric.DEMOGRAPHIC_PARITY_DIFFERENCE: Compared(Kind.DIFFERENCE, (SELECTION_RATE,)),
    Metric.EQUAL_OPPORTUNITY_DIFFERENCE: Compared(Kind.DIFFERENCE, (TRUE_POSITIVE_RATE,)),
    Metric.EQUAL_OPPORTUNITY_RATIO: Compared(Kind.RATIO, (TRUE_POSITIVE_RATE,)),
    Metric.EQUALIZED_ODDS_DIFFERENCE: Compared(Kind.DIFFERENCE, ODDS),
    Metric.EQUALIZED_ODDS_RATIO: Compared(Kind.RATIO, ODDS),
    Metric.FALSE_POSITIVE_RATE_DIFFERENCE: Compared(Kind.DIFFERENCE, (FALSE_POSITIVE_RATE,)),
    Metric.PREDICTIVE_PARITY_DIFFERENCE: Compared(Kind.DIFFERENCE, (PRECISION,)),
    Metric.ACCURACY_DIFFERENCE: Compared(Kind.DIFFERENCE, (ACCURACY,)),
    Metric.CALIBRATION_DIFFERENCE: Compared(Kind.DIFFERENCE, (CALIBRATION_GAP,)),
    Metric.MEAN_PREDICTION_DIFFERENCE: Compared(Kind.MEANS, (MEAN_PREDICTION,)),
    Metric.MEAN_ERROR_DIFFERENCE: Compared(Kind.MEANS, (MEAN_ERROR,)),
}

DEFAULT_METRICS: Final = (
    Metric.DEMOGRAPHIC_PARITY_RATIO,
    Metric.DEMOGRAPHIC_PARITY_DIFFERENCE,
    Metric.EQUAL_OPPORTUNITY_DIFFERENCE,
    Metric.EQUALIZED_ODDS_DIFFERENCE,
    Metric.FALSE_POSITIVE_RATE_DIFFERENCE,
    Metric.PREDICTIVE_PARITY_DIFFERENCE,
    Metric.ACCURACY_DIFFERENCE,
    Metric.CALIBRATION_DIFFERENCE,
    Metric.MEAN_PREDICTION_DIFFERENCE,
    Metric.MEAN_ERROR_DIFFERENCE,
)
"""What is judged unless chosen: no rule is known of the ratios of true and false positive rates."""


@dataclass(frozen=True, slots=True)
class Rules:
    """From where on a difference is large.

    Ratios: four fifths (Uniform guidelines on employee selection procedures, 29 CFR 1607.4 D, 1978), critical under
    three fifths; a group that is ahead by as much counts, too. Differences of rates: 10 and 20 points. Means: .2 and .5
    standard deviations, a small and a medium effect (Cohen, Statistical power analysis, 1988).
    """

    ratio_warning: float = 0.8
    ratio_critical: float = 0.6
    difference_warning: float = 0.1
    difference_critical: float = 0.2
    means_warning: float = 0.2
    means_critical: float = 0.5

    def of(self, kind: Kind) -> tuple[float, float]:
        """(warning, critical) of a kind of comparison."""
        match kind:
            case Kind.RATIO:
                return self.ratio_warning, self.ratio_critical
            case Kind.DIFFERENCE:
                return self.difference_warning, self.difference_critical
            case Kind.MEANS:
                return self.means_warning, self.means_critical
