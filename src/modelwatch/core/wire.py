"""The Arrow wire: what a batch says of itself, and what each column is for.

A batch travels as one Arrow IPC stream. Its schema metadata names the model and the batch's place in its
producer's sequence; each field's metadata `role` says what the column is, so that a feature may well be
called `timestamp`. Changing the meaning of anything here needs a new `WIRE_VERSION`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

WIRE_VERSION: Final = "1"
ARROW_STREAM: Final = "application/vnd.apache.arrow.stream"

# keys of the schema metadata
META_WIRE: Final = "modelwatch.wire"
META_MODEL: Final = "modelwatch.model"
META_VERSION: Final = "modelwatch.version"
META_ENVIRONMENT: Final = "modelwatch.environment"
META_PRODUCER: Final = "modelwatch.producer"
META_EPOCH: Final = "modelwatch.epoch"
META_SEQUENCE: Final = "modelwatch.sequence"
META_DROPPED: Final = "modelwatch.dropped"
"""How many rows of the model the producer has dropped so far, in decimal; left out while it dropped none."""

# key of the field metadata
META_ROLE: Final = "role"

DEFAULT_PROJECT: Final = "default"
DEFAULT_ENVIRONMENT: Final = "production"
SYSTEM_PROJECT: Final = "modelwatch.system"
"""The project of what modelwatch tells of itself; nobody else's can be called that."""

MAX_BODY_BYTES: Final = 8 * 1024 * 1024
MAX_ROWS: Final = 100_000
MAX_COLUMNS: Final = 2_000
MAX_EMBEDDING: Final = 4_096
MAX_NAME_BYTES: Final = 512
"""UTF-8 bytes of a model, version, environment, feature, tag, class or prediction id."""
FUTURE_TOLERANCE_US: Final = 15 * 60 * 1_000_000
SEQUENCE_WINDOW: Final = 1_024


class Kind(StrEnum):
    """What the rows of a batch are. `LABELS` never travel: they are actuals that the server joined to predictions."""

    PREDICTIONS = "predictions"
    ACTUALS = "actuals"
    LABELS = "labels"


class Role(StrEnum):
    """What a column is for. Columns of the roles in `NAMED_ROLES` are told apart by their name.

    `TEXT` never travels: its columns are what the server measures on a feature that holds text.
    """

    PREDICTION_ID = "prediction_id"
    TIMESTAMP = "timestamp"
    PREDICTION_LABEL = "prediction_label"
    PREDICTION_SCORE = "prediction_score"
    PREDICTION_VALUE = "prediction_value"
    PREDICTION_SCORES = "prediction_scores"
    WEIGHT = "weight"
    GROUP_ID = "group_id"
    RANK = "rank"
    FEATURE = "feature"
    TAG = "tag"
    TEXT = "text"
    EMBEDDING = "embedding"
    EXPLANATION = "explanation"
    ACTUAL_LABEL = "actual_label"
    ACTUAL_SCORE = "actual_score"
    ACTUAL_VALUE = "actual_value"
    RELEVANCE = "relevance"
    PREDICTION_TIMESTAMP = "prediction_timestamp"


INPUT_ROLES: Final = frozenset({Role.FEATURE, Role.TEXT, Role.EMBEDDING})
"""What goes into a model, as it is watched."""
NAMED_ROLES: Final = frozenset({Role.FEATURE, Role.TAG, Role.PREDICTION_SCORES, Role.EMBEDDING, Role.EXPLANATION})
WIRE_ROLES: Final = frozenset(Role) - {Role.TEXT}
ACTUALS_ALONE: Final = frozenset(
    {Role.ACTUAL_LABEL, Role.ACTUAL_SCORE, Role.ACTUAL_VALUE, Role.RELEVANCE, Role.PREDICTION_TIMESTAMP}
)
PREDICTION_ROLES: Final = WIRE_ROLES - ACTUALS_ALONE
TRUTH_ROLES: Final = frozenset({Role.ACTUAL_LABEL, Role.ACTUAL_SCORE, Role.ACTUAL_VALUE, Role.RELEVANCE})
"""What came true of a prediction."""
REFERENCE_ROLES: Final = PREDICTION_ROLES | TRUTH_ROLES
ACTUAL_ROLES: Final = ACTUALS_ALONE | {Role.PREDICTION_ID, Role.TIMESTAMP, Role.TAG}


@dataclass(frozen=True, slots=True)
class Sequenced:
    """A batch known by its place in its producer's sequence."""

    producer: str
    epoch: int
    sequence: int


@dataclass(frozen=True, slots=True)
class Keyed:
    """A batch known by the `Idempotency-Key` that its sender chose."""

    key: str


Identity = Sequenced | Keyed
