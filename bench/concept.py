"""`python -m bench concept`: false alarms, delay and speed of concept-drift detection, and of river's detectors alone.

Errors are drawn independently: mistakes at a rate, or absolute errors of an exponential or a lognormal distribution.
Without drift, many cold starts of 5,000 labels and a few long streams are counted apart. Dependent errors come and go,
for a while or like day and night. With drift, the delay is from the first label of the new concept to the first alarm;
a run without one within 10,000 labels is a miss, and alarms before the change are early ones.
"""

from __future__ import annotations

import argparse
import math
import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bench.sequential import upper_bound
from modelwatch.monitors.concept import advance, begin

Floats = NDArray[np.float64]
Draw = Callable[[np.random.Generator, int], Floats]
Alarms = list[int]
"""Labels, counted from 1, at which an alarm was raised."""
Method = Callable[[Floats, str], dict[str, Alarms]]
"""Errors of a task -> alarms by name."""

COLD = 5_000
AFTER = 10_000


@dataclass(frozen=True, slots=True)
class Errors:
    """Errors of one concept: what they are called, of which task, and how they are drawn."""

    name: str
    task: str
    draw: Draw


def mistakes(rate: float) -> Errors:
    """Wrong with this probability."""
    return Errors(f"{rate:g}", "binary", lambda rng, n: (rng.random(n) < rate).astype(np.float64))


def exponential(mean: float) -> Errors:
    """Absolute errors with this mean."""
    return Errors(f"exponential x {mean:g}", "regression", lambda rng, n: rng.exponential(mean, n))


def lognormal(scale: float, sigma: float) -> Errors:
    """Absolute errors with this median and a tail as heavy as sigma."""
    return Errors(
        f"lognormal({sigma:g}) x {scale:g}", "regression", lambda rng, n: scale * rng.lognormal(0.0, sigma, n)
    )


def ours(errors: Floats, task: str) -> dict[str, Alarms]:
    """Findings of `modelwatch.monitors.concept`: all, and those from `warning` on."""
    numbers = np.arange(len(errors))
    found = advance(begin(task), errors, numbers, numbers)[1]
    return {
        "modelwatch": [each.label for each in found],
        "... warnings": [each.label for each in found if each.level.raised],
    }


def alone(name: str) -> Method:
    """A detector of river with its defaults, on the errors as they are."""
    from river import drift

    make: Callable[[], object] = {
        "ADWIN": drift.ADWIN,
        "DDM": drift.binary.DDM,
        "EDDM": drift.binary.EDDM,
        "Page-Hinkley": drift.PageHinkley,
    }[name]

    def run(errors: Floats, task: str) -> dict[str, Alarms]:
        detector = make()
        alarms = []
        for i, error in enumerate(errors.tolist()):
            detector.update(error)  # type: ignore[attr-defined]
            if detector.drift_detected:  # type: ignore[attr-defined]
                alarms.append(i + 1)
        return {f"river {name}": alarms}

    return run


BINARY_ONLY = ("DDM", "EDDM")
NO_DRIFT = (
    *(mistakes(rate) for rate in (0.01, 0.05, 0.2, 0.4)),
    exponential(1.0),
    lognormal(1.0, 1.0),
    lognormal(1.0, 2.0),
)
CHANGES = (
    (mistakes(0.05), mistakes(0.10), (1_000, 2_000, 5_000, 20_000, 100_000)),
    (mistakes(0.05), mistakes(0.20), (1_000, 5_000, 20_000)),
    (mistakes(0.01), mistakes(0.02), (5_000, 20_000)),
    (mistakes(0.20), mistakes(0.25), (5_000, 20_000)),
    (mistakes(0.40), mistakes(0.45), (5_000, 20_000)),
    (mistakes(0.10), mistakes(0.05), (5_000, 20_000)),
    (exponential(1.0), exponential(1.2), (5_000, 20_000)),
    (exponential(1.0), exponential(1.5), (1_000, 5_000, 20_000)),
    (lognormal(1.0, 1.0), lognormal(1.5, 1.0), (1_000, 5_000, 20_000)),
    (lognormal(1.0, 2.0), lognormal(2.0, 2.0), (5_000, 20_000)),
)


def methods(task: str, peers: bool) -> list[Method]:
    """What is compared for a task."""
    names = ("ADWIN", "Page-Hinkley", *(BINARY_ONLY if task == "binary" else ()))
    return [ours, *(alone(name) for name in names if peers)]


def gathered(runs: list[dict[str, Alarms]]) -> dict[str, list[Alarms]]:
    """Alarms of several streams by name."""
    return {name: [run[name] for run in runs] for name in runs[0]}


def false_alarms(chosen: argparse.Namespace) -> None:
    """Streams without drift."""
    title = f"{'errors':<20}{'method':<20}{'cold starts':>12}{'with alarm':>11}{'long labels':>13}{'alarms':>7}"
    print(f"{title}  per 100,000")
    for errors in NO_DRIFT:
        for run in methods(errors.task, chosen.peers):
            rng = np.random.default_rng(chosen.seed)
            cold = gathered([run(errors.draw(rng, COLD), errors.task) for _ in range(chosen.cold)])
            long = gathered([run(errors.draw(rng, chosen.labels), errors.task) for _ in range(chosen.streams)])
            labels = (chosen.cold * COLD + chosen.streams * chosen.labels) / 100_000
            for name in cold:
                total = sum(map(len, cold[name] + long[name]))
                print(
                    f"{errors.name:<20}{name:<20}{chosen.cold:>12,}{sum(map(bool, cold[name])):>11,}"
                    f"{chosen.streams * chosen.labels:>13,}{sum(map(len, long[name])):>7,}"
                    f"  {total / labels:.3f} (<= {upper_bound(total) / labels:.3f})",
                    flush=True,
                )


