"""Performance estimated before labels come, against what was realized when they came.

    python -m bench estimated [--only classifiers|regressions|intervals|nannyml]

NannyML's sets and the bicycles are installed once, each without what its package needs to run; `nannyml` installs and
runs the whole of it on its own data.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import time
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression

from bench.environments import environment, python
from bench.estimated_data import Classifier, Regression, classifiers, outcomes, regressions
from bench.peers import ADAPTERS, PEERS
from bench.trust.real_data import columns_of
from modelwatch.monitors.estimated import (
    Estimated,
    LossModel,
    estimate,
    estimate_loss,
    judge_estimated,
    learn,
    learn_loss,
    rooted,
)
from modelwatch.monitors.performance import measures
from modelwatch.profiles import Binning, fit, profile
from modelwatch.profiles.outcomes import Outcomes
from modelwatch.profiles.places import placeable, places

SHOWN = (
    *("roc_auc", "accuracy", "balanced_accuracy", "f1", "precision", "recall", "specificity", "log_loss_ratio"),
    *("f1_macro", "recall_macro"),
)


def row(*cells: object) -> None:
    """One line of a table."""
    print("| " + " | ".join(str(cell) for cell in cells) + " |", flush=True)


def head(*cells: str) -> None:
    """The first two lines of a table."""
    row(*cells)
    row(*("---" for _ in cells))


def judged_classifier(data: Classifier) -> None:
    """One table of metrics, one of windows."""
    began = time.perf_counter()
    confidence = learn(data.reference, data.positive)
    learned = time.perf_counter()
    found = [estimate(confidence, window) for window in data.windows.values()]
    spent = (time.perf_counter() - learned) / len(found)
    print(f"\n{data.name}: learned in {learned - began:.4f} s, a window in {spent:.4f} s\n")
    task = "multiclass" if data.positive is None else "binary"
    came = [
        {each.metric: each for each in measures(window, task, data.positive or "") if not each.label}
        for window in data.windows.values()
    ]
    table = [{each.measure.metric: each for each in window if not each.measure.label} for window in found]
    levels = [{each.metric: each.level for each in judge_estimated(window, task)} for window in found]
    head("metric", "mean error", "of no estimate", "realized in the interval", "largest change / its error")
    for metric in (metric for metric in SHOWN if metric in table[0] and metric in came[0]):
        told = np.array([each[metric].measure.value for each in table])
        true = np.array([each[metric].value for each in came])
        base = table[0][metric].reference.value
        inside = sum(
            a[metric].measure.low <= b[metric].value <= a[metric].measure.high for a, b in zip(table, came, strict=True)
        )
        z = max(abs(each[metric].change / each[metric].change_error) for each in table)
        error, without = np.abs(told - true).mean(), np.abs(base - true).mean()
        row(metric, f"{error:.4f}", f"{without:.4f}", f"{inside} of {len(true)}", f"{z:.1f}")
    print()
    shown = ("roc_auc", "balanced_accuracy") if data.positive is not None else ("accuracy", "recall_macro")
    head("window", *(f"{metric}: reference, estimated, realized, level" for metric in shown))
    for name, now, real, level in zip(data.windows, table, came, levels, strict=True):
        row(name, *(windowed(now[metric], real[metric].value, level[metric]) for metric in shown))


def windowed(now: Estimated, real: float, level: str) -> str:
    """One metric of one window."""
    return f"{now.reference.value:.4f}, {now.measure.value:.4f} ± {1.96 * now.measure.error:.4f}, {real:.4f}, {level}"


def taught(data: Regression) -> tuple[Binning, LossModel, LossModel]:
    """The bins of the features, and the models of the size of errors and of their squares."""
    columns = columns_of(data.reference[list(data.features)])
    binning = fit(columns)
    codes = places(binning, columns, len(data.reference))
    error = (data.reference["predicted"] - data.reference["actual"]).to_numpy(np.float64)
    ordered = binning.numeric[placeable(binning)]
    return binning, learn_loss(codes, np.abs(error), ordered), learn_loss(codes, error**2, ordered)


def judged_regression(data: Regression) -> None:
    """One table of windows, MAE and RMSE."""
    began = time.perf_counter()
    binning, size, square = taught(data)
    spent = time.perf_counter() - began
    print(
        f"\n{data.name}: {len(data.reference):,} rows, learned in {spent:.1f} s; share of |error| explained on rows "
        f"left out {size.explained:.2f}\n"
    )
    head("window", "MAE: reference, estimated, realized, level", "RMSE: reference, estimated, realized, level")
    errors = []
    for name, rows in data.windows.items():
        mae, rmse = estimated_errors(binning, (size, square), rows, data.features)
        error = (rows["predicted"] - rows["actual"]).to_numpy(np.float64)
        real = float(np.abs(error).mean()), float(np.sqrt((error**2).mean()))
        levels = {each.metric: each.level for each in judge_estimated((mae, rmse), "regression")}
        errors.append([abs(mae.measure.value - real[0]), abs(size.mean - real[0])])
        told = (regressed(each, x, levels[each.measure.metric]) for each, x in zip((mae, rmse), real, strict=True))
        row(name, *told)
    error, without = np.mean(errors, axis=0)
    print(f"\nmean error of the MAE {error:.4g}, of no estimate {without:.4g}")


def estimated_errors(
    binning: Binning, models: tuple[LossModel, LossModel], rows: pd.DataFrame, features: Sequence[str]
) -> tuple[Estimated, Estimated]:
    """MAE and RMSE of a window, from its profile alone."""
    held = profile(binning, columns_of(rows[list(features)]))
    counts = held.counts[placeable(binning)]
    size, square = (estimate_loss(model, counts, held.weight, held.effective_rows) for model in models)
    return size, rooted(square)


def regressed(now: Estimated, real: float, level: str) -> str:
    """One metric of one window."""
    told = f"{now.measure.value:.4g} ({now.measure.low:.4g} to {now.measure.high:.4g})"
    return f"{now.reference.value:.4g}, {told}, {real:.4g}, {level}"


def intervals(repetitions: int = 200) -> None:
    """How often the realized value lies in the interval, and how often nothing is taken for something."""
    print("\nsimulated scores, what a score means does not change\n")
    head("reference", "window", "scores", "metric", "in the 95 % interval", "unmoved: at notice or above")
    random = np.random.default_rng(1)
    for rows, window in ((1_000, 500), (10_000, 2_000), (50_000, 5_000)):
        for kind, odds in (("calibrated", 0.0), ("too high", -1.0)):
            inside: dict[str, list[bool]] = {}
            false: dict[str, list[bool]] = {}
            for _ in range(repetitions):
                confidence = learn(drawn(random, 2, 3, rows, odds), "yes")
                moved, same = drawn(random, 3, 2, window, odds), drawn(random, 2, 3, window, odds)
                came = {each.metric: each.value for each in measures(moved, "binary", "yes")}
                for each in estimate(confidence, moved):
                    measure = each.measure
                    held = measure.low <= came[measure.metric] <= measure.high
                    inside.setdefault(measure.metric, []).append(held)
                for judged in judge_estimated(estimate(confidence, same), "binary"):
                    false.setdefault(judged.metric, []).append(judged.level not in ("ok", "insufficient_data"))
            for metric, held_ in inside.items():
                wrong = f"{np.mean(false[metric]):.1%}" if metric in false else ""
                row(f"{rows:,}", f"{window:,}", kind, metric, f"{np.mean(held_):.0%}", wrong)


def drawn(random: np.random.Generator, a: float, b: float, rows: int, odds: float) -> Outcomes:
    """Scores of a beta distribution, whose true log odds differ from what they say."""
    score = random.beta(a, b, rows)
    chance = 1 / (1 + np.exp(-np.log(score / (1 - score)) - odds))
    said, came = (np.where(x, "yes", "no").tolist() for x in (score >= 0.5, random.random(rows) < chance))
    return outcomes(said, score, came, "yes")


def missed_structure(repetitions: int = 30, rows: int = 50_000, window: int = 5_000) -> None:
    """A model without the interaction that its data have, and one with it, when the inputs move."""
    random = np.random.default_rng(1)

    def world(n: int, moved: bool) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
        x = random.normal(size=(n, 3))
        if moved:
            x = x * [1.3, 0.8, 1.0] + [0.5, -0.4, 0.3]
        odds = 1.5 * x[:, 0] - x[:, 1] + 0.7 * x[:, 0] * x[:, 2]
        return x, random.random(n) < 1 / (1 + np.exp(-odds))

    def counted(model: Any, n: int, moved: bool) -> Outcomes:
        x, came = world(n, moved)
        score = model.predict_proba(x)[:, 1]
        said, true = (np.where(each, "yes", "no").tolist() for each in (score >= 0.5, came))
        return outcomes(said, score, true, "yes")

    print("\nan interaction in the data, inputs moved by half a standard deviation\n")
    head("model", "metric", "mean error", "half of the 95 % interval", "realized in it")
    for model in (LogisticRegression(), HistGradientBoostingClassifier(max_iter=60, random_state=1)):
        model.fit(*world(20_000, False))
        found: dict[str, list[tuple[float, float]]] = {}
        for _ in range(repetitions):
            confidence, now = learn(counted(model, rows, False), "yes"), counted(model, window, True)
            came = {each.metric: each.value for each in measures(now, "binary", "yes")}
            for each in estimate(confidence, now):
                pair = abs(each.measure.value - came[each.measure.metric]), 1.96 * each.measure.error
                found.setdefault(each.measure.metric, []).append(pair)
        for metric in ("roc_auc", "accuracy"):
            error, half = np.array(found[metric]).T
            row(
                type(model).__name__,
                metric,
                f"{error.mean():.4f}",
                f"{half.mean():.4f}",
                f"{(error <= half).mean():.0%}",
            )


def nannyml() -> None:
    """NannyML's own estimates, in an environment of its own."""
    peer = next(peer for peer in PEERS if peer.name == "nannyml")
    interpreter = python(environment(peer.name, peer.pins))
    variables = {**os.environ, "NML_DISABLE_USAGE_LOGGING": "1", "OMP_NUM_THREADS": "1"}
    subprocess.run([str(interpreter), str(ADAPTERS / "nannyml_performance.py")], env=variables, check=True)


def main() -> None:
    """All, or a part."""
    parser = argparse.ArgumentParser(prog="python -m bench estimated", description=__doc__)
    parser.add_argument("--only", choices=("classifiers", "regressions", "intervals", "nannyml"))
    asked = parser.parse_args().only
    if asked in (None, "classifiers"):
        for data in classifiers():
            judged_classifier(data)
    if asked in (None, "regressions"):
        for regression in regressions():
            judged_regression(regression)
    if asked in (None, "intervals"):
        intervals()
        missed_structure()
    if asked == "nannyml":
        nannyml()


if __name__ == "__main__":
    main()
