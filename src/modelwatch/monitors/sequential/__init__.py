"""Anytime-valid drift of a critical model: evidence that may be looked at after every batch.

- `expect(reference, binning, design=None) -> Expectation`: a reference as the test needs it.
- `begin(expectation, key, reason, now_us) -> State`, `step(state, expectation, cells, rows, now_us) -> (State,
  crossings)`: pure; `Expectation.cells(counts, per_weight)` makes the cells of new rows.
- `to_bytes(state)`, `from_bytes(data)`: the stored form.
"""

from modelwatch.monitors.sequential.effects import Floors
from modelwatch.monitors.sequential.epochs import Alarms, Crossing, State, begin, step
from modelwatch.monitors.sequential.expectation import Expectation, expect
from modelwatch.monitors.sequential.stored import from_bytes, to_bytes
from modelwatch.monitors.sequential.words import odds, told

__all__ = [
    "Alarms",
    "Crossing",
    "Expectation",
    "Floors",
    "State",
    "begin",
    "expect",
    "from_bytes",
    "odds",
    "step",
    "to_bytes",
    "told",
]
