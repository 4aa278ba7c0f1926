"""NannyML's own estimates on its own data, as its documentation shows them: one line of a table for each metric."""

import warnings

import nannyml
import pandas as pd

warnings.filterwarnings("ignore")
BINARY = ["roc_auc", "accuracy", "f1", "precision", "recall", "specificity"]
CARDS = ("prepaid_card", "highstreet_card", "upmarket_card")


def told(name: str, estimated: pd.DataFrame, realized: pd.DataFrame, metrics: list[str]) -> None:
    """Mean absolute error and alerts, chunk by chunk."""
    for metric in metrics:
        error = (estimated[metric]["value"] - realized[metric]["value"]).abs().mean()
        alerts = "".join("!" if each else "." for each in estimated[metric]["alert"])
        print(f"| {name} | {metric} | {error:.5g} | {alerts} |", flush=True)


def with_targets(rows: pd.DataFrame, targets: pd.DataFrame) -> pd.DataFrame:
    """The rows of the analysis with what came true of them."""
    return rows.merge(targets, on="id") if "id" in targets else rows.merge(targets, left_index=True, right_index=True)


def run(name, estimator, calculator, data, metrics):
    """Fits both on the reference and shows the chunks after it."""
    reference, analysis, targets = data
    analysis = with_targets(analysis, targets)
    frames = []
    for each, verb in ((estimator, "estimate"), (calculator, "calculate")):
        each.fit(reference)
        frames.append(getattr(each, verb)(analysis).filter(period="analysis").to_df())
    told(name, *frames, metrics)


print("| data | metric | mean error | alerts by chunk |\n| --- | --- | --- | --- |")
said = {"y_pred": "y_pred", "timestamp_column_name": "timestamp"}
loan = {**said, "y_pred_proba": "y_pred_proba", "y_true": "repaid", "metrics": BINARY, "chunk_size": 5_000}
loan["problem_type"] = "classification_binary"
data = nannyml.load_synthetic_car_loan_dataset()
run("car loan", nannyml.CBPE(**loan), nannyml.PerformanceCalculator(**loan), data, BINARY)
scores = {card: f"y_pred_proba_{card}" for card in CARDS}
cards = {**said, "y_pred_proba": scores, "y_true": "y_true", "metrics": ["accuracy", "f1", "roc_auc"]}
cards |= {"chunk_size": 6_000, "problem_type": "classification_multiclass"}
data = nannyml.load_synthetic_multiclass_classification_dataset()
run("credit cards", nannyml.CBPE(**cards), nannyml.PerformanceCalculator(**cards), data, cards["metrics"])
price = {**said, "y_true": "y_true", "metrics": ["mae", "rmse"], "chunk_size": 6_000}
features = ["car_age", "km_driven", "price_new", "accident_count", "door_count", "fuel", "transmission"]
data = nannyml.load_synthetic_car_price_dataset()
estimator = nannyml.DLE(feature_column_names=features, **price)
run("car price", estimator, nannyml.PerformanceCalculator(problem_type="regression", **price), data, price["metrics"])
