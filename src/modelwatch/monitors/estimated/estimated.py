"""What a metric is expected to be before the labels come."""

from __future__ import annotations

from dataclasses import dataclass

from modelwatch.core.measure import Measure


@dataclass(frozen=True, slots=True)
class Estimated:
    """A metric of one window as it is expected to come out.

    `measure.low` and `measure.high` are where the realized value lies in 95 of 100 windows if the assumption holds:
    the luck of the window and the error of what the reference taught are in them. `reference` is what the reference
    realized, `change` the difference to it, and `change_error` the standard error of the change as one of the
    population: without the luck of labels that have not come. `fewest` are the effective rows of the scarcest kind
    that the metric rests on, in window or reference. `left_out` is the share of the window's weight of which nothing
    can be said, for want of a score or of a class that the reference knows.
    """

    measure: Measure
    reference: Measure
    change: float
    change_error: float
    fewest: float
    left_out: float = 0.0