def bursts(dwell: int) -> Errors:
    """Mistakes at 2 % and at 8 % in turn, for a time with this mean."""

    def draw(rng: np.random.Generator, n: int) -> Floats:
        lengths = rng.geometric(1 / dwell, 2 * n // dwell + 100)
        rates = np.repeat(np.where(np.arange(len(lengths)) % 2, 0.08, 0.02), lengths)[:n]
        return (rng.random(n) < rates).astype(np.float64)

    return Errors(f"bursts of {dwell:,}", "binary", draw)


def cycle(period: int, height: float) -> Errors:
    """Mistakes at 5 %, up and down by `height` like day and night."""

    def draw(rng: np.random.Generator, n: int) -> Floats:
        rates = 0.05 + height * np.sin(2 * np.pi * np.arange(n) / period)
        return (rng.random(n) < rates).astype(np.float64)

    return Errors(f"5 +- {100 * height:g} %, every {period:,}", "binary", draw)


def dependent(chosen: argparse.Namespace) -> None:
    """Streams whose error rate comes and goes, and never changes for good."""
    print(f"{'errors':<28}{'method':<20}alarms per 100,000 labels")
    shapes = (bursts(50), bursts(200), bursts(1_000), cycle(1_000, 0.03), cycle(5_000, 0.015), cycle(5_000, 0.03))
    for errors in shapes:
        for run in (ours, alone("ADWIN")):
            rng = np.random.default_rng(chosen.seed)
            runs = [run(errors.draw(rng, chosen.labels), errors.task) for _ in range(chosen.streams)]
            for name, alarms in gathered(runs).items():
                rate = sum(map(len, alarms)) / (chosen.streams * chosen.labels) * 100_000
                print(f"{errors.name:<28}{name:<20}{rate:.2f}", flush=True)


def delays(chosen: argparse.Namespace) -> None:
    """Streams with one change."""
    print(f"{'change':<44}{'after':>8}  {'method':<20}{'median':>8}{'90 %':>8}{'misses':>8}{'early':>7}")
    for before, after, quiets in CHANGES:
        for quiet in quiets:
            for run in methods(before.task, chosen.peers):
                rng = np.random.default_rng(chosen.seed)
                streams = (
                    np.concatenate([before.draw(rng, quiet), after.draw(rng, AFTER)]) for _ in range(chosen.runs)
                )
                for name, alarms in gathered([run(stream, before.task) for stream in streams]).items():
                    change = f"{before.name} -> {after.name}"
                    print(f"{change:<44}{quiet:>8,}  {name:<20}{delay(alarms, quiet)}", flush=True)


def delay(runs: list[Alarms], quiet: int) -> str:
    """Median and 90 % of the labels from the change to the first alarm, misses, and alarms before the change."""
    found = sorted(next((label - quiet for label in alarms if label > quiet), math.inf) for alarms in runs)
    early = sum(label <= quiet for alarms in runs for label in alarms)
    middle, most = found[len(found) // 2], found[int(len(found) * 0.9)]
    return f"{shown(middle):>8}{shown(most):>8}{sum(map(math.isinf, found)):>8,}{early:>7,}"


def shown(labels: float) -> str:
    """A delay, or a dash where there was no alarm."""
    return f"{labels:,.0f}" if labels < math.inf else "-"


def speed(chosen: argparse.Namespace) -> None:
    """Microseconds of CPU per label."""
    print(f"{'errors':<20}{'method':<20}us per label")
    for errors in (mistakes(0.05), lognormal(1.0, 1.0)):
        stream = errors.draw(np.random.default_rng(chosen.seed), 1_000_000)
        for run in methods(errors.task, chosen.peers):
            name = next(iter(run(stream[:1_000], errors.task)))
            begun = time.process_time()
            run(stream, errors.task)
            print(f"{errors.name:<20}{name:<20}{time.process_time() - begun:.2f}", flush=True)


def main() -> None:
    """Run and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", choices=("alarms", "dependent", "delay", "speed"))
    parser.add_argument("--cold", type=int, default=400, help="cold starts of 5,000 labels without drift")
    parser.add_argument("--streams", type=int, default=4, help="long streams without drift")
    parser.add_argument("--labels", type=int, default=500_000, help="labels of a long stream")
    parser.add_argument("--runs", type=int, default=200, help="runs of each change")
    parser.add_argument("--no-peers", dest="peers", action="store_false", help="without river's detectors alone")
    parser.add_argument("--seed", type=int, default=7)
    chosen = parser.parse_args()
    parts = {"speed": speed, "alarms": false_alarms, "dependent": dependent, "delay": delays}
    for name, part in parts.items():
        if chosen.only in (None, name):
            part(chosen)
            print()


if __name__ == "__main__":
    main()
