"""scipy on raw rows, as tutorials show it: Kolmogorov-Smirnov and chi-square, p < 0.05 a column."""

from typing import Any

import pandas as pd
from frames import serve
from scipy import stats


def fit(reference: pd.DataFrame, words: list[str], rows: int) -> Any:
    """Keeps the rows."""
    return reference, words


def alerts(state: Any, window: pd.DataFrame) -> list[str]:
    """The columns under 0.05; rows without a value are dropped, as is usual."""
    reference, words = state
    found = []
    for name in reference.columns:
        before, after = reference[name].dropna(), window[name].dropna()
        if name in words:
            counts = pd.concat([before.value_counts(), after.value_counts()], axis=1).fillna(0.0)
            p = float(stats.chi2_contingency(counts.to_numpy().T)[1])
        else:
            p = float(stats.ks_2samp(before, after).pvalue)
        if p < 0.05:
            found.append(name)
    return found


serve(fit, alerts)
