"""Which groups of people a model is looked at by: names as they were given -> tags and features of the model."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection

from modelwatch.core.column import ColumnKey, ColumnType
from modelwatch.core.segment import SEGMENT_ROLES
from modelwatch.errors import InvalidRequest
from modelwatch.monitors.fairness import Attribute, FairnessSettings
from modelwatch.monitors.fairness.settings import attribute_said
from modelwatch.profiles import merge_blocks
from modelwatch.profiles.describe import quantile
from modelwatch.server.queries.subject import meant
from modelwatch.server.queries.windows import load_binning
from modelwatch.store import models, references

Known = Mapping[ColumnKey, set[ColumnType]]


def resolved(connection: Connection, model_id: int, said: Mapping[str, Any]) -> dict[str, Any] | None:
    """The setting as it is stored: each attribute with its role, numbers with their edges; None without attributes.

    Raises `InvalidRequest` for what makes no sense, a name that no version has, and numbers without bands. A role that
    was said needs no column yet.
    """
    known: dict[ColumnKey, set[ColumnType]] = {}
    for deployment in models.list_deployments(connection, model_id):
        for column in deployment.schema.columns if deployment.schema else ():
            if column.key.role in SEGMENT_ROLES:
                known.setdefault(column.key, set()).add(column.type)
    attributes = FairnessSettings.from_json(said).attributes
    found = [resolved_attribute(connection, model_id, each, known) for each in attributes]
    if len({(each.role, each.name) for each in found}) < len(found):
        raise InvalidRequest("fairness attributes name a column twice", hint="name each tag or feature once")
    return {**said, "attributes": [attribute_said(each) for each in found]} if found else None


def resolved_attribute(connection: Connection, model_id: int, said: Attribute, known: Known) -> Attribute:
    """One attribute with the role of the column that is meant, and with edges where it asked for quantiles."""
    column = said.column(known)
    if column is None:
        if said.role is None:
            wait = f'{{"tag": {json.dumps(said.name)}}} waits for one that is still to come'
            names = sorted({each.name for each in known})
            raise InvalidRequest(
                f"fairness: no version has a tag or feature {said.name!r}", hint=f"{meant(said.name, names)}; {wait}"
            )
        return said
    edges = said.edges
    if said.quantiles and not edges:
        edges = edges_of(connection, model_id, column, said.quantiles)
    if known[column] == {ColumnType.NUMERIC} and not edges:
        raise InvalidRequest(
            f"fairness: {column.role.value} {said.name!r} holds numbers, which need bands",
            hint=f'for example {{"{column.role.value}": {json.dumps(said.name)}, "bands": [25, 45, 65]}}',
        )
    return replace(said, role=column.role, edges=edges)


def edges_of(connection: Connection, model_id: int, column: ColumnKey, count: int) -> tuple[float, ...]:
    """Inner edges that part the rows of the newest reference about equally, right within its bins; () without one."""
    for row in references.list_references(connection, model_id):
        if row.kind in references.RULES:
            continue
        binning = load_binning(connection, model_id, row.binning)
        f = binning.index(column)
        if f is not None:
            profile = merge_blocks([row.body], binning)
            cuts = (quantile(profile, binning, f, i / count) for i in range(1, count))
            return tuple(sorted({cut for cut in cuts if cut is not None and cut > profile.extremes[f, 0]}))
    return ()
