"""What kind of predictions a model makes, told from its first rows; people can change it in its settings."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from modelwatch.core.column import ColumnKey
from modelwatch.core.wire import Role
from modelwatch.ingest.conform import Conformed

SCORE = ColumnKey(Role.PREDICTION_SCORE, "")
LABEL = ColumnKey(Role.PREDICTION_LABEL, "")


def infer_task(batches: Sequence[Conformed]) -> tuple[str, str | None]:
    """(task, positive label) of a model: `binary`, `multiclass`, `regression`, `ranking`, or '' when nothing tells.

    The positive label of a binary model is the one whose rows have the higher mean score.
    """
    columns = {column.key for batch in batches for column in batch.schema.columns}
    roles = {key.role for key in columns}
    if Role.RANK in roles:
        return "ranking", None
    if Role.PREDICTION_VALUE in roles:
        return "regression", None
    classes = [key for key in columns if key.role is Role.PREDICTION_SCORES]
    labels = label_scores(batches)
    if len(classes) > 2 or len(labels) > 2:
        return "multiclass", None
    if not labels and not classes and SCORE not in columns:
        return "", None
    known = {label: score for label, score in labels.items() if score == score}
    return "binary", max(known, key=lambda label: known[label]) if len(known) == 2 else None


def label_scores(batches: Sequence[Conformed]) -> dict[str, float]:
    """The mean score of the rows of each predicted label, NaN without scores."""
    tables = []
    for batch in batches:
        if LABEL in batch.columns:
            label = batch.columns[LABEL].values.cast(pa.string())
            score = batch.columns[SCORE].values if SCORE in batch.columns else pa.nulls(batch.rows, pa.float64())
            tables.append(pa.table({"label": label, "score": score}))
    if not tables:
        return {}
    grouped = pa.concat_tables(tables).group_by("label").aggregate([("score", "mean")])
    pairs = zip(grouped["label"].to_pylist(), pc.fill_null(grouped["score_mean"], np.nan).to_pylist(), strict=True)
    return {label: float(score) for label, score in pairs if label is not None}
