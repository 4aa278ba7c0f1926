"""Alibi Detect: `TabularDrift` as it comes: Kolmogorov-Smirnov and chi-square, p < 0.05 by Bonferroni."""

from typing import Any

import numpy as np
import pandas as pd
from alibi_detect.cd import TabularDrift
from frames import serve


def encoded(frame: pd.DataFrame, words: list[str]) -> Any:
    """Numbers, with texts as the numbers in them."""
    copy = frame.copy()
    for name in words:
        copy[name] = [np.nan if text is None else float(text.split()[1]) for text in frame[name]]
    return copy.to_numpy(dtype=np.float64)


def fit(reference: pd.DataFrame, words: list[str], rows: int) -> Any:
    """The detector on the whole reference."""
    places = {list(reference.columns).index(name): None for name in words}
    detector = TabularDrift(encoded(reference, words), p_val=0.05, categories_per_feature=places)
    return detector, words, list(reference.columns)


def alerts(state: Any, window: pd.DataFrame) -> list[str]:
    """The columns under the corrected threshold."""
    detector, words, columns = state
    data = detector.predict(encoded(window, words))["data"]
    pairs = zip(columns, data["p_val"], strict=True)
    return [name for name, p in pairs if p < data["threshold"]]


serve(fit, alerts)
