"""Ingest over HTTP: acknowledged is durable, counts add up, and nothing that is sent makes the server fail."""

from __future__ import annotations

import asyncio
import dataclasses
import gzip
import zlib
from collections.abc import Callable
from concurrent.futures import Future

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from modelwatch.core.wire import ARROW_STREAM, MAX_BODY_BYTES
from modelwatch.errors import Busy, StaleSequence, StorageFailed, StorageFull
from modelwatch.log import Appended
from modelwatch.log.entry import Entry, decode
from modelwatch.server.services import Services
from tests.server.running import NOW_US, PREDICTION, BrokenLog, arrow, asking, ndjson

ARROW = {"content-type": ARROW_STREAM}
JSON = {"content-type": "application/json"}


def entries(services: Services) -> list[Entry]:
    return [decode(record.payload) for record in services.log.read(services.log.first(), 1 << 30)]


async def test_one_json_object_is_in_the_log_when_it_is_answered(client: httpx.AsyncClient, services: Services) -> None:
    answer = await client.post("/api/v1/predictions", json=PREDICTION)
    assert answer.status_code == 200
    assert answer.json() == {
        "status": "success",
        "received": 1,
        "accepted": 1,
        "rejected": 0,
        "duplicate": 0,
        "errors": [],
        "ingested_at": "2026-09-21T14:13:20Z",
        "prediction_id": "p1",
    }
    [entry] = entries(services)
    assert entry.received_us == NOW_US
    assert [(part.model, part.version, part.environment, part.rows) for part in entry.parts] == [
        ("m", "1", "production", 1)
    ]


async def test_a_missing_id_is_made_and_told(client: httpx.AsyncClient) -> None:
    answer = await client.post("/api/v1/predictions", json={**PREDICTION, "prediction_id": None})
    assert len(answer.json()["prediction_id"]) == 36


async def test_an_actual_says_that_it_is_not_matched_yet(client: httpx.AsyncClient) -> None:
    actual = {"model_id": "m", "prediction_id": "p1", "actual_label": "x"}
    answer = (await client.post("/api/v1/actuals", json=actual)).json()
    assert (answer["prediction_id"], answer["matched"], answer["label_delay_hours"]) == ("p1", None, None)


@pytest.mark.parametrize("form", ["list", "ndjson", "gzip", "arrow"])
async def test_every_form_of_many_rows_is_taken(form: str, client: httpx.AsyncClient, services: Services) -> None:
    rows = [{**PREDICTION, "prediction_id": f"p{i}"} for i in range(3)]
    match form:
        case "list":
            answer = await client.post("/api/v1/predictions", json=rows)
        case "ndjson":
            answer = await client.post(
                "/api/v1/predictions", content=ndjson(rows), headers={"content-type": "application/x-ndjson"}
            )
        case "gzip":
            packed = {"content-type": "application/x-ndjson", "content-encoding": "gzip"}
            answer = await client.post("/api/v1/predictions", content=gzip.compress(ndjson(rows)), headers=packed)
        case _:
            answer = await client.post("/api/v1/predictions", content=arrow(3), headers=ARROW)
    assert (answer.status_code, answer.json()["accepted"]) == (200, 3)
    assert [part.rows for entry in entries(services) for part in entry.parts] == [3]


async def test_bad_rows_never_sink_good_ones(client: httpx.AsyncClient, services: Services) -> None:
    rows = [PREDICTION, {"model_id": "m"}, 7, {**PREDICTION, "timestamp": NOW_US / 1e6 + 3_600}]
    answer = await client.post("/api/v1/predictions", json=rows)
    body = answer.json()
    assert (answer.status_code, body["status"]) == (200, "partial")
    assert (body["received"], body["accepted"], body["rejected"], body["duplicate"]) == (4, 1, 3, 0)
    assert [error["row"] for error in body["errors"]] == [1, 2, 3]
    assert all(error["reason"] and error["detail"] for error in body["errors"])
    assert [rejection.row for rejection in entries(services)[0].rejected] == [1, 2, 3]


async def test_a_body_of_bad_rows_alone_is_422_and_kept(client: httpx.AsyncClient, services: Services) -> None:
    answer = await client.post("/api/v1/predictions", json={"model_id": "m"})
    assert (answer.status_code, answer.json()["status"]) == (422, "rejected")
    [entry] = entries(services)
    assert (entry.parts, len(entry.rejected)) == ((), 1)


