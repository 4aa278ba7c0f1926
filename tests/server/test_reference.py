"""References: streamed, checked, durable, and gone without a trace when they cannot be taken."""

from __future__ import annotations

import dataclasses
import errno
import json
import os
from collections.abc import AsyncIterator
from io import BytesIO
from pathlib import Path

import httpx
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from modelwatch.core.wire import ARROW_STREAM
from modelwatch.errors import Busy, StorageFull
from modelwatch.log.entry import PartKind, decode
from modelwatch.server.app import create_app
from modelwatch.server.services import Services
from tests.server.running import BrokenLog, arrow, asking

PATH = "/api/v1/models/m/versions/1/reference"
CSV = {"content-type": "text/csv"}
PARQUET = {"content-type": "application/vnd.apache.parquet"}


def kept(services: Services) -> list[Path]:
    return sorted(services.uploads.iterdir()) if services.uploads.exists() else []


def parquet(rows: int = 5) -> bytes:
    sink = BytesIO()
    pq.write_table(pa.table({"x": [float(i) for i in range(rows)], "when": [0] * rows, "p": [0.5] * rows}), sink)
    return sink.getvalue()


@pytest.mark.parametrize(
    ("content", "headers", "rows", "columns"),
    [
        (b"a,b\n1,x\n2,y\n", CSV, 2, [("a", "feature"), ("b", "feature")]),
        (parquet(), PARQUET, 5, [("x", "feature"), ("when", "feature"), ("p", "feature")]),
        (arrow(4, None), {"content-type": ARROW_STREAM}, 4, None),
    ],
)
async def test_a_reference_is_a_durable_file_and_a_record_that_names_it(
    content: bytes,
    headers: dict[str, str],
    rows: int,
    columns: list[tuple[str, str]] | None,
    client: httpx.AsyncClient,
    services: Services,
) -> None:
    answer = await client.put(f"{PATH}?environment=staging&label=first", content=content, headers=headers)
    assert answer.status_code == 200, answer.text
    body = answer.json()
    assert (body["status"], body["rows"]) == ("success", rows)
    if columns is not None:
        assert [(column["name"], column["role"]) for column in body["columns"]] == columns
    [file] = kept(services)
    assert file.read_bytes() == content
    [record] = services.log.read(services.log.first(), 1 << 20)
    [part] = decode(record.payload).parts
    assert (part.kind, part.model, part.version, part.environment) == (PartKind.REFERENCE, "m", "1", "staging")
    assert json.loads(bytes(part.body)) == {
        "file": file.name,
        "content_type": headers["content-type"],
        "roles": {},
        "label": "first",
        "reference_id": body["reference_id"],
    }


async def test_roles_are_said_by_column_name(client: httpx.AsyncClient) -> None:
    answer = await client.put(f"{PATH}?prediction_score=p&features=x", content=parquet(), headers=PARQUET)
    assert answer.json()["left_out"] == ["when"]
    assert {(c["name"], c["role"]) for c in answer.json()["columns"]} == {
        ("x", "feature"),
        ("prediction_score", "prediction_score"),
    }


@pytest.mark.parametrize(
    ("query", "content", "headers", "status"),
    [
        ("", b"no parquet", PARQUET, 400),
        ("", parquet()[:-20], PARQUET, 400),
        ("", b"a,b\n", CSV, 400),
        ("", b"", CSV, 400),
        ("?prediction_score=nothing", b"a\n1\n", CSV, 400),
        ("?prediction_scor=a", b"a\n1\n", CSV, 422),
        ("?environment=", b"a\n1\n", CSV, 400),
        ("", b"{}", {"content-type": "application/json"}, 415),
        ("", b"{}", {}, 415),
        ("", b"x", {**CSV, "content-encoding": "gzip"}, 415),
    ],
)
async def test_what_is_no_reference_leaves_nothing_behind(
    query: str, content: bytes, headers: dict[str, str], status: int, client: httpx.AsyncClient, services: Services
) -> None:
    answer = await client.put(PATH + query, content=content, headers=headers)
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
    assert kept(services) == []
    assert services.log.read(services.log.first(), 1 << 20) == []


async def test_the_limit_holds_while_the_body_comes(services: Services) -> None:
    small = dataclasses.replace(services, settings=dataclasses.replace(services.settings, max_reference_mb=1))

    async def endless() -> AsyncIterator[bytes]:
        while True:
            yield b"1\n" * 32_768

    async with asking(small) as client:
        assert (await client.put(PATH, content=endless(), headers=CSV)).status_code == 413
        said = {**CSV, "content-length": str(2 << 20)}
        assert (await client.put(PATH, content=b"a\n1\n", headers=said)).status_code == 413
    assert kept(services) == []


@pytest.mark.parametrize(("number", "status"), [(errno.ENOSPC, 507), (errno.EDQUOT, 507), (errno.EIO, 503)])
async def test_a_disk_that_fails_leaves_nothing_behind(
    number: int, status: int, client: httpx.AsyncClient, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(_: int) -> None:
        raise OSError(number, "no")

    with monkeypatch.context() as patched:
        patched.setattr("modelwatch.server.uploads.os.fsync", fails)
        answer = await client.put(PATH, content=b"a\n1\n", headers=CSV)
    assert answer.status_code == status
    assert kept(services) == []
    assert (await client.put(PATH, content=b"a\n1\n", headers=CSV)).status_code == 200, "it works again afterwards"


@pytest.mark.parametrize(
    ("log", "status"), [(BrokenLog(now=Busy("full", retry_after=1)), 429), (BrokenLog(later=StorageFull("no")), 507)]
)
async def test_without_its_record_the_file_goes(log: BrokenLog, status: int, services: Services) -> None:
    async with asking(dataclasses.replace(services, log=log)) as client:
        assert (await client.put(PATH, content=b"a\n1\n", headers=CSV)).status_code == status
    assert kept(services) == []


async def test_a_sender_that_goes_away_leaves_nothing_behind(services: Services) -> None:
    messages = [
        {"type": "http.request", "body": b"a\n1\n", "more_body": True},
        {"type": "http.disconnect"},
    ]
    answers: list[dict[str, object]] = []

    async def receive() -> dict[str, object]:
        return messages.pop(0)

    async def send(message: dict[str, object]) -> None:
        answers.append(message)

    scope = {
        "type": "http",
        "method": "PUT",
        "path": PATH,
        "raw_path": PATH.encode(),
        "query_string": b"",
        "headers": [(b"host", b"localhost"), (b"content-type", b"text/csv")],
    }
    await create_app(services)(scope, receive, send)  # type: ignore[arg-type]
    assert answers[0]["status"] == 400
    assert kept(services) == []


async def test_a_name_from_a_path_never_becomes_one_on_the_disk(client: httpx.AsyncClient, services: Services) -> None:
    path = "/api/v1/models/..%2F..%2Fx/versions/%2Fetc%2Fpasswd/reference?label=../y"
    assert (await client.put(path, content=b"a\n1\n", headers=CSV)).status_code == 200
    [file] = kept(services)
    assert os.fspath(file.parent) == os.fspath(services.uploads)
    assert ".." not in file.name
