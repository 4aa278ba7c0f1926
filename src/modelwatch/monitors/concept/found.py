"""What is said of one concept drift."""

from __future__ import annotations

from dataclasses import dataclass

from modelwatch.core.level import Level


@dataclass(frozen=True, slots=True)
class Found:
    """The errors changed at label `since_label` or so, and that was certain at label `label`.

    Labels are numbered from 1 in the order in which they were consumed, from `begin` on; `order` and `since_order` are
    their log positions, `at_us` and `since_us` event times in microseconds. `since_us` is the median event time of the
    block of labels in which the change was placed, so that one late label does not move it.

    `detectors` are those that had spoken, by name in the order of their alarms, `alarms` the labels at which they did.
    `before` and `after` are mean errors (shares of mistakes, or mean absolute errors) of `labels_before` and
    `labels_after` labels. `pairs` is the share of pairs in which an error after the change is larger than one before,
    ties counted half. `certainty` is how many standard errors lie between the two stretches, after `design_effect`
    said how much less a label tells because neighbours are alike. `recurs` counts the remembered findings that had
    moved the errors to such a level before: where it grows, errors follow a cycle.
    """

    level: Level
    label: int
    order: int
    at_us: int
    since_label: int
    since_order: int
    since_us: int
    detectors: tuple[str, ...]
    alarms: tuple[int, ...]
    before: float
    after: float
    labels_before: int
    labels_after: int
    pairs: float
    certainty: float
    design_effect: float
    recurs: int
    text: str

    @property
    def worse(self) -> bool:
        """True where errors are larger or more frequent than before."""
        return self.pairs > 0.5
