"""How much stretches of labels vary by themselves, against streams whose waves are known."""

from __future__ import annotations

import numpy as np
import pytest

from modelwatch.monitors.concept.rhythm import Scale, add, effect, longest_wave


def scales(errors: np.ndarray, mistakes: bool = True) -> list[Scale]:
    found: list[Scale] = []
    for block in errors.reshape(-1, 32):
        add(found, float(block.sum()), float((block**2).sum()), mistakes)
    return found


@pytest.mark.parametrize("rate", [0.01, 0.05, 0.4])
def test_independent_labels_have_no_waves(rate: float) -> None:
    random = np.random.default_rng(0)
    loud = 0
    for _ in range(40):
        found = scales((random.random(32 * 640) < rate).astype(float))
        loud += effect(found, 2_000) > 1.5
    assert loud <= 6  # seven lengths of two standard errors each, the largest difference left out


def test_the_effect_of_waves_is_that_of_the_design() -> None:
    """Clusters of 256 labels that share an error rate: 1 + 255 x correlation."""
    random = np.random.default_rng(1)
    rates = np.repeat(np.where(random.random(800) < 0.5, 0.1, 0.3), 256)
    found = scales((random.random(len(rates)) < rates).astype(float))
    correlation = 0.01 / (0.2 * 0.8)
    assert effect(found, 256) == pytest.approx(1 + 255 * correlation, rel=0.15)
    assert longest_wave(found) >= 256


def test_one_change_is_no_great_wave() -> None:
    random = np.random.default_rng(2)
    errors = np.concatenate([(random.random(32 * 320) < rate).astype(float) for rate in (0.05, 0.2)])
    assert effect(scales(errors), 1_024) < 2.5  # the change itself would be 100


def test_too_few_labels_tell_nothing() -> None:
    assert effect(scales(np.zeros(32 * 3)), 64) == 1.0
    assert effect([], 1_000) == 1.0
    assert longest_wave([]) == 0
    assert effect(scales(np.zeros(32 * 64)), 64) == 1.0


def test_waves_of_distances_are_seen_by_their_own_variance() -> None:
    random = np.random.default_rng(3)
    level = np.repeat(random.random(400), 128)
    assert effect(scales(0.5 * level + 0.5 * random.random(len(level)), mistakes=False), 128) > 20
