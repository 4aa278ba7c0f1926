"""Predictions, with their actuals where known -> rows to count outcomes of, or losses of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from modelwatch.core.column import ColumnKey
from modelwatch.core.judging import Judging
from modelwatch.core.wire import PREDICTION_ROLES, TRUTH_ROLES, Kind, Role
from modelwatch.ingest.coded import coded
from modelwatch.ingest.column_values import floats
from modelwatch.ingest.conform import Conformed, conform
from modelwatch.ingest.part import keys_of
from modelwatch.profiles.outcomes import Cuts, Rows

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

LABEL = ColumnKey(Role.PREDICTION_LABEL, "")
SCORE = ColumnKey(Role.PREDICTION_SCORE, "")
VALUE = ColumnKey(Role.PREDICTION_VALUE, "")
RANKING: Final = "ranking"
ACTUAL_NUMBERS: Final = (Role.ACTUAL_VALUE, Role.RELEVANCE, Role.ACTUAL_SCORE)
OUTPUT_ROLES = frozenset(
    {
        Role.PREDICTION_LABEL,
        Role.PREDICTION_SCORE,
        Role.PREDICTION_VALUE,
        Role.PREDICTION_SCORES,
        Role.GROUP_ID,
        Role.RANK,
        Role.WEIGHT,
    }
)


@dataclass(frozen=True, slots=True, eq=False)
class Truth:
    """What came true of rows [n]: a label (null for none), a number (NaN for none), and how long it took."""

    label: pa.Array
    value: Floats
    delay_us: Ints | None = None


def outcome_rows(judging: Judging, rows: Conformed, truth: Truth | None, cuts: Sequence[Cuts] = ()) -> Rows:
    """The rows in the form that is counted; what a model does not say stays out."""
    delay = None if truth is None else truth.delay_us
    if VALUE in rows.columns and judging.task != RANKING:
        value = numbers(rows.columns[VALUE].values)
        actual = None if truth is None else truth.value
        return Rows(weight=rows.weight, value=value, truth=actual, delay_us=delay, cuts=cuts)
    names: dict[str, int] = {}
    predicted = named(names, *told(rows))
    actual_codes = None
    if truth is not None:
        actual_codes = named(names, *dictionary(truth.label))
    classes = [key for key in rows.columns if key.role is Role.PREDICTION_SCORES]
    for key in classes:
        names.setdefault(key.name, len(names))
    positive = -1
    if judging.positive is not None and judging.task != "multiclass":
        positive = names.setdefault(judging.positive, len(names))
    labels = tuple(names)
    scores = class_scores(rows, labels, classes) if len(classes) > 1 else None
    if predicted is None and scores is not None:
        predicted = np.where(np.isnan(scores).all(axis=1), -1, np.nan_to_num(scores, nan=-1.0).argmax(axis=1))
    score = single_score(rows, classes, scores, predicted, positive)
    if predicted is None and score is None:  # rows that say nothing are counted all the same
        predicted = np.full(rows.rows, -1, np.int64)
    return Rows(
        weight=rows.weight,
        labels=labels,
        predicted=predicted,
        actual=actual_codes,
        score=score,
        positive=positive,
        class_scores=scores if positive < 0 else None,
        delay_us=delay,
        cuts=cuts,
    )


def single_score(
    rows: Conformed, classes: Sequence[ColumnKey], scores: Floats | None, predicted: Ints | None, positive: int
) -> Floats | None:
    """The probability of the positive class, or of the predicted one where there are many classes."""
    if SCORE in rows.columns:
        return numbers(rows.columns[SCORE].values)
    if scores is None:
        return numbers(rows.columns[classes[0]].values) if classes else None
    if positive >= 0:
        found: Floats = scores[:, positive]
        return found
    if predicted is None:
        return None
    chosen: Floats = scores[np.arange(len(predicted)), np.maximum(predicted, 0)]
    return np.where(predicted < 0, np.nan, chosen)


def class_scores(rows: Conformed, labels: Sequence[str], classes: Sequence[ColumnKey]) -> Floats:
    """The probability of each label [n, labels]; 0 where the model names none for it."""
    found = np.zeros((rows.rows, len(labels)))
    at = {label: i for i, label in enumerate(labels)}
    for key in classes:
        found[:, at[key.name]] = numbers(rows.columns[key].values)
    return found


def told(rows: Conformed) -> tuple[Ints | None, Sequence[str | None]]:
    """The codes of the predicted labels and their names."""
    if LABEL not in rows.columns:
        return None, ()
    found = coded(rows, LABEL)
    return found.codes, found.values


def dictionary(labels: pa.Array) -> tuple[Ints, Sequence[str | None]]:
    """The codes of labels and their names, the last of which is None."""
    encoded = labels if pa.types.is_dictionary(labels.type) else labels.dictionary_encode()
    names = encoded.dictionary.to_pylist()
    codes = encoded.indices.fill_null(len(names)).to_numpy(zero_copy_only=False).astype(np.int64)
    return codes, (*names, None)


def named(names: dict[str, int], codes: Ints | None, values: Sequence[str | None]) -> Ints | None:
    """Codes as places among `names`, which grow; -1 for None."""
    if codes is None:
        return None
    present = np.bincount(codes, minlength=len(values)) > 0
    place = np.array(
        [
            -1 if v is None or not there else names.setdefault(v, len(names))
            for v, there in zip(values, present, strict=True)
        ],
        np.int64,
    )
    found: Ints = place[codes]
    return found


def numbers(column: Any) -> Floats:
    """float64 [n], NaN for null."""
    values = np.asarray(floats(column), np.float64)
    if not column.null_count:
        return values
    return np.where(column.is_null().to_numpy(zero_copy_only=False), np.nan, values)


def truth_of(batch: pa.RecordBatch) -> Truth | None:
    """What came true of the rows of a reference; None when it does not say."""
    chosen = [i for i, key in enumerate(keys_of(batch.schema)) if key.role in TRUTH_ROLES]
    if not chosen:
        return None
    said = conform(batch.select(chosen), Kind.ACTUALS, None)
    values = values_of(said).fill_null(np.nan).to_numpy(zero_copy_only=False)
    return Truth(labels_of(said), values)


def without_actuals(batch: pa.RecordBatch) -> pa.RecordBatch:
    """The columns that predictions have too; what came true is counted with the outcomes."""
    return batch.select([i for i, key in enumerate(keys_of(batch.schema)) if key.role in PREDICTION_ROLES])


def labels_of(rows: Conformed) -> Any:
    """The actual label of each row, null for none."""
    column = rows.columns.get(ColumnKey(Role.ACTUAL_LABEL, ""))
    return pa.nulls(rows.rows, pa.string()) if column is None else column.values.cast(pa.string())


def values_of(rows: Conformed) -> Any:
    """The actual number of each row: its value, else its relevance, else its score; null for none."""
    held = [rows.columns[key].values for role in ACTUAL_NUMBERS if (key := ColumnKey(role, "")) in rows.columns]
    if not held:
        return pa.nulls(rows.rows, pa.float64())
    return held[0] if len(held) == 1 else pc.coalesce(*held)
