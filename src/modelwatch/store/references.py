"""Binnings and references."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, Row, insert, select

from modelwatch.store.tables import binnings, refs
from modelwatch.store.upsert import upsert

RULES: Final = ("window", "moving", "seasonal")
"""The kinds that name stretches of a model's own past."""


@dataclass(frozen=True, slots=True)
class BinningRow:
    """One binning of a model; `event_us` is the model's now when it was made, for the mark on charts."""

    hash: str
    source: str
    event_us: int | None
    created_us: int
    body: bytes


@dataclass(frozen=True, slots=True)
class ReferenceRow:
    """What windows are compared with: a profile block on the binning `binning`, with the design effects of its rows.

    One of the kinds in `RULES` holds no counts: its `rule` says which stretches of the past of every version are its
    reference, and version and environment are empty.
    """

    id: int
    model_id: int
    environment: str
    version: str
    kind: str
    label: str
    rows: float
    start_us: int | None
    end_us: int | None
    created_us: int
    binning: str
    file: str
    roles: str
    body: bytes
    rule: str
    dependence: bytes | None


def save_binning(connection: Connection, model_id: int, row: BinningRow) -> None:
    """Store a binning; storing the same one again changes nothing."""
    values = {
        "model_id": model_id,
        "hash": row.hash,
        "source": row.source,
        "event_us": row.event_us,
        "created_us": row.created_us,
        "body": row.body,
    }
    upsert(connection, binnings, [values], ["model_id", "hash"], keep=["source", "event_us", "created_us", "body"])


def load_binning(connection: Connection, model_id: int, binning_hash: str) -> BinningRow:
    """The binning of that hash, which must exist."""
    row = connection.execute(
        select(binnings).where(binnings.c.model_id == model_id, binnings.c.hash == binning_hash)
    ).one()
    return BinningRow(row.hash, row.source, row.event_us, row.created_us, row.body)


def list_binnings(connection: Connection, model_id: int) -> list[BinningRow]:
    """All binnings that the model ever had, the oldest first."""
    rows = connection.execute(select(binnings).where(binnings.c.model_id == model_id).order_by(binnings.c.id))
    return [BinningRow(row.hash, row.source, row.event_us, row.created_us, row.body) for row in rows]


def save_reference(connection: Connection, values: dict[str, Any]) -> int:
    """Store a reference; returns its id."""
    key = connection.execute(insert(refs).values(**values)).inserted_primary_key
    assert key is not None
    return int(key[0])


def replace_body(connection: Connection, reference_id: int, binning_hash: str, body: bytes) -> None:
    """Store the counts of a reference on another binning."""
    connection.execute(refs.update().where(refs.c.id == reference_id).values(binning=binning_hash, body=body))


def list_references(connection: Connection, model_id: int) -> list[ReferenceRow]:
    """All references of a model, the newest first."""
    rows = connection.execute(select(refs).where(refs.c.model_id == model_id).order_by(refs.c.id.desc()))
    return [reference_row(row) for row in rows]


def find_reference(
    connection: Connection, model_id: int, environment: str, version: str, kind: str | None = None
) -> ReferenceRow | None:
    """The counts that a version is compared with: its own newest reference, else the model's newest one, else None.

    Those of `kind` come before all others.
    """
    ranked = (
        (refs.c.kind != (kind or refs.c.kind)).asc(),
        (refs.c.version != version).asc(),
        (refs.c.environment != environment).asc(),
        (refs.c.kind == "first_rows").asc(),
        refs.c.id.desc(),
    )
    standing = (refs.c.model_id == model_id, refs.c.kind.not_in(RULES))
    row = connection.execute(select(refs).where(*standing).order_by(*ranked).limit(1)).one_or_none()
    return None if row is None else reference_row(row)


def find_rule(connection: Connection, model_id: int, rule: str) -> ReferenceRow | None:
    """The newest row of that rule, or None."""
    query = select(refs).where(refs.c.model_id == model_id, refs.c.rule == rule).order_by(refs.c.id.desc()).limit(1)
    row = connection.execute(query).one_or_none()
    return None if row is None else reference_row(row)


def get_reference(connection: Connection, reference_id: int) -> ReferenceRow | None:
    """The reference with that id, or None."""
    row = connection.execute(select(refs).where(refs.c.id == reference_id)).one_or_none()
    return None if row is None else reference_row(row)


def reference_row(row: Row[Any]) -> ReferenceRow:
    """A row of `refs` as a value."""
    return ReferenceRow(
        row.id,
        row.model_id,
        row.environment,
        row.version,
        row.kind,
        row.label,
        row.rows,
        row.start_us,
        row.end_us,
        row.created_us,
        row.binning,
        row.file,
        row.roles,
        row.body,
        row.rule,
        row.dependence,
    )
