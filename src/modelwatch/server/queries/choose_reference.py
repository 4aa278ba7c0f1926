"""Another reference for a model: whether it can be, the row that names it, and the windows to be checked anew."""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import Connection

from modelwatch.core.reference import MIN_REFERENCE_ROWS, Fixed, Rule, Standing, from_json, label, text
from modelwatch.core.window import BUCKET_US, DAY_US, grid
from modelwatch.errors import InvalidRequest
from modelwatch.store import ledger, models, references
from modelwatch.store.models import ModelRow
from modelwatch.store.profiles import Series, mark_dirty, spans
from modelwatch.store.segments import series_of

AGAIN_US: Final = 30 * DAY_US
"""How far back windows are checked again: what pages show. Older ones keep what they were compared with."""


def choose(connection: Connection, model: ModelRow, stored: dict[str, Any] | None, now_us: int) -> None:
    """Have the windows of the last 30 days compared with what the stored setting says; raises `InvalidRequest`."""
    rule = from_json(stored)
    possible(connection, model, rule)
    if not isinstance(rule, Standing):
        references.save_reference(connection, named(model, rule, now_us))
    mark = (ledger.load_offset(connection, "fold") or 0) + 1  # no check that runs now has seen it
    for deployment in models.list_deployments(connection, model.id):
        step, since = grid(deployment.length_us or BUCKET_US), deployment.now_us(now_us) - AGAIN_US
        for series in series_of(connection, model.id, deployment.id):
            seen = spans(connection, series, since, 2**62)
            starts = [at for start, span, _ in seen for at in range(start, start + span, step)]
            mark_dirty(connection, series, starts, now_us, mark)


def named(model: ModelRow, rule: Any, now_us: int) -> dict[str, Any]:
    """The row of a rule: of every version, without counts."""
    return {
        "model_id": model.id,
        "environment": "",
        "version": "",
        "kind": rule.kind,
        "label": label(rule, 0),
        "rows": 0.0,
        "start_us": rule.start_us if isinstance(rule, Fixed) else None,
        "end_us": rule.end_us if isinstance(rule, Fixed) else None,
        "created_us": now_us,
        "binning": "",
        "body": b"",
        "rule": text(rule),
    }


def possible(connection: Connection, model: ModelRow, rule: Rule) -> None:
    """Raises `InvalidRequest` for a reference that is not there."""
    known = references.list_references(connection, model.id)
    if isinstance(rule, Standing) and rule.kind is not None and all(row.kind != rule.kind for row in known):
        kinds = ", ".join(sorted({row.kind for row in known} - set(references.RULES))) or "none yet"
        what = "no uploaded reference" if rule.kind == "uploaded" else "no reference of first rows"
        raise InvalidRequest(f"the model has {what}", hint=f"it has: {kinds}; PUT .../reference uploads one")
    if isinstance(rule, Fixed):
        rows = [
            sum(rows for _, _, rows in spans(connection, Series(each.id), rule.start_us, rule.end_us))
            for each in models.list_deployments(connection, model.id)
        ]
        if sum(rows) < MIN_REFERENCE_ROWS:
            what = f"{sum(rows):,.0f} predictions are known in these days; {MIN_REFERENCE_ROWS:,} are needed"
            raise InvalidRequest(what, hint="choose days in which the model was used")
