"""/api/v1/models: the fleet, one model, and its settings."""

from __future__ import annotations

import dataclasses
from typing import Annotated, Any

import anyio.to_thread
from fastapi import APIRouter, Query, Request

from modelwatch.core.wire import DEFAULT_ENVIRONMENT, DEFAULT_PROJECT
from modelwatch.server.body import read_object
from modelwatch.server.paths import ModelId
from modelwatch.server.permission import permission
from modelwatch.server.queries.alarms import Preview, false_alarms, preview
from modelwatch.server.queries.fleet import read_fleet
from modelwatch.server.queries.model import read_model
from modelwatch.server.queries.settings import ModelSettings, change_settings, settings_of
from modelwatch.server.queries.subject import find_subject
from modelwatch.server.rest import shapes
from modelwatch.server.services import Given
from modelwatch.server.settings_patch import OPENAPI, changes
from modelwatch.store.engine import reading

router = APIRouter(prefix="/api/v1", tags=["models"])
Environment = Annotated[str, Query(description="where the model runs")]
VersionAsked = Annotated[str | None, Query(description="the newest when absent")]


@router.get("/models", summary="List models", response_model=shapes.Models, dependencies=[permission("read")])
def list_models(services: Given) -> dict[str, Any]:
    """Every model with its state, the worst first."""
    with reading(services.engine) as connection:
        return {"models": read_fleet(connection, services.clock(), services.settings.hold_rows)}


@router.get("/models/{model_id}", summary="One model", response_model=shapes.Model, dependencies=[permission("read")])
def get_model(
    model_id: ModelId, services: Given, environment: Environment = DEFAULT_ENVIRONMENT, version: VersionAsked = None
) -> dict[str, Any]:
    """One model in one environment: its level, versions, references, columns and settings."""
    with reading(services.engine) as connection:
        subject = find_subject(connection, model_id, services.clock(), environment, version)
        detail = read_model(connection, subject, services.settings.hold_rows)
        alarms = false_alarms(connection, subject)
        settings = settings_of(connection, subject.model)
    # not asdict: values inside stay what they are, the answer's shape reads them by attribute
    shown = {field.name: getattr(detail, field.name) for field in dataclasses.fields(detail)}
    return {**shown, "settings": settings, "false_alarms": alarms}


@router.patch(
    "/models/{model_id}",
    summary="Change the settings of a model",
    response_model=shapes.ModelSettings,
    dependencies=[permission("write")],
    openapi_extra=OPENAPI,
)
async def patch_model(model_id: ModelId, request: Request, services: Given) -> ModelSettings:
    """Changes the settings that are named, in all environments; null gives a decision back to the server."""
    wanted = changes(await read_object(request))
    now_us = services.clock()
    return await anyio.to_thread.run_sync(change_settings, services.engine, DEFAULT_PROJECT, model_id, wanted, now_us)


@router.post(
    "/models/{model_id}/settings/preview",
    summary="What a change of settings would do",
    response_model=shapes.SettingsPreview,
    dependencies=[permission("write")],
    openapi_extra=OPENAPI,
)
async def preview_settings(
    model_id: ModelId,
    request: Request,
    services: Given,
    environment: Environment = DEFAULT_ENVIRONMENT,
    version: VersionAsked = None,
) -> Preview:
    """The false alarms to expect in a month, now and with the settings in the body, which are not saved."""
    wanted = changes(await read_object(request))

    def look() -> Preview:
        with reading(services.engine) as connection:
            return preview(
                connection, find_subject(connection, model_id, services.clock(), environment, version), wanted
            )

    return await anyio.to_thread.run_sync(look)
