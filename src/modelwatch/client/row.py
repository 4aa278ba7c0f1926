"""What `log()` puts into the buffer: plain tuples, since building one is all that the caller waits for.

Both begin alike, so that a row can be sorted into its batch without knowing what it is:
(kind, model_id, model_version, environment, prediction_id, logged_us, timestamp, ...).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple, TypeAlias

from modelwatch.client.plain import epoch_us, text
from modelwatch.core.wire import Kind
from modelwatch.errors import InvalidRequest

Row: TypeAlias = tuple[Any, ...]
KEY, MODEL, PREDICTION_ID, LOGGED_US, TIMESTAMP = slice(0, 4), 1, 4, 5, 6
LABEL, SCORE, SCORES, FEATURES, TAGS, WEIGHT = 7, 8, 10, 11, 12, 13
"""Places in the row of a prediction; those above are the same for an actual."""
PREDICTED = 12
"""The place of the prediction's time in the row of an actual."""


class Key(NamedTuple):
    """What all rows of one batch share; actuals have the version ''."""

    kind: Kind
    model: str
    version: str
    environment: str


def key(start: tuple[Any, ...]) -> Key | None:
    """The key that a row begins with, as text; None when a part of it is missing."""
    kind, *names = start
    model, version, environment = (text(name) for name in names)
    if not model or not environment or (kind is Kind.PREDICTIONS and not version):
        return None
    return Key(kind, model, version or "", environment)


def must_key(start: tuple[Any, ...]) -> Key:
    """The key, or `InvalidRequest` when a part of it is missing."""
    found = key(start)
    if found is None:
        raise InvalidRequest(f"{start[1:]} names no model", hint="model_id and model_version are text, not empty")
    return found


def frozen_vectors(vectors: Mapping[str, Iterable[float]]) -> dict[str, object]:
    """A copy of embeddings that stays what it is when the caller goes on using its lists and arrays."""
    return {name: vector.copy() if hasattr(vector, "copy") else tuple(vector) for name, vector in vectors.items()}


def complaint(row: Row) -> str:
    """Why the row cannot be sent, or ''."""
    if key(row[KEY]) is None:
        return "model_id, model_version and environment must not be empty"
    if not text(row[PREDICTION_ID]):
        return "prediction_id must not be empty"
    if row[TIMESTAMP] is not None and epoch_us(row[TIMESTAMP]) is None:
        return f"timestamp {row[TIMESTAMP]!r} cannot be read"
    if row[0] is Kind.ACTUALS and row[PREDICTED] is not None and epoch_us(row[PREDICTED]) is None:
        return f"prediction_timestamp {row[PREDICTED]!r} cannot be read"
    return ""


def insist(row: Row) -> None:
    """Raises `InvalidRequest` for what would later be rejected; only called when the user asked for errors."""
    if reason := complaint(row):
        raise InvalidRequest(
            reason, hint="names are text; a timestamp is a datetime, ISO 8601 text or seconds since 1970"
        )
