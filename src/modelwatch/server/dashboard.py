"""The dashboard's files: what no route answers. Every address of the single page is answered with that page."""

from __future__ import annotations

import mimetypes
from pathlib import Path
from typing import Final

import anyio.to_thread
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.responses import FileResponse, HTMLResponse, Response
from starlette.types import Receive, Scope, Send

from modelwatch.server.guard import is_protected

FOREVER: Final = "public, max-age=31536000, immutable"
"""For files whose name holds a hash of what is in them."""
ASK_AGAIN: Final = "no-cache"
PACKED: Final = (("br", ".br"), ("gzip", ".gz"))
NOT_BUILT: Final = """<!doctype html><html lang="en"><meta charset="utf-8"><title>modelwatch</title>
<h1>The dashboard is not built</h1>
<p>The server runs and takes predictions. To build the dashboard from a clone, run
<code>npm ci</code> and <code>npm run build</code> in the folder <code>web</code>, then reload this page.</p>
<p>The same answers are at <a href="/api/v1/models">/api/v1/models</a>; <a href="/docs">/docs</a> tells the rest.</p>
"""


class Dashboard:
    """ASGI application for the paths that no route answers."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder.absolute()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path, headers = scope["path"], Headers(scope=scope)
        if scope["method"] not in ("GET", "HEAD") or is_protected(path):
            raise HTTPException(404)
        response = await anyio.to_thread.run_sync(self.answer, path, headers)
        await response(scope, receive, send)

    def answer(self, path: str, headers: Headers) -> Response:
        """A file, else the page itself for what a browser shows; raises HTTPException for anything else."""
        file = self.find(path)
        if file is not None:
            return served(file, headers, FOREVER if path.startswith("/assets/") else ASK_AGAIN)
        if path.startswith("/assets/") or "text/html" not in headers.get("accept", ""):
            raise HTTPException(404)
        page = self.find("/index.html")
        if page is None:
            return HTMLResponse(NOT_BUILT, headers={"cache-control": ASK_AGAIN})
        return served(page, headers, ASK_AGAIN)

    def find(self, path: str) -> Path | None:
        """The file at a path inside the folder, or None; nothing outside is ever found."""
        parts = path.split("/")[1:]
        if "\0" in path or "\\" in path or any(part in ("", ".", "..") for part in parts):
            return None
        file = self.folder.joinpath(*parts)
        try:
            inside = file.resolve().is_relative_to(self.folder.resolve())
            return file if inside and file.is_file() else None
        except OSError:
            return None


def served(file: Path, headers: Headers, cache: str) -> Response:
    """The file, or its packed form where the browser takes that."""
    kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
    taken = {each.partition(";")[0].strip() for each in headers.get("accept-encoding", "").lower().split(",")}
    sent = {"cache-control": cache, "vary": "accept-encoding"}
    for encoding, ending in PACKED:
        packed = file.with_name(file.name + ending)
        if encoding in taken and packed.is_file():
            return FileResponse(packed, media_type=kind, headers={**sent, "content-encoding": encoding})
    return FileResponse(file, media_type=kind, headers=sent)
