"""NannyML: `UnivariateDriftCalculator` as it comes, with chunks of the window's size."""

from typing import Any

import nannyml
import pandas as pd
from frames import serve


def fit(reference: pd.DataFrame, words: list[str], rows: int) -> Any:
    """Learns thresholds (mean and 3 standard deviations) from chunks of the reference."""
    columns = list(reference.columns)
    calculator = nannyml.UnivariateDriftCalculator(
        column_names=columns, treat_as_categorical=words, chunk_size=max(rows, 1)
    )
    calculator.fit(reference)
    return calculator


def alerts(state: Any, window: pd.DataFrame) -> list[str]:
    """The columns that any method alerts on."""
    frame = state.calculate(window).filter(period="analysis").to_df()
    flags = [column for column in frame.columns if column[-1] == "alert" and bool(frame[column].any())]
    return sorted({str(column[0]) for column in flags})


serve(fit, alerts)
