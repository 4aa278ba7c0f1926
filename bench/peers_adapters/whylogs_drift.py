"""whylogs: `calculate_drift_scores` with its default thresholds, on the profiles of both sides."""

from typing import Any

import pandas as pd
import whylogs
from frames import serve
from whylogs.viz.drift.column_drift_algorithms import calculate_drift_scores


def fit(reference: pd.DataFrame, words: list[str], rows: int) -> Any:
    """The reference's profile."""
    return whylogs.log(reference).view()


def alerts(state: Any, window: pd.DataFrame) -> list[str]:
    """The columns in the category DRIFT; POSSIBLE_DRIFT is not counted."""
    view = whylogs.log(window).view()
    scores = calculate_drift_scores(target_view=view, reference_view=state, with_thresholds=True)
    return [name for name, score in scores.items() if score and score.get("drift_category") == "DRIFT"]


serve(fit, alerts)
