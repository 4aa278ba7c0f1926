"""One JSON object -> a checked row, or the reason why it is not taken."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, Final

from modelwatch.core.wire import (
    DEFAULT_ENVIRONMENT,
    FUTURE_TOLERANCE_US,
    MAX_EMBEDDING,
    MAX_NAME_BYTES,
    Kind,
    Role,
)
from modelwatch.ingest.json_text import Malformed
from modelwatch.ingest.names import name_fault
from modelwatch.ingest.part import Place
from modelwatch.ingest.reason import SENTENCES, Reason
from modelwatch.ingest.scalar_text import scalar_text
from modelwatch.ingest.timestamp import microseconds

SHARED: Final = frozenset({"model_id", "model_version", "environment", "prediction_id", "timestamp", "tags"})
FIELDS: Final = {
    Kind.PREDICTIONS: SHARED
    | {
        "prediction_label",
        "prediction_score",
        "prediction_value",
        "prediction_scores",
        "features",
        "weight",
        "embeddings",
        "explanation",
        "group_id",
        "rank",
    },
    Kind.ACTUALS: SHARED | {"actual_label", "actual_score", "actual_value", "relevance", "prediction_timestamp"},
}
LABELS: Final = (Role.PREDICTION_LABEL, Role.ACTUAL_LABEL)
NUMBERS: Final = {
    Role.PREDICTION_SCORE: Reason.INVALID_SCORE,
    Role.PREDICTION_VALUE: Reason.INVALID_VALUE,
    Role.ACTUAL_SCORE: Reason.INVALID_SCORE,
    Role.ACTUAL_VALUE: Reason.INVALID_VALUE,
    Role.RELEVANCE: Reason.INVALID_RELEVANCE,
    Role.RANK: Reason.INVALID_RANK,
}
SCALARS: Final[frozenset[type]] = frozenset({str, int, float, bool, type(None)})
NUMERIC: Final[frozenset[type]] = frozenset({int, float, type(None)})

Cell = str | int | float | bool | None


class Refused(Exception):
    """Leaves the checks of one row with its reason; never leaves this room."""

    def __init__(self, reason: Reason, detail: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.detail = detail or SENTENCES[reason]


@dataclass(frozen=True, slots=True)
class Row:
    """A row that can be taken; `single` holds the roles of one column, `named` those of many, neither has nulls in it
    but for features that are null."""

    place: Place
    prediction_id: str
    time_us: int
    single: Mapping[Role, Cell]
    named: Mapping[Role, Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class RowChecker:
    """What the checks of all rows of one request share; `known` are the names that were found good already."""

    kind: Kind
    received_us: int
    new_id: Callable[[], str]
    known: set[str]

    def check(self, value: object) -> Row:
        """The row of a parsed JSON value; raises `Refused`."""
        if isinstance(value, Malformed):
            raise Refused(Reason.MALFORMED_JSON, value.detail)
        if not isinstance(value, dict):
            raise Refused(Reason.NOT_AN_OBJECT)
        if not value.keys() <= FIELDS[self.kind]:
            raise Refused(Reason.UNKNOWN_FIELD, unknown_field(value, self.kind))
        return Row(
            place=self.place(value),
            prediction_id=self.prediction_id(value.get("prediction_id")),
            time_us=self.time(value.get("timestamp")),
            single=self.single(value),
            named=self.named(value),
        )

    def place(self, value: dict[str, Any]) -> Place:
        """The model, version and environment."""
        model, version = value.get("model_id"), value.get("model_version")
        environment = value.get("environment")
        if model is None or model == "":
            raise Refused(Reason.MISSING_MODEL_ID)
        if version is None or version == "":
            if self.kind is Kind.PREDICTIONS:
                raise Refused(Reason.MISSING_MODEL_VERSION)
            version = None
        return Place(
            self.name(model, "model_id"),
            "" if version is None else self.name(version, "model_version"),
            DEFAULT_ENVIRONMENT if environment is None else self.name(environment, "environment"),
        )

    def name(self, value: object, field: str) -> str:
        """The name of a model, version or environment."""
        if not isinstance(value, str):
            raise Refused(Reason.INVALID_NAME, f"{field} must be text")
        if value not in self.known:
            self.learn([value], field)
        return value

    def learn(self, names: list[str], field: str) -> None:
        """Take names into the known ones; raises `Refused` for the first that cannot be taken."""
        for name in names:
            fault = name_fault(name)
            if fault is not None:
                raise Refused(fault, f"{field}: {SENTENCES[fault]}")
        self.known.update(names)

    def prediction_id(self, value: object) -> str:
        """The id as text, a new one for a prediction that has none."""
        if value is None:
            if self.kind is Kind.ACTUALS:
                raise Refused(Reason.MISSING_PREDICTION_ID)
            return self.new_id()
        if isinstance(value, bool) or not isinstance(value, str | int):
            raise Refused(Reason.INVALID_PREDICTION_ID)
        text = str(value)
        if not text or len(text.encode("utf-8", "surrogatepass")) > MAX_NAME_BYTES:
            raise Refused(Reason.INVALID_PREDICTION_ID)
        return text

    def time(self, value: object, field: str = "") -> int:
        """The event time, that of arrival when there is none; `field` begins the reason when it cannot be taken."""
        if value is None:
            return self.received_us
        time_us = microseconds(value)
        if time_us is None:
            hint = " (milliseconds?)" if isinstance(value, int | float) and abs(value) > 1e11 else ""
            raise Refused(Reason.INVALID_TIMESTAMP, field + SENTENCES[Reason.INVALID_TIMESTAMP] + hint)
        if time_us > self.received_us + FUTURE_TOLERANCE_US:
            raise Refused(Reason.TIMESTAMP_IN_FUTURE, field + SENTENCES[Reason.TIMESTAMP_IN_FUTURE])
        return time_us

    def single(self, value: dict[str, Any]) -> dict[Role, Cell]:
        """The values of the roles that have one column."""
        cells: dict[Role, Cell] = {}
        for role in LABELS:
            if (label := value.get(role)) is not None:
                if type(label) not in SCALARS:
                    raise Refused(Reason.INVALID_LABEL)
                cells[role] = scalar_text(label)
        for role, reason in NUMBERS.items():
            if (cell := value.get(role)) is not None:
                cells[role] = number(cell, reason)
        if (weight := value.get("weight")) is not None:
            cells[Role.WEIGHT] = inclusion = number(weight, Reason.INVALID_WEIGHT)
            if not (math.isfinite(inclusion) and inclusion >= 0):
                raise Refused(Reason.INVALID_WEIGHT)
        if (group := value.get("group_id")) is not None:
            if isinstance(group, bool) or not isinstance(group, str | int):
                raise Refused(Reason.INVALID_GROUP_ID)
            cells[Role.GROUP_ID] = str(group)
        if (when := value.get("prediction_timestamp")) is not None:
            cells[Role.PREDICTION_TIMESTAMP] = self.time(when, "prediction_timestamp: ")
        self.need_outcome(cells, value.get("prediction_scores"))
        return cells

    def need_outcome(self, cells: Mapping[Role, Cell], scores: object) -> None:
        """Raises `Refused` for a row that says nothing."""
        if self.kind is Kind.ACTUALS:
            if not cells.keys() & {Role.ACTUAL_LABEL, Role.ACTUAL_SCORE, Role.ACTUAL_VALUE, Role.RELEVANCE}:
                raise Refused(Reason.NO_ACTUAL)
        elif not cells.keys() & {Role.PREDICTION_LABEL, Role.PREDICTION_SCORE, Role.PREDICTION_VALUE} and not (
            scores is not None and (not isinstance(scores, dict) or any(p is not None for p in scores.values()))
        ):
            raise Refused(Reason.NO_PREDICTION)

    def named(self, value: dict[str, Any]) -> dict[Role, Mapping[str, Any]]:
        """The values of the roles that have many columns, those left out being absent."""
        named: dict[Role, Mapping[str, Any]] = {}
        if features := self.values(value.get("features"), SCALARS, Reason.INVALID_FEATURES, "features"):
            named[Role.FEATURE] = features
        if tags := self.values(value.get("tags"), SCALARS, Reason.INVALID_TAGS, "tags"):
            named[Role.TAG] = tags
        if scores := self.values(value.get("prediction_scores"), NUMERIC, Reason.INVALID_SCORE, "prediction_scores"):
            named[Role.PREDICTION_SCORES] = scores
        if explained := self.values(value.get("explanation"), NUMERIC, Reason.INVALID_EXPLANATION, "explanation"):
            named[Role.EXPLANATION] = explained
        if (embeddings := value.get("embeddings")) is not None:
            if not isinstance(embeddings, dict):
                raise Refused(Reason.INVALID_EMBEDDING)
            self.learn([name for name in embeddings if name not in self.known], "embeddings")
            named[Role.EMBEDDING] = {name: vector(name, numbers) for name, numbers in embeddings.items()}
        return named

    def values(
        self, value: object, types: frozenset[type], reason: Reason, field: str
    ) -> dict[str, str | int | float | bool | None]:
        """A flat object whose values have one of the types; empty when it is left out."""
        if value is None:
            return {}
        if not isinstance(value, dict):
            raise Refused(reason)
        if not types.issuperset(map(type, value.values())):
            culprit = next(name for name, cell in value.items() if type(cell) not in types)
            raise Refused(reason, f"{field}.{culprit[:64]} is a {type(value[culprit]).__name__}. {SENTENCES[reason]}")
        if not self.known.issuperset(value):
            self.learn([name for name in value if name not in self.known], field)
        return value


def number(value: object, reason: Reason) -> float:
    """A JSON number as float64; raises `Refused` for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise Refused(reason)
    try:
        return float(value)
    except OverflowError:
        raise Refused(reason, "the number has over 308 digits") from None


def vector(name: str, value: object) -> list[float] | None:
    """An embedding: 1 to 4,096 numbers, or null."""
    if value is None:
        return None
    if not isinstance(value, list) or not 1 <= len(value) <= MAX_EMBEDDING:
        raise Refused(Reason.INVALID_EMBEDDING, f"embeddings.{name[:64]}: {SENTENCES[Reason.INVALID_EMBEDDING]}")
    return [number(item, Reason.INVALID_EMBEDDING) for item in value]


def unknown_field(value: Mapping[str, object], kind: Kind) -> str:
    """Names the field that is not known, and the one that was probably meant."""
    name = next(field for field in value if field not in FIELDS[kind])
    near = get_close_matches(name[:64], FIELDS[kind], n=1)
    return f"{name[:64]!r} is not known" + (f": did you mean {near[0]!r}?" if near else f" in {kind}")