async def test_an_answer_lists_a_hundred_reasons_and_counts_all(client: httpx.AsyncClient) -> None:
    answer = await client.post("/api/v1/predictions", json=[{}] * 150)
    assert (answer.json()["rejected"], len(answer.json()["errors"])) == (150, 100)


async def test_a_body_without_rows_is_no_error_and_no_record(client: httpx.AsyncClient, services: Services) -> None:
    answer = await client.post("/api/v1/predictions", json=[])
    assert (answer.status_code, answer.json()["received"], entries(services)) == (200, 0, [])


async def test_the_same_key_again_changes_nothing(client: httpx.AsyncClient, services: Services) -> None:
    key = {"idempotency-key": "k1"}
    rows = [PREDICTION, {}]
    first = (await client.post("/api/v1/predictions", json=rows, headers=key)).json()
    again = await client.post("/api/v1/predictions", json=rows, headers=key)
    assert (first["accepted"], first["rejected"], first["duplicate"]) == (1, 1, 0)
    body = again.json()
    assert (again.status_code, body["accepted"], body["rejected"], body["duplicate"]) == (200, 0, 0, 2)
    assert len(entries(services)) == 1


async def test_a_key_of_predictions_is_none_of_actuals(client: httpx.AsyncClient) -> None:
    key = {"idempotency-key": "k1"}
    await client.post("/api/v1/predictions", json=PREDICTION, headers=key)
    actual = {"model_id": "m", "prediction_id": "p1", "actual_label": "x"}
    assert (await client.post("/api/v1/actuals", json=actual, headers=key)).json()["accepted"] == 1


async def test_a_repeat_does_not_name_an_id_that_was_never_stored(client: httpx.AsyncClient) -> None:
    row, key = {**PREDICTION, "prediction_id": None}, {"idempotency-key": "k1"}
    assert (await client.post("/api/v1/predictions", json=row, headers=key)).json()["prediction_id"]
    assert (await client.post("/api/v1/predictions", json=row, headers=key)).json()["prediction_id"] is None


async def test_an_arrow_batch_is_known_by_its_sequence(client: httpx.AsyncClient, services: Services) -> None:
    counts = []
    for sequence in (0, 2, 1, 2):
        answer = await client.post("/api/v1/predictions", content=arrow(2, sequence), headers=ARROW)
        counts.append((answer.json()["accepted"], answer.json()["duplicate"]))
    assert counts == [(2, 0), (2, 0), (2, 0), (0, 2)]
    assert len(entries(services)) == 3


async def test_an_arrow_batch_older_than_the_window_is_stale(client: httpx.AsyncClient) -> None:
    await client.post("/api/v1/predictions", content=arrow(1, 5_000), headers=ARROW)
    answer = await client.post("/api/v1/predictions", content=arrow(1, 1), headers=ARROW)
    assert (answer.status_code, answer.json()["type"]) == (409, "urn:modelwatch:problem:stale-sequence")


async def test_batches_sent_at_once_are_all_there_once(client: httpx.AsyncClient, services: Services) -> None:
    answers = await asyncio.gather(
        *(client.post("/api/v1/predictions", content=arrow(2, i), headers=ARROW) for i in range(40))
    )
    assert sum(answer.json()["accepted"] for answer in answers) == 80
    assert sum(part.rows for entry in entries(services) for part in entry.parts) == 80


@pytest.mark.parametrize(
    ("status", "content", "headers"),
    [
        (400, b"{", JSON),
        (400, b"not arrow", ARROW),
        (400, b"not gzip", {**JSON, "content-encoding": "gzip"}),
        (400, gzip.compress(b"[]")[:-6], {**JSON, "content-encoding": "gzip"}),
        (413, b" " * (MAX_BODY_BYTES + 1), JSON),
        (413, gzip.compress(b" " * (MAX_BODY_BYTES + 1)), {**JSON, "content-encoding": "gzip"}),
        (415, b"a,b", {"content-type": "text/csv"}),
        (415, b"[]", {}),
        (415, b"[]", {**JSON, "content-encoding": "br"}),
        (415, gzip.compress(arrow()), {**ARROW, "content-encoding": "gzip"}),
        (415, arrow(**{"modelwatch.wire": "2"}), ARROW),
        (400, b"[]", {**JSON, "idempotency-key": "x" * 513}),
    ],
)
async def test_what_cannot_be_taken_is_refused_with_a_reason(
    status: int, content: bytes, headers: dict[str, str], client: httpx.AsyncClient, services: Services
) -> None:
    answer = await client.post("/api/v1/predictions", content=content, headers=headers)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["detail"]
    assert entries(services) == []


