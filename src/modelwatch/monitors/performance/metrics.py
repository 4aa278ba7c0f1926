"""What each metric is: its title, where it lies, which way is up, what it needs, and its source."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

Task = Literal["binary", "multiclass", "regression", "ranking"]
Unit = Literal["share", "number", "times", "target"]
"""How a value is written: in per cent, as a number, as so many times, or in the unit of the target."""
Need = Literal["label", "score", "value", "rank"]

B: Final = ("binary",)
M: Final = ("multiclass",)
BM: Final = ("binary", "multiclass")
R: Final = ("regression",)
K: Final = ("ranking",)
INF: Final = float("inf")


@dataclass(frozen=True, slots=True)
class Metric:
    """The facts of one metric.

    `up_is_good` is None where neither way is. `low` and `high` are what it can be; `needs` is what predictions must
    carry. `source` is the paper or book that defines it.
    """

    name: str
    title: str
    tasks: tuple[str, ...]
    up_is_good: bool | None
    needs: Need
    low: float = 0.0
    high: float = 1.0
    unit: Unit = "share"
    source: str = ""


RIJSBERGEN: Final = "van Rijsbergen, Information retrieval, 1979"
YERUSHALMY: Final = "Yerushalmy, Public Health Rep. 62, 1947"
SOKOLOVA: Final = "Sokolova and Lapalme, Inf. Process. Manag. 45, 2009"
HYNDMAN: Final = "Hyndman and Koehler, Int. J. Forecast. 22, 2006"
MASSON: Final = "Masson, Rim and Lee, VLDB 2019"

FACTS: Final = (
    Metric("accuracy", "Accuracy", BM, True, "label", source=SOKOLOVA),
    Metric("balanced_accuracy", "Balanced accuracy", B, True, "label", source="Brodersen et al., ICPR 2010"),
    Metric("precision", "Precision", BM, True, "label", source=RIJSBERGEN),
    Metric("recall", "Recall", BM, True, "label", source=RIJSBERGEN),
    Metric("f1", "F1", BM, True, "label", source=RIJSBERGEN),
    Metric("specificity", "Specificity", B, True, "label", source=YERUSHALMY),
    Metric("precision_macro", "Precision, mean of classes", M, True, "label", source=SOKOLOVA),
    Metric("precision_weighted", "Precision, weighted by class", M, True, "label", source=SOKOLOVA),
    Metric("precision_micro", "Precision, all rows", M, True, "label", source=SOKOLOVA),
    Metric("recall_macro", "Recall, mean of classes", M, True, "label", source=SOKOLOVA),
    Metric("recall_weighted", "Recall, weighted by class", M, True, "label", source=SOKOLOVA),
    Metric("recall_micro", "Recall, all rows", M, True, "label", source=SOKOLOVA),
    Metric("f1_macro", "F1, mean of classes", M, True, "label", source=SOKOLOVA),
    Metric("f1_weighted", "F1, weighted by class", M, True, "label", source=SOKOLOVA),
    Metric("f1_micro", "F1, all rows", M, True, "label", source=SOKOLOVA),
    Metric("roc_auc", "ROC AUC", BM, True, "score", source="Hanley and McNeil, Radiology 143, 1982"),
    Metric(
        "roc_auc_macro", "ROC AUC, mean of classes", M, True, "score", source="Fawcett, Pattern Recogn. Lett. 27, 2006"
    ),
    Metric("pr_auc", "PR AUC (average precision)", B, True, "score", source="Davis and Goadrich, ICML 2006"),
    Metric(
        "log_loss",
        "Log loss",
        BM,
        False,
        "score",
        high=INF,
        unit="number",
        source="Good, J. R. Stat. Soc. B 14, 1952",
    ),
    Metric(
        "brier", "Brier score", BM, False, "score", high=2.0, unit="number", source="Brier, Mon. Weather Rev. 78, 1950"
    ),
    Metric(
        "log_loss_ratio",
        "Log loss against the base rate",
        BM,
        False,
        "score",
        high=INF,
        unit="number",
        source="He et al., ADKDD 2014",
    ),
    Metric("ece", "Expected calibration error", BM, False, "score", source="Naeini, Cooper and Hauskrecht, AAAI 2015"),
    Metric("gain_10", "Share of positives in the top 10 %", B, True, "score", source="Ling and Li, KDD 1998"),
    Metric("lift_10", "Lift, top 10 %", B, True, "score", high=10.0, unit="times", source="Ling and Li, KDD 1998"),
    Metric("positive_rate", "Share of positives", BM, None, "label"),
    Metric("predicted_positive_rate", "Share predicted positive", B, None, "label"),
    Metric("mae", "Mean absolute error", R, False, "value", high=INF, unit="target", source=HYNDMAN),
    Metric("rmse", "Root mean squared error", R, False, "value", high=INF, unit="target", source=HYNDMAN),
    Metric("mape", "Mean absolute percentage error", R, False, "value", high=INF, source=HYNDMAN),
    Metric(
        "smape",
        "Symmetric percentage error",
        R,
        False,
        "value",
        high=2.0,
        source="Makridakis, IJF 9, 1993",
    ),
    Metric("r2", "R²", R, True, "value", low=-INF, unit="number", source="Kvålseth, Am. Statist. 39, 1985"),
    Metric("bias", "Mean error", R, None, "value", low=-INF, high=INF, unit="target", source=HYNDMAN),
    *(
        Metric(f"error_p{p:02}", f"Error, {p} % quantile", R, None, "value", -INF, INF, "target", MASSON)
        for p in (5, 25, 50, 75, 95)
    ),
    Metric("absolute_error_p50", "Median absolute error", R, False, "value", high=INF, unit="target", source=MASSON),
    Metric(
        "absolute_error_p90", "Absolute error, 90 % quantile", R, False, "value", high=INF, unit="target", source=MASSON
    ),
    Metric("ndcg_5", "NDCG@5", K, True, "rank", source="Järvelin and Kekäläinen, ACM TOIS 20, 2002"),
    Metric("ndcg_10", "NDCG@10", K, True, "rank", source="Järvelin and Kekäläinen, ACM TOIS 20, 2002"),
    Metric("map_10", "MAP@10", K, True, "rank", source="Manning, Raghavan and Schütze, 2008, 8.4"),
    Metric("mrr", "Mean reciprocal rank", K, True, "rank", source="Voorhees, TREC-8, 1999"),
    Metric("hit_5", "Hit rate @5", K, True, "rank", source="Deshpande and Karypis, ACM TOIS 22, 2004"),
    Metric("hit_10", "Hit rate @10", K, True, "rank", source="Deshpande and Karypis, ACM TOIS 22, 2004"),
)

METRICS: Final = {metric.name: metric for metric in FACTS}
"""By name, in the order in which they are shown."""


def metrics_of(task: str) -> tuple[Metric, ...]:
    """The metrics of a task, in the order in which they are shown."""
    return tuple(metric for metric in FACTS if task in metric.tasks)
