"""Request bodies, read with a limit while they arrive, so that no sender can fill the memory."""

from __future__ import annotations

import zlib
from typing import Any, Final

import orjson
from fastapi import Request

from modelwatch.errors import InvalidRequest, TooLarge
from modelwatch.server.problems import Refused

SMALL: Final = 256 * 1024
"""The limit for bodies that hold settings or a query, not rows."""


async def read_body(request: Request, limit: int) -> bytes:
    """The whole body; raises `TooLarge` as soon as it is known to be longer than `limit` bytes."""
    declared = request.headers.get("content-length", "")
    if declared.isdecimal() and int(declared[:20]) > limit:
        raise too_large(limit)
    chunks: list[bytes] = []
    size = 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > limit:
            raise too_large(limit)
        chunks.append(chunk)
    return chunks[0] if len(chunks) == 1 else b"".join(chunks)


def too_large(limit: int) -> TooLarge:
    """The error for a body beyond the limit."""
    return TooLarge(f"the body is longer than {limit:,} bytes", hint="send fewer rows at once")


def media_type(request: Request) -> str:
    """The content type without its parameters, in lower case."""
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


def unpacked(body: bytes, encoding: str, limit: int) -> bytes:
    """The body without its content encoding, never more than `limit` bytes of it."""
    if encoding in ("", "identity"):
        return body
    if encoding != "gzip":
        raise Refused(415, "unsupported-encoding", f"content encoding {encoding!r} is not known here", hint="use gzip")
    unzip = zlib.decompressobj(wbits=31)
    try:
        plain = unzip.decompress(body, limit + 1)
    except zlib.error as error:
        raise InvalidRequest("the body is not gzip, although its content encoding says so") from error
    if len(plain) > limit:
        raise too_large(limit)
    if not unzip.eof or unzip.unused_data:
        raise InvalidRequest("the gzip body is cut short or holds more than one member")
    return plain


async def read_object(request: Request) -> dict[str, Any]:
    """A small JSON object, as settings and decisions are sent; an empty body is an empty object."""
    body = await read_body(request, SMALL)
    if not body:
        return {}
    if media_type(request) != "application/json":
        raise Refused(415, "unsupported-media-type", "the body must be JSON", hint="Content-Type: application/json")
    try:
        value = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise InvalidRequest(f"the body is no JSON: {error}") from error
    if not isinstance(value, dict):
        raise InvalidRequest("the body must be a JSON object")
    return value