async def test_a_body_is_refused_while_it_comes(client: httpx.AsyncClient) -> None:
    sent = 0

    async def endless():  # type: ignore[no-untyped-def]
        nonlocal sent
        while True:
            sent += 1
            yield b" " * 65_536

    answer = await client.post("/api/v1/predictions", content=endless(), headers=JSON)
    assert answer.status_code == 413
    assert sent * 65_536 < 2 * MAX_BODY_BYTES


@pytest.mark.parametrize(
    ("log", "status"),
    [
        (BrokenLog(now=Busy("full", retry_after=1.2)), 429),
        (BrokenLog(later=StaleSequence("old")), 409),
        (BrokenLog(later=StorageFull("no room")), 507),
        (BrokenLog(later=StorageFailed("disk")), 503),
        (BrokenLog(later=RuntimeError("secret")), 500),
    ],
)
async def test_what_the_log_says_is_answered(log: BrokenLog, status: int, services: Services) -> None:
    async with asking(dataclasses.replace(services, log=log)) as client:
        answer = await client.post("/api/v1/predictions", json=PREDICTION)
        ready = await client.get("/readyz")
    assert answer.status_code == status
    assert "secret" not in answer.text
    assert answer.headers.get("retry-after") == ("2" if status == 429 else None)
    assert ready.status_code == (503 if status in (503, 507) else 200)


async def test_a_request_that_is_given_up_takes_nothing_back(services: Services) -> None:
    waiting, loop = asyncio.Event(), asyncio.get_running_loop()

    class Held(Future[Appended]):
        """Says when somebody waits for it."""

        def add_done_callback(self, fn: Callable[[Future[Appended]], object]) -> None:
            super().add_done_callback(fn)
            loop.call_soon(waiting.set)

    held = Held()

    class Slow(BrokenLog):
        def append(self, *_: object) -> Future[Appended]:
            return held

    async with asking(dataclasses.replace(services, log=Slow())) as client:
        asked = asyncio.create_task(client.post("/api/v1/predictions", json=PREDICTION))
        await waiting.wait()
        asked.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asked
    assert not held.cancelled()


JSONS = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
FIELDS = st.sampled_from(
    [
        "model_id",
        "model_version",
        "prediction_id",
        "features",
        "tags",
        "timestamp",
        "prediction_score",
        "weight",
        "rank",
    ]
)
ROWS = st.lists(st.dictionaries(FIELDS, JSONS, max_size=6) | JSONS, max_size=4)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=ROWS)
async def test_counts_add_up_whatever_json_is_sent(rows: list[object], client: httpx.AsyncClient) -> None:
    answer = await client.post("/api/v1/predictions", json=rows)
    assert answer.status_code in (200, 400, 422)
    if answer.status_code != 400:
        body = answer.json()
        assert body["received"] == len(rows) == body["accepted"] + body["rejected"] + body["duplicate"]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    body=st.binary(max_size=400),
    kind=st.sampled_from(["application/json", "application/x-ndjson", ARROW_STREAM, "text/plain"]),
    encoding=st.sampled_from(["", "gzip", "identity", "deflate"]),
    path=st.sampled_from(["predictions", "actuals"]),
)
async def test_garbage_is_never_our_mistake(
    body: bytes, kind: str, encoding: str, path: str, client: httpx.AsyncClient
) -> None:
    headers = {"content-type": kind, "content-encoding": encoding}
    assert (await client.post(f"/api/v1/{path}", content=body, headers=headers)).status_code < 500


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(at=st.integers(0, 10_000), bit=st.integers(0, 7))
async def test_a_flipped_bit_in_arrow_is_never_our_mistake(at: int, bit: int, client: httpx.AsyncClient) -> None:
    body = bytearray(arrow(5, None))
    body[at % len(body)] ^= 1 << bit
    assert (await client.post("/api/v1/predictions", content=bytes(body), headers=ARROW)).status_code < 500


def test_the_bounded_gunzip_is_zlibs() -> None:
    from modelwatch.server.body import unpacked

    plain = bytes(range(256)) * 100
    assert unpacked(gzip.compress(plain), "gzip", len(plain)) == plain == zlib.decompress(zlib.compress(plain))
