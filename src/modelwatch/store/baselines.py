"""What a model's outcomes are held against: those of its reference, else its own first weeks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection

from modelwatch.core.window import DAY_US, MIN_ROWS
from modelwatch.monitors.performance.maturity import Delays, delays_of
from modelwatch.profiles.outcomes import EMPTY, Outcomes, Total, merge
from modelwatch.store.models import DeploymentRow
from modelwatch.store.outcomes import Side, find_reference_outcomes, first_labelled, load_outcomes

FIRST_US: Final = 7 * DAY_US
"""A week has every day of the week."""
FIRST_MOST_US: Final = 28 * DAY_US
FIRST_ROWS: Final = 2_000
"""Labelled predictions that make a baseline: its own error then adds little to that of a window."""
PASTS_US: Final = (7 * DAY_US, 28 * DAY_US)
"""How far back delays of labels are learned from: a week, or four where a week has too few labels."""
NEARLY_ALL: Final = 0.8
"""The share of predictions that must be labelled before the horizon has passed for these labels to be all there will
be; of fewer it is not known which ones come first."""


@dataclass(frozen=True, slots=True, eq=False)
class Baseline:
    """Outcomes of the `kind` 'reference' or 'first_weeks', which were until `end_us`; '' for none."""

    kind: str = ""
    outcomes: Outcomes = EMPTY
    start_us: int | None = None
    end_us: int | None = None

    def said(self) -> dict[str, Any]:
        """What is stored of it with each window."""
        rows = float(self.outcomes.totals()[Total.ROWS])
        return {"kind": self.kind, "rows": rows, "start_us": self.start_us, "end_us": self.end_us}


def find_baseline(connection: Connection, deployment: DeploymentRow, reference_id: int, mature_us: int) -> Baseline:
    """The outcomes of the reference if it has enough, else the first weeks of the deployment.

    `mature_us`: predictions from then on may still get labels. The first weeks are the first seven days that have
    labels, or as many as it takes to have 2,000 labelled predictions, 28 at most: truth may come to be known long after
    a model was deployed.
    """
    found = find_reference_outcomes(connection, reference_id)
    if found is not None and found.totals()[Total.ROWS] >= MIN_ROWS:
        return Baseline("reference", found)
    first = first_labelled(connection, deployment.id)
    if first is None:
        return Baseline()
    start = first - first % DAY_US
    end, held = start, EMPTY
    stretches = load_outcomes(connection, deployment.id, start, min(start + FIRST_MOST_US, mature_us))
    for day in range(start, start + FIRST_MOST_US, DAY_US):
        if day + DAY_US > mature_us:
            break
        held = merge([held, *(s.outcomes for s in stretches if day <= s.start_us < day + DAY_US)])
        end = day + DAY_US
        if end - start >= FIRST_US and held.totals()[Total.ROWS] >= FIRST_ROWS:
            return Baseline("first_weeks", held, start, end)
    if end - start >= FIRST_MOST_US and held.totals()[Total.ROWS] >= MIN_ROWS:
        return Baseline("first_weeks", held, start, end)
    return Baseline()


def read_baseline(connection: Connection, deployment_id: int, reference_id: int, said: Mapping[str, Any]) -> Outcomes:
    """The outcomes of a baseline as `said` describes it; none when the reference is another one by now."""
    if said.get("kind") == "reference":
        found = find_reference_outcomes(connection, reference_id)
        same = found is not None and float(found.totals()[Total.ROWS]) == said.get("rows")
        return found if found is not None and same else EMPTY
    if said.get("kind") != "first_weeks":
        return EMPTY
    start, end = int(said["start_us"]), int(said["end_us"])
    return merge(each.outcomes for each in load_outcomes(connection, deployment_id, start, end, Side.LABELLED))


def find_delays(connection: Connection, deployment_id: int, now_us: int, horizon_us: int) -> Delays | None:
    """How long labels take, from predictions that are as old as there are: beyond the horizon, or a week, or a day.

    Labels may come selectively, of frauds within days and of all else at the horizon: predictions that are younger tell
    only where nearly all of them are labelled.
    """
    for age in (horizon_us, FIRST_US, DAY_US):
        for past in PASTS_US:
            stretches = load_outcomes(connection, deployment_id, now_us - age - past, now_us - age)
            old = merge(each.outcomes for each in stretches if each.start_us + each.span_us <= now_us - age)
            found = delays_of(old)
            if found is not None and (age >= horizon_us or found.final >= NEARLY_ALL):
                return found
            if found is not None:
                break
    return None
