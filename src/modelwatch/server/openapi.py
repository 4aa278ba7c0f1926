"""The OpenAPI description of the app: what FastAPI derives, with our errors and our key in it."""

from __future__ import annotations

from typing import Any, Final

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from modelwatch.core.version import VERSION
from modelwatch.server.problems import PROBLEM_JSON, Problem

SUMMARY: Final = "Watches machine-learning models in production."
DESCRIPTION: Final = (
    "Times are ISO 8601 in UTC. Errors are problem details (RFC 9457) with a hint. Model ids and versions in paths are "
    "percent-encoded once, a slash as %2F. With an API key set, send it as `Authorization: Bearer KEY`."
)
DEFAULT: Final = {
    "description": "a problem, with a hint what to do about it",
    "content": {PROBLEM_JSON: {"schema": {"$ref": "#/components/schemas/Problem"}}},
}
UNUSED: Final = ("HTTPValidationError", "ValidationError")


def describe(app: FastAPI) -> dict[str, Any]:
    """The description; the same app always gives the same."""
    document = get_openapi(
        title="modelwatch", version=VERSION, summary=SUMMARY, description=DESCRIPTION, routes=app.routes
    )
    schemas = document.setdefault("components", {}).setdefault("schemas", {})
    for name in UNUSED:
        schemas.pop(name, None)
    schemas["Problem"] = Problem.model_json_schema()
    document["components"]["securitySchemes"] = {"key": {"type": "http", "scheme": "bearer"}}
    document["security"] = [{"key": []}, {}]
    for item in document["paths"].values():
        for operation in item.values():
            responses = operation["responses"]
            if "HTTPValidationError" in str(responses.get("422", "")):
                del responses["422"]
            responses["default"] = DEFAULT
    return document
