"""Which calibration gives the best estimates: simulated scores, what they mean known, estimated on a moved window.

python -m bench estimated_curves [--repetitions 15]
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray
from sklearn.isotonic import IsotonicRegression

from modelwatch.monitors.estimated.curve import LOG_ODDS, calibrate, logistic
from modelwatch.monitors.estimated.figures import binary_figures
from modelwatch.profiles.outcomes.grids import SCORE_BINS, score_bins

Floats = NDArray[np.float64]

MIDDLE = 1 / (1 + np.exp(-LOG_ODDS))
POSITIVE = MIDDLE >= 0.5
SHOWN = ("accuracy", "roc_auc", "f1")
SHAPES = ((2.0, 5.0), (0.4, 0.5), (0.3, 8.0))
"""Beta distributions of scores: mostly low, mostly sure, positives rare."""
MEANINGS: dict[str, Callable[[Floats], Floats]] = {
    "as said": lambda odds: odds,
    "too high": lambda odds: odds - 1,
    "too sure": lambda odds: odds / 2,
    "too timid": lambda odds: odds * 2,
    "wavy": lambda odds: odds + 0.5 * np.sin(2 * odds),
    "in steps": lambda odds: np.clip(2 * np.round(odds / 2), -4, 4),
}
SPLITS = 10


def isotonic(hits: Floats, rows: Floats) -> Floats:
    """Isotonic regression alone."""
    held = np.flatnonzero(rows)
    model = IsotonicRegression(out_of_bounds="clip").fit(held, hits[held] / rows[held], sample_weight=rows[held])
    return np.asarray(model.predict(np.arange(SCORE_BINS)))


def isotonic_if_better(hits: Floats, rows: Floats, random: np.random.Generator) -> Floats:
    """Isotonic regression where it lowers the expected calibration error of tenths left out, as NannyML decides."""
    left, came, told = np.zeros((3, SCORE_BINS))
    for _ in range(SPLITS):
        some = random.binomial(hits.astype(int), 0.1), random.binomial((rows - hits).astype(int), 0.1)
        curve = isotonic(hits - some[0], rows - some[0] - some[1])
        left, came, told = left + some[0] + some[1], came + some[0], told + curve * (some[0] + some[1])
    errors = [
        sum(abs((each - came)[tenth].sum()) for tenth in np.array_split(np.arange(SCORE_BINS), 10))
        for each in (MIDDLE * left, told)
    ]
    return MIDDLE if errors[0] <= errors[1] else isotonic(hits, rows)


def curves(hits: Floats, rows: Floats, random: np.random.Generator) -> Iterator[tuple[str, Floats]]:
    """The candidates."""
    yield "the score itself", MIDDLE
    yield "logistic curve", logistic(hits, rows)
    yield "isotonic regression", isotonic(hits, rows)
    yield "isotonic if better on rows left out", isotonic_if_better(hits, rows, random)
    yield "isotonic with a row of the logistic curve (modelwatch)", calibrate(hits[None], rows[None]).chance[0]


def figures(chance: Floats, rows: Floats) -> Floats:
    """The metrics in `SHOWN` of scores [256] that mean `chance`."""
    weights = np.zeros((3, 2, SCORE_BINS))
    for predicted, chosen in enumerate((~POSITIVE, POSITIVE)):
        weights[predicted] = rows * chosen * np.stack((1 - chance, chance))
    found = {figure.metric: figure.value for figure in binary_figures(weights)}
    return np.array([found[metric] for metric in SHOWN])


def errors_of(rows: int, repetitions: int, random: np.random.Generator) -> dict[str, Floats]:
    """The mean absolute error of each candidate, over all distributions and meanings, in thousandths."""
    found: dict[str, list[Floats]] = {}
    for meaning in MEANINGS.values():
        chance = 1 / (1 + np.exp(-meaning(LOG_ODDS)))
        for a, b in SHAPES:
            moved = np.bincount(score_bins(random.beta(1.5 * a + 0.2, 0.8 * b, 200_000)), minlength=SCORE_BINS)
            true = figures(chance, moved.astype(np.float64))
            for _ in range(repetitions):
                counts = np.bincount(score_bins(random.beta(a, b, rows)), minlength=SCORE_BINS)
                hits = random.binomial(counts, chance).astype(np.float64)
                for name, curve in curves(hits, counts.astype(np.float64), random):
                    found.setdefault(name, []).append(np.abs(figures(curve, moved.astype(np.float64)) - true))
    return {name: 1_000 * np.nanmean(each, axis=0) for name, each in found.items()}


def main() -> None:
    """One table."""
    parser = argparse.ArgumentParser(prog="python -m bench estimated_curves", description=__doc__)
    parser.add_argument("--repetitions", type=int, default=15)
    repetitions = parser.parse_args().repetitions
    sizes = (300, 1_000, 5_000, 50_000)
    random = np.random.default_rng(1)
    table = {rows: errors_of(rows, repetitions, random) for rows in sizes}
    print(
        "| error in thousandths: " + " / ".join(SHOWN) + " | " + " | ".join(f"{rows:,} rows" for rows in sizes) + " |"
    )
    print("| --- " * (len(sizes) + 1) + "|")
    for name in table[sizes[0]]:
        print(f"| {name} | " + " | ".join(" / ".join(f"{x:.1f}" for x in table[rows][name]) for rows in sizes) + " |")


if __name__ == "__main__":
    main()
