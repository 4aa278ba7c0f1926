"""Errors as answers: the one place where an error becomes an HTTP status (problem details, RFC 9457)."""

from __future__ import annotations

import http
import logging
import math
from collections.abc import Mapping
from typing import Any

import orjson
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.responses import Response

import modelwatch.errors as errors
from modelwatch.server.headers import SECURITY_HEADERS

PROBLEM_JSON = "application/problem+json"
logger = logging.getLogger("modelwatch.server")

STATUSES: tuple[tuple[type[errors.ModelwatchError], int, str], ...] = (
    (errors.UnsupportedWire, 415, "unsupported-media-type"),
    (errors.TooLarge, 413, "too-large"),
    (errors.InvalidRequest, 400, "malformed"),
    (errors.NotFound, 404, "not-found"),
    (errors.StaleSequence, 409, "stale-sequence"),
    (errors.Conflict, 409, "conflict"),
    (errors.Unauthorized, 401, "unauthorized"),
    (errors.Busy, 429, "busy"),
    (errors.StorageFull, 507, "disk-full"),
    (errors.StorageFailed, 503, "storage-failed"),
)
"""The first class that fits counts; what is in none of them is our own mistake: 500."""


class Problem(BaseModel):
    """What went wrong, in the words of RFC 9457, and what to do about it."""

    model_config = ConfigDict(extra="allow")

    type: str = Field(description="names the kind of problem; stable, made for programs")
    title: str = Field(description="the status in words")
    status: int
    detail: str = Field(description="what went wrong this time, for a person")
    hint: str = Field(default="", description="what to do about it; may be empty")


class Refused(errors.ModelwatchError):
    """A request is refused for a reason that only HTTP knows: an unsupported media type, a foreign origin."""

    def __init__(self, status: int, kind: str, message: str, *, hint: str = "", fields: Mapping[str, Any] = {}) -> None:
        super().__init__(message, hint=hint)
        self.status, self.kind, self.fields = status, kind, fields


def problem(
    status: int,
    kind: str,
    detail: str,
    hint: str = "",
    headers: Mapping[str, str] | None = None,
    fields: Mapping[str, Any] | None = None,
) -> Response:
    """The answer that tells of a problem; `fields` are members beyond those of `Problem`."""
    body = {
        "type": f"urn:modelwatch:problem:{kind}",
        "title": http.HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "hint": hint,
        **(fields or {}),
    }
    return Response(orjson.dumps(body), status, dict(headers or {}), PROBLEM_JSON)


def of_error(error: errors.ModelwatchError) -> Response:
    """The answer to one of our own errors."""
    if isinstance(error, Refused):
        return problem(error.status, error.kind, error.message, error.hint, fields=error.fields)
    for kind, status, name in STATUSES:
        if isinstance(error, kind):
            return problem(status, name, error.message, error.hint, headers_of(error))
    logger.error("unexpected %s", type(error).__name__, exc_info=error)
    return unexpected()


def headers_of(error: errors.ModelwatchError) -> dict[str, str]:
    """The headers that belong to a status."""
    if isinstance(error, errors.Busy):
        return {"Retry-After": str(max(1, math.ceil(error.retry_after)))}
    if isinstance(error, errors.Unauthorized):
        return {"WWW-Authenticate": "Bearer"}
    return {}


def unexpected() -> Response:
    """The answer when the mistake is ours: nothing of the inside is told."""
    return problem(500, "internal", "something went wrong inside modelwatch", "the server's log says what")


def of_validation(error: RequestValidationError) -> Response:
    """The answer to parameters that FastAPI could not take."""
    found = [
        {"where": ".".join(str(part) for part in each["loc"]), "detail": str(each["msg"])} for each in error.errors()
    ]
    first = found[0] if found else {"where": "request", "detail": "cannot be read"}
    fields = {"errors": found[:20]}
    return problem(422, "invalid-parameter", f"{first['where']}: {first['detail']}", "see /docs", fields=fields)


def of_http(error: HTTPException) -> Response:
    """The answer to what the framework itself refuses: unknown routes and methods."""
    if error.status_code == 404:
        return problem(404, "no-route", "there is nothing at this address", "GET /docs lists what there is")
    return problem(error.status_code, "refused", str(error.detail), headers=error.headers)


def install(app: FastAPI) -> None:
    """Make the app answer every error with problem details."""

    async def ours(_: Request, error: Exception) -> Response:
        assert isinstance(error, errors.ModelwatchError)
        return of_error(error)

    async def validation(_: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)
        return of_validation(error)

    async def framework(_: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        return of_http(error)

    async def gone(_: Request, __: Exception) -> Response:
        return problem(400, "malformed", "the sender went away before its body was whole")

    async def anything(_: Request, error: Exception) -> Response:
        # the server logs the error itself; this answer is made outside of `guard`, so it carries the headers itself
        response = unexpected()
        response.headers.update(SECURITY_HEADERS)
        return response

    app.add_exception_handler(errors.ModelwatchError, ours)
    app.add_exception_handler(RequestValidationError, validation)
    app.add_exception_handler(HTTPException, framework)
    app.add_exception_handler(ClientDisconnect, gone)
    app.add_exception_handler(Exception, anything)
