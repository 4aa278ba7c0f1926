"""Concept drift: whether a model's errors changed, on the stream of its labels.

- `begin(task) -> State`: before the first label of a model; tasks are `binary`, `multiclass` and `regression`.
- `advance(state, errors, at_us, order) -> (State, findings)`: pure; consumes labels in the order of the log, 0 for
  right and 1 for wrong or absolute errors, and gives a `Found` for each drift that they show. However the stream is
  cut into calls, the findings are the same.
- `load_detectors()`: imports river now rather than with the first labels.
- `to_bytes(state)`, `from_bytes(data)`: the stored form, some kilobytes.
- `State`: `.labels` consumed, `.learning` while there are too few to judge, `.mean` error of the present concept,
  `.findings` the latest 20, `.since` the last of them: drift since when.
- `Floors`: from where on a rise is a warning or critical; what is certain and smaller, or better, is a notice.

ADWIN, DDM and Page-Hinkley are river's, which is imported when the first labels are fed (extra `server`).
"""

from modelwatch.monitors.concept.detectors import load_detectors
from modelwatch.monitors.concept.floors import Floors
from modelwatch.monitors.concept.found import Found
from modelwatch.monitors.concept.stored import from_bytes, to_bytes
from modelwatch.monitors.concept.watch import State, advance, begin

__all__ = ["Floors", "Found", "State", "advance", "begin", "from_bytes", "load_detectors", "to_bytes"]
