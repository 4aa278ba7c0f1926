"""Evidently: `DataDriftPreset` as it comes; a column is drifted when its own test says so."""

from typing import Any

import pandas as pd
from evidently import DataDefinition, Dataset, Report
from evidently.presets import DataDriftPreset
from frames import serve


def fit(reference: pd.DataFrame, words: list[str], rows: int) -> Any:
    """The reference as a data set."""
    numbers = [name for name in reference.columns if name not in words]
    definition = DataDefinition(numerical_columns=numbers, categorical_columns=words)
    return Dataset.from_pandas(reference, data_definition=definition), definition


def alerts(state: Any, window: pd.DataFrame) -> list[str]:
    """Runs the report; p-values alarm below their threshold, distances above it."""
    reference, definition = state
    ran = Report([DataDriftPreset()]).run(Dataset.from_pandas(window, data_definition=definition), reference)
    found = []
    for metric in ran.dict()["metrics"]:
        config = metric["config"]
        if "ValueDrift" not in config["type"]:
            continue
        value, limit = metric["value"], config["threshold"]
        below = "p_value" in str(config["method"])
        if value < limit if below else value >= limit:
            found.append(str(config["column"]))
    return found


serve(fit, alerts)
