"""What the fields about a model's settings do. Changes are the body of PATCH, so that both faces take the same."""

from __future__ import annotations

from typing import Annotated, Any

import strawberry
from strawberry.scalars import JSON

from modelwatch.core.wire import DEFAULT_PROJECT
from modelwatch.errors import InvalidRequest
from modelwatch.server.graph.context import Info
from modelwatch.server.permission import require
from modelwatch.server.queries import settings as held
from modelwatch.server.queries.alarms import Preview, preview
from modelwatch.server.queries.model import ModelDetail
from modelwatch.server.settings_patch import changes as checked

ModelName = Annotated[str, strawberry.argument(name="id")]


def may_write(info: Info) -> bool:
    """Whether who asks holds the permission to write."""
    return "write" in info.context.permissions


def settings(root: strawberry.Parent[ModelDetail], info: Info) -> held.ModelSettings:
    """What was set for the model."""
    return held.settings_of(info.context.connection, root.subject.model)


def setting_defaults(root: strawberry.Parent[ModelDetail]) -> held.ModelSettings:
    """What holds where nothing was set."""
    return held.defaults_of(root.subject.model)


def settings_preview(root: strawberry.Parent[ModelDetail], info: Info, changes: JSON) -> Preview:
    """What changes would cost; nothing is saved."""
    require(info.context.permissions, "write")
    return preview(info.context.connection, root.subject, checked(body(changes)))


def change_settings(info: Info, name: ModelName, changes: JSON) -> held.ModelSettings:
    """Changes the settings that are named, in all environments; null gives a decision back to the server."""
    require(info.context.permissions, "write")
    context = info.context
    return held.change_settings(
        context.services.engine, DEFAULT_PROJECT, name, checked(body(changes)), context.services.clock()
    )


def body(changes: object) -> dict[str, Any]:
    """Changes as the object that they must be."""
    if not isinstance(changes, dict):
        raise InvalidRequest("changes must be an object of settings", hint='for example {"psi_warning": 0.15}')
    return changes
