"""Labels between the log and the outcomes: those that wait for the join, those that found no prediction yet, and those
that were joined and are not in the lake yet. Each batch is one Arrow stream."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Connection, delete, func, insert, select

from modelwatch.store.outcome_tables import label_catch_ups, label_inbox, label_joins, label_rows
from modelwatch.store.tables import models
from modelwatch.store.upsert import upsert

ANEW = "anew"
"""Instead of rules: the outcomes are to be counted anew, or were being when the process ended."""


@dataclass(frozen=True, slots=True)
class LabelBatch:
    """Labels of one model: `id` is 0 until they are stored, `received_us` is when the first of them came."""

    id: int
    model_id: int
    rows: int
    received_us: int
    body: bytes


@dataclass(frozen=True, slots=True)
class Joined:
    """How far the join of a model has come: the log position up to which predictions have been looked at, the rules by
    which its outcomes were counted (JSON), and what it has counted."""

    model_id: int
    position: int = 0
    joined_us: int = 0
    judging: str = ""
    rebuilt_us: int | None = None
    matched: int = 0
    corrected: int = 0
    repeated: int = 0
    expired: int = 0

    @property
    def rules(self) -> str:
        """The rules, '' when there are none to go by yet."""
        return "" if self.judging == ANEW else self.judging


def add_inbox(connection: Connection, batches: Iterable[LabelBatch], orphaned: bool = False) -> None:
    """Keep labels for the join, or those that found no prediction."""
    rows = [
        {
            "model_id": each.model_id,
            "rows": each.rows,
            "received_us": each.received_us,
            "orphaned": orphaned,
            "body": each.body,
        }
        for each in batches
    ]
    if rows:
        connection.execute(insert(label_inbox), rows)


def waiting_models(connection: Connection) -> dict[int, int]:
    """{model: rows that wait to be joined for the first time}, orphans left out."""
    query = select(label_inbox.c.model_id, func.sum(label_inbox.c.rows)).where(~label_inbox.c.orphaned)
    return {row[0]: int(row[1]) for row in connection.execute(query.group_by(label_inbox.c.model_id))}


def orphaned_models(connection: Connection) -> dict[int, int]:
    """{model: labels that found no prediction yet}."""
    query = select(label_inbox.c.model_id, func.sum(label_inbox.c.rows)).where(label_inbox.c.orphaned)
    return {row[0]: int(row[1]) for row in connection.execute(query.group_by(label_inbox.c.model_id))}


def count_inbox(connection: Connection, model_id: int) -> tuple[int, int]:
    """How many labels of a model wait to be joined, and how many found no prediction yet."""
    query = select(label_inbox.c.orphaned, func.sum(label_inbox.c.rows)).where(label_inbox.c.model_id == model_id)
    found = {bool(row[0]): int(row[1]) for row in connection.execute(query.group_by(label_inbox.c.orphaned))}
    return found.get(False, 0), found.get(True, 0)


def load_inbox(connection: Connection, model_id: int, orphaned: bool, most_rows: int = 1 << 62) -> list[LabelBatch]:
    """Batches in the order in which they came, at least one when there is one, `most_rows` at most else."""
    query = select(label_inbox.c.id, label_inbox.c.rows).where(
        label_inbox.c.model_id == model_id, label_inbox.c.orphaned == orphaned
    )
    chosen: list[int] = []
    total = 0
    for row in connection.execute(query.order_by(label_inbox.c.id)):
        if chosen and total + row.rows > most_rows:
            break
        chosen.append(row.id)
        total += row.rows
    found = []
    for some in pieces(chosen):
        batch = select(label_inbox).where(label_inbox.c.id.in_(some)).order_by(label_inbox.c.id)
        found += [LabelBatch(r.id, r.model_id, r.rows, r.received_us, r.body) for r in connection.execute(batch)]
    return found


def load_inboxes(connection: Connection, model_ids: Sequence[int]) -> dict[int, list[LabelBatch]]:
    """The labels to join of some models, a few hundred at most, in the order in which they came."""
    found: dict[int, list[LabelBatch]] = {}
    if model_ids:
        query = select(label_inbox).where(label_inbox.c.model_id.in_(model_ids), ~label_inbox.c.orphaned)
        for r in connection.execute(query.order_by(label_inbox.c.id)):
            batch = LabelBatch(r.id, r.model_id, r.rows, r.received_us, r.body)
            found.setdefault(r.model_id, []).append(batch)
    return found


def drop_inbox(connection: Connection, ids: Collection[int]) -> None:
    """Let go of batches."""
    for some in pieces(list(ids)):
        connection.execute(delete(label_inbox).where(label_inbox.c.id.in_(some)))


def add_rows(connection: Connection, batches: Iterable[LabelBatch]) -> None:
    """Keep joined labels until they are in the lake."""
    rows = [
        {"model_id": each.model_id, "rows": each.rows, "since_us": each.received_us, "body": each.body}
        for each in batches
    ]
    if rows:
        connection.execute(insert(label_rows), rows)


def load_rows(connection: Connection, model_id: int) -> list[LabelBatch]:
    """Joined labels of a model that are not in the lake yet."""
    query = select(label_rows).where(label_rows.c.model_id == model_id).order_by(label_rows.c.id)
    return [LabelBatch(r.id, r.model_id, r.rows, r.since_us, r.body) for r in connection.execute(query)]


def unwritten_models(connection: Connection) -> set[int]:
    """The models with joined labels that are not in the lake yet."""
    return set(connection.execute(select(label_rows.c.model_id).distinct()).scalars())


def catching_up(connection: Connection) -> dict[int, int]:
    """{model: log position} of the models whose actuals before that position are in the lake alone."""
    rows = connection.execute(select(label_catch_ups).order_by(label_catch_ups.c.model_id))
    return {row.model_id: row.before for row in rows}


def caught_up(connection: Connection, model_id: int) -> None:
    """Note that the actuals of a model that were in the lake alone wait for the join."""
    connection.execute(delete(label_catch_ups).where(label_catch_ups.c.model_id == model_id))


def drop_rows(connection: Connection, ids: Collection[int]) -> None:
    """Let go of joined labels that are in the lake now."""
    for some in pieces(list(ids)):
        connection.execute(delete(label_rows).where(label_rows.c.id.in_(some)))


def rows_due(connection: Connection, since_us: int, rows: int) -> list[int]:
    """The models whose joined labels have waited since `since_us`, or of which so many wait."""
    query = select(label_rows.c.model_id).group_by(label_rows.c.model_id)
    query = query.having((func.min(label_rows.c.since_us) <= since_us) | (func.sum(label_rows.c.rows) >= rows))
    return list(connection.execute(query).scalars())


def load_joined(connection: Connection, model_id: int) -> Joined:
    """How far the join of a model has come."""
    row = connection.execute(select(label_joins).where(label_joins.c.model_id == model_id)).one_or_none()
    return Joined(model_id) if row is None else Joined(*row)


def load_all_joined(connection: Connection, model_ids: Sequence[int]) -> dict[int, Joined]:
    """The same of some models by their ids, a few hundred at most; those that have none are left out."""
    rows = connection.execute(select(label_joins).where(label_joins.c.model_id.in_(model_ids)))
    return {row.model_id: Joined(*row) for row in rows}


def save_joined(connection: Connection, *joined: Joined) -> None:
    """Note how far the join of models has come, in the transaction of what it counted."""
    values = [{name: getattr(each, name) for name in Joined.__slots__} for each in joined]
    upsert(connection, label_joins, values, ["model_id"])


def ask_rebuilt(connection: Connection, model_id: int) -> None:
    """Have the outcomes of a model counted anew: it is to be judged by other rules.

    Said before anything was counted, too: the fold may have begun to count by the rules from before.
    """
    save_joined(connection, replace(load_joined(connection, model_id), judging=ANEW))


def asked_rebuilt(connection: Connection) -> list[int]:
    """The models whose outcomes are to be counted anew, and those that have been counted by no rules yet; none whose
    first rows are still held back."""
    joined = models.outerjoin(label_joins, label_joins.c.model_id == models.c.id)
    never = label_joins.c.model_id.is_(None) & models.c.binning_id.is_not(None)
    asked = (label_joins.c.judging == ANEW) & models.c.binning_id.is_not(None)
    query = select(models.c.id).select_from(joined).where(never | asked)
    return list(connection.execute(query.order_by(models.c.id)).scalars())


def pieces(ids: list[int], size: int = 500) -> Iterable[list[int]]:
    """Ids a few at a time: a statement takes so many parameters."""
    return (ids[i : i + size] for i in range(0, len(ids), size))
