"""`python -m bench slices_flights`: where the flights model is worst in July, and what July changed. Needs the demo."""

from __future__ import annotations

import argparse

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from modelwatch.cli.demo.delays import train
from modelwatch.cli.demo.flights import FEATURES, load
from modelwatch.core.column import ColumnKey
from modelwatch.core.wire import Role
from modelwatch.monitors.performance.causes import causes, importance
from modelwatch.monitors.performance.coded import Coded, bands, capped
from modelwatch.monitors.performance.contributions import contributions
from modelwatch.monitors.performance.loss_sums import LossSums, loss_sums
from modelwatch.monitors.performance.sentences import cause_sentence, segment_sentence, slice_sentence
from modelwatch.monitors.performance.slices import worst_slices

Floats = NDArray[np.float64]
SHOWN = 5


def columns_of(rows: pd.DataFrame) -> list[Coded]:
    """The features, cut."""
    found = []
    for name in FEATURES:
        key = ColumnKey(Role.FEATURE, name)
        if isinstance(rows[name].dtype, pd.CategoricalDtype):
            codes = rows[name].cat.codes.to_numpy().astype(np.int64)
            found.append(Coded(key, *capped(codes, list(rows[name].cat.categories))))
        else:
            found.append(Coded(key, *bands(rows[name].to_numpy(float)), banded=True))
    return found


def errors(rows: pd.DataFrame) -> Floats:
    """1 where the label was wrong."""
    wrong: Floats = ((rows["predicted"] == "late") != (rows["late"] == 1)).to_numpy().astype(float)
    return wrong


def days(rows: pd.DataFrame) -> NDArray[np.int64]:
    """The day of each flight, from 0."""
    found: NDArray[np.int64] = np.unique(rows["day"].to_numpy(), return_inverse=True)[1]
    return found


def by_day(rows: pd.DataFrame, codes: NDArray[np.int64], segments: int) -> LossSums:
    """The sums of errors [days, segments]."""
    day = days(rows)
    count = int(day.max()) + 1
    return loss_sums(errors(rows), day * segments + codes, count * segments, binary=True).reshape(count, segments)


def searches(name: str, rows: pd.DataFrame) -> None:
    """The worst slices, with and without days."""
    made = columns_of(rows)
    for told, day in (("rows independent", None), ("days as clusters", days(rows))):
        found = worst_slices(errors(rows), made, cluster=day)
        certain = f"{found.certain} of {found.searched:,} slices certain and large"
        print(f"{name}, {told}: {found.rows:,} flights, {certain}")
        for one in found.slices[:SHOWN]:
            print("   ", slice_sentence(one, found))


def change(reference: pd.DataFrame, july: pd.DataFrame) -> None:
    """The segments that carry July's change of the error rate, and the features that may be behind it."""
    made = columns_of(pd.concat([reference, july]))
    before = np.arange(len(reference) + len(july)) < len(reference)
    drift = []
    for column in made:
        count = len(column.labels)
        split = contributions(
            by_day(reference, column.codes[before], count), by_day(july, column.codes[~before], count)
        )
        print(f"{column.key.name}: within {split.within:+.4f}, mix {split.mix:+.4f}")
        for one in split.segments:
            if one.named:
                print("   ", segment_sentence(one, split, column.text(one.segment)))
        drift.append(debiased_psi(column.codes[before], column.codes[~before], count))
    scores = importance(reference["score"].to_numpy(), [each.codes[before] for each in made])
    for cause in causes(np.array(drift), scores)[:SHOWN]:
        print(cause_sentence(cause, made[cause.feature].key.name))
    means = reference["score"].mean(), july["score"].mean(), reference["score"].std()
    print("mean score {:.3f} -> {:.3f}, its standard deviation {:.3f}".format(*means))


def debiased_psi(before: NDArray[np.int64], now: NDArray[np.int64], bins: int) -> float:
    """PSI of two columns of codes less its mean under no change."""
    counts = [np.bincount(each, minlength=bins) for each in (before, now)]
    some = (counts[0] + counts[1]) > 0
    shares = [np.maximum(each[some] / each.sum(), 1e-4) for each in counts]
    q, p = (each / each.sum() for each in shares)
    expected = (int(some.sum()) - 1) * (1 / len(before) + 1 / len(now))
    return float(((p - q) * np.log(p / q)).sum() - expected)


def main() -> None:
    """Print all."""
    argparse.ArgumentParser(description=__doc__).parse_args()
    scored = train(load())
    reference, production = (each[each["late"].notna()] for each in (scored.reference, scored.production))
    july = production[production["month"] == 7]
    searches("reference", reference)
    searches("July", july)
    searches("July to September", production[production["month"].isin([7, 8, 9])])
    change(reference, july)


if __name__ == "__main__":
    main()
