"""The detectors at work are river's own, fed by hand."""

from __future__ import annotations

import math
import os
import subprocess
import sys

import numpy as np
import pytest
from river import drift

from modelwatch.monitors.concept.detectors import Detectors, new
from modelwatch.monitors.concept.rest import at_rest, at_work
from tests.monitors.concept.streams import distances, mistakes

BLOCK = 32
Alarms = dict[str, list[int]]


def fed(values: list[float], marks: list[bool], binary: bool, sleep: bool) -> tuple[Alarms, Detectors]:
    """Alarms by detector of ours, in blocks; at rest between them when `sleep`."""
    detectors = new(binary)
    alarms: Alarms = {"ADWIN": [], "DDM": [], "Page-Hinkley": []}
    for start in range(0, len(values), BLOCK):
        cut = slice(start, start + BLOCK)
        for name, position in detectors.feed(values[cut], marks[cut]).items():
            alarms[name].append(start + position)
        if sleep:
            detectors = at_work(at_rest(detectors), binary)
    return alarms, detectors


def by_hand(values: list[float], marks: list[bool], binary: bool) -> tuple[Alarms, drift.ADWIN]:
    """Alarms of river's detectors, one update after the other."""
    alarms: Alarms = {"ADWIN": [], "DDM": [], "Page-Hinkley": []}
    adwin, ddm = drift.ADWIN(), drift.binary.DDM(warm_start=500)
    hinkley = drift.PageHinkley(min_instances=500)
    seen = wrong = 0.0
    for i, (value, mark) in enumerate(zip(values, marks, strict=True)):
        if i % BLOCK == 0 or hinkley.drift_detected:
            if hinkley.drift_detected:
                seen = wrong = 0.0
            share = (wrong + 0.5) / (seen + 1)
            deviation = math.sqrt(share * (1 - share)) if binary else math.sqrt(1 / 12)
            hinkley.delta, hinkley.threshold = 0.1 * deviation, max(50 * deviation, 5.0 if binary else 0.0)
        seen, wrong = seen + 1, wrong + value
        adwin.update(value)
        ddm.update(mark)
        hinkley.update(value)
        for name, detector in (("ADWIN", adwin), ("DDM", ddm), ("Page-Hinkley", hinkley)):
            if detector.drift_detected:
                alarms[name].append(i)
    return alarms, adwin


@pytest.mark.parametrize("sleep", [False, True])
@pytest.mark.parametrize("seed", range(3))
def test_mistakes_raise_the_alarms_of_rivers_own_detectors(seed: int, sleep: bool) -> None:
    rng = np.random.default_rng(seed)
    errors = mistakes(rng, (0.05, 4_000), (0.15, 3_008), (0.02, 4_000), (0.5, 1_600))
    marks = (errors > 0).tolist()
    alarms, detectors = fed(errors.tolist(), marks, True, sleep)
    expected, adwin = by_hand(errors.tolist(), marks, True)
    assert alarms == expected
    assert all(len(found) >= 2 for found in alarms.values())
    assert detectors.adwin.width == adwin.width
    assert detectors.adwin.estimation == adwin.estimation
    assert detectors.adwin.variance == adwin.variance


@pytest.mark.parametrize("sleep", [False, True])
def test_ranks_raise_the_alarms_of_rivers_own_detectors(sleep: bool) -> None:
    rng = np.random.default_rng(4)
    values = np.clip(distances(rng, (0.2, 4_000), (0.4, 4_000)), 0, 1).tolist()
    marks = [value > 0.8 for value in values]
    alarms, _ = fed(values, marks, False, sleep)
    assert alarms == by_hand(values, marks, False)[0]
    assert alarms["ADWIN"]


def test_river_is_imported_with_the_first_labels_only() -> None:
    code = """
import sys
import modelwatch.monitors.concept as concept
assert "river" not in sys.modules
state, _ = concept.advance(concept.begin("binary"), *[__import__("numpy").zeros(31, dtype=int)] * 3)
concept.from_bytes(concept.to_bytes(state))
assert "river.drift" not in sys.modules
"""
    subprocess.run(
        [sys.executable, "-c", code], check=True, env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    )
