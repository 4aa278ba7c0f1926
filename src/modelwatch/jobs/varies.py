"""How much a good model's figures vary from window to window: told by the days of its baseline."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection

from modelwatch.core.window import DAY_US
from modelwatch.monitors.performance import measures, scatter
from modelwatch.monitors.performance.scatter import Scatter
from modelwatch.profiles.outcomes import Outcomes, merge
from modelwatch.store.baselines import Baseline
from modelwatch.store.outcomes import Side, find_reference_days, load_outcomes


def varies_of(
    connection: Connection,
    deployment_id: int,
    reference_id: int,
    baseline: Baseline,
    task: str,
    positive: str,
    length_us: int,
) -> Mapping[str, Scatter]:
    """The scatter of each metric between windows of a length, beyond what chance does; nothing for under five windows.

    The baseline's days tell, each taken to have an influence of its own on a window of several. Shorter windows vary at
    least as much as days do.
    """
    days = baseline_days(connection, deployment_id, reference_id, baseline)
    return scatter([measures(each, task, positive) for each in days], held_in_one=max(length_us / DAY_US, 1.0))


def baseline_days(connection: Connection, deployment_id: int, reference_id: int, baseline: Baseline) -> list[Outcomes]:
    """What came true of each day of the baseline, in order of time."""
    if baseline.kind == "reference":
        return find_reference_days(connection, reference_id)
    if baseline.start_us is None or baseline.end_us is None:
        return []
    days: dict[int, list[Outcomes]] = {}
    for each in load_outcomes(connection, deployment_id, baseline.start_us, baseline.end_us, Side.LABELLED):
        days.setdefault(each.start_us // DAY_US, []).append(each.outcomes)
    return [merge(days[day]) for day in sorted(days)]
