"""Takes a reference: streamed to a file, read through, then told to the fold by a record in the log."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Final

import anyio.to_thread
import orjson
from fastapi import APIRouter, Query, Request
from pydantic import BaseModel

from modelwatch.core.column import ColumnKey
from modelwatch.core.uuid7 import uuid7
from modelwatch.core.wire import ARROW_STREAM, DEFAULT_ENVIRONMENT, DEFAULT_PROJECT
from modelwatch.errors import InvalidRequest, ModelwatchError
from modelwatch.ingest.names import name_fault
from modelwatch.ingest.reference import CSV, ENDINGS, PARQUET, ReferenceFile, open_reference
from modelwatch.log.entry import Entry, Part, PartKind, encode
from modelwatch.server import uploads
from modelwatch.server.body import media_type, too_large
from modelwatch.server.paths import ModelId, Version
from modelwatch.server.permission import permission
from modelwatch.server.problems import Refused
from modelwatch.server.services import Given, Services

BINARY: Final = {"schema": {"type": "string", "format": "binary"}}
OPENAPI: Final[dict[str, Any]] = {
    "requestBody": {
        "required": True,
        "description": "streamed; at most 2 GiB unless set otherwise",
        "content": {ARROW_STREAM: BINARY, PARQUET: BINARY, CSV: {"schema": {"type": "string"}}},
    }
}
router = APIRouter(prefix="/api/v1", tags=["ingest"], dependencies=[permission("ingest")])


class TakenColumn(BaseModel):
    """A column that was read, with what it is for."""

    name: str
    role: str


class TakenReference(BaseModel):
    """A reference that is durable; the worker makes it stand within seconds."""

    status: str
    reference_id: str
    rows: int
    columns: list[TakenColumn]
    left_out: list[str]


class Roles(BaseModel):
    """Which columns of a Parquet or CSV file have which role; what is left out goes by the column's name."""

    model_config = {"extra": "forbid"}

    environment: str = DEFAULT_ENVIRONMENT
    label: str = Query("", description="what the dashboard calls the reference", max_length=200)
    prediction_id: str | None = None
    timestamp: str | None = None
    prediction_label: str | None = None
    prediction_score: str | None = None
    prediction_value: str | None = None
    weight: str | None = None
    group_id: str | None = None
    rank: str | None = None
    actual_label: str | None = None
    actual_value: str | None = None
    actual_score: str | None = None
    relevance: str | None = None
    features: list[str] = []
    tags: list[str] = []

    def said(self) -> dict[str, str | list[str]]:
        """Role -> column or columns, those that were given."""
        given: dict[str, str | list[str]] = self.model_dump(exclude={"environment", "label"})
        return {role: column for role, column in given.items() if column}


@router.put(
    "/models/{model_id}/versions/{version}/reference",
    summary="Set the reference of a version",
    openapi_extra=OPENAPI,
    response_model=TakenReference,
)
async def put_reference(
    request: Request, model_id: ModelId, version: Version, services: Given, roles: Annotated[Roles, Query()]
) -> TakenReference:
    """Takes the data that a version's windows are compared with, most often what the model was trained on."""
    for what, name in (("model id", model_id), ("version", version), ("environment", roles.environment)):
        if fault := name_fault(name):
            raise InvalidRequest(f"the {what} cannot be taken: {fault.value}")
    kind = media_type(request)
    if kind not in ENDINGS:
        raise Refused(415, "unsupported-media-type", f"{kind!r} is no reference", hint=f"send {', '.join(ENDINGS)}")
    if request.headers.get("content-encoding", "identity").lower() != "identity":
        raise Refused(415, "unsupported-encoding", "a reference is taken as it is", hint="send it uncompressed")
    limit = services.settings.max_reference_mb * 1024 * 1024
    declared = request.headers.get("content-length", "")
    if declared.isdecimal() and int(declared[:20]) > limit:
        raise too_large(limit)
    received_us = services.clock()
    reference_id = uuid7(received_us // 1000)
    part = services.uploads / f"{reference_id}.part"
    file = services.uploads / f"{reference_id}{ENDINGS[kind]}"
    await uploads.save(request.stream(), part, limit)
    opened, rows = await validated(request, part, kind, roles.said())
    await anyio.to_thread.run_sync(uploads.keep, part, file)
    body = {
        "file": file.name,
        "content_type": kind,
        "roles": roles.said(),
        "label": roles.label,
        "reference_id": reference_id,
    }
    where = Part(PartKind.REFERENCE, model_id, version, roles.environment, rows, orjson.dumps(body))
    await tell(services, file, Entry(received_us, DEFAULT_PROJECT, (where,), ()))
    columns = [shown(key) for key in opened.columns]
    return TakenReference(
        status="success", reference_id=reference_id, rows=rows, columns=columns, left_out=list(opened.left_out)
    )


async def validated(
    request: Request, part: Path, kind: str, said: Mapping[str, str | list[str]]
) -> tuple[ReferenceFile, int]:
    """The file, read through to its end, and its rows; a file that cannot be taken is removed."""

    def read() -> tuple[ReferenceFile, int]:
        opened = open_reference(part, kind, said)
        return opened, opened.count()

    try:
        opened, rows = await anyio.to_thread.run_sync(read, limiter=request.app.state.uploaders)
        if not rows:
            raise InvalidRequest("the reference has no rows", hint="send the data that the model was trained on")
    except BaseException:
        uploads.discard(part)
        raise
    return opened, rows


async def tell(services: Services, file: Path, entry: Entry) -> None:
    """Puts the record into the log that makes the fold read the file; without it the file is of no use."""
    try:
        future = services.log.append(encode(entry), None, entry.received_us)
        await asyncio.shield(asyncio.wrap_future(future))
    except ModelwatchError:
        uploads.discard(file)
        raise


def shown(key: ColumnKey) -> TakenColumn:
    """A column as the answer names it."""
    return TakenColumn(name=key.name or key.role.value, role=key.role.value)
