"""What fairness costs, how often it is wrong, what it finds: `python -m bench fairness [--only PART ...]`.

Parts: `speed` (1,000,000 rows of 3 groups, from rows and from stored outcomes, beside fairlearn's MetricFrame in an
environment of its own), `chance` (groups that do not differ), `power` (groups that do), `adult` (the census, with a
boosted model). CPU time.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np

from bench.environments import InstallFailed, environment, python
from bench.fairness_adult import adult_told
from bench.fairness_chance import chance, power
from modelwatch.core.column import ColumnKey
from modelwatch.core.wire import Role
from modelwatch.monitors.fairness import Attribute, Fairness, FairnessSettings, check, grouped
from modelwatch.profiles.outcomes import Outcomes, Rows, count_labelled, count_seen, decode, encode, merge

ADAPTER: Final = Path(__file__).parent / "peers_adapters" / "fairlearn_frame.py"
FAIRLEARN: Final = ("fairlearn==0.15.0",)
ROWS: Final = 1_000_000
SETTINGS: Final = FairnessSettings((Attribute("group", Role.TAG),))


def cpu(work: Callable[[], object], times: int = 9) -> float:
    """The CPU seconds of the quickest of some runs."""
    found = []
    for _ in range(times):
        begun = time.process_time()
        work()
        found.append(time.process_time() - begun)
    return min(found)


def people(n: int) -> Rows:
    """Rows of three groups, of which the second is scored lower; the adapter makes the same."""
    random = np.random.default_rng(0)
    group = random.integers(0, 3, n)
    score = random.random(n) * np.where(group == 1, 0.6, 1.0)
    actual = (random.random(n) < score).astype(np.int64)
    cut = grouped(ColumnKey(Role.TAG, "group"), group, ["0", "1", "2"])
    predicted = (score > 0.5).astype(np.int64)
    return Rows(labels=("no", "yes"), predicted=predicted, actual=actual, score=score, positive=1, cuts=(cut,))


def counted(rows: Rows) -> Outcomes:
    """All rows in one slot."""
    slots = np.zeros(rows.n, np.int64)
    return merge([*count_seen(rows, slots, 1), *count_labelled(rows, slots, 1)])


def judged(outcomes: Outcomes) -> Fairness:
    """Every figure, spread and disparity."""
    return check(outcomes, SETTINGS, positive="yes")


def speed(_: argparse.Namespace) -> Iterator[str]:
    """What it costs, beside fairlearn on the same rows."""
    rows = people(ROWS)
    outcomes = counted(rows)
    block = encode(outcomes)
    found = judged(outcomes)
    yield f"from {ROWS:,} rows, 3 groups: {cpu(lambda: judged(counted(rows))) * 1e3:.1f} ms"
    yield f"  of which counting {cpu(lambda: counted(rows)) * 1e3:.1f} ms"
    yield f"from outcomes in memory: {cpu(lambda: judged(outcomes), 99) * 1e3:.2f} ms"
    yield f"from a stored block of {len(block):,} bytes: {cpu(lambda: judged(decode(block)), 99) * 1e3:.2f} ms"
    spreads = {each.metric.value: each.value for each in found.spreads}
    try:
        answer = fairlearn(ROWS)
    except InstallFailed as problem:
        yield f"fairlearn could not be installed: {problem}"
        return
    apart = max(abs(spreads[name] - value) for name, value in answer["spreads"].items())
    yield f"fairlearn's MetricFrame of five figures: {answer['frame']:.1f} s; seven metrics: {answer['metrics']:.1f} s"
    yield f"  largest difference between its spreads and these: {apart:.1g}"


def fairlearn(rows: int) -> dict[str, Any]:
    """What fairlearn says of the same rows, and how long it takes."""
    interpreter = str(python(environment("fairlearn", FAIRLEARN)))
    variables = {**os.environ, "OMP_NUM_THREADS": "1", "PYTHONWARNINGS": "ignore"}
    command = [interpreter, str(ADAPTER), str(rows)]
    ran = subprocess.run(command, env=variables, capture_output=True, text=True, check=True)
    answer: dict[str, Any] = json.loads(ran.stdout)
    return answer


PARTS: Final[dict[str, Callable[[argparse.Namespace], Iterator[str]]]] = {
    "speed": speed,
    "chance": lambda options: chance(options.windows, np.random.default_rng(options.seed)),
    "power": lambda options: power(options.windows // 10, np.random.default_rng(options.seed)),
    "adult": lambda _: adult_told(),
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the parts that are asked for."""
    parser = argparse.ArgumentParser(prog="python -m bench fairness", description=__doc__)
    parser.add_argument("--only", nargs="+", choices=list(PARTS), default=list(PARTS))
    parser.add_argument("--windows", type=int, default=4_000, help="of each kind in which groups do not differ")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args(arguments)
    for name in options.only:
        for line in PARTS[name](options):
            print(line, flush=True)
    return 0


if __name__ == "__main__":
    main()
