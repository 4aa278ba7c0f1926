"""The digits of scikit-learn under the shifts of Rabanser et al. (Failing loudly, NeurIPS 2019)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.datasets import load_digits

SIDE = 8
BRIGHTEST = 16.0


@dataclass(frozen=True, slots=True, eq=False)
class Digits:
    """Pictures [n, 64], 0 to 16, and which digit each shows."""

    pixels: NDArray[np.float64]
    label: NDArray[np.int64]

    def rows(self, places: NDArray[np.int64] | NDArray[np.bool_]) -> Digits:
        """Some of them."""
        return Digits(self.pixels[places], self.label[places])


Change = Callable[[Digits, np.random.Generator], Digits]


def load() -> Digits:
    """All 1,797."""
    found = load_digits()
    return Digits(np.asarray(found.data, dtype=np.float64), np.asarray(found.target, dtype=np.int64))


def noise(sigma: float, share: float) -> Change:
    """Gaussian noise on a share of the pictures; `sigma` in units of 1/255 of the brightest, as the paper says it."""

    def change(digits: Digits, rng: np.random.Generator) -> Digits:
        hit = rng.random(len(digits.label)) < share
        noisy = digits.pixels + rng.normal(0, sigma / 255 * BRIGHTEST, digits.pixels.shape)
        return Digits(np.where(hit[:, None], np.clip(noisy, 0, BRIGHTEST), digits.pixels), digits.label)

    return change


def knock_out(share: float) -> Change:
    """A share of one class is gone."""
    return lambda digits, rng: digits.rows((digits.label != 0) | (rng.random(len(digits.label)) >= share))


def imbalance(factor: float) -> Change:
    """Three of the ten classes are so many times as frequent."""

    def change(digits: Digits, rng: np.random.Generator) -> Digits:
        keep = rng.random(len(digits.label)) * factor < np.where(digits.label < 3, factor, 1.0)
        return digits.rows(keep)

    return change


def moved(pixels: float, share: float) -> Change:
    """A share of the pictures lies so far to the right, with values between pixels interpolated."""

    def change(digits: Digits, rng: np.random.Generator) -> Digits:
        pictures = digits.pixels.reshape(-1, SIDE, SIDE)
        right = np.concatenate((np.zeros_like(pictures[:, :, :1]), pictures[:, :, :-1]), axis=2)
        away = ((1 - pixels) * pictures + pixels * right).reshape(digits.pixels.shape)
        hit = rng.random(len(digits.label)) < share
        return Digits(np.where(hit[:, None], away, digits.pixels), digits.label)

    return change


SHIFTS: dict[str, Change] = {
    "none": lambda digits, _: digits,
    "noise small, half": noise(1, 0.5),
    "noise medium, half": noise(10, 0.5),
    "noise large, 10 %": noise(100, 0.1),
    "noise large, half": noise(100, 0.5),
    "knock-out 10 % of a class": knock_out(0.1),
    "knock-out 50 % of a class": knock_out(0.5),
    "knock-out 100 % of a class": knock_out(1.0),
    "3 classes twice as frequent": imbalance(2.0),
    "3 classes 4 times as frequent": imbalance(4.0),
    "moved by .1 pixel, all": moved(0.1, 1.0),
    "moved by .5 pixel, 10 %": moved(0.5, 0.1),
    "moved by .5 pixel, half": moved(0.5, 0.5),
}
