"""The adult census: a boosted model judged by sex, race, age and what they have in common."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

import numpy as np
import pandas as pd
from fairlearn import metrics as fairlearn
from numpy.typing import NDArray
from sklearn.ensemble import HistGradientBoostingClassifier

from bench.trust.real_data import adult
from modelwatch.core.column import ColumnKey
from modelwatch.core.level import Level
from modelwatch.core.wire import Role
from modelwatch.monitors.fairness import Attribute, FairnessSettings, check, crossed, crossings, grouped, told
from modelwatch.profiles.bands import band_labels, band_of
from modelwatch.profiles.outcomes import Cuts, Outcomes, Rows, count_labelled, count_seen, merge

TRAINED: Final = 32_561
"""The rows of the census's own training file; the rest is its test file."""
EDGES: Final = (25.0, 45.0, 65.0)
SETTINGS: Final = FairnessSettings(
    (
        Attribute("sex", Role.FEATURE, reference="Male"),
        Attribute("race", Role.FEATURE, reference="White"),
        Attribute("age", Role.FEATURE, edges=EDGES, reference="[25, 45)"),
    )
)
Scores = NDArray[np.float64]
LABELS: Final = ("<=50K", ">50K")


def outcomes_of(frame: pd.DataFrame, actual: pd.Series[int], score: Scores) -> Outcomes:
    """What the model said of people and what came true, by group."""
    ways: list[Cuts] = []
    for name in ("sex", "race"):
        codes, names = pd.factorize(frame[name], sort=True)
        ways.append(grouped(ColumnKey(Role.FEATURE, name), codes, list(names)))
    ages = frame["age"].to_numpy(np.float64)
    ways.append(grouped(ColumnKey(Role.FEATURE, "age"), band_of(ages, EDGES), [*band_labels(EDGES), None]))
    both = [crossed([ways[i] for i in some], SETTINGS.max_groups).cuts for some in crossings(3, 2)]
    rows = Rows(
        labels=LABELS,
        predicted=(score > 0.5).astype(np.int64),
        actual=actual.to_numpy(np.int64),
        score=score,
        positive=1,
        cuts=[*ways, *both],
    )
    slots = np.zeros(rows.n, np.int64)
    return merge([*count_seen(rows, slots, 1), *count_labelled(rows, slots, 1)])


def furthest(outcomes: Outcomes, frame: pd.DataFrame, actual: pd.Series[int], score: Scores) -> float:
    """How far the spreads are from fairlearn's on the same rows."""
    found = check(outcomes, replace(SETTINGS, min_rows=1), positive=LABELS[1])
    apart = []
    for each in found.spreads:
        if each.attribute in ("sex", "race") and hasattr(fairlearn, each.metric):
            theirs = getattr(fairlearn, each.metric)(actual, score > 0.5, sensitive_features=frame[each.attribute])
            apart.append(abs(each.value - float(theirs)))
    return max(apart)


def adult_told() -> Iterator[str]:
    """Trained on the first file of the census, judged on the second; the first is the reference."""
    frame = adult()
    actual = frame["income"].str.startswith(">50K").astype(int)
    inputs = frame.drop(columns=["income", "fnlwgt"]).copy()
    for name in inputs.select_dtypes(exclude="number"):
        inputs[name] = inputs[name].astype("category")
    model = HistGradientBoostingClassifier(categorical_features="from_dtype", random_state=0)
    model.fit(inputs[:TRAINED], actual[:TRAINED])
    score = model.predict_proba(inputs)[:, 1]
    before, now = (
        outcomes_of(frame[part], actual[part], score[part]) for part in (slice(TRAINED), slice(TRAINED, None))
    )
    found = check(now, SETTINGS, positive=LABELS[1], reference=before)
    apart = furthest(now, frame[TRAINED:], actual[TRAINED:], score[TRAINED:])
    yield f"largest difference from fairlearn's seven metrics by sex and by race, groups of any size: {apart:.1g}"
    yield f"adult: {len(frame) - TRAINED:,} people judged, {TRAINED:,} in the reference"
    for spread in found.spreads:
        if spread.attribute == "sex":
            yield f"  by sex, between groups: {spread.metric} {spread.value:.3f}"
    for attribute in dict.fromkeys(each.attribute for each in found.disparities):
        own = [each for each in found.disparities if each.attribute == attribute]
        counts = {level.value: sum(each.level is level for each in own) for level in Level}
        yield f"  {attribute}: " + ", ".join(f"{count} {name}" for name, count in counts.items() if count)
    for each in found.disparities:
        if each.attribute in ("sex", "race") and each.level is not Level.OK:
            yield f"  {each.level}: {each.metric}: {told(each, SETTINGS.rules, LABELS[1])}".replace("\u2009", " ")
