"""A transport that keeps what it is sent, decoded with pyarrow, and can be told to die after so many requests."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa

from modelwatch.client.transport import Request, Response


@dataclass
class Sink:
    """`sent` holds (path, rows by role) in the order of arrival."""

    dies_after: int | None = None
    sent: list[tuple[str, dict[str, list[Any]]]] = field(default_factory=list)

    def __call__(self, request: Request, /) -> Response:
        if self.dies_after is not None and len(self.sent) >= self.dies_after:
            return Response(400, json.dumps({"title": "Gone", "status": 400, "detail": "gone", "hint": ""}).encode())
        body = request.body if isinstance(request.body, bytes) else b"".join(request.body)
        table = pa.ipc.open_stream(body).read_all()
        roles = [f.metadata[b"role"].decode() + ":" + f.name for f in table.schema]
        self.sent.append(
            (request.path.split("?")[0], {r: c.to_pylist() for r, c in zip(roles, table.columns, strict=True)})
        )
        counts = {"status": "success", "received": len(table), "accepted": len(table), "rejected": 0, "duplicate": 0}
        return Response(200, json.dumps({**counts, "rows": len(table), "errors": []}).encode())

    def column(self, path: str, role: str) -> list[Any]:
        """All values of a column that came in by that path, in order."""
        return [value for at, columns in self.sent if at == path for value in columns[role]]

    def requests(self, path: str) -> int:
        """How often that path was called."""
        return sum(1 for at, _ in self.sent if at == path)
