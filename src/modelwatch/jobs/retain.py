"""Housekeeping: profiles and outcomes roll up as they age; the quarantine, what was told and what broke off go."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from sqlalchemy import Connection, Engine

from modelwatch.core.reference import from_json, reach
from modelwatch.core.window import BUCKET_US, DAY_US, HOUR_US
from modelwatch.jobs import id_sketches
from modelwatch.jobs.windows import total
from modelwatch.profiles import encode
from modelwatch.store import ledger, models, outcomes, segments
from modelwatch.store.action_runs import forget_runs
from modelwatch.store.binnings import load_binning
from modelwatch.store.engine import reading, writing
from modelwatch.store.groups import forget_groups
from modelwatch.store.messages import forget_messages
from modelwatch.store.profiles import Series, Stretch, drop_stretches, load_stretches, save_stretches, spans
from modelwatch.store.rules import forget_old_states

FINE_US = 2 * DAY_US
"""5-minute buckets are kept for 48 hours, then hours."""
FINE_FOR_LONG_US = 2 * HOUR_US
"""Windows of a day or more stand on a grid of hours: nothing reads their 5-minute buckets."""
HOURS_US = 90 * DAY_US
"""Hours are kept for 90 days, then days; longer where a seasonal reference of a window that old still needs them."""
CELLS_AT_ONCE = 24
"""Stretches of outcomes that are made in one transaction."""
QUARANTINE_US = 30 * DAY_US
QUARANTINE_ROWS = 100_000
MESSAGES_US = 30 * DAY_US
"""What was told, and together with what: a message links to its group, so the group stays as long."""
RULE_STATES_US = 90 * DAY_US
"""What was said of a rule for a version: as far back as a back-test looks. A version without data for that long is no
longer in service."""
RUNS_US = 400 * DAY_US
"""Runs of actions are an audit trail, and a cool-down may last a year."""

Place = tuple[int, outcomes.Side]
"""Where a stretch begins, and who counts it."""


def roll_up_model(engine: Engine, deployment: models.DeploymentRow, wall_us: int, limit: int = 2000) -> int:
    """Merge old stretches of a deployment into hours and days; returns how many went, at most about `limit`."""
    if deployment.last_event_us is None:
        return 0
    now = deployment.now_us(wall_us)
    fine = FINE_FOR_LONG_US if (deployment.length_us or 0) >= DAY_US else FINE_US
    with reading(engine) as connection:
        every = segments.series_of(connection, deployment.model_id, deployment.id)
    gone = roll_up_outcomes(engine, deployment.id, now, fine, limit)
    return gone + sum(roll_up_series(engine, deployment, series, now, fine, limit) for series in every)


def roll_up_outcomes(engine: Engine, deployment_id: int, now: int, fine: int, limit: int) -> int:
    """Merge what came true of old predictions into hours and days, by the ages of profiles."""
    gone = 0
    for coarse, before in ((HOUR_US, now - fine), (DAY_US, now - HOURS_US)):
        with reading(engine) as connection:
            old = outcomes.spans(connection, deployment_id, before - before % coarse, coarse)[:limit]
        places = sorted({(start - start % coarse, side) for start, side in old})
        for some in batched(places, CELLS_AT_ONCE):
            with writing(engine) as connection:
                gone += sum(outcomes.roll_up(connection, deployment_id, side, start, coarse) for start, side in some)
    return gone


def batched(places: Sequence[Place], n: int) -> Iterator[Sequence[Place]]:
    """Pieces of at most `n`."""
    return (places[i : i + n] for i in range(0, len(places), n))


def roll_up_series(
    engine: Engine, deployment: models.DeploymentRow, series: Series, now: int, fine: int, limit: int
) -> int:
    """Merge the stretches of one series that are older than `fine` into hours, and very old ones into days."""
    gone = 0
    with reading(engine) as connection:
        settings = models.get_model(connection, deployment.model_id).settings
    hours = HOURS_US + reach(from_json(settings.get("reference")))
    for span, coarse, before in ((BUCKET_US, HOUR_US, now - fine), (HOUR_US, DAY_US, now - hours)):
        with reading(engine) as connection:
            old = [s for s in spans(connection, series, -(2**62), before - before % coarse) if s[1] <= span]
        for cell in cells(old[:limit], coarse):
            with writing(engine) as connection:
                gone += roll_up_cell(connection, deployment, series, cell, coarse)
    return gone


def cells(stretches: Iterable[tuple[int, int, float]], coarse: int) -> list[int]:
    """The starts of the coarse stretches that hold fine ones."""
    return sorted({start - start % coarse for start, _, _ in stretches})


def roll_up_cell(
    connection: Connection, deployment: models.DeploymentRow, series: Series, start: int, coarse: int
) -> int:
    """Replace all stretches inside one coarse one by their sum."""
    model = models.get_model(connection, deployment.model_id)
    parts = load_stretches(connection, series, start, start + coarse)
    if model.binning_hash is None or all(part.span_us >= coarse for part in parts):
        return 0
    binning = load_binning(connection, model.id, model.binning_hash)
    summed = total(parts, binning, lambda name: load_binning(connection, model.id, name))
    drop_stretches(connection, series, [(part.start_us, part.span_us) for part in parts])
    save_stretches(connection, series, [Stretch(start, coarse, summed.rows, binning.id, encode(summed, binning))])
    if not series.segment:
        id_sketches.roll_up(connection, deployment.id, start, coarse)
    return len(parts)


def drop_unfinished(uploads: Path, wall_us: int) -> int:
    """Delete uploads that broke off more than a day ago; returns how many."""
    old = [path for path in uploads.glob("*.part") if path.stat().st_mtime * 1e6 < wall_us - DAY_US]
    for path in old:
        path.unlink(missing_ok=True)
    return len(old)


def retain(engine: Engine, uploads: Path, wall_us: int) -> int:
    """One round over all deployments, what is quarantined, messages and uploads; returns how many things went."""
    with reading(engine) as connection:
        deployments = models.list_deployments(connection)
    gone = sum(roll_up_model(engine, deployment, wall_us) for deployment in deployments)
    with writing(engine) as connection:
        gone += ledger.expire_quarantine(connection, wall_us - QUARANTINE_US, QUARANTINE_ROWS)
        gone += forget_messages(connection, wall_us - MESSAGES_US)
        gone += forget_groups(connection, wall_us - MESSAGES_US)
        gone += forget_old_states(connection, wall_us - RULE_STATES_US)
        gone += forget_runs(connection, wall_us - RUNS_US)
    return gone + drop_unfinished(uploads, wall_us)
