"""modelwatch: `mw.compare` as it comes; a column is drifted from level notice on."""

from typing import Any

import pandas as pd
from frames import serve

import modelwatch as mw


def fit(reference: pd.DataFrame, words: list[str], rows: int) -> Any:
    """Keeps the frame."""
    return reference


def alerts(state: Any, window: pd.DataFrame) -> list[str]:
    """The columns with a finding at notice or above."""
    found = mw.compare(state, window).findings
    return sorted({each.feature for each in found if each.level in ("notice", "warning", "critical")})


serve(fit, alerts)
