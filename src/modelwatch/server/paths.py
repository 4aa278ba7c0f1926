"""Names in paths: a model may be called `a/b` or `..`, so segments are split before they are decoded, and once only."""

from __future__ import annotations

from typing import Annotated, Final
from urllib.parse import unquote

from fastapi import Depends, Path
from starlette.types import ASGIApp, Receive, Scope, Send

from modelwatch.core.wire import MAX_NAME_BYTES
from modelwatch.errors import InvalidRequest

API: Final = "/api/"


class EncodedPaths:
    """ASGI middleware: below /api/ routes are matched on the path as it was sent, percent signs and all."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        raw: bytes = scope.get("raw_path") or b""
        if scope["type"] == "http" and b"%" in raw and scope["path"].startswith(API):
            scope["path"] = raw.decode("ascii", "replace")
        await self.app(scope, receive, send)


def decoded(text: str) -> str:
    """A path segment as its sender meant it; raises `InvalidRequest` when it is not UTF-8 or too long for a name."""
    try:
        name = unquote(text, errors="strict")
    except UnicodeDecodeError as error:
        raise InvalidRequest(f"{text!r} is not UTF-8 once its percent signs are decoded") from error
    if len(name.encode("utf-8", "surrogatepass")) > MAX_NAME_BYTES:
        raise InvalidRequest(f"a name has at most {MAX_NAME_BYTES} bytes")
    return name


async def model_in_path(
    model_id: Annotated[str, Path(description="the model's id, percent-encoded (a slash as %2F)")],
) -> str:
    """The model id of the path."""
    return decoded(model_id)


async def version_in_path(
    version: Annotated[str, Path(description="the model's version, percent-encoded")],
) -> str:
    """The version of the path."""
    return decoded(version)


ModelId = Annotated[str, Depends(model_in_path)]
Version = Annotated[str, Depends(version_in_path)]
