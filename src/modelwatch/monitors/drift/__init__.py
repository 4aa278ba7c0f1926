"""Has what comes in or goes out changed? Pure functions on the profiles of a window and of the reference.

- `check(current, reference, binning, thresholds=Thresholds(), dependence=None) -> DriftTable`: every metric of every
  column as arrays [F], and the level of each column (`table.levels`, codes of `core.level.ORDER`).
- `thresholds_for(settings, length_us, series=1) -> Thresholds` of a model; `expected(thresholds, columns, rows,
  reference_rows, k, n)`: the false alarms a month that they make; `estimate(blocks, binning) -> Dependence`: what the
  blocks of a reference say of rows that depend on each other.
- `DriftTable.to_bytes()`, `DriftTable.from_bytes(data)`, `table.with_levels(codes)`.
- `findings(table, current, reference, binning, columns=None) -> list[Finding]`: the metrics of some columns (their row
  numbers; None is all) with evidence: what moved, medians and means, sentences.
- `methods(table, f)`, `sure(table, f)`, `moved(current, reference, binning, f)`, `why(...)`: for one column.
"""

from modelwatch.monitors.drift.budget import Expected, expected
from modelwatch.monitors.drift.check import check
from modelwatch.monitors.drift.dependence import Dependence, estimate
from modelwatch.monitors.drift.findings import explain, findings, why
from modelwatch.monitors.drift.methods import Method, Sure, methods, sure
from modelwatch.monitors.drift.moved import Moved, moved
from modelwatch.monitors.drift.table import SIZES, DriftTable, size_metric
from modelwatch.monitors.drift.thresholds import DEFAULT, Thresholds, thresholds_for

__all__ = [
    "DEFAULT",
    "SIZES",
    "Dependence",
    "DriftTable",
    "Expected",
    "Method",
    "Moved",
    "Sure",
    "Thresholds",
    "check",
    "estimate",
    "expected",
    "explain",
    "findings",
    "methods",
    "moved",
    "size_metric",
    "sure",
    "thresholds_for",
    "why",
]
