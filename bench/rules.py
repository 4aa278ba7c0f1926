"""What rules cost where windows settle, and in a back-test: `python -m bench.rules`.

One model of 50 columns with a day of windows on the 5-minute grid; one more bucket of data touches twelve windows of
an hour. Times are CPU seconds of one core, the best of several rounds.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from sqlalchemy import Engine

from modelwatch.alerts.rule import Rule
from modelwatch.alerts.rule_json import rule_from_json
from modelwatch.core.column import ColumnKey
from modelwatch.core.level import CODE, Level
from modelwatch.core.window import BUCKET_US, DAY_US, HOUR_US
from modelwatch.core.wire import Role
from modelwatch.jobs.rules import Settled, Source, evaluate_rules
from modelwatch.monitors.drift import DriftTable
from modelwatch.monitors.drift.table import LEVELS, METRICS, ROWS
from modelwatch.profiles import NumericValues, fit
from modelwatch.server.queries.backtest import back_test
from modelwatch.store import models, references, rules
from modelwatch.store.checks import CheckRow, save_checks
from modelwatch.store.engine import open_database, reading, writing
from modelwatch.store.migrate import migrate
from modelwatch.store.profiles import Series

NOW = 1_700_000_000_000_000 // DAY_US * DAY_US
COLUMNS = 50
TOUCHED = 12


def table(rng: np.random.Generator) -> DriftTable:
    """A window in which nothing much happens."""
    quiet: dict[str, Any] = {name: rng.uniform(0, 0.05, COLUMNS) for name in METRICS}
    quiet |= {name: np.full(COLUMNS, CODE[Level.OK], np.uint8) for name in LEVELS}
    quiet |= dict.fromkeys(ROWS, 4_000.0)
    return DriftTable(judged=COLUMNS, **quiet)


def filled(engine: Engine, days: int) -> Series:
    """The model with its windows."""
    rng = np.random.default_rng(1)
    binning = fit({ColumnKey(Role.FEATURE, f"f{i}"): NumericValues(rng.normal(0, 1, 2_000)) for i in range(COLUMNS)})
    with writing(engine) as connection:
        model = models.ensure_model(connection, "default", "m", 0)
        body = references.BinningRow(binning.id, "uploaded", None, 0, binning.to_bytes())
        references.save_binning(connection, model.id, body)
        models.set_binning(connection, model.id, binning.id)
        series = Series(models.ensure_deployment(connection, model.id, "production", "1", 0).id)
        seen = {"last_event_us": NOW - 1, "first_event_us": NOW - days * DAY_US, "length_us": HOUR_US}
        models.update_deployments(connection, [{"id": series.deployment_id, **seen}])
        codes = bytes([CODE[Level.OK]] * COLUMNS)
        bodies = [table(rng).to_bytes() for _ in range(64)]
        save_checks(
            connection,
            series,
            (
                CheckRow(
                    HOUR_US,
                    end,
                    0,
                    4_000.0,
                    Level.OK,
                    0,
                    0.05,
                    [],
                    codes,
                    codes,
                    binning.id,
                    1,
                    bodies[i % len(bodies)],
                )
                for i, end in enumerate(range(NOW - days * DAY_US + BUCKET_US, NOW + 1, BUCKET_US))
            ),
        )
    return series


def rule(i: int) -> Rule:
    """One of a hundred rules as people write them: most name a feature, some ask for any."""
    feature = "*" if i % 10 == 9 else f"f{i % COLUMNS}"
    metric = ("psi", "nulls", "ks")[i % 3]
    said: dict[str, Any] = {"metric": metric, "feature": feature, "operator": "greater_than", "threshold": 0.25}
    if i % 7 == 3:
        said |= {"change": "absolute", "windows_ago": 2}
    found = rule_from_json({"rule_name": f"r{i}", "model_id": "m", "condition": said, "for": {"k": 2, "n": 3}})
    assert isinstance(found, Rule)
    return found


def settle(engine: Engine, series: Series) -> float:
    """CPU milliseconds of evaluating what looks at twelve windows that have settled."""
    with writing(engine) as connection:
        deployment = models.get_deployment(connection, series.deployment_id)
        model = models.get_model(connection, deployment.model_id)
        settled = Settled(Source.CHECKS, HOUR_US, NOW - (TOUCHED - 1) * BUCKET_US, NOW)
        begun = time.process_time()
        evaluate_rules(connection, model, deployment, settled, NOW)
        return (time.process_time() - begun) * 1e3


def best(work: Callable[[], float], rounds: int) -> float:
    """The best of several rounds."""
    return min(work() for _ in range(rounds))


def tried(engine: Engine, found: Rule) -> float:
    """CPU seconds of a back-test over 90 days."""
    begun = time.process_time()
    with reading(engine) as connection:
        back_test(connection, found, 90, lambda: NOW)
    return time.process_time() - begun


def main() -> None:
    """Print the table."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--rounds", type=int, default=10)
    rounds = asked.parse_args().rounds
    with tempfile.TemporaryDirectory(prefix="modelwatch-bench-") as folder:
        engine = open_database(Path(folder) / "modelwatch.db")
        migrate(engine)
        series = filled(engine, 90)
        print(f"no rule, 12 windows settled             {best(lambda: settle(engine, series), rounds):8.2f} ms")
        done = 0
        for count in (1, 10, 100):
            with writing(engine) as connection:
                for i in range(done, count):
                    rules.add_rule(connection, "default", f"rule_{i}", rule(i), "", 0)
            done = count
            print(
                f"{count:>3} rules, 12 windows settled           {best(lambda: settle(engine, series), rounds):8.2f} ms"
            )
        print(f"back-test, one feature, 90 days         {best(lambda: tried(engine, rule(0)), 2):8.2f} s")
        print(f"back-test, any of 50 features, 90 days  {best(lambda: tried(engine, rule(9)), 1):8.2f} s")
        engine.dispose()


if __name__ == "__main__":
    main()
