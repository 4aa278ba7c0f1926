"""A JSON or NDJSON body -> parts and rejections."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

from modelwatch.core.wire import MAX_COLUMNS, MAX_ROWS, Kind, Role
from modelwatch.errors import TooLarge
from modelwatch.ingest.json_columns import to_batch
from modelwatch.ingest.json_row import Refused, Row, RowChecker
from modelwatch.ingest.json_text import Malformed, parse, parse_lines
from modelwatch.ingest.part import Place, part_of
from modelwatch.ingest.reason import Reason
from modelwatch.ingest.rejections import Rejections
from modelwatch.log import Rejection
from modelwatch.log.entry import Part

MAX_PARTS: Final = 1_000
MAX_CELLS: Final = 4_000_000
"""Rows times columns of one part: rows that share no column would fill the memory with nulls."""


@dataclass(slots=True)
class Group:
    """The rows of one model version so far, and the columns that they need together."""

    rows: list[Row] = field(default_factory=list)
    columns: set[tuple[Role, str]] = field(default_factory=set)


def decode_json(
    body: bytes, lines: bool, kind: Kind, received_us: int, new_id: Callable[[], str]
) -> tuple[tuple[Part, ...], tuple[Rejection, ...], int, str | None]:
    """The parts, the rejections, how many rows came, and the id of the prediction when the body was one object."""
    parsed = parse_lines(body) if lines else parse(body)
    values = parsed if isinstance(parsed, list) else [parsed]
    if len(values) > MAX_ROWS:
        raise TooLarge(f"the body has {len(values)} rows", hint=f"a request may hold {MAX_ROWS}")
    surrogates = b"\\ud" in body or b"\\uD" in body
    checker = RowChecker(kind, received_us, new_id, set())
    groups: dict[Place, Group] = {}
    rejections = Rejections()
    for number, value in enumerate(values):
        try:
            if surrogates:
                check_text(value)
            add(groups, checker.check(value))
        except Refused as refused:
            rejections.add(number, refused.reason, refused.detail, model_of(value), lambda v=value: record(v))  # type: ignore[misc]
    parts = tuple(part_of(to_batch(group.rows, place), kind, place) for place, group in groups.items() if group.rows)
    single = not isinstance(parsed, list) and len(parts) == 1
    return parts, rejections.all(), len(values), next(iter(groups.values())).rows[0].prediction_id if single else None


def add(groups: dict[Place, Group], row: Row) -> None:
    """Put a row to those of its model version; raises `Refused` when that would be too much, `TooLarge` in all."""
    group = groups.get(row.place)
    if group is None:
        if len(groups) >= MAX_PARTS:
            raise Refused(Reason.TOO_MANY_MODELS)
        group = Group()
    needed = {(role, name) for role, values in row.named.items() for name in values}
    columns = group.columns | needed if not needed <= group.columns else group.columns
    if len(columns) + len(row.single) + 2 > MAX_COLUMNS:
        raise Refused(Reason.TOO_MANY_COLUMNS)
    if (len(group.rows) + 1) * len(columns) > MAX_CELLS:
        raise TooLarge("the rows of one model have too few columns in common", hint="send fewer rows in each request")
    group.columns = columns
    group.rows.append(row)
    groups[row.place] = group


def check_text(value: Any) -> None:
    """Raises `Refused` for text that UTF-8 cannot hold; orjson lets none through, Python's parser does."""
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        raise Refused(Reason.INVALID_TEXT) from None


def model_of(value: object) -> str:
    """The model that a refused row names, as far as it does."""
    name = value.get("model_id") if isinstance(value, dict) else None
    return name if isinstance(name, str) else ""


def record(value: object) -> str:
    """The row as JSON text, a malformed line as it came."""
    return value.line if isinstance(value, Malformed) else json.dumps(value)
