"""Has what comes in or goes out changed? Pure functions on the profiles of a window and of the reference.

- `check(current, reference, binning, thresholds=Thresholds()) -> DriftTable`: every metric of every column as arrays
  [F], and the level of each column (`table.levels`, codes of `core.level.ORDER`).
- `DriftTable.to_bytes()`, `DriftTable.from_bytes(data)`, `table.with_levels(codes)`.
- `findings(table, current, reference, binning, columns=None) -> list[Finding]`: the metrics of some columns (their row
  numbers; None is all) with evidence: what moved, medians and means, sentences.
- `methods(table, f)`, `sure(table, f)`, `moved(current, reference, binning, f)`, `why(...)`: for one column.
"""

from modelwatch.monitors.drift.check import DEFAULT, Thresholds, check
from modelwatch.monitors.drift.findings import explain, findings, why
from modelwatch.monitors.drift.methods import Method, Sure, methods, sure
from modelwatch.monitors.drift.moved import Moved, moved
from modelwatch.monitors.drift.table import DriftTable

__all__ = [
    "DEFAULT",
    "DriftTable",
    "Method",
    "Moved",
    "Sure",
    "Thresholds",
    "check",
    "explain",
    "findings",
    "methods",
    "moved",
    "sure",
    "why",
]
