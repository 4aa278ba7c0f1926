"""What was found, in sentences that state evidence and claim no proof."""

from __future__ import annotations

from dataclasses import dataclass

from modelwatch.monitors.drift.words import THIN, number, percent
from modelwatch.monitors.performance.causes import Cause
from modelwatch.monitors.performance.contributions import Contribution, Decomposition
from modelwatch.monitors.performance.slices import Search, Slice


@dataclass(frozen=True, slots=True)
class LossName:
    """What the loss is called, and whether it is a share of rows that people read in per cent."""

    name: str = "mean loss"
    share: bool = False

    def level(self, value: float) -> str:
        """A mean loss."""
        return f"{percent(value)}{THIN}%" if self.share else number(value)

    def difference(self, value: float) -> str:
        """A difference of two, with its sign; in percentage points where the loss is a share."""
        size = f"{percent(abs(value))} points" if self.share else number(abs(value))
        return f"{'−' if value < 0 else '+'}{size}"


ERROR_RATE = LossName("error rate", share=True)


def slice_sentence(found: Slice, search: Search, measure: LossName = ERROR_RATE) -> str:
    """One of the worst slices."""
    return (
        f"Where {found.text}, {measure.name} is {measure.level(found.loss)}, elsewhere {measure.level(found.rest)} "
        f"({found.rows:,} rows, {percent(found.share)}{THIN}% of all). With {search.searched:,} slices searched, the "
        f"difference is between {measure.difference(found.low)} and {measure.difference(found.high)}. "
        "It says where the model is worse, not why."
    )


def segment_sentence(found: Contribution, of: Decomposition, name: str, measure: LossName = ERROR_RATE) -> str:
    """One segment's part in a change; `name` is how people write the segment."""
    opening = (
        f"Of the change of {measure.name} from {measure.level(of.reference_loss)} to {measure.level(of.loss)} "
        f"({measure.difference(of.change)}), rows with {name} carry {measure.difference(found.value)}"
    )
    shares = f"{percent(found.reference_share)}{THIN}% to {percent(found.share)}{THIN}%"
    match found.named:
        case "within":
            reason = f"in them it went from {measure.level(found.reference_loss)} to {measure.level(found.loss)}"
        case "mix":
            side = "above" if found.share > found.reference_share else "below"
            reason = f"their share of rows went from {shares}, and their {measure.name} is {side} the average"
        case _:
            return f"{opening}, which may be chance, help, or too little to name."
    return f"{opening}: {reason}. This is where the change is, not what caused it."


def cause_sentence(found: Cause, name: str) -> str:
    """One feature as an explanation; `name` is the user's name for it."""
    if found.drift <= 0:
        return f"{name} has not moved, so it does not explain the change."
    moved = f"{name} moved (PSI {found.drift:.2g} beyond chance)"
    if found.importance <= 0:
        return f"{moved}, but the score does not certainly follow it: taken alone it explains nothing."
    return (
        f"{moved}, and its bins explain {percent(found.importance)}{THIN}% of the variance of the score: by itself it "
        f"may have moved the mean score by up to about {found.reach:.2g} standard deviations. "
        "Whether it did is not shown."
    )
