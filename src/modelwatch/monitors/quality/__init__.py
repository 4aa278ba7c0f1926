"""Are the rows what they were? Pure functions on profiles and sketches; rates of unusable rows are in `drift/rates`.

- `cardinality(current, reference, binning, thresholds, effect=None) -> Cardinality`: distinct categories, or occupied
  bins of numbers, against what the reference would give at that many rows.
- `repeated_ids(sketch, min_rows) -> RepeatedIds`: the share of rows whose prediction_id was seen before in the window.
"""

from modelwatch.monitors.quality.cardinality import Cardinality, cardinality
from modelwatch.monitors.quality.repeated_ids import RepeatedIds, repeated_ids

__all__ = ["Cardinality", "RepeatedIds", "cardinality", "repeated_ids"]
