"""What the statistics are worth: `python -m bench statistics [--only SECTION ...] [--quick] [--json FILE]`.

False alarms without drift, alerts per model-day, power, dependent rows, robustness and speed, each with its sampling
error: 95 % intervals of Clopper and Pearson in brackets. Runs on one core.
"""

from __future__ import annotations

import argparse
import json
import platform
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np

from bench.trust.dependent import dependent
from bench.trust.effort import FULL, QUICK, Effort
from bench.trust.figure import Figure, table
from bench.trust.model_days import model_days
from bench.trust.no_drift import no_drift
from bench.trust.power import power
from bench.trust.real_data import real_data
from bench.trust.robustness import robustness
from bench.trust.speed import speed

Section = Callable[[Effort, np.random.Generator], Iterator[Figure]]

SECTIONS: dict[str, Section] = {
    "no-drift": no_drift,
    "model-days": model_days,
    "real-data": real_data,
    "dependent": dependent,
    "power": power,
    "robustness": robustness,
    "speed": speed,
}


def main() -> int:
    """Measures the sections asked for; each begins at the same seed, so it does not depend on the others."""
    parser = argparse.ArgumentParser(prog="python -m bench statistics", description=__doc__)
    parser.add_argument("--only", nargs="+", choices=list(SECTIONS), default=list(SECTIONS), metavar="SECTION")
    parser.add_argument("--quick", action="store_true", help="a twentieth of the repetitions")
    parser.add_argument("--model-days", type=int, help="how many to simulate of each kind of window")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--json", type=Path, help="write the figures here, too")
    options = parser.parse_args()
    effort = QUICK if options.quick else FULL
    if options.model_days:
        effort = replace(effort, model_days=options.model_days)
    figures: list[Figure] = []
    for name in options.only:
        start = time.process_time()
        found = []
        for each in SECTIONS[name](effort, np.random.default_rng(options.seed)):
            print(f"{each.name}: {each.measured} {each.goal} {each.note}", file=sys.stderr, flush=True)
            found.append(each)
        print(f"{name} took {time.process_time() - start:.0f} s CPU", file=sys.stderr, flush=True)
        figures += found
    print(table(figures))
    if options.json:
        held = {"machine": platform.machine(), "python": platform.python_version(), "seed": options.seed}
        options.json.write_text(json.dumps({**held, "figures": [each.to_dict() for each in figures]}, indent=1))
    return 1 if any(each.reached is False for each in figures) else 0


if __name__ == "__main__":
    sys.exit(main())
