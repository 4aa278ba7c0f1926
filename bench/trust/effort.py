"""How much is simulated: all of it, or a twentieth for a quick look."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Effort:
    """Numbers of independent references, of checks against each, of power repetitions, and of model-days."""

    references: int = 50
    checks: int = 100
    power: int = 5_000
    model_days: int = 3_000
    models: int = 60
    dependent_references: int = 60
    dependent_checks: int = 50


FULL = Effort()
QUICK = Effort(
    references=10, checks=25, power=250, model_days=150, models=15, dependent_references=8, dependent_checks=10
)
