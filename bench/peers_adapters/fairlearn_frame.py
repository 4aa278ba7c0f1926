"""fairlearn on the rows that `bench.fairness` makes: five figures by group, and its own metrics between groups."""

import json
import sys
import time

import numpy as np
from fairlearn import metrics
from sklearn.metrics import accuracy_score, precision_score

NAMES = [
    "demographic_parity_difference",
    "demographic_parity_ratio",
    "equal_opportunity_difference",
    "equal_opportunity_ratio",
    "equalized_odds_difference",
    "equalized_odds_ratio",
    "false_positive_rate_difference",
]

n = int(sys.argv[1])
random = np.random.default_rng(0)
group = random.integers(0, 3, n)
score = random.random(n) * np.where(group == 1, 0.6, 1.0)
actual = (random.random(n) < score).astype(np.int64)
predicted = (score > 0.5).astype(np.int64)

begun = time.process_time()
frame = metrics.MetricFrame(
    metrics={
        "selection_rate": metrics.selection_rate,
        "true_positive_rate": metrics.true_positive_rate,
        "false_positive_rate": metrics.false_positive_rate,
        "precision": precision_score,
        "accuracy": accuracy_score,
    },
    y_true=actual,
    y_pred=predicted,
    sensitive_features=group,
)
apart = frame.difference()
frame_seconds = time.process_time() - begun
begun = time.process_time()
spreads = {name: float(getattr(metrics, name)(actual, predicted, sensitive_features=group)) for name in NAMES}
seconds = time.process_time() - begun
spreads["accuracy_difference"] = float(apart["accuracy"])
spreads["predictive_parity_difference"] = float(apart["precision"])
print(json.dumps({"frame": frame_seconds, "metrics": seconds, "spreads": spreads}))
