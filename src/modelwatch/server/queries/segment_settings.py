"""Which columns cut a model into segments: names as they were given -> tags and features of the model."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from sqlalchemy import Connection

from modelwatch.core.column import ColumnKey, ColumnType
from modelwatch.core.segment import DEFAULT_SEGMENTS, SEGMENT_ROLES, Cut
from modelwatch.core.wire import Role
from modelwatch.errors import InvalidRequest
from modelwatch.server.queries.subject import meant
from modelwatch.store import models, segments

State = Literal["off", "building", "ready"]
FIT: Final = (ColumnType.CATEGORY, ColumnType.BOOLEAN)


@dataclass(frozen=True, slots=True)
class SegmentSettings:
    """The columns as `[role, name]`, how many segments may be watched, and whether all of them have been counted.

    `building` lasts while the reference is read again and past days are counted: what is shown of a segment until then
    lacks rows.
    """

    columns: list[ColumnKey]
    limit: int
    state: State


NOTHING: Final = SegmentSettings([], DEFAULT_SEGMENTS, "off")
"""What holds for a model where nothing was set."""


def settings_of(connection: Connection, model: models.ModelRow) -> SegmentSettings:
    """How a model is cut, as it stands."""
    cut = cut_of(model.settings)
    said = segments.load_segmentation(connection, model.id)
    if said is None or not (cut.columns or said.applied != said.wanted):
        return SegmentSettings([], cut.limit, "off")
    waiting = said.applied != said.wanted or any(each.building for each in segments.load_watched(connection, model.id))
    return SegmentSettings(list(cut.columns), cut.limit, "building" if waiting else "ready")


def cut_of(settings: Mapping[str, Any]) -> Cut:
    """The cut that stored settings ask for."""
    columns = tuple(ColumnKey(Role(role), name) for each in settings.get("segments", []) for role, name in each.items())
    return Cut(columns, int(settings.get("max_segments", DEFAULT_SEGMENTS)))


def ask_for(connection: Connection, model_id: int, settings: Mapping[str, Any]) -> None:
    """Tells the fold how a model is to be cut, when that has changed."""
    cut = cut_of(settings)
    said = segments.load_segmentation(connection, model_id)
    if said is None and not cut.columns:
        return
    wanted = cut.to_json()
    if said is None or said.wanted != wanted:
        segments.ask_for(connection, model_id, wanted)


def resolved(connection: Connection, model_id: int, said: Sequence[str | Mapping[str, str]]) -> list[dict[str, str]]:
    """Each name with its role, as it is stored; raises `InvalidRequest` for what is not there or has no categories."""
    known: dict[ColumnKey, set[ColumnType]] = {}
    for deployment in models.list_deployments(connection, model_id):
        for column in deployment.schema.columns if deployment.schema else ():
            if column.key.role in SEGMENT_ROLES:
                known.setdefault(column.key, set()).add(column.type)
    found = [found_column(each, known) for each in said]
    if len(set(found)) < len(found):
        raise InvalidRequest(f"segments name a column twice: {json.dumps(said)[:200]}", hint="name each column once")
    return [{key.role.value: key.name} for key in found]


def found_column(said: str | Mapping[str, str], known: Mapping[ColumnKey, set[ColumnType]]) -> ColumnKey:
    """The column that is meant: the tag where a plain name is both; a role that was said needs no column yet."""
    if isinstance(said, str):
        wanted = [ColumnKey(role, said) for role in SEGMENT_ROLES]
        key = next((each for each in wanted if each in known), None)
        if key is None:
            names = sorted({each.name for each, types in known.items() if types & set(FIT)})
            raise InvalidRequest(
                f"no version has a tag or feature {said!r}",
                hint=f'{meant(said, names)}; {{"tag": {json.dumps(said)}}} waits for one that is still to come',
            )
    else:
        ((role, name),) = said.items()
        key = ColumnKey(Role(role), name)
    if key in known and not known[key] & set(FIT):
        raise InvalidRequest(
            f"{key.role.value} {key.name!r} holds numbers, which are no segments",
            hint=f"send it in bands too, e.g. as a tag {key.name + '_band'!r} with a few values, or as true and false",
        )
    return key
