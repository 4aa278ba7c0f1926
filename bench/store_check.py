"""A fleet in a database of its own, checked from what is stored: for `bench.check`."""

from __future__ import annotations

import dataclasses
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Engine

from modelwatch.core.window import BUCKET_US, DAY_US, HOUR_US, last_end
from modelwatch.jobs.check import checked, load_subject
from modelwatch.profiles import Binning, NumericBinning, Profile, encode, merge_blocks
from modelwatch.store import models, references
from modelwatch.store.engine import open_database, reading, writing
from modelwatch.store.migrate import migrate
from modelwatch.store.profiles import Series, Stretch, save_stretches

NOW = 1_700_000_000_000_000 // DAY_US * DAY_US + DAY_US - 1


def own_binning(binning: Binning, i: int) -> Binning:
    """The same bins under an id of its own: no two models share theirs."""
    first = binning.columns[0]
    assert isinstance(first.bins, NumericBinning)
    column = dataclasses.replace(first, bins=dataclasses.replace(first.bins, center=first.bins.center + i * 1e-9))
    return Binning((column, *binning.columns[1:]))


def moved(profile: Profile, own: Binning) -> bytes:
    """The block of a profile on another model's equal bins."""
    return encode(dataclasses.replace(profile, binning=own.id), own)


@contextmanager
def fleet_in_store(
    binning: Binning, reference: Profile, blocks: list[bytes], count: int, span_us: int
) -> Iterator[tuple[Engine, list[Series]]]:
    """`count` models with a day of `blocks`, as 5-minute buckets or rolled up into hours."""
    each = len(blocks) * BUCKET_US // DAY_US * span_us // BUCKET_US if span_us > BUCKET_US else 1
    groups = [blocks[i : i + each] for i in range(0, len(blocks), each)]
    day = [merge_blocks(group, binning) for group in groups]
    start = NOW - NOW % DAY_US
    with tempfile.TemporaryDirectory(prefix="modelwatch-bench-") as folder:
        engine = open_database(Path(folder) / "modelwatch.db")
        migrate(engine)
        series = []
        for first in range(0, count, 100):
            with writing(engine) as connection:
                for i in range(first, min(first + 100, count)):
                    own = own_binning(binning, i)
                    model = models.ensure_model(connection, "default", f"model {i}", 0)
                    models.set_settings(connection, model.id, "binary", {"window_seconds": 86_400})
                    row = models.ensure_deployment(connection, model.id, "production", "1", 0)
                    models.update_deployments(connection, [{"id": row.id, "last_event_us": NOW}])
                    body = references.BinningRow(own.id, "uploaded", None, 0, own.to_bytes())
                    references.save_binning(connection, model.id, body)
                    models.set_binning(connection, model.id, own.id)
                    said = {"model_id": model.id, "environment": "production", "version": "1", "kind": "uploaded"}
                    more = {"label": "", "rows": reference.rows, "created_us": 0, "binning": own.id, "file": ""}
                    references.save_reference(connection, {**said, **more, "body": moved(reference, own)})
                    series.append(Series(row.id))
                    stretches = [
                        Stretch(start + j * span_us, span_us, part.rows, own.id, moved(part, own))
                        for j, part in enumerate(day)
                    ]
                    save_stretches(connection, series[-1], stretches)
        yield engine, series
        engine.dispose()


def check_all(engine: Engine, series: list[Series]) -> float:
    """CPU seconds to load and check the newest one-day window of every series."""
    start = time.process_time()
    for each in series:
        with reading(engine) as connection:
            subject = load_subject(connection, each, NOW)
            assert subject is not None
            found = checked(connection, each, subject, [last_end(DAY_US, NOW)], NOW)
        assert found[0][0].rows > 0
    return time.process_time() - start


def store_figures(
    binning: Binning, reference: Profile, blocks: list[bytes], count: int
) -> list[tuple[str, float, str, float]]:
    """(name, value, unit, target) of checks that load what they need."""
    answer = []
    for name, span, models_here, target in (("hours", HOUR_US, count, 3.0), ("5 minutes", BUCKET_US, count // 20, 0.0)):
        with fleet_in_store(binning, reference, blocks, models_here, span) as (engine, series):
            cold = check_all(engine, series)
            warm = min(check_all(engine, series) for _ in range(2))
        factor = count / models_here
        answer.append((f"load and check {count:,} models, {name}", warm * factor, "s", target))
        answer.append(("  the first time, bins parsed", cold * factor, "s", 0.0))
    return answer
