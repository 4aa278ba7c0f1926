"""Are groups of people treated alike? Pure functions on `Outcomes` that were counted with protected groups as cuts.

    rows --grouped, crossed--> Cuts --count_seen / count_labelled--> Outcomes --check--> measures, spreads, disparities

- `FairnessSettings.from_json(said)`, `.to_json()`: which attributes, bands, reference groups, metrics and rules.
- `grouped(column, codes, values) -> Cuts` of one attribute, `crossed(ways, most, known) -> Crossed` of several at once,
  `crossings(count, order)`: which are crossed. Numbers become codes by `profiles.bands`.
- `check(outcomes, settings, positive=..., reference=..., thresholds=...) -> Fairness`: the figures of every group with
  intervals, their spread over all groups (as fairlearn has it), and each group against its reference group, judged.
- `told(disparity, rules, favourable)`: a disparity in words.
"""

from modelwatch.monitors.fairness.check import Disparity, Fairness, check
from modelwatch.monitors.fairness.crossed import Crossed, crossed, crossings, grouped
from modelwatch.monitors.fairness.metrics import Metric, Rules
from modelwatch.monitors.fairness.settings import Attribute, FairnessSettings
from modelwatch.monitors.fairness.spread import Spread
from modelwatch.monitors.fairness.words import told

__all__ = [
    "Attribute",
    "Crossed",
    "Disparity",
    "Fairness",
    "FairnessSettings",
    "Metric",
    "Rules",
    "Spread",
    "check",
    "crossed",
    "crossings",
    "grouped",
    "told",
]
