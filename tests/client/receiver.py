"""A server in miniature, to be used as a transport: keeps what arrives, knows a batch by its identity, answers by plan.

What it received is decoded with pyarrow, which shares no code with the client.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa

from modelwatch.client.transport import Request, Response

Answer = Response | Exception | Callable[[Request], Response | None]
Key = tuple[str, str, str]


def decode(body: bytes) -> pa.Table:
    """The stream as a table, fully validated, and read completely."""
    table = pa.ipc.open_stream(body).read_all()
    table.validate(full=True)
    return table


def identity(table: pa.Table) -> Key:
    """(producer, epoch, sequence) as text."""
    metadata = table.schema.metadata
    producer, epoch, sequence = (metadata[f"modelwatch.{name}".encode()] for name in ("producer", "epoch", "sequence"))
    return producer.decode(), epoch.decode(), sequence.decode()


def role(table: pa.Table, number: int) -> str:
    """The role of a column."""
    return table.schema.field(number).metadata[b"role"].decode()


def column(table: pa.Table, role_name: str, name: str | None = None) -> list[Any]:
    """The values of the one column with that role and name."""
    found = [
        i
        for i in range(table.num_columns)
        if role(table, i) == role_name and table.schema.field(i).name == (name or role_name)
    ]
    assert len(found) == 1, (role_name, name, table.schema)
    return table.column(found[0]).to_pylist()


def success(rows: int, duplicate: int = 0) -> Response:
    """The answer of a server that took the rows."""
    counts = {"status": "success", "received": rows, "accepted": rows - duplicate, "rejected": 0}
    return Response(200, json.dumps({**counts, "duplicate": duplicate, "errors": []}).encode())


@dataclass
class Receiver:
    """A transport. `answers` are used up one by one before everything succeeds; an exception is raised.

    A function among them may take the batch itself and give the answer, or None to have it taken as usual.
    """

    answers: list[Answer] = field(default_factory=list)
    requests: list[Request] = field(default_factory=list)
    tables: list[pa.Table] = field(default_factory=list)
    seen: set[Key] = field(default_factory=set)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def __call__(self, request: Request, /) -> Response:
        with self.lock:
            self.requests.append(request)
            answer = self.answers.pop(0) if self.answers else None
        if isinstance(answer, Exception):
            raise answer
        if callable(answer):
            answer = answer(request)
        return answer if isinstance(answer, Response) else self.take(request)

    def take(self, request: Request) -> Response:
        """Takes the batch unless it was taken before."""
        body = request.body if isinstance(request.body, bytes) else b"".join(request.body)
        table = decode(body)
        if request.method == "PUT":
            self.tables.append(table)
            return Response(200, json.dumps({"status": "success", "rows": table.num_rows}).encode())
        with self.lock:
            again = identity(table) in self.seen
            self.seen.add(identity(table))
            if not again:
                self.tables.append(table)
        return success(table.num_rows, table.num_rows if again else 0)

    @property
    def rows(self) -> int:
        """Rows taken, each batch once."""
        return sum(table.num_rows for table in self.tables)

    def values(self, role_name: str, name: str | None = None) -> Sequence[Any]:
        """The column over all batches."""
        return [value for table in self.tables for value in column(table, role_name, name)]
