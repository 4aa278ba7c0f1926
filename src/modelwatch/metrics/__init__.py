"""Custom metrics over labelled rows in Arrow: SQL expressions, and functions that installed packages register.

- `check_metric(metric, columns)`: raises InvalidRequest when it cannot be computed of such columns.
- `evaluate(metric, table)`, `evaluate_windows(metric, table, starts_us, length_us)`: the values.
- `columns_of(schema)`, `visible_columns(columns)`: the columns of an Arrow schema, or of a model's, as a metric sees
  them.

What computes is in `monitors/custom`; here are the edges: Arrow in, registered functions called.
"""

from modelwatch.metrics.evaluate import check_metric, evaluate, evaluate_windows
from modelwatch.metrics.functions import registered
from modelwatch.metrics.labelled import columns_of
from modelwatch.monitors.custom.columns import ColumnInfo, visible_columns
from modelwatch.monitors.custom.metric import Direction, Metric, MetricKind, MetricValue

__all__ = [
    "ColumnInfo",
    "Direction",
    "Metric",
    "MetricKind",
    "MetricValue",
    "check_metric",
    "columns_of",
    "evaluate",
    "evaluate_windows",
    "registered",
    "visible_columns",
]
