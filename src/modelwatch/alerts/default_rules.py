"""The rules that exist without anyone writing one: what each says, and why it is there.

They decide by level: certain, large and lasting, within the model's budget of false alerts. People switch them off,
send them elsewhere or make them less severe, for one model or for all; what is decided and shown stays as it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class DefaultRule:
    """The facts of one."""

    kind: str
    title: str
    what: str
    why: str


FACTS: Final = (
    DefaultRule(
        "data_drift",
        "Inputs drift",
        "features differ from the reference, certainly and by much, in k of n windows",
        "what a model was not trained on it answers at random",
    ),
    DefaultRule(
        "prediction_drift",
        "Outputs drift",
        "predictions, texts or embeddings differ from the reference, certainly and by much, in k of n windows",
        "it shows a change of inputs or a fault before any label has come",
    ),
    DefaultRule(
        "segment_drift",
        "A segment drifts",
        "a watched segment drifts while the whole does not say so",
        "a part can be wrong while the mean looks well",
    ),
    DefaultRule(
        "performance",
        "Performance fell",
        "a headline metric is certainly and by much worse than its baseline, once labels have come",
        "it is what the model is for",
    ),
    DefaultRule(
        "estimated_performance",
        "Performance is expected to fall",
        "a metric estimated from the model's own scores is worse than its baseline",
        "labels may come weeks later",
    ),
    DefaultRule(
        "fairness",
        "Groups are treated unequally",
        "a group differs from its reference group by more than its rule allows",
        "somebody is answerable for it",
    ),
    DefaultRule(
        "target_drift",
        "What comes true has changed",
        "the shares of outcomes differ from the baseline, certainly and by much",
        "the world has changed, whatever the inputs say",
    ),
    DefaultRule(
        "concept_drift",
        "Concept drift",
        "the model's errors rose for certain in the stream of labels",
        "what inputs mean has changed: train anew",
    ),
    DefaultRule(
        "custom_metric",
        "A metric of your own is out of bounds",
        "a metric that you wrote passed its thresholds in k of n windows",
        "you said what is too much",
    ),
    DefaultRule(
        "no_data",
        "A model has fallen silent",
        "a live model has sent nothing for longer than it ever did",
        "silence is no health",
    ),
    DefaultRule(
        "check_failed",
        "Checks fail",
        "the windows of a model cannot be checked",
        "what is not looked at is not well",
    ),
)
DEFAULT_RULES: Final[Mapping[str, DefaultRule]] = {each.kind: each for each in FACTS}
"""By the kind of the alerts that they raise."""
