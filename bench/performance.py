"""What judging performance is worth: `python -m bench performance [--only SECTION ...] [--quick]`.

False alerts when nothing changes, power, the flights of 2013 and speed; 95 % intervals of Clopper and Pearson in
brackets. Runs on one core.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Iterator

import numpy as np

from bench.trust.effort import FULL, QUICK, Effort
from bench.trust.figure import Figure, table
from bench.worth.flights import flights
from bench.worth.model_days import model_days
from bench.worth.notices import notices
from bench.worth.power import power
from bench.worth.speed import speed

SECTIONS: dict[str, Callable[[Effort, np.random.Generator], Iterator[Figure]]] = {
    "model-days": model_days,
    "notices": notices,
    "power": power,
    "flights": flights,
    "speed": speed,
}


def main() -> int:
    """Measures the sections asked for, each from the same seed."""
    parser = argparse.ArgumentParser(prog="python -m bench performance", description=__doc__)
    parser.add_argument("--only", nargs="+", choices=list(SECTIONS), default=list(SECTIONS), metavar="SECTION")
    parser.add_argument("--quick", action="store_true", help="a twentieth of the repetitions")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    figures: list[Figure] = []
    for name in options.only:
        start = time.process_time()
        for each in SECTIONS[name](QUICK if options.quick else FULL, np.random.default_rng(options.seed)):
            print(f"{each.name}: {each.measured} {each.goal} {each.note}", file=sys.stderr, flush=True)
            figures.append(each)
        print(f"{name} took {time.process_time() - start:.0f} s CPU", file=sys.stderr, flush=True)
    print(table(sorted(figures, key=lambda each: [figure.section for figure in figures].index(each.section))))
    return 1 if any(each.reached is False for each in figures) else 0


if __name__ == "__main__":
    sys.exit(main())
